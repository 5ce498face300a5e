#pragma once
// Sites and stable logs, as far as faults, processors and disks need them. Runs in which nothing
// goes wrong and nothing queues keep none of this.
#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>
#include <vector>

#include "sim/faults/fault_plan.h"
#include "sim/process/sink.h"

namespace indoubt {

struct Transaction;

/// A disk that serves one write at a time. With group commit, writes that come while it works share
/// its next one.
class DiskQueue {
 public:
  /// When a write that comes at `now` and takes `takes` alone is done (virtual times, ns).
  /// `number`: its place in the site's log, increasing; 0: it seems done and is not.
  std::int64_t write(std::int64_t now, std::int64_t takes, std::uint64_t number, bool group) {
    if (now >= last_until_) first_until_ = last_until_ = now;  // idle
    if (!group || now >= first_until_) start_after_last(now, takes);
    last_number_ = std::max(last_number_, number);
    return last_until_;
  }
  /// The last record of the write that is done at `now`.
  std::uint64_t durable_at(std::int64_t now) const {
    return now == last_until_ ? last_number_ : now == first_until_ ? first_number_ : 0;
  }

 private:
  void start_after_last(std::int64_t now, std::int64_t takes) {
    first_until_ = std::max(now, last_until_);
    first_number_ = last_number_;
    last_until_ = first_until_ + takes;
  }
  std::int64_t first_until_ = 0, last_until_ = 0;     ///< ends of the last two writes
  std::uint64_t first_number_ = 0, last_number_ = 0;  ///< last records in them
};
/// One site. In runs with fresh sites it belongs to the transaction at hand, else to the run.
struct SiteState {
  static constexpr std::int64_t kNever = INT64_MAX;
  bool up = true;
  bool holds_messages = false;         ///< while down: messages wait for the restart
  std::uint64_t held_down = 0;         ///< bit r: fault r holds it down; none: it is up
  std::uint32_t incarnation = 0;       ///< raised by each crash: what was under way before is void
  std::int64_t restarts_at = 0;        ///< while down: virtual time, or kNever
  std::int64_t restarted_at = -1;      ///< virtual time of the last restart
  std::uint32_t restarts_at_once = 0;  ///< how many came before it at that instant
  std::uint64_t written = 0;           ///< sequence number of the last log record
  std::uint64_t durable = 0;           ///< records up to this number survive a crash
  double slowness = 1;                 ///< local work, disk and processor take so many times longer
  double clock_rate = 1;               ///< its clock's speed: time-outs take 1 / rate
  std::int64_t processor_free_at = 0;  ///< virtual time
  DiskQueue disk;
};

/// The records of one process in its site's log: the last durable one and those that a crash may
/// take, as many as there are. A force makes all earlier records of the site durable, whoever wrote
/// them. Keeps its room.
class LogState {
 public:
  void clear() {
    last_ = 0;
    open_.clear();
  }
  void write(RecordWord record, std::uint64_t number, std::uint64_t durable) {
    settle(durable);
    open_.push_back({record, number});
  }
  /// A crash: what is not durable is gone. `lost`: all of it is.
  void crash(std::uint64_t durable, bool lost) {
    settle(durable);
    open_.clear();
    if (lost) last_ = 0;
  }
  RecordWord last() const { return last_; }

