#pragma once
// What in an explored trace depends on what: its messages, waits, local work and outages.
#include <string>
#include <string_view>
#include <vector>

#include "analysis/explore/explorer.h"
#include "sim/process/machine.h"
#include "sim/scenario/scenario.h"

namespace indoubt {

/// Steps are numbered from 0 as in the trace; kNoStep: it does not come to that.
inline constexpr int kNoStep = -1;

/// One message.
struct FlowMessage {
  ProcessId from = 0, to = 0;
  Message message;
  int nth = 0;          ///< of its type on the link between the two sites, from 1
  int sent = kNoStep;   ///< the step that sends it
  int taken = kNoStep;  ///< the step that it arrives in, at a site that is down included
  int again = kNoStep;  ///< the same for its copy
  bool lost = false, twice = false;
  bool cut_off = false;  ///< sent while the network keeps the two apart: nothing more is needed
};

/// A timer, from its setting on.
struct FlowWait {
  ProcessId process = 0;
  Tag timer = 0;
  int set = kNoStep;
  int ended = kNoStep;  ///< the step that it fires in or that cancels it, sets it anew or crashes
  bool fired = false;
};

/// Local work.
struct FlowWork {
  ProcessId process = 0;
  int begun = kNoStep;
  int done = kNoStep;
  int crashed = kNoStep;
};

/// A site that is down, by the process that it is called after.
struct FlowOutage {
  ProcessId site = 0;
  ProcessId process = 0;  ///< that crashes
  int step = kNoStep;     ///< the crash
  int restart = kNoStep;
};

struct TraceFlow {
  std::vector<FlowMessage> messages;  ///< in the order of sending
  std::vector<FlowWait> waits;
  std::vector<FlowWork> works;
  std::vector<FlowOutage> outages;
  std::vector<ProcessId> site;   ///< by process
  std::vector<LocalVote> votes;  ///< that local work comes to, by process; YES without any
  std::string problem;           ///< what cannot be told as a scenario; empty: nothing
};

/// Reads the flow of a trace of `machine`, made for `scenario`.
TraceFlow flow_of(const ExploredTrace& trace, const Scenario& scenario, const Machine& machine);

}  // namespace indoubt
