// The interval of the time in doubt covers as it says, although participants of one transaction
// wait for the same decision.
#include <gtest/gtest.h>

#include "analysis/report/comparison.h"
#include "scenarios/runner.h"

namespace indoubt {
namespace {

TEST(InDoubtTime, IntervalCoversWithTwentyParticipants) {
  LoadResult loaded = load_scenario_text(
      "indoubt: 1\nprotocols: [2pc]\nservices: {a: {count: 20}}\n"
      "network: {latency: exponential 5ms}\ntransactions: {count: 100000, seed: 99999}\n",
      "doubt");
  ASSERT_TRUE(loaded.file);
  const Measure& measure = *find_measure("in_doubt_time");
  auto run = [&](std::uint64_t seed, std::uint64_t count) {
    loaded.file->scenario.transactions.seed = seed;
    loaded.file->scenario.transactions.count = count;
    return estimate(measure, run_scenario(*loaded.file, {}).protocols[0].totals, 0.95);
  };
  const double truth = run(99999, 100'000).value;
  int covered = 0;
  constexpr int kRuns = 300;
  for (int seed = 1; seed <= kRuns; ++seed) {
    covered += run(static_cast<std::uint64_t>(seed), 300).interval.contains(truth);
  }
  EXPECT_NEAR(covered, 0.95 * kRuns, 4 * 3.8) << "four standard errors";  // sqrt(300 x 0.95 x 0.05)
}

}  // namespace
}  // namespace indoubt
