#pragma once
// Chains in which constant time-outs strike at fixed instants: between two of them the chain runs
// in continuous time (uniformisation); at one, mass moves as the time-out says.
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "analysis/chain/build.h"
#include "analysis/chain/solver.h"
#include "analysis/chain/transient.h"

namespace indoubt::markov {

struct Answer;

/// Requires a chain of mixed times, which must outlive it.
class Scheduled {
 public:
  explicit Scheduled(const BuiltChain& built);

  /// The value at the start of what `values` tells by state: the distribution after the last
  /// instant, weighted. Requires bounded values.
  Answer value(const Values& values) const;
  /// P(ever one of `marks`).
  Answer passes(Marks marks, Solver& solver) const;
  /// E[counter, in total]; `rest`: its Values by state (Question::earned without marks).
  Answer earned(CounterId counter, const Values& rest);
  /// E[time until one of `marks`], if that is certain within 1e-9.
  Answer time_to(Marks marks, Solver& solver);
  /// P(one of `marks` by `time`).
  Answer by(Marks marks, std::int64_t time) const;

 private:
  struct Run {
    Distribution at;
    /// If asked for: expected nanoseconds in exponential states, passages of immediate ones.
    std::vector<double> occupancy;
    double error = 0;
    std::optional<std::string> refused;
  };
  /// To the last instant that is not after `until`, and on to `until` itself unless it is kForever.
  Run run(std::int64_t until, Marks stop, bool occupancy) const;
  Answer weighted(const Run& run, const Values& values) const;
  static constexpr std::int64_t kForever = INT64_MAX;
  const BuiltChain& built_;
  Run all_;
  std::optional<Run> counted_;  ///< the same with occupancy
};

}  // namespace indoubt::markov
