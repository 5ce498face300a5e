#pragma once
#include <cstddef>
#include <cstdint>

#include "analysis/explore/pages.h"
#include "sim/process/assert.h"

namespace indoubt {

/// For each of many things the same small number of bits, which several threads may set and read at
/// once; all clear at first.
class SharedMarks {
 public:
  using Marks = std::uint32_t;
  static constexpr int kMost = 8;

  /// Requires that `width`, the number of bits of a thing, is 1, 2, 4 or 8.
  SharedMarks(std::size_t count, int width)
      : width_(static_cast<unsigned>(width)),
        all_((Marks{1} << width) - 1),
        pages_(Pages::zeroed(bytes_of(count, width))) {
    INDOUBT_ASSERT(width == 1 || width == 2 || width == 4 || width == 8);
  }
  static constexpr std::size_t bytes_of(std::size_t count, int width) {
    return (count * static_cast<std::size_t>(width) + 63) / 64 * 8;
  }

  /// False if the system gave no memory; nothing else may be called then.
  bool valid() const { return !pages_.empty(); }
  void prefetch(std::size_t i) const { __builtin_prefetch(word(i), 1, 1); }
  Marks get(std::size_t i) const {
    return static_cast<Marks>(__atomic_load_n(word(i), __ATOMIC_RELAXED) >> shift(i)) & all_;
  }
  void add(std::size_t i, Marks marks) {
    __atomic_fetch_or(word(i), std::uint64_t{marks} << shift(i), __ATOMIC_RELAXED);
  }

 private:
  unsigned shift(std::size_t i) const { return static_cast<unsigned>(i * width_ & 63); }
  std::uint64_t* word(std::size_t i) const {
    return static_cast<std::uint64_t*>(pages_.data()) + i * width_ / 64;
  }

  unsigned width_;
  Marks all_;
  Pages pages_;
};

}  // namespace indoubt
