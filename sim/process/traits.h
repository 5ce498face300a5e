#pragma once
// What analytic models need to know of a protocol, without seeing it.

namespace indoubt {

/// How many YES votes the coordinator needs to decide commit.
/// `none`: commit follows the votes, whatever they are.
enum class DecisionRule : unsigned char { all, majority, any, at_least, none };

/// Whether a coordinator with enough YES votes may wait without end for a participant that votes
/// NO: never, only if that vote comes after the "votes" time-out, or always.
enum class StalledByNo : unsigned char { never, if_late, always };

/// Who comes to a decision when nothing fails.
enum class Deciders : unsigned char { everybody, participants, coordinator };

/// What a commit in which nothing fails consists of besides PREPARE, the forced votes, the decision
/// and its delivery, where the coordinator talks to all participants at once.
struct CommitPath {
  bool known = false;         ///< false: another way, or it may lack a vote; the rest is void
  bool start_forced = false;  ///< the coordinator forces a record before PREPARE
  bool pre_commit = false;    ///< PRE-COMMIT and its acknowledgements before the decision
  bool leader_forces_pre_commit = false;
  bool participants_force_pre_commit = false;
  bool decision_forced = false;  ///< the coordinator forces its decision before it tells
  bool commit_forced = false;    ///< a participant forces the decision before it frees its locks
  bool operator==(const CommitPath&) const = default;
};

/// Whom a participant in doubt asks at its "decision" time-out.
enum class Asks : unsigned char { nobody, coordinator, everybody };

/// What becomes of participants in doubt whose coordinator crashes before it has decided.
struct CoordinatorLoss {
  /// They stay in doubt until it is back, unless they ask one that has not voted yet.
  bool blocks = false;
  /// Back without a decision, it aborts and tells everybody; otherwise it answers when it is asked.
  bool tells_abort = false;
  bool abort_forced = false;  ///< ... after a forced write
  bool operator==(const CoordinatorLoss&) const = default;
};

struct ProtocolTraits {
  DecisionRule rule = DecisionRule::all;
  int at_least = 1;       ///< for DecisionRule::at_least
  int prepare_tries = 1;  ///< times PREPARE is sent to a silent participant before the coordinator
                          ///< gives up; each try lasts one "votes" time-out
  bool one_by_one = false;  ///< participants are asked one after another
  /// The coordinator decides as soon as the votes settle the outcome, and nothing but the votes and
  /// the "votes" time-out can change its decision.
  bool votes_alone_decide = true;
  /// Votes travel straight from the participants to the coordinator, with no process between.
  bool votes_direct = true;
  StalledByNo stalled_by_no = StalledByNo::never;
  /// A participant forces its vote before it sends it, and one that is silent to the end of its
  /// last try is taken for a NO.
  bool plain_votes = true;
  /// Each participant is asked by the coordinator, forces its vote and answers the coordinator.
  /// False: votes take another way, or are given without a forced write.
  bool asked_directly = true;
  Deciders deciders = Deciders::everybody;
  CommitPath commit = {};
  Asks asks = Asks::nobody;
  bool asks_in_rounds = false;  ///< at multiples of that time-out since the beginning
  CoordinatorLoss coordinator_loss = {};
  /// F, where 2 F + 1 acceptors at sites of their own keep the votes, F + 1 of them suffice, and
  /// the coordinator leads until it knows the decision; -1 elsewhere.
  int acceptor_faults = -1;
  /// The coordinator's site forces one record for so many transactions together, beside those that
  /// processes write; 0: none.
  int shared_record_every = 0;

  /// YES votes needed among n participants: n, n / 2 + 1, 1, `at_least` or 0.
  constexpr int needed(int n) const {
    switch (rule) {
      case DecisionRule::all: return n;
      case DecisionRule::majority: return n / 2 + 1;
      case DecisionRule::any: return 1;
      case DecisionRule::at_least: return at_least;
      case DecisionRule::none: return 0;
    }
    return n;
  }
  constexpr bool decides(int process) const {
    return deciders == Deciders::everybody || (deciders == Deciders::coordinator) == (process == 0);
  }
  bool operator==(const ProtocolTraits&) const = default;
};

}  // namespace indoubt
