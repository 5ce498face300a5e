#pragma once
// What relatives of two-phase commit share: the textbook's messages and the options of a
// participant that waits.
#include "protocols/textbook_messages.h"
#include "protocols/voting.h"
#include "sim/process/option.h"
#include "sim/process/process.h"

namespace indoubt {

namespace parts {

using textbook::Ack;
using textbook::Decision;
using textbook::Inquiry;
using textbook::Prepare;
using textbook::Vote;
/// Execution: a request to do the transaction's work at a participant, before any commit message.
struct Work {
  std::string_view name() const { return "WORK"; }
  bool operator==(const Work&) const = default;
};
/// The reply to it. DONE is a promise: a YES. REFUSED is a NO.
struct Done {
  bool yes = false;
  std::string_view name() const { return yes ? "DONE" : "REFUSED"; }
  bool operator==(const Done&) const = default;
};

}  // namespace parts

/// What a participant does that is not asked in time.
enum class Unasked : std::uint8_t { off, abort };
/// What an uncertain participant does when no decision comes in time.
enum class Uncertain : std::uint8_t { ask, off, abort, commit, ask_in_rounds };
constexpr bool asks(Uncertain u) { return u == Uncertain::ask || u == Uncertain::ask_in_rounds; }
/// `timer` as a bit if it keeps rounds, as Machine::round_timers.
template <class Timer>
constexpr std::uint32_t rounds_of(Uncertain u, Timer timer) {
  return u == Uncertain::ask_in_rounds ? std::uint32_t{1} << static_cast<int>(timer) : 0;
}

inline constexpr std::string_view kUnaskedChoices[] = {"off", "abort"};
inline constexpr std::string_view kUncertainChoices[] = {"ask", "off", "abort", "commit",
                                                         "ask-in-rounds"};
inline constexpr std::string_view kRecoverUndecided[] = {"abort", "silent"};

inline constexpr std::string_view kUnaskedDoc =
    "What a participant does when PREPARE does not come within the `request` time-out.";
inline constexpr std::string_view kUncertainDoc =
    "What an uncertain participant does when no decision comes within the `decision` time-out. "
    "`ask`: it asks then, and again after each further one, and at once when it is back from a "
    "crash. `ask-in-rounds`: it asks at the multiples of this time-out since the transaction's "
    "beginning, as do all others that are in doubt then. `abort` and `commit` are unsafe.";
inline constexpr std::string_view kPrepareResendsDoc =
    "How often PREPARE is sent again to silent participants, each time after one `votes` time-out.";
inline constexpr std::string_view kNoVoterRecordDoc =
    "How a participant that votes NO writes its abort record.";
inline constexpr std::string_view kStartRecordDoc =
    "How the coordinator writes a start record, its participant list, before PREPARE. `free`: it "
    "is durable from the beginning on, costs nothing and is counted nowhere. A coordinator that is "
    "back from a crash and has no record has forgotten the transaction: it tells nobody, and "
    "answers ABORT to those that ask.";
inline constexpr std::string_view kStartRecordOfOneThatAsksDoc =
    "How the coordinator writes a start record, its participant list, before PREPARE. `free`: it "
    "is durable from the beginning on, costs nothing and is counted nowhere. A coordinator that is "
    "back from a crash and has no record has forgotten the transaction, of which others may have "
    "decided commit: it asks nobody, and waits to be told or asked.";
inline constexpr std::string_view kTellingDoc =
    "Whether the decision is sent to all at once, or to each when the one before has acknowledged "
    "it or the `acks` time-out has passed; the silent ones are then told again in turn. One that "
    "nobody acknowledges is sent to all at once.";
inline constexpr std::string_view kTellingNeedsAcks =
    "telling: one-by-one goes on at each acknowledgement, and with acks: no there is none; "
    "allowed: acks: yes, or telling: parallel";
inline constexpr std::string_view kDecisionToDoc = "Who is told the decision.";
inline constexpr std::string_view kRecoverUndecidedDoc =
    "What a coordinator does that recovers without a decision record.";
inline constexpr std::string_view kRecoverDecidedDoc =
    "What a coordinator does that recovers with a decision record.";

inline constexpr std::string_view kRequestTimerDoc =
    "A participant waits for PREPARE, from the transaction's beginning (see `unasked`).";
inline constexpr std::string_view kDecisionTimerDoc =
    "An uncertain participant waits for the decision; then it asks, and waits again.";
inline constexpr std::string_view kAcksTimerDoc =
    "The coordinator waits for acknowledgements of its decision; then it sends it again.";

/// Coordinator and participants without this process.
template <class P>
typename P::Set others(const Env<P>& env) {
  typename P::Set others = P::Set::range(0, env.participant_count() + 1);
  others.erase(env.self());
  return others;
}

}  // namespace indoubt
