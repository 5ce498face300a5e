#include "analysis/explore/search_clock.h"

#include <utility>

namespace indoubt {
namespace {

double seconds(std::chrono::steady_clock::duration d) {
  return std::chrono::duration<double>(d).count();
}

}  // namespace

SearchClock::SearchClock(double limit, ProgressReport report)
    : seconds_(limit), report_(std::move(report)), start_(Clock::now()), reported_(start_) {}

Stop SearchClock::look(const std::function<SearchProgress()>& progress) {
  const Clock::time_point now = Clock::now();
  if (seconds(now - start_) > seconds_) return Stop::time;
  const double since = seconds(now - reported_);
  if (!report_ || since < 1) return Stop::complete;
  SearchProgress moment = progress();
  moment.states_per_second = static_cast<double>(moment.states - reported_states_) / since;
  reported_ = now;
  reported_states_ = moment.states;
  return report_(moment) ? Stop::complete : Stop::interrupted;
}

}  // namespace indoubt
