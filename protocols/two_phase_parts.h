#pragma once
// What relatives of two-phase commit share: the textbook's messages and the options of a
// participant that waits.
#include "protocols/voting.h"
#include "sim/process/option.h"
#include "sim/process/process.h"

namespace indoubt {

namespace parts {

struct Prepare {
  std::string_view name() const { return "PREPARE"; }
  bool operator==(const Prepare&) const = default;
};
struct Vote {
  bool yes = false;
  std::string_view name() const { return yes ? "YES" : "NO"; }
  bool operator==(const Vote&) const = default;
};
struct Decision {
  Outcome outcome = Outcome::none;
  std::string_view name() const { return outcome == Outcome::commit ? "COMMIT" : "ABORT"; }
  bool operator==(const Decision&) const = default;
};
struct Ack {
  std::string_view name() const { return "ACK"; }
  bool operator==(const Ack&) const = default;
};
struct Inquiry {
  std::string_view name() const { return "INQUIRY"; }
  bool operator==(const Inquiry&) const = default;
};
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
enum class Uncertain : std::uint8_t { ask, off, abort, commit };

inline constexpr std::string_view kUnaskedChoices[] = {"off", "abort"};
inline constexpr std::string_view kUncertainChoices[] = {"ask", "off", "abort", "commit"};
inline constexpr std::string_view kRecoverUndecided[] = {"abort", "silent"};

inline constexpr std::string_view kUnaskedDoc =
    "What a participant does when PREPARE does not come within the `request` time-out.";
inline constexpr std::string_view kUncertainDoc =
    "What an uncertain participant does when no decision comes within the `decision` time-out. "
    "`abort` and `commit` are unsafe.";
inline constexpr std::string_view kPrepareResendsDoc =
    "How often PREPARE is sent again to silent participants, each time after one `votes` time-out.";
inline constexpr std::string_view kNoVoterRecordDoc =
    "How a participant that votes NO writes its abort record.";
inline constexpr std::string_view kStartRecordDoc =
    "How the coordinator writes a start record before PREPARE. `none` is the list for free: one "
    "that is back from a crash knows its participants all the same.";
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
