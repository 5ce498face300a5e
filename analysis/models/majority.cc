#include "analysis/models/conditions.h"
#include "analysis/models/poisson_binomial.h"
#include "analysis/models/rows.h"

namespace indoubt {
namespace {

int more_than_half(const ModelInput& in) { return in.scenario.participants() / 2 + 1; }

Reason inapplicable(const ModelInput& in) {
  if (Reason reason = needs_votes(in, more_than_half(in))) return reason;
  return votes_decide(in);
}

std::optional<double> predict(const ModelInput& in) {
  return successes_at_least(in.scenario.vote_probabilities(), more_than_half(in));
}

}  // namespace

constinit const Model kMajority = {
    .name = "majority",
    .formula = "sum over i > n/2 of P(i YES)",
    .doc =
        "More than half of n independent participants vote YES, their probabilities equal or not "
        "(Poisson-binomial). Right for a coordinator that commits on a majority.",
    .source = "The project's original note, section 1.3; Poisson (1837)",
    .measure = "commit",
    .inapplicable = &inapplicable,
    .predict = &predict};

}  // namespace indoubt
