#include "scenarios/trace_schedule.h"

#include <algorithm>
#include <array>
#include <optional>

#include "scenarios/difference_bounds.h"

namespace indoubt {
namespace {

constexpr std::array<std::int64_t, 12> kLengths = {1, 2, 3, 4, 5, 6, 8, 12, 16, 24, 32, 48};
constexpr std::array<int, 4> kSlowness = {1, 2, 8, 32};
/// Schedules that are tried at most.
constexpr int kMostTries = 40'000;
/// Schedules that are offered at most: further ones differ in lengths alone.
constexpr int kMostOffers = 12;

class Scheduler {
 public:
  Scheduler(const ExploredTrace& trace, const TraceFlow& flow, const Machine& machine,
            const std::function<bool(const TraceSchedule&)>& f)
      : trace_(trace), flow_(flow), machine_(machine), f_(f), steps_(size(trace.steps)) {
    plan_.length.assign(machine.timers.size(), 0);
    plan_.fires.assign(machine.timers.size(), false);
    plan_.slowness.assign(machine.processes, 1);
    for (const FlowWait& w : flow.waits)
      if (w.fired) plan_.fires[w.timer] = true;
    for (Tag k = 0; k < plan_.fires.size(); ++k)
      if (plan_.fires[k]) timers_.push_back(k);
    for (ProcessId p = 0; p < machine.processes; ++p)
      if (waits(p)) slow_.push_back(p);
  }

  bool run() {
    const int most = timers_.empty() ? 0 : static_cast<int>(slow_.size());
    for (int clocks = 0; clocks <= most; ++clocks)
      if (choose_clocks(0, clocks)) return true;
    return false;
  }

 private:
  template <class T>
  static int size(const std::vector<T>& v) {
    return static_cast<int>(v.size());
  }
  bool waits(ProcessId p) const {
    return std::any_of(flow_.waits.begin(), flow_.waits.end(),
                       [&](const FlowWait& w) { return w.process == p && plan_.fires[w.timer]; });
  }
  bool spent() const { return tries_ >= kMostTries || offers_ >= kMostOffers; }

  /// Clocks from number `first` on of which `left` are slow.
  bool choose_clocks(std::size_t first, int left) {
    if (left == 0) return choose_lengths(0);
    if (first == slow_.size() || spent()) return false;
    for (const int s : kSlowness) {
      plan_.slowness[slow_[first]] = s;
      if (choose_clocks(first + 1, left - (s != 1 ? 1 : 0))) return true;
    }
    plan_.slowness[slow_[first]] = 1;
    return false;
  }

  bool choose_lengths(std::size_t first) {
    if (first == timers_.size()) return attempt();
    for (const std::int64_t length : kLengths) {
      if (spent()) return false;
      plan_.length[timers_[first]] = length;
      if (choose_lengths(first + 1)) return true;
    }
    return false;
  }

  bool attempt() {
    ++tries_;
    std::optional<std::vector<std::int64_t>> x = bounds().least();
    if (!x) return false;
    ++offers_;
    TraceSchedule s = plan_;
    s.at.assign(x->begin() + 1, x->end());
    s.end = *std::max_element(x->begin(), x->end());
    for (Tag k = 0; k < s.length.size(); ++k)
      if (!s.fires[k]) s.length[k] = s.end + 2 * kAfterEnd;
    return f_(s);
  }

  static int node(int step) { return step + 1; }

  DifferenceBounds bounds() const {
    DifferenceBounds b(steps_ + 1);
    order_moves(b);
    for (const FlowMessage& m : flow_.messages) bound_message(b, m);
    for (const FlowWait& w : flow_.waits)
      if (plan_.fires[w.timer]) bound_wait(b, w);
    for (ProcessId p = 0; p < machine_.processes; ++p) bound_work(b, p);
    return b;
  }

  bool is_copy(int step) const {
    return std::any_of(flow_.messages.begin(), flow_.messages.end(), [&](const FlowMessage& m) {
      return m.again == step || (m.taken == step && inside(m));
    });
  }
  bool inside(const FlowMessage& m) const { return flow_.site[m.from] == flow_.site[m.to]; }

