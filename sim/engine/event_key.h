#pragma once
#include <cstdint>

namespace indoubt {

/// Place of an event in virtual time: 16 bytes, apart from what happens. Events run in the order of
/// (time, class, sequence): at one instant deliveries and completed writes come before time-outs,
/// and what was scheduled first comes first.
struct EventKey {
  std::int64_t at = 0;      ///< nanoseconds, >= 0
  std::uint64_t order = 0;  ///< class (1 bit) | sequence (39 bits) | payload handle (24 bits)

  static constexpr int kHandleBits = 24, kSequenceBits = 39;
  static constexpr std::uint32_t kMostHandles = std::uint32_t{1} << kHandleBits;
  static constexpr std::uint64_t kMostSequences = std::uint64_t{1} << kSequenceBits;

  enum class Class : std::uint64_t { delivery = 0, timeout = 1 };
  static constexpr std::uint64_t order_of(Class c, std::uint64_t sequence) {
    return static_cast<std::uint64_t>(c) << 63 | sequence << kHandleBits;
  }
  constexpr std::uint32_t handle() const {
    return static_cast<std::uint32_t>(order & (kMostHandles - 1));
  }
  constexpr bool operator<(const EventKey& o) const {
    return at != o.at ? at < o.at : order < o.order;
  }
  constexpr bool operator==(const EventKey&) const = default;
};

}  // namespace indoubt
