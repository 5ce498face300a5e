#include <algorithm>
#include <boost/math/quadrature/exp_sinh.hpp>
#include <boost/math/special_functions/gamma.hpp>
#include <cmath>

#include "analysis/models/conditions.h"
#include "analysis/models/exponential_paths.h"
#include "analysis/models/rows.h"

namespace indoubt {
namespace {

/// Nothing but the two delays takes time.
Reason only_delays(const ModelInput& in) {
  for (const VotePath& path : vote_paths(in)) {
    if (!path.prepare.is_zero()) {
      return path.participant + " prepares for " + path.prepare.text() +
             ", and the formula has message delays alone";
    }
    if (path.request.latency.minimum + path.reply.latency.minimum != Duration{0}) {
      return "delays to and from " + path.participant +
             " have a minimum, and the formula's exponential times have none";
    }
    if (path.sent_ns > 0) return "PREPARE does not leave to all participants at one instant";
  }
  return std::nullopt;
}

Reason inapplicable(const ModelInput& in) {
  return first_broken(in, {&asked_directly, &asked_in_parallel, &begins_with_prepare,
                           &waits_for_all_votes, &decides_on_votes, &free_writes, &only_delays,
                           &exponential_links, &no_duplication, &votes_decide});
}

/// Mean of the maximum of independent sums of two exponential times each, of these means: the
/// integral of P(maximum > t).
double mean_of_slowest(const std::vector<double>& means) {
  const double unit = *std::max_element(means.begin(), means.end());
  if (unit == 0) return 0;
  const auto not_all_over = [&](double t) {
    double log_all_over = 0;
    for (const double mean : means) {
      if (mean == 0) continue;
      log_all_over += std::log1p(-boost::math::gamma_q(2.0, t * unit / mean, ModelPolicy()));
    }
    return -std::expm1(log_all_over);
  };
  boost::math::quadrature::exp_sinh<double> integrator;
  return unit * integrator.integrate(not_all_over, 1e-13);
}

std::optional<double> predict(const ModelInput& in) {
  std::vector<double> means;
  for (const VotePath& path : vote_paths(in)) {
    means.push_back(delay_mean(path));
    if (!std::isfinite(means.back())) return std::nullopt;
  }
  return mean_of_slowest(means);
}

}  // namespace

constinit const Model kVoteCollectionTime = {
    .name = "vote-collection-time",
    .formula = "m E_n, E_n = mean of the slowest of n Erlang-2 times",
    .doc =
        "Mean time until the last of n votes is in, when requests and replies take exponential "
        "times of mean m and nothing else takes time: the time to the decision of a coordinator "
        "that waits for all votes.",
    .source = "Order statistics of Erlang (1909) times",
    .measure = "decision_time",
    .inapplicable = &inapplicable,
    .predict = &predict};

}  // namespace indoubt
