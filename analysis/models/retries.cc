#include "analysis/models/conditions.h"
#include "analysis/models/poisson_binomial.h"
#include "analysis/models/rows.h"

namespace indoubt {
namespace {

Reason several_attempts(const ModelInput& in) {
  const auto& client = in.scenario.client;
  if (!client) {
    return "nobody asks again, and the formula is about the attempts of a client; give `client: "
           "{attempts: 3}`";
  }
  if (!client->repeats_id) return std::nullopt;
  return "the client repeats the same transaction, which is not run again, and the formula has new "
         "votes each time; set `id: new`";
}

Reason inapplicable(const ModelInput& in) {
  return first_broken(in, {&several_attempts, &votes_decide});
}

std::optional<double> predict(const ModelInput& in) {
  const double one = successes_at_least(in.scenario.vote_probabilities(),
                                        in.traits.needed(in.scenario.participants()));
  if (!in.scenario.client) return std::nullopt;
  double all_fail = 1;
  for (int i = 0; i < in.scenario.client->attempts; ++i) all_fail *= 1 - one;
  return 1 - all_fail;
}

}  // namespace

constinit const Model kRetries = {
    .name = "retries",
    .formula = "1 - (1 - P)^R",
    .doc =
        "At least one of R attempts of a client commits, each with new votes: P is the probability "
        "of one attempt, enough YES votes of its participants. Whether the client learns of it "
        "does "
        "not matter.",
    .source = "The project's original note, section 1.4: what its formula is right for",
    .measure = "payment.made",
    .inapplicable = &inapplicable,
    .predict = &predict};

}  // namespace indoubt
