#include "analysis/models/fault_sites.h"

#include <algorithm>
#include <set>

namespace indoubt {

bool names_process(const Scenario& scenario, const Who& who, int p) {
  if (who.empty() || who == "any" || who == "leader" || who == scenario.process_name(p)) {
    return true;
  }
  if (p > 0 && (who == "participant" || who == "backup" || who == scenario.service_of(p).name)) {
    return true;
  }
  return std::any_of(scenario.zones.begin(), scenario.zones.end(), [&](const Zone& zone) {
    return zone.name == who &&
           std::any_of(zone.members.begin(), zone.members.end(),
                       [&](const Who& member) { return names_process(scenario, member, p); });
  });
}

int sites_named(const Scenario& scenario, const Fault& fault) {
  std::set<int> sites;
  for (int p = 0; p <= scenario.participants(); ++p) {
    const bool named = std::any_of(fault.sites.begin(), fault.sites.end(),
                                   [&](const Who& who) { return names_process(scenario, who, p); });
    const bool hosted = p > 0 && scenario.service_of(p).at_coordinator;
    if (named) sites.insert(hosted ? 0 : p);
  }
  return static_cast<int>(sites.size());
}

}  // namespace indoubt
