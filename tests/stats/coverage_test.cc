// Goal: intervals cover as often as they should.
// Method: the exact coverage sums the binomial probabilities of all results whose interval contains
// p; the coverage measured over simulated samples must lie within 4 standard errors of it.
#include <gtest/gtest.h>

#include <boost/math/distributions/binomial.hpp>
#include <cmath>

#include "analysis/stats/interval.h"
#include "sim/random/draws.h"

namespace indoubt {
namespace {

using Method = Interval (*)(std::uint64_t, std::uint64_t, double);

double exact_coverage(Method method, std::uint64_t n, double p, double level) {
  const boost::math::binomial_distribution<> hits(static_cast<double>(n), p);
  double covered = 0;
  for (std::uint64_t k = 0; k <= n; ++k) {
    if (method(k, n, level).contains(p)) covered += boost::math::pdf(hits, static_cast<double>(k));
  }
  return covered;
}

double measured_coverage(Method method, std::uint64_t n, double p, double level, int samples) {
  const Draws draws(77, 0);
  int covered = 0;
  for (int s = 0; s < samples; ++s) {
    std::uint64_t hits = 0;
    for (std::uint64_t i = 0; i < n; ++i) {
      const DrawPlace place{static_cast<std::uint64_t>(s), Purpose::local, 0, i};
      hits += unit_uniform(draws.word(place)) < p;
    }
    covered += method(hits, n, level).contains(p);
  }
  return static_cast<double>(covered) / samples;
}

void expect_same_coverage(Method method) {
  constexpr int kSamples = 4000;
  for (const std::uint64_t n : {10u, 40u, 200u}) {
    for (const double p : {0.02, 0.1, 0.3, 0.5, 0.941094}) {
      const double exact = exact_coverage(method, n, p, 0.95);
      const double measured = measured_coverage(method, n, p, 0.95, kSamples);
      EXPECT_NEAR(measured, exact, 4 * std::sqrt(exact * (1 - exact) / kSamples) + 1e-12)
          << "n " << n << ", p " << p;
    }
  }
}

TEST(WilsonCoverage, MeasuredIsTheEnumerated) { expect_same_coverage(&wilson); }

TEST(ClopperPearsonCoverage, MeasuredIsTheEnumerated) { expect_same_coverage(&clopper_pearson); }

TEST(WilsonCoverage, IsAboutTheLevelOnAverageAndFallsBelowItAtSomePoints) {
  double sum = 0, least = 1;
  int points = 0;
  for (double p = 0.05; p < 0.951; p += 0.01, ++points) {
    const double covered = exact_coverage(&wilson, 50, p, 0.95);
    sum += covered;
    least = std::min(least, covered);
  }
  EXPECT_NEAR(sum / points, 0.95, 0.005);
  EXPECT_LT(least, 0.95);
}

TEST(ClopperPearsonCoverage, IsNeverBelowTheLevel) {
  for (const double level : {0.9, 0.95, 0.99}) {
    for (const std::uint64_t n : {1u, 5u, 20u, 100u}) {
      for (double p = 0.005; p < 1; p += 0.005) {
        EXPECT_GE(exact_coverage(&clopper_pearson, n, p, level), level - 1e-12)
            << "n " << n << ", p " << p << ", level " << level;
      }
    }
  }
}

}  // namespace
}  // namespace indoubt
