#include "analysis/chain/rational.h"

#include <array>
#include <charconv>
#include <cmath>
#include <limits>

#include "sim/process/assert.h"

namespace indoubt::markov {
namespace {

using Integer = boost::multiprecision::cpp_int;

Integer power_of_ten(int n) { return boost::multiprecision::pow(Integer(10), unsigned(n)); }

/// 10^n for either sign of n.
Rational decade(int n) {
  return n >= 0 ? Rational(power_of_ten(n)) : Rational(Integer(1), power_of_ten(-n));
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Digits at the front of `text`, which loses them; `count` grows by how many there were.
Integer take_digits(std::string_view& text, Integer value, int& count) {
  while (!text.empty() && is_digit(text.front())) {
    value = value * 10 + (text.front() - '0');
    text.remove_prefix(1);
    ++count;
  }
  return value;
}

bool take(std::string_view& text, char c) {
  if (text.empty() || text.front() != c) return false;
  text.remove_prefix(1);
  return true;
}

/// The number after an 'e'; nothing if there is none or it is beyond 400.
std::optional<int> take_exponent(std::string_view& text) {
  const bool negative = take(text, '-');
  if (!negative) take(text, '+');
  int count = 0;
  const Integer value = take_digits(text, 0, count);
  if (count == 0 || value > 400) return std::nullopt;
  return negative ? -value.convert_to<int>() : value.convert_to<int>();
}

std::optional<Rational> take_decimal(std::string_view& text) {
  const bool negative = take(text, '-');
  int whole = 0, places = 0, exponent = 0;
  Integer digits = take_digits(text, 0, whole);
  if (whole == 0) return std::nullopt;
  if (take(text, '.')) {
    digits = take_digits(text, digits, places);
    if (places == 0) return std::nullopt;
  }
  if (take(text, 'e')) {
    const auto taken = take_exponent(text);
    if (!taken) return std::nullopt;
    exponent = *taken;
  }
  const Rational size = Rational(digits) * decade(exponent - places);
  return negative ? Rational(-size) : size;
}

int bits(const Integer& x) { return x == 0 ? 0 : static_cast<int>(msb(x)) + 1; }

/// k with 10^k <= x < 10^(k+1). Requires x > 0.
int decimal_exponent(const Rational& x) {
  int k = static_cast<int>(std::floor((bits(numerator(x)) - bits(denominator(x))) * 0.30103));
  while (decade(k) > x) --k;
  while (decade(k + 1) <= x) ++k;
  return k;
}

/// Half up. Requires x >= 0.
Integer rounded(const Rational& x) {
  return (2 * numerator(x) + denominator(x)) / (2 * denominator(x));
}

/// d1 d2 d3 ... times 10^k, d1 before the point.
std::string placed(const std::string& digits, int k) {
  if (k < -4 || k >= 15) {
    const std::string fraction = digits.substr(1);
    return digits.substr(0, 1) + (fraction.empty() ? "" : "." + fraction) + "e" + std::to_string(k);
  }
  if (k < 0) return "0." + std::string(static_cast<std::size_t>(-k - 1), '0') + digits;
  const auto whole = static_cast<std::size_t>(k) + 1;
  if (whole >= digits.size()) return digits + std::string(whole - digits.size(), '0');
  return digits.substr(0, whole) + "." + digits.substr(whole);
}

}  // namespace

std::optional<Rational> parse_rational(std::string_view text) {
  const auto above = take_decimal(text);
  if (!above) return std::nullopt;
  if (text.empty()) return above;
  if (!take(text, '/')) return std::nullopt;
  const auto below = take_decimal(text);
  if (!below || !text.empty() || *below == 0) return std::nullopt;
  return *above / *below;
}

Rational as_written(double x) {
  INDOUBT_ASSERT(std::isfinite(x));
  std::array<char, 32> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), x).ptr;
  const auto read = parse_rational({text.data(), static_cast<std::size_t>(end - text.data())});
  INDOUBT_ASSERT(read.has_value());
  return *read;
}

Rational exact_bits(double x) {
  INDOUBT_ASSERT(std::isfinite(x));
  int exponent = 0;
  const double fraction = std::frexp(x, &exponent);
  const Integer mantissa(static_cast<std::int64_t>(std::ldexp(fraction, 53)));
  exponent -= 53;
  if (exponent >= 0) return Rational(Integer(mantissa << unsigned(exponent)));
  return Rational(mantissa, Integer(1) << unsigned(-exponent));
}

// The quotient is cut to 54 or 55 bits of which the last also stands for all that follow; one
// rounding of this integer to a double is then right.
double nearest_double(const Rational& x) {
  if (x == 0) return 0;
  const Integer above = abs(numerator(x)), below = denominator(x);
  const int shift = 55 - (bits(above) - bits(below));
  const Integer scaled_above = shift > 0 ? Integer(above << unsigned(shift)) : above;
  const Integer scaled_below = shift < 0 ? Integer(below << unsigned(-shift)) : below;
  Integer quotient, rest;
  divide_qr(scaled_above, scaled_below, quotient, rest);
  auto word = quotient.convert_to<std::uint64_t>();
  if (rest != 0) word |= 1;
  const double size = std::ldexp(static_cast<double>(word), -shift);
  if (std::fabs(size) < std::numeric_limits<double>::min()) return 0;
  return x < 0 ? -size : size;
}

std::string decimal_text(const Rational& x, int digits) {
  INDOUBT_ASSERT(digits >= 1);
  if (x == 0) return "0";
  const Rational size = abs(x);
  int k = decimal_exponent(size);
  std::string text = rounded(size * decade(digits - 1 - k)).str();
  if (text.size() > static_cast<std::size_t>(digits)) {  // 9.99 became 10.0
    text.pop_back();
    ++k;
  }
  return (x < 0 ? "-" : "") + placed(text, k);
}

int certain_digits(double x, const Rational& exact) {
  if (!std::isfinite(x)) return 0;
  const Rational error = abs(exact_bits(x) - exact);
  if (error == 0) return 17;
  if (exact == 0) return 0;
  const int k = decimal_exponent(abs(exact));
  int d = 0;
  while (d < 17 && 2 * error <= decade(k - d)) ++d;
  return d;
}

}  // namespace indoubt::markov
