#pragma once
#include <chrono>
#include <functional>

#include "analysis/explore/search_result.h"

namespace indoubt {

/// Machine time of a search: decides when to report and when to stop, and nothing else.
class SearchClock {
 public:
  /// Starts now. An empty report is never called.
  SearchClock(double seconds, ProgressReport report);

  /// Stop::time or Stop::interrupted if the search is to end, otherwise Stop::complete. Calls the
  /// report about every second, with what `progress` gives (its rate is filled in here).
  Stop look(const std::function<SearchProgress()>& progress);
  /// The same before any world is visited, for what prepares the search: whether to end. Once true,
  /// always true.
  bool ends() {
    ended_ = ended_ || look([] { return SearchProgress{}; }) != Stop::complete;
    return ended_;
  }

 private:
  using Clock = std::chrono::steady_clock;

  double seconds_;
  ProgressReport report_;
  Clock::time_point start_, reported_;
  std::uint64_t reported_states_ = 0;
  bool ended_ = false;
};

}  // namespace indoubt
