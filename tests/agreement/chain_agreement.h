#pragma once
// When a chain's exact values and a simulation agree.
#include <cmath>
#include <string>
#include <variant>
#include <vector>

#include "analysis/chain/measures.h"
#include "tests/agreement/random_scenarios.h"

namespace indoubt {

/// Observations of a mean from which its sample's variance tells something.
inline constexpr std::uint64_t kEnough = 100;

/// Within so many standard errors. Where hardly an event is expected the normal approximation
/// fails: a few events more are allowed, and as many times the mean.
inline bool simulation_agrees(const Measure& measure, const Totals& totals, double exact,
                              double errors = 5) {
  if (measure.hits) return agrees(measure, totals, exact, errors);
  const Moments& m = measure.moments(totals);
  if (m.count < kEnough) return true;  // too few for their own variance; their share is judged
  const auto n = static_cast<double>(m.count);
  const double error = std::sqrt(m.variance() / n);
  return std::abs(m.mean() - exact) <= errors * error + rounding_of(measure) + 20 * exact / n;
}

/// What a run measures otherwise than its measure says, so that a chain cannot agree: a random
/// time-out that was cancelled stays pending, and a transaction with nothing else to come ends
/// late: who is in doubt or blocked then is so for longer, and a crash may still come.
inline bool run_differs(const Scenario& scenario, std::string_view name) {
  const bool of_end =
      name.substr(0, 8) == "in_doubt" || name.substr(0, 8) == "blocked_" || name == "crashed";
  const bool cancels =
      std::any_of(scenario.timeouts.begin(), scenario.timeouts.end(),
                  [](const TimeoutLength& t) { return t.length && !t.length->is_constant(); });
  return of_end && cancels;
}

/// Whether a chain may find that somebody is blocked earlier than a run does: where all times are
/// constant it knows that a message on its way comes before a time-out and cancels it, and to a
/// run, which does not look at times, that time-out could still help.
inline bool may_be_blocked_earlier(const markov::BuiltChain& built, std::string_view name) {
  return built.clocks == markov::Clocks::constant &&
         (name == "blocked_time" || name == "blocked_sum_time");
}

/// The names of measures of which a chain and a simulation disagree, with both values.
inline std::vector<std::string> disagreements(const Scenario& scenario,
                                              const markov::BuiltChain& built,
                                              const Totals& totals) {
  std::vector<std::string> all;
  markov::ChainMeasures measures(built);
  for (const std::string& name : markov::ChainMeasures::names()) {
    const Measure* measure = find_measure(name);
    const markov::Answer answer = measures.answer(name);
    if (measure == nullptr || !answer.value || run_differs(scenario, name)) continue;
    if (simulation_agrees(*measure, totals, *answer.value)) continue;
    if (may_be_blocked_earlier(built, name) && *answer.value > measure->moments(totals).mean())
      continue;
    const double simulated = measure->hits ? static_cast<double>(measure->hits(totals)) /
                                                 static_cast<double>(totals.transactions)
                                           : measure->moments(totals).mean();
    all.push_back(name + ": exactly " + std::to_string(*answer.value) + ", simulated " +
                  std::to_string(simulated));
  }
  return all;
}

}  // namespace indoubt
