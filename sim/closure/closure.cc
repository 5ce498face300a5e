#include "sim/closure/closure.h"

#include <cstring>

#include "sim/process/assert.h"

namespace indoubt {
namespace {

constexpr std::uint8_t bit(LocalVote v) {
  return static_cast<std::uint8_t>(1u << static_cast<unsigned>(v));
}

}  // namespace

Closure::Closure(const Machine& machine, std::uint32_t timers_that_fire,
                 std::vector<std::uint8_t> votes)
    : machine_(machine),
      timers_that_fire_(timers_that_fire),
      votes_(std::move(votes)),
      cut_(std::size_t{machine.processes} * machine.processes),
      can_decide_(machine.processes),
      sites_(machine.processes) {
  INDOUBT_ASSERT(votes_.size() == machine.processes);
}

void Closure::cut(ProcessId from, ProcessId to) {
  cut_[std::size_t{from} * machine_.processes + to] = true;
}

Closure::Local Closure::fresh(ProcessId p) const {
  Local local{p, 0, false, 0, std::vector<std::uint64_t>((machine_.state_size + 7u) / 8u)};
  machine_.construct(local.state.data());
  return local;
}

void Closure::place(ProcessId p, const void* state, std::uint32_t armed, bool working) {
  Local local = fresh(p);
  std::memcpy(local.state.data(), state, machine_.state_size);
  local.armed = armed;
  local.working = working;
  sites_[p].placed = true;
  add(std::move(local));
}

void Closure::place_fresh(ProcessId p) {
  sites_[p].placed = true;
  run(fresh(p), Input::start(p));
  if (recovers_) recover(p, 0);
}

void Closure::place_recovered(ProcessId p, RecordWord record) {
  sites_[p].placed = true;
  recover(p, record);
}

void Closure::add_message(ProcessId from, ProcessId to, Message m) {
  if (cut_[std::size_t{from} * machine_.processes + to]) return;
  Site& site = sites_[to];
  if (site.known.insert({from, m}).second) site.arrivals.push_back({from, m});
}

void Closure::add_effects(ProcessId p, const Effects& effects, int first) {
  // What the process does after its force changes its timers only; each of its situations takes
  // part with and without them.
  INDOUBT_ASSERT(!sites_[p].locals.empty());
  Local local = locals_[sites_[p].locals.front()];
  take(effects, first, local);
  add(std::move(local));
}

void Closure::add(Local local) {
  std::string key(reinterpret_cast<const char*>(local.state.data()), machine_.state_size);
  key.append(reinterpret_cast<const char*>(&local.process), sizeof local.process);
  key.append(reinterpret_cast<const char*>(&local.armed), sizeof local.armed);
  key.push_back(local.working ? 1 : 0);
  key.push_back(static_cast<char>(local.fired));
  if (!known_.insert(std::move(key)).second) return;
  if (machine_.outcome(local.state.data()) != Outcome::none) can_decide_[local.process] = true;
  sites_[local.process].locals.push_back(locals_.size());
  locals_.push_back(std::move(local));
}

void Closure::take(const Effects& effects, int first, Local& local) {
  const ProcessId p = local.process;
  for (int i = first; i < effects.size(); ++i) {
    const Effect& e = effects[i];
    switch (e.kind) {
      case Effect::Kind::send: add_message(p, e.to, Message{e.word}); break;
      case Effect::Kind::send_set:
        for (const ProcessId to : effects.members(e)) add_message(p, to, Message{e.word});
        break;
      case Effect::Kind::prepare: local.working = true; break;
      case Effect::Kind::set_timer:
        local.armed |= timers_that_fire_ & std::uint32_t{1} << e.tag;
        break;
      case Effect::Kind::cancel_timer: local.armed &= ~(std::uint32_t{1} << e.tag); break;
      case Effect::Kind::force:
      case Effect::Kind::log:
        if (sites_[p].records.insert(e.word).second && recovers_) recover(p, e.word);
        break;
      case Effect::Kind::decide: can_decide_[p] = true; break;
      case Effect::Kind::vote:
      case Effect::Kind::forget: break;
    }
  }
}

void Closure::recover(ProcessId p, RecordWord record) { run(fresh(p), Input::recovery(record, p)); }

void Closure::run(const Local& from, const Input& in) {
  ++steps_;
  Local next = from;
  if (in.kind() == Input::Kind::timeout) {
    next.armed &= ~(std::uint32_t{1} << in.tag());
    if (most_fired_ != 0) ++next.fired;
  }
  if (in.kind() == Input::Kind::prepared) next.working = false;
  Effects effects;
  machine_.step(next.state.data(), in, effects);
  if (visitor_) visitor_(in, effects);
  if (machine_.round != nullptr && machine_.round(next.state.data()) > most_rounds_) return;
  take(effects, 0, next);
  add(std::move(next));
}

bool Closure::all_can_decide() const {
  for (std::size_t p = 0; p <= static_cast<std::size_t>(machine_.group.participants); ++p)
    if (sites_[p].placed && !can_decide_[p]) return false;
  return true;
}

// Each local situation meets each arrival of its site once: `met` counts how many it has met.
bool Closure::close(Limits limits) {
  std::vector<std::size_t> met;
  for (bool again = true; again;) {
    again = false;
    for (std::size_t i = 0; i < locals_.size(); ++i) {
      const Local local = locals_[i];
      const ProcessId p = local.process;
      if (i >= met.size()) {
        met.resize(i + 1);
        again = true;
        const bool may_fire = most_fired_ == 0 || local.fired < most_fired_;
        for (Tag k = 0; k < machine_.timers.size(); ++k)
          if (may_fire && (local.armed >> k & 1) != 0) run(local, Input::timeout(k, p));
        for (const LocalVote v : {LocalVote::no, LocalVote::yes, LocalVote::read_only})
          if (local.working && (votes_[p] & bit(v)) != 0) run(local, Input::prepared(v, p));
      }
      for (; met[i] < sites_[p].arrivals.size(); ++met[i]) {
        again = true;
        const Arrival a = sites_[p].arrivals[met[i]];
        run(local, Input::message(a.message, a.from, p));
        if (steps_ > limits.steps) return false;
      }
      if (steps_ > limits.steps) return false;
      if (stops_early_ && all_can_decide()) return true;
    }
  }
  return true;
}

}  // namespace indoubt
