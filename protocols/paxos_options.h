#pragma once
// Options and timers of Paxos Commit.
#include <array>

#include "protocols/two_phase_parts.h"

namespace indoubt {

struct PaxosCommitOptions {
  std::uint16_t faults = 1;
  enum class Placement : std::uint8_t { none, leader_on_acceptor, acceptors_on_participants };
  Placement placement = Placement::none;
  bool first_participant_starts = false, spontaneous_votes = false;
  enum class AtNo : std::uint8_t { decide, wait } at_no = AtNo::decide;
  std::uint16_t prepare_resends = 0;
  DecisionTo decision_to = DecisionTo::all_but_no_voters;
  bool acks = false;
  RecordPolicy no_voter_record = RecordPolicy::unforced;
  RecordPolicy decision_record = RecordPolicy::unforced;
  using Unasked = indoubt::Unasked;
  Unasked unasked = Unasked::off;
  enum class Uncertain : std::uint8_t { lead, ask, off } uncertain = Uncertain::lead;
  enum class Undecided : std::uint8_t { lead, silent } recover_undecided = Undecided::lead;
  RecoverDecided recover_decided = RecoverDecided::resend;
  enum class Mistake : std::uint8_t { none, ballot_ignored, one_acceptor_is_enough };
  Mistake mistake = Mistake::none;
  bool coordinator_learns = true;  ///< Faster Paxos Commit
  bool fast = false;               ///< acceptors report to the participants
};
struct FasterOptions : PaxosCommitOptions {
  constexpr FasterOptions() { fast = true; }
};

inline constexpr std::string_view kPaxosPlacements[] = {"none", "leader-on-acceptor",
                                                        "acceptors-on-participants"};
inline constexpr std::string_view kPaxosUncertain[] = {"lead", "ask", "off"};
inline constexpr std::string_view kPaxosRecoverUndecided[] = {"lead", "silent"};
inline constexpr std::string_view kPaxosMistakes[] = {"none", "ballot_ignored",
                                                      "one_acceptor_is_enough"};

/// With the coordinator and 2 F + 1 acceptors at most kPaxosProcesses.
inline constexpr int kMostPaxosParticipants = 16, kMostPaxosFaults = 7, kPaxosProcesses = 32;

template <class O>
inline constexpr OptionField kPaxosCoordinatorLearns = choice<O, &O::coordinator_learns>(
    "coordinator_learns",
    "Whether the acceptors report to the coordinator too; if not, it takes no part after PREPARE, "
    "as in Gray & Lamport's counts, and decides only if a leader tells it.",
    kNoYes);

inline constexpr OptionField kFasterPaxosOptions[] = {
    number<PaxosCommitOptions, &PaxosCommitOptions::faults>(
        "faults", "F: crashed acceptors that are tolerated, of 2 F + 1.", 0, kMostPaxosFaults),
    choice<PaxosCommitOptions, &PaxosCommitOptions::placement>(
        "placement",
        "Where acceptors run: at sites of their own; the first one at the coordinator's; or one at "
        "each participant's as far as there are participants, the others at sites of their own. "
        "The coordinator is on the first participant's site if that service has `site: "
        "coordinator`.",
        kPaxosPlacements),
    choice<PaxosCommitOptions, &PaxosCommitOptions::first_participant_starts>(
        "first_participant_starts",
        "Whether the first participant begins the transaction by preparing unasked and telling the "
        "coordinator, which then asks the others.",
        kNoYes),
    choice<PaxosCommitOptions, &PaxosCommitOptions::spontaneous_votes>("spontaneous_votes",
                                                                       kSpontaneousDoc, kNoYes),
    choice<PaxosCommitOptions, &PaxosCommitOptions::at_no>(
        "at_no", "At a NO: acceptors report it at once, or when they have all votes.", kAtNo),
    number<PaxosCommitOptions, &PaxosCommitOptions::prepare_resends>(
        "prepare_resends",
        "How often PREPARE is sent again, to all participants since "
        "the coordinator does not see single votes, each time after "
        "one `votes` time-out; then it leads a ballot.",
        0, 10'000),
    choice<PaxosCommitOptions, &PaxosCommitOptions::decision_to>(
        "decision_to", "Who is told the decision.", kDecisionTo),
    choice<PaxosCommitOptions, &PaxosCommitOptions::acks>(
        "acks",
        "Whether participants acknowledge the decision; without acks the "
        "coordinator never forgets.",
        kNoYes),
    choice<PaxosCommitOptions, &PaxosCommitOptions::no_voter_record>(
        "no_voter_record", kNoVoterRecordDoc, kRecordPolicies),
    choice<PaxosCommitOptions, &PaxosCommitOptions::decision_record>(
        "decision_record",
        "How a process writes the decision. The acceptors keep it "
        "anyway: a process that lost it comes to the same one again.",
        kRecordPolicies),
    choice<PaxosCommitOptions, &PaxosCommitOptions::unasked>("unasked", kUnaskedDoc,
                                                             kUnaskedChoices),
    choice<PaxosCommitOptions, &PaxosCommitOptions::uncertain>(
        "uncertain",
        "What an uncertain participant does when no decision comes within the "
        "`decision` time-out: lead a ballot, ask the coordinator, or nothing.",
        kPaxosUncertain),
    choice<PaxosCommitOptions, &PaxosCommitOptions::recover_undecided>(
        "recover_undecided",
        "What a coordinator does that recovers without a decision record: lead a ballot, or "
        "nothing until it is asked.",
        kPaxosRecoverUndecided),
    choice<PaxosCommitOptions, &PaxosCommitOptions::recover_decided>(
        "recover_decided", kRecoverDecidedDoc, kRecoverDecided),
    choice<PaxosCommitOptions, &PaxosCommitOptions::mistake>(
        "mistake",
        "Known-bad variants. `ballot_ignored`: an acceptor takes lower ballots "
        "than it has promised. `one_acceptor_is_enough`: a leader takes one "
        "acceptor's answer for a majority's.",
        kPaxosMistakes),
    kPaxosCoordinatorLearns<PaxosCommitOptions>,
};
/// All but the last.
inline constexpr std::span<const OptionField> kPaxosOptions =
    std::span<const OptionField>(kFasterPaxosOptions).first(std::size(kFasterPaxosOptions) - 1);

inline constexpr std::array<std::string_view, 4> kPaxosTimers = {"votes", "decision", "acks",
                                                                 "request"};
inline constexpr std::array<std::string_view, 4> kPaxosTimerDocs = {
    "The coordinator waits for the acceptors to report the votes; then it asks again or leads a "
    "ballot.",
    "An uncertain participant waits for the decision, and a leader for the acceptors; then it "
    "leads a ballot, or asks again those that did not answer.",
    "A leader waits for acknowledgements of its decision; then it sends it again.",
    kRequestTimerDoc,
};

}  // namespace indoubt
