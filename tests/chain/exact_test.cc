// Goal: rational results are exact, refuse beyond their limits, and unmask lost digits.
#include "analysis/chain/exact.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/chain/make_chain.h"

namespace indoubt::markov {
namespace {

using Ask = Question::Kind;

TEST(Exact, TwoPhaseCommitTakesFractionsOfTheMean) {
  const Rational known[] = {3, Rational(17, 4), Rational(545, 108)};
  for (std::uint32_t participants = 1; participants <= 3; ++participants) {
    const Chain chain = two_phase_commit_chain(participants);
    const Exact e = solve_exactly(chain, {Ask::time_to, *chain.find_mark("all_decided")});
    EXPECT_EQ(e.value, known[participants - 1]);
  }
}

TEST(Exact, GamblersRuinIsAFraction) {
  const Chain chain = gambler(4, 2, Rational(2, 5));
  EXPECT_EQ(solve_exactly(chain, {Ask::ends, *chain.find_mark("ruin")}).value, Rational(9, 13));
}

/// Two blocks of three states, joined by a transition of weight 10^-16; the second one leaves to
/// "good" and "bad" as rarely. Probabilities like these are typical of rare failures.
Chain nearly_closed_blocks() {
  Chain chain;
  const Marks good = chain.add_mark("good"), bad = chain.add_mark("bad");
  Weights& w = chain.weights();
  const Rational rare(1, 10'000'000'000'000'000);
  const auto add = [&](StateId to, const Rational& p) { chain.add_transition(to, w.constant(p)); };
  for (StateId block = 0; block < 2; ++block)
    for (StateId i = 0; i < 3; ++i) {
      const StateId first = 3 * block;
      chain.add_state(Kind::exponential, 0);
      add(first + (i + 1) % 3, Rational(1, 3));
      add(first + (i + 2) % 3, Rational(1, 7));
      if (i == 2) add(3 - first, rare);
      if (i == 1 && block == 1) add(6, rare * 3);
      if (i == 0 && block == 1) add(7, rare * 5);
    }
  chain.add_state(Kind::exponential, good);
  chain.add_state(Kind::exponential, bad);
  return chain;
}

TEST(Exact, UnmasksTheDigitsThatAFactorisationLoses) {
  const Chain chain = nearly_closed_blocks();
  const Question q{Ask::ends, *chain.find_mark("good")};
  const Exact exact = solve_exactly(chain, q);
  ASSERT_TRUE(exact.value.has_value());
  EXPECT_GE(certain_digits(Solver(chain).solve(q).at_start, *exact.value), 15);
  const double sparse = Solver(chain, {0, 3}).solve(q).at_start;
  EXPECT_LT(certain_digits(sparse, *exact.value), 8);
}

TEST(Exact, RefusesBeyondItsLimits) {
  const Chain chain = gambler(100, 50, Rational(1, 2));
  ExactLimits limits;
  limits.component = 60;
  EXPECT_EQ(solve_exactly(chain, {Ask::ends, 1}, limits).refused,
            "a cycle through 99 states, more than 60");
  limits.component = 100;
  EXPECT_EQ(solve_exactly(chain, {Ask::ends, 1}, limits).value, Rational(1, 2));
  limits.states = 50;
  EXPECT_TRUE(solve_exactly(chain, {Ask::ends, 1}, limits).refused.has_value());
}

TEST(Exact, GoesOnIn256BitsWhereFractionsGrowTooLarge) {
  ExactLimits few;
  few.rational_work = 0;
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    RandomChain recipe;
    recipe.seed = seed;
    recipe.cyclic = seed % 2 == 1;
    recipe.exponential = seed % 4 >= 2;
    const Chain chain = make_random(recipe);
    for (const Question& q :
         {Question{Ask::ends, *chain.find_mark("good")},
          Question{Ask::earned_if, *chain.find_mark("odd"), *chain.find_counter("coins")}}) {
      const Exact rational = solve_exactly(chain, q), wide = solve_exactly(chain, q, few);
      ASSERT_EQ(rational.value.has_value(), wide.value.has_value());
      if (!wide.value) continue;
      EXPECT_EQ(rational.relative_error, 0);
      EXPECT_GT(wide.relative_error, 0);
      EXPECT_LT(wide.relative_error, 1e-70);
      EXPECT_LE(abs(*wide.value - *rational.value),
                *rational.value * exact_bits(wide.relative_error));
    }
  }
}

TEST(Exact, SaysInWordsWhatIsCertain) {
  Exact exact;
  exact.value = Rational(1, 3);
  EXPECT_EQ(certainty_text(0.333, exact), "0.333 (3 digits certain)");
  exact.infinite = true;
  EXPECT_EQ(certainty_text(HUGE_VAL, exact), "infinite");
}

}  // namespace
}  // namespace indoubt::markov
