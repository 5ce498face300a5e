#pragma once
// A scenario becomes results: each protocol is run on the same random draws, compared with the
// models, and judged by what the scenario expects.
#include <functional>
#include <string>
#include <vector>

#include "analysis/report/comparison.h"
#include "protocols/catalogue.h"
#include "scenarios/expectation_result.h"
#include "scenarios/loader.h"
#include "sim/measures/totals.h"

namespace indoubt {

struct RunOptions {
  IntervalKind interval = IntervalKind::wilson;
  std::uint64_t first = 1;  ///< number of the first transaction; first + count does not overflow
  std::size_t most_states = 2'000'000;  ///< of a chain that is compared with
  /// Called now and then with the protocol's index and its results so far; false ends the run.
  std::function<bool(std::size_t protocol, const Totals&)> progress;
};

/// One protocol's results.
struct ProtocolResult {
  const ProtocolUse* use = nullptr;  ///< in the scenario
  const ProtocolEntry* entry = nullptr;
  Machine machine;
  Totals totals;
  std::vector<Comparison> comparisons;
  bool complete = true;                ///< false: interrupted, or never begun
  std::optional<ExactResult> exact{};  ///< if `compare:` or a line of `expect:` names `exact`
};

/// How a run ended; the values are the command's exit statuses.
enum class RunStatus : int { met = 0, failed = 1, undecided = 3, interrupted = 130 };

struct RunResult {
  const ScenarioFile* file = nullptr;
  IntervalKind interval = IntervalKind::wilson;  ///< of every proportion
  std::uint64_t first = 1;                       ///< number of the first transaction
  /// Confidence level of each comparison and expectation: kFamilyLevel shared out among those that
  /// form an interval and have something to compare it with.
  double row_level = 0;
  std::vector<ProtocolResult> protocols;
  std::vector<ExpectationResult> expectations;  ///< also violations that nothing
                                                ///< expected; partial: none is judged
  bool partial = false;
  RunStatus status = RunStatus::met;
};

/// `file` must outlive the result. Throws CapacityExceeded. Where sites are fresh, the protocols
/// take turns, each with a part of its transactions, so that an interrupted run has something of
/// all of them; the results do not depend on it.
RunResult run_scenario(const ScenarioFile& file, const RunOptions& options);

/// The protocol under its options, for the scenario's number of processes.
Machine machine_for_use(const ProtocolUse& use, const Scenario& scenario);

}  // namespace indoubt