  /// Moves of one process in their order; a crash and its end are moves of the whole site, parting
  /// and healing of everybody.
  void order_moves(DifferenceBounds& b) const {
    std::vector<int> last(machine_.processes, kNoStep);
    const auto follow = [&](ProcessId p, int step) {
      if (last[p] != kNoStep && last[p] != step)
        b.at_least(node(step), node(last[p]), is_copy(step) ? 0 : 1);
      last[p] = step;
    };
    for (int i = 0; i < steps_; ++i) {
      const TraceStep& step = trace_.steps[static_cast<std::size_t>(i)];
      if (step.move == Move::lose || step.move == Move::tick) continue;
      const bool of_network = step.move == Move::part || step.move == Move::heal;
      const bool of_site = step.crashes || step.move == Move::recover;
      for (ProcessId p = 0; p < machine_.processes; ++p)
        if (of_network || p == step.process ||
            (of_site && flow_.site[p] == flow_.site[step.process] && is_shared_end(i)))
          follow(p, i);
      if (step.move == Move::start || (step.move == Move::crash && is_first(i)))
        b.exactly(node(i), 0, 0);
      if (step.move == Move::recover) join_restart(b, i);
    }
  }
  bool is_shared_end(int step) const {
    return std::any_of(flow_.outages.begin(), flow_.outages.end(),
                       [&](const FlowOutage& o) { return o.step == step || o.restart == step; });
  }
  bool is_first(int step) const {
    const ProcessId p = trace_.steps[static_cast<std::size_t>(step)].process;
    for (int i = 0; i < step; ++i) {
      const TraceStep& s = trace_.steps[static_cast<std::size_t>(i)];
      if (s.process == p && s.move == Move::start) return false;
    }
    return true;
  }
  /// All processes of a site are back at one instant.
  void join_restart(DifferenceBounds& b, int step) const {
    const ProcessId site = flow_.site[trace_.steps[static_cast<std::size_t>(step)].process];
    int first = kNoStep;
    for (const FlowOutage& o : flow_.outages)
      if (o.site == site && o.restart <= step && o.restart != kNoStep) first = o.restart;
    if (first != kNoStep && first != step) b.exactly(node(step), node(first), 0);
  }

  void bound_message(DifferenceBounds& b, const FlowMessage& m) const {
    if (m.taken == kNoStep) return;
    if (inside(m))
      b.exactly(node(m.taken), node(m.sent), 0);
    else
      b.at_least(node(m.taken), node(m.sent), 1);
    if (m.again != kNoStep) b.exactly(node(m.again), node(m.taken), 0);
  }

  void bound_wait(DifferenceBounds& b, const FlowWait& w) const {
    const std::int64_t length = plan_.length[w.timer] * plan_.slowness[w.process];
    if (w.fired) return b.exactly(node(w.ended), node(w.set), length);
    if (w.ended != kNoStep) return b.at_least(node(w.set), node(w.ended), 1 - length);
    for (int i = w.set + 1; i < steps_; ++i) {
      const TraceStep& step = trace_.steps[static_cast<std::size_t>(i)];
      if (step.move == Move::lose || step.move == Move::tick) continue;
      b.at_least(node(w.set), node(i), (step.process == w.process ? 1 : 0) - length);
    }
  }

  /// Local work takes one time at one service, whenever it is done.
  void bound_work(DifferenceBounds& b, ProcessId p) const {
    const auto mine = [&](const FlowWork& w) { return w.process == p; };
    const bool often = std::count_if(flow_.works.begin(), flow_.works.end(), mine) > 1;
    for (const FlowWork& w : flow_.works) {
      if (!mine(w)) continue;
      if (w.done != kNoStep && often) b.exactly(node(w.done), node(w.begun), 2);
      if (w.done != kNoStep) b.at_least(node(w.done), node(w.begun), 1);
      if (w.crashed != kNoStep && often) b.at_least(node(w.begun), node(w.crashed), -1);
    }
  }

  const ExploredTrace& trace_;
  const TraceFlow& flow_;
  const Machine& machine_;
  const std::function<bool(const TraceSchedule&)>& f_;
  const int steps_;
  TraceSchedule plan_;
  std::vector<Tag> timers_;
  std::vector<ProcessId> slow_;
  int tries_ = 0, offers_ = 0;
};

}  // namespace

bool each_schedule(const ExploredTrace& trace, const TraceFlow& flow, const Machine& machine,
                   const std::function<bool(const TraceSchedule&)>& f) {
  return Scheduler(trace, flow, machine, f).run();
}

}  // namespace indoubt
