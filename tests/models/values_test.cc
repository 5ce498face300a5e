// Goal: every model gives the known values of its formula to nine digits.
#include <gtest/gtest.h>

#include <boost/math/special_functions/binomial.hpp>
#include <boost/math/special_functions/factorials.hpp>
#include <cmath>

#include "analysis/models/poisson_binomial.h"
#include "tests/models/make_scenario.h"

namespace indoubt {
namespace {

using namespace std::chrono_literals;

constexpr double kNineDigits = 0.6e-9;

TEST(Unanimous, IsThePowerOfEqualProbabilities) {  // p^n
  EXPECT_NEAR(prediction("unanimous", scenario_of(3, 0.9)), 0.729, kNineDigits);
  EXPECT_NEAR(prediction("unanimous", scenario_of(3, 0.95)), 0.857375, kNineDigits);
  EXPECT_NEAR(prediction("unanimous", scenario_of(3, 0.99)), 0.970299, kNineDigits);
  EXPECT_NEAR(prediction("unanimous", scenario_of(3, 0.999)), 0.997002999, kNineDigits);
  EXPECT_NEAR(prediction("unanimous", scenario_of(10, 0.99)), 0.904382075, kNineDigits);
}

TEST(Unanimous, IsTheProductOfUnequalProbabilities) {
  EXPECT_NEAR(prediction("unanimous", scenario_of({0.99, 0.98, 0.97})), 0.941094, kNineDigits);
  EXPECT_NEAR(prediction("unanimous", scenario_of({0.9, 0.8, 0.7})), 0.504, kNineDigits);
}

TEST(Unanimous, CountsEveryParticipantOfAService) {
  Scenario scenario = scenario_of({0.9});
  scenario.services[0].count = 3;
  EXPECT_NEAR(prediction("unanimous", scenario), 0.729, kNineDigits);
}

TEST(AtLeastOne, IsTheNotesFormula) {  // 1 - (1 - p)^n
  EXPECT_NEAR(prediction("at-least-one", scenario_of(3, 0.9)), 0.999, kNineDigits);
  EXPECT_NEAR(prediction("at-least-one", scenario_of({0.99, 0.98, 0.97})), 0.999994, kNineDigits);
}

TEST(Majority, IsTheBinomialTail) {  // sum over i > n/2
  EXPECT_NEAR(prediction("majority", scenario_of(3, 0.5)), 0.5, kNineDigits);
  EXPECT_NEAR(prediction("majority", scenario_of(3, 0.9)), 0.972, kNineDigits);
  EXPECT_NEAR(prediction("majority", scenario_of(3, 0.99)), 0.999702, kNineDigits);
  EXPECT_NEAR(prediction("majority", scenario_of(5, 0.9)), 0.99144, kNineDigits);
}

TEST(Majority, OfUnequalProbabilitiesIsPoissonBinomial) {
  EXPECT_NEAR(prediction("majority", scenario_of({0.9, 0.8, 0.7})), 0.902, kNineDigits);
}

TEST(Majority, OfAnEvenNumberIsMoreThanHalf) {
  EXPECT_NEAR(prediction("majority", scenario_of(2, 0.9)), 0.81, kNineDigits);
  EXPECT_NEAR(prediction("majority", scenario_of(4, 0.5)), 5.0 / 16, kNineDigits);
}

TEST(MajorityWithoutUnanimity, IsTheDifferenceOfTheTwo) {
  EXPECT_NEAR(prediction("majority-without-unanimity", scenario_of(3, 0.9)), 0.243, kNineDigits);
  EXPECT_NEAR(prediction("majority-without-unanimity", scenario_of(5, 0.9)), 0.40095, kNineDigits);
  const Scenario unequal = scenario_of({0.99, 0.98, 0.97});
  EXPECT_NEAR(prediction("majority-without-unanimity", unequal),
              prediction("majority", unequal) - prediction("unanimous", unequal), kNineDigits);
}

TEST(MajorityWithoutUnanimity, IsNothingWhereTheMajorityIsAll) {
  EXPECT_EQ(prediction("majority-without-unanimity", scenario_of(1, 0.5)), 0);
  EXPECT_EQ(prediction("majority-without-unanimity", scenario_of(2, 0.5)), 0);
}

TEST(PoissonBinomial, HasTheDistributionByHand) {
  const double p[] = {0.9, 0.8, 0.7};
  const double expected[] = {0.006, 0.092, 0.398, 0.504};
  const std::vector<double> distribution = success_distribution(p);
  ASSERT_EQ(distribution.size(), 4u);
  for (std::size_t k = 0; k < 4; ++k) EXPECT_NEAR(distribution[k], expected[k], 1e-15);
}

Scenario lossy(int n, double p, double q) {
  Scenario scenario = scenario_of(n, p);
  scenario.network.loss = q;
  return scenario;
}

ProtocolTraits tries(int k) { return {.prepare_tries = k}; }

TEST(LossyRetries, HasItsKnownValues) {  // (p s)^n, s = 1 - (1 - (1 - q)^2)^k
  const auto value = [](int n, double p, double q, int k) {
    return prediction("lossy-retries", lossy(n, p, q), tries(k));
  };
  EXPECT_NEAR(value(3, 1, 0.01, 1), 0.941480149, kNineDigits);
  EXPECT_NEAR(value(3, 1, 0.01, 2), 0.998812440, kNineDigits);
  EXPECT_NEAR(value(3, 1, 0.05, 1), 0.735091891, kNineDigits);
  EXPECT_NEAR(value(3, 1, 0.2, 2), 0.659411698, kNineDigits);
  EXPECT_NEAR(value(3, 0.9, 0.2, 2), 0.729 * 0.659411698, kNineDigits);
}

TEST(LossyRetries, TakesTheLossOfEachLinkAndDirection) {
  Scenario scenario = scenario_of({1, 1});
  scenario.network.links = {{"coordinator", "s1", {}, 0.1, {}}, {"s1", "coordinator", {}, 0.2, {}}};
  EXPECT_NEAR(prediction("lossy-retries", scenario), 0.9 * 0.8, 1e-15);
  scenario.services[0].at_coordinator = true;  // inside a site nothing is lost
  EXPECT_NEAR(prediction("lossy-retries", scenario), 1, 1e-15);
}

TEST(LossyRetries, UnderAMajorityRuleCountsTheVotesHeard) {
  const Scenario scenario = lossy(3, 0.9, 0.1);
  const double heard = 0.9 * 0.81;
  EXPECT_NEAR(prediction("lossy-retries", scenario, kMajorityRule),
              3 * heard * heard * (1 - heard) + heard * heard * heard, 1e-14);
}

double deadline(int n, double mean_ms, double timeout_ms) {
  Scenario scenario = scenario_of(n, 1);
  scenario.network.latency =
      Latency::exponential(Duration{static_cast<Duration::rep>(mean_ms * 1e6)});
  set_timeout(scenario, "votes",
              Latency::constant(Duration{static_cast<Duration::rep>(timeout_ms * 1e6)}));
  return prediction("exponential-deadline", scenario);
}

TEST(ExponentialDeadline, HasItsKnownValues) {  // (p s)^n, s = 1 - e^(-T/m) (1 + T/m)
  EXPECT_NEAR(deadline(3, 10, 30), 0.513637057, kNineDigits);
  EXPECT_NEAR(deadline(5, 25, 100), 0.618639651, kNineDigits);
  EXPECT_NEAR(deadline(3, 20, 50), 0.362013574, kNineDigits);
}

TEST(ExponentialDeadline, ConstantWorkShortensTheDeadline) {
  Scenario scenario = scenario_of(1, 1);
  scenario.network.latency.minimum = 1ms;
  scenario.services[0].prepare = Latency::constant(3ms);
  scenario.disk.force = Latency::constant(2ms);
  set_timeout(scenario, "votes", Latency::constant(20ms));
  const double t = (20.0 - 2 - 3 - 2) / 5;
  EXPECT_NEAR(prediction("exponential-deadline", scenario), 1 - std::exp(-t) * (1 + t), 1e-14);
  scenario.timeouts[0].length = Latency::constant(6ms);
  EXPECT_EQ(prediction("exponential-deadline", scenario), 0);
}

TEST(ExponentialDeadline, ParticipantsMayBeAtDifferentDistances) {
  Scenario scenario = scenario_of({1, 0.9});
  scenario.network.links = {{"", "s2", Latency::exponential(10ms), {}, {}},
                            {"s2", "", Latency::exponential(10ms), {}, {}}};
  set_timeout(scenario, "votes", Latency::constant(30ms));
  const auto s = [](double t) { return 1 - std::exp(-t) * (1 + t); };
  EXPECT_NEAR(prediction("exponential-deadline", scenario), s(6) * 0.9 * s(3), 1e-14);
  EXPECT_EQ(refusal("exponential-deadline", scenario), "");
}

TEST(ExponentialDeadline, ASendGapShortensTheDeadlineOfLaterParticipants) {
  Scenario scenario = scenario_of(2, 1);
  scenario.network.send_gap = 5ms;
  set_timeout(scenario, "votes", Latency::constant(30ms));
  const auto s = [](double t) { return 1 - std::exp(-t) * (1 + t); };
  EXPECT_NEAR(prediction("exponential-deadline", scenario), s(6) * s(5), 1e-14);
}

TEST(ExponentialDeadline, GivesNothingWithoutADeadline) {
  EXPECT_TRUE(std::isnan(prediction("exponential-deadline", scenario_of(3, 1))));
}

double slowest(int n) {  // in units of the mean delay
  return prediction("vote-collection-time", scenario_of(n, 1)) / 5e6;
}

TEST(VoteCollectionTime, HasItsKnownValues) {  // m E_n
  EXPECT_NEAR(slowest(1), 2, kNineDigits);
  EXPECT_NEAR(slowest(2), 2.75, kNineDigits);
  EXPECT_NEAR(slowest(5), 3.808272, 0.5e-6);
}

/// By inclusion and exclusion over which j votes are still missing; unstable for large n.
double slowest_by_inclusion(unsigned n) {
  double sum = 0;
  for (unsigned j = 1; j <= n; ++j) {
    double integral = 0;  // of e^(-j t) (1 + t)^j
    for (unsigned i = 0; i <= j; ++i) {
      integral += boost::math::binomial_coefficient<double>(j, i) *
                  boost::math::factorial<double>(i) / std::pow(j, i + 1);
    }
    sum += (j % 2 == 1 ? 1 : -1) * boost::math::binomial_coefficient<double>(n, j) * integral;
  }
  return sum;
}

TEST(VoteCollectionTime, EqualsInclusionAndExclusionForFewVotes) {
  for (unsigned n = 1; n <= 12; ++n) {
    EXPECT_NEAR(slowest(static_cast<int>(n)), slowest_by_inclusion(n), 1e-10) << n;
  }
}

TEST(VoteCollectionTime, EqualsAPlainIntegralForManyVotes) {
  for (const int n : {50, 319}) {
    double sum = 0;
    constexpr double kStep = 1e-3;
    for (double t = kStep / 2; t < 80; t += kStep) {
      sum += kStep * (1 - std::pow(1 - std::exp(-t) * (1 + t), n));
    }
    EXPECT_NEAR(slowest(n), sum, 1e-6) << n;
  }
}

TEST(VoteCollectionTime, TakesDifferentMeans) {
  Scenario scenario = scenario_of(2, 1);
  scenario.network.links = {{"", "s2", Latency::exponential(20ms), {}, {}},
                            {"s2", "", Latency::exponential(20ms), {}, {}}};
  const double a = 5e6, b = 20e6, rate = 1 / a + 1 / b;
  const double mean_of_least = 2 / rate + 2 / (a * b * rate * rate * rate);
  EXPECT_NEAR(prediction("vote-collection-time", scenario) / (2 * a + 2 * b - mean_of_least), 1,
              1e-10);
}

TEST(SerialVotes, AddsTheMeansOfAllParts) {
  Scenario scenario = scenario_of(3, 1);
  scenario.network.latency = Latency::constant(2ms);
  for (Service& service : scenario.services) service.prepare = Latency::constant(1s);
  EXPECT_DOUBLE_EQ(prediction("serial-votes", scenario, kOneByOne), 3 * 1004e6);
  scenario.services[1].prepare = Latency::exponential(5s);
  EXPECT_DOUBLE_EQ(prediction("serial-votes", scenario, kOneByOne), 7012e6);
}

}  // namespace
}  // namespace indoubt
