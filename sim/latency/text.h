#pragma once
// Numbers and times as scenarios write them.
#include <string>

#include "sim/process/time.h"

namespace indoubt {

/// The shortest decimal that reads back as `x`; without an exponent between 1e-12 and 1e15.
std::string number_text(double x);

/// As duration_text, for any number of nanoseconds.
std::string time_text(double nanoseconds);

/// A duration in the largest unit that shows it exactly and not as a fraction below one: "5ms",
/// "1.5s", "0s". Minutes and hours only in whole numbers: "90s", "2min", "1h".
std::string duration_text(Duration d);

}  // namespace indoubt
