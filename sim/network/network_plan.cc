#include "sim/network/network_plan.h"

#include <algorithm>

namespace indoubt {
namespace {

std::string_view site_name(const Scenario& scenario, int p) {
  return p == 0 ? kCoordinatorName : std::string_view(scenario.service_of(p).name);
}

bool at_coordinator(const Scenario& scenario, int p) {
  return p == 0 || scenario.service_of(p).at_coordinator;
}

}  // namespace

LinkClass NetworkPlan::resolve(const Scenario& scenario, int from, int to) const {
  if (at_coordinator(scenario, from) && at_coordinator(scenario, to)) {
    return {.latency = Latency{}, .counted = false, .plain = !fifo_};
  }
  LinkClass link{scenario.network.latency, scenario.network.loss, scenario.network.duplication};
  for (const LinkRule& rule : scenario.network.links) {
    if (!rule.from.empty() && rule.from != site_name(scenario, from)) continue;
    if (!rule.to.empty() && rule.to != site_name(scenario, to)) continue;
    if (rule.latency) link.latency = *rule.latency;
    if (rule.loss) link.loss = *rule.loss;
    if (rule.duplication) link.duplication = *rule.duplication;
  }
  link.plain = link.loss == 0 && link.duplication == 0 && !fifo_;
  return link;
}

NetworkPlan::NetworkPlan(const Scenario& scenario)
    : processes_(static_cast<std::size_t>(scenario.participants()) + 1),
      fifo_(scenario.network.fifo),
      send_gap_ns_(scenario.network.send_gap.count()),
      of_pair_(processes_ * processes_) {
  const int n = static_cast<int>(processes_);
  for (int from = 0; from < n; ++from) {
    for (int to = 0; to < n; ++to) {
      if (from == to) continue;
      const LinkClass link = resolve(scenario, from, to);
      if (link.loss == 1) {
        dead_links_.emplace_back(static_cast<ProcessId>(from), static_cast<ProcessId>(to));
      }
      auto at = std::find(classes_.begin(), classes_.end(), link);
      if (at == classes_.end()) at = classes_.insert(at, link);
      of_pair_[static_cast<std::size_t>(from) * processes_ + static_cast<std::size_t>(to)] =
          static_cast<std::uint16_t>(at - classes_.begin());
    }
  }
  uniform_ = classes_.size() == 1;
}

}  // namespace indoubt
