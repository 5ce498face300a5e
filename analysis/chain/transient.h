#pragma once
// Where a continuous chain is at a time T, by uniformisation (Jensen 1953; weights in the manner of
// Fox & Glynn 1988). Immediate states are passed in no time. Scheduled events ("the time-out at
// T") are instantaneous maps of a distribution: run to T, apply a Kernel, go on.
#include <optional>
#include <string>
#include <vector>

#include "analysis/chain/chain.h"

namespace indoubt::markov {

/// Probability of each state. Extended precision, since a run of uniformisation is a product of
/// thousands of matrices.
using Distribution = std::vector<long double>;

/// All mass in the chain's start state, moved on while that is immediate.
Distribution at_start(const Chain& chain);

/// P(some state with one of `marks`).
double probability(const Chain& chain, const Distribution& d, Marks marks);

struct TransientOptions {
  double error = 1e-13;  ///< most probability that truncation of the series may misplace
  Marks stop = 0;        ///< states with one of these keep their mass: "passed by T"
  bool occupancy = false;
  std::uint64_t most_steps = 100'000'000;
};

struct Transient {
  Distribution at;  ///< at T
  /// If asked for: expected nanoseconds in each exponential state and passages of each immediate
  /// one, in (0, T].
  std::vector<double> occupancy;
  double error = 0;         ///< proven bound on the sum of absolute errors of `at`: truncation ...
  double rounding = 0;      ///< ... and, to first order, rounding; included in `error`
  double rate = 0;          ///< of uniformisation, per nanosecond
  std::uint64_t steps = 0;  ///< taken; fewer than planned once nothing moves any more
  /// Why there is no answer: a step that takes time, a cycle of immediate states, too many steps.
  std::optional<std::string> refused;
};

/// Requires time >= 0 (nanoseconds) and one probability a state. O(rate * time * transitions).
Transient after(const Chain& chain, const Distribution& from, double time,
                const TransientOptions& options = {});

/// What happens at an instant: mass of a state moves as its branches say; a state without branches
/// stays. Immediate targets are moved on.
class Kernel {
 public:
  struct Branch {
    StateId from, to;
    double probability;
  };
  void add(StateId from, StateId to, double probability = 1) {
    branches_.push_back({from, to, probability});
  }
  /// Requires the branches of each state to sum to 1 within 1e-12.
  Distribution apply(const Chain& chain, const Distribution& d) const;

 private:
  std::vector<Branch> branches_;
};

}  // namespace indoubt::markov
