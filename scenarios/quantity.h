#pragma once
// The quantities of a scenario file: a number with its unit, or a share. Every parser returns
// either the value or what is wrong, with the place inside the text.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "sim/process/time.h"

namespace indoubt {

/// What is wrong with a text, about `length` bytes from `offset`.
struct TextError {
  std::string message;
  std::size_t offset = 0, length = 0;
};

/// A value, or why the text is none. Exactly one of the two holds: `error` is meaningful when there
/// is no value.
template <class T>
struct Parsed {
  std::optional<T> value;
  TextError error;

  Parsed(T v) : value(std::move(v)) {}
  Parsed(TextError e) : error(std::move(e)) {}
  explicit operator bool() const { return value.has_value(); }
};

/// "5ms", "1.5s", "0us": 0 to kLongest, whole nanoseconds. Units ns, us, ms, s, min, h.
Parsed<Duration> parse_duration(std::string_view text);

/// "0.99", "99%", "1e-6": 0 to 1.
Parsed<double> parse_probability(std::string_view text);

/// "2.5", "1e-3": 0 or more; at most 15 significant digits.
Parsed<double> parse_number(std::string_view text);

/// "200/s", "10/ms", "5/min": more than 0. Gives the mean gap between events in nanoseconds.
Parsed<double> parse_rate(std::string_view text);

inline constexpr std::uint64_t kNoLimit = ~std::uint64_t{0};

/// "1000000", "1_000_000": a whole number from `least` to `most`.
Parsed<std::uint64_t> parse_count(std::string_view text, std::uint64_t least, std::uint64_t most);

/// Regular expressions (ECMA 262, not anchored) of what these accept, for the JSON Schema.
inline constexpr std::string_view kDurationPattern = R"([0-9]+(\.[0-9]+)?(ns|us|ms|s|min|h))";
inline constexpr std::string_view kNumberPattern = R"([0-9]+(\.[0-9]+)?([eE][+-]?[0-9]{1,2})?)";
inline constexpr std::string_view kProbabilityPattern =
    R"((0*(\.[0-9]+)?|0*1(\.0+)?|[0-9]+(\.[0-9]+)?[eE]-[0-9]{1,2}|(0*[0-9]{1,2}(\.[0-9]+)?|0*100(\.0+)?)%))";
inline constexpr std::string_view kRatePattern = R"([0-9]+(\.[0-9]+)?/(ns|us|ms|s|min|h))";
inline constexpr std::string_view kCountPattern = R"([0-9]{1,3}(_[0-9]{3})*|[0-9]+)";

}  // namespace indoubt
