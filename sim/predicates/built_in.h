#pragma once
// The predicates that every engine answers under the same names, in the one place where they are
// defined: functions of a Standing. Their names are those of measures; what each means stands in
// the catalogue of measures too.
//
// Each is a statement about one moment. An explorer asks it of every world, the simulator of each
// transaction's end.
#include <optional>
#include <span>
#include <string_view>

#include "sim/predicates/facts.h"

namespace indoubt {

/// The transaction's decision: the coordinator's; else commit if somebody committed; else abort if
/// somebody other than a NO voter aborted, or every participant did; else none. The order of
/// decisions does not matter.
constexpr Outcome outcome_of(const Standing& s) {
  if (s.coordinator != Outcome::none) return s.coordinator;
  if (s.committed != 0) return Outcome::commit;
  return s.aborted_freely || s.aborted == s.participants ? Outcome::abort : Outcome::none;
}

/// Whether of so many participants that committed and aborted, and the coordinator, two differ.
constexpr bool disagree(std::uint32_t committed, std::uint32_t aborted, Outcome coordinator) {
  return (committed != 0 || coordinator == Outcome::commit) &&
         (aborted != 0 || coordinator == Outcome::abort);
}

constexpr bool committed(const Standing& s) { return outcome_of(s) == Outcome::commit; }
constexpr bool aborted(const Standing& s) { return outcome_of(s) == Outcome::abort; }
constexpr bool no_decision(const Standing& s) { return outcome_of(s) == Outcome::none; }
/// Decided, and a record of the decision was forced.
constexpr bool coordinator_decided(const Standing& s) {
  return s.coordinator != Outcome::none && s.record == s.coordinator;
}
/// Some process has decided so at some time; it may be down by now.
constexpr bool some_committed(const Standing& s) {
  return s.committed != 0 || s.coordinator == Outcome::commit || s.reversed;
}
constexpr bool some_aborted(const Standing& s) {
  return s.aborted != 0 || s.coordinator == Outcome::abort || s.reversed;
}
/// Participants, those that are down included. One that voted READ decides nothing.
constexpr bool all_committed(const Standing& s) { return s.committed == s.participants; }
constexpr bool none_committed(const Standing& s) { return s.committed == 0; }
constexpr bool all_aborted(const Standing& s) { return s.aborted == s.participants; }
/// Of the participants that are up one has committed and one has aborted, NO voters among these.
/// Not the same as AC1: neither the coordinator nor who is down is looked at.
constexpr bool mixed(const Standing& s) { return s.committed_up != 0 && s.aborted_up != 0; }
constexpr bool all_learnt(const Standing& s) { return s.learnt == s.participants; }
constexpr bool some_in_doubt(const Standing& s) { return s.in_doubt != 0; }
constexpr bool some_blocked(const Standing& s) { return s.blocked != 0; }

/// AC1: two processes have decided differently. What a process has reversed no longer counts
/// against others, so that AC2 alone is violated if all end alike.
constexpr bool violates_agreement(const Standing& s) {
  return disagree(s.committed, s.aborted, s.coordinator);
}
/// AC2: a process reversed its decision. Not if all have voted READ and left: nobody has changed
/// anything or is told anything, so there is no outcome to preserve, and the coordinator's closing
/// record is not forced (R*: Mohan, Lindsay & Obermarck 1986).
constexpr bool violates_stability(const Standing& s) {
  return s.reversed && s.readers != s.participants;
}
/// AC3: commit has been decided although not every participant has voted YES. A vote that comes
/// after the decision does not mend it: ask when the decision is taken, not only at the end.
constexpr bool violates_validity(const Standing& s) {
  return some_committed(s) && s.yes != s.participants;
}
/// AC4, of a transaction that is over and in which nothing failed.
constexpr bool violates_nontriviality(const Standing& s) {
  return s.yes == s.participants && outcome_of(s) != Outcome::commit;
}
/// AC5, of a transaction to which nothing more can happen, with everything up and whole again: the
/// first process that has not decided and should have. `decides(p)`: whether the protocol has
/// process p decide at all (ProtocolTraits::decides). Auxiliaries and who voted READ need not.
template <class Decides>
std::optional<ProcessId> first_undecided(const Facts& facts, Decides&& decides) {
  for (ProcessId p = 0; p <= facts.participants; ++p) {
    const ProcessFacts& process = facts.processes[p];
    if (process.decision == Outcome::none && process.voted != Voted::read && decides(p)) return p;
  }
  return std::nullopt;
}

/// A built-in predicate under its measure's name.
struct BuiltIn {
  std::string_view name;
  bool (*holds)(const Standing&);
};

/// Those that need nothing but a Standing: all above, AC1 to AC3 as violation.PROPERTY.
std::span<const BuiltIn> built_in_predicates();
/// Null if there is none of this name.
const BuiltIn* find_built_in(std::string_view name);

}  // namespace indoubt
