#pragma once
#include <array>
#include <cstdint>

namespace indoubt {

/// Philox4x64-10, the counter-based generator of Salmon, Moraes, Dror & Shaw, "Parallel random
/// numbers: as easy as 1, 2, 3" (SC 2011), section 4.3: a keyed bijection of 256-bit counters.
/// Stateless: any word can be computed at any time, in any order, on any machine.
struct Philox {
  using Key = std::array<std::uint64_t, 2>;
  using Block = std::array<std::uint64_t, 4>;

  static constexpr Block block(Key key, Block counter) {
    for (int round = 0; round < 10; ++round) {
      const unsigned __int128 a = static_cast<unsigned __int128>(0xD2E7470EE14C6C93u) * counter[0];
      const unsigned __int128 b = static_cast<unsigned __int128>(0xCA5A826395121157u) * counter[2];
      counter = {
          static_cast<std::uint64_t>(b >> 64) ^ counter[1] ^ key[0], static_cast<std::uint64_t>(b),
          static_cast<std::uint64_t>(a >> 64) ^ counter[3] ^ key[1], static_cast<std::uint64_t>(a)};
      key[0] += 0x9E3779B97F4A7C15u;
      key[1] += 0xBB67AE8584CAA73Bu;
    }
    return counter;
  }
};

}  // namespace indoubt
