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

std::string grouped(std::uint64_t n) {
  std::string s = std::to_string(n);
  for (int at = static_cast<int>(s.size()) - 3; at > 0; at -= 3) {
    s.insert(static_cast<std::size_t>(at), ",");
  }
  return s;
}

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

}  // namespace indoubt
