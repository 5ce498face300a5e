#pragma once
// When a chain whose transitions take whole nanoseconds reaches a mark: the exact distribution, by
// propagation of (time, state) in order of time. For constant delays.
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "analysis/chain/chain.h"

namespace indoubt::markov {

struct Arrival {
  std::int64_t at;     ///< nanoseconds after the start
  double probability;  ///< of reaching the mark exactly then
};

struct Passage {
  std::vector<Arrival> arrivals;  ///< by time; no two at one time
  double unresolved = 0;          ///< probability that still moves at the horizon
  double never = 0;               ///< of being absorbed elsewhere before it
  /// Why there is no answer: exponential states, a cycle that takes no time, too many entries.
  std::optional<std::string> refused;

  double by(std::int64_t time) const;  ///< P(reached at or before `time`), requires it <= horizon
};

struct PassageOptions {
  std::int64_t horizon = 1'000'000'000'000'000'000;  ///< nanoseconds, inclusive
  std::uint64_t most_entries = 50'000'000;           ///< pairs (time, state) expanded
};

/// First passage to a state with one of `marks`, from the chain's start. A cycle that takes time
/// goes on until the horizon; give one.
Passage passage(const Chain& chain, Marks marks, const PassageOptions& options = {});

}  // namespace indoubt::markov
