#pragma once
// The scenario's own Markov chain in the place of a closed formula: what `exact` means under
// `compare:` and in `expect:`.
#include <string_view>

#include "analysis/models/model.h"
#include "scenarios/solver_results.h"

namespace indoubt {

/// Called `exact`. It belongs to no measure and predicts nothing by itself: its value is that of a
/// solved chain, for whichever measure is asked. Not a row of the catalogue of models.
extern const Model kExactModel;

/// A model of the catalogue, or kExactModel; null if there is no such name.
const Model* find_comparable(std::string_view name);

/// The exact value of a measure, or in `reason` a sentence why there is none.
std::optional<double> exact_value(const ExactResult& result, std::string_view measure,
                                  std::string& reason);

}  // namespace indoubt
