#pragma once
// Numbers as people read them.
#include <string>

#include "analysis/report/comparison.h"
#include "analysis/report/grouped.h"
#include "sim/measures/measure.h"

namespace indoubt {

/// A decimal number with `digits` digits after the point.
std::string fixed(double x, int digits);
/// A value in the unit of its kind: "94.11 %", "11.2ms", "11.82". `digits` after the point.
std::string quantity(Measure::Kind kind, double value, int digits);
/// Digits after the point that an estimate with this half-width deserves in its kind's unit: one
/// beyond the first digit of the half-width, at most 6.
int digits_for(Measure::Kind kind, double value, double half_width);
/// A distance from `value` in the same unit, without its name: "±0.05".
std::string half_width(Measure::Kind kind, double value, double half, int digits);
/// An estimate with its interval: "94.11 % ±0.05", the larger side where the two differ a little;
/// "2.0 % [0.55, 7.0]" where it is skewed; "0 (< 0.038 %)", "100 % (> 99.962 %)" at the ends;
/// "> 10.0ms" if some observations were cut off; "-" without any.
std::string estimate_text(Measure::Kind kind, const Estimate& e);
/// A duration given in nanoseconds, in the unit that keeps it readable: "11.2ms".
std::string readable_time(double ns, int digits);

}  // namespace indoubt
