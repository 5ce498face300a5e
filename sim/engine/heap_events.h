#pragma once
#include <algorithm>
#include <cstddef>
#include <vector>

#include "sim/engine/event_key.h"

namespace indoubt {

/// Future event list as a 4-ary implicit heap: O(log n) for push and pop. The reference for every
/// other list, and the best one for a handful of events.
class HeapEvents {
 public:
  bool empty() const { return heap_.empty(); }
  std::size_t size() const { return heap_.size(); }
  /// The earliest event. Requires a list that is not empty.
  const EventKey& top() { return heap_.front(); }

  void push(const EventKey& item) {
    std::size_t i = heap_.size();
    heap_.push_back(item);
    while (i > 0) {
      const std::size_t up = (i - 1) / 4;
      if (!(item < heap_[up])) break;
      heap_[i] = heap_[up];
      i = up;
    }
    heap_[i] = item;
  }

  /// Removes the event that top() returned.
  void pop() {
    const EventKey last = heap_.back();
    heap_.pop_back();
    const std::size_t n = heap_.size();
    if (n == 0) return;
    std::size_t i = 0;
    for (std::size_t first = 1; first < n; first = 4 * i + 1) {
      std::size_t best = first;
      const std::size_t end = std::min(first + 4, n);
      for (std::size_t c = first + 1; c < end; ++c)
        if (heap_[c] < heap_[best]) best = c;
      if (!(heap_[best] < last)) break;
      heap_[i] = heap_[best];
      i = best;
    }
    heap_[i] = last;
  }

  void clear() { heap_.clear(); }
  /// Time begins anew at 0: nothing to do here. As LadderEvents::restart().
  void restart() {}
  /// An event that will come about `ahead` events later, to prefetch what it needs; this list knows
  /// none.
  const EventKey* peek(std::size_t) const { return nullptr; }

 private:
  std::vector<EventKey> heap_;
};

}  // namespace indoubt
