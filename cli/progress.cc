#include "cli/progress.h"

#include <cstdio>
#include <numeric>

#include "cli/format.h"
#include "cli/terminal.h"

namespace indoubt {

Progress::Progress(const Scenario& scenario, bool enabled)
    : scenario_(scenario), enabled_(enabled), start_(Clock::now()), last_(start_) {}

Progress::~Progress() { clear(); }

void Progress::clear() {
  if (shown_) std::fputs("\r\x1b[K", stderr);
  shown_ = false;
}

void Progress::update(std::size_t protocol, const Totals& totals) {
  if (!enabled_) return;
  events_.resize(scenario_.protocols.size());
  events_[protocol] = totals.events;
  const Clock::time_point now = Clock::now();
  using std::chrono::duration;
  if (now - start_ < std::chrono::seconds(1) || now - last_ < std::chrono::milliseconds(200))
    return;
  last_ = now;
  shown_ = true;
  const double seconds = duration<double>(now - start_).count();
  const std::uint64_t events = std::accumulate(events_.begin(), events_.end(), std::uint64_t{0});
  const double done =
      static_cast<double>(totals.transactions) / static_cast<double>(scenario_.transactions.count);
  const Measure& commit = *find_measure("commit");
  const Estimate e = estimate(commit, totals, 0.95);
  std::fprintf(stderr, "\r\x1b[K%s (%zu of %zu)  %s done  %.1f M events/s  commit %s",
               scenario_.protocols[protocol].label.c_str(), protocol + 1,
               scenario_.protocols.size(), quantity(Measure::Kind::proportion, done, 0).c_str(),
               static_cast<double>(events) / seconds / 1e6, estimate_text(commit.kind, e).c_str());
  std::fflush(stderr);
}

}  // namespace indoubt
