#pragma once
// Numbers as people read them.
#include <cstdint>
#include <string>

#include "sim/measures/measure.h"

namespace indoubt {

/// 1234567 -> "1,234,567".
std::string grouped(std::uint64_t n);
/// A decimal number with `digits` digits after the point.
std::string fixed(double x, int digits);
/// A value in the unit of its kind: "94.11 %", "11.2ms", "11.82". `digits` after the point.
std::string quantity(Measure::Kind kind, double value, int digits);
/// Digits after the point that an estimate with this half-width deserves in its kind's unit: one
/// beyond the first digit of the half-width, at most 6.
int digits_for(Measure::Kind kind, double value, double half_width);
/// Half of an interval's width in the same unit, without its name: "±0.05".
std::string half_width(Measure::Kind kind, double value, double half, int digits);
/// A duration given in nanoseconds, in the unit that keeps it readable: "11.2ms".
std::string readable_time(double ns, int digits);

}  // namespace indoubt
