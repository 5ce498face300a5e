// Goal: mean and variance are exact up to the last rounding, however large the values.
#include <gtest/gtest.h>

#include <boost/multiprecision/cpp_int.hpp>
#include <cstdint>
#include <vector>

#include "sim/measures/totals.h"
#include "sim/random/draws.h"

namespace indoubt {
namespace {

using Rational = boost::multiprecision::cpp_rational;

Moments moments_of(const std::vector<std::uint64_t>& values) {
  Moments m;
  for (const std::uint64_t x : values) m.add(x);
  return m;
}

double exact_mean(const std::vector<std::uint64_t>& values) {
  Rational sum = 0;
  for (const std::uint64_t x : values) sum += x;
  return Rational(sum / values.size()).convert_to<double>();
}

double exact_variance(const std::vector<std::uint64_t>& values) {
  Rational sum = 0, squares = 0;
  for (const std::uint64_t x : values) {
    sum += x;
    squares += Rational(x) * x;
  }
  const Rational about_mean = squares - sum * sum / values.size();
  return Rational(about_mean / (values.size() - 1)).convert_to<double>();
}

TEST(Moments, AreZeroWhenEmpty) {
  EXPECT_EQ(Moments{}.mean(), 0);
  EXPECT_EQ(Moments{}.variance(), 0);
  EXPECT_EQ(moments_of({5}).mean(), 5);
  EXPECT_EQ(moments_of({5}).variance(), 0);
}

TEST(Moments, OfASmallSampleAreThoseByHand) {
  const Moments m = moments_of({2, 4, 4, 4, 5, 5, 7, 9});
  EXPECT_DOUBLE_EQ(m.mean(), 5);
  EXPECT_DOUBLE_EQ(m.variance(), 32.0 / 7);
}

TEST(Moments, VarianceLosesNoDigitsToALargeMean) {
  constexpr std::uint64_t kHour = 3'600'000'000'000;
  EXPECT_DOUBLE_EQ(moments_of({kHour, kHour + 1, kHour + 2}).variance(), 1);
  EXPECT_DOUBLE_EQ(moments_of({kHour, kHour, kHour}).variance(), 0);
}

TEST(Moments, AgreeWithExactArithmetic) {
  const Draws draws(5, 0);
  for (const int bits : {1, 8, 30, 45, 57}) {
    std::vector<std::uint64_t> values;
    for (std::uint64_t n = 0; n < 101; ++n) {
      values.push_back(draws.word({0, Purpose::link, 0, n}) >> (64 - bits));
    }
    EXPECT_DOUBLE_EQ(moments_of(values).mean(), exact_mean(values)) << bits;
    EXPECT_DOUBLE_EQ(moments_of(values).variance(), exact_variance(values)) << bits;
  }
}

TEST(Moments, SumDoesNotOverflowFor64Bits) {
  Moments m;
  for (int i = 0; i < 100; ++i) m.add(1'000'000'000'000'000'000);
  EXPECT_DOUBLE_EQ(m.mean(), 1e18);
  EXPECT_DOUBLE_EQ(m.variance(), 0);
}

/// 2^doublings copies of `values` together, and the same in exact arithmetic.
struct Copies {
  Copies(const std::vector<std::uint64_t>& values, int doublings) : moments(moments_of(values)) {
    for (const std::uint64_t x : values) {
      sum += x;
      squares += Rational(x) * x;
    }
    for (int i = 0; i < doublings; ++i) moments.merge(Moments(moments));
    const Rational copies =
        pow(boost::multiprecision::cpp_int(2), static_cast<unsigned>(doublings));
    count = copies * values.size();
    sum *= copies;
    squares *= copies;
  }
  double exact_mean() const { return Rational(sum / count).convert_to<double>(); }
  double exact_variance() const {
    return Rational((squares - sum * sum / count) / (count - 1)).convert_to<double>();
  }
  Moments moments;
  Rational count, sum = 0, squares = 0;
};

TEST(Moments, AreExactForTheLongestTimesAndTheMostObservations) {
  constexpr std::uint64_t kLongestTime = (std::uint64_t{1} << 63) - 1;
  const std::vector<std::uint64_t> samples[] = {
      {kLongestTime, kLongestTime - 1},
      {kLongestTime, 0},
      {kLongestTime, kLongestTime, kLongestTime, kLongestTime, kLongestTime, 0, 1},
      {1'000'000'000'000'000, 999'999'999'999'999}};
  for (const auto& values : samples) {
    for (const int doublings : {0, 1, 2, 30, 61}) {
      const Copies c(values, doublings);
      EXPECT_DOUBLE_EQ(c.moments.mean(), c.exact_mean()) << doublings;
      EXPECT_DOUBLE_EQ(c.moments.variance(), c.exact_variance()) << doublings;
    }
  }
}

TEST(Moments, AddingCarriesAsMergingDoes) {
  constexpr std::uint64_t kLarge = (std::uint64_t{1} << 63) - 5;
  Moments added, merged;
  for (std::uint64_t i = 0; i < 200; ++i) {
    added.add(kLarge + i % 5);
    merged.merge(moments_of({kLarge + i % 5}));
  }
  EXPECT_EQ(added, merged);
  EXPECT_DOUBLE_EQ(added.variance(), 2 * 200.0 / 199);
}

TEST(Moments, MergingWithItselfDoubles) {
  Moments m = moments_of({~std::uint64_t{0} >> 1, ~std::uint64_t{0} >> 1, ~std::uint64_t{0} >> 1});
  Moments twice = m;
  twice.merge(Moments(m));
  m.merge(m);
  EXPECT_EQ(m, twice);
}

TEST(Moments, MergingEqualsAddingAll) {
  Moments merged = moments_of({1, 2, 3});
  merged.merge(moments_of({10, 20}));
  EXPECT_EQ(merged, moments_of({1, 2, 3, 10, 20}));
}

}  // namespace
}  // namespace indoubt
