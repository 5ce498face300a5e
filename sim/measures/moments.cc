#include "sim/measures/totals.h"

namespace indoubt {

double Moments::mean() const {
  if (count == 0) return 0;
  const Wide rest = sum % count;  // whole part and fraction apart: both exact before they are added
  return static_cast<double>(sum / count) + static_cast<double>(rest) / static_cast<double>(count);
}

// 1. With q the whole part of the mean and r the rest of sum / count, the squares about q sum to
//    squares - q sum - q r, exactly and without overflow, since that is never negative.
// 2. About the mean itself they sum to r^2 / count less; its fraction is taken off at the end.
double Moments::variance() const {
  if (count < 2) return 0;
  const Wide q = sum / count, r = sum % count;
  const Wide about_q = squares - q * sum - q * r;
  const Wide correction = r * r;
  const double about_mean = static_cast<double>(about_q - correction / count) -
                            static_cast<double>(correction % count) / static_cast<double>(count);
  return about_mean / static_cast<double>(count - 1);
}

}  // namespace indoubt
