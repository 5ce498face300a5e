#pragma once
// Where a continuous chain is at a time T, by uniformisation (Jensen 1953; weights in the manner of
// Fox & Glynn 1988). Immediate states are passed in no time. Scheduled events ("the time-out at
// T") are instantaneous maps of a distribution: run to T, apply a Kernel, go on.
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "analysis/chain/chain.h"

namespace indoubt::markov {

/// Probability of each state. Extended precision, since a run of uniformisation is a product of
/// thousands of matrices.
using Distribution = std::vector<long double>;

/// All mass in the chain's start state.
Distribution at_start(const Chain& chain);

/// P(some state with one of `marks`).
double probability(const Chain& chain, const Distribution& d, Marks marks);

struct TransientOptions {
  double error = 1e-13;  ///< most probability that truncation of the series may misplace
  Marks stop = 0;        ///< states with one of these keep their mass: "passed by T"
  bool occupancy = false;
  /// With occupancy: also of states that nothing leaves and that do not stop, where something other
  /// than this chain ends the wait.
  bool waiting = false;
  std::uint64_t most_steps = 100'000'000;
};

struct Transient {
  Distribution at;  ///< at T; nothing is left in immediate states
  /// If asked for: expected nanoseconds in each exponential state and number of passages of each
  /// immediate one, from 0 to T and those at 0 included. Time in states that are stopped is not
  /// counted, and time in absorbing ones only with `waiting`.
  std::vector<double> occupancy;
  double truncation = 0;    ///< proven bound on the sum over states of absolute errors of `at` ...
  double rounding = 0;      ///< ... and, to first order, its part that is due to rounding
  double rate = 0;          ///< of uniformisation, per nanosecond
  std::uint64_t steps = 0;  ///< taken; fewer than planned once nothing moves any more
  /// Why there is no answer: a step that takes time, a cycle of immediate states, too many steps.
  std::optional<std::string> refused;
};

/// The chain at `time` >= 0 (nanoseconds) after it was distributed as `from`, one entry a state.
/// Time 0 only empties immediate states. O(rate * time * transitions that can be reached).
Transient after(const Chain& chain, const Distribution& from, double time,
                const TransientOptions& options = {});

/// What happens at an instant: mass of a state moves as its branches say; a state without branches
/// stays as it is. Immediate targets are emptied by the next after(), whose time may be 0.
class Kernel {
 public:
  void add(StateId from, StateId to, double probability = 1) {
    branches_.push_back({from, to, probability});
  }
  /// Requires the branches of each state to sum to 1 within 1e-12.
  Distribution apply(const Distribution& d) const;

 private:
  struct Branch {
    StateId from, to;
    double probability;
  };
  std::vector<Branch> branches_;
};

}  // namespace indoubt::markov
