#include "scenarios/decimal.h"

#include <array>
#include <cstddef>

namespace indoubt {
namespace {

__extension__ typedef unsigned __int128 Wide;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Takes the digits at the front of `text`; false if there are none or too many for `d`.
bool take_digits(std::string_view& text, Decimal& d, int& significant, bool fraction) {
  if (text.empty() || !is_digit(text.front())) return false;
  for (; !text.empty() && is_digit(text.front()); text.remove_prefix(1)) {
    const auto digit = static_cast<std::uint64_t>(text.front() - '0');
    if (d.digits != 0 || digit != 0) ++significant;
    if (significant > kMostDecimalDigits) return false;
    d.digits = d.digits * 10 + digit;
    if (fraction && ++d.scale > 60) return false;
  }
  return true;
}

bool take_exponent(std::string_view text, Decimal& d) {
  const bool negative = !text.empty() && text.front() == '-';
  if (negative || (!text.empty() && text.front() == '+')) text.remove_prefix(1);
  if (text.empty() || text.size() > 2) return false;
  int exponent = 0;
  for (const char c : text) {
    if (!is_digit(c)) return false;
    exponent = exponent * 10 + (c - '0');
  }
  d.scale += negative ? exponent : -exponent;
  return true;
}

// One number has one form: 1.50 and 1.5 are equal.
void drop_trailing_zeros(Decimal& d) {
  while (d.scale > 0 && d.digits % 10 == 0) {
    if (d.digits == 0)
      d.scale = 0;
    else
      --d.scale, d.digits /= 10;
  }
}

}  // namespace

std::optional<Decimal> parse_decimal(std::string_view text) {
  Decimal d;
  int significant = 0;
  if (!text.empty() && text.front() == '-') {
    d.negative = true;
    text.remove_prefix(1);
  }
  if (!take_digits(text, d, significant, false)) return std::nullopt;
  if (!text.empty() && text.front() == '.') {
    text.remove_prefix(1);
    if (!take_digits(text, d, significant, true)) return std::nullopt;
  }
  if (!text.empty()) {
    if (text.front() != 'e' && text.front() != 'E') return std::nullopt;
    if (!take_exponent(text.substr(1), d)) return std::nullopt;
  }
  drop_trailing_zeros(d);
  return d;
}

std::string not_decimal(std::string_view text) {
  std::string lower;
  for (const char c : text) lower += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  if (lower.find("nan") != std::string::npos) return "is NaN, not a number";
  if (lower.find("inf") != std::string::npos) return "is infinite";
  const bool numeric = lower.find_first_not_of("0123456789.+-e") == std::string::npos;
  if (numeric && lower.find_first_of("0123456789") != std::string::npos) {
    if (lower.front() == '.') return "needs a digit before the point: 0" + lower;
    if (lower.size() > kMostDecimalDigits) return "has more than 18 digits";
  }
  if (!lower.empty() && lower.find_first_not_of("0123456789.,") == std::string::npos)
    return "is not a number (the decimal mark is a point; digits are not grouped by commas)";
  return std::string(kNotNumber);
}

std::optional<double> nearest_double(const Decimal& d) {
  constexpr std::uint64_t kExactDigits = 1'000'000'000'000'000;  // below 2^53
  constexpr int kExactPower = 22;                                // 10^22 is a double exactly
  if (d.digits >= kExactDigits || d.scale > kExactPower || d.scale < -kExactPower)
    return std::nullopt;
  double power = 1;
  for (int i = 0; i < (d.scale < 0 ? -d.scale : d.scale); ++i) power *= 10;
  const auto digits = static_cast<double>(d.digits);
  const double size = d.scale < 0 ? digits * power : digits / power;
  return d.negative ? -size : size;
}

std::optional<std::uint64_t> whole_multiple(const Decimal& d, std::uint64_t unit,
                                            std::uint64_t most) {
  Wide value = static_cast<Wide>(d.digits) * unit;
  for (int i = 0; i < -d.scale; ++i) {
    if (value > most) return std::nullopt;
    value *= 10;
  }
  for (int i = 0; i < d.scale; ++i) {
    if (value % 10 != 0) return std::nullopt;
    value /= 10;
  }
  if (value > most) return std::nullopt;
  return static_cast<std::uint64_t>(value);
}

}  // namespace indoubt
