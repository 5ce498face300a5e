#pragma once
// The words in which points of a protocol's text are named, and whether a protocol has a point.
#include <string>
#include <string_view>
#include <vector>

#include "sim/process/machine.h"
#include "sim/scenario/faults.h"

namespace indoubt {

/// What `machine` calls its messages, its records and its handlers, each once, in its order.
/// Handlers are "start", "recovery", "prepared", the messages and the timers.
std::vector<std::string_view> message_names(const Machine& machine);
std::vector<std::string_view> record_names(const Machine& machine);
std::vector<std::string_view> handler_names(const Machine& machine);

/// "decision", of a message, record or outcome: commit and abort alike.
inline constexpr std::string_view kEitherDecision = "decision";

/// Whether `machine` has every message, record and handler that `point` names. True of records
/// where the machine does not list its records.
bool has_point(const Machine& machine, const Point& point);

/// The point as a scenario writes it: "before send COMMIT to transfer on YES".
std::string point_text(const Point& point);

}  // namespace indoubt
