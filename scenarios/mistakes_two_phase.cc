// Mistakes of two-phase commit and its relatives.
#include "scenarios/mistakes.h"

namespace indoubt {
namespace {

using P = Property;

constexpr std::string_view kTwoPhase[] = {"2pc", "2pc-pra", "2pc-prc", "2pc-nprc"};
constexpr std::string_view kVoters[] = {
    "2pc",          "2pc-pra",           "2pc-prc",         "2pc-nprc",
    "2pc-linear",   "2pc-decentralised", "2pc-unsolicited", "easy-commit",
    "2pc-broadcast"};
constexpr std::string_view kAsking[] = {
    "2pc",         "2pc-pra",           "2pc-prc",         "2pc-nprc",
    "2pc-linear",  "2pc-decentralised", "2pc-unsolicited", "coordinator-log",
    "implicit-yes"};
constexpr std::string_view kMajority[] = {"2pc", "2pc-pra",      "2pc-prc",          "2pc-nprc",
                                          "3pc", "3pc-majority", "3pc-decentralised"};
constexpr std::string_view kLinear[] = {"2pc-linear"};
constexpr std::string_view kDecentralised[] = {"2pc-decentralised"};
constexpr std::string_view kUnsolicited[] = {"2pc-unsolicited"};
constexpr std::string_view kAcknowledgedCommit[] = {"2pc", "2pc-pra"};
constexpr std::string_view kPresumedAbort[] = {"2pc-pra"};
constexpr std::string_view kPresumedCommit[] = {"2pc-prc"};
constexpr std::string_view kCommitPresumed[] = {"2pc-prc", "2pc-nprc"};

constexpr std::string_view kBook = "Bernstein, Hadzilacos & Goodman (1987), ch. 7.4";
constexpr std::string_view kRStar = "Mohan, Lindsay & Obermarck (1986), section 3";
constexpr std::string_view kIncompatible = "Al-Houmaily & Chrysanthis (1999)";

constexpr Mistake kRows[] = {
    {"vote_not_forced", kVoters, P::agreement,
     "A participant sends YES before its prepared record is durable; after a crash it knows "
     "nothing "
     "of its vote and aborts what the others commit.",
     "A forced write saved on the critical path of every transaction.", kBook,
     "lost_prepared_record"},
    {"decision_before_force", kTwoPhase, P::agreement,
     "The coordinator sends COMMIT before its commit record is durable; after a crash it finds no "
     "record and aborts.",
     "The write and the messages take place side by side, and locks are freed earlier.", kBook,
     "unrecorded_decision"},
    {"decide_before_force", kLinear, P::stability,
     "The last participant of the chain commits and tells its neighbour before it forces its "
     "record; after a crash it finds none and aborts.",
     "Its YES and the decision are one step, and the reply leaves a forced write earlier.",
     "Gray (1978)", "unrecorded_decision_chain"},
    {"abort_when_uncertain", kAsking, P::agreement,
     "A participant that has voted YES aborts when no decision comes in time, while the others "
     "have "
     "committed.",
     "Locks are not held for ever by a coordinator that is silent.", kBook, "lost_messages"},
    {"abort_on_vote_timeout", kDecentralised, P::agreement,
     "The coordinator aborts when a vote does not come in time; the participants, who count the "
     "votes themselves, have committed.",
     "It is what a coordinator does that counts the votes for all.", "Skeen (1981)",
     "lost_messages"},
    {"no_ack_wait", kAcknowledgedCommit, P::termination,
     "The coordinator sends COMMIT once and never again; a participant that it does not reach "
     "stays "
     "in doubt for ever.",
     "Nobody has to be remembered, and messages are rarely lost.", kBook, "commit_told_once"},
    {"no_ack_wait", kCommitPresumed, P::termination,
     "The coordinator sends ABORT once and never again; a participant that it does not reach stays "
     "in doubt for ever.",
     "Commits need no acknowledgements under this presumption, so it seems that aborts need none.",
     kRStar, "abort_told_once"},
    {"commit_without_record", kTwoPhase, P::validity,
     "A coordinator that is back without a decision record commits, though a participant may have "
     "voted NO.",
     "All participants that answer are prepared, so why abort their work?", kBook,
     "coordinator_back_undecided"},
    {"duplicate_vote_counts_twice", kTwoPhase, P::validity,
     "The coordinator counts votes; a YES that comes twice stands for the vote of another one.",
     "A counter is smaller than a set, and the network is thought not to repeat messages.", kBook,
     "repeated_votes"},
    {"decide_on_majority", kMajority, P::validity,
     "More than half of the votes suffice; a participant that has voted NO has aborted.",
     "More transactions succeed, and majorities are what consensus needs.",
     "The project's original note", "majority_of_votes"},
    {"list_not_forced", kPresumedCommit, P::agreement,
     "PREPARE leaves before the participant list is durable; after a crash the coordinator knows "
     "nothing, and answers COMMIT about a transaction that it never decided.",
     "A forced write saved before the first message.", kRStar, "coordinator_back_undecided"},
    {"forget_before_acks", kPresumedAbort, P::agreement,
     "The coordinator forgets a commit as soon as it is sent; a participant that COMMIT does not "
     "reach asks, and is answered ABORT.",
     "Memory is freed at once, and whoever missed the message can ask.", kRStar, "forgotten"},
    {"forget_before_acks", kCommitPresumed, P::agreement,
     "The coordinator forgets an abort as soon as it is sent; a participant that ABORT does not "
     "reach asks, and is answered COMMIT.",
     "Memory is freed at once, and whoever missed the message can ask.", kRStar, "forgotten"},
    {"unknown_means_commit", kPresumedAbort, P::agreement,
     "The coordinator answers COMMIT about a transaction without a record, which under this "
     "presumption has aborted.",
     "Most transactions commit, so it is the likely answer.", kRStar, "forgotten"},
    {"unknown_means_abort", kCommitPresumed, P::agreement,
     "The coordinator answers ABORT about a transaction without a record, which under this "
     "presumption has committed.",
     "It is the answer of presumed abort, the common default.", kRStar, "forgotten"},
    {"forget_abort_early", kUnsolicited, P::agreement,
     "Under early prepare the coordinator forgets an abort before all have acknowledged it; who "
     "asks later is answered COMMIT.",
     "The abort is sent to everybody, and aborts are rare.", "Stamos & Cristian (1990)",
     "forgotten"},
    {"participants_presume_commit", kPresumedAbort, std::nullopt,
     "Participants follow presumed commit: they never acknowledge a commit, so the coordinator "
     "sends it for ever and never forgets it.",
     "Two products that both speak two-phase commit look compatible.", kIncompatible,
     "mixed_presumptions"},
    {"participants_presume_abort", kCommitPresumed, std::nullopt,
     "Participants follow presumed abort: they never acknowledge an abort, so the coordinator "
     "sends "
     "it for ever and never forgets it.",
     "Two products that both speak two-phase commit look compatible.", kIncompatible,
     "mixed_presumptions"},
};

}  // namespace

std::span<const Mistake> two_phase_mistakes() { return kRows; }

}  // namespace indoubt
