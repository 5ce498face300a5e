#pragma once
// Messages, records and states of two-phase commit, whatever it presumes.
#include <cstdint>
#include <string_view>

#include "protocols/textbook_messages.h"
#include "sim/process/outcome.h"
#include "sim/process/process.h"

namespace indoubt {
namespace two_phase {

using textbook::Prepare;
struct Vote {
  LocalVote vote = LocalVote::no;
  std::string_view name() const { return indoubt::name(vote); }
  bool operator==(const Vote&) const = default;
};
using textbook::Ack;
using textbook::Decision;
using textbook::Inquiry;
/// Prepare and decide.
struct OnePhase {
  std::string_view name() const { return "ONE-PHASE"; }
  bool operator==(const OnePhase&) const = default;
};

enum class Timer : std::uint8_t { votes, decision, acks, request };

/// The end record says which outcome has ended; `aborted_alone` that nothing was known before.
enum class Record : std::uint8_t {
  none,
  started,
  prepared,
  committed,
  aborted,
  ended_commit,
  ended_abort,
  aborted_alone
};
inline constexpr std::string_view kRecordNames[] = {"none",    "started", "prepared", "committed",
                                                    "aborted", "end",     "end",      "aborted"};

/// Those that have aborted come last.
enum class Phase : std::uint8_t {
  initial,
  voting,
  preparing,
  prepared,
  read_only,
  committed,
  aborted,
  aborted_alone
};
inline constexpr std::string_view kStateNames[] = {
    "initial", "voting", "preparing", "prepared", "read-only", "committed", "aborted", "aborted"};

/// Whether the coordinator still knows the transaction.
enum class Memory : std::uint8_t { open, forgotten, for_ever };

}  // namespace two_phase
}  // namespace indoubt
