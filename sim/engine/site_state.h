#pragma once
// Sites and stable logs, as far as faults need them. Runs without faults keep none of this.
#include <array>
#include <cstdint>

#include "sim/engine/fault_plan.h"
#include "sim/process/assert.h"
#include "sim/process/sink.h"

namespace indoubt {

/// One site. In runs with fresh sites it belongs to the transaction at hand, else to the run.
struct SiteState {
  bool up = true;
  bool holds_messages = false;    ///< while down: messages wait for the restart
  std::uint32_t incarnation = 0;  ///< raised by each crash: what was under way before is void
  std::int64_t restarts_at = 0;   ///< while down: virtual time, or kNever
  std::uint64_t written = 0;      ///< sequence number of the last log record
  std::uint64_t durable = 0;      ///< records up to this number survive a crash
  double slowness = 1;            ///< local work, disk and processor take so many times longer
  double clock_rate = 1;          ///< its clock's speed: time-outs take 1 / rate
  static constexpr std::int64_t kNever = INT64_MAX;
};

/// The records of one process in its site's log: the last durable one and those that a crash may
/// take. A force makes all earlier records of the site durable, whoever wrote them.
class LogState {
 public:
  void write(RecordWord record, std::uint64_t number, std::uint64_t durable) {
    settle(durable);
    INDOUBT_ASSERT(count_ < open_.size());
    open_[count_++] = {record, number};
  }
  /// A crash: what is not durable is gone. `lost`: all of it is.
  void crash(std::uint64_t durable, bool lost) {
    settle(durable);
    count_ = 0;
    if (lost) last_ = 0;
  }
  RecordWord last() const { return last_; }

 private:
  struct Open {
    RecordWord record;
    std::uint64_t number;
  };
  void settle(std::uint64_t durable) {
    std::uint8_t kept = 0;
    for (std::uint8_t i = 0; i < count_; ++i) {
      if (open_[i].number <= durable)
        last_ = open_[i].record;
      else
        open_[kept++] = open_[i];
    }
    count_ = kept;
  }
  RecordWord last_ = 0;
  std::array<Open, 6> open_{};
  std::uint8_t count_ = 0;
};

/// What one transaction needs to meet its faults.
struct Trouble {
  std::uint64_t active = 0;    ///< bit r: fault r concerns this transaction
  std::uint32_t revivals = 0;  ///< to come: restarts, ends of cuts, decisions without the protocol
  std::uint64_t repairs = 0;   ///< draws so far of times to restart and healing
  bool inquired = false;       ///< a participant has sent an INQUIRY
  bool crashed = false;        ///< a site of it crashed while it was under way
  bool was_blocked = false;
  std::uint32_t blocked = 0;         ///< participants that are, now
  std::int64_t since = 0;            ///< virtual time of the last change of `blocked`
  std::uint64_t blocked_ns = 0;      ///< time with at least one blocked participant
  std::uint64_t blocked_sum_ns = 0;  ///< summed over blocked participants
  std::uint64_t most_blocked = 0;
  std::array<std::uint32_t, FaultPlan::kMost> seen{};  ///< by fault: times its point was reached
};

/// A link between sites as faults have left it.
struct LinkTrouble {
  std::uint32_t cuts = 0;       ///< that hold now
  std::uint32_t cut_epoch = 0;  ///< of the last cut that began
  std::uint32_t endless = 0;    ///< 1: a cut that never heals holds
  double slowness = 1;
  std::int64_t stalled_until = 0;  ///< virtual time
};

}  // namespace indoubt
