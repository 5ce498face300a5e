#pragma once
// What a scenario expects of its run: the lines under `expect:`, as values. Whether they hold is
// judged elsewhere.
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/models/model.h"
#include "scenarios/quantity.h"
#include "sim/measures/measure_set.h"
#include "sim/measures/totals.h"

namespace indoubt {

/// The grammar of one line.
inline constexpr std::string_view kExpectationGrammar =
    R"([measured] MEASURE agrees with MODEL [within MARGIN] [under LABEL[, LABEL...]]
[measured] MEASURE disagrees with MODEL [under LABEL[, LABEL...]]
[measured] MEASURE is VALUE [within MARGIN] [under LABEL[, LABEL...]]
[measured] MEASURE is at least VALUE [under LABEL[, LABEL...]]
[measured] MEASURE is at most VALUE [under LABEL[, LABEL...]]
no violation [of PROPERTY] [under LABEL[, LABEL...]]
violation of PROPERTY [agrees with MODEL [within MARGIN]] [under LABEL[, LABEL...]]
)";

/// One line, as a value.
struct Expectation {
  enum class Kind : std::uint8_t {
    agrees,        ///< measure with model
    disagrees,     ///< measure with model
    equals,        ///< measure is value
    at_least,      ///< measure is value or more
    at_most,       ///< measure is value or less
    no_violation,  ///< of `property`, or of any if there is none
    violation      ///< at least one, of `property`
  };
  Kind kind{};
  const Measure* measure = nullptr;  ///< null for no_violation; else never
  const Model* model = nullptr;      ///< agrees, disagrees
  std::optional<Property> property;  ///< named by the line
  double value = 0;                  ///< a probability, nanoseconds or a count, by the measure
  std::optional<double> margin;      ///< in the measure's unit; nothing: the standard one
  std::vector<std::string> labels;   ///< of the protocols it is about; empty: all of them
  std::string text;                  ///< the line
  int line = 0, column = 0;          ///< where it stands, from 1; column in characters

  bool is_about(std::string_view label) const;
};

/// `labels` are those of the scenario's protocols; when empty, any label is accepted. The result
/// points into `measures`, one copy of which must outlive it. Its `line` and `column` are left 0.
Parsed<Expectation> parse_expectation(std::string_view text,
                                      std::span<const std::string_view> labels,
                                      const MeasureSet& measures = MeasureSet());

/// The catalogue of models, and `exact`.
std::vector<std::string_view> model_names();

}  // namespace indoubt
