#include "sim/engine/simulator.h"

#include <algorithm>

#include "sim/engine/arrival_gap.h"
#include "sim/engine/heap_events.h"
#include "sim/engine/ladder_events.h"
#include "sim/engine/performer.h"
#include "sim/engine/preparation.h"
#include "sim/engine/simulator_effects.h"
#include "sim/engine/simulator_endings.h"
#include "sim/engine/simulator_facts.h"
#include "sim/engine/simulator_faults.h"
#include "sim/engine/simulator_links.h"
#include "sim/engine/simulator_losses.h"
#include "sim/engine/simulator_sites.h"
#include "sim/engine/simulator_timers.h"
#include "sim/process/assert.h"

namespace indoubt {

template <class Events>
Simulator<Events>::Simulator(const Scenario& scenario, const Machine& machine,
                             const SimulationOptions& options, bool retraces)
    : scenario_(scenario),
      machine_(machine),
      options_(options),
      draws_(options.seed, options.replication),
      network_(scenario, machine.auxiliary_hosts, machine.auxiliary_name),
      processes_(machine.processes),
      last_participant_(static_cast<ProcessId>(machine.group.participants)),
      horizon_ns_(scenario.transactions.horizon.count()),
      forces_at_once_(scenario.disk.force.is_zero()),
      inquiries_(inquiries_of(machine)),
      timers_(machine.timers.size()),
      records_(machine, has_random_timeouts(scenario, machine)),
      prospects_(machine, timers_that_fire(scenario, machine), possible_votes(scenario, machine)),
      tally_(scenario, machine.traits.shared_record_every),
      elects_(has_role(machine, Role::backup)),
      faults_(scenario, machine, network_),
      waits_(has_queues(scenario)),
      retraces_(retraces),
      attended_(retraces || !faults_.empty() || waits_),
      alone_(retraces || runs_one_by_one()),
      people_(machine.processes) {
  INDOUBT_ASSERT(options.first >= 1);
  INDOUBT_ASSERT(options.count <= UINT64_MAX - options.first);
  INDOUBT_ASSERT(machine.message_types <= static_cast<int>(kMostTypes));
  INDOUBT_ASSERT(machine.group.participants == scenario.participants());
  for (int p = 1; p <= scenario.participants(); ++p) {
    const Service& service = scenario.service_of(p);
    participants_.push_back(
        {service.vote_yes, service.read_only, service.prepare, service.exclusive});
    if (service.exclusive) exclusive_.resize(processes_);
  }
  for (std::size_t k = 0; k < timers_.size(); ++k) {
    const std::optional<Latency> length = scenario.timeout(machine.timers[k]);
    if (!length) continue;
    TimerPlan& plan = timers_[k];
    plan.length = *length;
    plan.kind = length->is_constant() ? TimerPlan::Kind::constant : TimerPlan::Kind::random;
    if (plan.kind != TimerPlan::Kind::constant) continue;
    plan.length_ns = static_cast<std::int64_t>(length->mean());
    if ((machine.round_timers >> k & 1) != 0) plan.kind = TimerPlan::Kind::rounds;
    feed_ahead_ns_ = std::min(feed_ahead_ns_, std::max<std::int64_t>(1, plan.length_ns / 16));
  }
}

template <class Events>
Totals Simulator<Events>::run() {
  if (options_.count != 0) alone_ ? run_one_by_one() : run_overlapping();
  INDOUBT_ASSERT(live_ == 0);
  for (std::size_t role = 0; role < sent_.size(); ++role) {
    tally_.totals.sent[role].assign(
        sent_[role].begin(),
        sent_[role].begin() + machine_.message_types * static_cast<int>(kVariants));
  }
  return std::move(tally_.totals);
}

// Transactions that share nothing never meet, so each runs alone from its own time 0: the same
// results as if they overlapped, with a handful of events pending instead of thousands. On shared
// sites that neither fail nor make anything wait nothing is shared either.
template <class Events>
bool Simulator<Events>::runs_one_by_one() const {
  if (scenario_.transactions.sites == Sites::fresh) return true;
  return !attended_ && options_.event_list == EventList::standard;
}

template <class Events>
void Simulator<Events>::run_one_by_one() {
  for (std::uint64_t k = options_.first; k < options_.first + options_.count && !stopped_; ++k)
    scenario_.client ? pay(*scenario_.client, k) : run_alone(k);
}

template <class Events>
void Simulator<Events>::run_alone(std::uint64_t number) {
  now_ = 0;
  sequence_ = 0;
  events_.restart();
  fed_until_ = kForever;
  over_ = false;
  for (TimerPlan& timer : timers_) timer.armed.clear();
  begin(number);
  loop();
}

/// A client asks until it learns an outcome that satisfies it, or gives up. Asked again under the
/// same id, a transaction that has an outcome tells it, and one that has none does not answer.
template <class Events>
void Simulator<Events>::pay(const Client& client, std::uint64_t payment) {
  const auto most = static_cast<std::uint64_t>(client.attempts);
  const std::uint64_t first = (payment - 1) * most + 1;
  std::uint64_t committed = 0, attempts = 0;
  bool confirmed = false, refused = false;
  while (attempts < most && !confirmed && !refused && !stopped_) {
    if (attempts == 0 || !client.repeats_id) {
      run_alone(first + attempts);
      committed += last_outcome_ == Outcome::commit;
    }
    ++attempts;
    const DrawPlace place{first, Purpose::reply, 0, attempts};
    const bool told =
        last_outcome_ != Outcome::none &&
        (client.reply_loss == 0 || unit_uniform(draws_.word(place)) >= client.reply_loss);
    confirmed = told && last_outcome_ == Outcome::commit;
    refused = told && client.repeats_id && last_outcome_ == Outcome::abort;
  }
  tally_.paid(committed, confirmed, attempts);
}

template <class Events>
void Simulator<Events>::run_overlapping() {
  begun_ = scheduled_ = options_.first - 1;
  if (attended_) {
    run_ = &records_.open();
    run_->pending = 1;  // it never ends
    begin_sites();
    open_trouble(*run_);
    schedule_faults(*run_);
  }
  arrival_words_ = draws_.block(0, Purpose::arrival, 0, scheduled_ / 4);
  const Arrivals& arrivals = scenario_.transactions.arrivals;
  const std::uint64_t first_ones = arrivals.kind == Arrivals::Kind::closed
                                       ? std::min<std::uint64_t>(arrivals.clients, options_.count)
                                       : 1;
  for (std::uint64_t i = 0; i < first_ones; ++i) schedule_arrival();
  loop();
}

/// Runs until nothing is left to happen. If the caller asks to stop, no further transaction begins;
/// those in flight come to their end, so that every sum is over whole transactions.
template <class Events>
void Simulator<Events>::loop() {
  for (;;) {
    if (events_.empty()) [[unlikely]] {
      if (over_ || (!feed_timers(kForever) && !expire_waiting())) return;
      continue;
    }
    const EventKey key = events_.top();
    if (key.at >= fed_until_) [[unlikely]] {
      feed_timers(key.at + feed_ahead_ns_);
      continue;
    }
    events_.pop();
    if (crowded()) prefetch_ahead();
    const Happening h = happenings_[key.handle()];
    happenings_.release(key.handle());
    if (h.kind() == Happening::Kind::timer) [[unlikely]] {
      if (is_cancelled(h)) continue;
      ++h.transaction->pending;  // this call
    }
    now_ = key.at;
    handle(h);
    if (tally_.totals.events >= next_progress_) [[unlikely]] {
      report_progress();
    }
  }
}

template <class Events>
inline void Simulator<Events>::prefetch_ahead() {
  if (const EventKey* soon = events_.peek(6)) happenings_.prefetch(soon->handle());
  if (const EventKey* next = events_.peek(3)) {
    const Happening& h = happenings_[next->handle()];
    if (h.transaction != nullptr) records_.prefetch(h.transaction, h.to());  // not an arrival
  }
}

template <class Events>
void Simulator<Events>::report_progress() {
  next_progress_ = tally_.totals.events + kProgressEvery;
  if (stopped_) return;
  if (options_.progress && !options_.progress(tally_.totals)) stopped_ = true;
}

template <class Events>
void Simulator<Events>::arrive() {
  if (stopped_) return;
  ++begun_;
  begin(begun_);
  const bool closed = scenario_.transactions.arrivals.kind == Arrivals::Kind::closed;
  if (!closed && more_to_arrive()) schedule_arrival();
}

template <class Events>
inline void Simulator<Events>::handle(const Happening& h) {
  ++tally_.totals.events;
  if (h.kind() == Happening::Kind::arrival) [[unlikely]]
    return arrive();
  if (h.is_fault()) [[unlikely]]
    return handle_fault(h);
  Transaction& t = *h.transaction;
  if (t.finished) [[unlikely]]
    return release(t);
  const std::int64_t since_start = now_ - t.started;
  if (since_start > horizon_ns_) [[unlikely]]
    return expire(t, &h);
  std::uint64_t f = t.fingerprint ^ static_cast<std::uint64_t>(since_start);
  f = (f ^ h.head * 0xD6E8FEB86659FD93u ^ h.word << 7) * 0x9E3779B97F4A7C15u;
  t.fingerprint = f ^ f >> 32;
  if (troubled(t)) [[unlikely]]
    return handle_watched(t, h);
  react(t, records_.slot(t, h.to()), h);
  if (t.doubtful) [[unlikely]] {
    t.doubtful = false;
    if (!t.finished && !anyone_can_decide(t, nullptr)) retire(t);
  }
  release(t);
}

/// An event of a transaction whose sites may fail or make it wait.
template <class Events>
void Simulator<Events>::handle_watched(Transaction& t, const Happening& h) {
  if (!is_void(t, h) && !waits_for_processor(t, h) && !holds_report(t, h)) {
    react(t, records_.slot(t, h.to()), h);
  }
  if (!trouble(t).held_reports.empty()) release_reports(t);
  if (!t.finished) watch_blocking(t);
  if (t.doubtful) {
    t.doubtful = false;
    if (!t.finished && revivals(t) == 0 && !anyone_can_decide(t, nullptr)) retire(t);
  }
  release(t);
  if (sweep_) sweep();
}

template <class Events>
void Simulator<Events>::begin(std::uint64_t number) {
  Transaction& t = records_.open();
  t.number = number;
  t.started = now_;
  t.pending = 1;  // this call
  draw_ahead(t);
  if (attended_) [[unlikely]] {
    if (!shared()) begin_sites();
    open_trouble(t);
    if (!shared() && troubled(t)) schedule_faults(t);
    ++live_;
  }
  scenario_.execution ? execute(t) : start(t);
  release(t);
  if (sweep_) [[unlikely]]
    sweep();
}

/// The coordinator's site sends a work request to each participant elsewhere; the commit begins
/// when all have replied. Nothing fails in this phase.
template <class Events>
void Simulator<Events>::execute(Transaction& t) {
  std::int64_t longest = 0;
  for (ProcessId p = 0; troubled(t) && p < processes_; ++p)
    records_.slot(t, p).started_anew = !site(p).up;
  for (ProcessId p = 1; p <= participants_.size(); ++p) {
    if (!network_.link(kCoordinator, p).counted) continue;
    DrawWords request(draws_, {t.number, Purpose::work, p, 0});
    DrawWords reply(draws_, {t.number, Purpose::work, p, 1});
    const Duration there = network_.link(kCoordinator, p).latency.sample(request);
    const Duration back = network_.link(p, kCoordinator).latency.sample(reply);
    if (options_.observer) options_.observer->on_work(at(t, p), there, back);
    longest = std::max(longest, (there + back).count());
  }
  schedule(now_ + longest, t, Happening::head_of(Happening::Kind::commit, 0, 0, kCoordinator), 0);
}

/// Processes at sites that are down learn of nothing; after a restart they recover without a
/// record.
template <class Events>
inline void Simulator<Events>::start(Transaction& t) {
  for (ProcessId p = 0; p < processes_; ++p) {
    ProcessSlot& slot = records_.slot(t, p);
    if (troubled(t) && (!site(p).up || slot.started_anew)) [[unlikely]]
      continue;
    step(t, slot, Input::start(p));
  }
  if (!shared() || !machine_.detects_failures || !scenario_.detection.delay) return;
  for (ProcessId p = 0; p < processes_; ++p)
    if (!site(p).up) report_crash(t, p);
}

template <class Events>
void Simulator<Events>::schedule_arrival() {
  const Arrivals& arrivals = scenario_.transactions.arrivals;
  std::int64_t gap = 0;
  if (arrivals.kind == Arrivals::Kind::constant)
    gap = static_cast<std::int64_t>(arrivals.mean_gap_ns);
  if (arrivals.kind == Arrivals::Kind::poisson) {
    if (scheduled_ % 4 == 0) arrival_words_ = draws_.block(0, Purpose::arrival, 0, scheduled_ / 4);
    DrawWords words(draws_, {0, Purpose::arrival, 0, scheduled_}, arrival_words_[scheduled_ % 4]);
    gap = poisson_gap(arrivals.mean_gap_ns, words);
  }
  if (sequence_ >= EventKey::kMostSequences / 2)
    throw CapacityExceeded("more than 2.7e11 events in one run; use several replications");
  if (now_ > INT64_MAX / 2 - gap)
    throw CapacityExceeded("the last arrivals would come after 146 years of virtual time");
  ++scheduled_;
  const std::uint32_t handle = happenings_.add();
  happenings_[handle].head = Happening::head_of(Happening::Kind::arrival, 0, 0, 0);
  events_.push({now_ + gap, EventKey::order_of(EventKey::Class::delivery, sequence_++) | handle});
}

template <class Events>
inline void Simulator<Events>::react(Transaction& t, ProcessSlot& me, const Happening& h) {
  if (me.continuation != 0 && h.kind() != Happening::Kind::durable) [[unlikely]] {
    return hold_back(t, me, h);
  }
  switch (h.kind()) {
    case Happening::Kind::deliver: return step(t, me, Input::from_words(h.head, h.word));
    case Happening::Kind::prepared: return prepared(t, me, h.to());
    case Happening::Kind::timer:
      if (is_cancelled(h)) return;  // while it was held back
      disarm(t, me, h.tag());
      note_timeout(t);
      return step(t, me, Input::timeout(h.tag(), h.to()));
    case Happening::Kind::durable: return resume(t, me, h.to());
    case Happening::Kind::handled:
      return step(t, me, Input::message(Message{h.word}, h.from(), h.to()));
    case Happening::Kind::commit: return start(t);
    case Happening::Kind::told:
      --trouble(t).reports;
      return step(t, me, Input::failure(h.from(), h.to()));
    case Happening::Kind::arrival:
    case Happening::Kind::fault:
    case Happening::Kind::repair:
    case Happening::Kind::heuristic: return;
  }
}

template <class Events>
void Simulator<Events>::release(Transaction& t) {
  if (--t.pending != 0 || t.armed != 0) return;
  if (troubled(t) && !t.finished && revivals(t) != 0) return;  // a restart or healing comes
  if (!t.finished) {
    judge_termination(t, nullptr);
    finish(t, Ending::over);
  }
  if (attended_) [[unlikely]]
    close_trouble(t);
  records_.close(t);
  over_ = alone_;
}

/// The words that nearly every transaction needs, drawn at its beginning; the same values as the
/// stateless draw.
template <class Events>
void Simulator<Events>::draw_ahead(Transaction& t) const {
  Philox::Block local{};
  for (ProcessId p = 1; p < processes_; ++p) {
    DrawnAhead& drawn = records_.drawn(records_.slot(t, p));
    const Philox::Block star = draws_.block(t.number, Purpose::link, p, 0);
    std::copy(star.begin(), star.end(), drawn.words.link);
    const bool odd = p % 2 != 0;
    if (odd) local = draws_.block(t.number, Purpose::local, (p - 1u) / 2, 0);
    drawn.words.vote = local[odd ? 0 : 2];
    drawn.words.local_work = local[odd ? 1 : 3];
  }
}

Totals simulate(const Scenario& scenario, const Machine& machine,
                const SimulationOptions& options) {
  if (options.event_list == EventList::ladder) {
    return Simulator<LadderEvents>(scenario, machine, options).run();
  }
  return Simulator<HeapEvents>(scenario, machine, options).run();
}

}  // namespace indoubt
