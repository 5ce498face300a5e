#pragma once
// The messages that commit protocols have in common, after Bernstein, Hadzilacos & Goodman (1987),
// ch. 7.
#include <string_view>

#include "sim/process/outcome.h"

namespace indoubt::textbook {

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

}  // namespace indoubt::textbook
