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
  return times->mean_freed() - times->mean_asked();
}

}  // namespace

constinit const Model kLockHold = {
    .name = "lock-hold",
    .formula = "fp + 2d + fc + f; without f for presumed commit; + 2d + 2f for 3PC",
    .doc =
        "How long a participant holds its locks when nothing fails and all times are constant: "
        "from "
        "PREPARE's arrival through local work, prepared record, vote, decision and the record of "
        "it, with PRE-COMMIT and its acknowledgement between under 3PC (2f where coordinator and "
        "participants force it). A record that every transaction changes serves one of them in "
        "this time: its inverse is the throughput. Where participants differ, each waits for the "
        "slowest: the average over them.",
    .source = "Derived from the protocol; Mohan, Lindsay & Obermarck (1986) for the records",
    .measure = "lock_time",
    .inapplicable = &inapplicable,
    .predict = &predict};

}  // namespace indoubt
