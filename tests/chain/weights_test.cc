// Goal: weights know their exact value and how it changes.
#include "analysis/chain/weights.h"

#include <gtest/gtest.h>

namespace indoubt::markov {
namespace {

TEST(Weights, FollowTheProductRule) {
  Weights w;
  const ParameterId yes = w.add_parameter("vote_yes", Rational(99, 100));
  const ParameterId loss = w.add_parameter("loss", Rational(1, 1000));
  const WeightId arrives = w.complement(w.of(loss));
  const WeightId both = w.product(w.of(yes), arrives);
  EXPECT_EQ(w.exact(both), Rational(99 * 999, 100'000));
  ASSERT_EQ(w.slopes(both).size(), 2u);
  EXPECT_EQ(w.slopes(both)[0].parameter, yes);
  EXPECT_EQ(w.slopes(both)[0].exact, Rational(999, 1000));
  EXPECT_EQ(w.slopes(both)[1].parameter, loss);
  EXPECT_EQ(w.slopes(both)[1].exact, Rational(-99, 100));
}

TEST(Weights, ASquareHasTwiceTheSlope) {
  Weights w;
  const WeightId p = w.of(w.add_parameter("p", Rational(3, 10)));
  EXPECT_EQ(w.slopes(w.product(p, p))[0].exact, Rational(6, 10));
}

TEST(Weights, OfAMeanGiveARate) {
  Weights w;
  const WeightId rate = w.reciprocal(w.of(w.add_parameter("latency", Rational(5'000'000))));
  EXPECT_EQ(w.value(rate), 2e-7);
  EXPECT_EQ(w.slopes(rate)[0].exact, Rational(-1, 25'000'000) / 1'000'000);
}

TEST(Weights, ThatAreEqualHaveOneNumber) {
  Weights w;
  const WeightId p = w.of(w.add_parameter("p", Rational(1, 2)));
  const WeightId q = w.of(w.add_parameter("q", Rational(1, 2)));
  EXPECT_NE(p, q) << "the same value, but another parameter moves it";
  EXPECT_EQ(w.product(p, q), w.product(q, p));
  EXPECT_EQ(w.complement(w.complement(p)), p);
  EXPECT_EQ(w.sum(p, w.complement(p)), Weights::kOne);
  EXPECT_EQ(w.constant(1), Weights::kOne);
  EXPECT_EQ(w.product(p, Weights::kOne), p);
}

TEST(Weights, KeepTheSlopeOfAParameterThatIsZero) {
  Weights w;
  const WeightId loss = w.of(w.add_parameter("loss", 0));
  EXPECT_EQ(w.value(loss), 0);
  EXPECT_EQ(w.slopes(w.product(loss, w.constant(Rational(1, 4))))[0].value, 0.25);
}

}  // namespace
}  // namespace indoubt::markov
