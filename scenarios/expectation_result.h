#pragma once
#include <span>
#include <string>
#include <vector>

#include "analysis/report/comparison.h"
#include "scenarios/expectation.h"
#include "scenarios/solver_results.h"
#include "sim/scenario/scenario.h"

namespace indoubt {

/// A protocol's results, as far as expectations ask.
struct Subject {
  std::string_view label;
  ModelInput input;
  const Totals* totals;
  const ExactResult* exact = nullptr;  ///< null: no line asks for it
};

/// One line of `expect:` judged for one protocol, or a violation that no line expects.
struct ExpectationResult {
  enum class Status : std::uint8_t {
    met,
    failed,
    undecided,
    not_judged,  ///< the run was interrupted
  };
  Status status = Status::undecided;
  std::string label;   ///< of the protocol
  std::string text;    ///< the line as the scenario has it; empty for an unexpected violation
  int line = 0;        ///< in the scenario; 0 for an unexpected violation
  std::string detail;  ///< what was measured beside what was expected
};
std::string_view name(ExpectationResult::Status s);

/// Judges every line for every protocol it concerns, at confidence `level` each, and adds a failure
/// for each violation that no line expects.
std::vector<ExpectationResult> judge(std::span<const Expectation> expectations,
                                     std::span<const Subject> subjects, double level,
                                     IntervalKind kind);

/// Every line for every protocol it concerns, of a run that was interrupted: none is judged.
std::vector<ExpectationResult> not_judged(std::span<const Expectation> expectations,
                                          std::span<const ProtocolUse> protocols);

/// How many intervals judge() will form: what the family-wise level must be shared among.
int numeric_expectations(std::span<const Expectation> expectations,
                         std::span<const Subject> subjects);

}  // namespace indoubt
