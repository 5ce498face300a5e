#pragma once
// Scenarios for the tests of models, written the short way.
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/models/model.h"

namespace indoubt {

/// One service per probability, called s1, s2, ...; exponential delays of 5 ms; everything else as
/// the scenario's defaults have it: nothing is lost, no time-out, free writes.
inline Scenario scenario_of(const std::vector<double>& vote_yes) {
  Scenario scenario;
  scenario.network.latency = Latency::exponential(std::chrono::milliseconds(5));
  for (const double p : vote_yes) {
    Service service;
    service.name = std::string("s").append(std::to_string(scenario.services.size() + 1));
    service.vote_yes = p;
    scenario.services.push_back(service);
  }
  return scenario;
}

inline Scenario scenario_of(int n, double p) {
  return scenario_of(std::vector<double>(static_cast<std::size_t>(n), p));
}

inline void set_timeout(Scenario& scenario, std::string_view timer, const Latency& length) {
  scenario.timeouts.push_back({std::string(timer), length});
}

inline constexpr ProtocolTraits kAll{};
inline constexpr ProtocolTraits kMajorityRule{.rule = DecisionRule::majority};
inline constexpr ProtocolTraits kAnyRule{.rule = DecisionRule::any};
inline constexpr ProtocolTraits kOneByOne{.one_by_one = true};
inline constexpr ProtocolTraits kMoreRounds{.votes_alone_decide = false};

inline constexpr ProtocolTraits kRelayed{.votes_alone_decide = false, .votes_direct = false};

inline Latency uniform(Duration low, Duration high) {
  Latency latency;
  latency.kind = find_latency("uniform");
  latency.shape = latency.kind->shape;
  latency.parameter = {static_cast<double>(low.count()), static_cast<double>(high.count())};
  return latency;
}

/// Constant delays of 10 ms, 20 ms of work, 5 ms for a forced write: a YES takes 45 ms.
inline Scenario constant_scenario() {
  Scenario scenario = scenario_of({0.9, 0.8, 0.7});
  scenario.network.latency = Latency::constant(std::chrono::milliseconds(10));
  scenario.disk.force = Latency::constant(std::chrono::milliseconds(5));
  for (Service& service : scenario.services)
    service.prepare = Latency::constant(std::chrono::milliseconds(20));
  return scenario;
}

/// The same with a loss of 5 % and a vote time-out that a YES just meets.
inline Scenario lossy_scenario() {
  Scenario scenario = constant_scenario();
  scenario.network.loss = 0.05;
  set_timeout(scenario, "votes", Latency::constant(std::chrono::milliseconds(45)));
  return scenario;
}

/// The prediction; NaN if there is none.
inline double prediction(std::string_view model, const Scenario& scenario,
                         const ProtocolTraits& traits = {}) {
  return find_model(model)
      ->predict({scenario, traits})
      .value_or(std::numeric_limits<double>::quiet_NaN());
}

/// Why the model does not apply; empty if it does.
inline std::string refusal(std::string_view model, const Scenario& scenario,
                           const ProtocolTraits& traits = {}) {
  return find_model(model)->inapplicable({scenario, traits}).value_or("");
}

}  // namespace indoubt
