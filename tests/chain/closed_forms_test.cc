// Goal: the solver gives the numbers of the textbooks, cyclic and acyclic.
#include <gtest/gtest.h>

#include <cmath>

#include "analysis/chain/solver.h"
#include "tests/chain/make_chain.h"

namespace indoubt::markov {
namespace {

using Ask = Question::Kind;

void expect_close(double got, double wanted, double relative = 2e-15) {
  EXPECT_NEAR(got, wanted, relative * std::fabs(wanted));
}

TEST(TwoPhaseCommitChain, DecidesEverywhereAfterTheKnownTimes) {
  const double known[] = {3, 4.25, 5.046296296296296};
  for (std::uint32_t participants = 1; participants <= 3; ++participants) {
    const Chain chain = two_phase_commit_chain(participants);
    chain.check();
    Solver solver(chain);
    expect_close(solver.solve({Ask::time_to, *chain.find_mark("all_decided")}).at_start,
                 known[participants - 1]);
    EXPECT_EQ(solver.solve({Ask::ends, *chain.find_mark("all_decided")}).at_start, 1);
  }
}

TEST(TwoPhaseCommitChain, CountsItsMessagesAndItsTimeToTheDecision) {
  const Chain chain = two_phase_commit_chain(2);
  Solver solver(chain);
  const CounterId messages = *chain.find_counter("messages");
  expect_close(solver.solve({Ask::earned, 0, messages}).at_start, 4);  // PREPAREs were sent before
  const Marks decided = *chain.find_mark("decided");
  expect_close(solver.solve({Ask::time_to, decided}).at_start, 2.75);
  expect_close(solver.solve({Ask::earned, decided, messages}).at_start, 4);
  expect_close(solver.solve({Ask::earned_if, decided}).at_start, 2.75);
}

TEST(GamblersRuin, HasItsClosedForm) {
  const int n = 100, first = 37;
  const double p = 0.49, r = (1 - p) / p;
  const Chain chain = gambler(n, first, Rational(49, 100));
  chain.check();
  for (const std::size_t dense : {std::size_t{1000}, std::size_t{0}}) {
    Solver solver(chain, {dense, 3});
    const double ruin = (std::pow(r, first) - std::pow(r, n)) / (1 - std::pow(r, n));
    const double rounds = (first - n * (1 - ruin)) / (1 - 2 * p);
    const Marks ruined = *chain.find_mark("ruin"), rich = *chain.find_mark("rich");
    expect_close(solver.solve({Ask::ends, ruined}).at_start, ruin, 1e-13);
    expect_close(solver.solve({Ask::passes, rich}).at_start, 1 - ruin, 1e-12);
    expect_close(solver.solve({Ask::earned, 0, *chain.find_counter("rounds")}).at_start, rounds,
                 1e-12);
    expect_close(solver.solve({Ask::earned, 0, kTime}).at_start, rounds, 1e-12);
    EXPECT_LE(solver.solve({Ask::ends, ruined}).residual, 1e-15);
    EXPECT_EQ(solver.shape().largest, 99u);
    EXPECT_EQ(solver.shape().cyclic, 1u);
  }
}

TEST(GamblersRuin, FairDurationIsTheProduct) {
  const Chain chain = gambler(50, 20, Rational(1, 2));
  Solver solver(chain);
  expect_close(solver.solve({Ask::earned, 0, kTime}).at_start, 20 * 30, 1e-13);
}

TEST(BirthDeath, AbsorptionTimeIsTheDoubleSum) {
  // Births in states 0 .. n-1 at rate b, deaths at rate d, n absorbing: the time from 0 is the sum
  // over i < n, j <= i of d^(i-j) / b^(i-j+1).
  const double b = 0.25, d = 2;
  const int n = 12;
  Chain chain;
  const Marks end = chain.add_mark("end");
  Weights& w = chain.weights();
  for (StateId i = 0; i < n; ++i) {
    chain.add_state(Kind::exponential, 0);
    chain.add_transition(i + 1, w.constant(Rational(1, 4)));
    if (i > 0) chain.add_transition(i - 1, w.constant(2));
  }
  chain.add_state(Kind::exponential, end);
  double sum = 0;
  for (int i = 0; i < n; ++i)
    for (int j = 0; j <= i; ++j) sum += std::pow(d, i - j) / std::pow(b, i - j + 1);
  Solver solver(chain);
  expect_close(solver.solve({Ask::time_to, end}).at_start, sum, 1e-14);
}

TEST(CouponCollector, TakesNTimesTheHarmonicNumber) {
  const std::uint32_t n = 30;
  Chain chain;
  const Marks all = chain.add_mark("all");
  const CounterId repeats = chain.add_counter("repeats");
  const EffectId fresh = chain.intern(Effect{1, {}}),
                 again = chain.intern(Effect{1, {{repeats, 1}}});
  for (std::uint32_t have = 0; have <= n; ++have) {
    const StateId s = chain.add_state(Kind::step, have == n ? all : 0);
    if (have == n) break;
    chain.add_transition(s + 1, chain.weights().constant(Rational(n - have, n)), fresh);
    if (have > 0) chain.add_transition(s, chain.weights().constant(Rational(have, n)), again);
  }
  chain.check();
  double harmonic = 0;
  for (std::uint32_t k = n; k >= 1; --k) harmonic += 1.0 / k;
  Solver solver(chain);
  expect_close(solver.solve({Ask::time_to, all}).at_start, n * harmonic);
  expect_close(solver.solve({Ask::earned, 0, repeats}).at_start, n * harmonic - n, 1e-14);
}

TEST(ErlangSum, IsTheSumOfTheMeans) {
  const Chain chain = line_of_rates({Rational(1, 2), 4, Rational(1, 5), 1});
  Solver solver(chain);
  expect_close(solver.solve({Ask::time_to, *chain.find_mark("end")}).at_start, 2 + 0.25 + 5 + 1);
  const std::vector<double> time = solver.occupancy(0);
  EXPECT_EQ(time, (std::vector<double>{2, 0.25, 5, 1, 0}));
}

/// Blocked with probability 1/10: absorbing, in doubt for ever. Else in doubt for a mean of 4 ns.
Chain in_doubt_chain() {
  Chain chain;
  const Marks decided = chain.add_mark("decided"), blocked = chain.add_mark("blocked");
  const CounterId in_doubt = chain.add_counter("in_doubt");
  const EarningId one = chain.intern_earning({{in_doubt, 1}});
  Weights& w = chain.weights();
  chain.add_state(Kind::step, 0);
  chain.add_transition(1, w.constant(Rational(9, 10)));
  chain.add_transition(3, w.constant(Rational(1, 10)));
  chain.add_state(Kind::exponential, 0, one);
  chain.add_transition(2, w.constant(Rational(1, 4)));
  chain.add_state(Kind::exponential, decided);
  chain.add_state(Kind::exponential, blocked, one);
  return chain;
}

TEST(Solver, SaysThatATimeIsInfiniteAndGivesTheConditionalOne) {
  const Chain chain = in_doubt_chain();
  Solver solver(chain);
  const Marks decided = *chain.find_mark("decided");
  const CounterId in_doubt = *chain.find_counter("in_doubt");
  EXPECT_EQ(solver.solve({Ask::time_to, decided}).at_start, HUGE_VAL);
  EXPECT_EQ(solver.solve({Ask::time_to, decided}).by_state[1], 4);
  EXPECT_EQ(solver.solve({Ask::earned_if, decided}).at_start, 4);
  EXPECT_EQ(solver.solve({Ask::earned, 0, in_doubt}).at_start, HUGE_VAL);
  EXPECT_EQ(solver.solve({Ask::earned_if, decided, in_doubt}).at_start, 4);
  EXPECT_DOUBLE_EQ(solver.solve({Ask::earned, 0, kTime}).at_start, 3.6);
  EXPECT_TRUE(std::isnan(solver.solve({Ask::earned_if, decided}).by_state[3]));
}

TEST(Solver, CountsForEverInACycleThatIsNeverLeft) {
  Chain chain;
  const Marks blocked = chain.add_mark("blocked"), quiet = chain.add_mark("quiet");
  const CounterId inquiries = chain.add_counter("inquiries");
  const EffectId asks = chain.intern(Effect{0, {{inquiries, 1}}});
  Weights& w = chain.weights();
  chain.add_state(Kind::exponential, 0);
  chain.add_transition(1, w.constant(3));
  chain.add_transition(3, w.constant(1));
  chain.add_state(Kind::exponential, blocked);
  chain.add_transition(2, Weights::kOne, asks);
  chain.add_state(Kind::exponential, blocked | quiet);
  chain.add_transition(1, Weights::kOne);
  chain.add_state(Kind::exponential, quiet);
  Solver solver(chain);
  EXPECT_EQ(solver.solve({Ask::ends, blocked}).at_start, 0.75);
  EXPECT_EQ(solver.solve({Ask::ends, quiet}).at_start, 0.25) << "state 1 of the cycle is not quiet";
  EXPECT_EQ(solver.solve({Ask::passes, quiet}).at_start, 1);
  EXPECT_EQ(solver.solve({Ask::earned, 0, inquiries}).at_start, HUGE_VAL);
  EXPECT_EQ(solver.solve({Ask::earned, quiet, inquiries}).at_start, 0.75);
  EXPECT_EQ(solver.occupancy(0)[1], HUGE_VAL);
  EXPECT_EQ(solver.occupancy(0)[0], 0.25);
}

}  // namespace
}  // namespace indoubt::markov
