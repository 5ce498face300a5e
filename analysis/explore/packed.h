#pragma once
#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>

namespace indoubt {

/// A global state in kWords machine words: what the search stores, compares and hashes. The two
/// highest bits of word 0 must be zero: the set of visited worlds marks its slots with them.
template <int kWordCount>
struct Packed {
  static_assert(kWordCount == 1 || kWordCount == 2 ||
                kWordCount == 4);  // a slot divides a cache line
  static constexpr std::size_t kWords = kWordCount;
  std::array<std::uint64_t, kWords> words{};

  friend constexpr bool operator==(const Packed& a, const Packed& b) {
    std::uint64_t difference = 0;  // without std::array's ==, which calls memcmp
    for (std::size_t i = 0; i < kWords; ++i) difference |= a.words[i] ^ b.words[i];
    return difference == 0;
  }
  /// The order of the words as digits, word 0 the highest.
  friend constexpr std::strong_ordering operator<=>(const Packed& a, const Packed& b) {
    for (std::size_t i = 0; i < kWords; ++i)
      if (a.words[i] != b.words[i]) return a.words[i] <=> b.words[i];
    return std::strong_ordering::equal;
  }
};

/// Bits that a world leaves free in word 0.
inline constexpr std::uint64_t kSlotBits = std::uint64_t{3} << 62;

/// Mixes all words; the high bits are the best ones. Constants: golden ratio; Stafford (2011),
/// Mix13.
template <int kWords>
constexpr std::uint64_t hash(const Packed<kWords>& world) {
  std::uint64_t h = world.words[0];
  for (std::size_t i = 1; i < kWords; ++i)
    h = (h ^ h >> 32) * 0xD6E8FEB86659FD93u + world.words[i] * 0x9E3779B97F4A7C15u;
  h = (h ^ h >> 32) * 0x9E3779B97F4A7C15u;
  return (h ^ h >> 29) * 0xBF58476D1CE4E5B9u;
}

}  // namespace indoubt
