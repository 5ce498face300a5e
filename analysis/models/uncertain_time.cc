#include "analysis/models/commit_times.h"
#include "analysis/models/rows.h"

namespace indoubt {
namespace {

Reason inapplicable(const ModelInput& in) {
  return first_broken(in, {&commits_in_constant_time, &no_other_timeout, &within_horizon});
}

std::optional<double> predict(const ModelInput& in) {
  const auto times = commit_times(in);
  if (!times) return std::nullopt;
  return times->mean_learnt() - times->mean_in_doubt();
}

}  // namespace

constinit const Model kUncertainTime = {
    .name = "uncertain-time",
    .formula = "2d + fc",
    .doc =
        "How long a participant is in doubt when nothing fails: from its YES, over the "
        "coordinator's forced decision, to COMMIT, with constant times. Where participants differ, "
        "each waits for the slowest: the average over them. A PRE-COMMIT phase adds its round and "
        "its forced writes. By Little's law the mean number of participants in doubt of one site "
        "is the rate of transactions times this.",
    .source = "Bernstein, Hadzilacos & Goodman (1987), ch. 7.4; Little (1961)",
    .measure = "in_doubt_time",
    .inapplicable = &inapplicable,
    .predict = &predict};

}  // namespace indoubt
