#include "sim/faults/fault_plan.h"

#include <algorithm>

#include "sim/process/assert.h"

namespace indoubt {

FaultPlan::FaultPlan(const Scenario& scenario, const Machine& machine, const NetworkPlan& network)
    : scenario_(scenario), machine_(machine), network_(network) {
  INDOUBT_ASSERT(scenario.faults.size() <= kMost);
  using Kind = Fault::Kind;
  for (const Fault& fault : scenario.faults) {
    Rule rule;
    rule.fault = &fault;
    rule.at.assign(machine.processes, fault.sites.empty());
    for (const Who& name : fault.sites) {
      const std::vector<bool> more = who(name);
      for (std::size_t p = 0; p < more.size(); ++p) rule.at[p] = rule.at[p] || more[p];
    }
    rule.to = who(fault.when.point.to);
    rule.sites = sites_of(rule.at);
    resolve_links(rule);
    has_network_faults_ = has_network_faults_ || fault.kind == Kind::partition ||
                          fault.kind == Kind::cut || fault.kind == Kind::slow_link ||
                          fault.kind == Kind::stall || fault.kind == Kind::message;
    has_points_ =
        has_points_ || fault.when.kind == Trigger::Kind::at_point || fault.kind == Kind::disk;
    has_jumps_ = has_jumps_ || fault.jump != Duration{0};
    rules_.push_back(std::move(rule));
  }
}

/// The roles of a back-up and of the leader belong to whoever performs the effect that a point
/// names, so any participant may have them.
std::vector<bool> FaultPlan::who(const Who& name) const {
  std::vector<bool> all(machine_.processes);
  const int n = machine_.group.participants;
  for (int p = 0; p < machine_.processes; ++p) {
    const bool participant = p >= 1 && p <= n;
    bool is = name.empty() || name == "any" ||
              name == scenario_.process_name(p, machine_.auxiliary_name) ||
              (participant && (name == "participant" || name == "backup" || name == "leader" ||
                               name == scenario_.service_of(p).name)) ||
              (p == 0 && name == "leader") || (p > n && name == machine_.auxiliary_name);
    all[static_cast<std::size_t>(p)] = is;
  }
  for (const Zone& zone : scenario_.zones) {
    if (zone.name != name) continue;
    for (const Who& member : zone.members) {
      const std::vector<bool> more = who(member);
      for (std::size_t p = 0; p < all.size(); ++p) all[p] = all[p] || more[p];
    }
  }
  return all;
}

std::vector<ProcessId> FaultPlan::sites_of(const std::vector<bool>& processes) const {
  std::vector<ProcessId> sites;
  for (std::size_t p = 0; p < processes.size(); ++p)
    if (processes[p]) sites.push_back(network_.site_of(static_cast<ProcessId>(p)));
  std::sort(sites.begin(), sites.end());
  sites.erase(std::unique(sites.begin(), sites.end()), sites.end());
  return sites;
}

void FaultPlan::resolve_links(Rule& rule) const {
  const auto add = [&](const std::vector<ProcessId>& from, const std::vector<ProcessId>& to) {
    for (const ProcessId a : from)
      for (const ProcessId b : to)
        if (a != b) rule.links.emplace_back(a, b);
  };
  const Fault& fault = *rule.fault;
  if (fault.kind == Fault::Kind::partition) {
    std::vector<std::vector<ProcessId>> sides;
    for (const std::vector<Who>& group : fault.groups) {
      std::vector<bool> members(machine_.processes);
      for (const Who& name : group) {
        const std::vector<bool> more = who(name);
        for (std::size_t p = 0; p < more.size(); ++p) members[p] = members[p] || more[p];
      }
      sides.push_back(sites_of(members));
    }
    for (std::size_t i = 0; i < sides.size(); ++i)
      for (std::size_t k = 0; k < sides.size(); ++k)
        if (i != k) add(sides[i], sides[k]);
    return;
  }
  add(sites_of(who(fault.from)), sites_of(who(fault.to)));
}

bool names_effect(const Point& point, Point::What what, std::string_view name) {
  if (point.what != what) return false;
  if (point.name.empty() || point.name == name) return true;
  if (point.name != "decision") return false;
  return name == "commit" || name == "abort" || name == "committed" || name == "aborted" ||
         name == "COMMIT" || name == "ABORT";
}

}  // namespace indoubt
