#include "sim/latency/text.h"

#include <array>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "sim/latency/latency.h"

namespace indoubt {
namespace {

struct Unit {
  std::int64_t nanoseconds;
  const char* name;
  bool fractions;  ///< whether 1.5 of it is good style
};
constexpr std::array<Unit, 6> kUnits = {{{3'600'000'000'000, "h", false},
                                         {60'000'000'000, "min", false},
                                         {1'000'000'000, "s", true},
                                         {1'000'000, "ms", true},
                                         {1'000, "us", true},
                                         {1, "ns", true}}};

std::string in_unit(std::int64_t nanoseconds, const Unit& unit) {
  std::string text = std::to_string(nanoseconds / unit.nanoseconds);
  if (const std::int64_t rest = nanoseconds % unit.nanoseconds; rest != 0) {
    std::string digits = std::to_string(unit.nanoseconds + rest).substr(1);
    digits.erase(digits.find_last_not_of('0') + 1);
    text += "." + digits;
  }
  return text + unit.name;
}

std::string parameter_text(const Latency& latency) {
  std::string text;
  const auto& parameters = latency.kind->parameters;
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    const double x = latency.parameter[i];
    const bool is_time = parameters[i].unit == LatencyParameter::Unit::time;
    if (i != 0) text += ' ';
    text += is_time ? time_text(x) : number_text(x);
  }
  return text;
}

/// The mapping form: "{empirical: {0: 1ms, 1: 9ms}, minimum: 1ms}".
std::string quantile_text(const Latency& latency) {
  std::string text("{");
  text.append(latency.kind->name).append(": {");
  bool first = true;
  for (const auto& [q, nanoseconds] : *latency.quantiles) {
    if (!first) text += ", ";
    first = false;
    text += number_text(q) + ": " + time_text(nanoseconds);
  }
  text += '}';
  if (latency.minimum != Duration{0}) text += ", minimum: " + duration_text(latency.minimum);
  return text + "}";
}

}  // namespace

std::string duration_text(Duration d) {
  const std::int64_t nanoseconds = d.count();
  if (nanoseconds == 0) return "0s";
  if (nanoseconds < 0) return std::string("-").append(duration_text(-d));
  for (const Unit& unit : kUnits) {
    const bool whole = nanoseconds % unit.nanoseconds == 0;
    if (nanoseconds >= unit.nanoseconds && (whole || unit.fractions))
      return in_unit(nanoseconds, unit);
  }
  return "";  // not reached: 1 ns divides everything
}

std::string number_text(double x) {
  if (std::abs(x) < 1e15 && x == std::trunc(x)) return std::to_string(static_cast<std::int64_t>(x));
  std::array<char, 48> text{};
  int digits = 1;
  for (; digits < 17; ++digits) {
    std::snprintf(text.data(), text.size(), "%.*e", digits - 1, x);
    if (std::strtod(text.data(), nullptr) == x) break;
  }
  std::snprintf(text.data(), text.size(), "%.*g", digits, x);
  // Scenarios have no exponents: 0.00001, not 1e-05.
  const double size = std::abs(x);
  if (size < 1e-4 && size > 1e-12) {
    const int decimals = digits - 1 - static_cast<int>(std::floor(std::log10(size)));
    std::snprintf(text.data(), text.size(), "%.*f", decimals, x);
  }
  return text.data();
}

std::string time_text(double nanoseconds) {
  const bool fits = std::abs(nanoseconds) < 9e18;
  if (!fits || nanoseconds != std::trunc(nanoseconds)) return number_text(nanoseconds) + "ns";
  return duration_text(Duration{static_cast<Duration::rep>(nanoseconds)});
}

std::string Latency::text() const {
  if (quantiles) return quantile_text(*this);
  const bool bare = is_constant() && minimum == Duration{0};
  std::string text = minimum == Duration{0} ? "" : duration_text(minimum) + " + ";
  if (!bare) text += std::string(kind->name) + " ";
  return text + parameter_text(*this);
}

}  // namespace indoubt
