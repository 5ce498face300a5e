// Goal: the models of votes equal the sum over all 2^n vote vectors, for unequal probabilities.
#include <gtest/gtest.h>

#include <functional>

#include "sim/random/draws.h"
#include "tests/models/make_scenario.h"

namespace indoubt {
namespace {

std::vector<double> random_probabilities(int n) {
  const Draws draws(31, static_cast<std::uint64_t>(n));
  std::vector<double> p;
  for (std::uint64_t i = 0; i < static_cast<std::uint64_t>(n); ++i) {
    p.push_back(unit_uniform(draws.word({0, Purpose::local, 0, i})));
  }
  return p;
}

/// Probability of all vote vectors whose number of YES satisfies `counts`.
double enumerate(const std::vector<double>& p, const std::function<bool(int yes)>& counts) {
  const int n = static_cast<int>(p.size());
  double sum = 0;
  for (unsigned votes = 0; votes < 1u << n; ++votes) {
    double probability = 1;
    int yes = 0;
    for (int i = 0; i < n; ++i) {
      const bool this_yes = (votes >> i & 1) != 0;
      const double p_yes = p[static_cast<std::size_t>(i)];
      probability *= this_yes ? p_yes : 1 - p_yes;
      yes += this_yes;
    }
    if (counts(yes)) sum += probability;
  }
  return sum;
}

TEST(VoteModels, EqualTheSumOverAllVoteVectors) {
  for (int n = 1; n <= 10; ++n) {
    const std::vector<double> p = random_probabilities(n);
    const Scenario scenario = scenario_of(p);
    const auto expect = [&](std::string_view model, const std::function<bool(int)>& counts) {
      EXPECT_NEAR(prediction(model, scenario), enumerate(p, counts), 1e-14) << model << ", n " << n;
    };
    expect("unanimous", [n](int yes) { return yes == n; });
    expect("at-least-one", [](int yes) { return yes >= 1; });
    expect("majority", [n](int yes) { return 2 * yes > n; });
    expect("majority-without-unanimity", [n](int yes) { return 2 * yes > n && yes < n; });
  }
}

TEST(AtLeastK, EqualsTheSumOverAllVoteVectorsForEachRule) {
  for (int n = 1; n <= 10; ++n) {
    const std::vector<double> p = random_probabilities(n);
    const Scenario scenario = scenario_of(p);
    for (int k = 0; k <= n + 1; ++k) {
      const ProtocolTraits traits{.rule = DecisionRule::at_least, .at_least = k};
      EXPECT_NEAR(prediction("at-least-k", scenario, traits),
                  enumerate(p, [k](int yes) { return yes >= k; }), 1e-14)
          << k << " of " << n;
    }
    EXPECT_NEAR(prediction("at-least-k", scenario), prediction("unanimous", scenario), 1e-15);
    EXPECT_NEAR(prediction("at-least-k", scenario, kMajorityRule), prediction("majority", scenario),
                1e-15);
    EXPECT_NEAR(prediction("at-least-k", scenario, kAnyRule), prediction("at-least-one", scenario),
                1e-14);
  }
}

TEST(VoteModels, StayProbabilitiesForManyParticipants) {
  for (const double p : {0.0, 1e-9, 0.3, 0.5, 0.999999, 1.0}) {
    for (const char* model : {"unanimous", "at-least-one", "majority", "at-least-k",
                              "majority-without-unanimity", "lossy-retries"}) {
      const double value = prediction(model, scenario_of(319, p));
      EXPECT_GE(value, 0) << model;
      EXPECT_LE(value, 1) << model;
    }
  }
}

}  // namespace
}  // namespace indoubt
