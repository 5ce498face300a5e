#pragma once
// Virtual time: whole nanoseconds, so that no rounding ever decides the order of two events.
#include <chrono>
#include <cstdint>

namespace indoubt {

/// The simulated world's clock. It has no `now()`: protocols cannot read it, engines advance it.
struct VirtualClock {
  using rep = std::int64_t;
  using period = std::nano;
  using duration = std::chrono::duration<rep, period>;
  using time_point = std::chrono::time_point<VirtualClock, duration>;
  static constexpr bool is_steady = true;
};

using Duration = VirtualClock::duration;
using Time = VirtualClock::time_point;

/// The longest delay a distribution or a scenario may produce: about 31 years. Times stay far from
/// overflow, since a transaction ends at its horizon.
inline constexpr Duration kLongest{1'000'000'000'000'000'000};

}  // namespace indoubt
