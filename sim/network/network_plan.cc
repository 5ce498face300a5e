#include "sim/network/network_plan.h"

#include <algorithm>

#include "sim/process/assert.h"

namespace indoubt {

LinkClass NetworkPlan::resolve(const Scenario& scenario, const Site& from, const Site& to) const {
  if (from.process == to.process) {
    return {.latency = Latency{}, .counted = false, .plain = !fifo_};
  }
  LinkClass link{scenario.network.latency, scenario.network.loss, scenario.network.duplication};
  for (const LinkRule& rule : scenario.network.links) {
    if (!rule.from.empty() && rule.from != from.name) continue;
    if (!rule.to.empty() && rule.to != to.name) continue;
    if (rule.latency) link.latency = *rule.latency;
    if (rule.loss) link.loss = *rule.loss;
    if (rule.duplication) link.duplication = *rule.duplication;
  }
  link.plain = link.loss == 0 && link.duplication == 0 && !fifo_;
  return link;
}

NetworkPlan::NetworkPlan(const Scenario& scenario, std::span<const ProcessId> auxiliary_hosts,
                         std::string_view auxiliary_name)
    : processes_(static_cast<std::size_t>(scenario.participants()) + 1 + auxiliary_hosts.size()),
      fifo_(scenario.network.fifo),
      send_gap_ns_(scenario.network.send_gap.count()),
      of_pair_(processes_ * processes_) {
  std::vector<Site> sites = {{kCoordinator, kCoordinatorName}};
  for (int p = 1; p <= scenario.participants(); ++p) {
    const Service& service = scenario.service_of(p);
    sites.push_back({service.at_coordinator ? kCoordinator : p, service.name});
  }
  for (const ProcessId host : auxiliary_hosts) {
    const auto own = static_cast<int>(sites.size());
    INDOUBT_ASSERT(host <= own);
    sites.push_back(host == own ? Site{own, auxiliary_name} : sites[host]);
  }
  for (const Site& site : sites) sites_.push_back(static_cast<ProcessId>(site.process));
  for (std::size_t from = 0; from < processes_; ++from) {
    for (std::size_t to = 0; to < processes_; ++to) {
      if (from == to) continue;
      const LinkClass link = resolve(scenario, sites[from], sites[to]);
      if (link.loss == 1) {
        dead_links_.emplace_back(static_cast<ProcessId>(from), static_cast<ProcessId>(to));
      }
      auto at = std::find(classes_.begin(), classes_.end(), link);
      if (at == classes_.end()) at = classes_.insert(at, link);
      of_pair_[from * processes_ + to] = static_cast<std::uint16_t>(at - classes_.begin());
    }
  }
  uniform_ = classes_.size() == 1;
}

}  // namespace indoubt
