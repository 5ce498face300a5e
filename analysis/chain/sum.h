#pragma once
// Sums whose result is rounded about once. Only + - *, so the bits are the same on every machine.
#include <cmath>

namespace indoubt::markov {

/// Compensated sum and dot product (Knuth 1969, sec. 4.2.2; Dekker 1971; Ogita, Rump & Oishi 2005,
/// "Dot2"). Terms must be below 1e290 or infinite; one infinite term makes the sum infinite.
class Sum {
 public:
  void add(double x) {
    const double sum = high_ + x, part = sum - high_;
    low_ += (high_ - (sum - part)) + (x - part);
    high_ = sum;
  }
  void add_product(double a, double b) {
    const double product = a * b;
    const Halves x = split(a), y = split(b);
    low_ += ((x.top * y.top - product) + x.top * y.rest + x.rest * y.top) + x.rest * y.rest;
    add(product);
  }
  double value() const { return std::isinf(high_) ? high_ : high_ + low_; }
  /// value() / d, rounded about once. Requires a finite d > 0.
  double over(double d) const {
    const double quotient = value() / d;
    if (!std::isfinite(quotient)) return std::isinf(high_) ? high_ : quotient;
    Sum rest = *this;
    rest.add_product(-quotient, d);
    return quotient + rest.value() / d;
  }

 private:
  struct Halves {
    double top, rest;
  };
  static Halves split(double a) {
    const double shifted = 134'217'729.0 * a;  // 2^27 + 1
    const double top = shifted - (shifted - a);
    return {top, a - top};
  }

  double high_ = 0, low_ = 0;
};

}  // namespace indoubt::markov