 private:
  struct Open {
    RecordWord record;
    std::uint64_t number;
  };
  void settle(std::uint64_t durable) {
    std::size_t settled = 0;
    while (settled < open_.size() && open_[settled].number <= durable) ++settled;
    if (settled == 0) return;
    last_ = open_[settled - 1].record;
    open_.erase(open_.begin(), open_.begin() + static_cast<std::ptrdiff_t>(settled));
  }
  RecordWord last_ = 0;
  std::vector<Open> open_;  ///< numbers increase
};

/// What one transaction needs to meet its faults and to wait at processors and disks. Pooled: the
/// vectors keep their room.
struct Trouble {
  Transaction* transaction = nullptr;  ///< null: not in use
  std::uint64_t active = 0;            ///< bit r: fault r concerns this transaction
  std::uint32_t revivals = 0;          ///< to come: restarts, ends of cuts
  std::uint32_t verdicts = 0;          ///< to come: decisions alone, of who is in doubt then
  std::uint32_t reports = 0;           ///< to come: reports of crashes
  std::uint64_t repairs = 0;           ///< draws so far of times to restart and healing
  std::uint64_t handled = 0;           ///< messages so far that took a processor's time
  std::uint64_t detections = 0;        ///< draws so far of times until a crash is reported
  bool inquired = false;               ///< a participant has sent an INQUIRY
  bool crashed = false;                ///< a site of it crashed while it was under way
  bool was_blocked = false;
  std::uint64_t hopeless = 0;        ///< Simulator::upheavals_ when nobody could decide any more
  std::uint32_t blocked = 0;         ///< participants that are, now
  std::int64_t since = 0;            ///< virtual time of the last change of `blocked`
  std::uint64_t blocked_ns = 0;      ///< time with at least one blocked participant
  std::uint64_t blocked_sum_ns = 0;  ///< summed over blocked participants
  std::uint64_t most_blocked = 0;
  std::uint64_t down_in_doubt_ns = 0;  ///< of participants in doubt: over all ends of their site's
                                       ///< down times, less over their beginnings
  bool was_down_in_doubt = false;      ///< one of them was
  bool ends_down_in_doubt = false;     ///< one of them was so when the transaction was over
  std::uint64_t waited_ns = 0;  ///< for exclusive records: over all ends, less over all beginnings
  std::uint32_t waits = 0;      ///< participants that waited for one
  bool ends_waiting = false;    ///< one of them did so when the transaction was over
  std::array<std::uint32_t, FaultPlan::kMost> seen{};  ///< by fault: times its point was reached
  std::array<std::uint16_t, FaultPlan::kMost> down{};  ///< by random fault: its sites that are down
  std::vector<LogState> logs;                          ///< by process
  std::vector<std::int64_t> expires;     ///< by process and timer: virtual time; only with jumps
  std::vector<std::uint32_t> in_flight;  ///< handles of deliveries, some of them over
  struct Met {
    std::size_t rule;
    std::pair<ProcessId, ProcessId> link;
    std::uint32_t messages;
  };
  std::vector<Met> met;  ///< by message fault and link that it has met: such messages so far
  /// Decisions alone that came due at a site that was down: (who decides, number of the fault).
  std::vector<std::pair<ProcessId, std::size_t>> overdue;
  /// Reports that wait for earlier messages of who crashed: (who crashed, who is told).
  std::vector<std::pair<ProcessId, ProcessId>> held_reports;

  /// The number of one more message that meets this fault on this link, from 1.
  std::uint32_t next_of(std::size_t rule, std::pair<ProcessId, ProcessId> link) {
    for (Met& m : met)
      if (m.rule == rule && m.link == link) return ++m.messages;
    met.push_back({rule, link, 1});
    return 1;
  }
  void begin(Transaction* of, std::size_t processes, std::size_t timers) {
    Trouble fresh;
    fresh.logs = std::move(logs);
    fresh.expires = std::move(expires);
    fresh.in_flight = std::move(in_flight);
    fresh.held_reports = std::move(held_reports);
    fresh.met = std::move(met);
    fresh.overdue = std::move(overdue);
    *this = std::move(fresh);
    transaction = of;
    logs.resize(processes);
    for (LogState& log : logs) log.clear();
    expires.assign(processes * timers, 0);
    in_flight.clear();
    held_reports.clear();
    met.clear();
    overdue.clear();
  }
};

/// How long participants of a transaction were blocked, up to an instant. All ns; the instant since
/// the transaction's start.
struct Blockage {
  std::uint64_t any_ns, sum_ns;  ///< at least one of them; over all of them
  std::int64_t until_ns;
};

/// A link between sites as faults have left it.
struct LinkTrouble {
  std::uint32_t cuts = 0;       ///< that hold now
  std::uint32_t cut_epoch = 0;  ///< of the last cut that began
  std::uint32_t endless = 0;    ///< 1: a cut that never heals holds
  double slowness = 1;
  std::int64_t stalled_until = 0;  ///< virtual time: the last end of its stalls
  std::int64_t last_arrival = 0;   ///< virtual time; links of shared sites that keep their order
};

}  // namespace indoubt
