#include <cmath>

#include "analysis/models/conditions.h"
#include "analysis/models/rows.h"

namespace indoubt {
namespace {

Reason asked_one_by_one(const ModelInput& in) {
  if (in.traits.one_by_one) return std::nullopt;
  return "participants are asked all at once, and the formula asks one after another";
}

Reason inapplicable(const ModelInput& in) {
  return first_broken(
      in, {&asked_directly, &asked_one_by_one, &begins_with_prepare, &waits_for_all_votes,
           &decides_on_votes, &free_writes, &no_duplication, &votes_decide});
}

std::optional<double> predict(const ModelInput& in) {
  double sum = 0;
  for (const VotePath& path : vote_paths(in)) sum += path.mean();
  if (!std::isfinite(sum)) return std::nullopt;
  return sum;
}

}  // namespace

constinit const Model kSerialVotes = {
    .name = "serial-votes",
    .formula = "sum over i of (request + prepare + reply)",
    .doc =
        "Mean time until the last vote is in when each participant is asked after the answer of "
        "the one before: the sum of the means, whatever their distributions.",
    .source =
        "The project's original note, section 1.5: its code prepares one service after another",
    .measure = "decision_time",
    .inapplicable = &inapplicable,
    .predict = &predict};

}  // namespace indoubt
