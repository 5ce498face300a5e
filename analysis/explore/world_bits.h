#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>

#include "analysis/explore/pages.h"

namespace indoubt {

/// Bits that several threads may set and read at once; all clear at first.
class SharedBits {
 public:
  explicit SharedBits(std::size_t count) : pages_(Pages::zeroed(bytes_of(count))) {}
  static constexpr std::size_t bytes_of(std::size_t count) { return (count + 63) / 64 * 8; }

  bool valid() const { return !pages_.empty(); }
  std::size_t bytes() const { return pages_.bytes(); }
  void prefetch(std::size_t i) const { __builtin_prefetch(word(i), 1, 1); }
  bool test(std::size_t i) const {
    return (__atomic_load_n(word(i), __ATOMIC_RELAXED) >> (i & 63) & 1) != 0;
  }
  /// The `width` bits from i on, which must lie in one word of 64.
  std::uint64_t get(std::size_t i, unsigned width) const {
    const std::uint64_t all = ~std::uint64_t{0} >> (64 - width);
    return __atomic_load_n(word(i), __ATOMIC_RELAXED) >> (i & 63) & all;
  }
  /// Sets bits from i on, which must lie in one word.
  void add(std::size_t i, std::uint64_t bits) {
    __atomic_fetch_or(word(i), bits << (i & 63), __ATOMIC_RELAXED);
  }
  /// True if the bit was clear; of several threads that set it, one gets true.
  bool set(std::size_t i) {
    const std::uint64_t bit = std::uint64_t{1} << (i & 63);
    if (test(i)) return false;  // without taking the cache line from the other threads
    return (__atomic_fetch_or(word(i), bit, __ATOMIC_RELAXED) & bit) == 0;
  }

 private:
  std::uint64_t* word(std::size_t i) const {
    return static_cast<std::uint64_t*>(pages_.data()) + i / 64;
  }

  Pages pages_;
};

/// A set of one-word worlds below 2^bits, one bit for each possible world: exact, without keys, and
/// worlds that differ in their low bits share cache lines. Same interface as WorldSet; never full.
template <class World>
class WorldBits {
 public:
  explicit WorldBits(int bits) : bits_(std::size_t{1} << bits), slots_(std::size_t{1} << bits) {}

  /// See WorldSet: worlds that are alike lie together.
  static constexpr bool kScattered = false;
  bool valid() const { return bits_.valid(); }
  std::size_t slots() const { return slots_; }
  std::size_t bytes() const { return bits_.bytes(); }

  std::size_t place(const World& w) const { return w.words[0]; }
  std::size_t place(const World& w, std::uint64_t) const { return w.words[0]; }
  void prefetch(std::size_t place) const { bits_.prefetch(place); }
  bool insert(const World&, std::size_t place) { return bits_.set(place); }
  bool contains(const World& w) const { return bits_.test(place(w)); }
  std::optional<std::size_t> find(const World& w) const {
    return contains(w) ? std::optional(place(w)) : std::nullopt;
  }

 private:
  SharedBits bits_;
  std::size_t slots_;
};

}  // namespace indoubt
