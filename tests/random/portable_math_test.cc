// Goal: exp and log are accurate, and the same bits on every build.
// Method: against long double libm in units in the last place; hashes of all bits over a grid.
#include "sim/random/portable_math.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <limits>

#include "sim/random/draws.h"

namespace indoubt {
namespace {

constexpr int kPoints = 200'000;

/// Distance of x from the exact value in units in the last place of x.
double error_in_ulp(double x, long double exact) {
  const double spacing =
      std::nextafter(std::abs(x), std::numeric_limits<double>::infinity()) - std::abs(x);
  return static_cast<double>(std::abs(static_cast<long double>(x) - exact) / spacing);
}

/// A fixed sequence, uniform in [low, high).
double point(int i, double low, double high) {
  const Draws draws(11, 0);
  const double u = unit_uniform(draws.word({0, Purpose::link, 0, static_cast<std::uint64_t>(i)}));
  return low + (high - low) * u;
}

std::uint64_t hash_in(std::uint64_t hash, double x) {
  std::uint64_t bits;
  std::memcpy(&bits, &x, sizeof bits);
  return (hash ^ bits) * 0x9E3779B97F4A7C15u;
}

TEST(PortableExp, IsWithinTwoUnitsInTheLastPlace) {
  double worst = 0;
  for (const double reach : {0.5, 10.0, 700.0}) {
    for (int i = 0; i < kPoints; ++i) {
      const double x = point(i, -reach, reach);
      worst = std::max(worst, error_in_ulp(portable_exp(x), std::exp(static_cast<long double>(x))));
    }
  }
  EXPECT_LT(worst, 2);
}

TEST(PortableLog, IsWithinTwoUnitsInTheLastPlace) {
  double worst = 0;
  for (const double reach : {1e-3, 1.0, 2.0, 1e9, 1e300}) {
    for (int i = 0; i < kPoints; ++i) {
      const double x = point(i, 0, reach) + std::numeric_limits<double>::min();
      worst = std::max(worst, error_in_ulp(portable_log(x), std::log(static_cast<long double>(x))));
    }
  }
  EXPECT_LT(worst, 2);
}

TEST(PortableLog, IsAccurateNearOneWhereItVanishes) {
  double worst = 0;
  for (int i = 0; i < kPoints; ++i) {
    const double x = 1 + point(i, -1e-6, 1e-6);
    if (x == 1) continue;
    worst = std::max(worst, error_in_ulp(portable_log(x), std::log(static_cast<long double>(x))));
  }
  EXPECT_LT(worst, 2);
}

TEST(PortableMath, HandlesTheEndsOfTheRange) {
  EXPECT_EQ(portable_exp(0), 1);
  EXPECT_EQ(portable_exp(-1000), 0);
  EXPECT_TRUE(std::isinf(portable_exp(1000)));
  EXPECT_TRUE(std::isnan(portable_exp(std::numeric_limits<double>::quiet_NaN())));
  EXPECT_DOUBLE_EQ(portable_exp(709.7), std::exp(709.7));
  EXPECT_NEAR(portable_exp(-740) / std::exp(-740.0), 1, 1e-2);  // subnormal: few bits left
  EXPECT_EQ(portable_log(1), 0);
  EXPECT_DOUBLE_EQ(portable_log(0x1p-1074), std::log(0x1p-1074));
  EXPECT_DOUBLE_EQ(portable_log(std::numeric_limits<double>::max()),
                   std::log(std::numeric_limits<double>::max()));
}

TEST(PortablePow, AgreesWithSquareAndRoot) {
  EXPECT_NEAR(portable_pow(3, 2), 9, 1e-14);
  EXPECT_NEAR(portable_pow(2, 0.5), std::sqrt(2), 1e-15);
  EXPECT_NEAR(portable_pow(0.25, -1.5), 8, 1e-14);
}

TEST(PortableMath, BitsArePinned) {
  EXPECT_EQ(portable_exp(1), 0x1.5bf0a8b14576ap+1);
  EXPECT_EQ(portable_exp(-0.1), 0x1.cf46d99d52b3ap-1);
  EXPECT_EQ(portable_log(10), 0x1.26bb1bbb55516p+1);
  EXPECT_EQ(portable_log(0.3), -0x1.34378fcbda721p+0);
  EXPECT_EQ(portable_pow(0.3, -1.0 / 3), 0x1.7e69c7ce33631p+0);
}

TEST(PortableMath, HashesOfAGridArePinned) {
  std::uint64_t exps = 0, logs = 0;
  for (int i = 0; i < kPoints; ++i) {
    exps = hash_in(exps, portable_exp(point(i, -50, 50)));
    logs = hash_in(logs, portable_log(point(i, 0, 100) + 1e-9));
  }
  EXPECT_EQ(exps, 0x1ddbcd5a2cda1f4cu);
  EXPECT_EQ(logs, 0x0fcd376d36dbb85fu);
}

}  // namespace
}  // namespace indoubt
