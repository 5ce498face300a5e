#include "analysis/models/conditions.h"
#include "analysis/models/poisson_binomial.h"
#include "analysis/models/rows.h"

namespace indoubt {
namespace {

Reason several_attempts(const ModelInput& in) {
  if (in.scenario.transactions.attempts > 1) return std::nullopt;
  return "a transaction that aborts is not tried again, and the formula is about several attempts "
         "of a client; no scenario file can ask for them yet";
}

Reason inapplicable(const ModelInput& in) {
  return first_broken(in, {&several_attempts, &votes_decide});
}

std::optional<double> predict(const ModelInput& in) {
  const double one = successes_at_least(in.scenario.vote_probabilities(),
                                        in.traits.needed(in.scenario.participants()));
  double all_fail = 1;
  for (int i = 0; i < in.scenario.transactions.attempts; ++i) all_fail *= 1 - one;
  return 1 - all_fail;
}

}  // namespace

constinit const Model kRetries = {
    .name = "retries",
    .formula = "1 - (1 - P)^R",
    .doc =
        "At least one of R attempts of a client commits, each with new votes: P is the probability "
        "of one attempt, enough YES votes of its participants.",
    .source = "The project's original note, section 1.4: what its formula is right for",
    .measure = "commit",
    .inapplicable = &inapplicable,
    .predict = &predict};

}  // namespace indoubt
