// Goal: first passages in whole nanoseconds are exact.
#include "analysis/chain/passage.h"

#include <gtest/gtest.h>

#include <cmath>

#include "analysis/chain/solver.h"
#include "tests/chain/make_chain.h"

namespace indoubt::markov {
namespace {

TEST(Passage, OfTheGamblerHasTheReflectionPrinciplesNumbers) {
  // Fair game from 1: ruin at round 2k + 1 has probability Catalan(k) / 2^(2k + 1) while the other
  // end is out of reach.
  const Chain chain = gambler(64, 1, Rational(1, 2));
  PassageOptions options;
  options.horizon = 60;
  const Passage p = passage(chain, *chain.find_mark("ruin"), options);
  ASSERT_FALSE(p.refused.has_value());
  ASSERT_EQ(p.arrivals.size(), 30u);
  double catalan = 1, sum = 0;
  for (int k = 0; k < 30; ++k) {
    EXPECT_EQ(p.arrivals[static_cast<std::size_t>(k)].at, 2 * k + 1);
    EXPECT_DOUBLE_EQ(p.arrivals[static_cast<std::size_t>(k)].probability,
                     catalan * std::pow(0.5, 2 * k + 1));
    sum += catalan * std::pow(0.5, 2 * k + 1);
    catalan *= 2.0 * (2 * k + 1) / (k + 2);
  }
  EXPECT_DOUBLE_EQ(p.by(60), sum);
  EXPECT_DOUBLE_EQ(p.by(3), 0.5 + 0.125);
  EXPECT_NEAR(p.unresolved, 1 - sum, 1e-15);
}

/// n answers one after another, each after 5 ns, lost with 1/10 and then asked for again after 100.
Chain retries(std::uint32_t n) {
  Chain chain;
  const Marks all = chain.add_mark("all");
  const EffectId answer = chain.intern(Effect{5, {}}), again = chain.intern(Effect{100, {}});
  Weights& w = chain.weights();
  const WeightId loss = w.constant(Rational(1, 10));
  for (StateId s = 0; s < n; ++s) {
    chain.add_state(Kind::step, 0);
    chain.add_transition(s + 1, w.complement(loss), answer);
    chain.add_transition(s, loss, again);
  }
  chain.add_state(Kind::step, all);
  return chain;
}

TEST(Passage, OfRetriesIsNegativeBinomial) {
  const Chain chain = retries(3);
  PassageOptions options;
  options.horizon = 2500;
  const Passage p = passage(chain, *chain.find_mark("all"), options);
  double mean = 0;
  for (std::size_t k = 0; k < p.arrivals.size(); ++k) {
    const auto n = static_cast<double>(k);
    EXPECT_EQ(p.arrivals[k].at, 15 + 100 * static_cast<std::int64_t>(k));
    const double wanted = (n + 1) * (n + 2) / 2 * std::pow(0.1, n) * 0.729;
    EXPECT_NEAR(p.arrivals[k].probability, wanted, 1e-14 * wanted);
    mean += static_cast<double>(p.arrivals[k].at) * p.arrivals[k].probability;
  }
  Solver solver(chain);
  EXPECT_NEAR(solver.solve({Question::Kind::time_to, 1}).at_start, mean, 1e-9);
}

TEST(Passage, HandlesStepsThatTakeNoTimeInOrder) {
  // Two ways to state 3 at the same instant, of different length.
  Chain chain;
  const Marks end = chain.add_mark("end");
  Weights& w = chain.weights();
  const EffectId tick = chain.intern(Effect{7, {}});
  const WeightId half = w.constant(Rational(1, 2));
  chain.add_state(Kind::step, 0);
  chain.add_transition(3, half, tick);
  chain.add_transition(1, half, tick);
  chain.add_state(Kind::step, 0);
  chain.add_transition(2, Weights::kOne);
  chain.add_state(Kind::step, 0);
  chain.add_transition(3, Weights::kOne);
  chain.add_state(Kind::step, 0);
  chain.add_transition(4, half);
  chain.add_transition(5, half);
  chain.add_state(Kind::step, end);
  chain.add_state(Kind::step, 0);
  const Passage p = passage(chain, end);
  ASSERT_EQ(p.arrivals.size(), 1u);
  EXPECT_EQ(p.arrivals[0].at, 7);
  EXPECT_EQ(p.arrivals[0].probability, 0.5);
  EXPECT_EQ(p.never, 0.5);
  EXPECT_EQ(p.unresolved, 0);
}

TEST(Passage, ExpandsEachStateOnceAtAnInstant) {
  // 40 forks that join again, one way longer than the other: 2^40 paths. States are numbered from
  // the end, so their numbers are of no help.
  const StateId forks = 40;
  Chain chain;
  const Marks end = chain.add_mark("end");
  const WeightId half = chain.weights().constant(Rational(1, 2));
  chain.add_state(Kind::step, end);
  for (StateId k = 0; k < forks; ++k) {
    chain.add_state(Kind::step, 0);  // 2k + 1: the detour
    chain.add_transition(2 * k, Weights::kOne);
    chain.add_state(Kind::step, 0);  // 2k + 2: the fork
    chain.add_transition(2 * k, half);
    chain.add_transition(2 * k + 1, half);
  }
  chain.set_start(2 * forks);
  PassageOptions options;
  options.most_entries = 2 * forks + 1;
  const Passage p = passage(chain, end, options);
  ASSERT_FALSE(p.refused.has_value()) << *p.refused;
  EXPECT_EQ(p.by(0), 1);
}

TEST(Passage, AgreesWithTheSolverOnRandomChains) {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    RandomChain recipe;
    recipe.seed = seed;
    recipe.states = 15;
    const Chain chain = make_random(recipe);
    Solver solver(chain);
    for (const char* name : {"good", "odd"}) {
      const Marks m = *chain.find_mark(name);
      const Passage p = passage(chain, m);
      ASSERT_FALSE(p.refused.has_value()) << *p.refused;
      double all = 0, mean = 0;
      for (const Arrival& a : p.arrivals) {
        all += a.probability;
        mean += a.probability * static_cast<double>(a.at);
      }
      EXPECT_NEAR(all, solver.solve({Question::Kind::passes, m}).at_start, 1e-14);
      EXPECT_NEAR(p.never, 1 - all, 1e-14);
      if (all == 0) continue;
      EXPECT_NEAR(mean / all, solver.solve({Question::Kind::earned_if, m}).at_start, 1e-11);
    }
  }
}

TEST(Passage, RefusesWhatHasNoClock) {
  const Chain continuous = line_of_rates({1});
  EXPECT_TRUE(passage(continuous, 1).refused.has_value());
  Chain loop;
  loop.add_state(Kind::step, 0);
  loop.add_transition(0, Weights::kOne);
  EXPECT_TRUE(passage(loop, 1).refused.has_value());
  PassageOptions few;
  few.most_entries = 10;
  const Chain long_game = gambler(10, 5, Rational(1, 2));
  EXPECT_TRUE(passage(long_game, 1, few).refused.has_value());
}

}  // namespace
}  // namespace indoubt::markov
