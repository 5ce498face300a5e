#pragma once
// Where the numbers of a world lie in its words.
#include <cstdint>
#include <span>
#include <vector>

#include "analysis/explore/packed.h"

namespace indoubt {

/// Some bits of one word.
struct Field {
  std::uint64_t mask = 0;  ///< before shifting
  std::uint8_t word = 0, shift = 0;
  template <int kWords>
  std::uint32_t get(const Packed<kWords>& w) const {
    return static_cast<std::uint32_t>(w.words[kWords == 1 ? 0 : word] >> shift & mask);
  }
  template <int kWords>
  void set(Packed<kWords>& w, std::uint32_t value) const {
    std::uint64_t& x = w.words[kWords == 1 ? 0 : word];
    x = (x & ~(mask << shift)) | static_cast<std::uint64_t>(value) << shift;
  }
};

/// Fields for numbers below `counts`, in as few of 1, 2 or 4 words as they need, none across two
/// words, two bits of word 0 left free. Bits to spare widen the fields, so that they last while the
/// numbers grow. `words` is 0 if four do not suffice.
struct Layout {
  int words = 0;
  int bits = 0;  ///< that the counts need
  std::vector<Field> fields;
};
Layout layout_for(std::span<const std::uint64_t> counts, int at_least_words);

}  // namespace indoubt
