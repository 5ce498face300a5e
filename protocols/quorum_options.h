#pragma once
// Options and timers of the quorum forms of three-phase commit.
#include <array>

#include "protocols/two_phase_parts.h"

namespace indoubt {

struct QuorumOptions : VotingOptions {
  int commit_quorum = 0;
  int abort_quorum = 0;
  DecisionTo decision_to = DecisionTo::all_but_no_voters;
  Telling pre_committing = Telling::parallel;
  Telling telling = Telling::parallel;
  bool acks = false;
  RecordPolicy no_voter_record = RecordPolicy::unforced;
  StartRecord start_record = StartRecord::free;
  using Unasked = indoubt::Unasked;
  Unasked unasked = Unasked::off;
  RecoverDecided recover_decided = RecoverDecided::resend;
  enum class Mistake : std::uint8_t { none, small_quorums } mistake = Mistake::none;
};

inline constexpr int kMostQuorumWeight = kMostProcesses * 0xffff;
inline constexpr std::string_view kQuorumMistakes[] = {"none", "small_quorums"};

inline constexpr std::array<OptionField, 11> kCommonQuorumFields = {
    choice<QuorumOptions, &QuorumOptions::at_no>("at_no", kAtNoDoc, kAtNo),
    choice<QuorumOptions, &QuorumOptions::asking>("asking", kAskingDoc, kAsking),
    number<QuorumOptions, &QuorumOptions::prepare_resends>(
        "prepare_resends",
        "How often PREPARE is sent again to silent participants, each "
        "time after one `votes` time-out.",
        0, 10'000),
    choice<QuorumOptions, &QuorumOptions::decision_to>(
        "decision_to", "Who is told the coordinator's decision; a back-up tells everybody.",
        kDecisionTo),
    choice<QuorumOptions, &QuorumOptions::pre_committing>(
        "pre_committing",
        "Whether a leader sends PRE-COMMIT, or PRE-ABORT, to all at once, or to each when the one "
        "before has acknowledged it or the `acks` time-out has passed.",
        kTelling),
    choice<QuorumOptions, &QuorumOptions::telling>("telling", kTellingDoc, kTelling),
    choice<QuorumOptions, &QuorumOptions::acks>(
        "acks", "Whether participants acknowledge the decision.", kNoYes),
    choice<QuorumOptions, &QuorumOptions::no_voter_record>("no_voter_record", kNoVoterRecordDoc,
                                                           kRecordPolicies),
    choice<QuorumOptions, &QuorumOptions::start_record>("start_record", kStartRecordDoc,
                                                        kStartRecords),
    choice<QuorumOptions, &QuorumOptions::unasked>("unasked", kUnaskedDoc, kUnaskedChoices),
    choice<QuorumOptions, &QuorumOptions::recover_decided>("recover_decided", kRecoverDecidedDoc,
                                                           kRecoverDecided),
};
inline constexpr std::array<OptionField, 3> kOwnQuorumFields = {
    number<QuorumOptions, &QuorumOptions::commit_quorum>(
        "commit_quorum",
        "Weight of pre-committed sites that commit needs (Vc), the "
        "coordinator's included; 0: the smallest majority, or the "
        "smallest that is safe with `abort_quorum`.",
        0, kMostQuorumWeight),
    number<QuorumOptions, &QuorumOptions::abort_quorum>(
        "abort_quorum",
        "Weight of pre-aborted sites that an abort by termination needs "
        "(Va); 0: the smallest that is safe with `commit_quorum`.",
        0, kMostQuorumWeight),
    choice<QuorumOptions, &QuorumOptions::mistake>(
        "mistake",
        "A known mistake, to see what it breaks. small_quorums: Vc + Va need not "
        "be more than the weight of all, so two parts can decide differently.",
        kQuorumMistakes),
};
inline constexpr auto kQuorumOptions = joined(kOwnQuorumFields, kCommonQuorumFields);

inline constexpr std::array<std::string_view, 6> kQuorumTimers = {"votes",  "acks",   "decision",
                                                                  "commit", "states", "request"};
inline constexpr std::array<std::string_view, 6> kQuorumTimerDocs = {
    "The coordinator waits for votes; then it asks again or decides.",
    "A leader waits for acknowledgements of PRE-COMMIT or PRE-ABORT; then it asks for states "
    "again.",
    "An uncertain participant waits for its leader; then the next one leads.",
    "A pre-committed or pre-aborted site waits for its leader; then the next one leads.",
    "A leader waits for the others' states; then it acts on those it has.",
    kRequestTimerDoc,
};

}  // namespace indoubt
