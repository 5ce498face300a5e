#include "analysis/models/conditions.h"
#include "analysis/models/poisson_binomial.h"
#include "analysis/models/rows.h"

namespace indoubt {
namespace {

std::optional<double> predict(const ModelInput& in) {
  return successes_at_least(in.scenario.vote_probabilities(),
                            in.traits.needed(in.scenario.participants()));
}

}  // namespace

constinit const Model kAtLeastK = {
    .name = "at-least-k",
    .formula = "sum over i >= k of P(i YES)",
    .doc =
        "At least k of n independent participants vote YES (Poisson-binomial), with the k that "
        "the protocol's decision rule needs. Right for every rule when every vote arrives in "
        "time.",
    .source = "Poisson (1837)",
    .measure = "commit",
    .inapplicable = &votes_decide,
    .predict = &predict};

}  // namespace indoubt
