// Goal: exact numbers are read, rounded and printed as they are.
#include "analysis/chain/rational.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <limits>

#include "tests/chain/make_chain.h"

namespace indoubt::markov {
namespace {

TEST(Rational, ReadsDecimalsExponentsAndFractions) {
  EXPECT_EQ(parse_rational("0.99"), Rational(99, 100));
  EXPECT_EQ(parse_rational("-1.5e-3"), Rational(-3, 2000));
  EXPECT_EQ(parse_rational("7"), Rational(7));
  EXPECT_EQ(parse_rational("2e+3"), Rational(2000));
  EXPECT_EQ(parse_rational("2/3"), Rational(2, 3));
  for (const char* wrong : {"", ".5", "1.", "1e", "1e401", "1/0", "x", "1 ", "1/2/3", "--1"})
    EXPECT_FALSE(parse_rational(wrong).has_value()) << wrong;
}

TEST(Rational, OfADoubleIsTheDecimalThatWasWritten) {
  EXPECT_EQ(as_written(0.99), Rational(99, 100));
  EXPECT_EQ(as_written(1e-9), Rational(1, 1'000'000'000));
  EXPECT_EQ(as_written(0.001), Rational(1, 1000));
  EXPECT_NE(exact_bits(0.99), Rational(99, 100));
  EXPECT_EQ(exact_bits(0.375), Rational(3, 8));
}

TEST(Rational, RoundsToTheNearestDouble) {
  Dice dice(3);
  for (int i = 0; i < 2000; ++i) {
    const std::string text = std::to_string(dice.below(1'000'000'000)) + "." +
                             std::to_string(dice.below(1'000'000'000)) + "e" +
                             std::to_string(static_cast<int>(dice.below(120)) - 60);
    EXPECT_EQ(nearest_double(*parse_rational(text)), std::strtod(text.c_str(), nullptr)) << text;
  }
  // Exactly between two doubles: the even one.
  const Rational half_ulp(1, std::int64_t{1} << 53);
  EXPECT_EQ(nearest_double(1 + half_ulp), 1.0);
  EXPECT_EQ(nearest_double(1 + 3 * half_ulp), 1 + 4 * std::ldexp(1.0, -53));
  EXPECT_GT(nearest_double(1 + half_ulp + half_ulp * half_ulp), 1.0);
}

TEST(Rational, RoundTripsItsBits) {
  Dice dice(4);
  for (int i = 0; i < 1000; ++i) {
    const double x = std::ldexp(dice.below(1u << 30) + 0.1, static_cast<int>(dice.below(200)) - 99);
    EXPECT_EQ(nearest_double(exact_bits(x)), x);
    EXPECT_EQ(nearest_double(as_written(x)), x);
  }
}

TEST(Rational, PrintsTheDigitsThatAreAskedFor) {
  EXPECT_EQ(decimal_text(Rational(2, 3), 5), "0.66667");
  EXPECT_EQ(decimal_text(Rational(999, 1000), 2), "1.0");
  EXPECT_EQ(decimal_text(Rational(17, 4), 6), "4.25000");
  EXPECT_EQ(decimal_text(Rational(1'234'567), 3), "1230000");
  EXPECT_EQ(decimal_text(Rational(-1, 8'000'000), 3), "-1.25e-7");
  EXPECT_EQ(decimal_text(Rational(0), 9), "0");
}

TEST(Rational, CountsTheDigitsThatAreCertain) {
  EXPECT_EQ(certain_digits(0.5, Rational(1, 2)), 17);
  EXPECT_EQ(certain_digits(0.333, Rational(1, 3)), 3);
  EXPECT_EQ(certain_digits(1.0 / 3, Rational(1, 3)), 16);
  EXPECT_EQ(certain_digits(0.9999999, Rational(1)), 7);
  EXPECT_EQ(certain_digits(2.0, Rational(1)), 0);
  EXPECT_EQ(certain_digits(1e-300, Rational(0)), 0);
  EXPECT_EQ(certain_digits(HUGE_VAL, Rational(1)), 0);
}

}  // namespace
}  // namespace indoubt::markov
