#pragma once
// Exact numbers beside the doubles of a chain, so that a result can be held against its true value.
#include <boost/multiprecision/cpp_int.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace indoubt::markov {

using Rational = boost::multiprecision::cpp_rational;

/// Reads "0.99", "-1.5e-3", "7" or "2/3"; nothing for any other text or an exponent beyond ±400.
std::optional<Rational> parse_rational(std::string_view text);

/// The shortest decimal that reads back as `x`: 0.99 gives 99/100, and so does any number of at
/// most 15 significant digits that a scenario holds as the nearest double. Requires a finite x.
Rational as_written(double x);

/// The value of the double's bits, 0.99 being a little below 99/100. Requires a finite x.
Rational exact_bits(double x);

/// The double nearest to `x`, ties to even; infinite beyond the range, 0 below 2^-1022.
double nearest_double(const Rational& x);

/// `x` in decimal, rounded half up to `digits` significant digits: "0.883554071530",
/// "1.5e-7". Requires digits >= 1.
std::string decimal_text(const Rational& x, int digits);

/// How many leading significant digits of `x` are certain: the most d <= 17 such that x differs
/// from `exact` by at most half a unit of exact's d-th significant digit. 0 if not even one is;
/// 17 if both are 0; 0 for an x that is not finite.
int certain_digits(double x, const Rational& exact);

}  // namespace indoubt::markov
