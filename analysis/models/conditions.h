#pragma once
// The conditions that several models share. Each names what in the scenario breaks the model, or
// gives nothing when the condition holds.
#include <initializer_list>
#include <optional>
#include <string>
#include <vector>

#include "analysis/models/model.h"
#include "sim/network/network_plan.h"

namespace indoubt {

using Reason = std::optional<std::string>;
using Condition = Reason (*)(const ModelInput&);

/// The first condition that does not hold; before all others, that no fault strikes.
Reason first_broken(const ModelInput& in, std::initializer_list<Condition> conditions);
/// The same for a formula that is about faults.
Reason first_broken_with_faults(const ModelInput& in, std::initializer_list<Condition> conditions);

/// Participants vote YES or NO, and nothing else.
Reason no_readers(const ModelInput& in);
/// Each transaction has sites of its own.
Reason own_sites(const ModelInput& in);
/// No message is lost.
Reason no_loss(const ModelInput& in);
/// No message arrives twice.
Reason no_duplication(const ModelInput& in);
/// PREPARE leaves at the transaction's beginning: no work is done before.
Reason begins_with_prepare(const ModelInput& in);
/// All participants are asked at once.
Reason asked_in_parallel(const ModelInput& in);
/// Each participant is asked by the coordinator, forces its vote and answers.
Reason asked_directly(const ModelInput& in);
/// Participants send their votes straight to the coordinator.
Reason votes_sent_straight(const ModelInput& in);
/// The coordinator waits for every vote: all vote YES for certain, or one YES is enough.
Reason waits_for_all_votes(const ModelInput& in);
/// The coordinator decides as soon as the votes settle the outcome.
Reason decides_on_votes(const ModelInput& in);
Reason plain_votes(const ModelInput& in);
/// Forced writes take no time.
Reason free_writes(const ModelInput& in);
/// The `votes` time-out never fires before a vote that was not lost arrives.
Reason votes_in_time(const ModelInput& in);
/// No other time-out can change the decision. Where votes pass through other processes, `votes` is
/// one of them.
Reason no_other_timeout(const ModelInput& in);
/// No NO vote, in time, leaves a coordinator with enough YES votes waiting.
Reason no_stall(const ModelInput& in);
/// The same for NO votes at any time.
Reason no_stall_by_late_votes(const ModelInput& in);
/// Transactions are decided before the horizon, except with a probability that no report shows.
Reason within_horizon(const ModelInput& in);
/// Every vote reaches the coordinator and is waited for: what formulas of the votes alone need.
Reason votes_decide(const ModelInput& in);
/// Every vote reaches the coordinator and is waited for, as far as no fault prevents it.
Reason votes_decide_but_for_faults(const ModelInput& in);
/// The coordinator commits with exactly `needed` YES votes.
Reason needs_votes(const ModelInput& in, int needed);

/// What lies between the coordinator's start and a participant's YES.
struct VotePath {
  std::string participant;  ///< its name
  LinkClass request, reply;
  Latency prepare, force;  ///< local work; the prepared record
  double sent_ns = 0;      ///< when PREPARE leaves, if all are asked at once

  LatencyRange range() const;  ///< of the whole, from `sent_ns` on
  double mean() const;
};
/// One for each participant, in order.
std::vector<VotePath> vote_paths(const ModelInput& in);

/// Name of the time-out that ends the wait for votes.
inline constexpr std::string_view kVotesTimer = "votes";

}  // namespace indoubt
