#pragma once
// Events of a branch in words.
#include <string>
#include <vector>

#include "analysis/chain/branches.h"
#include "sim/scenario/scenario.h"

namespace indoubt {

struct BranchRow {
  std::string time;  ///< since the beginning; empty where that is random
  std::string site;  ///< to whom it happens; empty: to the network, or to several sites
  std::string event;
  std::string does;   ///< what comes of it
  std::string state;  ///< of that process afterwards
};

/// `site`: as Branches has it. `names`: of the processes, by number.
BranchRow row_of(const markov::BranchMove& move, const std::vector<ProcessId>& site,
                 const Scenario& scenario, const Machine& machine,
                 const std::vector<std::string>& names);

}  // namespace indoubt
