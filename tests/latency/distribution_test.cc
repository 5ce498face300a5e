// Goal: the draws have the distributions that their names promise.
// Method: means, and counts below exact quantiles (Boost.Math), within 4 standard errors, from
// fixed seeds.
#include <gtest/gtest.h>

#include <boost/math/distributions/gamma.hpp>
#include <boost/math/distributions/lognormal.hpp>
#include <boost/math/distributions/pareto.hpp>
#include <boost/math/distributions/weibull.hpp>
#include <boost/math/special_functions/gamma.hpp>
#include <cmath>
#include <functional>

#include "tests/latency/make_latency.h"

namespace indoubt {
namespace {

constexpr int kDraws = 200'000;
constexpr double kErrors = 4;

void expect_mean(const Latency& latency) {
  double sum = 0, squares = 0;
  for (int n = 0; n < kDraws; ++n) {
    const double x = static_cast<double>(draw(latency, static_cast<std::uint64_t>(n)).count());
    sum += x;
    squares += x * x;
  }
  const double mean = sum / kDraws;
  const double standard_error = std::sqrt((squares / kDraws - mean * mean) / kDraws);
  EXPECT_NEAR(mean, latency.mean(), kErrors * standard_error + 1)
      << latency.text();  // 1 ns: cut off
}

void expect_quantiles(const Latency& latency, const std::function<double(double)>& quantile) {
  for (const double q : {0.001, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99, 0.9999}) {
    const double x = quantile(q);
    int below = 0;
    for (int n = 0; n < kDraws; ++n) {
      const Duration d = draw(latency, static_cast<std::uint64_t>(n));
      below += static_cast<double>(d.count()) < x;
    }
    EXPECT_NEAR(below, q * kDraws, kErrors * std::sqrt(q * (1 - q) * kDraws))
        << latency.text() << ", quantile " << q;
  }
}

TEST(LatencyDistribution, MeansAreThoseStated) {
  for (const Latency& latency : one_of_each_kind()) expect_mean(latency);
}

TEST(LatencyDistribution, UniformHasItsQuantiles) {
  expect_quantiles(make_latency("uniform", {1e6, 9e6}), [](double q) { return 1e6 + 8e6 * q; });
}

TEST(LatencyDistribution, ExponentialHasItsQuantiles) {
  expect_quantiles(Latency::exponential(Duration{5'000'000}),
                   [](double q) { return -5e6 * std::log1p(-q); });
}

TEST(LatencyDistribution, ErlangHasItsQuantiles) {
  const boost::math::gamma_distribution<> gamma(4, 5e6 / 4);
  expect_quantiles(make_latency("erlang", {4, 5e6}),
                   [&](double q) { return boost::math::quantile(gamma, q); });
}

TEST(LatencyDistribution, LognormalHasItsQuantiles) {
  const boost::math::lognormal_distribution<> lognormal(std::log(4e6), 0.6);
  expect_quantiles(make_latency("lognormal", {4e6, 0.6}),
                   [&](double q) { return boost::math::quantile(lognormal, q); });
}

TEST(LatencyDistribution, ParetoHasItsQuantiles) {
  const boost::math::pareto_distribution<> pareto(3e6, 1.5);
  expect_quantiles(make_latency("pareto", {3e6, 1.5}),
                   [&](double q) { return boost::math::quantile(pareto, q); });
}

TEST(LatencyDistribution, WeibullHasItsQuantiles) {
  for (const double shape : {0.5, 1.0, 3.0}) {
    const boost::math::weibull_distribution<> weibull(shape, 3e9);
    expect_quantiles(make_latency("weibull", {3e9, shape}),
                     [&](double q) { return boost::math::quantile(weibull, q); });
  }
}

TEST(LatencyDistribution, WeibullMeanIsItsScaleTimesAGammaFunction) {
  for (const double shape : {0.1, 0.5, 0.8, 1.0, 2.0, 3.3, 1000.0}) {
    const double expected = 1e6 * boost::math::tgamma(1 + 1 / shape);
    EXPECT_NEAR(make_latency("weibull", {1e6, shape}).mean() / expected, 1, 1e-13) << shape;
  }
}

TEST(LatencyDistribution, EmpiricalFollowsItsTableInStraightLines) {
  const Latency latency = make_empirical({{0, 1e6}, {0.5, 2e6}, {0.9, 6e6}, {1, 50e6}});
  expect_quantiles(latency, [](double q) {
    if (q < 0.5) return 1e6 + 2e6 * q;
    if (q < 0.9) return 2e6 + 1e7 * (q - 0.5);
    return 6e6 + 44e7 * (q - 0.9);
  });
}

TEST(LatencyDistribution, MeanIsInfiniteForAParetoTailThatHasNone) {
  EXPECT_TRUE(std::isinf(make_latency("pareto", {1e6, 1}).mean()));
  EXPECT_DOUBLE_EQ(make_latency("pareto", {1e6, 2}).mean(), 2e6);
}

TEST(LatencyDistribution, MinimumIsAddedToTheMean) {
  EXPECT_DOUBLE_EQ(with_minimum(make_latency("erlang", {2, 5e6}), Duration{1'000'000}).mean(), 6e6);
}

}  // namespace
}  // namespace indoubt
