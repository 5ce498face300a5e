#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

#include "sim/engine/event_key.h"
#include "sim/engine/heap_events.h"
#include "sim/process/assert.h"

namespace indoubt {

/// Future event list whose cost does not grow with the number of pending events: a two-level ladder
/// (cf. Tang, Goh & Thng, "Ladder queue", ACM TOMACS 15(3), 2005) that chooses its own width.
///
/// 1. Time is cut into epochs of 2^shift ns. A ring holds one unsorted, append-only list per epoch;
///    it has about 16 sqrt(n) epochs with n pending, no more, to stay in the cache.
/// 2. When an epoch becomes current its events are sorted once into `run_` and drained linearly.
/// 3. A push into the current epoch or before goes to the small heap `late_`; one beyond the ring
///    goes to `far_`.
/// 4. The width is reviewed every few thousand events: with n pending, an epoch of about 2 sqrt(n)
///    events is best; when three reviews agree that it is off, or it is far off, the ring is
///    rebuilt.
///
/// Whole-number time decides the order, and only events decide the width, never a clock of the
/// machine: runs repeat exactly. Amortised O(1) per event, O(log m) where m of them share an
/// instant and were not pushed in their order; memory O(pending).
///
/// Time is expected to go on: what is pushed before the current epoch is kept in a heap. Where time
/// begins anew, call restart().
class LadderEvents {
 public:
  LadderEvents() : ring_(mask_ + 1) {}

  bool empty() const { return size_ == 0; }
  std::size_t size() const { return size_; }
  /// How often the ring was rebuilt with another width.
  std::uint64_t rebuilds() const { return rebuilds_; }
  /// Places by which sorting has moved events so far: what sorting costs beyond one pass.
  std::uint64_t places_moved() const { return places_moved_; }
  /// Time begins anew at 0. Requires an empty list.
  void restart() {
    INDOUBT_ASSERT(empty());
    reviewed_at_ -= current_;  // the review goes on: it counts the epochs that have passed
    current_ = 0;
  }

  void push(const EventKey& k) {
    ++size_;
    const std::uint64_t epoch = static_cast<std::uint64_t>(k.at) >> shift_;
    if (epoch - current_ <= mask_) [[likely]]
      return append(ring_[epoch & mask_], k);
    if (epoch < current_)
      late_.push(k);
    else
      far_.push_back(k);
  }

  /// The earliest event. Requires a list that is not empty.
  const EventKey& top() {
    if (head_ == run_end_ && late_.empty()) [[unlikely]]
      advance();
    from_late_ = !late_.empty() && (head_ == run_end_ || late_.top() < run_[head_]);
    return from_late_ ? late_.top() : run_[head_];
  }
  /// Removes the event that the last top() returned.
  void pop() {
    --size_;
    if (from_late_) [[unlikely]] {
      late_.pop();
      ++seen_;
    } else {
      ++head_;
    }
  }
  /// An event that will come about `ahead` events later, if it is known already.
  const EventKey* peek(std::size_t ahead) const {
    return head_ + ahead < run_end_ ? &run_[head_ + ahead] : nullptr;
  }

 private:
  static constexpr std::size_t kLeastRing = 64, kMostRing = 4096;  // epochs
  static constexpr std::uint32_t kChunk = 31;  // keys in a chunk: 512 bytes with the link
  static constexpr std::uint32_t kNone = ~std::uint32_t{0};
  static constexpr std::uint64_t kReview = 4096;  // events between two reviews of the width
  struct Chunk {
    EventKey key[kChunk];
    std::uint32_t next, unused[3];
  };
  struct Epoch {
    std::uint32_t head = kNone, tail = kNone;  // chunks, in order of arrival
    std::uint32_t in_tail = kChunk, count = 0;
  };

  void append(Epoch& e, const EventKey& k) {
    if (e.in_tail == kChunk) [[unlikely]]
      add_chunk(e);
    chunks_[e.tail].key[e.in_tail++] = k;
    ++e.count;
    ++in_ring_;
  }
  void add_chunk(Epoch& e);
  template <class F>
  void for_each(const Epoch& e, F&& f) const;
  void release(Epoch& e);
  void advance();
  void jump_to_first_far();
  void sort(Epoch& e, std::uint64_t epoch);
  void sort_run();
  void refill_from_far();
  bool review(std::uint64_t epochs, std::uint64_t events);
  int best_shift(std::uint64_t epochs, std::uint64_t events) const;
  void rebuild(int shift);

  int shift_ = 20;
  std::size_t mask_ = kLeastRing - 1;  // epochs in the ring, less one
  int disagreements_ = 0;              // reviews in a row that found the width wrong
  std::uint64_t current_ = 0;          // the first epoch not drained yet
  std::uint64_t reviewed_at_ = 0;      // value of current_ at the last review, modulo 2^64
  std::uint64_t seen_ = 0;             // events since the last review
  std::uint64_t rebuilds_ = 0, places_moved_ = 0;
  std::size_t size_ = 0, in_ring_ = 0;
  std::size_t head_ = 0, run_end_ = 0;
  bool from_late_ = false;
  std::uint32_t free_ = kNone;
  std::vector<Epoch> ring_;
  std::vector<Chunk> chunks_;
  std::vector<EventKey> run_;  // the current epoch, sorted: [head_, run_end_)
  std::vector<EventKey> far_;
  std::vector<std::uint32_t> place_;
  HeapEvents late_;
};

}  // namespace indoubt
