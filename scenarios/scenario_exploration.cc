#include "scenarios/scenario_exploration.h"

#include <algorithm>
#include <cmath>

#include "analysis/explore/setup.h"

namespace indoubt {
namespace {

constexpr int kMostCrashes = 2;
constexpr const char* kCuts = "cuts other than in two groups are explored as lost messages";

void say(std::string& list, const std::string& sentence) {
  if (list.find(sentence) == std::string::npos) list += (list.empty() ? "" : "; ") + sentence;
}

/// Density above 0 from 0 on without an end: any two such delays may end in either order.
bool any_length(const Latency& latency) {
  const LatencyRange range = latency.range();
  return range.low <= 0 && !std::isfinite(range.high);
}

/// Fills the budget of one scenario, and says what it does not cover or covers too much of.
class Budgeting {
 public:
  Budgeting(const Scenario& scenario, const Machine& machine)
      : scenario_(scenario), machine_(machine) {}

  ScenarioExploration run() {
    out_.budget.rounds = scenario_.exploration.rounds;
    add_network();
    for (const Fault& fault : scenario_.faults) add_fault(fault);
    finish_repairs();
    add_transactions();
    set_timing();
    return std::move(out_);
  }

 private:
  Exploration& budget() { return out_.budget; }

  void add_network() {
    const Network& net = scenario_.network;
    budget().losses = net.loss > 0 ? Exploration::kAny : 0;
    budget().duplications = net.duplication > 0 ? Exploration::kAny : 0;
    for (const LinkRule& link : net.links) {
      const bool loses = link.loss && *link.loss > 0, doubles = link.duplication.value_or(0) > 0;
      if (loses) budget().losses = Exploration::kAny;
      if (doubles) budget().duplications = Exploration::kAny;
      if (link.loss || link.duplication)
        say(out_.adds, "any link may lose or duplicate messages if one may");
    }
    if (net.loss >= 1 || net.duplication >= 1)
      say(out_.adds, "messages that are certain to be lost or duplicated may not be");
    if (net.fifo) say(out_.adds, "messages of one link may overtake each other");
  }

  void add_fault(const Fault& fault) {
    say(out_.adds, "faults strike at any moment");
    switch (fault.kind) {
      case Fault::Kind::crash: return add_crash(fault);
      case Fault::Kind::partition: return add_partition(fault);
      case Fault::Kind::cut: lose_any(); return say(out_.misses, kCuts);
      case Fault::Kind::message: return add_message_fault(fault);
      case Fault::Kind::slow_link:
      case Fault::Kind::stall:
      case Fault::Kind::clock:
      case Fault::Kind::slow_site: any_time_ = true; return;
      case Fault::Kind::disk: return say(out_.misses, "disks that fail are not explored");
      case Fault::Kind::heuristic:
      case Fault::Kind::outcome:
        return say(out_.misses, "decisions without the protocol are not explored");
    }
  }

  void lose_any() { budget().losses = Exploration::kAny; }

  void add_crash(const Fault& fault) {
    if (fault.log_lost) say(out_.misses, "crashes that lose the log are not explored");
    const bool restarts = fault.lasts.has_value();
    if (restarts && repeats(fault)) say(out_.misses, "crashes that come again and again");
    (restarts ? restarts_ : stays_down_) = true;
    crashes_ += concerned(fault);
  }

  static bool repeats(const Fault& fault) {
    const Trigger& when = fault.when;
    if (when.kind == Trigger::Kind::random || when.kind == Trigger::Kind::trace) return true;
    return when.kind == Trigger::Kind::at_point &&
           (when.occurrence == 0 || when.point.where == Point::Where::each_send ||
            when.point.where == Point::Where::per_step);
  }

