#include "sim/random/portable_math.h"

#include <cstdint>
#include <cstring>
#include <limits>

namespace indoubt {
namespace {

// ln 2 in two parts; the first has 21 trailing zero bits, so k * kLn2High is exact for |k| < 2^20.
constexpr double kLn2High = 6.93147180369123816490e-01;
constexpr double kLn2Low = 1.90821492927058770002e-10;
constexpr double kLog2E = 1.44269504088896338700;
constexpr double kSqrtHalf = 0.70710678118654752440;

double two_to(int k) {  // requires -1022 <= k <= 1023
  const std::uint64_t bits = static_cast<std::uint64_t>(k + 1023) << 52;
  double x;
  std::memcpy(&x, &bits, sizeof x);
  return x;
}

}  // namespace

// 1. x = k ln 2 + r with |r| <= ln 2 / 2.   2. e^r by its series to r^13 / 13!.   3. Scale by 2^k.
double portable_exp(double x) {
  if (x != x) return x;
  if (x > 709.79) return std::numeric_limits<double>::infinity();
  if (x < -745.2) return 0;
  const double scaled = x * kLog2E;
  const int k = static_cast<int>(scaled + (scaled < 0 ? -0.5 : 0.5));
  const double r = (x - k * kLn2High) - k * kLn2Low;
  double sum = 1;
  for (int i = 13; i >= 1; --i) sum = 1 + sum * r / i;
  if (k > 1000) return sum * two_to(1000) * two_to(k - 1000);
  if (k < -1000) return sum * two_to(-1000) * two_to(k + 1000);
  return sum * two_to(k);
}

// 1. x = 2^k m with m in [sqrt(1/2), sqrt 2).   2. s = (m - 1) / (m + 1), so |s| < 0.172.
// 3. log m = 2 (s + s^3/3 + s^5/5 + ...), to s^23.
double portable_log(double x) {
  int k = 0;
  if (x < 0x1p-1022) {  // subnormal
    x *= 0x1p54;
    k = -54;
  }
  std::uint64_t bits;
  std::memcpy(&bits, &x, sizeof bits);
  k += static_cast<int>(bits >> 52) - 1022;
  bits = (bits & 0x000fffffffffffffu) | 0x3fe0000000000000u;  // m in [1/2, 1)
  double m;
  std::memcpy(&m, &bits, sizeof m);
  if (m < kSqrtHalf) {
    m *= 2;
    --k;
  }
  const double f = m - 1, s = f / (m + 1), z = s * s;
  double tail = 0;
  for (int i = 23; i >= 3; i -= 2) tail = z * (1.0 / i + tail);
  const double half = 0.5 * f * f;  // 2 s = f - s f, kept apart from f to lose no bits
  const double log_m = f - (half - s * (half + 2 * tail));
  return k * kLn2High + (log_m + k * kLn2Low);
}

double portable_pow(double base, double exponent) {
  return portable_exp(exponent * portable_log(base));
}

}  // namespace indoubt
