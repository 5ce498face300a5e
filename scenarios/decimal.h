#pragma once
// Decimal numbers exactly as written, so that 0.1% is the double nearest to 0.001 and 1.5ms is
// 1,500,000 ns, on every machine and in every locale.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace indoubt {

/// (negative ? -1 : 1) * digits * 10^-scale.
struct Decimal {
  bool negative = false;
  std::uint64_t digits = 0;
  int scale = 0;
  bool is_zero() const { return digits == 0; }
};

inline constexpr int kMostDecimalDigits = 18;

/// Reads [-]digits[.digits][e[+-]digits] with at most kMostDecimalDigits significant digits and at
/// most two digits of exponent; nothing for any other text.
std::optional<Decimal> parse_decimal(std::string_view text);

inline constexpr std::string_view kNotNumber = "is not a number";

/// What makes `text` no such number, as a clause after the text: kNotNumber, or more than that.
std::string not_decimal(std::string_view text);

/// The nearest double, correctly rounded. Nothing beyond 15 significant digits or 22 decimal
/// places, where one division is not exact enough.
std::optional<double> nearest_double(const Decimal& d);

/// digits * unit * 10^-scale as a whole number; nothing if it is none or exceeds `most`.
/// Requires !d.negative.
std::optional<std::uint64_t> whole_multiple(const Decimal& d, std::uint64_t unit,
                                            std::uint64_t most);

}  // namespace indoubt
