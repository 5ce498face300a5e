// Goal: bins tile the durations, and quantiles are within 6.25 % of the sample's own and never
// beyond what was observed.
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

TEST(DurationHistogram, ExtremeQuantilesAreTheLeastAndTheMostObserved) {
  H histogram;
  histogram.add(5);
  histogram.add(1000);
  EXPECT_EQ(histogram.quantile(0), 5);
  EXPECT_EQ(histogram.quantile(0.5), 5);
  EXPECT_EQ(histogram.quantile(1), 1000);
  EXPECT_GE(histogram.quantile(0.75), static_cast<double>(H::lower_edge(H::bin_of(1000))));
  EXPECT_LE(histogram.quantile(0.999), 1000);
}

TEST(DurationHistogram, QuantilesOfOneValueAreThatValue) {
  for (const std::uint64_t ns : {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{999},
                                 std::uint64_t{1'000'000'007}, kLast}) {
    H histogram;
    for (int i = 0; i < 10; ++i) histogram.add(ns);
    for (const double q : {0.0, 0.1, 0.5, 0.99, 1.0}) {
      EXPECT_EQ(histogram.quantile(q), static_cast<double>(ns)) << ns << " at " << q;
    }
  }
}

// The q-quantile of a sample: the least value that at least the share q of the sample does not
// exceed.
TEST(DurationHistogram, QuantilesAreWithinASixteenthOfTheSamplesOwn) {
  const Draws draws(4, 0);
  for (int bits = 1; bits < 63; bits += 3) {
    H histogram;
    std::vector<std::uint64_t> sample;
    for (std::uint64_t n = 0; n < 997; ++n) {
      const std::uint64_t word = draws.word({1, Purpose::link, static_cast<unsigned>(bits), n});
      sample.push_back(word >> (64 - bits) >> n % 5);
      histogram.add(sample.back());
    }
    std::sort(sample.begin(), sample.end());
    EXPECT_EQ(histogram.least(), sample.front());
    EXPECT_EQ(histogram.most(), sample.back());
    for (const double q : {0.001, 0.1, 0.33, 0.5, 0.77, 0.9, 0.99, 0.9985}) {
      const auto rank = static_cast<std::size_t>(std::ceil(q * 997)) - 1;
      const double exact = static_cast<double>(sample[rank]);
      EXPECT_LE(std::abs(histogram.quantile(q) - exact), exact / 16) << bits << " at " << q;
      EXPECT_GE(histogram.quantile(q), static_cast<double>(sample.front()));
      EXPECT_LE(histogram.quantile(q), static_cast<double>(sample.back()));
    }
  }
}

TEST(DurationHistogram, MergingEqualsAddingAll) {
  H a, b, both;
  for (const std::uint64_t ns : {1u, 50u, 70'000u}) a.add(ns), both.add(ns);
  for (const std::uint64_t ns : {1u, 9u}) b.add(ns), both.add(ns);
  a.merge(b);
  EXPECT_EQ(a, both);
  EXPECT_EQ(a.least(), 1u);
  EXPECT_EQ(a.most(), 70'000u);
  a.merge(H{});
  EXPECT_EQ(a, both) << "an empty one changes nothing";
}

}  // namespace
}  // namespace indoubt
