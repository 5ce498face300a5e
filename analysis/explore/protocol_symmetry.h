#pragma once
// Representatives of worlds under renaming; included by protocol_model.h.
//
// 1. Each participant of a group gets a number made of what everybody thinks of it: a renaming of
//    the world renames these numbers. The group is sorted by them, by exchanges of neighbours.
// 2. Participants with equal numbers are nearly always alike in every respect: exchanging them
//    changes nothing. Otherwise every order of them is tried, with every order of all others of
//    whom this is so, and the least world is taken: the same one for all worlds of an orbit.
//
// The sends of a broadcast leave in the order of numbers, so that a crash between two of them is no
// move that renaming keeps. Such crashes are therefore made in every order of the participants:
// what is explored is what can happen if the order is not known.
#include "analysis/explore/protocol_model.h"

namespace indoubt {

template <int kWords>
std::uint64_t ProtocolModel<kWords>::view_of(const World& w, ProcessId seen, Scratch& scratch,
                                             bool& known) const {
  // Which side of a partition it is on; the coordinator's is always the first.
  const std::uint32_t split = split_.get(w);
  std::uint64_t mixed = split == 0 ? 0 : b_.splits()[split] >> seen & 1;
  for (ProcessId p = 0; p < n_; ++p) {
    const std::uint32_t l = local_[p].get(w), box = inbox_[p].get(w);
    const std::uint32_t local = b_.local_view(p, l, seen), inbox = b_.inbox_view(p, box, seen);
    if (local == kUnknown) scratch.gaps.push_back({Gap::Kind::local_orbit, p, l});
    if (inbox == kUnknown) scratch.gaps.push_back({Gap::Kind::inbox_orbit, p, box});
    known = known && local != kUnknown && inbox != kUnknown;
    // A sum does not depend on the order of the processes, which a renaming changes.
    const std::uint64_t own = p == seen ? 0x9E3779B97F4A7C15u : 0xD6E8FEB86659FD93u;
    std::uint64_t x = (std::uint64_t{local} << 32 | inbox) * own;
    x = (x ^ x >> 29) * 0xBF58476D1CE4E5B9u;
    mixed += x ^ x >> 32;
  }
  return mixed;
}

/// Renames everybody by one exchange of neighbours.
template <int kWords>
bool ProtocolModel<kWords>::exchange(World& w, std::size_t swap, Scratch& scratch) const {
  World to = w;
  bool known = true;
  for (ProcessId p = 0; p < n_; ++p) {
    const std::uint32_t l = local_[p].get(w), box = inbox_[p].get(w);
    const std::uint32_t local = b_.local_renamed(p, l, swap),
                        inbox = b_.inbox_renamed(p, box, swap);
    if (local == kUnknown) scratch.gaps.push_back({Gap::Kind::local_orbit, p, l});
    if (inbox == kUnknown) scratch.gaps.push_back({Gap::Kind::inbox_orbit, p, box});
    known = known && local != kUnknown && inbox != kUnknown;
    if (!known) continue;
    const ProcessId q = b_.renamed(p, swap);
    local_[q].set(to, local);
    inbox_[q].set(to, inbox);
  }
  const std::uint32_t split = split_.get(w);
  if (split != 0) split_.set(to, b_.split_renamed(split, swap));
  if (known) w = to;
  return known;
}

/// Adds all orders of the first world that the exchanges scratch.swaps lead to, breadth first;
/// false if a renaming is not known yet.
template <int kWords>
bool ProtocolModel<kWords>::add_orders(std::vector<World>& orders, Scratch& scratch) const {
  for (std::size_t at = 0; at < orders.size(); ++at)
    for (const std::size_t swap : scratch.swaps) {
      World other = orders[at];
      if (!exchange(other, swap, scratch)) return false;
      if (std::find(orders.begin(), orders.end(), other) == orders.end()) orders.push_back(other);
    }
  return true;
}

/// Adds to scratch.swaps the exchanges of neighbours of a sorted group with equal scratch.views,
/// where one of those among all with these views changes something.
template <int kWords>
bool ProtocolModel<kWords>::add_ties(const World& w, std::size_t first_swap,
                                     Scratch& scratch) const {
  const std::vector<std::uint64_t>& views = scratch.views;
  for (std::size_t i = 0; i + 1 < views.size();) {
    std::size_t end = i + 1;
    while (end < views.size() && views[end] == views[i]) ++end;
    bool alike = true;
    for (std::size_t k = i; k + 1 < end && alike; ++k) {
      World other = w;
      if (!exchange(other, first_swap + k, scratch)) return false;
      alike = other == w;
    }
    for (std::size_t k = i; k + 1 < end && !alike; ++k) scratch.swaps.push_back(first_swap + k);
    i = end;
  }
  return true;
}

/// The least of all orders that scratch.swaps lead to.
template <int kWords>
bool ProtocolModel<kWords>::take_least(World& w, Scratch& scratch) const {
  std::vector<World> orders{w};
  if (!add_orders(orders, scratch)) return false;
  // By the numbers themselves: where they lie in the words changes with the layout.
  w = *std::min_element(orders.begin(), orders.end(), [this](const World& a, const World& b) {
    for (ProcessId p = 0; p < n_; ++p) {
      if (local(a, p) != local(b, p)) return local(a, p) < local(b, p);
      if (inbox(a, p) != inbox(b, p)) return inbox(a, p) < inbox(b, p);
    }
    return split(a) < split(b);
  });
  return true;
}

template <int kWords>
bool ProtocolModel<kWords>::canonicalise(World& w, Scratch& scratch) const {
  // All start one after another, in the order of their numbers: who has and who has not is no
  // matter of names.
  for (ProcessId p = n_; p-- > 0;)
    if ((b_.facts(p, local_[p].get(w)) & Behaviour::fresh) != 0) return true;
  std::size_t first_swap = 0;
  scratch.swaps.clear();
  std::vector<std::uint64_t>& views = scratch.views;
  for (const std::vector<ProcessId>& group : b_.groups()) {
    bool known = true;
    views.clear();
    for (const ProcessId p : group) views.push_back(view_of(w, p, scratch, known));
    if (!known) return false;
    for (std::size_t i = 1; i < views.size(); ++i)
      for (std::size_t j = i; j > 0 && views[j] < views[j - 1]; --j) {
        if (!exchange(w, first_swap + j - 1, scratch)) return false;
        std::swap(views[j], views[j - 1]);
      }
    // Exchanges in other groups, which are sorted later, change nothing in who is alike here.
    if (!add_ties(w, first_swap, scratch)) return false;
    first_swap += group.size() - 1;
  }
  return scratch.swaps.empty() || take_least(w, scratch);
}

}  // namespace indoubt
