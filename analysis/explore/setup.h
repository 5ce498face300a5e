#pragma once
// What an exploration starts from: a machine, and a scenario's exploration in whole ticks.
#include <cstdint>
#include <string>
#include <vector>

#include "analysis/explore/local.h"
#include "sim/network/network_plan.h"
#include "sim/scenario/exploration.h"
#include "sim/scenario/scenario.h"

namespace indoubt {

/// Everything a protocol model needs to know beside the machine itself. Plain data.
struct ExploreSetup {
  Exploration budget;
  LocalSteps::Setting steps;
  int participants = 0;
  Duration tick{0};                      ///< length of a tick; 0 without clocks
  std::vector<std::uint8_t> votes;       ///< by process: votes that local work can give, bit by
                                         ///< LocalVote
  std::vector<std::uint8_t> delay;       ///< by from * processes + to: ticks to arrival, at most
                                         ///< (bounded) or exactly (timed)
  std::vector<bool> dead_link;           ///< by from * processes + to: nothing ever arrives
  std::vector<ProcessId> site;           ///< by process: the process its site is called after
  std::vector<bool> crashable;           ///< by process: whether its site may crash
  std::vector<ProcessId> distinguished;  ///< participants that symmetry must tell apart
  /// (one of them, another): participants alike, of which only the first is told apart.
  std::vector<std::pair<ProcessId, ProcessId>> alike;
  bool detects = false;      ///< a perfect failure detector reports crashes
  std::uint32_t rounds = 0;  ///< ballots or elections followed; 0: any number

  std::uint8_t delay_of(ProcessId from, ProcessId to) const {
    return delay[std::size_t{from} * votes.size() + to];
  }
};

/// Ballots or elections that are followed where a scenario names no number.
inline constexpr std::uint32_t kStandardRounds = 2;
/// Most processes of a transaction that is explored.
inline constexpr std::size_t kMostExplored = 40;
/// Most ticks of a time-out or a delay.
inline constexpr int kMostTicks = 64;

/// The setup of `scenario` for `machine`, made for its number of processes. What cannot be explored
/// is told in `problems`, a sentence each, with what to change; the setup is void then. `rounds`:
/// ballots or elections that are followed where the budget does not say.
ExploreSetup explore_setup(const Scenario& scenario, const Exploration& budget,
                           const Machine& machine, std::vector<std::string>& problems,
                           std::uint32_t rounds = kStandardRounds);

}  // namespace indoubt
