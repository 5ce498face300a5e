#include "analysis/models/conditions.h"
#include "analysis/models/rows.h"

namespace indoubt {
namespace {

Reason inapplicable(const ModelInput& in) {
  if (Reason reason = needs_votes(in, in.scenario.participants())) return reason;
  return votes_decide(in);
}

std::optional<double> predict(const ModelInput& in) {
  double all = 1;
  for (const double p : in.scenario.vote_probabilities()) all *= p;
  return all;
}

}  // namespace

constinit const Model kUnanimous = {
    .name = "unanimous",
    .formula = "p^n",
    .doc =
        "All of n independent participants vote YES: the product of their probabilities. Right "
        "for atomic commitment when every vote arrives in time.",
    .source = "Bernstein, Hadzilacos & Goodman (1987), ch. 7: AC3 and AC4",
    .measure = "commit",
    .inapplicable = &inapplicable,
    .predict = &predict};

}  // namespace indoubt
