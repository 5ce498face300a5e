#include "sim/measures/totals.h"

namespace indoubt {

double Moments::mean() const {
  if (count == 0) return 0;
  const Wide rest = sum % count;  // whole part and fraction apart: both exact before they are added
  return static_cast<double>(sum / count) + static_cast<double>(rest) / static_cast<double>(count);
}

// 1. With q the whole part of the mean and r the rest of sum / count, the squares about q sum to
//    squares - q sum - q r. That is not negative and below 2^190, so it comes out exactly however
//    often its parts wrap around at 2^192.
// 2. About the mean itself they sum to r^2 / count less; its fraction is taken off at the end.
double Moments::variance() const {
  if (count < 2) return 0;
  const Wide q = sum / count, r = sum % count;  // r < count < 2^64
  const Wide correction = r * r;
  Wide low = squares;
  std::uint64_t high = squares_high;
  const auto subtract = [&](std::uint64_t its_high, Wide its_low) {
    high -= its_high + (low < its_low);
    low -= its_low;
  };
  const Wide q_sum_low = q * static_cast<std::uint64_t>(sum);
  const Wide q_sum_high = q * (sum >> 64) + (q_sum_low >> 64);  // q sum in units of 2^64
  subtract(static_cast<std::uint64_t>(q_sum_high >> 64),
           q_sum_high << 64 | static_cast<std::uint64_t>(q_sum_low));
  subtract(0, q * r);
  subtract(0, correction / count);
  const double about_mean = static_cast<double>(high) * 0x1p128 + static_cast<double>(low) -
                            static_cast<double>(correction % count) / static_cast<double>(count);
  return about_mean / static_cast<double>(count - 1);
}

}  // namespace indoubt
