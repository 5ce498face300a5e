#pragma once
// The event loop and what happens at each event. Private to the engine: simulate() chooses the
// event list and is the face.
#include <array>
#include <memory>
#include <vector>

#include "sim/engine/happenings.h"
#include "sim/engine/prospects.h"
#include "sim/engine/records.h"
#include "sim/engine/simulation.h"
#include "sim/engine/site_state.h"
#include "sim/engine/tally.h"
#include "sim/engine/timeout_fifo.h"
#include "sim/latency/unit_exponential.h"
#include "sim/network/network_plan.h"
#include "sim/random/draws.h"

namespace indoubt {

/// 1. Take the earliest event; virtual time is its time.
/// 2. Fold it into its transaction's fingerprint.
/// 3. Hand it to its process, unless that waits for a forced write (then it waits too, in order).
/// 4. Perform the effects that the handler asks for, at once, up to a forced write that takes time;
///    the rest of the effects then waits as values until the record is durable.
/// 5. A transaction with nothing pending and no timer armed is over: judge it, count it, reuse it.
///
/// `Events` is a future event list (HeapEvents, LadderEvents).
template <class Events>
class Simulator {
 public:
  Simulator(const Scenario& scenario, const Machine& machine, const SimulationOptions& options);
  Totals run();

 private:
  static constexpr std::int64_t kForever = INT64_MAX;
  static constexpr std::size_t kMostTypes = 32;
  static constexpr std::uint64_t kProgressEvery = 1 << 16;
  /// From so many pending happenings on, what the next events need is fetched ahead.
  static constexpr std::size_t kPrefetchFrom = 512;
  /// Time-outs of one undecided transaction after which, and after each doubling, it is asked
  /// whether anything can still decide it.
  static constexpr std::uint64_t kFirstDoubtful = 64;

  /// A timer of the protocol as the scenario sets it.
  struct TimerPlan {
    enum class Kind : std::uint8_t { never, constant, random } kind = Kind::never;
    std::int64_t length_ns = 0;  ///< constant
    Latency length;              ///< random
    TimeoutFifo armed;           ///< constant
  };
  struct ParticipantPlan {
    double vote_yes, read_only;
    Latency prepare;
  };
  class Performer;
  class Watcher;
  /// Effects that wait for a force, and the input that their handler takes.
  struct Continuation {
    Effects rest;
    Input input = Input::start(kCoordinator);
    std::uint64_t number = 0;  ///< of the record in the site's log
  };

  // The run.
  bool runs_one_by_one() const;
  void run_one_by_one();
  void run_overlapping();
  void loop();
  void prefetch_ahead();
  void handle(const Happening& h);
  void arrive();
  void begin(std::uint64_t number);
  void schedule_arrival();
  void react(Transaction& t, ProcessSlot& me, const Happening& h);
  void release(Transaction& t);
  void expire(Transaction& t, const Happening& late);
  void retire(Transaction& t);
  void stop(Transaction& t, Ending ending);
  void finish(Transaction& t, Ending ending);
  void note_timeout(Transaction& t);
  const std::vector<bool>& prospects(Transaction& t, const Happening* current);
  bool anyone_can_decide(Transaction& t, const Happening* current);
  void describe(Transaction& t, bool repaired);
  void judge_termination(Transaction& t, const Happening* current);
  void never_decides(Transaction& t, const std::vector<bool>& can);
  bool all_up() const;
  void report_progress();

  // A process takes an input.
  void step(Transaction& t, ProcessSlot& me, Input in);
  void step_watched(Transaction& t, ProcessSlot& me, Input in);
  void prepared(Transaction& t, ProcessSlot& me, ProcessId p);
  void hold_back(Transaction& t, ProcessSlot& me, const Happening& h);
  Effects& suspend(Transaction& t, ProcessSlot& me, ProcessId p, const Input& in);
  void resume(Transaction& t, ProcessSlot& me, ProcessId p);
  void resume_watched(Transaction& t, ProcessSlot& me, ProcessId p, const Continuation& c);

