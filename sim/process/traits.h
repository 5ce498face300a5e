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