  /// How many processes it may take down, at most.
  int concerned(const Fault& fault) const {
    int all = 0;
    for (const Who& who : fault.sites) {
      int one = 0;
      for (int p = 0; p < machine_.processes; ++p) {
        const std::string name = scenario_.process_name(p, machine_.auxiliary_name);
        one += name == who || name.substr(0, name.find('.')) == who;
      }
      if (one == 0) return machine_.processes;  // a zone, a role, or all
      all += one;
    }
    return all == 0 ? machine_.processes : std::min(all, static_cast<int>(machine_.processes));
  }

  void finish_repairs() {
    budget().crashes = std::min(crashes_, kMostCrashes);
    budget().recoveries = restarts_;
    budget().heals = heals_;
    if (restarts_ && stays_down_) say(out_.misses, "some crashes are for good and some are not");
    if (heals_ && never_heals_) say(out_.misses, "some partitions are for good and some are not");
    if (crashes_ > kMostCrashes) say(out_.misses, "more than 2 crashes in one run");
  }

  /// Explored as two groups that part and heal at any moment; any other shape as lost messages.
  void add_partition(const Fault& fault) {
    ++budget().partitions;
    if (fault.groups.size() != 2) lose_any();
    if (fault.groups.size() != 2) say(out_.misses, kCuts);
    if (fault.when.kind == Trigger::Kind::random || fault.when.kind == Trigger::Kind::trace)
      say(out_.misses, "partitions that come again and again");
    (fault.lasts ? heals_ : never_heals_) = true;
  }

  void add_message_fault(const Fault& fault) {
    switch (fault.action) {
      case Fault::Action::lose: return lose_any();
      case Fault::Action::duplicate: budget().duplications = Exploration::kAny; return;
      case Fault::Action::delay:
      case Fault::Action::hold: any_time_ = true; return;
    }
  }

  void add_transactions() {
    if (scenario_.transactions.sites == Sites::shared)
      say(out_.misses, "one transaction is explored, and here they share their sites");
    if (scenario_.client) say(out_.misses, "clients that ask again are not explored");
    if (scenario_.execution) say(out_.misses, "the work before the commit is not explored");
  }

  void set_timing() {
    if (may_be_timed()) {
      Exploration timed = budget();
      timed.timing = Timing::timed;
      std::vector<std::string> problems;
      explore_setup(scenario_, timed, machine_, problems);
      if (problems.empty()) {
        budget() = timed;
        return;
      }
    }
    for (const std::string_view timer : machine_.timers)
      if (scenario_.timeout(timer)) say(out_.adds, "time-outs fire at any moment");
    if (!any_order()) say(out_.adds, "messages and local work take any time");
  }

  bool may_be_timed() const {
    const Disk& disk = scenario_.disk;
    const auto same = [&](const Service& s) {
      return s.prepare == scenario_.services.front().prepare;
    };
    return !any_time_ && !scenario_.execution && scenario_.cpu.is_zero() && !disk.queue &&
           !disk.group_commit && scenario_.network.send_gap.count() == 0 &&
           !scenario_.detection.delay && scenario_.transactions.sites == Sites::fresh &&
           std::all_of(scenario_.services.begin(), scenario_.services.end(), same);
  }

  bool any_order() const {
    if (!any_length(scenario_.network.latency) || !scenario_.network.links.empty()) return false;
    const auto open = [](const Latency& latency) {
      return latency.is_zero() || any_length(latency);
    };
    if (!open(scenario_.disk.force) || !scenario_.cpu.is_zero() || scenario_.detection.delay)
      return false;
    return std::all_of(scenario_.services.begin(), scenario_.services.end(),
                       [&](const Service& s) { return open(s.prepare) && !s.at_coordinator; });
  }

  const Scenario& scenario_;
  const Machine& machine_;
  ScenarioExploration out_;
  int crashes_ = 0;
  bool restarts_ = false, stays_down_ = false, heals_ = false, never_heals_ = false;
  bool any_time_ = false;  ///< times are not those that stand in the scenario
};

}  // namespace

ScenarioExploration exploration_of(const Scenario& scenario, const Machine& machine) {
  return Budgeting(scenario, machine).run();
}

}  // namespace indoubt
