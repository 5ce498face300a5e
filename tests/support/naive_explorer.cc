#include "tests/support/naive_explorer.h"

#include <algorithm>
#include <cstring>

namespace indoubt {
namespace {
constexpr int kAll = 1 << 20;

std::vector<ProcessId> in_order(const Machine& machine) {
  std::vector<ProcessId> order;
  for (ProcessId p = 0; p < machine.processes; ++p) order.push_back(p);
  return order;
}
}  // namespace

NaiveExplorer::Site NaiveExplorer::fresh() const {
  std::vector<std::uint64_t> bytes((machine_.state_size + 7u) / 8u);
  machine_.construct(bytes.data());
  Site s;
  s.state.assign(reinterpret_cast<const char*>(bytes.data()), machine_.state_size);
  return s;
}

bool NaiveExplorer::separated(const World& w, std::uint64_t a, std::uint64_t b) const {
  return w.split != 0 && ((w.split >> a ^ w.split >> b) & 1) != 0;
}

/// One effect, as far as `left` visible ones allow; false if the crash comes first.
bool NaiveExplorer::perform(World& w, ProcessId p, const Effect& e,
                            std::span<const ProcessId> members, int& left) const {
  Site& s = w.sites[p];
  const auto send = [&](ProcessId to) {
    if (!separated(w, p, to) && !(w.sites[to].phase == 2 && !budget_.recoveries))
      w.flight.insert({p, to, e.word});
  };
  switch (e.kind) {
    case Effect::Kind::send:
      if (left-- == 0) return false;
      send(e.to);
      break;
    case Effect::Kind::send_set:
      for (const ProcessId to : members) {
        if (left-- == 0) return false;
        send(to);
      }
      break;
    case Effect::Kind::force:
      if (left-- == 0) return false;
      s.durable = e.word;
      s.unforced.clear();
      break;
    case Effect::Kind::decide:
      if (left-- == 0) return false;
      if (s.decided != 0 && s.decided != e.tag) s.reversed = true;
      s.decided = e.tag;
      break;
    case Effect::Kind::log: s.unforced.push_back(e.word); break;
    case Effect::Kind::prepare: s.working = s.asked = true; break;
    case Effect::Kind::vote:
      s.voted = true;
      s.vote = e.tag;
      break;
    case Effect::Kind::set_timer: s.armed |= fires_ & 1u << e.tag; break;
    case Effect::Kind::cancel_timer: s.armed &= ~(1u << e.tag); break;
    case Effect::Kind::forget: break;
  }
  return true;
}

/// As far as `left` visible effects allow; sends of a set leave in the order of their members in
/// `order`.
bool NaiveExplorer::perform_all(World& w, ProcessId p, const Effects& effects,
                                std::span<const ProcessId> order, int& left) const {
  for (int i = 0; i < effects.size(); ++i) {
    std::vector<ProcessId> members;
    if (effects[i].kind == Effect::Kind::send_set)
      for (const ProcessId to : order)
        for (const ProcessId member : effects.members(effects[i]))
          if (member == to) members.push_back(to);
    if (!perform(w, p, effects[i], members, left)) return false;
  }
  return true;
}

/// The step in full, and cut by a crash before each visible effect but the first.
void NaiveExplorer::step(const World& w, ProcessId p, const Input& in,
                         std::vector<World>& out) const {
  World next = w;
  std::vector<std::uint64_t> bytes((machine_.state_size + 7u) / 8u);
  std::memcpy(bytes.data(), next.sites[p].state.data(), machine_.state_size);
  Effects effects;
  machine_.step(bytes.data(), in, effects);
  next.sites[p].state.assign(reinterpret_cast<const char*>(bytes.data()), machine_.state_size);
  const World begun = next;
  int left = kAll;
  perform_all(next, p, effects, in_order(machine_), left);
  const auto read = static_cast<int>(machine_.outcome(bytes.data()));
  Site& s = next.sites[p];
  if (in.kind() == Input::Kind::recovery && read != 0) {
    s.reversed = s.reversed || (s.decided != 0 && s.decided != read);
    s.decided = read;
  }
  out.push_back(next);
  if (next.crashes != 0) cut_steps(begun, p, effects, kAll - left, out);
}

void NaiveExplorer::cut_steps(const World& begun, ProcessId p, const Effects& effects, int visible,
                              std::vector<World>& out) const {
  std::vector<ProcessId> order = in_order(machine_);
  // While all are about to start they are alike, and one order stands for all.
  const bool any_order = any_order_ && begun.sites.back().phase != 0;
  do {
    for (int cut = 1; cut < visible; ++cut) {
      World next = begun;
      int left = cut;
      perform_all(next, p, effects, order, left);
      crash(next, p, out);
    }
  } while (any_order && std::next_permutation(order.begin() + 1, order.end()));
}

void NaiveExplorer::crash(const World& w, ProcessId p, std::vector<World>& out) const {
  if (w.crashes == 0) return;
  const Site& s = w.sites[p];
  for (std::size_t kept = 0; kept <= s.unforced.size(); ++kept) {
    World next = w;
    --next.crashes;
    Site down = fresh();
    down.phase = 2;
    down.durable = kept == 0 ? s.durable : s.unforced[kept - 1];
    down.decided = s.decided;
    down.reversed = s.reversed;
    down.voted = s.voted;
    down.vote = s.vote;
    down.asked = s.asked;
    next.sites[p] = down;
    if (!budget_.recoveries) std::erase_if(next.flight, [&](const auto& m) { return m[1] == p; });
    out.push_back(next);
  }
}

void NaiveExplorer::at_site(const World& w, ProcessId p, std::vector<World>& out) const {
  const Site& s = w.sites[p];
  World next = w;
  if (s.phase == 2) {
    next.sites[p].phase = 1;
    if (budget_.recoveries) step(next, p, Input::recovery(s.durable, p), out);
    return;
  }
  crash(w, p, out);
  if (s.phase == 0) {
    next.sites[p].phase = 1;
    step(next, p, Input::start(p), out);
    return;
  }
  next.sites[p].working = false;
  if (s.working) {
    step(next, p, Input::prepared(LocalVote::yes, p), out);
    step(next, p, Input::prepared(LocalVote::no, p), out);
  }
  for (Tag k = 0; k < machine_.timers.size(); ++k) {
    if ((s.armed >> k & 1) == 0) continue;
    World fired = w;
    fired.sites[p].armed &= ~(1u << k);
    step(fired, p, Input::timeout(k, p), out);
  }
}

void NaiveExplorer::deliver(const World& w, std::vector<World>& out) const {
  for (const auto& m : w.flight) {
    World next = w;
    next.flight.erase(m);
    const auto from = static_cast<ProcessId>(m[0]), to = static_cast<ProcessId>(m[1]);
    if (w.losses > 0) {
      out.push_back(next);
      --out.back().losses;
    }
    if (w.sites[to].phase == 2) {
      out.push_back(next);
    } else {
      step(next, to, Input::message({m[2]}, from, to), out);
    }
    if (w.duplications == 0) continue;
    World again = w;
    --again.duplications;
    if (w.sites[to].phase == 2) {
      out.push_back(again);
      continue;
    }
    std::vector<World> some;
    step(again, to, Input::message({m[2]}, from, to), some);
    out.push_back(some.front());
  }
}

void NaiveExplorer::part(const World& w, std::vector<World>& out) const {
  if (w.split != 0 && budget_.heals) {
    out.push_back(w);
    out.back().split = 0;
  }
  if (w.split != 0 || w.partitions == 0) return;
  const std::size_t n = w.sites.size();
  for (std::uint64_t side = 1; side < (std::uint64_t{1} << n) - 1; side += 2) {
    World next = w;
    --next.partitions;
    next.split = side;
    std::erase_if(next.flight, [&](const auto& m) { return separated(next, m[0], m[1]); });
    out.push_back(next);
  }
}

std::vector<NaiveExplorer::World> NaiveExplorer::successors(const World& w) const {
  std::vector<World> out;
  for (ProcessId p = 0; p < w.sites.size(); ++p) {
    if (w.sites[p].phase != 0) continue;
    at_site(w, p, out);
    return out;
  }
  for (ProcessId p = 0; p < w.sites.size(); ++p) at_site(w, p, out);
  deliver(w, out);
  part(w, out);
  return out;
}

void NaiveExplorer::judge(const World& w, int level, Counts& counts) const {
  bool commit = false, abort = false, favour = true;
  for (std::size_t p = 0; p < w.sites.size(); ++p) {
    const Site& s = w.sites[p];
    const bool participant = p >= 1 && p <= static_cast<std::size_t>(machine_.group.participants);
    commit = commit || s.decided == 1;
    abort = abort || s.decided == 2 || (participant && s.voted && s.vote == 0);
    favour = favour && (!participant || (s.voted && s.vote != 0));
    counts.reversed = counts.reversed || s.reversed;
  }
  if (commit && abort && counts.first_disagreement < 0) counts.first_disagreement = level;
  counts.disagreed = counts.disagreed || (commit && abort);
  counts.unjustified = counts.unjustified || (commit && !favour);
}

NaiveExplorer::World NaiveExplorer::exchanged(const World& w, ProcessId a, ProcessId b) const {
  World to = w;
  std::swap(to.sites[a], to.sites[b]);
  for (Site& s : to.sites) {
    std::vector<std::uint64_t> bytes((machine_.state_size + 7u) / 8u);
    std::memcpy(bytes.data(), s.state.data(), machine_.state_size);
    machine_.exchange(bytes.data(), a, b);
    s.state.assign(reinterpret_cast<const char*>(bytes.data()), machine_.state_size);
  }
  const auto name = [&](std::uint64_t p) -> std::uint64_t { return p == a ? b : p == b ? a : p; };
  to.flight.clear();
  for (const auto& m : w.flight) to.flight.insert({name(m[0]), name(m[1]), m[2]});
  to.split = 0;
  for (std::uint64_t p = 0; p < w.sites.size(); ++p) to.split |= (w.split >> p & 1) << name(p);
  return to;
}

/// While they start, one after another in the order of their numbers, names matter.
NaiveExplorer::World NaiveExplorer::least_image(const World& w) const {
  if (w.sites.back().phase == 0) return w;
  std::set<World> images{w};
  std::vector<World> open{w};
  while (!open.empty()) {
    const World at = open.back();
    open.pop_back();
    for (ProcessId a = 1; a < machine_.group.participants; ++a) {
      const World image = exchanged(at, a, static_cast<ProcessId>(a + 1));
      if (images.insert(image).second) open.push_back(image);
    }
  }
  return *images.begin();
}

NaiveExplorer::Counts NaiveExplorer::run(std::uint64_t most, bool count_orbits) {
  Counts counts;
  World first{std::vector<Site>(machine_.processes, fresh()),
              {},
              budget_.crashes,
              budget_.losses,
              budget_.duplications,
              budget_.partitions};
  std::set<World> seen{first};
  std::vector<World> level{first};
  while (!level.empty() && seen.size() < most) {
    std::vector<World> next;
    for (const World& w : level) {
      judge(w, counts.depth, counts);
      for (World& to : successors(w))
        if (seen.insert(to).second) next.push_back(to);
    }
    ++counts.depth;
    level = std::move(next);
  }
  counts.states = seen.size();
  std::set<World> orbits;
  if (count_orbits)
    for (const World& w : seen) orbits.insert(least_image(w));
  counts.orbits = orbits.size();
  return counts;
}

}  // namespace indoubt
