#pragma once
#include <algorithm>
#include <cstdint>

#include "sim/latency/unit_exponential.h"

namespace indoubt {

/// Gap to the next arrival of a Poisson process, in whole nanoseconds: the nearest, since gaps that
/// were cut off would come half a nanosecond too soon each. Rounding shortens their mean m by a
/// share of about 1 / (24 m^2): 0.04 % where m is 10 ns, the least that a scenario may ask for. At
/// most 2^62. Requires mean_ns > 0.
inline std::int64_t poisson_gap(double mean_ns, DrawWords& words) {
  return static_cast<std::int64_t>(std::min(mean_ns * unit_exponential(words) + 0.5, 0x1p62));
}

}  // namespace indoubt
