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
  return successes_within(in.scenario.vote_probabilities(), more_than_half(in),
                          in.scenario.participants() - 1);
}

}  // namespace

constinit const Model kMajorityWithoutUnanimity = {
    .name = "majority-without-unanimity",
    .formula = "sum over n/2 < i < n of P(i YES)",
    .doc =
        "More than half vote YES, but not all: how often a majority rule commits against a NO "
        "vote and so violates AC3.",
    .source = "The difference of majority and unanimous",
    .measure = "violation.validity",
    .inapplicable = &inapplicable,
    .predict = &predict};

}  // namespace indoubt
