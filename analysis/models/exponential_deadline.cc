#include <boost/math/special_functions/gamma.hpp>
#include <cmath>

#include "analysis/models/conditions.h"
#include "analysis/models/exponential_paths.h"
#include "analysis/models/poisson_binomial.h"
#include "analysis/models/rows.h"

namespace indoubt {
namespace {

Reason one_constant_deadline(const ModelInput& in) {
  const auto timeout = in.scenario.timeout(kVotesTimer);
  const std::string name = "the time-out `" + std::string(kVotesTimer) + "`";
  if (!timeout) return name + " never fires, so there is no deadline";
  if (!timeout->is_constant()) {
    return name + " is " + timeout->text() + ", and the formula has a constant one";
  }
  if (in.traits.prepare_tries == 1) return std::nullopt;
  return "PREPARE is sent up to " + std::to_string(in.traits.prepare_tries) +
         " times, and the formula has one try";
}

/// What else lies on the way of a vote only moves the deadline.
Reason constant_work(const ModelInput& in) {
  for (const VotePath& path : vote_paths(in)) {
    if (!path.prepare.is_constant()) {
      return path.participant + " prepares for " + path.prepare.text() +
             ", and the formula has a constant time";
    }
    if (!path.force.is_constant()) {
      return "a forced write takes " + path.force.text() + ", and the formula has a constant time";
    }
  }
  return std::nullopt;
}

Reason inapplicable(const ModelInput& in) {
  return first_broken(
      in, {&asked_directly, &no_readers, &own_sites, &no_loss, &no_duplication, &asked_in_parallel,
           &plain_votes, &votes_sent_straight, &one_constant_deadline, &exponential_links,
           &constant_work, &no_stall_by_late_votes, &no_other_timeout, &within_horizon});
}

/// Probability that the two delays of a vote end before the deadline.
double in_time(const VotePath& path, double deadline) {
  const double mean = delay_mean(path);
  const double left = deadline - (path.sent_ns + path.mean() - 2 * mean);
  if (left < 0) return 0;
  if (mean == 0) return 1;
  return boost::math::gamma_p(2.0, left / mean, ModelPolicy());
}

std::optional<double> predict(const ModelInput& in) {
  const auto timeout = in.scenario.timeout(kVotesTimer);
  if (!timeout || !timeout->is_constant()) return std::nullopt;
  std::vector<double> heard = in.scenario.vote_probabilities();
  const std::vector<VotePath> paths = vote_paths(in);
  for (std::size_t i = 0; i < heard.size(); ++i) {
    if (!std::isfinite(paths[i].mean())) return std::nullopt;
    heard[i] *= in_time(paths[i], timeout->mean());
  }
  return successes_at_least(heard, in.traits.needed(in.scenario.participants()));
}

}  // namespace

constinit const Model kExponentialDeadline = {
    .name = "exponential-deadline",
    .formula = "(p s)^n, s = 1 - e^-t (1 + t), t = T / m",
    .doc =
        "Request and reply take exponential times of mean m each, and a YES counts if both are "
        "over within the vote time-out T (less any constant work on the way). Under rules other "
        "than `all`, the sum over enough votes in place of the power.",
    .source = "Erlang (1909): the sum of two exponential times",
    .measure = "commit",
    .inapplicable = &inapplicable,
    .predict = &predict};

}  // namespace indoubt
