#pragma once
// An explored trace with its times, as the text of a scenario file.
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/trace_schedule.h"

namespace indoubt {

/// A trace and whence it comes; everything must outlive the use.
struct TracedRun {
  const Scenario& scenario;
  const ProtocolUse& use;
  const Machine& machine;
  const ExploredTrace& trace;
  const TraceFlow& flow;
};

/// Of one transaction of one protocol, of which every participant is a service of its own. Faults
/// bring every message to its moment. `comment`: lines that begin the file, without "#"; `expect`:
/// the lines that the run must meet.
std::string scenario_text(const TracedRun& run, const TraceSchedule& schedule,
                          std::span<const std::string> comment,
                          std::span<const std::string> expect);

}  // namespace indoubt
