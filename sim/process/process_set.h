#pragma once
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace indoubt {

/// Number of a process within its transaction: 0 is the coordinator, 1..n the participants.
using ProcessId = std::uint16_t;
inline constexpr ProcessId kCoordinator = 0;

/// A set of processes with ids below `kMax`, kept inside a process's state: a value without
/// padding, kMax / 8 bytes. A protocol is a template over kMax and is instantiated for narrow and
/// wide transactions, so three participants pay four bytes and 256 participants forty. Every
/// operation takes O(kMax / 32). Ids at or above kMax are a programmer's error (unchecked).
template <int kMax>
class ProcessSet {
  using Word = std::uint32_t;  // 32 bits: no padding beside a protocol's own small fields
  static constexpr int kBits = 32;
  static constexpr std::size_t kWords = (kMax + kBits - 1) / kBits;

 public:
  constexpr ProcessSet() = default;

  /// {first, ..., end - 1}; empty when first >= end.
  static constexpr ProcessSet range(int first, int end) {
    ProcessSet s;
    for (std::size_t w = 0; w < kWords; ++w) {
      const int base = static_cast<int>(w) * kBits;
      s.words_[w] = below(end - base) & ~below(first - base);
    }
    return s;
  }

  constexpr void insert(ProcessId p) { words_[word_of(p)] |= Word{1} << p % kBits; }
  constexpr void erase(ProcessId p) { words_[word_of(p)] &= ~(Word{1} << p % kBits); }
  constexpr bool contains(ProcessId p) const { return (words_[word_of(p)] >> p % kBits & 1) != 0; }

  constexpr bool empty() const {
    for (const Word w : words_)
      if (w != 0) return false;
    return true;
  }
  constexpr int size() const {
    int n = 0;
    for (const Word w : words_) n += std::popcount(w);
    return n;
  }
  /// The lowest id. Requires a set that is not empty.
  constexpr ProcessId first() const {
    std::size_t w = 0;
    while (words_[w] == 0) ++w;
    return static_cast<ProcessId>(static_cast<int>(w) * kBits + std::countr_zero(words_[w]));
  }

  /// The lowest id that is at least `from`, or, where there is none, the lowest of all. Requires a
  /// set that is not empty.
  constexpr ProcessId next_in_turn(int from) const {
    const ProcessSet later = *this - range(0, from);
    return later.empty() ? first() : later.first();
  }

  /// Renames a to b and b to a: the symmetry of identical participants.
  constexpr void exchange(ProcessId a, ProcessId b) {
    if (contains(a) == contains(b)) return;
    const ProcessId in = contains(a) ? b : a;
    const ProcessId out = in == a ? b : a;
    insert(in);
    erase(out);
  }

  // A loop, since std::array's operator== is a call of memcmp.
  constexpr bool operator==(const ProcessSet& o) const {
    for (std::size_t w = 0; w < kWords; ++w)
      if (words_[w] != o.words_[w]) return false;
    return true;
  }
  friend constexpr ProcessSet operator-(ProcessSet a, const ProcessSet& b) {
    for (std::size_t w = 0; w < kWords; ++w) a.words_[w] &= ~b.words_[w];
    return a;
  }
  friend constexpr ProcessSet operator|(ProcessSet a, const ProcessSet& b) {
    for (std::size_t w = 0; w < kWords; ++w) a.words_[w] |= b.words_[w];
    return a;
  }

  /// Calls f(id) for each member in increasing order.
  template <class F>
  constexpr void for_each(F&& f) const {
    for (std::size_t w = 0; w < kWords; ++w)
      for (Word rest = words_[w]; rest != 0; rest &= rest - 1)
        f(static_cast<ProcessId>(static_cast<int>(w) * kBits + std::countr_zero(rest)));
  }

 private:
  static constexpr std::size_t word_of(ProcessId p) { return static_cast<std::size_t>(p / kBits); }
  static constexpr Word below(int n) {
    return n <= 0 ? Word{0} : n >= kBits ? ~Word{0} : (Word{1} << n) - 1;
  }
  std::array<Word, kWords> words_{};
};

}  // namespace indoubt
