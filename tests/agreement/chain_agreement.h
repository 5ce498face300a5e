#pragma once
// When a chain's exact values and a simulation agree.
#include <cmath>
#include <string>
#include <variant>
#include <vector>

#include "analysis/chain/measures.h"
#include "tests/agreement/random_scenarios.h"

namespace indoubt {

/// Within 5 standard errors. Where hardly an event is expected the normal approximation fails: a
/// few events more are allowed, and as many times the mean. 20 ns: a run cuts delays to whole ones.
inline bool simulation_agrees(const Measure& measure, const Totals& totals, double exact) {
  if (measure.hits) return agrees(measure, totals, exact);
  const Moments& m = measure.moments(totals);
  if (m.count == 0) return true;  // nothing was observed: its share is a measure of its own
  const auto n = static_cast<double>(m.count);
  const double error = std::sqrt(m.variance() / n);
  return std::abs(m.mean() - exact) <= 5 * error + 20 + 20 * exact / n;
}

/// The names of measures of which a chain and a simulation disagree, with both values.
inline std::vector<std::string> disagreements(const markov::BuiltChain& built,
                                              const Totals& totals) {
  std::vector<std::string> all;
  markov::ChainMeasures measures(built);
  for (const std::string& name : markov::ChainMeasures::names()) {
    const Measure* measure = find_measure(name);
    const markov::Answer answer = measures.answer(name);
    if (measure == nullptr || !answer.value) continue;
    if (simulation_agrees(*measure, totals, *answer.value)) continue;
    const double simulated = measure->hits ? static_cast<double>(measure->hits(totals)) /
                                                 static_cast<double>(totals.transactions)
                                           : measure->moments(totals).mean();
    all.push_back(name + ": exactly " + std::to_string(*answer.value) + ", simulated " +
                  std::to_string(simulated));
  }
  return all;
}

}  // namespace indoubt
