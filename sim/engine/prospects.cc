#include "sim/engine/prospects.h"

#include <algorithm>
#include <cstring>

#include "sim/closure/fair_run.h"

namespace indoubt {
namespace {

template <class T>
void append(std::string& key, const T& value) {
  key.append(reinterpret_cast<const char*>(&value), sizeof value);
}

}  // namespace

void Situation::clear() {
  places_.clear();
  flights_.clear();
  cuts_.clear();
  recoveries_.clear();
  effects_.clear();
  members_.clear();
  states_.clear();
}

void Situation::add_process(ProcessId p, const void* state, std::size_t size, std::uint32_t armed,
                            bool working) {
  places_.push_back({p, armed, working, states_.size(), effects_.size(), effects_.size()});
  states_.append(static_cast<const char*>(state), size);
}

void Situation::add_effects(const Effects& effects, int first) {
  const ProcessId p = places_.back().process;
  for (int i = first; i < effects.size(); ++i) {
    const Effect& e = effects[i];
    if (e.kind == Effect::Kind::send) {
      add_message(p, e.to, Message{e.word});
    } else if (e.kind == Effect::Kind::send_set) {
      for (const ProcessId to : effects.members(e)) add_message(p, to, Message{e.word});
    } else {
      effects_.push_back(e);
    }
  }
  places_.back().effects_end = effects_.size();
}

void Situation::add_message(ProcessId from, ProcessId to, Message m) {
  flights_.push_back({from, to, m.word});
}

void Prospects::key_of(const Situation& s, std::string& key) {
  key = s.states_;
  for (const Situation::Place& place : s.places_) {
    append(key, place.process);
    append(key, place.armed);
    append(key, place.working);
    for (std::size_t i = place.effects_from; i < place.effects_end; ++i) {
      append(key, s.effects_[i].kind);
      append(key, s.effects_[i].tag);
    }
  }
  for (const Situation::Flight& f : s.flights_) {
    append(key, f.from);
    append(key, f.to);
    append(key, f.word);
  }
  key.push_back('/');
  for (const Situation::Cut& cut : s.cuts_) {
    append(key, cut.from);
    append(key, cut.to);
  }
  key.push_back('+');
  for (const Situation::Recovery& r : s.recoveries_) {
    append(key, r.process);
    append(key, r.record);
  }
}

const std::vector<bool>& Prospects::can_decide(Situation& situation) {
  auto& flights = situation.flights_;
  std::sort(flights.begin(), flights.end());
  flights.erase(std::unique(flights.begin(), flights.end()), flights.end());
  key_of(situation, key_);
  const auto found = remembered_.find(key_);
  if (found != remembered_.end()) return found->second;
  if (remembered_.size() >= kMostRemembered) remembered_.clear();
  return remembered_.emplace(key_, close(situation)).first->second;
}

/// By process: which part of the network it is in, by whole links and restarts. Parts cannot reach
/// each other; -1: it is down and does not come back.
std::vector<int> Prospects::parts_of(const Situation& s) const {
  std::vector<int> part(machine_.processes, -1);
  for (const Situation::Place& place : s.places_) part[place.process] = place.process;
  for (const Situation::Recovery& r : s.recoveries_) part[r.process] = r.process;
  std::vector<bool> cut(std::size_t{machine_.processes} * machine_.processes);
  for (const Situation::Cut& c : s.cuts_)
    cut[std::size_t{c.from} * machine_.processes + c.to] = true;
  for (bool again = true; again;) {
    again = false;
    for (std::size_t from = 0; from < part.size(); ++from)
      for (std::size_t to = 0; to < part.size(); ++to) {
        if (part[from] < 0 || part[to] < 0 || cut[from * machine_.processes + to]) continue;
        again = again || part[from] != part[to];
        part[from] = part[to] = std::min(part[from], part[to]);
      }
  }
  return part;
}

std::vector<bool> Prospects::close(const Situation& s) const {
  const std::vector<int> part_of = parts_of(s);
  std::vector<bool> can(machine_.processes);
  for (int part = 0; part < machine_.processes; ++part) {
    if (std::find(part_of.begin(), part_of.end(), part) == part_of.end()) continue;
    if (elects() && run_part(s, part_of, part, can)) continue;
    if (close_part(s, part_of, part, 0, can)) continue;
    if (!elects() && close_part(s, part_of, part, kFewTimeouts, can)) continue;
    for (std::size_t p = 0; p < part_of.size(); ++p)
      if (part_of[p] == part) can[p] = true;
  }
  return can;
}

/// The latest ballot or election that a process knows of.
std::uint32_t Prospects::latest_round(const Situation& s) const {
  std::uint32_t latest = 0;
  std::vector<std::uint64_t> state((machine_.state_size + 7u) / 8u);
  for (const Situation::Place& place : s.places_) {
    std::memcpy(state.data(), s.states_.data() + place.state_at, machine_.state_size);
    latest = std::max(latest, machine_.round(state.data()));
  }
  return latest;
}

/// Tells a closure or a run of one part where it begins.
template <class Way>
void Prospects::describe(const Situation& s, const std::vector<int>& part_of, int part, Way& way) {
  for (const Situation::Cut& cut : s.cuts_) way.cut(cut.from, cut.to);
  for (const Situation::Place& place : s.places_) {
    if (part_of[place.process] != part) continue;
    way.place(place.process, s.states_.data() + place.state_at, place.armed, place.working);
    Effects rest;
    for (std::size_t i = place.effects_from; i < place.effects_end; ++i) {
      const Effect& e = s.effects_[i];
      if (e.kind == Effect::Kind::set_timer) rest.set_timer(e.tag);
      if (e.kind == Effect::Kind::cancel_timer) rest.cancel_timer(e.tag);
      if (e.kind == Effect::Kind::prepare) rest.prepare();
      if (e.kind == Effect::Kind::decide)
        rest.decide(static_cast<Outcome>(e.tag), AbortCause::other);
    }
    way.add_effects(place.process, rest, 0);
  }
  for (const Situation::Flight& f : s.flights_) way.add_message(f.from, f.to, {f.word});
  for (const Situation::Recovery& r : s.recoveries_)
    if (part_of[r.process] == part) way.place_recovered(r.process, r.record);
}

/// Fills in `can` for those of one part that decide in a fair run; true if all do.
bool Prospects::run_part(const Situation& s, const std::vector<int>& part_of, int part,
                         std::vector<bool>& can) const {
  FairRun run(machine_, timers_that_fire_, votes_);
  describe(s, part_of, part, run);
  run.run(kTurns);
  for (ProcessId p = 0; p < machine_.processes; ++p)
    if (part_of[p] == part) can[p] = run.has_decided(p);
  return run.all_decided();
}

/// Fills in `can` for one part; false if its closure is too large to tell. What is known of `can`
/// before is kept.
bool Prospects::close_part(const Situation& s, const std::vector<int>& part_of, int part,
                           std::uint8_t most_timeouts, std::vector<bool>& can) const {
  Closure closure(machine_, timers_that_fire_, votes_);
  closure.limit_timeouts(most_timeouts);
  if (elects()) closure.bound_rounds(latest_round(s) + machine_.rounds_ahead);
  closure.stop_when_all_can_decide();
  for (ProcessId p = 0; p < machine_.processes; ++p)
    if (can[p]) closure.note_can_decide(p);
  describe(s, part_of, part, closure);
  if (!closure.close({most_timeouts == 0 && !elects() ? kSteps : kBoundedSteps})) return false;
  for (ProcessId p = 0; p < machine_.processes; ++p)
    if (part_of[p] == part) can[p] = closure.can_decide(p);
  return true;
}

}  // namespace indoubt
