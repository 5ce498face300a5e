#pragma once
#include <cstdint>
#include <vector>

#include "sim/engine/event_key.h"
#include "sim/engine/simulation.h"

namespace indoubt {

struct Transaction;

/// What an event is about; its place in time lies apart, in an EventKey. Four words, so that it is
/// written and copied without stalls.
struct Happening {
  /// Inputs of a process keep the numbers of Input::Kind; the rest is the engine's own.
  enum class Kind : std::uint8_t {
    deliver = static_cast<int>(Input::Kind::message),
    prepared = static_cast<int>(Input::Kind::prepared),
    timer = static_cast<int>(Input::Kind::timeout),
    durable = 64,
    arrival = 65,
    fault = 66,      ///< a fault strikes: tag its number, to the site
    repair = 67,     ///< it ends: tag its number, to the site
    heuristic = 68,  ///< a participant has been in doubt for long enough: tag the fault's number
    handled = 69,    ///< a processor has done with a message: as deliver
    told = 70,       ///< a failure detector reports `from`'s crash
    commit = 71,     ///< the execution phase is over: the commit begins
  };
  static constexpr std::uint64_t head_of(Kind kind, Tag tag, ProcessId from, ProcessId to) {
    return Input::head_of(static_cast<Input::Kind>(kind), tag, from, to);
  }

  Transaction* transaction;
  std::uint64_t head;   ///< as Input::head
  std::uint64_t word;   ///< deliver: the message
  std::uint32_t token;  ///< timer: the arming it belongs to; local work and writes: the site's
                        ///< incarnation; deliver: the last cut that began before it was sent
  std::uint32_t next;   ///< link of the free list, or of the inputs that wait for a busy process

  bool is_fault() const { return kind() >= Kind::fault && kind() <= Kind::heuristic; }
  Kind kind() const { return static_cast<Kind>(head & 0xff); }
  Tag tag() const { return static_cast<Tag>(head >> 8); }
  ProcessId from() const { return static_cast<ProcessId>(head >> 16); }
  ProcessId to() const { return static_cast<ProcessId>(head >> 32); }
};

/// Pool of happenings, addressed by handle. A released one is reused first: it is still in the
/// cache.
class Happenings {
 public:
  static constexpr std::uint32_t kNone = ~std::uint32_t{0};

  Happening& operator[](std::uint32_t handle) { return pool_[handle]; }
  std::uint32_t add() {
    if (free_ == kNone) [[unlikely]]
      grow();
    const std::uint32_t handle = free_;
    free_ = pool_[handle].next;
    return handle;
  }
  void release(std::uint32_t handle) {
    pool_[handle].transaction = nullptr;
    pool_[handle].next = free_;
    free_ = handle;
  }
  /// Calls f for each happening of transaction t, in a fixed order. O(pool).
  template <class F>
  void for_each_of(const Transaction& t, F&& f) const {
    for (const Happening& h : pool_)
      if (h.transaction == &t) f(h);
  }
  void prefetch(std::uint32_t handle) const { __builtin_prefetch(&pool_[handle]); }
  std::size_t size() const { return pool_.size(); }

 private:
  void grow() {
    if (pool_.size() >= EventKey::kMostHandles)
      throw CapacityExceeded(
          "more than 16,777,216 events are pending; lower the arrival rate, or bound the retries "
          "and time-outs that keep transactions in flight");
    free_ = static_cast<std::uint32_t>(pool_.size());
    pool_.push_back({});
    pool_.back().next = kNone;
  }
  std::vector<Happening> pool_;
  std::uint32_t free_ = kNone;
};

}  // namespace indoubt
