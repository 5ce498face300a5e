#include "tests/support/world.h"

#include <cmath>
#include <string>

namespace indoubt {

Scenario world(int participants, const Latency& delay) {
  Scenario scenario;
  for (int p = 1; p <= participants; ++p) {
    Service service;
    service.name = std::string(1, 'p').append(std::to_string(p));
    scenario.services.push_back(service);
  }
  scenario.network.latency = delay;
  return scenario;
}

void set_timeout(Scenario& scenario, std::string_view timer, const Latency& length) {
  scenario.timeouts.push_back({std::string(timer), length});
}

LinkRule& link_rule(Scenario& scenario, std::string_view from, std::string_view to) {
  LinkRule rule;
  rule.from = from;
  rule.to = to;
  scenario.network.links.push_back(rule);
  return scenario.network.links.back();
}

Scenario overlapping(Scenario scenario, Duration gap) {
  scenario.transactions.sites = Sites::shared;
  scenario.transactions.arrivals = {Arrivals::Kind::poisson, static_cast<double>(gap.count())};
  return scenario;
}

Totals run(const Scenario& scenario, const Machine& machine, std::uint64_t count,
           SimulationOptions options) {
  options.count = count;
  return simulate(scenario, machine, options);
}

Totals run(const Scenario& scenario, std::string_view protocol, std::uint64_t count,
           const std::vector<NamedOption>& protocol_options, SimulationOptions options) {
  return run(scenario, machine_with(protocol, scenario.participants(), protocol_options), count,
             options);
}

double standard_error_of(const Moments& moments) {
  return std::sqrt(moments.variance() / static_cast<double>(moments.count));
}

}  // namespace indoubt
