#pragma once
// The exact results of a scenario: its chain under one protocol, built and solved.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/measures/measure.h"
#include "sim/scenario/scenario.h"

namespace indoubt {

struct SolveOptions {
  int erlang = 0;            ///< stages in place of constant time-outs where times are mixed
  std::vector<Duration> by;  ///< commit_by(T), abort_by(T), beside the scenario's `decided_by`
  bool rational = false;     ///< check the probabilities in exact arithmetic
  bool parameters = true;    ///< which parameter matters
  std::size_t most_states = 2'000'000;
};

/// One measure: its exact value, or why there is none.
struct ExactMeasure {
  std::string name;  ///< as a run calls it
  Measure::Kind kind = Measure::Kind::proportion;
  std::optional<double> value;
  double error = 0;       ///< relative backward error, or with scheduled switches an absolute bound
  std::string certainty;  ///< with `rational`: the digits that are certain
  std::string reason;     ///< without a value
};

/// d P(commit) / d parameter.
struct ParameterEffect {
  std::string parameter;  ///< as the scenario calls it; times in nanoseconds
  double value = 0, slope = 0;
};

struct ExactResult {
  /// Why nothing, or not everything, was solved: sentences that say what to change.
  std::vector<std::string> refusals;
  bool solved = false;  ///< some measures have values
  /// A bound on states was hit: what has no value may have one in a larger chain.
  bool incomplete = false;
  std::string mode;  ///< "discrete chain", "continuous-time chain", "... scheduled switches"
  bool approximation = false;  ///< Erlang time-outs in place of constant ones
  std::size_t states = 0, transitions = 0, components = 0, largest_component = 0;
  double build_seconds = 0, solve_seconds = 0;  ///< of processor time
  std::vector<ExactMeasure> measures;           ///< in the order of the catalogue
  std::vector<ParameterEffect> parameters;      ///< largest effect first

  /// Null if there is no such measure.
  const ExactMeasure* find(std::string_view name) const;
};

/// Requires that `use` is one of the scenario's protocols or was checked against it.
ExactResult solve_scenario(const Scenario& scenario, const ProtocolUse& use,
                           const SolveOptions& options = {});

}  // namespace indoubt
