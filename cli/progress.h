#pragma once
#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

#include "scenarios/runner.h"

namespace indoubt {

/// A line on stderr, rewritten a few times a second once a run takes longer than one: share done,
/// speed, the commit rate so far with its interval. Silent when stderr is no terminal.
class Progress {
 public:
  Progress(const Scenario& scenario, bool enabled);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void update(std::size_t protocol, const Totals& totals);
  /// Removes the line.
  void clear();

 private:
  using Clock = std::chrono::steady_clock;
  const Scenario& scenario_;
  bool enabled_, shown_ = false;
  Clock::time_point start_, last_;
  std::vector<std::uint64_t> events_;  ///< so far, by protocol: they take turns
};

}  // namespace indoubt