  // Faults.
  void begin_faults(Transaction& t);
  bool concerns(const Transaction& t, std::size_t rule) const;
  bool meets_conditions(const Transaction& t, const Trigger& when) const;
  void schedule_fault(Transaction& t, std::size_t rule, ProcessId site, std::int64_t at,
                      Happening::Kind kind);
  void schedule_random_fault(Transaction& t, std::size_t rule, ProcessId site);
  void handle_fault(const Happening& h);
  void strike(Transaction& t, std::size_t rule, ProcessId site);
  void strike_all(Transaction& t, std::size_t rule);
  void crash(Transaction& t, std::size_t rule, ProcessId site);
  void crash_at_point(Transaction& t, std::size_t rule, ProcessId p);
  std::int64_t repair_time(Transaction& t, std::size_t rule, ProcessId site);
  void drop_held(Transaction& t, ProcessSlot& slot);
  void drop_process(Transaction& t, ProcessId p, bool log_lost);
  void restart(Transaction& t, ProcessId site);
  void change_links(Transaction& t, std::size_t rule, bool begins);
  void end_fault(Transaction& t, std::size_t rule, ProcessId site);
  bool strikes_now(Transaction& t, std::size_t rule, std::uint64_t n);
  bool is_void(Transaction& t, const Happening& h);
  bool meets_mishap(Transaction& t, ProcessId from, ProcessId to, Message m, std::int64_t& departs,
                    bool& twice);
  void write_record(ProcessId p, RecordWord record, bool durable);
  void watch_blocking(Transaction& t, const Happening* current);
  void account_blocked(Transaction& t, std::uint32_t blocked);
  void decide_alone(Transaction& t, ProcessId p, std::size_t rule);
  LinkTrouble& link_trouble(ProcessId from, ProcessId to) {
    return links_[std::size_t{network_.site_of(from)} * processes_ + network_.site_of(to)];
  }
  SiteState& site(ProcessId p) { return sites_[network_.site_of(p)]; }
  bool troubled() const { return trouble_.active != 0; }

  // Effects.
  void send(Transaction& t, ProcessId from, ProcessId to, Message m, std::int64_t gap_ns);
  void transmit_faulty(Transaction& t, const LinkClass& link, ProcessId from, ProcessId to,
                       Message m, const DrawPlace& place, std::int64_t departs);
  std::uint64_t next_on_link(Transaction& t, ProcessId from, ProcessId to);
  void start_local_work(Transaction& t, ProcessSlot& me, ProcessId p);
  void vote(Transaction& t, ProcessSlot& me, ProcessId p, LocalVote v);
  void set_timer(Transaction& t, ProcessSlot& me, ProcessId p, Tag timer);
  static void disarm(Transaction& t, ProcessSlot& me, Tag timer);
  void leave_doubt(Transaction& t, ProcessSlot& me);
  void learn(Transaction& t, ProcessSlot& me, ProcessId p, AbortCause cause);
  void decide(Transaction& t, ProcessSlot& me, ProcessId p, Outcome o, AbortCause cause);

  // Events.
  void schedule(std::int64_t at, Transaction& t, std::uint64_t head, std::uint64_t word,
                std::uint32_t token = 0);
  bool feed_timers(std::int64_t until);
  bool is_live(const ArmedTimeout& armed, std::size_t timer) const;
  bool is_cancelled(const Happening& h) const;
  void draw_ahead(Transaction& t) const;

  /// Whether so much is in flight that records have left the cache when their events come.
  bool crowded() const { return happenings_.size() >= kPrefetchFrom; }
  Observer::At at(const Transaction& t, ProcessId p) const {
    return {t.number, Duration{now_ - t.started}, p};
  }

  const Scenario& scenario_;
  const Machine& machine_;
  const SimulationOptions& options_;
  const Draws draws_;
  const NetworkPlan network_;
  const std::uint16_t processes_;
  const std::int64_t horizon_ns_;
  const bool forces_at_once_;
  std::vector<ParticipantPlan> participants_;  ///< [p - 1]
  std::vector<TimerPlan> timers_;              ///< by tag
  std::int64_t feed_ahead_ns_ = kForever;      ///< how long before they expire timers are fed

  Events events_;
  Happenings happenings_;
  Records records_;
  Prospects prospects_;
  Situation situation_;
  Tally tally_;
  std::int64_t now_ = 0, fed_until_ = kForever;
  std::uint64_t sequence_ = 0, begun_ = 0, next_progress_ = kProgressEvery;
  std::uint32_t tokens_ = 0;
  bool stopped_ = false;
  Philox::Block arrival_words_{};
  std::array<std::array<std::uint64_t, kMostTypes * kVariants>, 2> sent_{};  ///< by variant_of
  const FaultPlan faults_;
  Trouble trouble_;                 ///< of the transaction at hand: faults need fresh sites
  std::vector<SiteState> sites_;    ///< by process that the site is called after
  std::vector<LogState> logs_;      ///< by process
  std::vector<LinkTrouble> links_;  ///< [from site * processes + to site]
  std::uint32_t cut_epoch_ = 0;
  std::vector<std::unique_ptr<Continuation>> continuations_;
  std::vector<std::uint32_t> free_continuations_;
};

}  // namespace indoubt
