// Goal: the models of streams of transactions on shared sites, against many runs. One crash is one
// observation of how many it catches, however many transactions a run has; so runs are repeated
// with other seeds, and their mean and variance are held against the formula's.
#include <gtest/gtest.h>

#include <cmath>

#include "analysis/models/model.h"
#include "scenarios/runner.h"
#include "sim/engine/simulation.h"

namespace indoubt {
namespace {

ScenarioFile library(const std::string& name) {
  LoadResult loaded =
      load_scenario_file(INDOUBT_SOURCE_DIR "/scenarios/library/models/" + name + ".yaml");
  EXPECT_TRUE(loaded.file);
  return std::move(*loaded.file);
}

struct Sample {
  double mean = 0, variance = 0;
};

/// Of the transactions of a run that were ever blocked.
Sample caught(const ScenarioFile& file, const ProtocolUse& use, int runs) {
  double sum = 0, squares = 0;
  for (int seed = 1; seed <= runs; ++seed) {
    SimulationOptions options;
    options.seed = static_cast<std::uint64_t>(seed);
    options.count = file.scenario.transactions.count;
    const Machine machine = machine_for_use(use, file.scenario);
    const auto n = static_cast<double>(simulate(file.scenario, machine, options).ever_blocked);
    sum += n;
    squares += n * n;
  }
  const double mean = sum / runs;
  return {mean, (squares - runs * mean * mean) / (runs - 1)};
}

// M11: "transactions caught by a crash: rate x w; 1000/s, w 30 ms: 30". Arrivals are Poisson, so
// the number is too: its variance is its mean, and that of a sample variance of R runs about
// 2 x 30^2 / R.
TEST(SharedSites, M11OneCrashCatchesThirtyOfAThousandASecond) {
  ScenarioFile file = library("m11_caught_by_crash_shared");
  file.scenario.transactions.count = 300;
  file.scenario.faults.front().when.time = std::chrono::milliseconds(150);
  constexpr int kRuns = 600;
  for (const ProtocolUse& use : file.scenario.protocols) {
    const Sample sample = caught(file, use, kRuns);
    EXPECT_NEAR(sample.mean, 30, 4 * std::sqrt(30.0 / kRuns)) << use.label;
    EXPECT_NEAR(sample.variance, 30, 4 * 30 * std::sqrt(2.0 / kRuns)) << use.label;
  }
}

// The same with other rates and other lengths: d = 4, f = 1 ms, 2000/s: w = 10 ms, 20 of them.
TEST(SharedSites, M11IsTheRateTimesTheWindow) {
  ScenarioFile file = library("m11_caught_by_crash_shared");
  file.scenario.network.latency = Latency::constant(std::chrono::milliseconds(4));
  file.scenario.disk.force = Latency::constant(std::chrono::milliseconds(1));
  file.scenario.transactions.arrivals.mean_gap_ns = 0.5e6;
  file.scenario.transactions.count = 400;
  file.scenario.faults.front().when.time = std::chrono::milliseconds(100);
  constexpr int kRuns = 600;
  for (const ProtocolUse& use : file.scenario.protocols) {
    EXPECT_NEAR(caught(file, use, kRuns).mean, 20, 4 * std::sqrt(20.0 / kRuns)) << use.label;
  }
}

// M15: "start needs C and n participants, availability A each: A^(n+1), A = MTTF / (MTTF + MTTR)":
// the shared form of the library for other availabilities, some sites better than others.
TEST(SharedSites, M15EachSiteIsUpItsShareOfTheTime) {
  ScenarioFile file = library("m15_all_sites_up_shared");
  file.scenario.transactions.count = 20'000;
  const double down_s[] = {1000, 500, 100, 2000};
  double all_up = 1;
  for (std::size_t i = 0; i < file.scenario.faults.size(); ++i) {
    Fault& fault = file.scenario.faults[i];
    fault.lasts = Latency::exponential(std::chrono::seconds(static_cast<int>(down_s[i])));
    all_up *= fault.when.gap->mean() / (fault.when.gap->mean() + down_s[i] * 1e9);
  }
  for (const ProtocolUse& use : file.scenario.protocols) {
    SimulationOptions options;
    options.count = file.scenario.transactions.count;
    const Machine machine = machine_for_use(use, file.scenario);
    const Totals totals = simulate(file.scenario, machine, options);
    const auto n = static_cast<double>(totals.transactions);
    // Neighbours that meet the same outage: at most 2 + 1 of one observation, as gaps are 1000 s.
    EXPECT_NEAR(static_cast<double>(totals.commits) / n, all_up,
                4 * std::sqrt(3 * all_up * (1 - all_up) / n))
        << use.label;
  }
}

}  // namespace
}  // namespace indoubt
