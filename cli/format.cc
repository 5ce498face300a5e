#include "cli/format.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace indoubt {
namespace {

struct TimeUnit {
  double ns;
  const char* name;
};

TimeUnit unit_for(double ns) {
  if (ns >= 3600e9) return {3600e9, "h"};
  if (ns >= 1e9) return {1e9, "s"};
  if (ns >= 1e6) return {1e6, "ms"};
  if (ns >= 1e3) return {1e3, "us"};
  return {1, "ns"};
}

double scale(Measure::Kind kind, double value) {
  if (kind == Measure::Kind::proportion) return 0.01;
  if (kind == Measure::Kind::time) return unit_for(value).ns;
  return 1;
}

}  // namespace

std::string fixed(double x, int digits) {
  char text[64];
  std::snprintf(text, sizeof text, "%.*f", digits, x);
  return text;
}

std::string readable_time(double ns, int digits) {
  const TimeUnit unit = unit_for(ns);
  return fixed(ns / unit.ns, digits) + unit.name;
}

std::string quantity(Measure::Kind kind, double value, int digits) {
  switch (kind) {
    case Measure::Kind::proportion: return fixed(value * 100, digits) + " %";
    case Measure::Kind::time: return readable_time(value, digits);
    case Measure::Kind::count: break;
  }
  return fixed(value, digits);
}

int digits_for(Measure::Kind kind, double value, double half_width) {
  const double half = half_width / scale(kind, value);
  if (!(half > 0) || !std::isfinite(half)) return 3;
  return std::clamp(1 - static_cast<int>(std::floor(std::log10(half))), 0, 6);
}

std::string half_width(Measure::Kind kind, double value, double half, int digits) {
  return "±" + fixed(half / scale(kind, value), digits);
}

namespace {

/// An end of an interval in percent, with two digits of its distance from the nearer of 0 and 1.
std::string end_text(double p) {
  return fixed(100 * p, digits_for(Measure::Kind::proportion, p, std::min(p, 1 - p)));
}

std::string proportion_text(const Estimate& e) {
  constexpr double kSkewed = 1.25;
  const auto kind = Measure::Kind::proportion;
  const double below = e.value - e.interval.low, above = e.interval.high - e.value;
  const double wider = std::max(below, above);
  if (e.value == 0) return "0 (< " + end_text(e.interval.high) + " %)";
  if (e.value == 1) return "100 % (> " + end_text(e.interval.low) + " %)";
  if (wider > kSkewed * std::min(below, above))
    return end_text(e.value) + " % [" + end_text(e.interval.low) + ", " +
           end_text(e.interval.high) + "]";
  const int digits = digits_for(kind, e.value, wider);
  return quantity(kind, e.value, digits) + " " + half_width(kind, e.value, wider, digits);
}

}  // namespace

std::string estimate_text(Measure::Kind kind, const Estimate& e) {
  if (e.observations == 0) return "-";
  if (kind == Measure::Kind::proportion) return proportion_text(e);
  if (e.value == 0 && e.cut_off == 0) return "0";
  const double half = e.interval.half_width();
  const int digits = digits_for(kind, e.value, half);
  const std::string value = quantity(kind, e.value, digits);
  if (e.cut_off != 0) return "> " + value;
  const bool bounded = half > 0 && std::isfinite(half);
  return bounded ? value + " " + half_width(kind, e.value, half, digits) : value;
}

}  // namespace indoubt
