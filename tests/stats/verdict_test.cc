#include "analysis/stats/verdict.h"

#include <gtest/gtest.h>

#include <cmath>

namespace indoubt {
namespace {

TEST(Compare, AgreesWhenTheIntervalLiesInsideTheMargin) {
  EXPECT_EQ(compare({0.939, 0.942}, 0.941, 0.002), Verdict::agree);
  EXPECT_EQ(compare({0.939, 0.943}, 0.941, 0.0020001), Verdict::agree);
}

TEST(Compare, AgreesEvenIfTheIntervalMissesTheValueByLessThanTheMargin) {
  EXPECT_EQ(compare({0.9411, 0.9412}, 0.941, 0.002), Verdict::agree);
}

TEST(Compare, DisagreesWhenTheIntervalExcludesTheValue) {
  EXPECT_EQ(compare({0.930, 0.940}, 0.941, 0.002), Verdict::disagree);
  EXPECT_EQ(compare({0.942, 0.950}, 0.941, 0.002), Verdict::disagree);
}

TEST(Compare, IsUndecidedWhenTheIntervalHoldsTheValueAndMoreThanTheMargin) {
  EXPECT_EQ(compare({0.90, 0.95}, 0.941, 0.002), Verdict::undecided);
  EXPECT_EQ(compare({0.9405, 0.9435}, 0.941, 0.002), Verdict::undecided);
}

TEST(Compare, WithoutMarginAgreesOnlyAtAPoint) {
  EXPECT_EQ(compare({3e9, 3e9}, 3e9, 0), Verdict::agree);
  EXPECT_EQ(compare({3e9, 3e9 + 1}, 3e9, 0), Verdict::undecided);
}

TEST(Compare, AnUnboundedIntervalIsUndecided) {
  EXPECT_EQ(compare({-INFINITY, INFINITY}, 5, 1), Verdict::undecided);
}

TEST(VerdictName, IsTheWordThatReportsUse) {
  EXPECT_EQ(name(Verdict::agree), "agree");
  EXPECT_EQ(name(Verdict::disagree), "disagree");
  EXPECT_EQ(name(Verdict::undecided), "undecided");
}

TEST(PerComparisonLevel, IsBonferronis) {
  EXPECT_DOUBLE_EQ(per_comparison_level(0.99, 1), 0.99);
  EXPECT_DOUBLE_EQ(per_comparison_level(0.99, 10), 0.999);
  EXPECT_DOUBLE_EQ(per_comparison_level(0.95, 5), 0.99);
}

/// The verdict when `n` observations hold the same share of hits.
Verdict verdict_after(std::uint64_t n, double share, double value, double margin, double level) {
  const auto hits = static_cast<std::uint64_t>(std::llround(share * static_cast<double>(n)));
  return compare(wilson(hits, n, level), value, margin);
}

TEST(ObservationsToDecide, AQuarterMoreDecideAndHalfOfThemDoNot) {
  struct Case {
    double share, value, margin;
    Verdict verdict;
  };
  for (const Case& c : {Case{0.9411, 0.941094, 0.002, Verdict::agree},
                        Case{0.9420, 0.941094, 0.002, Verdict::agree},
                        Case{0.9390, 0.941094, 0.002, Verdict::disagree},
                        Case{0.9500, 0.941094, 0.002, Verdict::disagree},
                        Case{0.5004, 0.5, 0.001, Verdict::agree}}) {
    const double level = per_comparison_level(0.99, 9);
    const std::uint64_t first = 1000;
    const double variance =
        proportion_variance(static_cast<std::uint64_t>(c.share * 1e6), 1'000'000);
    const std::uint64_t n =
        observations_to_decide(c.share, variance, c.value, c.margin, level, first);
    EXPECT_EQ(verdict_after(n + n / 4, c.share, c.value, c.margin, level), c.verdict) << c.share;
    EXPECT_EQ(verdict_after(n / 2, c.share, c.value, c.margin, level), Verdict::undecided)
        << c.share;
  }
}

TEST(ObservationsToDecide, DecidesARareEventThatWasNeverSeen) {
  constexpr std::uint64_t kNow = 500;
  const std::uint64_t n =
      observations_to_decide(0, proportion_variance(0, kNow), 0, 0.002, 0.95, kNow);
  EXPECT_GT(n, 1000u);
  EXPECT_EQ(verdict_after(n + n / 20, 0, 0, 0.002, 0.95), Verdict::agree);
}

TEST(ObservationsToDecide, IsAlwaysMoreThanThereAre) {
  EXPECT_EQ(observations_to_decide(5, 1, 100, 1, 0.95, 1'000'000), 1'000'001u);
  EXPECT_EQ(observations_to_decide(5, 0, 5, 0, 0.95, 10), 11u);
}

TEST(ObservationsToDecide, GrowWithVarianceAndLevelAndShrinkWithDistanceAndMargin) {
  const auto needs = [](double estimate, double variance, double margin, double level) {
    return observations_to_decide(estimate, variance, 0.5, margin, level, 1);
  };
  for (double x = 0.01; x < 0.9; x += 0.01) {
    EXPECT_LE(needs(0.51, x, 0.002, 0.99), needs(0.51, x + 0.01, 0.002, 0.99));
    EXPECT_LE(needs(0.51, 0.25, 0.002, x), needs(0.51, 0.25, 0.002, x + 0.01));
    EXPECT_GE(needs(0.5 + x / 2, 0.25, 0.002, 0.99), needs(0.505 + x / 2, 0.25, 0.002, 0.99))
        << "the further off, the sooner it disagrees";
    EXPECT_GE(needs(0.5, 0.25, x / 10, 0.99), needs(0.5, 0.25, x / 10 + 0.001, 0.99))
        << "the wider the margin, the sooner it agrees";
  }
  EXPECT_LT(needs(0.51, 0.01, 0.002, 0.99), needs(0.51, 0.02, 0.002, 0.99));
  EXPECT_LT(needs(0.51, 0.25, 0.002, 0.9), needs(0.51, 0.25, 0.002, 0.99));
  EXPECT_GT(needs(0.51, 0.25, 0.002, 0.99), needs(0.52, 0.25, 0.002, 0.99));
}

TEST(ObservationsToDecide, IsMostHalfwayBetweenAgreementAndDisagreement) {
  const auto needs = [](double estimate) {
    return observations_to_decide(estimate, 0.25, 0.5, 0.002, 0.99, 1);
  };
  for (double d = 0; d < 0.001; d += 0.0001) EXPECT_LE(needs(0.5 + d), needs(0.501)) << d;
  for (double d = 0.001; d < 0.01; d += 0.0001) EXPECT_LE(needs(0.5 + d), needs(0.501)) << d;
}

TEST(ObservationsToDecide, SaturatesWhereNothingCanDecide) {
  EXPECT_EQ(observations_to_decide(0.5, 0.25, 0.5, 0, 0.95, 10), 1'000'000'000'000'000u);
  EXPECT_EQ(observations_to_decide(0.5, 0.25, 0.5, 1e-9, 0.95, 10), 1'000'000'000'000'000u);
}

TEST(StandardMargins, AreThoseDocumented) {
  EXPECT_EQ(kStandardMargin, 0.002);
  EXPECT_EQ(kStandardRelativeMargin, 0.005);
  EXPECT_EQ(kFamilyLevel, 0.99);
}

}  // namespace
}  // namespace indoubt
