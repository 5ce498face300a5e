#pragma once
// Moves of an explored trace in words.
#include <string>
#include <vector>

#include "analysis/explore/explorer.h"
#include "sim/scenario/scenario.h"

namespace indoubt {

/// Names of a machine's processes in a scenario, by number.
std::vector<std::string> process_names(const Scenario& scenario, const Machine& machine);

struct ExploredRow {
  std::string site;   ///< who acts; empty for what happens to the network or to time
  std::string event;  ///< what happens to it
  std::string does;   ///< what it does, as far as it comes
  std::string state;  ///< afterwards
};

/// One row for each move.
ExploredRow row_of(const TraceStep& step, const Machine& machine,
                   const std::vector<std::string>& names);

}  // namespace indoubt
