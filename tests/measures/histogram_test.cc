// Goal: bins tile the durations, and quantiles are within 6.25 %.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "sim/measures/totals.h"
#include "sim/random/draws.h"

namespace indoubt {
namespace {

using H = DurationHistogram;
constexpr std::uint64_t kLast = (std::uint64_t{1} << 63) - 1;

TEST(DurationHistogram, EveryDurationLiesInItsBin) {
  const Draws draws(3, 0);
  for (std::uint64_t n = 0; n < 10'000; ++n) {
    const std::uint64_t ns = draws.word({0, Purpose::link, 0, n}) >> (1 + n % 63);
    const std::size_t bin = H::bin_of(ns);
    ASSERT_LE(H::lower_edge(bin), ns);
    ASSERT_LT(ns, H::lower_edge(bin + 1));
  }
}

TEST(DurationHistogram, BinsFollowEachOtherWithoutGapAndNoneIsWiderThanASixteenth) {
  for (std::size_t bin = 0; bin < H::kBins; ++bin) {
    const std::uint64_t low = H::lower_edge(bin), end = H::lower_edge(bin + 1);
    ASSERT_EQ(H::bin_of(low), bin);
    ASSERT_EQ(H::bin_of(end - 1), bin);
    ASSERT_TRUE(end - low == 1 || end - low <= low / 16) << bin;
  }
  EXPECT_EQ(H::bin_of(kLast), H::kBins - 1);
  EXPECT_EQ(H::lower_edge(H::kBins), kLast + 1);
}

TEST(DurationHistogram, QuantileIsZeroWhenEmpty) { EXPECT_EQ(H{}.quantile(0.5), 0); }

TEST(DurationHistogram, QuantilesOfExponentialDurationsAreWithinABin) {
  H histogram;
  constexpr int kCount = 100'000;
  for (int i = 0; i < kCount; ++i) {
    histogram.add(static_cast<std::uint64_t>(-5e6 * std::log1p(-(i + 0.5) / kCount)));
  }
  for (const double q : {0.01, 0.25, 0.5, 0.9, 0.99, 0.999}) {
    const double exact = -5e6 * std::log1p(-q);
    EXPECT_NEAR(histogram.quantile(q), exact, 0.0625 * exact) << q;
    EXPECT_NEAR(histogram.quantile(q), exact, 0.005 * exact) << q << ": interpolated";
  }
}

TEST(DurationHistogram, ExtremeQuantilesAreTheEdgesOfTheOccupiedBins) {
  H histogram;
  histogram.add(5);
  histogram.add(1000);
  EXPECT_EQ(histogram.quantile(0), 5);
  EXPECT_EQ(histogram.quantile(0.5), 6);
  EXPECT_EQ(histogram.quantile(1), static_cast<double>(H::lower_edge(H::bin_of(1000) + 1)));
  EXPECT_GE(histogram.quantile(0.75), static_cast<double>(H::lower_edge(H::bin_of(1000))));
}

TEST(DurationHistogram, MergingEqualsAddingAll) {
  H a, b, both;
  for (const std::uint64_t ns : {1u, 50u, 70'000u}) a.add(ns), both.add(ns);
  for (const std::uint64_t ns : {1u, 9u}) b.add(ns), both.add(ns);
  a.merge(b);
  EXPECT_EQ(a, both);
}

}  // namespace
}  // namespace indoubt
