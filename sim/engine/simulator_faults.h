#pragma once
// Which faults strike, when, and what a step meets of them.
#include "sim/engine/watcher.h"

namespace indoubt {

// ---- which faults strike
// ------------------------------------------------------------------------

/// Sites up, logs empty, links whole: for a transaction with sites of its own, or for the run.
template <class Events>
void Simulator<Events>::begin_sites() {
  sites_.assign(processes_, {});
  if (faults_.has_network_faults() || network_.fifo())
    links_.assign(std::size_t{processes_} * processes_, {});
  cut_epoch_ = 0;
  slow_ = {};
}

/// Gives a transaction, or the run, its Trouble; none to one with sites of its own that no fault
/// concerns and that nothing makes wait, unless who is blocked is watched all the same.
template <class Events>
void Simulator<Events>::open_trouble(Transaction& t) {
  if (free_troubles_.empty()) {
    troubles_.push_back(std::make_unique<Trouble>());
    free_troubles_.push_back(static_cast<std::uint32_t>(troubles_.size()));
  }
  t.trouble = free_troubles_.back();
  Trouble& own = trouble(t);
  own.begin(&t, processes_, faults_.has_jumps() ? timers_.size() : 0);
  own.since = now_;
  choose_faults(t);
  if (shared() || waits_ || retraces_ || own.active != 0) {
    free_troubles_.pop_back();
    return;
  }
  own.transaction = nullptr;
  t.trouble = 0;
}

template <class Events>
void Simulator<Events>::choose_faults(Transaction& t) {
  const auto& rules = faults_.rules();
  for (std::size_t r = 0; r < rules.size(); ++r) {
    const Trigger& when = rules[r].fault->when;
    const auto& chosen = when.transactions;
    if (&t != run_ && !chosen.empty() &&
        !std::binary_search(chosen.begin(), chosen.end(), t.number))
      continue;
    const bool each_time =
        when.kind == Trigger::Kind::at_point &&
        (when.point.where == Point::Where::each_send || when.point.where == Point::Where::per_step);
    const bool per_message =
        rules[r].fault->kind == Fault::Kind::message || rules[r].fault->kind == Fault::Kind::disk;
    const DrawPlace place{t.number, Purpose::fault, static_cast<std::uint32_t>(r), 0};
    if (!each_time && !per_message && when.probability < 1 &&
        unit_uniform(draws_.word(place)) >= when.probability) {
      continue;
    }
    trouble(t).active |= std::uint64_t{1} << r;
  }
}

template <class Events>
void Simulator<Events>::close_trouble(Transaction& t) {
  --live_;
  if (!troubled(t)) return;
  trouble(t).transaction = nullptr;
  free_troubles_.push_back(t.trouble);
}

/// Those that come by themselves. `carrier`: the transaction whose sites they strike, or the run.
template <class Events>
void Simulator<Events>::schedule_faults(Transaction& carrier) {
  const auto& rules = faults_.rules();
  for (std::size_t r = 0; r < rules.size(); ++r) {
    if (!concerns(carrier, r)) continue;
    const Trigger& when = rules[r].fault->when;
    if (rules[r].fault->kind == Fault::Kind::message) continue;
    if (rules[r].fault->kind == Fault::Kind::clock)  // drift is there from the beginning on
      for (const ProcessId site : rules[r].sites) sites_[site].clock_rate *= rules[r].fault->drift;
    switch (when.kind) {
      case Trigger::Kind::always: strike_all(carrier, r); break;
      case Trigger::Kind::at_point: break;
      case Trigger::Kind::at_time:
        trouble(carrier).verdicts += rules[r].fault->kind == Fault::Kind::outcome;
        schedule_fault(carrier, r, kCoordinator, now_ + when.time.count(), Happening::Kind::fault);
        break;
      case Trigger::Kind::random: schedule_random_fault(carrier, r, kCoordinator); break;
      case Trigger::Kind::trace:
        for (const auto& [from, until] : when.trace) {
          schedule_fault(carrier, r, kCoordinator, now_ + from.count(), Happening::Kind::fault);
          schedule_fault(carrier, r, kCoordinator, now_ + until.count(), Happening::Kind::repair);
        }
    }
  }
}

template <class Events>
bool Simulator<Events>::concerns(const Transaction& t, std::size_t rule) const {
  return (trouble(t).active >> rule & 1) != 0;
}

template <class Events>
bool Simulator<Events>::meets_conditions(const Transaction& t, const Trigger& when) const {
  const std::int64_t since = now_ - t.started;
  return since >= when.from.count() && (!when.until || since < when.until->count()) &&
         !(when.before_first_inquiry && trouble(t).inquired);
}

/// For faults that are drawn each time: the n-th draw.
template <class Events>
bool Simulator<Events>::strikes_now(Transaction& t, std::size_t rule, std::uint64_t n) {
  const double probability = faults_.rules()[rule].fault->when.probability;
  return probability >= 1 ||
         unit_uniform(draws_.word(
             {t.number, Purpose::mishap, static_cast<std::uint32_t>(rule), n})) < probability;
}

// ---- when they strike
// ---------------------------------------------------------------------------

/// Faults to come do not keep a transaction alive; ends of faults do (see Trouble::revivals).
template <class Events>
void Simulator<Events>::schedule_fault(Transaction& t, std::size_t rule, ProcessId site,
                                       std::int64_t at, Happening::Kind kind) {
  const std::uint32_t handle = happenings_.add();
  happenings_[handle] = {&t, Happening::head_of(kind, static_cast<Tag>(rule), 0, site), 0,
                         static_cast<std::uint32_t>(t.number), 0};
  events_.push({at, EventKey::order_of(EventKey::Class::delivery, sequence_++) | handle});
}

template <class Events>
void Simulator<Events>::schedule_random_fault(Transaction& carrier, std::size_t rule,
                                              ProcessId site) {
  const std::uint32_t n = ++trouble(carrier).seen[rule];
  DrawWords words(draws_, {carrier.number, Purpose::failure, static_cast<std::uint32_t>(rule), n});
  const std::int64_t gap = faults_.rules()[rule].fault->when.gap->sample(words).count();
  schedule_fault(carrier, rule, site, now_ + gap, Happening::Kind::fault);
}

template <class Events>
void Simulator<Events>::handle_fault(const Happening& h) {
  Transaction& t = *h.transaction;
  if (static_cast<std::uint32_t>(t.number) != h.token || t.finished) return;  // an earlier one's
  const bool nobody_comes = stopped_ || (!more_to_arrive() && begun_ == scheduled_);
  if (&t == run_ && live_ == 0 && nobody_comes) return;
  if (&t != run_ && now_ - t.started > horizon_ns_) {  // what it waited for comes too late
    ++t.pending;
    if (alone_) now_ = t.started + horizon_ns_;
    return expire(t, nullptr);
  }
  ++tally_.totals.events;
  std::uint64_t f = t.fingerprint ^ static_cast<std::uint64_t>(now_ - t.started);
  f = (f ^ h.head * 0xD6E8FEB86659FD93u) * 0x9E3779B97F4A7C15u;
  t.fingerprint = f ^ f >> 32;
  ++t.pending;  // this call
  const std::size_t rule = h.tag();
  const Trigger& when = faults_.rules()[rule].fault->when;
  switch (h.kind()) {
    case Happening::Kind::fault:
      if (meets_conditions(t, when))
        strike_all(t, rule);
      else if (when.kind == Trigger::Kind::random &&
               (!when.until || now_ - t.started < when.until->count()))
        schedule_random_fault(t, rule, h.to());
      break;
    case Happening::Kind::repair: end_fault(t, rule, h.to()); break;
    case Happening::Kind::heuristic:
      --trouble(t).verdicts;
      decide_alone(t, h.to(), rule);
      break;
    default: break;
  }
  if (&t != run_ && !t.finished) watch_blocking(t);
  release(t);
  if (shared()) sweep();
}

/// Strikes everything that the fault names. `t`: whose point it was, or a carrier.
template <class Events>
void Simulator<Events>::strike_all(Transaction& t, std::size_t rule) {
  Transaction& sites_of = carrier(t);
  const FaultPlan::Rule& r = faults_.rules()[rule];
  switch (r.fault->kind) {
    case Fault::Kind::crash: strike_sites(sites_of, rule); return;
    case Fault::Kind::partition:
    case Fault::Kind::cut:
    case Fault::Kind::slow_link:
    case Fault::Kind::stall: return change_links(sites_of, rule, true);
    case Fault::Kind::slow_site:
      tell_fault(rule, true);
      count_slow(rule, true);
      for (const ProcessId site : r.sites) sites_[site].slowness = slowness_of_site(site);
      break;
    case Fault::Kind::clock:
      if (r.fault->jump == Duration{0}) return;
      tell_fault(rule, true);
      return jump_clocks(rule);
    case Fault::Kind::outcome:
      if (r.fault->when.kind == Trigger::Kind::at_time) --trouble(t).verdicts;
      for_each_live([&](Transaction& each) {
        const auto& chosen = r.fault->when.transactions;
        if (!chosen.empty() && !std::binary_search(chosen.begin(), chosen.end(), each.number))
          return;
        for (ProcessId p = 1; p <= participants_.size(); ++p)
          if (r.at[p]) decide_alone(each, p, rule);
      });
      return;
    case Fault::Kind::heuristic:
    case Fault::Kind::message:
    case Fault::Kind::disk: return;
  }
  if (!r.fault->lasts) return;
  schedule_fault(sites_of, rule, kCoordinator, now_ + repair_time(sites_of, rule, 0),
                 Happening::Kind::repair);
}

template <class Events>
void Simulator<Events>::tell_fault(std::size_t rule, bool begins) {
  if (options_.observer == nullptr) return;
  for_each_live(
      [&](Transaction& t) { options_.observer->on_fault(at(t, kCoordinator), rule, begins); });
}

template <class Events>
std::int64_t Simulator<Events>::repair_time(Transaction& carrier, std::size_t rule,
                                            ProcessId site) {
  const std::uint32_t entity = static_cast<std::uint32_t>(rule) << 16 | site;
  DrawWords words(draws_, {carrier.number, Purpose::repair, entity, trouble(carrier).repairs++});
  return faults_.rules()[rule].fault->lasts->sample(words).count();
}

/// When what begins now ends: virtual time, or never. Schedules the end, unless a list has it. A
/// site that comes back at once only to crash again, for ever, stays down until its transactions
/// are over.
template <class Events>
std::int64_t Simulator<Events>::end_of(Transaction& carrier, std::size_t rule, ProcessId site) {
  const Fault& fault = *faults_.rules()[rule].fault;
  if (fault.when.kind == Trigger::Kind::trace) {
    for (const auto& [from, until] : fault.when.trace)
      if (now_ < carrier.started + until.count()) return carrier.started + until.count();
    return SiteState::kNever;
  }
  if (!fault.lasts) return SiteState::kNever;
  std::int64_t at = now_ + repair_time(carrier, rule, site);
  if (at == now_ && sites_[site].restarts_at_once >= kMostAtOnce) at += horizon_ns_ + 1;
  schedule_fault(carrier, rule, site, at, Happening::Kind::repair);
  return at;
}

template <class Events>
void Simulator<Events>::strike_sites(Transaction& carrier, std::size_t rule) {
  const FaultPlan::Rule& r = faults_.rules()[rule];
  std::uint16_t struck = 0;
  for (const ProcessId site : r.sites)
    struck = static_cast<std::uint16_t>(struck + strike(carrier, rule, site));
  trouble(carrier).down[rule] = struck;
  const bool random = r.fault->when.kind == Trigger::Kind::random;
  if (random && struck == 0) schedule_random_fault(carrier, rule, r.sites.front());
}

/// One site of a crash that may take several, each with its own probability.
template <class Events>
bool Simulator<Events>::strike(Transaction& carrier, std::size_t rule, ProcessId site) {
  const Fault& fault = *faults_.rules()[rule].fault;
  if (fault.each < 1) {
    const std::uint64_t n =
        std::uint64_t{1} << 32 | std::uint64_t{site} << 16 | trouble(carrier).seen[rule];
    const DrawPlace place{carrier.number, Purpose::fault, static_cast<std::uint32_t>(rule), n};
    if (unit_uniform(draws_.word(place)) >= fault.each) return false;
  }
  return crash(carrier, rule, site);
}

template <class Events>
void Simulator<Events>::end_fault(Transaction& carrier, std::size_t rule, ProcessId where) {
  const FaultPlan::Rule& r = faults_.rules()[rule];
  const bool random = r.fault->when.kind == Trigger::Kind::random;
  switch (r.fault->kind) {
    case Fault::Kind::disk:
    case Fault::Kind::crash:
      if (r.fault->when.kind == Trigger::Kind::trace) {
        for (const ProcessId site : r.sites) lift(carrier, rule, site);
        return;
      }
      lift(carrier, rule, where);
      if (random && --trouble(carrier).down[rule] == 0) schedule_random_fault(carrier, rule, where);
      return;
    case Fault::Kind::slow_site:
      tell_fault(rule, false);
      count_slow(rule, false);
      for (const ProcessId site : r.sites) sites_[site].slowness = slowness_of_site(site);
      break;
    default: change_links(carrier, rule, false);
  }
  if (random) schedule_random_fault(carrier, rule, where);
}

// ---- steps
// --------------------------------------------------------------------------------------

template <class Events>
void Simulator<Events>::step_watched(Transaction& t, ProcessSlot& me, Input in) {
  if (may_lead(t, in.self())) begin_leading(t, me, false);
  Watcher watcher(*this, t, me, in);
  if (!watcher.strikes_instead()) machine_.step(records_.state(me), in, watcher);
  if (noting_) end_leading(t, me);
  if (options_.observer) [[unlikely]]  // before a crash clears it
    options_.observer->on_state(at(t, in.self()), machine_.state_name(records_.state(me)));
  if (watcher.crashed()) crash(carrier(t), watcher.crash_rule(), network_.site_of(in.self()));
}

template <class Events>
void Simulator<Events>::resume_watched(Transaction& t, ProcessSlot& me, ProcessId p,
                                       const Continuation& c) {
  SiteState& state = site(p);
  const std::uint64_t shared_write = scenario_.disk.group_commit ? state.disk.durable_at(now_) : 0;
  state.durable = std::max({state.durable, c.number, shared_write});
  if (!faults_.has_points()) {
    Performer performer(*this, t, me, c.input);
    return c.rest.replay(performer, 1);
  }
  Watcher watcher(*this, t, me, c.input);
  watcher.durable(c.rest[0].word);
  c.rest.replay(watcher, 1);
  if (noting_) end_leading(t, me);
  if (watcher.crashed()) crash(carrier(t), watcher.crash_rule(), network_.site_of(p));
}

/// A participant in doubt decides without the protocol: by itself, or an operator does. One whose
/// site is down does so as soon as it is up again, unless it learns the decision then.
template <class Events>
void Simulator<Events>::decide_alone(Transaction& t, ProcessId p, std::size_t rule) {
  ++upheavals_;
  ProcessSlot& slot = records_.slot(t, p);
  const Fault& fault = *faults_.rules()[rule].fault;
  if (slot.in_doubt_since == ProcessSlot::kNotInDoubt) return;
  if (!site(p).up) {
    trouble(t).overdue.emplace_back(p, rule);
    return;
  }
  slot.heuristic = true;
  free_data(t, slot, p);
  learn(t, slot, p, AbortCause::heuristic);
  if (options_.observer != nullptr) options_.observer->on_verdict(at(t, p), fault.outcome);
  tally_.decided(t, slot, p, fault.outcome, AbortCause::heuristic, now_ - t.started,
                 records_.sums(t).settled_at);
}

/// A participant is up again, and its recovery has not told it the decision.
template <class Events>
void Simulator<Events>::decide_overdue(Transaction& t, ProcessId p) {
  auto& overdue = trouble(t).overdue;
  for (std::size_t i = 0; i < overdue.size(); ++i)
    if (overdue[i].first == p) decide_alone(t, p, overdue[i].second);
  std::erase_if(overdue, [p](const auto& due) { return due.first == p; });
}

}  // namespace indoubt
