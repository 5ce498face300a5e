// Mistakes of three-phase commit.
#include "scenarios/mistakes.h"

namespace indoubt {
namespace {

using P = Property;

constexpr std::string_view kCentral[] = {"3pc", "3pc-majority"};
constexpr std::string_view kPeers[] = {"3pc-decentralised"};
constexpr std::string_view kAll[] = {"3pc", "3pc-majority", "3pc-decentralised"};
constexpr std::string_view kQuorum[] = {"3pc-quorum"};

constexpr std::string_view kBook = "Bernstein, Hadzilacos & Goodman (1987), ch. 7.5";
constexpr std::string_view kSkeen = "Skeen (1981)";

constexpr std::string_view kCommitAlone =
    "A pre-committed participant commits alone when nothing comes in time, while others, still "
    "uncertain, abort.";
constexpr std::string_view kPreCommitted =
    "All have voted YES, so nobody can object; the termination protocol seems needless.";
constexpr std::string_view kAbortAlone =
    "An uncertain participant aborts alone when nothing comes in time, while pre-committed ones "
    "commit.";
constexpr std::string_view kUncertain = "It has not been told that all have voted YES.";
constexpr std::string_view kByTimeouts =
    "Nobody asks: on a time-out pre-committed participants commit and uncertain ones abort.";
constexpr std::string_view kTwoTransitions =
    "Two time-out transitions in the state diagram are all that many descriptions give.";

constexpr Mistake kRows[] = {
    {"commit_in_pre_commit_on_timeout", kCentral, P::agreement, kCommitAlone, kPreCommitted, kBook,
     "crash_stop"},
    {"commit_in_pre_commit_on_timeout", kPeers, P::agreement, kCommitAlone, kPreCommitted, kSkeen,
     "late_for_one"},
    {"abort_when_uncertain", kCentral, P::agreement, kAbortAlone, kUncertain, kBook, "crash_stop"},
    {"abort_when_uncertain", kPeers, P::agreement, kAbortAlone, kUncertain, kSkeen, "late_for_one"},
    {"timeout_only", kCentral, P::agreement, kByTimeouts, kTwoTransitions, kSkeen, "crash_stop"},
    {"timeout_only", kPeers, P::agreement, kByTimeouts, kTwoTransitions, kSkeen, "late_for_one"},
    {"recovered_votes", kCentral, P::agreement,
     "A process that is back from a crash takes part in a termination round with its old state, "
     "PRE-COMMIT, after the others have aborted without it.",
     "Its log says what it knew, and one more answer seems better than one less.", kBook,
     "back_with_an_old_state"},
    {"recovered_votes", kPeers, P::agreement,
     "A process that is back from a crash takes part in a termination round with its old state, "
     "which the others have gone on without.",
     "Its log says what it knew, and one more answer seems better than one less.", kBook,
     "back_among_peers"},
    {"pre_commit_not_durable", kAll, P::agreement,
     "A participant that is back from a crash decides by its last record: commit if that is "
     "PRE-COMMIT, else abort; the others may have decided otherwise without it.",
     "PRE-COMMIT means that commit is certain, and recovery without asking is quick.", kBook,
     "crash_and_recovery"},
    {"two_leaders", kCentral, P::agreement,
     "A process obeys every leader: a coordinator that was only slow commits with those who have "
     "already told a back-up that they are uncertain.",
     "A process that follows whoever speaks last needs no numbers.", kBook, "two_leaders"},
    {"two_leaders", kPeers, P::agreement,
     "A process obeys every leader, and one that leads goes on when another takes over.",
     "A process that follows whoever speaks last needs no numbers.", kSkeen, "two_leaders_peers"},
    {"small_quorums", kQuorum, P::agreement,
     "Vc + Va is not above the weight of all, so one part of a partition commits and the other "
     "aborts.",
     "Two halves can both go on during a partition.", "Skeen (1982)", "small_quorums"},
};

}  // namespace

std::span<const Mistake> three_phase_mistakes() { return kRows; }

}  // namespace indoubt
