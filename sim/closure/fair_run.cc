#include "sim/closure/fair_run.h"

#include <algorithm>
#include <cstring>

namespace indoubt {

FairRun::FairRun(const Machine& machine, std::uint32_t timers_that_fire,
                 std::vector<std::uint8_t> votes)
    : machine_(machine),
      timers_that_fire_(timers_that_fire),
      votes_(std::move(votes)),
      cut_(std::size_t{machine.processes} * machine.processes),
      sites_(machine.processes) {
  INDOUBT_ASSERT(votes_.size() == machine.processes);
}

void FairRun::cut(ProcessId from, ProcessId to) {
  cut_[std::size_t{from} * machine_.processes + to] = true;
}

void FairRun::place(ProcessId p, const void* state, std::uint32_t armed, bool working) {
  Site& site = sites_[p];
  site.state.resize((machine_.state_size + 7u) / 8u);
  machine_.construct(site.state.data());
  if (state != nullptr) std::memcpy(site.state.data(), state, machine_.state_size);
  site.armed = armed;
  site.working = working;
  site.placed = true;
  site.decided = machine_.outcome(site.state.data()) != Outcome::none;
}

void FairRun::place_recovered(ProcessId p, RecordWord record) {
  place(p, nullptr, 0, false);
  step(p, Input::recovery(record, p));
}

void FairRun::add_message(ProcessId from, ProcessId to, Message m) {
  if (!cut_[std::size_t{from} * machine_.processes + to]) flights_.push_back({from, to, m});
}

void FairRun::add_effects(ProcessId p, const Effects& effects, int first) {
  Site& site = sites_[p];
  for (int i = first; i < effects.size(); ++i) {
    const Effect& e = effects[i];
    switch (e.kind) {
      case Effect::Kind::send: add_message(p, e.to, Message{e.word}); break;
      case Effect::Kind::send_set:
        for (const ProcessId to : effects.members(e)) add_message(p, to, Message{e.word});
        break;
      case Effect::Kind::prepare: site.working = true; break;
      case Effect::Kind::set_timer:
        site.armed |= timers_that_fire_ & std::uint32_t{1} << e.tag;
        break;
      case Effect::Kind::cancel_timer: site.armed &= ~(std::uint32_t{1} << e.tag); break;
      case Effect::Kind::decide: site.decided = true; break;
      case Effect::Kind::force:
      case Effect::Kind::log:
      case Effect::Kind::vote:
      case Effect::Kind::forget: break;
    }
  }
}

void FairRun::step(ProcessId p, const Input& in) {
  ++steps_;
  Effects effects;
  machine_.step(sites_[p].state.data(), in, effects);
  add_effects(p, effects, 0);
}

LocalVote FairRun::vote_of(ProcessId p) const {
  for (const LocalVote v : {LocalVote::yes, LocalVote::read_only})
    if ((votes_[p] >> static_cast<unsigned>(v) & 1) != 0) return v;
  return LocalVote::no;
}

/// Until nothing is under way: neither a message nor local work.
void FairRun::settle() {
  for (bool again = true; again && steps_ < kMostSteps;) {
    again = false;
    for (; arrived_ < flights_.size() && steps_ < kMostSteps; ++arrived_) {
      const Flight f = flights_[arrived_];
      if (sites_[f.to].placed) step(f.to, Input::message(f.message, f.from, f.to));
    }
    for (ProcessId p = 0; p < machine_.processes; ++p) {
      if (!sites_[p].working) continue;
      sites_[p].working = false;
      step(p, Input::prepared(vote_of(p), p));
      again = true;
    }
  }
}

/// The time-outs of p that are armed now, each with what comes of it.
void FairRun::fire(ProcessId p) {
  for (Tag k = 0; k < machine_.timers.size(); ++k) {
    if ((sites_[p].armed >> k & 1) == 0) continue;
    sites_[p].armed &= ~(std::uint32_t{1} << k);
    step(p, Input::timeout(k, p));
    settle();
  }
}

bool FairRun::all_decided() const {
  return std::all_of(sites_.begin(), sites_.begin() + 1 + machine_.group.participants,
                     [](const Site& site) { return !site.placed || site.decided; });
}

void FairRun::run(int turns) {
  settle();
  for (int turn = 0; turn < turns && !all_decided(); ++turn) {
    for (ProcessId p = 0; p < machine_.processes; ++p)
      if (sites_[p].placed) fire(p);
  }
}

}  // namespace indoubt
