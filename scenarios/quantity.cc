#include "scenarios/quantity.h"

#include <array>
#include <cmath>

#include "scenarios/decimal.h"
#include "scenarios/diagnostic.h"
#include "scenarios/suggestion.h"

namespace indoubt {
namespace {

struct Unit {
  std::string_view name;
  std::uint64_t ns;
};
constexpr std::array<Unit, 6> kUnits{{{"ns", 1},
                                      {"us", 1'000},
                                      {"ms", 1'000'000},
                                      {"s", 1'000'000'000},
                                      {"min", 60'000'000'000},
                                      {"h", 3'600'000'000'000}}};
constexpr std::string_view kUnitList = "units: ns, us, ms, s, min, h";

/// What people write for a unit, and what is meant.
struct Alias {
  std::string_view written, meant;
};
constexpr std::array<Alias, 23> kAliases{{{"m", "min for minutes or ms for milliseconds"},
                                          {"sec", "s"},
                                          {"secs", "s"},
                                          {"second", "s"},
                                          {"seconds", "s"},
                                          {"msec", "ms"},
                                          {"msecs", "ms"},
                                          {"millis", "ms"},
                                          {"millisecond", "ms"},
                                          {"milliseconds", "ms"},
                                          {"\xC2\xB5s", "us"},
                                          {"\xCE\xBCs", "us"},
                                          {"usec", "us"},
                                          {"micros", "us"},
                                          {"nsec", "ns"},
                                          {"mins", "min"},
                                          {"minute", "min"},
                                          {"minutes", "min"},
                                          {"hr", "h"},
                                          {"hour", "h"},
                                          {"hours", "h"},
                                          {"d", "h (a day is 24h)"},
                                          {"days", "h (a day is 24h)"}}};

const Unit* find_unit(std::string_view name) {
  for (const Unit& u : kUnits)
    if (u.name == name) return &u;
  return nullptr;
}

std::string unknown_unit(std::string_view unit) {
  std::string lower;
  for (const char c : unit) lower += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  std::string out = "unknown unit " + in_quotes(unit);
  for (const Alias& a : kAliases)
    if (a.written == lower) return out + "; write " + std::string(a.meant);
  if (find_unit(lower) != nullptr) return out + "; write " + lower;
  return out + "; " + std::string(kUnitList);
}

std::string_view trimmed(std::string_view s) {
  while (!s.empty() && s.front() == ' ') s.remove_prefix(1);
  while (!s.empty() && s.back() == ' ') s.remove_suffix(1);
  return s;
}

TextError about(std::string_view text, std::string message) {
  return {std::move(message), 0, text.size()};
}

std::string with_example(std::string_view text, std::string_view problem, std::string_view wanted) {
  return in_quotes(text) + " " + std::string(problem) + "; write " + std::string(wanted);
}

constexpr std::string_view kDurationExample = "a number and its unit, like 5ms or 1.5s";
constexpr std::string_view kProbabilityExample =
    "a probability from 0 to 1, like 0.99, or in percent, like 99%";

/// What makes `text` no number; `plain` where there is nothing more to say.
std::string not_quantity(std::string_view text, std::string_view plain) {
  std::string problem = not_decimal(text);
  return problem == kNotNumber ? std::string(plain) : problem;
}

Parsed<Duration> duration_of(std::string_view text, const Decimal& d, const Unit& unit) {
  constexpr auto kMost = static_cast<std::uint64_t>(kLongest.count());
  if (d.negative && !d.is_zero())
    return about(text, in_quotes(text) + " is negative; a duration is 0 or more");
  const auto ns = whole_multiple(d, unit.ns, kMost);
  if (ns) return Duration{static_cast<std::int64_t>(*ns)};
  const auto rough = nearest_double(d);
  if (!rough || *rough * static_cast<double>(unit.ns) > static_cast<double>(kMost))
    return about(
        text, in_quotes(text) + " is too long; the longest duration is 10^18 ns, about 31 years");
  return about(text, in_quotes(text) + " is finer than 1ns, the resolution of virtual time");
}

/// Length of what could be a number at the front of `text`.
std::size_t number_length(std::string_view text) {
  std::size_t n = text.find_first_not_of("0123456789.,_+-");
  if (n == std::string_view::npos) n = text.size();
  return text.substr(0, n).find_first_of("0123456789") == std::string_view::npos ? 0 : n;
}

std::string whole_range(std::uint64_t least, std::uint64_t most) {
  return "a whole number from " + std::to_string(least) + " to " + std::to_string(most);
}

/// The digits of a whole number, whose groups of three may be parted by '_'; nothing for other
/// texts.
std::optional<std::string> ungrouped(std::string_view text) {
  std::string digits;
  std::size_t group = 0;  // digits since the last '_'
  bool grouped = false;
  for (const char c : text) {
    if (c == '_') {
      if (grouped ? group != 3 : group < 1 || group > 3) return std::nullopt;
      grouped = true;
      group = 0;
    } else {
      if (c < '0' || c > '9') return std::nullopt;
      digits += c;
      ++group;
    }
  }
  if (digits.empty() || (grouped && group != 3)) return std::nullopt;
  return digits;
}

/// Whole numbers that may be meant by one with a decimal point: 50.000 is fifty, or fifty thousand.
std::string with_point(std::string_view text, const Decimal& d) {
  const std::size_t point = text.find('.');
  const bool thousands =
      point >= 1 && point <= 3 && text.size() - point == 4 && text.front() != '0';
  const auto value = whole_multiple(d, 1, kNoLimit);
  if (!value && !thousands) return "is not a whole number";
  std::string out = "has a decimal point; write ";
  if (thousands) out.append(text.substr(0, point)).append("_").append(text.substr(point + 1));
  return out + (value && thousands ? " or " : "") + (value ? std::to_string(*value) : "");
}

/// What makes `text` no whole number.
std::string not_count(std::string_view text) {
  const auto d = parse_decimal(text);
  if (d && d->negative) return "is negative";
  if (d && text.find('.') != text.npos && text.find_first_of("eE") == text.npos)
    return with_point(text, *d);
  if (d && d->scale > 0) return "is not a whole number";
  if (d) {
    const auto value = whole_multiple(*d, 1, kNoLimit);
    return value ? "has an exponent; write " + std::to_string(*value) : "is too large";
  }
  if (text.find('_') != std::string_view::npos &&
      text.find_first_not_of("0123456789_") == text.npos)
    return "has a misplaced _, which parts groups of three digits, as in 1_000_000";
  return not_decimal(text);
}

}  // namespace

Parsed<Duration> parse_duration(std::string_view text) {
  const std::size_t n = number_length(text);
  if (n == 0)
    return about(text,
                 with_example(text, not_quantity(text, "is not a duration"), kDurationExample));
  const std::string_view number = text.substr(0, n);
  const std::string_view unit_text = text.substr(n);
  const auto d = parse_decimal(number);
  if (!d) return about(text, with_example(number, not_decimal(number), kDurationExample));
  if (unit_text.empty()) {
    const std::string sign(d->negative ? 1 : 0, '-');
    const std::string_view size = number.substr(number.find_first_not_of("+-"));
    return about(text, sign + std::string(size) + " has no unit; write " + std::string(size) +
                           "ms (" + std::string(kUnitList) + ")");
  }
  const std::string_view unit = trimmed(unit_text);
  const Unit* known = find_unit(unit);
  if (known == nullptr) return TextError{unknown_unit(unit), n, unit_text.size()};
  if (unit.size() != unit_text.size())
    return about(text, in_quotes(text) + " has a space before the unit; write " +
                           std::string(number) + std::string(unit));
  return duration_of(text, *d, *known);
}

Parsed<double> parse_probability(std::string_view text) {
  const bool percent = !text.empty() && text.back() == '%';
  const std::string_view number = percent ? trimmed(text.substr(0, text.size() - 1)) : text;
  const auto refused = [&](std::string_view problem) {
    return about(text, with_example(text, problem, kProbabilityExample));
  };
  auto d = parse_decimal(number);
  if (!d) return refused(not_quantity(number, "is not a probability"));
  if (percent && number.size() + 1 != text.size())
    return about(text,
                 with_example(text, "has a space before the sign", std::string(number) + "%"));
  if (percent) d->scale += 2;
  const auto value = nearest_double(*d);
  if (!value) return refused("has too many digits");
  if (*value < 0) return refused("is negative");
  if (*value > 1 && percent) return refused("is above 100%");
  if (*value > 1 && *value <= 100)
    return about(text, in_quotes(text) +
                           " is above 1; a share in percent is written with its sign: " +
                           std::string(number) + "%");
  if (*value > 1) return refused("is above 1");
  return *value == 0 ? 0.0 : *value;  // no negative zero
}

Parsed<double> parse_number(std::string_view text) {
  const auto d = parse_decimal(text);
  if (!d) return about(text, with_example(text, not_decimal(text), "a plain number, like 2.5"));
  const auto value = nearest_double(*d);
  if (!value) return about(text, in_quotes(text) + " has more than 15 digits");
  if (*value < 0) return about(text, in_quotes(text) + " is negative; allowed: 0 or more");
  return *value == 0 ? 0.0 : *value;
}

Parsed<double> parse_rate(std::string_view text) {
  constexpr std::string_view kExample = "a number per unit of time, like 200/s or 10/ms";
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos)
    return about(text, with_example(text, "is not a rate", kExample));
  const std::string_view number = trimmed(text.substr(0, slash));
  const std::string_view unit_text = trimmed(text.substr(slash + 1));
  const auto d = parse_decimal(number);
  if (!d) return about(text, with_example(number, not_decimal(number), kExample));
  const Unit* unit = find_unit(unit_text);
  if (unit == nullptr)
    return TextError{unknown_unit(unit_text), slash + 1, text.size() - slash - 1};
  const auto per_unit = nearest_double(*d);
  if (!per_unit) return about(text, in_quotes(number) + " has more than 15 digits");
  if (!(*per_unit > 0))
    return about(text, in_quotes(text) + " is not above 0; a rate is more than 0");
  const double gap = static_cast<double>(unit->ns) / *per_unit;
  if (!(gap <= static_cast<double>(kLongest.count())))
    return about(text, in_quotes(text) + " is too slow: one in more than 31 years");
  return gap;
}

Parsed<std::uint64_t> parse_count(std::string_view text, std::uint64_t least, std::uint64_t most) {
  const auto refused = [&](const std::string& problem) {
    return about(text, in_quotes(text) + " " + problem + "; allowed: " + whole_range(least, most));
  };
  const auto digits = ungrouped(text);
  if (!digits) return refused(not_count(text));
  std::uint64_t value = 0;
  for (const char c : *digits) {
    const auto digit = static_cast<std::uint64_t>(c - '0');
    if (value > (kNoLimit - digit) / 10) return refused("is too large");
    value = value * 10 + digit;
  }
  if (value > most) return refused("is too large");
  if (value < least) return refused("is too small");
  return value;
}

}  // namespace indoubt
