#pragma once
// Options of three-phase commit beyond the votes, the same in each of its forms.
#include <array>

#include "protocols/two_phase_parts.h"

namespace indoubt {

/// Options of everything that follows the votes (a base of a protocol's Options).
struct TerminationOptions {
  Telling pre_committing = Telling::parallel;
  Telling telling = Telling::parallel;
  bool acks = false;
  RecordPolicy no_voter_record = RecordPolicy::unforced;
  StartRecord start_record = StartRecord::free;
  enum class PreCommitRecord : std::uint8_t { none, participants, all };
  PreCommitRecord pre_commit_record = PreCommitRecord::none;
  using Unasked = indoubt::Unasked;
  Unasked unasked = Unasked::off;
  enum class Late : std::uint8_t { terminate, off, abort, commit };
  Late uncertain = Late::terminate;
  Late pre_committed = Late::terminate;
  enum class Termination : std::uint8_t { collected_states, backup_state };
  Termination termination = Termination::collected_states;
  bool ask_silent_leader = false;
  enum class TotalFailure : std::uint8_t { last_to_fail, logged_states };
  TotalFailure total_failure = TotalFailure::last_to_fail;
  RecordPolicy up_set_record = RecordPolicy::unforced;
  RecoverDecided recover_decided = RecoverDecided::resend;
  enum class Mistake : std::uint8_t {
    none,
    commit_in_pre_commit_on_timeout,
    abort_when_uncertain,
    timeout_only,
    recovered_votes,
    pre_commit_not_durable,
    two_leaders,
    decide_on_majority
  };
  Mistake mistake = Mistake::none;
};

inline constexpr std::string_view kPreCommitRecords[] = {"none", "participants", "all"};
inline constexpr std::string_view kLate[] = {"terminate", "off", "abort", "commit"};
inline constexpr std::string_view kTerminations[] = {"collected-states", "backup-state"};
inline constexpr std::string_view kTotalFailures[] = {"last-to-fail", "logged-states"};
inline constexpr std::string_view kThreePhaseMistakes[] = {"none",
                                                           "commit_in_pre_commit_on_timeout",
                                                           "abort_when_uncertain",
                                                           "timeout_only",
                                                           "recovered_votes",
                                                           "pre_commit_not_durable",
                                                           "two_leaders",
                                                           "decide_on_majority"};

/// The fields that every form of three-phase commit offers, in the order of the catalogue.
template <class O>
constexpr std::array<OptionField, 10> kTerminationFields = {
    choice<O, &O::no_voter_record>("no_voter_record", kNoVoterRecordDoc, kRecordPolicies),
    choice<O, &O::pre_commit_record>("pre_commit_record", "Who forces a record of PRE-COMMIT.",
                                     kPreCommitRecords),
    choice<O, &O::unasked>("unasked", kUnaskedDoc, kUnaskedChoices),
    choice<O, &O::uncertain>(
        "uncertain",
        "What an uncertain participant does when it hears nothing within the `decision` time-out: "
        "run the termination protocol, nothing, or decide alone (unsafe).",
        kLate),
    choice<O, &O::pre_committed>(
        "pre_committed",
        "What a pre-committed participant does when it hears nothing within the `commit` time-out: "
        "run the termination protocol, nothing, or decide alone (unsafe).",
        kLate),
    choice<O, &O::termination>(
        "termination",
        "What a back-up goes by: the states that it collects (rules TR1-TR4), or its own state, to "
        "which it first moves everybody it can reach (MOVE).",
        kTerminations),
    choice<O, &O::ask_silent_leader>(
        "ask_silent_leader",
        "Whether a back-up also asks, and tells its decision to, those that it has waited for "
        "itself and taken for failed.",
        kNoYes),
    choice<O, &O::total_failure>(
        "total_failure",
        "When processes that have all failed and come back undecided may decide: once those that "
        "are back include the last one to fail, by their logged up-sets, or after one `decision` "
        "time-out, by the logged states of those that are back (unsafe).",
        kTotalFailures),
    choice<O, &O::up_set_record>(
        "up_set_record",
        "How an undecided process writes its up-set when it takes another one for failed; only the "
        "first 48 processes can be left out of it. Without this record the rule `last-to-fail` "
        "waits for more processes.",
        kRecordPolicies),
    choice<O, &O::mistake>(
        "mistake",
        "A known mistake, to see what it breaks. Decide alone on a time-out: commit when "
        "pre-committed, abort when uncertain, or both (timeout_only). recovered_votes: a "
        "recovering "
        "process takes part in a termination round with its old state. pre_commit_not_durable: a "
        "recovering participant decides by its last record, commit if that is PRE-COMMIT, though "
        "PRE-COMMIT need not be logged. two_leaders: a process obeys every leader, and goes on "
        "leading when another takes over. decide_on_majority: pre-commit needs more than half of "
        "the votes only.",
        kThreePhaseMistakes),
};

/// Mistakes that are another value of an option.
template <class O>
O with_mistake(O o) {
  using Mistake = TerminationOptions::Mistake;
  const bool both = o.mistake == Mistake::timeout_only;
  if (both || o.mistake == Mistake::commit_in_pre_commit_on_timeout) {
    o.pre_committed = TerminationOptions::Late::commit;
  }
  if (both || o.mistake == Mistake::abort_when_uncertain) {
    o.uncertain = TerminationOptions::Late::abort;
  }
  if (o.mistake == Mistake::decide_on_majority) o.rule = DecisionRule::majority;
  return o;
}

}  // namespace indoubt
