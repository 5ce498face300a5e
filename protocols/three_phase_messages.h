#pragma once
// Messages and records of the forms of three-phase commit.
#include <array>
#include <cstdint>
#include <string_view>

#include "protocols/textbook_messages.h"
#include "sim/process/outcome.h"
#include "sim/process/process_set.h"

namespace indoubt {
namespace three_phase {

enum class Phase : std::uint8_t {
  initial,
  voting,
  preparing,
  uncertain,
  pre_committed,
  committed,
  aborted
};

/// Processes taken for failed, small enough for a record or a message beside a phase. Processes
/// from number 48 on are never in it: they count as up, which can only make the others wait.
class FailedBits {
 public:
  static constexpr int kMost = 48;
  template <class Set>
  static FailedBits of(const Set& failed, int processes) {
    FailedBits bits;
    for (int p = 0; p < processes && p < kMost; ++p) {
      if (!failed.contains(static_cast<ProcessId>(p))) continue;
      bits.bytes_[static_cast<std::size_t>(p / 8)] |= static_cast<std::uint8_t>(1 << p % 8);
    }
    return bits;
  }
  template <class Set>
  Set set(int processes) const {
    Set failed;
    for (int p = 0; p < processes && p < kMost; ++p) {
      if ((bytes_[static_cast<std::size_t>(p / 8)] >> p % 8 & 1) == 0) continue;
      failed.insert(static_cast<ProcessId>(p));
    }
    return failed;
  }
  bool operator==(const FailedBits&) const = default;

 private:
  std::array<std::uint8_t, kMost / 8> bytes_{};
};

/// A state with the processes that had been taken for failed in it: what recovery goes by.
struct LoggedState {
  Phase phase = Phase::initial;
  FailedBits failed;
  bool operator==(const LoggedState&) const = default;
};

struct Record {
  enum class Kind : std::uint8_t { none, started, prepared, pre_committed, committed, aborted };
  Kind kind = Kind::none;
  std::uint8_t spare = 0;
  FailedBits failed{};  ///< prepared, pre_committed
  bool operator==(const Record&) const = default;
};

using textbook::Prepare;
using textbook::Vote;
struct PreCommit {
  std::string_view name() const { return "PRE-COMMIT"; }
  bool operator==(const PreCommit&) const = default;
};
struct PreCommitAck {
  std::string_view name() const { return "PRE-COMMIT-ACK"; }
  bool operator==(const PreCommitAck&) const = default;
};
using textbook::Ack;
using textbook::Decision;
struct StateRequest {
  std::string_view name() const { return "STATE-REQ"; }
  bool operator==(const StateRequest&) const = default;
};
struct StateReport {
  Phase phase = Phase::initial;
  std::string_view name() const { return "STATE"; }
  bool operator==(const StateReport&) const = default;
};
/// To the back-up's own state.
struct Move {
  Phase phase = Phase::initial;
  std::string_view name() const { return "MOVE"; }
  bool operator==(const Move&) const = default;
};
struct Moved {
  std::string_view name() const { return "MOVED"; }
  bool operator==(const Moved&) const = default;
};
/// A recovering process asks for the decision, and says what it knows itself.
struct Inquiry {
  LoggedState own;
  std::string_view name() const { return "INQUIRY"; }
  bool operator==(const Inquiry&) const = default;
};
/// Another recovering process answers that it does not know either.
struct Rejoin {
  LoggedState own;
  std::string_view name() const { return "REJOIN"; }
  bool operator==(const Rejoin&) const = default;
};
/// After a total failure: to the state in which those that may have failed last will decide.
struct Resume {
  LoggedState agreed;
  std::string_view name() const { return "RESUME"; }
  bool operator==(const Resume&) const = default;
};
struct Resumed {
  LoggedState agreed;
  std::string_view name() const { return "RESUMED"; }
  bool operator==(const Resumed&) const = default;
};

}  // namespace three_phase

}  // namespace indoubt
