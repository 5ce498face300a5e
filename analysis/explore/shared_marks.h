#pragma once
#include <cstddef>
#include <cstdint>

#include "analysis/explore/world_bits.h"
#include "sim/process/assert.h"

namespace indoubt {

/// For each of many things the same small number of bits, which several threads may set and read at
/// once; all clear at first.
class SharedMarks {
 public:
  using Marks = std::uint32_t;
  static constexpr int kMost = 8;

  /// Requires that `width`, the number of bits of a thing, is 1, 2, 4 or 8, so that none lies
  /// across two words.
  SharedMarks(std::size_t count, int width)
      : width_(static_cast<unsigned>(width)), bits_(count * width_) {
    INDOUBT_ASSERT(width == 1 || width == 2 || width == 4 || width == 8);
  }
  static constexpr std::size_t bytes_of(std::size_t count, int width) {
    return SharedBits::bytes_of(count * static_cast<std::size_t>(width));
  }

  /// False if the system gave no memory; nothing else may be called then.
  bool valid() const { return bits_.valid(); }
  void prefetch(std::size_t i) const { bits_.prefetch(i * width_); }
  Marks get(std::size_t i) const { return static_cast<Marks>(bits_.get(i * width_, width_)); }
  void add(std::size_t i, Marks marks) { bits_.add(i * width_, marks); }

 private:
  unsigned width_;
  SharedBits bits_;
};

}  // namespace indoubt
