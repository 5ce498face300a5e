#pragma once
// Messages and records of the quorum forms of three-phase commit.
#include <array>
#include <cstdint>
#include <string_view>

#include "protocols/textbook_messages.h"
#include "sim/process/outcome.h"

namespace indoubt::quorum {

enum class Phase : std::uint8_t {
  initial,
  voting,
  preparing,
  uncertain,
  pre_committed,
  pre_aborted,
  committed,
  aborted
};

/// Number of an election in three bytes, so that two of them fit beside a state. A site that has
/// reached the last one leads no more.
class Election {
 public:
  static constexpr std::uint32_t kLast = 0xff'ffff;
  constexpr Election() = default;
  constexpr explicit Election(std::uint32_t n)
      : bytes_{static_cast<std::uint8_t>(n), static_cast<std::uint8_t>(n >> 8),
               static_cast<std::uint8_t>(n >> 16)} {}
  constexpr std::uint32_t number() const {
    return bytes_[0] | static_cast<std::uint32_t>(bytes_[1]) << 8 |
           static_cast<std::uint32_t>(bytes_[2]) << 16;
  }
  bool operator==(const Election&) const = default;

 private:
  std::array<std::uint8_t, 3> bytes_{};
};

using textbook::Prepare;
using textbook::Vote;
struct PreCommit {
  Election election;
  std::string_view name() const { return "PRE-COMMIT"; }
  bool operator==(const PreCommit&) const = default;
};
struct PreCommitAck {
  Election election;
  std::string_view name() const { return "PRE-COMMIT-ACK"; }
  bool operator==(const PreCommitAck&) const = default;
};
struct PreAbort {
  Election election;
  std::string_view name() const { return "PRE-ABORT"; }
  bool operator==(const PreAbort&) const = default;
};
struct PreAbortAck {
  Election election;
  std::string_view name() const { return "PRE-ABORT-ACK"; }
  bool operator==(const PreAbortAck&) const = default;
};
using textbook::Ack;
using textbook::Decision;
struct StateRequest {
  Election election;
  std::string_view name() const { return "STATE-REQ"; }
  bool operator==(const StateRequest&) const = default;
};
struct StateReport {
  Phase phase = Phase::initial;
  Election election, attempt;
  std::string_view name() const { return "STATE"; }
  bool operator==(const StateReport&) const = default;
};
/// The answer to a leader whose election is not newer than the site's last.
struct Refusal {
  Election elected;
  std::string_view name() const { return "REFUSED"; }
  bool operator==(const Refusal&) const = default;
};
using textbook::Inquiry;
struct Record {
  enum class Kind : std::uint8_t {
    none,
    started,
    prepared,
    pre_committed,
    pre_aborted,
    committed,
    aborted
  };
  Kind kind = Kind::none;
  std::uint8_t spare = 0;
  Election elected{}, attempt{};  ///< with elections
  bool operator==(const Record&) const = default;
};

}  // namespace indoubt::quorum
