#pragma once
// Every run that a scenario can come to, its own random choices taken as branches: what can happen
// at all, and by the fewest events. The worlds are those of the chain, so a chain's probability is
// 0 exactly where nothing is found here.
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "analysis/chain/build.h"
#include "analysis/chain/world.h"
#include "sim/scenario/exploration.h"

namespace indoubt::markov {

/// One event of a run.
struct BranchMove {
  std::optional<Item> item;  ///< what comes to its end; empty: the transaction begins
  std::int64_t at = 0;       ///< nanoseconds since the beginning; kRandom where that is random
  World before, after;
  int sent = 0;  ///< messages that it sends, lost ones included
  static constexpr std::int64_t kRandom = -1;
};

struct BranchAnswer {
  AskedProperty asked;
  /// Some world has it; always: some world has it not; eventually: some world cannot come to it.
  bool met = false;
  int depth = -1;               ///< events to the nearest such world
  std::uint64_t worlds = 0;     ///< such worlds
  std::vector<BranchMove> way;  ///< to the nearest; of several the first by number
};

struct Branches {
  std::uint64_t worlds = 0, moves = 0;
  int depth = 0;                ///< events to the farthest world
  std::vector<ProcessId> site;  ///< by process: the number of its site in World::sites
  std::vector<BranchAnswer> answers;
};

/// Asks each property of every world of the scenario under `machine`. What is said of the end of a
/// transaction only (blocked, blocked_at_end, abandoned, violation.nontriviality,
/// violation.termination) is asked of worlds in which it ends, or from which it goes on for ever
/// so. Refuses what build_chain refuses, and names that are not known.
std::variant<Branches, Refusals> branches_of(const Scenario& scenario, const Machine& machine,
                                             std::span<const AskedProperty> asked,
                                             std::size_t most_worlds);

}  // namespace indoubt::markov
