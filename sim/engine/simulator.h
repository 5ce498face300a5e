#pragma once
// The event loop and what happens at each event. Private to the engine: simulate() chooses the
// event list and is the face.
#include <array>
#include <memory>
#include <vector>

#include "sim/engine/happenings.h"
#include "sim/engine/heap_events.h"
#include "sim/engine/prospects.h"
#include "sim/engine/record_queue.h"
#include "sim/engine/records.h"
#include "sim/engine/simulation.h"
#include "sim/engine/site_state.h"
#include "sim/engine/tally.h"
#include "sim/engine/timeout_fifo.h"
#include "sim/latency/unit_exponential.h"
#include "sim/network/network_plan.h"
#include "sim/predicates/facts.h"
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
  /// `retraces`: for retrace() only.
  Simulator(const Scenario& scenario, const Machine& machine, const SimulationOptions& options,
            bool retraces = false);
  Totals run();

  /// Runs a transaction that no fault concerns once more, alone, watching who is blocked, until so
  /// many participants are or it is over.
  Blockage retrace(std::uint64_t number, std::uint32_t blocked);

 private:
  static constexpr std::int64_t kForever = INT64_MAX;
  static constexpr std::size_t kMostTypes = 32;
  static constexpr std::uint64_t kProgressEvery = 1 << 16;
  /// From so many pending happenings on, what the next events need is fetched ahead.
  static constexpr std::size_t kPrefetchFrom = 512;
  /// Time-outs of one undecided transaction after which, and after each doubling, it is asked
  /// whether anything can still decide it.
  static constexpr std::uint64_t kFirstDoubtful = 64;

  /// Room for handles of a transaction's deliveries before those that are over are dropped.
  static constexpr std::size_t kFlightsKept = 64;
  /// Most restarts of a site at one instant.
  static constexpr std::uint32_t kMostAtOnce = 1000;

  /// A timer of the protocol as the scenario sets it.
  struct TimerPlan {
    /// rounds: constant, and it expires at multiples of its length.
    enum class Kind : std::uint8_t { never, constant, rounds, random } kind = Kind::never;
    std::int64_t length_ns = 0;  ///< constant
    Latency length;              ///< random
    TimeoutFifo armed;           ///< constant
  };
  struct ParticipantPlan {
    double vote_yes, read_only;
    Latency prepare;
    bool exclusive;
  };
  class Performer;
  class Watcher;
  /// Effects that wait for a force, and the input that their handler takes.
  struct Continuation {
    Effects rest;
    Input input = Input::start(kCoordinator);
    std::uint64_t number = 0;  ///< of the record in the site's log
    bool lies = false;         ///< the write will seem done and is not durable
    bool led = false;          ///< the process led before the handler
  };

  // The run.
  bool runs_one_by_one() const;
  void run_one_by_one();
  void run_alone(std::uint64_t number);
  void pay(const Client& client, std::uint64_t payment);
  void run_overlapping();
  void loop();
  void prefetch_ahead();
  void handle(const Happening& h);
  [[gnu::noinline]] void handle_watched(Transaction& t, const Happening& h);
  void arrive();
  void begin(std::uint64_t number);
  void start(Transaction& t);
  void execute(Transaction& t);
  void schedule_arrival();
  bool more_to_arrive() const { return scheduled_ + 1 < options_.first + options_.count; }
  void react(Transaction& t, ProcessSlot& me, const Happening& h);
  void release(Transaction& t);
  void report_progress();

  // Ends of transactions.
  void expire(Transaction& t, const Happening* late);
  bool expire_waiting();
  void retire(Transaction& t);
  void stop(Transaction& t, Ending ending);
  void finish(Transaction& t, Ending ending);
  [[gnu::noinline]] void leave_all(Transaction& t);
  void note_timeout(Transaction& t);
  const std::vector<bool>& prospects(Transaction& t, const Happening* current);
  bool anyone_can_decide(Transaction& t, const Happening* current);
  void describe(Transaction& t, bool repaired);
  void add_flights(Transaction& t, const Happening* current);
  [[gnu::noinline]] void note_flight(Transaction& t, std::uint32_t handle);
  void tidy_flights(Transaction& t);
  bool waits_only(Transaction& t);
  void judge_termination(Transaction& t, const Happening* current);
  void never_decides(Transaction& t, const std::vector<bool>& can);
  bool all_up() const;
  void watch_blocking(Transaction& t);
  bool is_hopeless(const Trouble& trouble) const;
  void block_who_is_left(Transaction& t);
  void account_blocked(Trouble& trouble, std::uint32_t blocked);
  [[gnu::noinline]] void sweep();

  // Who is blocked by lost messages alone.
  void note_blocked(Transaction& t, const Happening* late);
  [[gnu::noinline]] void count_blockage(Transaction& t, Ending ending);
  Simulator<HeapEvents>& retracer();
  void end_retrace(Transaction& t);

  // What predicates see.
  Facts facts_of(Transaction& t, Ending ending);
  Outcome learnt_by(ProcessSlot& slot) const;
  Standing counted(const Transaction& t) const;
  bool counts_suffice(const Transaction& t, Ending ending) const;
  void note_record(Transaction& t, RecordWord record);
  bool is_inquiry(Message m) const { return (inquiries_ >> m.type() & 1) != 0; }
  [[gnu::noinline]] void note_inquiry(Transaction& t, ProcessSlot& me, ProcessId p);

  // A process takes an input.
  void step(Transaction& t, ProcessSlot& me, Input in);
  void step_watched(Transaction& t, ProcessSlot& me, Input in);
  [[gnu::noinline]] void begin_leading(Transaction& t, ProcessSlot& me, bool led);
  [[gnu::noinline]] void end_leading(Transaction& t, ProcessSlot& me);
  void prepared(Transaction& t, ProcessSlot& me, ProcessId p);
  void hold_back(Transaction& t, ProcessSlot& me, const Happening& h);
  Effects& suspend(Transaction& t, ProcessSlot& me, ProcessId p, const Input& in);
  void resume(Transaction& t, ProcessSlot& me, ProcessId p);
  void resume_watched(Transaction& t, ProcessSlot& me, ProcessId p, const Continuation& c);

  // Which faults strike, and when.
  void begin_sites();
  [[gnu::noinline]] void open_trouble(Transaction& t);
  void choose_faults(Transaction& t);
  [[gnu::noinline]] void close_trouble(Transaction& t);
  void schedule_faults(Transaction& carrier);
  bool concerns(const Transaction& t, std::size_t rule) const;
  bool meets_conditions(const Transaction& t, const Trigger& when) const;
  void schedule_fault(Transaction& t, std::size_t rule, ProcessId site, std::int64_t at,
                      Happening::Kind kind);
  void schedule_random_fault(Transaction& carrier, std::size_t rule, ProcessId site);
  void handle_fault(const Happening& h);
  std::int64_t end_of(Transaction& carrier, std::size_t rule, ProcessId site);
  void strike_sites(Transaction& carrier, std::size_t rule);
  bool strike(Transaction& carrier, std::size_t rule, ProcessId site);
  void strike_all(Transaction& t, std::size_t rule);
  void tell_fault(std::size_t rule, bool begins);
  void end_fault(Transaction& carrier, std::size_t rule, ProcessId site);
  bool strikes_now(Transaction& t, std::size_t rule, std::uint64_t n);
  std::int64_t repair_time(Transaction& carrier, std::size_t rule, ProcessId site);
  void decide_alone(Transaction& t, ProcessId p, std::size_t rule);
  void decide_overdue(Transaction& t, ProcessId p);

  // Sites.
  bool crash(Transaction& carrier, std::size_t rule, ProcessId site);
  void go_down(const Fault& fault, ProcessId site);
  void hold_down(Transaction& carrier, std::size_t rule, ProcessId site, bool was_up);
  void lift(Transaction& carrier, std::size_t rule, ProcessId site);
  void lose_logs(ProcessId site);
  void lose_log(Transaction& t, ProcessId p);
  void drop_process(Transaction& t, ProcessId p, bool log_lost);
  void drop_held(Transaction& t, ProcessSlot& slot);
  void begin_down_in_doubt(Transaction& t, ProcessSlot& slot);
  void end_down_in_doubt(Transaction& t, ProcessSlot& slot);
  void restart(Transaction& carrier, ProcessId site);
  void report_crash(Transaction& t, ProcessId crashed);
  void report_to(Transaction& t, ProcessId crashed, ProcessId told);
  void report_to_restarted(Transaction& t, ProcessId told);
  bool holds_report(Transaction& t, const Happening& h);
  void release_reports(Transaction& t);
  bool under_way(Transaction& t, ProcessId from, ProcessId to);
  void jump_clocks(std::size_t rule);
  bool waits_for_processor(Transaction& t, const Happening& h);
  [[gnu::noinline]] std::int64_t write_done_at(ProcessId p, std::int64_t takes);
  [[gnu::noinline]] void write_record(Transaction& t, ProcessId p, RecordWord record, bool durable);
  SiteState& site(ProcessId p) { return sites_[network_.site_of(p)]; }
  const SiteState& site(ProcessId p) const { return sites_[network_.site_of(p)]; }

  // Exclusive records.
  [[gnu::noinline]] bool waits_for_record(Transaction& t, ProcessSlot& me, ProcessId p);
  void hold_data(Transaction& t, ProcessSlot& me);
  void free_data(Transaction& t, ProcessSlot& me, ProcessId p);
  /// Local work is under way, or may still come: not behind a record that is held for ever.
  bool works(const ProcessSlot& slot, ProcessId p) const {
    return slot.working && !(slot.queued && exclusive_[p].holder == nullptr);
  }
  [[gnu::noinline]] void leave_queue(Transaction& t, ProcessSlot& me, ProcessId p);
  [[gnu::noinline]] void grant_next(ProcessId p);

  // Links.
  struct Passage {
    std::int64_t departs, not_before = 0;  ///< virtual time; arrives at or after not_before
    bool twice = false;
  };
  void count_slow(std::size_t rule, bool begins) { slow_[rule] += begins ? 1u : ~0u; }
  template <class Slows>
  double slowness_of(Slows&& slows) const {
    double slowness = 1;
    for (std::size_t r = 0; r < faults_.rules().size(); ++r)
      for (std::uint32_t n = slow_[r]; n != 0 && slows(faults_.rules()[r]); --n)
        slowness *= faults_.rules()[r].fault->factor;
    return slowness;
  }
  double slowness_of_link(std::pair<ProcessId, ProcessId> link) const;
  double slowness_of_site(ProcessId site) const;
  void change_links(Transaction& carrier, std::size_t rule, bool begins);
  bool meets_mishap(Transaction& t, ProcessId from, ProcessId to, Message m, Passage& passage);
  bool is_void(Transaction& t, const Happening& h);
  void tell_passage(Transaction& t, ProcessId from, ProcessId to, Message m, const Passage& passage,
                    std::int64_t departs) const;
  void hold(Transaction& t, const Happening& h, std::int64_t until);
  void lose(Transaction& t, ProcessId from, ProcessId to, Message m, Loss why);
  LinkTrouble& link_trouble(ProcessId from, ProcessId to) {
    return links_[std::size_t{network_.site_of(from)} * processes_ + network_.site_of(to)];
  }

  // Trouble: what keeps a transaction from running smoothly. With fresh sites faults come from the
  // transaction itself, with shared ones from `run_`, which stands for all of them.
  bool keeps_expiries(const Transaction& t) const { return faults_.has_jumps() && troubled(t); }
  static bool troubled(const Transaction& t) { return t.trouble != 0; }
  Trouble& trouble(const Transaction& t) const { return *troubles_[t.trouble - 1]; }
  bool shared() const { return run_ != nullptr; }
  Transaction& carrier(Transaction& t) const { return shared() ? *run_ : t; }
  std::uint32_t revivals(const Transaction& t) const {
    const Trouble& own = trouble(t);
    const Trouble& all = shared() ? trouble(*run_) : own;
    const std::uint32_t verdicts = own.verdicts + (shared() ? all.verdicts : 0);
    return own.revivals + (shared() ? all.revivals : 0) + (t.in_doubt != 0 ? verdicts : 0);
  }
  /// Calls f(t) for the transactions under way, in a fixed order.
  template <class F>
  void for_each_live(F&& f) {
    for (std::size_t i = 0; i < troubles_.size(); ++i) {
      Transaction* t = troubles_[i]->transaction;
      if (t != nullptr && t != run_ && !t->finished) f(*t);
    }
  }

  bool is_acceptor(ProcessId p) const { return p > last_participant_; }
  /// Nobody leads in the coordinator's place before a time-out or a crash.
  bool may_lead(const Transaction& t, ProcessId p) const {
    return elects_ && (t.timer_fired || troubled(t)) && p != kCoordinator && !is_acceptor(p);
  }

  // Effects.
  void send(Transaction& t, ProcessId from, ProcessId to, Message m, std::int64_t gap_ns);
  void transmit_faulty(Transaction& t, const LinkClass& link, ProcessId from, ProcessId to,
                       Message m, const DrawPlace& place, std::int64_t departs);
  std::int64_t in_order(Transaction& t, ProcessId from, ProcessId to, std::int64_t arrives);
  std::uint64_t next_on_link(Transaction& t, ProcessId from, ProcessId to);
  void prepare(Transaction& t, ProcessSlot& me, ProcessId p);
  void start_local_work(Transaction& t, ProcessSlot& me, ProcessId p);
  void vote(Transaction& t, ProcessSlot& me, ProcessId p, LocalVote v);
  void set_timer(Transaction& t, ProcessSlot& me, ProcessId p, Tag timer);
  [[gnu::noinline]] void set_timer_apart(Transaction& t, ProcessId p, Tag timer, std::int64_t at,
                                         std::uint64_t order);
  static void disarm(Transaction& t, ProcessSlot& me, Tag timer);
  void enter_doubt(Transaction& t, ProcessSlot& me);
  void leave_doubt(Transaction& t, ProcessSlot& me);
  std::uint64_t& any_in_doubt_ns(Transaction& t) {
    return records_.slot(t, kCoordinator).any_in_doubt_ns;
  }
  void learn(Transaction& t, ProcessSlot& me, ProcessId p, AbortCause cause);
  void decide(Transaction& t, ProcessSlot& me, ProcessId p, Outcome o, AbortCause cause);

  // Events.
  [[gnu::always_inline]] void schedule(std::int64_t at, Transaction& t, std::uint64_t head,
                                       std::uint64_t word, std::uint32_t token = 0);
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
  const SimulationOptions options_;
  const Draws draws_;
  const NetworkPlan network_;
  const std::uint16_t processes_;
  const ProcessId last_participant_;
  const std::int64_t horizon_ns_;
  const bool forces_at_once_;
  std::vector<ParticipantPlan> participants_;  ///< [p - 1]
  const std::uint32_t inquiries_;              ///< bit k: messages of type k are inquiries
  std::vector<TimerPlan> timers_;              ///< by tag
  std::int64_t feed_ahead_ns_ = kForever;      ///< how long before they expire timers are fed

  Events events_;
  Happenings happenings_;
  Records records_;
  Prospects prospects_;
  /// Crashes, restarts, cuts, their ends, and decisions from outside, so far, and 1: each may
  /// change what can still be decided.
  std::uint64_t upheavals_ = 1;
  Situation situation_;
  Tally tally_;
  std::int64_t now_ = 0, last_end_ = 0;
  std::int64_t fed_until_ = kForever;  ///< constant time-outs that expire before are in the list
  std::uint64_t sequence_ = 0, begun_ = 0, scheduled_ = 0, next_progress_ = kProgressEvery;
  std::uint32_t tokens_ = 0;
  bool stopped_ = false;
  Philox::Block arrival_words_{};
  std::array<std::array<std::uint64_t, kMostTypes * kVariants>, kRoles> sent_{};  ///< by variant_of
  const bool elects_;       ///< participants may lead
  bool noting_ = false;     ///< what a step does is noted, since its process may lead in it
  bool led_ = false;        ///< it led before the step
  RoleSums before_step_{};  ///< of the transaction
  std::vector<std::size_t> step_sent_;  ///< variants sent in the step
  const FaultPlan faults_;
  const bool waits_;            ///< something waits at sites
  const bool retraces_;         ///< every transaction is watched, and none is counted
  const bool attended_;         ///< sites fail, or something waits at them
  const bool alone_;            ///< transactions run one after another
  bool over_ = false;           ///< the one that runs alone is over: nothing is left to happen
  Transaction* run_ = nullptr;  ///< with attended shared sites: carries the faults of the run
  Outcome last_outcome_ = Outcome::none;    ///< of the transaction that ended last
  std::vector<ProcessFacts> people_;        ///< room for facts_of
  RecordWord known_record_ = 0;             ///< the last that note_record looked at, and
  Outcome known_decision_ = Outcome::none;  ///< what it says
  std::uint64_t live_ = 0;                  ///< transactions under way; with attended shared sites
  bool sweep_ = false;  ///< a site or link has changed: look at every transaction
  bool lying_ = false;  ///< the disk will lie about the next forced write
  std::vector<std::unique_ptr<Trouble>> troubles_;
  std::vector<std::uint32_t> free_troubles_;
  std::vector<SiteState> sites_;    ///< by process that the site is called after
  std::vector<LinkTrouble> links_;  ///< [from site * processes + to site]
  std::uint32_t cut_epoch_ = 0;
  std::array<std::uint32_t, FaultPlan::kMost> slow_{};  ///< by fault that slows: times it holds now
  std::unique_ptr<Simulator<HeapEvents>> retracer_;     ///< made when it is needed first
  Blockage blockage_{};                                 ///< of the transaction retraced last
  std::uint32_t awaited_ = 0;                           ///< blocked participants that end a retrace
  std::vector<RecordQueue> exclusive_;  ///< by process; empty: no service has such a record
  std::vector<std::unique_ptr<Continuation>> continuations_;
  std::vector<std::uint32_t> free_continuations_;
};

}  // namespace indoubt
