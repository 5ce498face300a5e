#pragma once
// What an exhaustive exploration tries: a budget of faults, a kind of timing, and bounds.
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sim/process/time.h"

namespace indoubt {

/// When things may happen in an exploration.
enum class Timing : std::uint8_t {
  /// A message arrives at any time after it was sent, a timer fires at any time after it was set.
  asynchronous,
  /// A message arrives within its link's largest delay, a timer fires exactly after its length:
  /// digital clocks (Henzinger, Manna & Pnueli 1992), exact for closed whole-number bounds.
  bounded,
  /// Every delay is exactly as long as the scenario says.
  timed,
};

enum class PropertyForm : std::uint8_t {
  never,       ///< no world has it
  always,      ///< every world has it
  sometimes,   ///< some world has it
  eventually,  ///< from every world, with everything up and whole and no further fault, it can come
  report,      ///< whether some world has it; either will do
};

/// A question: a form, and the name of a predicate - built in, or the scenario's own.
struct AskedProperty {
  PropertyForm form = PropertyForm::never;
  std::string name;
  bool operator==(const AskedProperty&) const = default;
};

/// The `explore` block of a scenario. Budgets: how often each fault may strike in one run, at any
/// moment and place.
struct Exploration {
  static constexpr int kAny = -1;  ///< a budget without an end

  /// The scenario's own random choices - votes, losses, faults, delays that race - are the
  /// branches, and its times are kept: everything here but the properties plays no part then.
  bool faults_of_scenario = false;
  Timing timing = Timing::asynchronous;
  bool free_votes = false;                ///< each participant may vote YES or NO, or READ
                                          ///< where it ever does; else as the
                                          ///< scenario's probabilities allow
  int crashes = 0;                        ///< sites that crash, in all; >= 0
  std::vector<std::string> crashable{};   ///< only these; empty: every site
  bool recoveries = true;                 ///< a site that is down may come back, at any moment
  int losses = 0;                         ///< messages that get lost, >= 0 or kAny
  int duplications = 0;                   ///< messages that arrive twice, >= 0 or kAny
  int partitions = 0;                     ///< the network parts in two groups of sites, >= 0
  bool heals = true;                      ///< a partition may end, at any moment
  int timeouts = kAny;                    ///< time-outs that fire, each process; >= 0 or kAny
  std::optional<std::uint32_t> rounds{};  ///< ballots or elections that are followed; empty: those
                                          ///< of ExplorationBounds, and "holds" is then not claimed
  bool separate_sends = true;             ///< a crash may cut a broadcast between its sends
  std::optional<Duration> delay{};        ///< bounded: largest delay of every link; empty: the
                                          ///< network's
  bool symmetry = true;                   ///< identical participants are not told apart
  bool reduction = true;                  ///< situations that behave alike are not told apart,
                                          ///< messages that nothing can come of are dropped
  bool partial_order = false;             ///< where nothing can interfere with the next moves of
                                          ///< one process, it moves before all others
  std::vector<AskedProperty> properties{};  ///< empty: the standard ones
  bool operator==(const Exploration&) const = default;
};

}  // namespace indoubt
