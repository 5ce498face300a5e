#pragma once
// Options of two-phase commit under every presumption, and the mistakes that can be asked for.
#include <algorithm>
#include <array>
#include <cstddef>
#include <span>
#include <type_traits>

#include "protocols/presumption.h"
#include "protocols/two_phase_parts.h"

namespace indoubt {

struct TwoPhaseOptions : VotingOptions {
  DecisionTo decision_to = DecisionTo::all_but_no_voters;
  Telling telling = Telling::parallel;
  bool acks = true;
  RecordPolicy no_voter_record = RecordPolicy::unforced;
  StartRecord start_record = StartRecord::free;
  RecordPolicy abort_record = RecordPolicy::forced;
  using Unasked = indoubt::Unasked;
  using Uncertain = indoubt::Uncertain;
  Unasked unasked = Unasked::off;
  Uncertain uncertain = Uncertain::ask;
  enum class Termination : std::uint8_t { ask_coordinator, cooperative };
  Termination termination = Termination::ask_coordinator;
  RecoverUndecided recover_undecided = RecoverUndecided::abort;
  RecoverDecided recover_decided = RecoverDecided::resend;
  bool one_phase = false;
  std::uint16_t window = 100;  ///< new presumed commit
  bool readers = true;         ///< of the group: some participant may vote READ
  enum class Mistake : std::uint8_t {
    none,
    vote_not_forced,
    decision_before_force,
    list_not_forced,
    abort_when_uncertain,
    no_ack_wait,
    forget_before_acks,
    wrong_answer,          // unknown_means_abort, unknown_means_commit
    participants_presume,  // participants_presume_abort, participants_presume_commit
    commit_without_record,
    duplicate_vote_counts_twice,
    decide_on_majority
  } mistake = Mistake::none;
};

/// With the defaults of a presumption.
template <class Presumes>
struct TwoPhaseOptionsOf : TwoPhaseOptions {
  constexpr TwoPhaseOptionsOf() {
    start_record = Presumes::kStart;
    abort_record = Presumes::kAbort.coordinator;
    recover_undecided = Presumes::kUndecided;
  }
};

namespace two_phase {

struct MistakeDoc {
  TwoPhaseOptions::Mistake mistake;
  std::string_view name, meaning;
};
using M = TwoPhaseOptions::Mistake;
inline constexpr MistakeDoc kNone = {M::none, "none", "the protocol as it should be"};
inline constexpr MistakeDoc kVoteNotForced = {M::vote_not_forced, "vote_not_forced",
                                              "YES is sent before the prepared record is durable"};
inline constexpr MistakeDoc kDecisionBeforeForce = {
    M::decision_before_force, "decision_before_force",
    "the decision is sent before its record is forced"};
inline constexpr MistakeDoc kListNotForced = {
    M::list_not_forced, "list_not_forced",
    "PREPARE is sent before the participant list is durable"};
inline constexpr MistakeDoc kAbortWhenUncertain = {
    M::abort_when_uncertain, "abort_when_uncertain",
    "an uncertain participant aborts at the `decision` time-out"};
inline constexpr MistakeDoc kNoAckWait = {
    M::no_ack_wait, "no_ack_wait",
    "the coordinator does not wait for acknowledgements and never sends its decision again"};
inline constexpr MistakeDoc kForgetBeforeAcks = {
    M::forget_before_acks, "forget_before_acks",
    "the coordinator forgets a decision that must be acknowledged as soon as it is sent"};
inline constexpr MistakeDoc kUnknownMeansCommit = {
    M::wrong_answer, "unknown_means_commit",
    "the coordinator answers COMMIT about a transaction it has no record of"};
inline constexpr MistakeDoc kUnknownMeansAbort = {
    M::wrong_answer, "unknown_means_abort",
    "the coordinator answers ABORT about a transaction it has no record of"};
inline constexpr MistakeDoc kParticipantsPresumeCommit = {
    M::participants_presume, "participants_presume_commit",
    "participants write records and acknowledge as under presumed commit"};
inline constexpr MistakeDoc kParticipantsPresumeAbort = {
    M::participants_presume, "participants_presume_abort",
    "participants write records and acknowledge as under presumed abort"};
inline constexpr MistakeDoc kCommitWithoutRecord = {
    M::commit_without_record, "commit_without_record",
    "a coordinator that recovers without a decision record commits"};
inline constexpr MistakeDoc kDuplicateCountsTwice = {
    M::duplicate_vote_counts_twice, "duplicate_vote_counts_twice",
    "the coordinator counts votes, so a repeated one stands for one that is missing"};
inline constexpr MistakeDoc kDecideOnMajority = {M::decide_on_majority, "decide_on_majority",
                                                 "the coordinator commits if more than half vote "
                                                 "YES, whatever `decision_rule` says"};

template <class Presumes>
inline constexpr auto kMistakes =
    std::array{kNone,      kVoteNotForced,       kDecisionBeforeForce,  kAbortWhenUncertain,
               kNoAckWait, kCommitWithoutRecord, kDuplicateCountsTwice, kDecideOnMajority};
template <>
inline constexpr auto kMistakes<PresumedAbort> = std::array{kNone,
                                                            kVoteNotForced,
                                                            kDecisionBeforeForce,
                                                            kAbortWhenUncertain,
                                                            kNoAckWait,
                                                            kForgetBeforeAcks,
                                                            kUnknownMeansCommit,
                                                            kParticipantsPresumeCommit,
                                                            kCommitWithoutRecord,
                                                            kDuplicateCountsTwice,
                                                            kDecideOnMajority};
template <>
inline constexpr auto kMistakes<PresumedCommit> = std::array{kNone,
                                                             kVoteNotForced,
                                                             kDecisionBeforeForce,
                                                             kListNotForced,
                                                             kAbortWhenUncertain,
                                                             kNoAckWait,
                                                             kForgetBeforeAcks,
                                                             kUnknownMeansAbort,
                                                             kParticipantsPresumeAbort,
                                                             kCommitWithoutRecord,
                                                             kDuplicateCountsTwice,
                                                             kDecideOnMajority};
template <>
inline constexpr auto kMistakes<NewPresumedCommit> = std::array{kNone,
                                                                kVoteNotForced,
                                                                kDecisionBeforeForce,
                                                                kAbortWhenUncertain,
                                                                kNoAckWait,
                                                                kForgetBeforeAcks,
                                                                kUnknownMeansAbort,
                                                                kParticipantsPresumeAbort,
                                                                kCommitWithoutRecord,
                                                                kDuplicateCountsTwice,
                                                                kDecideOnMajority};

inline constexpr std::string_view kMistakeIntro =
    "A known mistake, for tests and for teaching; each breaks one thing:";

/// Calls f with each piece of the option's sentence.
template <class Presumes, class F>
constexpr void for_each_piece(F&& f) {
  f(kMistakeIntro);
  for (std::size_t i = 0; i < kMistakes<Presumes>.size(); ++i) {
    f(i == 0 ? " `" : "; `");
    f(kMistakes<Presumes>[i].name);
    f("`: ");
    f(kMistakes<Presumes>[i].meaning);
  }
  f(".");
}
template <class Presumes>
constexpr std::size_t doc_size() {
  std::size_t size = 0;
  for_each_piece<Presumes>([&](std::string_view piece) { size += piece.size(); });
  return size;
}
template <class Presumes>
inline constexpr auto kDocText = [] {
  std::array<char, doc_size<Presumes>()> text{};
  std::size_t at = 0;
  for_each_piece<Presumes>([&](std::string_view piece) {
    for (const char c : piece) text[at++] = c;
  });
  return text;
}();
template <class Presumes>
inline constexpr auto kMistakeNames = [] {
  std::array<std::string_view, kMistakes<Presumes>.size()> names;
  for (std::size_t i = 0; i < names.size(); ++i) names[i] = kMistakes<Presumes>[i].name;
  return names;
}();

template <class Presumes>
constexpr OptionField mistake_option() {
  return {"mistake",
          {kDocText<Presumes>.data(), kDocText<Presumes>.size()},
          kMistakeNames<Presumes>,
          0,
          0,
          0,
          [](void* options, int value) {
            static_cast<TwoPhaseOptionsOf<Presumes>*>(options)->mistake =
                kMistakes<Presumes>[static_cast<std::size_t>(value)].mistake;
          }};
}

inline constexpr std::string_view kTermination[] = {"ask-coordinator", "cooperative"};

/// The options with the defaults of a presumption. Not everyone offers the last two, `start_record`
/// and `window`: fields().
template <class Presumes, class O = TwoPhaseOptionsOf<Presumes>>
inline constexpr OptionField kFields[] = {
    choice<O, &O::rule>("decision_rule", "How many YES votes commit needs.", kRules),
    number<O, &O::at_least>("at_least", "YES votes needed under `decision_rule: at-least`.", 1,
                            kMostProcesses - 1),
    choice<O, &O::at_no>("at_no", kAtNoDoc, kAtNo),
    choice<O, &O::asking>("asking", kAskingDoc, kAsking),
    number<O, &O::prepare_resends>("prepare_resends", kPrepareResendsDoc, 0, 10'000),
    choice<O, &O::decision_to>(
        "decision_to", "Who is told the decision; never one that has voted READ.", kDecisionTo),
    choice<O, &O::telling>("telling", kTellingDoc, kTelling),
    choice<O, &O::acks>("acks",
                        "Whether participants acknowledge the decision, if the protocol wants it "
                        "acknowledged; without acks the coordinator never forgets such a decision.",
                        kNoYes),
    choice<O, &O::no_voter_record>("no_voter_record", kNoVoterRecordDoc, kRecordPolicies),
    choice<O, &O::abort_record>("abort_record", "How the coordinator writes its abort record.",
                                kRecordPolicies),
    choice<O, &O::unasked>("unasked", kUnaskedDoc, kUnaskedChoices),
    choice<O, &O::uncertain>("uncertain", kUncertainDoc, kUncertainChoices),
    choice<O, &O::termination>(
        "termination",
        "Whom an uncertain participant asks: the coordinator, or all others too. One that is asked "
        "before it has voted aborts, and answers so.",
        kTermination),
    choice<O, &O::recover_undecided>("recover_undecided", kRecoverUndecidedDoc, kRecoverUndecided),
    choice<O, &O::recover_decided>("recover_decided", kRecoverDecidedDoc, kRecoverDecided),
    choice<O, &O::one_phase>(
        "one_phase",
        "Whether a single participant decides instead of voting; the coordinator then writes "
        "nothing, its list is for free, and it asks again after each `votes` time-out until it is "
        "told.",
        kNoYes),
    mistake_option<Presumes>(),
    choice<O, &O::start_record>("start_record", kStartRecordDoc, kStartRecords),
    number<O, &O::window>(
        "window",
        "Transactions that may begin before the coordinator's site must record a new bound of "
        "those "
        "under way. The bound's forced write is counted in `amortised_writes` and takes no time.",
        1, 10'000),
};

/// One that writes its list in one way only does not let scenarios choose `start_record`; `window`
/// is of one that bounds what is under way.
template <class Presumes>
inline constexpr auto kBounded = [] {
  const auto all = std::span<const OptionField>(kFields<Presumes>);
  std::array<OptionField, std::size(kFields<Presumes>) - 1> fields{};
  std::copy(all.begin(), all.end() - 2, fields.begin());
  fields.back() = all.back();
  return fields;
}();
template <class Presumes>
constexpr std::span<const OptionField> fields() {
  if constexpr (std::is_same_v<Presumes, NewPresumedCommit>) return kBounded<Presumes>;
  const auto all = std::span<const OptionField>(kFields<Presumes>);
  return all.first(all.size() - (Presumes::kUnknown == Outcome::commit ? 2 : 1));
}

inline constexpr std::array<std::string_view, 4> kTimerNames = {"votes", "decision", "acks",
                                                                "request"};
inline constexpr std::array<std::string_view, 4> kTimerDocs = {
    "The coordinator waits for votes; then it asks again or decides.",
    kDecisionTimerDoc,
    kAcksTimerDoc,
    kRequestTimerDoc,
};

}  // namespace two_phase
}  // namespace indoubt
