#include "analysis/models/conditions.h"
#include "analysis/models/rows.h"

namespace indoubt {
namespace {

Reason inapplicable(const ModelInput& in) {
  if (Reason reason = needs_votes(in, 1)) return reason;
  return votes_decide(in);
}

std::optional<double> predict(const ModelInput& in) {
  double none = 1;
  for (const double p : in.scenario.vote_probabilities()) none *= 1 - p;
  return 1 - none;
}

}  // namespace

constinit const Model kAtLeastOne = {
    .name = "at-least-one",
    .formula = "1 - (1 - p)^n",
    .doc =
        "At least one of n independent tries succeeds. Right for retries, for replicas, or where "
        "one YES is enough to commit; it is not the success of a transaction that needs all.",
    .source = "The project's original note, section 1.4",
    .measure = "commit",
    .inapplicable = &inapplicable,
    .predict = &predict};

}  // namespace indoubt
