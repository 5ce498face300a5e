// Goal: arrivals come at the rate that the scenario asks for, in whole nanoseconds.
#include "sim/engine/arrival_gap.h"

#include <gtest/gtest.h>

#include <cmath>

#include "sim/measures/totals.h"

namespace indoubt {
namespace {

Moments gaps(double mean_ns) {
  const Draws draws(12, 0);
  Moments m;
  for (std::uint64_t n = 0; n < 1'000'000; ++n) {
    DrawWords words(draws, {0, Purpose::arrival, 0, n});
    m.add(static_cast<std::uint64_t>(poisson_gap(mean_ns, words)));
  }
  return m;
}

// An exponential time of mean m rounded to the nearest whole number has mean 1 / (2 sinh(1 / 2m)).
TEST(PoissonGap, HasTheMeanOfRoundingToTheNearest) {
  for (const double mean : {10.0, 25.0, 1000.0, 5e6}) {
    const Moments m = gaps(mean);
    const double error = std::sqrt(m.variance() / static_cast<double>(m.count));
    EXPECT_NEAR(m.mean(), 0.5 / std::sinh(0.5 / mean), 4 * error) << mean;
  }
}

TEST(PoissonGap, IsWithinHalfAThousandthOfItsMeanAtTheFastestRateAllowed) {
  EXPECT_NEAR(0.5 / std::sinh(0.5 / 10), 10, 0.005);
}

TEST(PoissonGap, OfTheLongestMeanIsStillANumber) {
  const Draws draws(12, 0);
  for (std::uint64_t n = 0; n < 10'000; ++n) {
    DrawWords words(draws, {0, Purpose::arrival, 0, n});
    const std::int64_t gap = poisson_gap(1e18, words);
    ASSERT_GE(gap, 0);
    ASSERT_LE(gap, std::int64_t{1} << 62);
  }
}

}  // namespace
}  // namespace indoubt
