#pragma once
// How long something takes: a message on a link, local work, a forced write, a time-out.
#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sim/process/time.h"
#include "sim/random/draws.h"

namespace indoubt {

struct LatencyKind;

/// A distribution of durations: `minimum` plus a draw of `kind`. A regular value; all parameters were
/// checked when it was made. Samples are whole nanoseconds in [minimum, kLongest].
struct Latency {
  /// The kinds whose sampling stays inline; all others go through their catalogue row.
  enum class Shape : std::uint8_t { constant, exponential, other };

  const LatencyKind* kind = nullptr;    ///< never null after construction; static storage
  Shape shape = Shape::constant;
  std::array<double, 3> parameter{};    ///< in the order of the kind's table; times in nanoseconds
  Duration minimum{0};                  ///< added to every draw
  std::shared_ptr<const std::vector<std::pair<double, double>>> quantiles;  ///< empirical only: (q, ns)

  Latency();                                        ///< constant 0
  static Latency constant(Duration length);         ///< requires 0 <= length <= kLongest
  static Latency exponential(Duration mean);        ///< requires 0 < mean <= kLongest

  /// One draw.
  Duration sample(DrawWords& words) const;
  /// Expected value in nanoseconds; infinity where it does not exist (Pareto with shape <= 1).
  double mean() const;
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
  double (*mean)(const Latency&) = nullptr;  ///< without the minimum
  bool takes_quantiles = false;              ///< empirical: a table or a CSV file instead of parameters
};

std::span<const LatencyKind* const> latency_catalogue();
/// Null if there is no such kind.
const LatencyKind* find_latency(std::string_view name);

/// A duration in the largest unit that shows it exactly: "5ms", "1.5s", "0s".
std::string duration_text(Duration d);

}  // namespace indoubt
