// Mistakes of one-phase, broadcast and consensus protocols.
#include "scenarios/mistakes.h"

namespace indoubt {
namespace {

using P = Property;

constexpr std::string_view kBroadcast[] = {"easy-commit", "2pc-broadcast"};
constexpr std::string_view kOnePhase[] = {"coordinator-log", "implicit-yes", "centralised-commit"};
constexpr std::string_view kPromised[] = {"coordinator-log", "implicit-yes"};
constexpr std::string_view kImplicitYes[] = {"implicit-yes"};
constexpr std::string_view kPaxos[] = {"paxos-commit", "paxos-commit-fast"};
constexpr std::string_view kInbac[] = {"inbac"};

constexpr std::string_view kBroadcastSource = "Babaoglu & Toueg (1993); Gupta & Sadoghi (2018)";
constexpr std::string_view kPaxosSource = "Gray & Lamport (2006), section 4";

constexpr Mistake kRows[] = {
    {"deliver_before_forward", kBroadcast, P::agreement,
     "A process decides before it passes the decision on; if it crashes between the two, the "
     "others "
     "abort without it.",
     "A decision that has arrived can be acted on at once.", kBroadcastSource, "act_then_tell"},
    {"force_before_forward", kBroadcast, P::agreement,
     "A process makes the decision durable before it passes it on; if it crashes between the two, "
     "the others abort, and it comes back with a commit record.",
     "Log first is the rule everywhere else.", kBroadcastSource, "act_then_tell"},
    {"decide_before_force", kOnePhase, P::stability,
     "The coordinator commits before its record is durable; after a crash it finds none and "
     "aborts.",
     "The only forced write of the protocol leaves the critical path.", "Stamos & Cristian (1990)",
     "unrecorded_decision"},
    {"abort_on_recovery", kPromised, P::agreement,
     "A participant that restarts without a record aborts alone, though it may have promised to "
     "commit.",
     "Under two-phase commit a process without a record has not voted.", "Stamos & Cristian (1990)",
     "promise_without_a_log"},
    {"ack_before_force", kImplicitYes, P::stability,
     "A participant acknowledges a commit record that is not durable; the coordinator forgets, the "
     "participant crashes and is answered ABORT.",
     "The acknowledgement need not wait for the disk.", "Al-Houmaily & Chrysanthis (1995)",
     "ack_before_force"},
    {"ballot_ignored", kPaxos, P::agreement,
     "An acceptor takes messages of lower ballots than it has promised, so a new leader cannot "
     "know "
     "what an old one still achieves.",
     "The older message is valid, and refusing it costs a round.", kPaxosSource, "hasty_leaders"},
    {"one_acceptor_is_enough", kPaxos, P::agreement,
     "A leader takes one acceptor's answer for a majority's; two leaders then hear of different "
     "acceptors.",
     "The first answer is the fastest one.", kPaxosSource, "hasty_leaders"},
    {"no_help", kInbac, P::agreement,
     "A process that no backup has reported to proposes abort without asking for help, while "
     "others "
     "have committed by the reports.",
     "Consensus makes any proposal safe, one would think.", "Guerraoui & Wang (2017)",
     "nobody_asked_for_help"},
};

}  // namespace

std::span<const Mistake> other_mistakes() { return kRows; }

}  // namespace indoubt
