#pragma once
// Messages and records of Paxos Commit.
#include <array>
#include <cstdint>
#include <string_view>

#include "protocols/ballots.h"
#include "protocols/textbook_messages.h"
#include "sim/process/outcome.h"

namespace indoubt::paxos {

/// Ballot 0 is the participants' own.
inline constexpr Ballot kMostBallot = 0xfff;
/// Bit p - 1 is participant p's instance.
using Instances = std::uint16_t;

/// What an acceptor knows. All instances have been accepted in the same ballot: in ballot 0 those
/// whose vote has come, in a higher one all at once.
struct Accepted {
  Ballot promised = 0;  ///< lower ballots are refused
  Ballot accepted = 0;
  Instances prepared = 0, aborted = 0;
  bool operator==(const Accepted&) const = default;
};

/// The same in seven bytes, for a message and a record: ballots of 12 bits.
struct Packed {
  std::array<std::uint8_t, 7> bytes{};
  bool operator==(const Packed&) const = default;
};
inline Packed pack(const Accepted& a) {
  const std::uint64_t word = a.promised | std::uint64_t{a.accepted} << 12 |
                             std::uint64_t{a.prepared} << 24 | std::uint64_t{a.aborted} << 40;
  Packed packed;
  for (std::size_t i = 0; i < packed.bytes.size(); ++i) {
    packed.bytes[i] = static_cast<std::uint8_t>(word >> 8 * i);
  }
  return packed;
}
inline Accepted unpack(const Packed& packed) {
  std::uint64_t word = 0;
  for (std::size_t i = 0; i < packed.bytes.size(); ++i) {
    word |= std::uint64_t{packed.bytes[i]} << 8 * i;
  }
  return {static_cast<Ballot>(word & kMostBallot), static_cast<Ballot>(word >> 12 & kMostBallot),
          static_cast<Instances>(word >> 24), static_cast<Instances>(word >> 40)};
}

/// From the first participant to the coordinator.
struct Begin {
  std::string_view name() const { return "BEGIN"; }
  bool operator==(const Begin&) const = default;
};
using textbook::Prepare;
/// Phase 2a of ballot 0: a participant's Prepared or Aborted for its own instance.
using textbook::Vote;
/// Phase 2b, all instances of a ballot in one message.
struct Phase2b {
  Ballot ballot = 0;
  Instances prepared = 0, aborted = 0;
  std::string_view name() const { return "PHASE-2B"; }
  bool operator==(const Phase2b&) const = default;
};
using textbook::Ack;
using textbook::Decision;
struct Phase1a {
  Ballot ballot = 0;
  std::string_view name() const { return "PHASE-1A"; }
  bool operator==(const Phase1a&) const = default;
};
/// Also refuses a lower ballot, by the one that was promised.
struct Phase1b {
  Packed state;
  std::string_view name() const { return "PHASE-1B"; }
  bool operator==(const Phase1b&) const = default;
};
/// A leader's: the instances that are not Prepared are Aborted.
struct Phase2a {
  Ballot ballot = 0;
  Instances prepared = 0;
  std::string_view name() const { return "PHASE-2A"; }
  bool operator==(const Phase2a&) const = default;
};
using textbook::Inquiry;
/// A process that leads writes its ballot first, so that it never leads the same one twice: with
/// `prepared` or `leading`, in `state.promised`.
struct Record {
  enum class Kind : std::uint8_t {
    none,
    prepared,
    leading,
    promised,
    accepted,
    committed,
    aborted
  };
  Kind kind = Kind::none;
  Packed state;
};

}  // namespace indoubt::paxos
