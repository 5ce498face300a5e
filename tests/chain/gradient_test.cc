// Goal: derivatives by parameters equal closed forms and exact differences.
#include <gtest/gtest.h>

#include <cmath>

#include "analysis/chain/exact.h"
#include "analysis/chain/solver.h"
#include "tests/chain/make_chain.h"

namespace indoubt::markov {
namespace {

using Ask = Question::Kind;

TEST(Gradient, OfThreeVotesIsTheProductOfTheOthers) {
  const std::vector<Rational> yes{Rational(99, 100), Rational(98, 100), Rational(97, 100)};
  Chain chain;
  const Marks commit = chain.add_mark("commit"), abort = chain.add_mark("abort");
  Weights& w = chain.weights();
  for (StateId s = 0; s < 3; ++s) {
    const WeightId p = w.of(w.add_parameter("vote_yes of " + std::to_string(s), yes[s]));
    chain.add_state(Kind::step, 0);
    chain.add_transition(s + 1, p);
    chain.add_transition(4, w.complement(p));
  }
  chain.add_state(Kind::step, commit);
  chain.add_state(Kind::step, abort);
  Solver solver(chain);
  const Values v = solver.solve({Ask::ends, commit});
  EXPECT_NEAR(v.at_start, 0.941094, 1e-15);
  const std::vector<double> g = solver.gradient(v);
  EXPECT_NEAR(g[0], 0.98 * 0.97, 1e-15);
  EXPECT_NEAR(g[1], 0.99 * 0.97, 1e-15);
  EXPECT_NEAR(g[2], 0.99 * 0.98, 1e-15);
}

TEST(Gradient, ByALossThatIsZeroIsNotLost) {
  Chain chain;
  const Marks arrived = chain.add_mark("arrived");
  Weights& w = chain.weights();
  const WeightId loss = w.of(w.add_parameter("loss", 0));
  chain.add_state(Kind::step, 0);
  chain.add_transition(1, w.complement(loss));
  chain.add_transition(2, loss);
  chain.add_state(Kind::step, arrived);
  chain.add_state(Kind::step, 0);
  Solver solver(chain);
  const Values v = solver.solve({Ask::ends, arrived});
  EXPECT_EQ(v.at_start, 1);
  EXPECT_EQ(solver.gradient(v), std::vector<double>{-1});
}

TEST(Gradient, OfAnExpectedTimeByAMeanIsTheShareOfIt) {
  Chain chain;
  const Marks end = chain.add_mark("end");
  Weights& w = chain.weights();
  const WeightId rate = w.reciprocal(w.of(w.add_parameter("latency", 5)));
  for (StateId s = 0; s < 2; ++s) {
    chain.add_state(Kind::exponential, 0);
    chain.add_transition(s + 1, rate);
  }
  chain.add_state(Kind::exponential, end);
  Solver solver(chain);
  const Values v = solver.solve({Ask::time_to, end});
  EXPECT_DOUBLE_EQ(v.at_start, 10);
  EXPECT_DOUBLE_EQ(solver.gradient(v)[0], 2);
}

TEST(Gradient, OfTheGamblersRuinHasItsClosedForm) {
  const int n = 20, k = 7;
  const double p = 0.45, r = (1 - p) / p;
  const Chain chain = gambler(n, k, Rational(45, 100));
  for (const std::size_t dense : {std::size_t{1000}, std::size_t{0}}) {
    Solver solver(chain, {dense, 3});
    const double g = solver.gradient(solver.solve({Ask::ends, *chain.find_mark("ruin")}))[0];
    // d/dr of (r^k - r^n) / (1 - r^n), times dr/dp = -1/p^2.
    const double top = std::pow(r, k) - std::pow(r, n), below = 1 - std::pow(r, n);
    const double d_top = k * std::pow(r, k - 1) - n * std::pow(r, n - 1);
    const double d_below = -n * std::pow(r, n - 1);
    const double wanted = -(d_top * below - top * d_below) / (below * below) / (p * p);
    EXPECT_NEAR(g, wanted, 1e-11 * std::fabs(wanted));
  }
}

Rational exact_value(RandomChain recipe, const Question& q, std::size_t parameter,
                     const Rational& change) {
  recipe.parameters[parameter] += change;
  const Exact exact = solve_exactly(make_random(recipe), q);
  return exact.value.value();
}

TEST(Gradient, EqualsCentralDifferencesTakenExactly) {
  const Rational h(1, 1'000'000);
  int compared = 0;
  for (std::uint64_t seed = 0; seed < 120; ++seed) {
    RandomChain recipe;
    recipe.seed = seed;
    recipe.cyclic = seed % 2 == 1;
    recipe.exponential = seed % 4 >= 2;
    const Chain chain = make_random(recipe);
    Solver solver(chain);
    const Marks good = *chain.find_mark("good"), odd = *chain.find_mark("odd");
    for (const Question& q :
         {Question{Ask::ends, good}, Question{Ask::passes, odd},
          Question{Ask::earned, 0, *chain.find_counter("coins")}, Question{Ask::earned, odd, kTime},
          Question{Ask::time_to, *chain.find_mark("good") | *chain.find_mark("bad")}}) {
      const Values v = solver.solve(q);
      const std::vector<double> g = solver.gradient(v);
      for (std::size_t k = 0; k < g.size(); ++k) {
        const Rational difference =
            (exact_value(recipe, q, k, h) - exact_value(recipe, q, k, -h)) / (2 * h);
        const double wanted = nearest_double(difference);
        EXPECT_NEAR(g[k], wanted, 1e-8 * (1 + std::fabs(wanted))) << "seed " << seed;
        ++compared;
      }
    }
  }
  EXPECT_EQ(compared, 120 * 5 * 3);
}

}  // namespace
}  // namespace indoubt::markov
