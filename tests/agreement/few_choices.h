#pragma once
// Where only votes and whether faults strike are random, a chain equals the sum over all ways in
// which these can fall, each simulated with nothing left to chance.
#include <map>
#include <string>
#include <variant>
#include <vector>

#include "analysis/chain/measures.h"
#include "sim/engine/simulation.h"
#include "sim/measures/measure.h"

namespace indoubt {

/// Calls f(weight, scenario) for each way in which the choices of `scenario` can fall, with nothing
/// left to chance.
template <class F>
inline void for_each_choice(const Scenario& scenario, F&& f) {
  const std::size_t services = scenario.services.size(), faults = scenario.faults.size();
  for (std::uint32_t choice = 0; choice < 1u << (services + faults); ++choice) {
    Scenario fixed = scenario;
    double weight = 1;
    const auto fix = [&](double& probability, std::size_t bit) {
      const bool happens = (choice >> bit & 1) != 0;
      weight *= happens ? probability : 1 - probability;
      probability = happens ? 1 : 0;
    };
    for (std::size_t i = 0; i < services; ++i) fix(fixed.services[i].vote_yes, i);
    for (std::size_t r = 0; r < faults; ++r) fix(fixed.faults[r].when.probability, services + r);
    if (weight > 0) f(weight, fixed);
  }
}

inline bool only_delays(const Fault& fault) {
  return fault.kind == Fault::Kind::slow_link || fault.kind == Fault::Kind::stall ||
         fault.kind == Fault::Kind::slow_site || fault.kind == Fault::Kind::clock ||
         (fault.kind == Fault::Kind::message && fault.action != Fault::Action::lose);
}

/// With nothing lost and nobody down somebody may end in doubt. A run takes such a one for blocked,
/// unless a fault concerns the transaction; a chain always does.
inline bool strands_unaided(Scenario scenario, const Machine& machine) {
  std::erase_if(scenario.faults, [](const Fault& f) { return !only_delays(f); });
  const auto built = markov::build_chain(scenario, machine);
  markov::ChainMeasures measures(std::get<0>(built));
  return *measures.answer("stranded").value > 0;
}

/// The names of measures, times apart, in which a chain differs from the sum over all choices.
inline std::vector<std::string> differences(const Scenario& scenario, const Machine& machine,
                                            const markov::BuiltChain& built) {
  std::map<std::string, double> sums;
  for_each_choice(scenario, [&](double weight, const Scenario& fixed) {
    SimulationOptions options;
    options.count = 1;
    const Totals totals = simulate(fixed, machine, options);
    for (const Measure& m : measure_catalogue())
      if (m.kind != Measure::Kind::time)
        sums[std::string(m.name)] +=
            weight * (m.hits ? static_cast<double>(m.hits(totals)) : m.moments(totals).mean());
  });
  if (strands_unaided(scenario, machine)) {
    sums.erase("ever_blocked");
    sums.erase("blocked_at_end");
  }
  std::vector<std::string> all;
  markov::ChainMeasures measures(built);
  for (const std::string& name : markov::ChainMeasures::names()) {
    const auto sum = sums.find(name);
    const markov::Answer answer = measures.answer(name);
    if (sum == sums.end() || !answer.value) continue;
    if (std::abs(*answer.value - sum->second) <= 1e-12 * std::max(1.0, sum->second)) continue;
    all.push_back(name + ": exactly " + std::to_string(*answer.value) + ", over all choices " +
                  std::to_string(sum->second));
  }
  return all;
}

}  // namespace indoubt
