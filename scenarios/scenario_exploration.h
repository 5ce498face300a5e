#pragma once
// The exploration that belongs to a scenario's own randomness: every random choice of a
// probability above 0 may go either way. Unlike the `explore` block, which is a question of its
// own, its answers can be held against probabilities.
#include <string>

#include "sim/process/machine.h"
#include "sim/scenario/scenario.h"

namespace indoubt {

struct ScenarioExploration {
  Exploration budget;
  /// What the scenario can do and the exploration does not; empty: it covers every run, so that
  /// what it does not reach has probability 0.
  std::string misses;
  /// What the exploration does and the scenario cannot; empty: what it reaches has a probability
  /// above 0.
  std::string adds;
};

/// Timed where all times are constant, else asynchronous. `machine`: made for the scenario. Asks
/// for no properties yet.
ScenarioExploration exploration_of(const Scenario& scenario, const Machine& machine);

}  // namespace indoubt
