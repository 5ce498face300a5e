// Renaming of participants that are alike: images of local situations and inboxes under exchanges,
// and their views of each participant.
#include <algorithm>
#include <tuple>

#include "analysis/explore/behaviour.h"

namespace indoubt {
namespace {

/// Whether everything that the setup says of a holds of b, and of both towards all others.
bool alike(const ExploreSetup& s, const Group& group, ProcessId a, ProcessId b) {
  if (s.votes[a] != s.votes[b] || s.crashable[a] != s.crashable[b]) return false;
  const auto& work = s.steps.work_ticks;
  if (!work.empty() && work[a] != work[b]) return false;
  if (s.site[a] != a || s.site[b] != b || group.weight(a) != group.weight(b)) return false;
  const auto n = static_cast<ProcessId>(s.votes.size());
  const auto same = [&](ProcessId p, ProcessId q, ProcessId to, ProcessId other) {
    const std::size_t there = std::size_t{p} * n + to, here = std::size_t{q} * n + other;
    const std::size_t back = std::size_t{to} * n + p, forth = std::size_t{other} * n + q;
    return s.delay[there] == s.delay[here] && s.delay[back] == s.delay[forth] &&
           s.dead_link[there] == s.dead_link[here] && s.dead_link[back] == s.dead_link[forth];
  };
  for (ProcessId c = 0; c < n; ++c) {
    const bool hosted = c != a && c != b && (s.site[c] == a || s.site[c] == b);
    if (hosted || (c != a && c != b && !same(a, b, c, c))) return false;
  }
  return same(a, b, b, a);
}

}  // namespace

void Behaviour::make_groups() {
  // A write that takes time keeps the rest of a step, with destinations by name.
  if (!setup_.budget.symmetry || machine_.exchange == nullptr || setup_.steps.force_ticks != 0)
    return;
  std::vector<bool> taken(sites_.size());
  for (const ProcessId p : setup_.distinguished) taken[p] = true;
  for (ProcessId p = 1; p <= machine_.group.participants; ++p) {
    if (taken[p]) continue;
    std::vector<ProcessId> group{p};
    for (auto q = static_cast<ProcessId>(p + 1); q <= machine_.group.participants; ++q)
      if (!taken[q] && alike(setup_, machine_.group, p, q)) {
        group.push_back(q);
        taken[q] = true;
      }
    if (group.size() == 1) continue;
    for (std::size_t i = 1; i < group.size(); ++i) swaps_.emplace_back(group[i - 1], group[i]);
    groups_.push_back(std::move(group));
  }
  if (too_many_orders()) {
    groups_.clear();
    swaps_.clear();
  }
  make_split_images();
}

/// Where a crash can cut a broadcast, all orders of those who are alike may have to be looked at.
bool Behaviour::too_many_orders() const {
  constexpr std::uint64_t kMostOrders = 720;  // of six
  if (setup_.budget.crashes == 0 || !setup_.steps.separate_sends) return false;
  std::uint64_t orders = 1;
  for (const std::vector<ProcessId>& group : groups_)
    for (std::size_t k = 2; k <= group.size() && orders <= kMostOrders; ++k) orders *= k;
  return orders > kMostOrders;
}

void Behaviour::make_split_images() {
  for (const std::uint64_t side : splits_)
    for (const auto& [a, b] : swaps_) {
      const std::uint64_t bit_a = side >> a & 1, bit_b = side >> b & 1;
      const std::uint64_t rest = side & ~(std::uint64_t{1} << a | std::uint64_t{1} << b);
      const std::uint64_t image = rest | bit_a << b | bit_b << a;
      const auto at = std::find(splits_.begin(), splits_.end(), image);
      split_images_.push_back(static_cast<std::uint32_t>(at - splits_.begin()));
    }
}

std::uint32_t Behaviour::local_image(ProcessId p, std::uint32_t number, std::size_t swap) {
  Local renamed_local = sites_[p].locals[number];
  machine_.exchange(renamed_local.state.data(), swaps_[swap].first, swaps_[swap].second);
  return intern(renamed(p, swap), std::move(renamed_local));
}

std::uint32_t Behaviour::inbox_image(ProcessId p, std::uint32_t number, std::size_t swap) {
  const ProcessId to = renamed(p, swap);
  std::vector<std::uint32_t> items;
  for (const std::uint32_t item : sites_[p].inboxes[number].items) {
    MessageName name = sites_[p].messages[message_of(item)];
    name.from = renamed(name.from, swap);
    const std::uint32_t just_sent = item_of(to, name);
    items.push_back(just_sent - ticks_left(just_sent) + ticks_left(item));
  }
  std::sort(items.begin(), items.end());
  return intern_inbox(to, std::move(items));
}

std::uint32_t Behaviour::image(bool inbox, ProcessId p, std::uint32_t number, std::size_t swap) {
  auto& known = inbox ? sites_[p].inbox_images : sites_[p].local_images;
  const std::size_t at = number * swaps_.size() + swap;
  if (known[at] != kUnknown) return known[at];
  const std::uint32_t to = inbox ? inbox_image(p, number, swap) : local_image(p, number, swap);
  (inbox ? sites_[p].inbox_images : sites_[p].local_images)[at] = to;
  const ProcessId q = renamed(p, swap);
  (inbox ? sites_[q].inbox_images : sites_[q].local_images)[to * swaps_.size() + swap] = number;
  return to;
}

/// Numbers the orbits of (situation, participant seen), for every participant of a group: two of
/// them get one number if some renaming takes one to the other.
void Behaviour::fill_orbit(bool inbox, ProcessId p, std::uint32_t number) {
  using Seen = std::tuple<ProcessId, std::uint32_t, ProcessId>;
  const auto view = [&](const Seen& s) -> std::uint32_t& {
    Site& site = sites_[std::get<0>(s)];
    auto& views = inbox ? site.inbox_views : site.local_views;
    return views[std::size_t{std::get<1>(s)} * sites_.size() + std::get<2>(s)];
  };
  for (const std::vector<ProcessId>& group : groups_)
    for (const ProcessId seen : group) {
      if (view({p, number, seen}) != kUnknown) continue;
      const std::uint32_t orbit = views_++;
      std::vector<Seen> open{{p, number, seen}};
      view(open.front()) = orbit;
      while (!open.empty()) {
        const auto [q, at, whom] = open.back();
        open.pop_back();
        for (std::size_t swap = 0; swap < swaps_.size(); ++swap) {
          const Seen to{renamed(q, swap), image(inbox, q, at, swap), renamed(whom, swap)};
          if (view(to) != kUnknown) continue;
          view(to) = orbit;
          open.push_back(to);
        }
      }
    }
}

}  // namespace indoubt
