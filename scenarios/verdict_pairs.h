#pragma once
// The pairs of one row: who can be held against whom, and how it comes out.
#include "scenarios/four_verdicts.h"

namespace indoubt {

/// Adds every pair of `row` that can be compared. `unfinished`: some simulated transaction was
/// stopped at the horizon, where the chain goes on.
void add_pairs(VerdictRow& row, const ScenarioExploration& question, bool unfinished);

/// How many of its pairs will need the simulation's interval.
int interval_pairs(const VerdictRow& row);

}  // namespace indoubt
