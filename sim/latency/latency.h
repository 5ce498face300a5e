#pragma once
// How long something takes: a message on a link, local work, a forced write, a time-out.
#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sim/latency/text.h"
#include "sim/latency/unit_exponential.h"
#include "sim/process/time.h"
#include "sim/random/draws.h"

namespace indoubt {

struct LatencyKind;

/// Least and largest draw in nanoseconds; `high` is infinite for an unbounded distribution.
struct LatencyRange {
  double low = 0, high = 0;
};

/// A distribution of durations: `minimum` plus a draw of `kind`. A regular value; all parameters
/// were checked when it was made. Samples are whole nanoseconds in [minimum, kLongest].
struct Latency {
  /// The kinds whose sampling stays inline; all others go through their catalogue row.
  enum class Shape : std::uint8_t { constant, exponential, other };

  const LatencyKind* kind = nullptr;  ///< never null after construction; static storage
  Shape shape = Shape::constant;
  std::array<double, 3> parameter{};  ///< in the order of the kind's table; times in nanoseconds
  Duration minimum{0};                ///< added to every draw
  /// Empirical only: (probability, nanoseconds).
  std::shared_ptr<const std::vector<std::pair<double, double>>> quantiles;

  Latency();                                  ///< constant 0
  static Latency constant(Duration length);   ///< requires 0 <= length <= kLongest
  static Latency exponential(Duration mean);  ///< requires 0 < mean <= kLongest

  /// One draw; fractions of a nanosecond are cut off. A constant takes no word.
  Duration sample(DrawWords& words) const;
  /// Expected value in nanoseconds; infinity where it does not exist (Pareto with shape <= 1).
  double mean() const;
  LatencyRange range() const;
  /// Whether every draw is the same.
  bool is_constant() const { return shape == Shape::constant; }
  bool is_zero() const { return is_constant() && parameter[0] == 0 && minimum == Duration{0}; }
  /// As a scenario would write it: "1ms + exponential 4ms".
  std::string text() const;
  bool operator==(const Latency& o) const;
};

/// One parameter of a kind, as the scenario writes it.
struct LatencyParameter {
  enum class Unit : std::uint8_t { time, number };
  std::string_view name;
  Unit unit;
  std::string_view doc;
};

/// A kind of latency: one file and one row of the catalogue.
struct LatencyKind {
  std::string_view name;
  std::string_view doc;  ///< one sentence
  std::span<const LatencyParameter> parameters;
  Latency::Shape shape = Latency::Shape::other;
  /// Why the parameters are not allowed, or nothing. Times arrive in nanoseconds.
  std::optional<std::string> (*check)(const Latency&) = nullptr;
  /// A draw without the minimum, in nanoseconds, not negative; may be any finite size.
  double (*sample)(const Latency&, DrawWords&) = nullptr;
  double (*mean)(const Latency&) = nullptr;         ///< without the minimum
  LatencyRange (*range)(const Latency&) = nullptr;  ///< without the minimum
  bool takes_quantiles = false;  ///< empirical: a table or a CSV file instead of parameters
};

std::span<const LatencyKind* const> latency_catalogue();
/// Null if there is no such kind.
const LatencyKind* find_latency(std::string_view name);

inline Duration Latency::sample(DrawWords& words) const {
  double draw = parameter[0];
  switch (shape) {
    case Shape::constant: break;
    case Shape::exponential: draw *= unit_exponential(words); break;
    case Shape::other: {
      DrawWords copy = words;  // so that `words` itself can stay in registers
      draw = kind->sample(*this, copy);
      words = copy;
      break;
    }
  }
  constexpr double kMost = static_cast<double>(kLongest.count());
  const double clamped = draw > 0 ? std::min(draw, kMost) : 0;
  return std::min(minimum + Duration{static_cast<Duration::rep>(clamped)}, kLongest);
}

}  // namespace indoubt
