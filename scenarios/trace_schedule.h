#pragma once
// Times for the moves of an explored trace, and lengths of its timers that fit to them.
#include <cstdint>
#include <functional>
#include <vector>

#include "scenarios/trace_flow.h"

namespace indoubt {

/// In units: a message takes one unless a fault delays it, and moves of one process are at least
/// one apart.
struct TraceSchedule {
  std::vector<std::int64_t> at;      ///< by step; 0 where a step needs no time (a loss, a tick)
  std::vector<std::int64_t> length;  ///< by timer, on a right clock
  std::vector<bool> fires;           ///< by timer: whether it fires in the trace
  std::vector<int> slowness;         ///< by process: how many times longer time-outs take there
  std::int64_t end = 0;              ///< the last of `at`
};

/// What does not arrive in a trace arrives so many units after its end, and a timer that does not
/// fire in it fires later than that.
inline constexpr std::int64_t kAfterEnd = 10;

/// Calls `f` with schedules under which the moves of the trace can happen, the plainest first: no
/// slow clock, then as few as will do. Ends when `f` returns true, and says whether it did.
bool each_schedule(const ExploredTrace& trace, const TraceFlow& flow, const Machine& machine,
                   const std::function<bool(const TraceSchedule&)>& f);

}  // namespace indoubt
