#include "scenarios/exact_model.h"

namespace indoubt {

const Model kExactModel = {
    .name = "exact",
    .formula = "the scenario's Markov chain, solved",
    .doc = "What indoubt solve computes: for every measure that the chain answers.",
    .source = "",
    .measure = "",
    .inapplicable = [](const ModelInput&) -> std::optional<std::string> { return std::nullopt; },
    .predict = [](const ModelInput&) -> std::optional<double> { return std::nullopt; }};

const Model* find_comparable(std::string_view name) {
  return name == kExactModel.name ? &kExactModel : find_model(name);
}

std::optional<double> exact_value(const ExactResult& result, std::string_view measure,
                                  std::string& reason) {
  const ExactMeasure* found = result.find(measure);
  if (found != nullptr && found->value) return found->value;
  if (found != nullptr && !found->reason.empty())
    reason = found->reason;
  else
    reason = result.refusals.empty() ? "not asked of a chain" : result.refusals.front();
  return std::nullopt;
}

}  // namespace indoubt
