#pragma once
// Messages and records of INBAC.
#include <cstdint>
#include <string_view>

#include "protocols/ballots.h"
#include "protocols/textbook_messages.h"
#include "sim/process/outcome.h"

namespace indoubt::inbac_messages {

/// Bit p - 1 is participant p.
using Members = std::uint16_t;

using textbook::Prepare;
using textbook::Vote;
/// Round 2: the YES votes that have come, or that there is a NO.
struct Report {
  Members yes = 0;
  std::uint16_t no = 0;
  std::string_view name() const { return "REPORT"; }
  bool operator==(const Report&) const = default;
};
struct Help {
  std::string_view name() const { return "HELP"; }
  bool operator==(const Help&) const = default;
};
/// All YES votes that the sender knows of.
struct Helped {
  Members yes = 0;
  std::string_view name() const { return "HELPED"; }
  bool operator==(const Helped&) const = default;
};
/// Back from a crash: it has not decided, and decides nothing by the two rounds any more.
struct Recovering {
  std::string_view name() const { return "RECOVERING"; }
  bool operator==(const Recovering&) const = default;
};
struct Decision {
  Outcome outcome = Outcome::none;
  AbortCause cause = AbortCause::other;
  std::string_view name() const { return outcome == Outcome::commit ? "COMMIT" : "ABORT"; }
  bool operator==(const Decision&) const = default;
};
using textbook::Inquiry;
struct Phase1a {
  Ballot ballot = 0;
  std::string_view name() const { return "PHASE-1A"; }
  bool operator==(const Phase1a&) const = default;
};
/// Also refuses a lower ballot, by the one that was promised.
struct Phase1b {
  Ballot promised = 0, accepted = 0;
  Outcome value = Outcome::none;
  std::uint8_t spare = 0;
  std::string_view name() const { return "PHASE-1B"; }
  bool operator==(const Phase1b&) const = default;
};
struct Phase2a {
  Ballot ballot = 0;
  Outcome value = Outcome::none;
  std::uint8_t spare = 0;
  std::string_view name() const { return "PHASE-2A"; }
  bool operator==(const Phase2a&) const = default;
};
struct Phase2b {
  Ballot ballot = 0;
  std::string_view name() const { return "PHASE-2B"; }
  bool operator==(const Phase2b&) const = default;
};
/// What was written, and all that the process keeps over a crash.
struct Record {
  enum class Kind : std::uint8_t { none, prepared, promised, accepted, committed, aborted };
  Kind kind = Kind::none;
  std::uint8_t prepared = 0;  ///< it has voted YES
  Ballot promised = 0, accepted = 0;
  Outcome value = Outcome::none;
  std::uint8_t spare = 0;
};

}  // namespace indoubt::inbac_messages
