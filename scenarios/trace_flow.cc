#include "scenarios/trace_flow.h"

#include <algorithm>

#include "analysis/explore/behaviour.h"
#include "sim/network/network_plan.h"

namespace indoubt {
namespace {

class FlowReader {
 public:
  FlowReader(const ExploredTrace& trace, const Scenario& scenario, const Machine& machine)
      : trace_(trace), machine_(machine) {
    const NetworkPlan network(scenario, machine.auxiliary_hosts, machine.auxiliary_name);
    for (ProcessId p = 0; p < machine.processes; ++p) flow_.site.push_back(network.site_of(p));
    flow_.votes.assign(machine.processes, LocalVote::yes);
  }

  TraceFlow read() {
    for (now_ = 0; now_ < static_cast<int>(trace_.steps.size()); ++now_) {
      const TraceStep& step = trace_.steps[static_cast<std::size_t>(now_)];
      begin(step);
      perform(step);
      if (step.crashes) crash(step.process);
    }
    return std::move(flow_);
  }

 private:
  void begin(const TraceStep& step) {
    switch (step.move) {
      case Move::deliver:
      case Move::drop: take(step, false); break;
      case Move::duplicate: take(step, true); break;
      case Move::lose: lose(step); break;
      case Move::prepared: finish_work(step); break;
      case Move::timeout: end_wait(step.process, static_cast<Tag>(step.detail), true); break;
      case Move::recover: restart(step.process); break;
      case Move::part: split_ = step.split; break;
      case Move::heal: split_ = 0; break;
      case Move::report:
        flow_.problem = "a failure detector's report has no time of its own";
        break;
      case Move::written: flow_.problem = "a forced write takes time of its own"; break;
      case Move::start:
      case Move::tick:
      case Move::crash: break;
    }
  }

  void perform(const TraceStep& step) {
    for (int i = 0; i < step.done; ++i) effect(step, i, ~std::size_t{0});
    if (step.sends_of_last > 0)
      effect(step, step.done, static_cast<std::size_t>(step.sends_of_last));
  }

  void effect(const TraceStep& step, int number, std::size_t most_sends) {
    const Effect& e = step.effects[number];
    const ProcessId p = step.process;
    switch (e.kind) {
      case Effect::Kind::send: send(p, e.to, {e.word}); break;
      case Effect::Kind::send_set: {
        const auto to = step.effects.members(e);
        for (std::size_t i = 0; i < std::min(most_sends, to.size()); ++i) send(p, to[i], {e.word});
        break;
      }
      case Effect::Kind::prepare: flow_.works.push_back({.process = p, .begun = now_}); break;
      case Effect::Kind::set_timer:
        end_wait(p, e.tag, false);
        flow_.waits.push_back({p, e.tag, now_});
        break;
      case Effect::Kind::cancel_timer: end_wait(p, e.tag, false); break;
      case Effect::Kind::vote:
      case Effect::Kind::force:
      case Effect::Kind::log:
      case Effect::Kind::decide:
      case Effect::Kind::forget: break;
    }
  }

  bool apart(ProcessId a, ProcessId b) const {
    return split_ != 0 && !Behaviour::same_side(split_, a, b);
  }

  void send(ProcessId from, ProcessId to, Message message) {
    FlowMessage m{.from = from, .to = to, .message = message, .sent = now_};
    m.cut_off = apart(from, to);
    // A message that meets a cut link counts for nobody.
    if (!m.cut_off) {
      m.nth = 1;
      for (const FlowMessage& other : flow_.messages) m.nth += same_link(other, m) ? 1 : 0;
    }
    flow_.messages.push_back(m);
  }

  bool same_link(const FlowMessage& a, const FlowMessage& b) const {
    return !a.cut_off && flow_.site[a.from] == flow_.site[b.from] &&
           flow_.site[a.to] == flow_.site[b.to] &&
           machine_.message_name(a.message) == machine_.message_name(b.message);
  }

  /// The earliest such message that `open` holds of; null: none.
  template <class F>
  FlowMessage* find(const TraceStep& step, F&& open) {
    for (FlowMessage& m : flow_.messages)
      if (m.to == step.process && m.from == step.message->from &&
          m.message == step.message->message && !m.lost && !m.cut_off && open(m))
        return &m;
    return nullptr;
  }

  void take(const TraceStep& step, bool stays) {
    if (!step.message || step.message->failure) return;
    FlowMessage* m = find(step, [](const FlowMessage& x) { return x.taken == kNoStep; });
    if (m != nullptr) {
      m->taken = now_;
      m->twice = stays;
      return;
    }
    m = find(step, [](const FlowMessage& x) { return x.twice && x.again == kNoStep; });
    if (m == nullptr || stays)
      flow_.problem = "a message arrives more often than a scenario can say";
    else
      m->again = now_;
  }

  void lose(const TraceStep& step) {
    FlowMessage* m = find(step, [](const FlowMessage& x) { return x.taken == kNoStep; });
    if (m != nullptr) m->lost = true;
  }

  void end_wait(ProcessId p, Tag timer, bool fires) {
    for (FlowWait& w : flow_.waits) {
      if (w.process != p || w.timer != timer || w.ended != kNoStep) continue;
      w.ended = now_;
      w.fired = fires;
    }
  }

  void finish_work(const TraceStep& step) {
    flow_.votes[step.process] = static_cast<LocalVote>(step.detail);
    for (FlowWork& w : flow_.works)
      if (w.process == step.process && w.done == kNoStep && w.crashed == kNoStep) w.done = now_;
  }

  void crash(ProcessId p) {
    const ProcessId site = flow_.site[p];
    flow_.outages.push_back({.site = site, .process = p, .step = now_});
    for (FlowWait& w : flow_.waits)
      if (flow_.site[w.process] == site && w.ended == kNoStep) w.ended = now_;
    for (FlowWork& w : flow_.works)
      if (flow_.site[w.process] == site && w.done == kNoStep) w.crashed = now_;
  }

  void restart(ProcessId p) {
    for (FlowOutage& o : flow_.outages)
      if (o.site == flow_.site[p] && o.restart == kNoStep) o.restart = now_;
  }

  const ExploredTrace& trace_;
  const Machine& machine_;
  TraceFlow flow_;
  int now_ = 0;
  std::uint64_t split_ = 0;
};

}  // namespace

TraceFlow flow_of(const ExploredTrace& trace, const Scenario& scenario, const Machine& machine) {
  return FlowReader(trace, scenario, machine).read();
}

}  // namespace indoubt
