#pragma once
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <list>

#include "sim/process/process_set.h"

namespace indoubt {

struct Transaction;

/// A constant time-out that was armed. It is live while its process still holds `token`.
struct ArmedTimeout {
  std::int64_t at;      ///< virtual time at which it expires
  std::uint64_t order;  ///< as EventKey::order, without a handle
  Transaction* transaction;
  std::uint32_t token;
  ProcessId process;
};

/// Time-outs of one constant duration: they expire in the order in which they were armed, so a
/// queue keeps them and nearly all, being cancelled, are dropped without ever being compared with
/// an event.
///
/// Memory: at most twice the most that were live and a chunk, from 64 live ones on; after the load
/// has fallen, 9/4 of those that are and 14 chunks. A queue that is full drops the cancelled ones
/// and is full again when it is 7/4 as long; chunks in a row, so that growing copies nothing.
/// Amortised O(1): each armed one is looked at less than three times.
class TimeoutFifo {
 public:
  bool empty() const { return held_ == 0; }
  /// The one armed first. Requires a queue that is not empty, as pop() does.
  const ArmedTimeout& front() const { return used_.front().item[head_]; }
  void pop() {
    --held_;
    if (++head_ == kChunk) [[unlikely]]
      leave_front();
  }
  void clear() {
    if (used_.size() > 1) spare_.splice(spare_.end(), used_, ++used_.begin(), used_.end());
    if (!used_.empty()) tail_ = 0;
    head_ = held_ = 0;
  }
  /// Time-outs for which there is memory.
  std::size_t capacity() const { return chunks() * kChunk; }

  /// `live(x)` tells whether an armed time-out has not been cancelled.
  template <class Live>
  void push(const ArmedTimeout& armed, Live&& live) {
    if (held_ >= full_) [[unlikely]]
      sweep(live);
    if (tail_ == kChunk) [[unlikely]]
      extend();
    used_.back().item[tail_++] = armed;
    ++held_;
  }

 private:
  static constexpr std::size_t kChunk = 16, kLeast = 64;  // time-outs
  static constexpr std::size_t kSlack = 12;               // chunks
  struct Chunk {
    std::array<ArmedTimeout, kChunk> item;
  };

  static std::size_t full_for(std::size_t live) { return std::max(kLeast, live / 4 * 7); }
  std::size_t chunks() const { return used_.size() + spare_.size(); }
  void leave_front() {
    head_ = 0;
    spare_.splice(spare_.begin(), used_, used_.begin());
    full_ = std::min(full_, full_for(held_));
    give_back();
  }
  void extend() {
    if (spare_.empty()) spare_.emplace_front();
    used_.splice(used_.end(), spare_, spare_.begin());
    tail_ = 0;
  }
  /// Drops the cancelled ones. Those that stay move forward, from the first chunk's beginning.
  template <class Live>
  void sweep(Live&& live) {
    auto from = used_.begin(), to = from;
    std::size_t kept = 0, i = head_, j = 0;
    for (std::size_t n = held_; n != 0; --n, ++i) {
      if (i == kChunk) ++from, i = 0;
      if (!live(from->item[i])) continue;
      if (j == kChunk) ++to, j = 0;
      to->item[j++] = from->item[i];
      ++kept;
    }
    spare_.splice(spare_.begin(), used_, std::next(to), used_.end());
    head_ = 0;
    tail_ = j;
    held_ = kept;
    full_ = full_for(kept);
    give_back();
  }
  /// Frees what is far more than a full queue takes. Not what a load that varies takes again soon.
  void give_back() {
    const std::size_t needed = full_ / kChunk + 1;
    if (chunks() <= needed + needed / 4 + kSlack) return;
    while (chunks() > needed && !spare_.empty()) spare_.pop_back();
  }

  std::list<Chunk> used_, spare_;
  std::size_t head_ = 0, tail_ = kChunk;  // in the first chunk that is used; in the last
  std::size_t held_ = 0;
  std::size_t full_ = kLeast;  // so many held: sweep
};

}  // namespace indoubt
