// Where times are mixed: whether the constant time-outs that begin at random instants can matter.
//
// One is harmless if all that it does is to send messages that change nothing and to be set again:
// whenever it fires, the world is the same afterwards but for messages that nobody heeds. A message
// is heeded by nobody if, in every situation that its receiver can be in, its handler changes
// nothing and asks for nothing.
#include <set>

#include "analysis/chain/graph.h"

namespace indoubt::markov {
namespace {

struct Notice {
  ProcessId from, to;
  std::uint64_t word;
  auto operator<=>(const Notice&) const = default;
};

using Situation = std::vector<std::uint64_t>;

/// What a time-out of p sends, if it does nothing else; false if it does.
bool only_sends(const Machine& machine, const ProcessState& me, ProcessId p, Tag timer,
                std::set<Notice>& sent) {
  Situation state = me.state;
  Effects effects;
  machine.step(state.data(), Input::timeout(timer, p), effects);
  if (state != me.state) return false;
  for (int i = 0; i < effects.size(); ++i) {
    const indoubt::Effect& e = effects[i];
    if (e.kind == indoubt::Effect::Kind::set_timer && e.tag == timer) continue;
    if (e.kind == indoubt::Effect::Kind::send) {
      sent.insert({p, e.to, e.word});
    } else if (e.kind == indoubt::Effect::Kind::send_set) {
      for (const ProcessId to : effects.members(e)) sent.insert({p, to, e.word});
    } else {
      return false;
    }
  }
  return true;
}

/// Faults that a time-out or a message would meet, harmless or not.
bool may_strike(const Plan& plan, ProcessId p) {
  if (plan.counts_inquiries()) return true;
  const auto& rules = plan.faults().rules();
  for (const FaultPlan::Rule& r : rules) {
    const bool point = r.fault->when.kind == Trigger::Kind::at_point && r.at[p];
    if (point || r.fault->nth != 0) return true;
  }
  return false;
}

bool heeds(const Machine& machine, const Situation& situation, const Notice& notice) {
  Situation state = situation;
  Effects effects;
  machine.step(state.data(), Input::message(Message{notice.word}, notice.from, notice.to), effects);
  return state != situation || effects.size() != 0;
}

}  // namespace

void Graph::check_floating() {
  const Machine& machine = plan_.machine();
  std::vector<std::set<Situation>> situations(machine.processes);
  std::map<Notice, Tag> notices;
  for (std::uint32_t i = 1; i < nodes_.size(); ++i) {
    const World w = world(i);
    if (ends(w)) continue;
    for (ProcessId p = 0; p < machine.processes; ++p) {
      const ProcessState& me = w.processes[p];
      situations[p].insert(me.state);
      for (Tag k = 0; k < machine.timers.size(); ++k) {
        if ((me.floating >> k & 1) == 0) continue;
        std::set<Notice> sent;
        if (me.waits != 0 || may_strike(plan_, p) || !only_sends(machine, me, p, k, sent)) {
          refused_ = plan_.not_markov(plan_.timer_field(k));
          return;
        }
        for (const Notice& n : sent) notices.emplace(n, k);
      }
    }
  }
  for (const auto& [notice, timer] : notices)
    for (const Situation& s : situations[notice.to])
      if (may_strike(plan_, notice.to) || heeds(machine, s, notice)) {
        refused_ = plan_.not_markov(plan_.timer_field(timer));
        return;
      }
}

}  // namespace indoubt::markov
