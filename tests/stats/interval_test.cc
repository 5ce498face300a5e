// Goal: intervals equal published ones.
// Source of the numbers: Newcombe, "Two-sided confidence intervals for the single proportion",
// Statistics in Medicine 17 (1998), table I, methods 3 (score) and 5 (exact), to four digits.
#include "analysis/stats/interval.h"

#include <gtest/gtest.h>

#include <cmath>

namespace indoubt {
namespace {

struct Published {
  std::uint64_t hits, trials;
  Interval wilson, clopper_pearson;
};
constexpr Published kNewcombe[] = {{81, 263, {0.2553, 0.3662}, {0.2527, 0.3676}},
                                   {15, 148, {0.0624, 0.1605}, {0.0578, 0.1617}},
                                   {0, 20, {0, 0.1611}, {0, 0.1684}},
                                   {1, 29, {0.0061, 0.1718}, {0.0009, 0.1776}}};

TEST(Wilson, MatchesNewcombesTable) {
  for (const Published& row : kNewcombe) {
    const Interval i = wilson(row.hits, row.trials, 0.95);
    EXPECT_NEAR(i.low, row.wilson.low, 0.00005) << row.hits << " of " << row.trials;
    EXPECT_NEAR(i.high, row.wilson.high, 0.00005) << row.hits << " of " << row.trials;
  }
}

TEST(ClopperPearson, MatchesNewcombesTable) {
  for (const Published& row : kNewcombe) {
    const Interval i = clopper_pearson(row.hits, row.trials, 0.95);
    EXPECT_NEAR(i.low, row.clopper_pearson.low, 0.00005) << row.hits << " of " << row.trials;
    EXPECT_NEAR(i.high, row.clopper_pearson.high, 0.00005) << row.hits << " of " << row.trials;
  }
}

TEST(ClopperPearson, WithoutAHitHasTheClosedForm) {
  EXPECT_NEAR(clopper_pearson(0, 50, 0.95).high, 1 - std::pow(0.025, 1.0 / 50), 1e-14);
}

TEST(Wilson, IsTheWholeRangeForNoTrials) {
  EXPECT_EQ(wilson(0, 0, 0.95).low, 0);
  EXPECT_EQ(wilson(0, 0, 0.95).high, 1);
  EXPECT_EQ(clopper_pearson(0, 0, 0.95).low, 0);
  EXPECT_EQ(clopper_pearson(0, 0, 0.95).high, 1);
}

TEST(Wilson, IncludesTheExtremesWhenAllOrNoneHit) {
  for (const std::uint64_t n : {1u, 7u, 1000u, 1'000'000'000u}) {
    EXPECT_EQ(wilson(0, n, 0.99).low, 0);
    EXPECT_LT(wilson(0, n, 0.99).high, 1);
    EXPECT_EQ(wilson(n, n, 0.99).high, 1);
    EXPECT_GT(wilson(n, n, 0.99).low, 0);
    EXPECT_EQ(clopper_pearson(0, n, 0.99).low, 0);
    EXPECT_EQ(clopper_pearson(n, n, 0.99).high, 1);
  }
}

TEST(Wilson, HasTheClosedFormWhenAllOrNoneHit) {
  for (const double level : {0.5, 0.95, 0.999}) {
    const double z = normal_quantile((1 + level) / 2);
    for (const std::uint64_t n : {1u, 2u, 20u, 1'000'000u}) {
      const double beyond = z * z / (static_cast<double>(n) + z * z);
      EXPECT_NEAR(wilson(0, n, level).high, beyond, 1e-14);
      EXPECT_NEAR(wilson(n, n, level).low, 1 - beyond, 1e-14);
    }
  }
}

/// Probability of `from` to `to` successes in 20 trials, added up from Pascal's triangle.
double binomial_of_20(int from, int to, double p) {
  double ways = 1, sum = 0;
  for (int k = 0; k <= 20; ++k) {
    if (k >= from && k <= to) sum += ways * std::pow(p, k) * std::pow(1 - p, 20 - k);
    ways = ways * (20 - k) / (k + 1);
  }
  return sum;
}

TEST(ClopperPearson, LeavesExactlyHalfTheRestInEachTailByEnumeration) {
  for (const double level : {0.8, 0.95, 0.99, 0.9999}) {
    const double beyond = (1 - level) / 2;
    for (int hits = 0; hits <= 20; ++hits) {
      const Interval i = clopper_pearson(static_cast<std::uint64_t>(hits), 20, level);
      if (hits == 0) {
        EXPECT_EQ(i.low, 0);
      } else {
        EXPECT_NEAR(binomial_of_20(hits, 20, i.low) / beyond, 1, 1e-9) << hits << " at " << level;
      }
      if (hits == 20) {
        EXPECT_EQ(i.high, 1);
      } else {
        EXPECT_NEAR(binomial_of_20(0, hits, i.high) / beyond, 1, 1e-9) << hits << " at " << level;
      }
    }
  }
}

TEST(Intervals, MoveUpWithTheHitsAndNarrowWithTheTrials) {
  for (const auto method : {&wilson, &clopper_pearson}) {
    for (std::uint64_t n = 1; n <= 60; ++n) {
      for (std::uint64_t hits = 0; hits <= n; ++hits) {
        const Interval i = method(hits, n, 0.95);
        EXPECT_TRUE(i.contains(static_cast<double>(hits) / static_cast<double>(n)));
        if (hits < n) {
          EXPECT_LT(i.low, method(hits + 1, n, 0.95).low);
          EXPECT_LT(i.high, method(hits + 1, n, 0.95).high);
        }
        EXPECT_GT(i.half_width(), method(2 * hits, 2 * n, 0.95).half_width());
        EXPECT_LT(i.half_width(), method(hits, n, 0.99).half_width());
      }
    }
  }
}

TEST(Wilson, IsSymmetricInHitsAndMisses) {
  const Interval hits = wilson(30, 100, 0.95), misses = wilson(70, 100, 0.95);
  EXPECT_NEAR(hits.low, 1 - misses.high, 1e-15);
  EXPECT_NEAR(hits.high, 1 - misses.low, 1e-15);
}

TEST(Wilson, EndsAreWhereTheScoreTestRejects) {
  const double z = normal_quantile(0.995);
  const Interval i = wilson(123, 1000, 0.99);
  for (const double p : {i.low, i.high}) {
    EXPECT_NEAR(std::abs(0.123 - p) / std::sqrt(p * (1 - p) / 1000), z, 1e-9);
  }
}

TEST(ClopperPearson, ContainsWilsonForLargeSamples) {
  const Interval exact = clopper_pearson(941'094, 1'000'000, 0.95);
  const Interval score = wilson(941'094, 1'000'000, 0.95);
  EXPECT_LE(exact.low, score.low);
  EXPECT_GE(exact.high, score.high);
  EXPECT_NEAR(exact.half_width(), score.half_width(), 1e-6);
}

TEST(NormalQuantile, HasItsWellKnownValues) {
  EXPECT_NEAR(normal_quantile(0.975), 1.959963984540054, 1e-13);
  EXPECT_NEAR(normal_quantile(0.995), 2.5758293035489004, 1e-13);
  EXPECT_NEAR(normal_quantile(0.5), 0, 1e-15);
  EXPECT_NEAR(normal_quantile(0.025), -1.959963984540054, 1e-13);
}

TEST(MeanInterval, IsStudents) {
  Moments m;  // mean 5, variance 32/7, 8 observations
  for (const unsigned x : {2u, 4u, 4u, 4u, 5u, 5u, 7u, 9u}) m.add(x);
  const double half =
      2.364624252 * std::sqrt(32.0 / 7 / 8);  // t table: 0.975, 7 degrees of freedom
  EXPECT_NEAR(mean_interval(m, 0.95).low, 5 - half, 1e-8);
  EXPECT_NEAR(mean_interval(m, 0.95).high, 5 + half, 1e-8);
}

TEST(MeanInterval, IsUnboundedBelowTwoObservations) {
  Moments m;
  EXPECT_TRUE(std::isinf(mean_interval(m, 0.95).low));
  m.add(3);
  EXPECT_TRUE(std::isinf(mean_interval(m, 0.95).low));
  EXPECT_TRUE(std::isinf(mean_interval(m, 0.95).high));
  EXPECT_TRUE(mean_interval(m, 0.95).contains(1e300));
}

TEST(MeanInterval, IsAPointWhenAllAreEqual) {
  Moments m;
  for (int i = 0; i < 10; ++i) m.add(3'000'000'000);
  EXPECT_EQ(mean_interval(m, 0.95).low, 3e9);
  EXPECT_EQ(mean_interval(m, 0.95).high, 3e9);
}

TEST(ProportionVariance, IsNeverZero) {
  EXPECT_GT(proportion_variance(0, 1000), 0);
  EXPECT_GT(proportion_variance(1000, 1000), 0);
  EXPECT_NEAR(proportion_variance(300'000, 1'000'000), 0.21, 1e-5);
}

}  // namespace
}  // namespace indoubt
