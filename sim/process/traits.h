#pragma once
// What analytic models need to know of a protocol, without seeing it.

namespace indoubt {

/// How many YES votes the coordinator needs to decide commit.
enum class DecisionRule : unsigned char { all, majority, any, at_least };

/// Whether a coordinator with enough YES votes may wait without end for a participant that votes
/// NO: never, only if that vote comes after the "votes" time-out, or always.
enum class StalledByNo : unsigned char { never, if_late, always };

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

  /// YES votes needed among n participants: n, n / 2 + 1, 1 or `at_least`.
  constexpr int needed(int n) const {
    switch (rule) {
      case DecisionRule::all: return n;
      case DecisionRule::majority: return n / 2 + 1;
      case DecisionRule::any: return 1;
      case DecisionRule::at_least: return at_least;
    }
    return n;
  }
  bool operator==(const ProtocolTraits&) const = default;
};

}  // namespace indoubt
