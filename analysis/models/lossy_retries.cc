#include "analysis/models/conditions.h"
#include "analysis/models/poisson_binomial.h"
#include "analysis/models/rows.h"

namespace indoubt {
namespace {

/// A request and its reply fit into one time-out, so that each try succeeds or fails by loss alone.
Reason tries_are_independent(const ModelInput& in) {
  const auto timeout = in.scenario.timeout(kVotesTimer);
  for (const VotePath& path : vote_paths(in)) {
    const double most = path.sent_ns + path.range().high;
    if (!timeout || most <= timeout->range().low) continue;
    return "a request to " + path.participant + " and its reply may not fit into one time-out `" +
           std::string(kVotesTimer) + "` (" + timeout->text() + ")";
  }
  return std::nullopt;
}

/// What follows a loss is a vote time-out, and nothing else that matters.
Reason loss_is_noticed(const ModelInput& in) {
  const Reason loss = no_loss(in);
  if (!loss) return std::nullopt;
  if (!in.scenario.timeout(kVotesTimer)) {
    return *loss + ", but the time-out `" + std::string(kVotesTimer) +
           "` never fires: no message is sent again";
  }
  if (in.traits.votes_alone_decide) return std::nullopt;
  return *loss +
         ", and here not only PREPARE and votes lead to a decision: questions or other "
         "messages do too, whose loss the formula does not know";
}

Reason inapplicable(const ModelInput& in) {
  return first_broken(in, {&asked_directly, &no_readers, &own_sites, &asked_in_parallel,
                           &votes_sent_straight, &no_duplication, &loss_is_noticed,
                           &tries_are_independent, &no_stall, &no_other_timeout, &within_horizon});
}

/// Probability that one of `tries` pairs of request and reply gets through.
double one_gets_through(const VotePath& path, int tries) {
  const double lost = 1 - (1 - path.request.loss) * (1 - path.reply.loss);
  double all_lost = 1;
  for (int i = 0; i < tries; ++i) all_lost *= lost;
  return 1 - all_lost;
}

std::optional<double> predict(const ModelInput& in) {
  std::vector<double> heard = in.scenario.vote_probabilities();
  const std::vector<VotePath> paths = vote_paths(in);
  for (std::size_t i = 0; i < heard.size(); ++i) {
    heard[i] *= one_gets_through(paths[i], in.traits.prepare_tries);
  }
  return successes_at_least(heard, in.traits.needed(in.scenario.participants()));
}

}  // namespace

constinit const Model kLossyRetries = {
    .name = "lossy-retries",
    .formula = "(p s)^n, s = 1 - (1 - (1 - q)^2)^k",
    .doc =
        "Each message is lost with probability q, and PREPARE is sent up to k times: a YES counts "
        "if one of k pairs of request and reply gets through. Under rules other than `all`, the "
        "sum over enough votes in place of the power.",
    .source = "Independent losses; each try lasts one vote time-out",
    .measure = "commit",
    .inapplicable = &inapplicable,
    .predict = &predict};

}  // namespace indoubt
