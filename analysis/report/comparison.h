#pragma once
// Measurement against model, row by row, with the verdict of the whole table under control.
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "analysis/models/model.h"
#include "analysis/stats/verdict.h"
#include "sim/measures/measure.h"

namespace indoubt {

enum class IntervalKind : std::uint8_t { wilson, clopper_pearson };

/// What a run says of one measure.
struct Estimate {
  double value = 0;   ///< probability, nanoseconds or count
  Interval interval;  ///< at `level`
  double level = 0;
  double variance = 0;             ///< of one observation
  std::uint64_t observations = 0;  ///< transactions that it is over
  std::uint64_t cut_off = 0;       ///< of these: the time had not ended when the transaction did
};

std::string_view name(IntervalKind kind);

/// `kind` matters for proportions only. Requires 0 < level < 1.
Estimate estimate(const Measure& measure, const Totals& totals, double level,
                  IntervalKind kind = IntervalKind::wilson);

/// " over 94.1 %": the share of the run's transactions that the estimate is over, to the digits
/// that tell it from all and from none; empty if it is over all of them (or over 99.95 % and more).
std::string over_text(const Estimate& e, std::uint64_t transactions);

/// One row of the table: a model's prediction beside what was measured.
struct Comparison {
  const Model* model = nullptr;
  const Measure* measure = nullptr;
  std::optional<double> predicted;          ///< nothing: the formula cannot be evaluated here
  std::optional<std::string> inapplicable;  ///< why the model does not describe this scenario
  Estimate measured;
  double margin = 0;                     ///< of agreement, in the measure's unit
  Verdict verdict = Verdict::undecided;  ///< meaningful if there is a prediction
  std::uint64_t needs = 0;               ///< undecided: about so many observations would decide
};

/// "agree", "disagree", "undecided", or "close": like agree, but the model does not apply, so that
/// it is a coincidence and confirms nothing. Requires a prediction.
std::string_view verdict_name(const Comparison& c);

/// Default margin of agreement with `value`: absolute for proportions, relative for means.
double standard_margin(const Measure& measure, double value);

/// Judges a value that comes from elsewhere under the name of `model`, at confidence `level`.
/// Nothing as value: `reason` says why there is none.
Comparison compare_value(const Model& model, const Measure& measure, std::optional<double> value,
                         std::optional<std::string> reason, const Totals& totals, double level,
                         IntervalKind kind = IntervalKind::wilson);

/// Judges one prediction at confidence `level`.
Comparison compare_model(const Model& model, const ModelInput& input, const Totals& totals,
                         double level, IntervalKind kind = IntervalKind::wilson);

/// The models worth showing when a scenario names none: those that apply to the input, one of each
/// group that says the same.
std::vector<const Model*> applicable_models(const ModelInput& input);

}  // namespace indoubt
