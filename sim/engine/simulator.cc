#include "sim/engine/simulator.h"

#include <algorithm>
#include <bit>

#include "sim/engine/arrival_gap.h"
#include "sim/engine/heap_events.h"
#include "sim/engine/ladder_events.h"
#include "sim/engine/performer.h"
#include "sim/engine/simulator_faults.h"
#include "sim/process/assert.h"

namespace indoubt {

namespace {

bool has_random_timeouts(const Scenario& scenario, const Machine& machine) {
  return std::any_of(machine.timers.begin(), machine.timers.end(), [&](std::string_view timer) {
    const std::optional<Latency> length = scenario.timeout(timer);
    return length && !length->is_constant();
  });
}

/// `ns` taken `slowness` times as long.
std::int64_t stretched(std::int64_t ns, double slowness) {
  return slowness == 1 ? ns : static_cast<std::int64_t>(static_cast<double>(ns) * slowness);
}

std::uint32_t timers_that_fire(const Scenario& scenario, const Machine& machine) {
  std::uint32_t fire = 0;
  for (std::size_t k = 0; k < machine.timers.size(); ++k)
    if (scenario.timeout(machine.timers[k])) fire |= std::uint32_t{1} << k;
  return fire;
}

/// By process: the votes of probability above 0, one bit for each LocalVote.
std::vector<std::uint8_t> possible_votes(const Scenario& scenario, const Machine& machine) {
  std::vector<std::uint8_t> votes(machine.processes);
  for (int p = 1; p <= scenario.participants(); ++p) {
    const double yes = scenario.service_of(p).vote_yes;
    votes[static_cast<std::size_t>(p)] =
        static_cast<std::uint8_t>((yes < 1 ? 1 : 0) | (yes > 0 ? 2 : 0) | 4);
  }
  return votes;
}

}  // namespace

template <class Events>
Simulator<Events>::Simulator(const Scenario& scenario, const Machine& machine,
                             const SimulationOptions& options)
    : scenario_(scenario),
      machine_(machine),
      options_(options),
      draws_(options.seed, options.replication),
      network_(scenario, machine.auxiliary_hosts, machine.auxiliary_name),
      processes_(machine.processes),
      horizon_ns_(scenario.transactions.horizon.count()),
      forces_at_once_(scenario.disk.force.is_zero()),
      timers_(machine.timers.size()),
      records_(machine, has_random_timeouts(scenario, machine)),
      prospects_(machine, timers_that_fire(scenario, machine), possible_votes(scenario, machine)),
      tally_(scenario),
      faults_(scenario, machine, network_) {
  INDOUBT_ASSERT(options.first >= 1);
  if (!faults_.empty() && scenario.transactions.sites != Sites::fresh)
    throw CapacityExceeded("faults are simulated with `transactions: {sites: fresh}` only");
  INDOUBT_ASSERT(machine.message_types <= static_cast<int>(kMostTypes));
  INDOUBT_ASSERT(machine.group.participants == scenario.participants());
  for (int p = 1; p <= scenario.participants(); ++p) {
    const Service& service = scenario.service_of(p);
    participants_.push_back({service.vote_yes, service.read_only, service.prepare});
  }
  for (std::size_t k = 0; k < timers_.size(); ++k) {
    const std::optional<Latency> length = scenario.timeout(machine.timers[k]);
    if (!length) continue;
    TimerPlan& plan = timers_[k];
    plan.length = *length;
    plan.kind = length->is_constant() ? TimerPlan::Kind::constant : TimerPlan::Kind::random;
    if (plan.kind != TimerPlan::Kind::constant) continue;
    plan.length_ns = static_cast<std::int64_t>(length->mean());
    feed_ahead_ns_ = std::min(feed_ahead_ns_, std::max<std::int64_t>(1, plan.length_ns / 16));
    fed_until_ = 0;
  }
}

template <class Events>
Totals Simulator<Events>::run() {
  if (options_.count != 0) {
    runs_one_by_one() ? run_one_by_one() : run_overlapping();
  }
  for (std::size_t role = 0; role < sent_.size(); ++role) {
    tally_.totals.sent[role].assign(
        sent_[role].begin(),
        sent_[role].begin() + machine_.message_types * static_cast<int>(kVariants));
  }
  return std::move(tally_.totals);
}

// Transactions that share nothing never meet, so each runs alone from its own time 0: the same
// results as if they overlapped, with a handful of events pending instead of thousands. Nothing
// that a scenario can say today is shared between transactions, on shared sites either.
template <class Events>
bool Simulator<Events>::runs_one_by_one() const {
  return scenario_.transactions.sites == Sites::fresh || options_.event_list == EventList::standard;
}

template <class Events>
void Simulator<Events>::run_one_by_one() {
  for (std::uint64_t k = 0; k < options_.count && !stopped_; ++k) {
    now_ = 0;
    sequence_ = 0;
    events_.restart();
    fed_until_ = feed_ahead_ns_ == kForever ? kForever : 0;
    for (TimerPlan& timer : timers_) timer.armed.clear();
    begin(options_.first + k);
    loop();
  }
}

template <class Events>
void Simulator<Events>::run_overlapping() {
  begun_ = options_.first - 1;
  arrival_words_ = draws_.block(0, Purpose::arrival, 0, begun_ / 4);
  schedule_arrival();
  loop();
}

/// Runs until nothing is left to happen. If the caller asks to stop, no further transaction begins;
/// those in flight come to their end, so that every sum is over whole transactions.
template <class Events>
void Simulator<Events>::loop() {
  for (;;) {
    if (events_.empty()) [[unlikely]] {
      if (!feed_timers(kForever)) return;
      continue;
    }
    const EventKey key = events_.top();
    if (key.at >= fed_until_) [[unlikely]] {
      feed_timers(key.at + feed_ahead_ns_);
      continue;
    }
    events_.pop();
    now_ = key.at;
    if (crowded()) prefetch_ahead();
    const Happening h = happenings_[key.handle()];
    happenings_.release(key.handle());
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
  if (begun_ + 1 < options_.first + options_.count) schedule_arrival();
}

template <class Events>
inline void Simulator<Events>::handle(const Happening& h) {
  if (h.kind() == Happening::Kind::timer && is_cancelled(h)) [[unlikely]] {
    return release(*h.transaction);
  }
  ++tally_.totals.events;
  if (h.kind() == Happening::Kind::arrival) [[unlikely]]
    return arrive();
  if (h.kind() >= Happening::Kind::fault) [[unlikely]]
    return handle_fault(h);
  Transaction& t = *h.transaction;
  if (t.finished) [[unlikely]]
    return release(t);
  const std::int64_t since_start = now_ - t.started;
  if (since_start > horizon_ns_) [[unlikely]]
    return expire(t, h);
  std::uint64_t f = t.fingerprint ^ static_cast<std::uint64_t>(since_start);
  f = (f ^ h.head * 0xD6E8FEB86659FD93u ^ h.word << 7) * 0x9E3779B97F4A7C15u;
  t.fingerprint = f ^ f >> 32;
  if (troubled() && is_void(t, h)) [[unlikely]]
    return release(t);
  react(t, records_.slot(t, h.to()), h);
  if (troubled()) [[unlikely]]
    watch_blocking(t, nullptr);
  if (t.doubtful) [[unlikely]] {
    t.doubtful = false;
    if (!t.finished && trouble_.revivals == 0 && !anyone_can_decide(t, nullptr)) retire(t);
  }
  release(t);
}

template <class Events>
void Simulator<Events>::begin(std::uint64_t number) {
  Transaction& t = records_.open();
  t.number = number;
  t.started = now_;
  t.pending = 1;  // this call
  draw_ahead(t);
  if (!faults_.empty()) begin_faults(t);
  for (ProcessId p = 0; p < processes_; ++p) {
    step(t, records_.slot(t, p), Input::start(p));
  }
  release(t);
}

template <class Events>
void Simulator<Events>::schedule_arrival() {
  const Arrivals& arrivals = scenario_.transactions.arrivals;
  std::int64_t gap = 0;
  if (arrivals.kind == Arrivals::Kind::constant)
    gap = static_cast<std::int64_t>(arrivals.mean_gap_ns);
  if (arrivals.kind == Arrivals::Kind::poisson) {
    if (begun_ % 4 == 0) arrival_words_ = draws_.block(0, Purpose::arrival, 0, begun_ / 4);
    DrawWords words(draws_, {0, Purpose::arrival, 0, begun_}, arrival_words_[begun_ % 4]);
    gap = poisson_gap(arrivals.mean_gap_ns, words);
  }
  if (sequence_ >= EventKey::kMostSequences / 2)
    throw CapacityExceeded("more than 2.7e11 events in one run; use several replications");
  if (now_ > INT64_MAX / 2 - gap)
    throw CapacityExceeded("the last arrivals would come after 146 years of virtual time");
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
    case Happening::Kind::arrival:
    case Happening::Kind::fault:
    case Happening::Kind::repair:
    case Happening::Kind::heuristic: return;
  }
}

template <class Events>
void Simulator<Events>::release(Transaction& t) {
  if (--t.pending != 0 || t.armed != 0) return;
  if (troubled() && trouble_.revivals != 0 && !t.finished) return;  // a restart or healing comes
  if (!t.finished) {
    judge_termination(t, nullptr);
    finish(t, Ending::over);
  }
  records_.close(t);
}

/// Something of a transaction would happen after its horizon: it ends, undecided or not, as it is.
template <class Events>
void Simulator<Events>::expire(Transaction& t, const Happening& late) {
  const bool undecided = t.coordinator == Outcome::none && t.first == Outcome::none;
  judge_termination(t, &late);
  stop(t, undecided && !anyone_can_decide(t, &late) ? Ending::retired : Ending::horizon);
  release(t);
}

/// AC5: once every site that restarts has restarted and every cut that ends has healed, each
/// process can still decide. Void while something stays down or cut.
template <class Events>
void Simulator<Events>::judge_termination(Transaction& t, const Happening* current) {
  const auto last = static_cast<ProcessId>(participants_.size());
  if (t.coordinator != Outcome::none && t.committed + t.aborted == last) return;
  if (troubled()) {
    for (const SiteState& s : sites_)
      if (!s.up && s.restarts_at == SiteState::kNever) return;
    for (const LinkTrouble& link : links_)
      if (link.endless != 0) return;
  }
  if (current == nullptr && t.pending == 0 && t.armed == 0 && all_up()) {
    return never_decides(t, {});
  }
  describe(t, true);
  const auto add = [&](const Happening& h) {
    if (h.kind() == Happening::Kind::deliver)
      situation_.add_message(Input::from_words(h.head, h.word).from(), h.to(), Message{h.word});
  };
  if (current != nullptr) add(*current);
  happenings_.for_each_of(t, add);
  never_decides(t, prospects_.can_decide(situation_));
}

/// Reports the first process that has not decided and cannot any more; empty `can`: nobody can.
template <class Events>
void Simulator<Events>::never_decides(Transaction& t, const std::vector<bool>& can) {
  for (ProcessId p = 0; p <= participants_.size(); ++p) {
    const bool hope = !machine_.traits.decides(p) || (p < can.size() && can[p]);
    const ProcessSlot& slot = records_.slot(t, p);
    if (!hope && !slot.reader && slot.decided == Outcome::none)
      return tally_.never_decides(t, p, now_ - t.started);
  }
}

template <class Events>
bool Simulator<Events>::all_up() const {
  return !troubled() ||
         std::all_of(sites_.begin(), sites_.end(), [](const SiteState& s) { return s.up; });
}

template <class Events>
void Simulator<Events>::retire(Transaction& t) {
  judge_termination(t, nullptr);
  stop(t, Ending::retired);
}

/// Ends a transaction to which more could happen; what is in flight is dropped when it comes.
template <class Events>
void Simulator<Events>::stop(Transaction& t, Ending ending) {
  for (ProcessId p = 0; p < processes_; ++p) {
    ProcessSlot& slot = records_.slot(t, p);
    for (Tag k = 0; k < timers_.size(); ++k) disarm(t, slot, k);
    drop_held(t, slot);
  }
  finish(t, ending);
}

/// Inputs that wait for a busy process, and the effects that wait for its force.
template <class Events>
void Simulator<Events>::drop_held(Transaction& t, ProcessSlot& slot) {
  for (; slot.waiting_first != 0; --t.pending) {
    const std::uint32_t held = slot.waiting_first - 1;
    slot.waiting_first = happenings_[held].next;
    happenings_.release(held);
  }
  if (slot.continuation != 0) free_continuations_.push_back(slot.continuation);
  slot.continuation = 0;
}

/// Counts the time-outs of a transaction; one that goes round in circles is retired as soon as that
/// is certain, so that neither time nor memory grows with the number of blocked ones.
template <class Events>
void Simulator<Events>::note_timeout(Transaction& t) {
  ++tally_.totals.timeouts;
  t.timer_fired = true;
  const std::uint64_t fired = ++records_.sums(t).timeouts;
  if (fired >= kFirstDoubtful && std::has_single_bit(fired)) t.doubtful = true;
}

/// Whether a process that has not decided may still do so. `current`: an event that has left the
/// list and is not handled yet, or null.
template <class Events>
bool Simulator<Events>::anyone_can_decide(Transaction& t, const Happening* current) {
  bool all_decided = true;
  for (ProcessId p = 0; p < processes_; ++p) {
    all_decided = all_decided && records_.slot(t, p).decided != Outcome::none;
  }
  if (all_decided) return true;  // nothing to ask: acknowledgements may still be repeated
  const std::vector<bool>& can = prospects(t, current);
  for (ProcessId p = 0; p < processes_; ++p)
    if (can[p] && records_.slot(t, p).decided == Outcome::none) return true;
  return false;
}

/// By process: whether it has decided or still can, without a restart or the end of a cut.
template <class Events>
const std::vector<bool>& Simulator<Events>::prospects(Transaction& t, const Happening* current) {
  describe(t, false);
  const auto add = [&](const Happening& h) {
    if (h.kind() == Happening::Kind::deliver)
      situation_.add_message(Input::from_words(h.head, h.word).from(), h.to(), Message{h.word});
  };
  if (current != nullptr) add(*current);
  happenings_.for_each_of(t, add);
  return prospects_.can_decide(situation_);
}

/// Processes and dead links of a transaction; what is in flight is added by the caller.
template <class Events>
void Simulator<Events>::describe(Transaction& t, bool repaired) {
  situation_.clear();
  for (ProcessId p = 0; p < processes_; ++p) {
    if (troubled() && !site(p).up) {
      if (repaired) situation_.add_recovery(p, logs_[p].last());
      continue;
    }
    ProcessSlot& slot = records_.slot(t, p);
    std::uint32_t armed = 0;
    for (Tag k = 0; k < timers_.size(); ++k) {
      if (Records::armed(slot)[k] != 0) armed |= std::uint32_t{1} << k;
    }
    situation_.add_process(p, records_.state(slot), machine_.state_size, armed, slot.working);
    if (slot.continuation != 0)
      situation_.add_effects(continuations_[slot.continuation - 1]->rest, 1);
  }
  for (const auto& [from, to] : network_.dead_links()) situation_.add_cut(from, to);
  if (repaired || !troubled() || !faults_.has_network_faults()) return;
  for (ProcessId from = 0; from < processes_; ++from)
    for (ProcessId to = 0; to < processes_; ++to)
      if (from != to && link_trouble(from, to).cuts != 0) situation_.add_cut(from, to);
}

template <class Events>
void Simulator<Events>::finish(Transaction& t, Ending ending) {
  t.finished = true;
  if (troubled()) [[unlikely]] {
    account_blocked(t, trouble_.blocked);
    tally_.troubled(trouble_);
  }
  // Before those that are still in doubt leave it: they were so until now.
  const std::int64_t settled_at = t.first == Outcome::none
                                      ? now_ - t.started
                                      : static_cast<std::int64_t>(records_.sums(t).settled_at);
  tally_.finished(t, ending, settled_at);
  for (ProcessId p = 1; t.in_doubt != 0; ++p) {
    ProcessSlot& slot = records_.slot(t, p);
    if (slot.in_doubt_since != ProcessSlot::kNotInDoubt) leave_doubt(t, slot);
  }
  const DrawnAhead::Sums& sums = records_.sums(t);
  if (sums.were_in_doubt != 0) tally_.was_in_doubt(sums.in_doubt_ns / sums.were_in_doubt);
}

// ---- a process takes an input
// --------------------------------------------------------------------

template <class Events>
inline void Simulator<Events>::step(Transaction& t, ProcessSlot& me, Input in) {
  if (options_.observer) [[unlikely]]
    options_.observer->on_input(at(t, in.self()), in);
  if (troubled() && faults_.has_points()) [[unlikely]]
    return step_watched(t, me, in);
  Performer performer(*this, t, me, in);
  machine_.step(records_.state(me), in, performer);
  if (options_.observer) [[unlikely]] {
    options_.observer->on_state(at(t, in.self()), machine_.state_name(records_.state(me)));
  }
}

template <class Events>
void Simulator<Events>::prepared(Transaction& t, ProcessSlot& me, ProcessId p) {
  const bool yes = unit_uniform(records_.drawn(me).vote) < participants_[p - 1u].vote_yes;
  me.working = false;
  const double read_only = participants_[p - 1u].read_only;
  if (read_only != 0 &&
      unit_uniform(draws_.word({t.number, Purpose::read_only, p, 0})) < read_only) {
    return step(t, me, Input::prepared(LocalVote::read_only, p));
  }
  step(t, me, Input::prepared(yes ? LocalVote::yes : LocalVote::no, p));
}

/// In doubt from sending YES, its record durable, to the arrival of the decision.
template <class Events>
void Simulator<Events>::vote(Transaction& t, ProcessSlot& me, ProcessId p, LocalVote v) {
  if (me.voted_yes || me.voted_no) return;  // said again after a restart
  const bool yes = v != LocalVote::no;
  ++(yes ? t.yes : t.no);
  me.voted_yes = yes;
  me.voted_no = !yes;
  me.reader = v == LocalVote::read_only;
  if (v != LocalVote::yes || me.learnt) return;
  me.in_doubt_since = now_;
  ++t.in_doubt;
  if (!troubled()) [[likely]]
    return;
  for (std::size_t r = 0; r < faults_.rules().size(); ++r) {
    const FaultPlan::Rule& rule = faults_.rules()[r];
    if (rule.fault->kind != Fault::Kind::heuristic || !concerns(t, r) || !rule.at[p]) continue;
    ++trouble_.revivals;
    schedule_fault(t, r, p, now_ + rule.fault->after.count(), Happening::Kind::heuristic);
  }
}

/// A busy process takes no input: it waits, in order of arrival.
template <class Events>
void Simulator<Events>::hold_back(Transaction& t, ProcessSlot& me, const Happening& h) {
  ++t.pending;
  const std::uint32_t handle = happenings_.add();
  happenings_[handle] = h;
  happenings_[handle].next = 0;
  if (me.waiting_first == 0)
    me.waiting_first = handle + 1;
  else
    happenings_[me.waiting_last - 1].next = handle + 1;
  me.waiting_last = handle + 1;
}

template <class Events>
Effects& Simulator<Events>::suspend(Transaction& t, ProcessSlot& me, ProcessId p, const Input& in) {
  if (free_continuations_.empty()) {
    continuations_.push_back(std::make_unique<Continuation>());
    free_continuations_.push_back(static_cast<std::uint32_t>(continuations_.size()));
  }
  me.continuation = free_continuations_.back();
  free_continuations_.pop_back();
  DrawWords words(draws_, {t.number, Purpose::force, p, records_.drawn(me).forces++});
  std::int64_t takes = scenario_.disk.force.sample(words).count();
  if (troubled()) [[unlikely]]
    takes = stretched(takes, site(p).slowness);
  schedule(now_ + takes, t, Happening::head_of(Happening::Kind::durable, 0, 0, p), 0,
           troubled() ? site(p).incarnation : 0);
  Continuation& c = *continuations_[me.continuation - 1];
  c.rest.clear();
  c.input = in;
  c.number = troubled() ? site(p).written : 0;
  return c.rest;
}

template <class Events>
void Simulator<Events>::resume(Transaction& t, ProcessSlot& me, ProcessId p) {
  const std::uint32_t block = me.continuation;
  const Continuation& c = *continuations_[block - 1];  // its first effect is the force itself
  if (options_.observer) options_.observer->on_durable(at(t, p), c.rest[0].word);
  me.continuation = 0;
  if (troubled()) [[unlikely]] {
    resume_watched(t, me, p, c);
  } else {
    Performer performer(*this, t, me, c.input);
    c.rest.replay(performer, 1);  // may suspend again, into another block
  }
  free_continuations_.push_back(block);
  while (me.waiting_first != 0 && me.continuation == 0) {
    const std::uint32_t handle = me.waiting_first - 1;
    const Happening h = happenings_[handle];
    me.waiting_first = h.next;
    happenings_.release(handle);
    react(t, me, h);
    --t.pending;
  }
}

// ---- effects
// -------------------------------------------------------------------------------------

template <class Events>
inline std::uint64_t Simulator<Events>::next_on_link(Transaction& t, ProcessId from, ProcessId to) {
  if (from == kCoordinator) return records_.slot(t, to).sent_down++;
  if (to == kCoordinator) return records_.slot(t, from).sent_up++;
  return records_.link(t, from, to).sent++;
}

/// The delay is keyed by (transaction, link, n-th message on the link): a lost message, or one more
/// elsewhere, shifts no other delay. A pair of processes has one stream; in each block of four
/// words two are for either direction.
template <class Events>
inline void Simulator<Events>::send(Transaction& t, ProcessId from, ProcessId to, Message m,
                                    std::int64_t gap_ns) {
  const LinkClass& link = network_.link(from, to);
  t.messages += link.counted;
  sent_[from != kCoordinator][variant_of(m)] += link.counted;
  const bool up = from > to;
  const ProcessId low = up ? to : from, high = up ? from : to;
  const std::uint64_t n = next_on_link(t, from, to);
  const DrawPlace place{t.number, Purpose::link, static_cast<std::uint32_t>(low) << 16 | high,
                        n / 2 * 4 + 2 * up + n % 2};
  if (!link.plain || (troubled() && faults_.has_network_faults())) [[unlikely]] {
    return transmit_faulty(t, link, from, to, m, place, now_ + gap_ns);
  }
  const bool ahead = low == kCoordinator && n < 2;
  DrawWords words(draws_, place,
                  ahead ? records_.drawn(records_.slot(t, high)).link[2 * up + n]
                  : link.latency.is_constant() ? 0
                                               : draws_.word(place));
  schedule(now_ + gap_ns + link.latency.sample(words).count(), t,
           Happening::head_of(Happening::Kind::deliver, 0, from, to), m.word);
}

/// A link that may lose or duplicate messages, or keeps their order.
template <class Events>
void Simulator<Events>::transmit_faulty(Transaction& t, const LinkClass& link, ProcessId from,
                                        ProcessId to, Message m, const DrawPlace& place,
                                        std::int64_t departs) {
  auto happens = [&](Purpose purpose, double probability) {
    if (probability == 0) return false;
    return unit_uniform(draws_.word({place.transaction, purpose, place.entity, place.n})) <
           probability;
  };
  const auto lose = [&] {
    t.lost_message = true;
    ++tally_.totals.lost;
    if (options_.observer) options_.observer->on_loss(at(t, from), to, m);
  };
  if (happens(Purpose::loss, link.loss)) return lose();
  bool twice = happens(Purpose::duplicate, link.duplication);
  double slowness = 1;
  if (troubled() && faults_.has_network_faults()) {
    if (link_trouble(from, to).cuts != 0 || meets_mishap(t, from, to, m, departs, twice)) {
      return lose();
    }
    slowness = link_trouble(from, to).slowness;
  }
  auto deliver = [&](Purpose purpose) {
    DrawWords words(draws_, {place.transaction, purpose, place.entity, place.n});
    std::int64_t arrives = departs + stretched(link.latency.sample(words).count(), slowness);
    if (network_.fifo()) {
      LinkState& state = records_.link(t, from, to);
      arrives = state.last_arrival = std::max(arrives, state.last_arrival);
    }
    schedule(arrives, t, Happening::head_of(Happening::Kind::deliver, 0, from, to), m.word,
             cut_epoch_);
  };
  deliver(Purpose::link);
  if (twice) {
    ++tally_.totals.duplicated;
    deliver(Purpose::copy);
  }
}

template <class Events>
void Simulator<Events>::start_local_work(Transaction& t, ProcessSlot& me, ProcessId p) {
  ++t.asked;
  me.working = true;
  const std::uint64_t index = 2 * ((p - 1u) % 2) + 1;
  DrawWords words(draws_, {t.number, Purpose::local, (p - 1u) / 2, index},
                  records_.drawn(me).local_work);
  std::int64_t takes = participants_[p - 1u].prepare.sample(words).count();
  if (troubled()) [[unlikely]]
    takes = stretched(takes, site(p).slowness);
  schedule(now_ + takes, t, Happening::head_of(Happening::Kind::prepared, 0, 0, p), 0,
           troubled() ? site(p).incarnation : 0);
}

template <class Events>
void Simulator<Events>::set_timer(Transaction& t, ProcessSlot& me, ProcessId p, Tag timer) {
  TimerPlan& plan = timers_[timer];
  if (plan.kind == TimerPlan::Kind::never) return;
  const double rate = troubled() ? site(p).clock_rate : 1;
  std::uint32_t& armed = Records::armed(me)[timer];
  t.armed = static_cast<std::uint16_t>(t.armed + (armed == 0));
  if (++tokens_ == 0) ++tokens_;
  armed = tokens_;
  const std::uint64_t order = EventKey::order_of(EventKey::Class::timeout, sequence_++);
  if (plan.kind == TimerPlan::Kind::constant && rate == 1) [[likely]] {
    const std::int64_t expires = now_ + plan.length_ns;
    plan.armed.push({expires, order, &t, tokens_, p},
                    [&](const ArmedTimeout& x) { return is_live(x, timer); });
    if (expires < fed_until_) [[unlikely]]
      feed_timers(fed_until_);
    return;
  }
  std::uint32_t n = 0;
  if (plan.kind == TimerPlan::Kind::random) n = records_.rearmed(me)[timer]++;
  DrawWords words(draws_,
                  {t.number, Purpose::timeout, static_cast<std::uint32_t>(p) << 8 | timer, n});
  const std::uint32_t handle = happenings_.add();
  happenings_[handle] = {&t, Happening::head_of(Happening::Kind::timer, timer, 0, p), 0, tokens_,
                         0};
  ++t.pending;
  const std::int64_t takes = stretched(plan.length.sample(words).count(), 1 / rate);
  events_.push({now_ + takes, order | handle});
}

template <class Events>
void Simulator<Events>::disarm(Transaction& t, ProcessSlot& me, Tag timer) {
  std::uint32_t& armed = Records::armed(me)[timer];
  t.armed = static_cast<std::uint16_t>(t.armed - (armed != 0));
  armed = 0;
}

/// The handler asked for a decision: the process knows it now, even if a force holds it up.
template <class Events>
void Simulator<Events>::learn(Transaction& t, ProcessSlot& me, ProcessId p, AbortCause cause) {
  if (p == kCoordinator && t.coordinator == Outcome::none && !me.learnt) t.cause = cause;
  me.learnt = true;
  if (me.in_doubt_since != ProcessSlot::kNotInDoubt) {
    leave_doubt(t, me);
  }
}

template <class Events>
void Simulator<Events>::leave_doubt(Transaction& t, ProcessSlot& me) {
  DrawnAhead::Sums& sums = records_.sums(t);
  sums.in_doubt_ns += static_cast<std::uint64_t>(now_ - me.in_doubt_since);
  ++sums.were_in_doubt;
  me.in_doubt_since = ProcessSlot::kNotInDoubt;
  --t.in_doubt;
}

template <class Events>
void Simulator<Events>::decide(Transaction& t, ProcessSlot& me, ProcessId p, Outcome o,
                               AbortCause cause) {
  learn(t, me, p, cause);
  if (me.heuristic) return;  // its own decision stands
  tally_.decided(t, me, p, o, now_ - t.started, records_.sums(t).settled_at);
}

// ---- events
// --------------------------------------------------------------------------------------

template <class Events>
inline void Simulator<Events>::schedule(std::int64_t at, Transaction& t, std::uint64_t head,
                                        std::uint64_t word, std::uint32_t token) {
  const std::uint32_t handle = happenings_.add();
  Happening& h = happenings_[handle];
  h.transaction = &t;
  h.head = head;
  h.word = word;
  h.token = token;
  ++t.pending;
  events_.push({at, EventKey::order_of(EventKey::Class::delivery, sequence_++) | handle});
}

template <class Events>
bool Simulator<Events>::is_live(const ArmedTimeout& x, std::size_t timer) const {
  return Records::armed(records_.slot(*x.transaction, x.process))[timer] == x.token;
}

/// A time-out that was cancelled after it had been fed to the event list. It is no event: whether
/// it was fed before depends on the other transactions, and a fingerprint must not.
template <class Events>
bool Simulator<Events>::is_cancelled(const Happening& h) const {
  return Records::armed(records_.slot(*h.transaction, h.to()))[h.tag()] != h.token;
}

/// Moves the live constant time-outs that expire before `until` into the event list, with the order
/// they had when they were armed; true if there was one. With kForever: the earliest ones only.
template <class Events>
bool Simulator<Events>::feed_timers(std::int64_t until) {
  if (until == kForever) {
    for (std::size_t k = 0; k < timers_.size(); ++k) {
      TimeoutFifo& fifo = timers_[k].armed;
      while (!fifo.empty() && !is_live(fifo.front(), k)) fifo.pop();
      if (!fifo.empty()) until = std::min(until, fifo.front().at + feed_ahead_ns_);
    }
    if (until == kForever) return false;
  }
  for (std::size_t k = 0; k < timers_.size(); ++k) {
    TimeoutFifo& fifo = timers_[k].armed;
    for (; !fifo.empty() && fifo.front().at < until; fifo.pop()) {
      const ArmedTimeout& x = fifo.front();
      if (!is_live(x, k)) continue;
      const std::uint32_t handle = happenings_.add();
      happenings_[handle] = {
          x.transaction,
          Happening::head_of(Happening::Kind::timer, static_cast<Tag>(k), 0, x.process), 0, x.token,
          0};
      ++x.transaction->pending;
      events_.push({x.at, x.order | handle});
    }
  }
  fed_until_ = until;
  return true;
}

/// The words that nearly every transaction needs, drawn at its beginning; the same values as the
/// stateless draw.
template <class Events>
void Simulator<Events>::draw_ahead(Transaction& t) const {
  Philox::Block local{};
  for (ProcessId p = 1; p < processes_; ++p) {
    DrawnAhead& drawn = records_.drawn(records_.slot(t, p));
    const Philox::Block star = draws_.block(t.number, Purpose::link, p, 0);
    std::copy(star.begin(), star.end(), drawn.link);
    const bool odd = p % 2 != 0;
    if (odd) local = draws_.block(t.number, Purpose::local, (p - 1u) / 2, 0);
    drawn.vote = local[odd ? 0 : 2];
    drawn.local_work = local[odd ? 1 : 3];
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
