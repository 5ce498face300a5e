#pragma once
// The points of a protocol at which faults can strike, found by running it.
#include <string>
#include <vector>

#include "sim/process/machine.h"
#include "sim/scenario/faults.h"

namespace indoubt {

/// One effect of one handler at one role. A fault can strike before and after it.
struct ProtocolPoint {
  std::string role;     ///< "coordinator", "participant" or what the auxiliaries are called
  std::string handler;  ///< "start", "recovery", "prepared", a message's name or a timer's
  Point::What what = Point::What::send;
  std::string name;  ///< message, record, vote or outcome; empty for `prepare`
  int sends = 1;     ///< most destinations of one broadcast
  bool operator==(const ProtocolPoint&) const = default;
};

/// Every point of `machine`, each once: by role, then in the order in which a run first meets them.
/// Timers fire, votes are cast either way, processes recover from every record. If the protocol has
/// too many local situations to see them all, `complete` is set to false.
std::vector<ProtocolPoint> points_of(const Machine& machine, bool& complete);

}  // namespace indoubt
