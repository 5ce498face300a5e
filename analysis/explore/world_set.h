#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>

#include "analysis/explore/packed.h"
#include "analysis/explore/pages.h"
#include "sim/process/assert.h"

namespace indoubt {

/// Worlds, exact (whole keys are stored), in an open-addressing table of a power of two of slots
/// with linear probing. Any number of threads may insert and look up at once; the size of the table
/// is fixed, and a larger one is filled from it with copy_to() while nobody inserts. The caller
/// keeps at least one slot free. A world's place is its first slot; places follow the high bits of
/// the hash, so that copying a table to a larger one walks through both in order.
///
/// A slot's word 0 is 0 (free), or holds the world's word 0 with the bit kBusy (its other words are
/// being written) or kFull (they are there).
template <class World>
class WorldSet {
 public:
  /// Requires a power of two, at least 2. valid() is false if the system gave no memory.
  explicit WorldSet(std::size_t slots)
      : pages_(Pages::zeroed(slots * sizeof(World))),
        slots_(static_cast<World*>(pages_.data())),
        mask_(slots - 1),
        shift_(64 - std::countr_zero(slots)) {
    INDOUBT_ASSERT(slots >= 2 && (slots & mask_) == 0);
  }

  /// Worlds that are alike lie far apart, so that most probes go to memory.
  static constexpr bool kScattered = true;
  bool valid() const { return !pages_.empty(); }
  std::size_t slots() const { return mask_ + 1; }
  std::size_t bytes() const { return pages_.bytes(); }
  static constexpr std::size_t bytes_of(std::size_t slots) { return slots * sizeof(World); }

  std::size_t place(const World& w) const { return place(w, hash(w)); }
  std::size_t place(const World&, std::uint64_t hashed) const { return hashed >> shift_; }
  void prefetch(std::size_t place) const { __builtin_prefetch(&slots_[place], 1, 1); }

  /// True if the world was not there; of several threads that insert it, one gets true.
  bool insert(const World& w, std::size_t place) {
    INDOUBT_DEBUG_ASSERT((w.words[0] & kSlotBits) == 0);
    for (std::size_t i = place;; i = (i + 1) & mask_) {
      std::uint64_t found = __atomic_load_n(&slots_[i].words[0], __ATOMIC_ACQUIRE);
      if (found == 0 && claim(i, w, found)) return true;
      if (holds(i, w, found)) return false;
    }
  }

  /// The slot that holds the world, if any.
  std::optional<std::size_t> find(const World& w) const {
    for (std::size_t i = place(w);; i = (i + 1) & mask_) {
      const std::uint64_t found = __atomic_load_n(&slots_[i].words[0], __ATOMIC_ACQUIRE);
      if (found == 0) return std::nullopt;
      if (holds(i, w, found)) return i;
    }
  }
  bool contains(const World& w) const { return find(w).has_value(); }

  /// Inserts `change(w)` into `other` for each world w in the slots [first, end).
  template <class Other, class Change>
  void copy_to(Other& other, std::size_t first, std::size_t end, const Change& change) const {
    for (std::size_t i = first; i < end; ++i) {
      if (slots_[i].words[0] == 0) continue;
      World w = slots_[i];
      w.words[0] &= ~kSlotBits;
      w = change(w);
      other.insert(w, other.place(w));
    }
  }

 private:
  static constexpr std::uint64_t kFull = std::uint64_t{1} << 63;
  static constexpr std::uint64_t kBusy = std::uint64_t{1} << 62;

  /// Takes the free slot i for w; otherwise `found` becomes what another thread wrote there.
  bool claim(std::size_t i, const World& w, std::uint64_t& found) {
    std::uint64_t& word = slots_[i].words[0];
    const std::uint64_t full = w.words[0] | kFull;
    const std::uint64_t first = World::kWords == 1 ? full : w.words[0] | kBusy;
    if (!__atomic_compare_exchange_n(&word, &found, first, false, __ATOMIC_ACQUIRE,
                                     __ATOMIC_ACQUIRE))
      return false;
    if constexpr (World::kWords > 1) {
      for (std::size_t k = 1; k < World::kWords; ++k) slots_[i].words[k] = w.words[k];
      __atomic_store_n(&word, full, __ATOMIC_RELEASE);
    }
    return true;
  }

  bool holds(std::size_t i, const World& w, std::uint64_t found) const {
    if constexpr (World::kWords == 1) return found == (w.words[0] | kFull);
    if ((found & ~kSlotBits) != w.words[0]) return false;
    while ((found & kFull) == 0) found = __atomic_load_n(&slots_[i].words[0], __ATOMIC_ACQUIRE);
    for (std::size_t k = 1; k < World::kWords; ++k)
      if (slots_[i].words[k] != w.words[k]) return false;
    return true;
  }

  Pages pages_;
  World* slots_;
  std::size_t mask_;
  int shift_;
};

}  // namespace indoubt
