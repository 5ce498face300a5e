#pragma once
// The scenario's faults, resolved for one protocol's processes.
#include <string_view>
#include <utility>
#include <vector>

#include "sim/network/network_plan.h"
#include "sim/process/machine.h"
#include "sim/scenario/scenario.h"

namespace indoubt {

/// Processes by name.
class FaultPlan {
 public:
  /// Most faults of a scenario.
  static constexpr std::size_t kMost = 64;

  struct Rule {
    const Fault* fault = nullptr;
    std::vector<bool> at;          ///< by process: whose sites, or whose points
    std::vector<bool> to;          ///< by process: point.to
    std::vector<ProcessId> sites;  ///< of `at`, increasing
    std::vector<std::pair<ProcessId, ProcessId>> links;  ///< (from, to) of sites that are cut,
                                                         ///< slow, stalled or hit
  };

  /// Keeps references to the scenario's faults.
  FaultPlan(const Scenario& scenario, const Machine& machine, const NetworkPlan& network);

  bool empty() const { return rules_.empty(); }
  const std::vector<Rule>& rules() const { return rules_; }
  /// Whether some fault concerns messages on their way.
  bool has_network_faults() const { return has_network_faults_; }
  /// Whether some fault strikes at a point of the protocol, or at its forced writes.
  bool has_points() const { return has_points_; }
  /// Whether some clock is set forward or back.
  bool has_jumps() const { return has_jumps_; }

 private:
  std::vector<bool> who(const Who& name) const;
  std::vector<ProcessId> sites_of(const std::vector<bool>& processes) const;
  void resolve_links(Rule& rule) const;
  const Scenario& scenario_;
  const Machine& machine_;
  const NetworkPlan& network_;
  std::vector<Rule> rules_;
  bool has_network_faults_ = false, has_points_ = false, has_jumps_ = false;
};

/// Whether `point` names this effect: `name` is the message's, record's, outcome's or vote's;
/// "decision" stands for commit and abort.
bool names_effect(const Point& point, Point::What what, std::string_view name);

}  // namespace indoubt
