#pragma once
// When what happens in a commit of constant times in which nothing fails.
#include <vector>

#include "analysis/models/conditions.h"

namespace indoubt {

/// Instants since the transaction's start, in nanoseconds.
struct CommitTimes {
  double prepare_sent = 0;       ///< PREPARE leaves: after the start record, if that is forced
  std::vector<double> asked;     ///< PREPARE arrives at each participant
  std::vector<double> in_doubt;  ///< each participant's YES leaves
  double decision_sent = 0;      ///< COMMIT leaves, its record durable
  std::vector<double> learnt;    ///< COMMIT arrives at each participant
  double commit_record = 0;      ///< how long each then writes, before it frees its locks

  double first_in_doubt() const;
  double last_in_doubt() const;
  double mean_in_doubt() const;
  double mean_learnt() const;
  double mean_asked() const;
  double mean_freed() const;
  double completed() const;  ///< the last participant has freed its locks
};

/// With the mean of every time; nothing if one has none, or if commits of the protocol take a way
/// that its traits do not describe.
std::optional<CommitTimes> commit_times(const ModelInput& in);

/// Every participant votes YES for certain, and its vote is needed.
Reason all_vote_yes(const ModelInput& in);
/// The conditions under which `commit_times` is exact, but for faults and time-outs other than
/// `votes`: own sites, constant times, nothing lost or repeated, a known way to commit.
Reason commits_in_constant_time(const ModelInput& in);
/// The same but for own sites.
Reason commits_in_constant_time_anywhere(const ModelInput& in);

}  // namespace indoubt
