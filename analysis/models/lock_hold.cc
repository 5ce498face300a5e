#include "analysis/models/commit_times.h"
#include "analysis/models/rows.h"

namespace indoubt {
namespace {

/// Locks of different participants are held for different times.
Reason participants_alike(const ModelInput& in) {
  const std::vector<VotePath> paths = vote_paths(in);
  for (const VotePath& path : paths) {
    const bool alike = path.request.latency == paths[0].request.latency &&
                       path.reply.latency == paths[0].reply.latency &&
                       path.prepare == paths[0].prepare;
    if (alike) continue;
    return path.participant + " and " + paths[0].participant +
           " take different times, and the formula has one delay and one local work; give them "
           "the same";
  }
  return std::nullopt;
}

Reason inapplicable(const ModelInput& in) {
  return first_broken(
      in, {&commits_in_constant_time, &participants_alike, &no_other_timeout, &within_horizon});
}

std::optional<double> predict(const ModelInput& in) {
  const auto times = commit_times(in);
  if (!times) return std::nullopt;
  return times->completed;
}

}  // namespace

// No run measures a throughput of one record yet. A record that is locked when PREPARE arrives and
// freed by the participant's last forced write is held from d (after a start record, if one is
// forced) to the completion, so the time to the completion is the hold and a constant.
constinit const Model kLockHold = {
    .name = "lock-hold",
    .formula = "d + h; h = fp + 2d + fc + f, without f for presumed commit, + 2d + 2f for 3PC",
    .doc =
        "Time to the last participant's decision when nothing fails and all times are constant: "
        "PREPARE's delay d (after the start record, if that is forced) and the time h for which a "
        "participant holds its locks, from PREPARE's arrival through local work, prepared record, "
        "vote, decision and the record of it, with PRE-COMMIT and its acknowledgement between "
        "under 3PC (2f where coordinator and participants force it). A record that every "
        "transaction changes serves at most 1 / h of them a unit of time.",
    .source = "Derived from the protocol; Mohan, Lindsay & Obermarck (1986) for the records",
    .measure = "completion_time",
    .inapplicable = &inapplicable,
    .predict = &predict};

}  // namespace indoubt
