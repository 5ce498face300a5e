#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

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
/// an event. Memory stays below three times the most that were live: a full ring drops the
/// cancelled ones, and grows only if three quarters are live.
class TimeoutFifo {
 public:
  bool empty() const { return head_ == tail_; }
  const ArmedTimeout& front() const { return ring_[head_ & mask()]; }
  void pop() { ++head_; }
  void clear() { head_ = tail_ = 0; }
  std::size_t capacity() const { return ring_.size(); }

  /// `live(x)` tells whether an armed time-out has not been cancelled.
  template <class Live>
  void push(const ArmedTimeout& armed, Live&& live) {
    if (tail_ - head_ == ring_.size()) [[unlikely]]
      make_room(live);
    ring_[tail_++ & mask()] = armed;
  }

 private:
  std::size_t mask() const { return ring_.size() - 1; }
  template <class Live>
  void make_room(Live&& live) {
    std::size_t kept = head_;
    for (std::size_t i = head_; i < tail_; ++i) {
      const ArmedTimeout armed = ring_[i & mask()];
      if (live(armed)) ring_[kept++ & mask()] = armed;
    }
    tail_ = kept;
    if (tail_ - head_ <= ring_.size() / 4 * 3) return;
    std::vector<ArmedTimeout> wider(ring_.size() * 2);
    for (std::size_t i = head_; i < tail_; ++i) wider[i & (wider.size() - 1)] = ring_[i & mask()];
    ring_.swap(wider);
  }
  std::vector<ArmedTimeout> ring_{std::vector<ArmedTimeout>(64)};  // a power of two
  std::size_t head_ = 0, tail_ = 0;
};

}  // namespace indoubt
