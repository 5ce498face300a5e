#pragma once
// Faults as the simulator performs them. Every transaction has sites of its own here.
#include "sim/engine/watcher.h"

namespace indoubt {

// ---- which faults strike
// ------------------------------------------------------------------------

/// At a transaction's beginning: sites up and logs empty, faults that concern it chosen, those that
/// come by themselves scheduled.
template <class Events>
void Simulator<Events>::begin_faults(Transaction& t) {
  trouble_.active = 0;
  const auto& rules = faults_.rules();
  for (std::size_t r = 0; r < rules.size(); ++r) {
    const Trigger& when = rules[r].fault->when;
    const auto& chosen = when.transactions;
    if (!chosen.empty() && !std::binary_search(chosen.begin(), chosen.end(), t.number)) continue;
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
    trouble_.active |= std::uint64_t{1} << r;
  }
  if (!troubled()) return;
  const std::uint64_t active = trouble_.active;
  trouble_ = {};
  trouble_.active = active;
  trouble_.since = now_;
  sites_.assign(processes_, {});
  logs_.assign(processes_, {});
  if (faults_.has_network_faults()) links_.assign(std::size_t{processes_} * processes_, {});
  cut_epoch_ = 0;
  for (std::size_t r = 0; r < rules.size(); ++r) {
    if (!concerns(t, r)) continue;
    const Trigger& when = rules[r].fault->when;
    if (rules[r].fault->kind == Fault::Kind::message) continue;
    switch (when.kind) {
      case Trigger::Kind::always: strike_all(t, r); break;
      case Trigger::Kind::at_point: break;
      case Trigger::Kind::at_time:
        trouble_.revivals += rules[r].fault->kind == Fault::Kind::outcome;
        schedule_fault(t, r, kCoordinator, now_ + when.time.count(), Happening::Kind::fault);
        break;
      case Trigger::Kind::random: schedule_random_fault(t, r, kCoordinator); break;
      case Trigger::Kind::trace:
        for (const auto& [from, until] : when.trace) {
          schedule_fault(t, r, kCoordinator, now_ + from.count(), Happening::Kind::fault);
          schedule_fault(t, r, kCoordinator, now_ + until.count(), Happening::Kind::repair);
        }
    }
  }
}

template <class Events>
bool Simulator<Events>::concerns(const Transaction&, std::size_t rule) const {
  return (trouble_.active >> rule & 1) != 0;
}

template <class Events>
bool Simulator<Events>::meets_conditions(const Transaction& t, const Trigger& when) const {
  const std::int64_t since = now_ - t.started;
  return since >= when.from.count() && (!when.until || since < when.until->count()) &&
         !(when.before_first_inquiry && trouble_.inquired);
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
  happenings_[handle] = {&t, Happening::head_of(kind, static_cast<Tag>(rule), 0, site), 0, 0, 0};
  events_.push({at, EventKey::order_of(EventKey::Class::delivery, sequence_++) | handle});
}

template <class Events>
void Simulator<Events>::schedule_random_fault(Transaction& t, std::size_t rule, ProcessId site) {
  const std::uint32_t n = ++trouble_.seen[rule];
  DrawWords words(draws_, {t.number, Purpose::failure, static_cast<std::uint32_t>(rule), n});
  const std::int64_t gap = faults_.rules()[rule].fault->when.gap->sample(words).count();
  schedule_fault(t, rule, site, now_ + gap, Happening::Kind::fault);
}

template <class Events>
void Simulator<Events>::handle_fault(const Happening& h) {
  Transaction& t = *h.transaction;
  if (t.finished || now_ - t.started > horizon_ns_) return;
  ++tally_.totals.events;
  std::uint64_t f = t.fingerprint ^ static_cast<std::uint64_t>(now_ - t.started);
  f = (f ^ h.head * 0xD6E8FEB86659FD93u) * 0x9E3779B97F4A7C15u;
  t.fingerprint = f ^ f >> 32;
  ++t.pending;  // this call
  const std::size_t rule = h.tag();
  const Trigger& when = faults_.rules()[rule].fault->when;
  switch (h.kind()) {
    case Happening::Kind::fault:
      if (meets_conditions(t, when)) strike_all(t, rule);
      break;
    case Happening::Kind::repair: end_fault(t, rule, h.to()); break;
    case Happening::Kind::heuristic:
      --trouble_.revivals;
      decide_alone(t, h.to(), rule);
      break;
    default: break;
  }
  if (!t.finished) watch_blocking(t, nullptr);
  release(t);
}

/// Strikes everything that the fault names.
template <class Events>
void Simulator<Events>::strike_all(Transaction& t, std::size_t rule) {
  const FaultPlan::Rule& r = faults_.rules()[rule];
  switch (r.fault->kind) {
    case Fault::Kind::crash:
      for (const ProcessId site : r.sites) strike(t, rule, site);
      if (r.fault->when.kind == Trigger::Kind::random && !r.fault->lasts) return;
      break;
    case Fault::Kind::partition:
    case Fault::Kind::cut:
    case Fault::Kind::slow_link:
    case Fault::Kind::stall: return change_links(t, rule, true);
    case Fault::Kind::slow_site:
      for (const ProcessId site : r.sites) sites_[site].slowness *= r.fault->factor;
      break;
    case Fault::Kind::clock:
      for (const ProcessId site : r.sites) sites_[site].clock_rate = r.fault->drift;
      return;
    case Fault::Kind::outcome:
      trouble_.revivals -= r.fault->when.kind == Trigger::Kind::at_time;
      for (ProcessId p = 1; p <= participants_.size(); ++p)
        if (r.at[p]) decide_alone(t, p, rule);
      return;
    case Fault::Kind::heuristic:
    case Fault::Kind::message:
    case Fault::Kind::disk: return;
  }
  if (r.fault->kind == Fault::Kind::crash || !r.fault->lasts) return;
  schedule_fault(t, rule, kCoordinator, now_ + repair_time(t, rule, 0), Happening::Kind::repair);
}

template <class Events>
std::int64_t Simulator<Events>::repair_time(Transaction& t, std::size_t rule, ProcessId site) {
  const std::uint32_t entity = static_cast<std::uint32_t>(rule) << 16 | site;
  DrawWords words(draws_, {t.number, Purpose::repair, entity, trouble_.repairs++});
  return faults_.rules()[rule].fault->lasts->sample(words).count();
}

/// One site of a crash that may take several, each with its own probability.
template <class Events>
void Simulator<Events>::strike(Transaction& t, std::size_t rule, ProcessId site) {
  const Fault& fault = *faults_.rules()[rule].fault;
  if (fault.each < 1) {
    const std::uint64_t n =
        std::uint64_t{1} << 32 | std::uint64_t{site} << 16 | trouble_.seen[rule];
    const DrawPlace place{t.number, Purpose::fault, static_cast<std::uint32_t>(rule), n};
    if (unit_uniform(draws_.word(place)) >= fault.each) return;
  }
  crash(t, rule, site);
}

// ---- crash and restart
// --------------------------------------------------------------------------

template <class Events>
void Simulator<Events>::crash(Transaction& t, std::size_t rule, ProcessId where) {
  SiteState& state = sites_[where];
  if (!state.up) return;
  const Fault& fault = *faults_.rules()[rule].fault;
  state.up = false;
  state.holds_messages = fault.messages_held;
  ++state.incarnation;
  trouble_.crashed = true;
  for (ProcessId p = 0; p < processes_; ++p)
    if (network_.site_of(p) == where) drop_process(t, p, fault.log_lost);
  if (options_.observer) options_.observer->on_crash(at(t, where));
  state.restarts_at = SiteState::kNever;
  if (fault.when.kind == Trigger::Kind::trace) return;  // its end is in the list
  if (!fault.lasts) return;
  state.restarts_at = now_ + repair_time(t, rule, where);
  ++trouble_.revivals;
  schedule_fault(t, rule, where, state.restarts_at, Happening::Kind::repair);
}

/// Volatile state is gone: what waited for a force, inputs held back, timers, local work.
template <class Events>
void Simulator<Events>::drop_process(Transaction& t, ProcessId p, bool log_lost) {
  ProcessSlot& slot = records_.slot(t, p);
  for (Tag k = 0; k < timers_.size(); ++k) disarm(t, slot, k);
  drop_held(t, slot);
  slot.working = false;
  logs_[p].crash(site(p).durable, log_lost);
  machine_.construct(records_.state(slot));
  // It had learnt a decision that it could not make its own in time.
  if (slot.learnt && slot.decided == Outcome::none) {
    slot.learnt = false;
    if (p == kCoordinator || !slot.voted_yes) return;
    slot.in_doubt_since = now_;
    ++t.in_doubt;
  }
}

template <class Events>
void Simulator<Events>::restart(Transaction& t, ProcessId where) {
  SiteState& state = sites_[where];
  if (state.up) return;
  state.up = true;
  if (options_.observer) options_.observer->on_restart(at(t, where));
  for (ProcessId p = 0; p < processes_; ++p) {
    if (network_.site_of(p) != where || !state.up) continue;
    step(t, records_.slot(t, p), Input::recovery(logs_[p].last(), p));
  }
}

template <class Events>
void Simulator<Events>::end_fault(Transaction& t, std::size_t rule, ProcessId where) {
  const FaultPlan::Rule& r = faults_.rules()[rule];
  const bool random = r.fault->when.kind == Trigger::Kind::random;
  switch (r.fault->kind) {
    case Fault::Kind::crash:
      if (r.fault->when.kind == Trigger::Kind::trace) {
        for (const ProcessId site : r.sites) restart(t, site);
        return;
      }
      if (trouble_.revivals != 0) --trouble_.revivals;
      restart(t, where);
      if (random && where == r.sites.front()) schedule_random_fault(t, rule, where);
      return;
    case Fault::Kind::slow_site:
      for (const ProcessId site : r.sites) sites_[site].slowness /= r.fault->factor;
      break;
    default: change_links(t, rule, false);
  }
  if (random) schedule_random_fault(t, rule, where);
}

// ---- the network
// --------------------------------------------------------------------------------

template <class Events>
void Simulator<Events>::change_links(Transaction& t, std::size_t rule, bool begins) {
  const FaultPlan::Rule& r = faults_.rules()[rule];
  const Fault& fault = *r.fault;
  const bool cuts = fault.kind == Fault::Kind::partition || fault.kind == Fault::Kind::cut;
  std::int64_t lasts = SiteState::kNever - now_;
  if (begins && fault.lasts) {
    lasts = repair_time(t, rule, 0);
    schedule_fault(t, rule, kCoordinator, now_ + lasts, Happening::Kind::repair);
  }
  if (cuts && begins) ++cut_epoch_;
  if (cuts && fault.lasts) trouble_.revivals += begins ? 1u : ~0u;
  if (cuts) t.lost_message = true;  // a failure, whether or not a message met it
  for (const auto& [from, to] : r.links) {
    LinkTrouble& link = links_[std::size_t{from} * processes_ + to];
    if (cuts) {
      link.cuts += begins ? 1u : ~0u;
      if (begins) link.cut_epoch = cut_epoch_;
      if (!fault.lasts) link.endless = 1;
    } else if (fault.kind == Fault::Kind::slow_link) {
      link.slowness = begins ? link.slowness * fault.factor : link.slowness / fault.factor;
    } else {
      link.stalled_until = begins ? now_ + lasts : now_;
    }
  }
}

/// Chosen messages: lost (true), sent twice, delayed or held.
template <class Events>
bool Simulator<Events>::meets_mishap(Transaction& t, ProcessId from, ProcessId to, Message m,
                                     std::int64_t& departs, bool& twice) {
  const std::pair link{network_.site_of(from), network_.site_of(to)};
  bool lost = false;
  for (std::size_t r = 0; r < faults_.rules().size(); ++r) {
    const FaultPlan::Rule& rule = faults_.rules()[r];
    const Fault& fault = *rule.fault;
    if (fault.kind != Fault::Kind::message || !concerns(t, r)) continue;
    if (!fault.type.empty() && fault.type != machine_.message_name(m)) continue;
    if (std::find(rule.links.begin(), rule.links.end(), link) == rule.links.end()) continue;
    const std::uint32_t n = ++trouble_.seen[r];
    if (fault.nth != 0 && n != static_cast<std::uint32_t>(fault.nth)) continue;
    if (!meets_conditions(t, fault.when) || !strikes_now(t, r, n)) continue;
    DrawWords words(draws_, {t.number, Purpose::repair, static_cast<std::uint32_t>(r), n});
    switch (fault.action) {
      case Fault::Action::lose: lost = true; break;
      case Fault::Action::duplicate: twice = true; break;
      case Fault::Action::delay:
      case Fault::Action::hold: departs += fault.delay.sample(words).count(); break;
    }
  }
  return lost;
}

/// Whether what was under way does not come about: its site has crashed since, or it meets a site
/// that is down, a cut or a stalled link.
template <class Events>
bool Simulator<Events>::is_void(Transaction& t, const Happening& h) {
  const ProcessId to = h.to();
  const SiteState& state = site(to);
  if (h.kind() == Happening::Kind::prepared || h.kind() == Happening::Kind::durable) {
    return h.token != state.incarnation;
  }
  if (h.kind() != Happening::Kind::deliver) return !state.up;
  const ProcessId from = Input::from_words(h.head, h.word).from();
  const auto lose = [&] {
    t.lost_message = true;
    ++tally_.totals.lost;
    if (options_.observer) options_.observer->on_loss(at(t, from), to, Message{h.word});
    return true;
  };
  if (faults_.has_network_faults()) {
    const LinkTrouble& link = link_trouble(from, to);
    if (link.cuts != 0 || link.cut_epoch > h.token) return lose();
    if (now_ < link.stalled_until) {
      if (link.stalled_until == SiteState::kNever) return lose();
      schedule(link.stalled_until, t, h.head, h.word, h.token);
      return true;
    }
  }
  if (state.up) return false;
  if (!state.holds_messages || state.restarts_at == SiteState::kNever) return lose();
  schedule(state.restarts_at, t, h.head, h.word, h.token);
  return true;
}

// ---- steps
// --------------------------------------------------------------------------------------

template <class Events>
void Simulator<Events>::step_watched(Transaction& t, ProcessSlot& me, Input in) {
  Watcher watcher(*this, t, me, in);
  if (!watcher.strikes_instead()) machine_.step(records_.state(me), in, watcher);
  if (watcher.crashed()) crash_at_point(t, watcher.crash_rule(), in.self());
  if (options_.observer) [[unlikely]] {
    options_.observer->on_state(at(t, in.self()), machine_.state_name(records_.state(me)));
  }
}

/// A crash at a point takes the site that came to it; one of several sites takes them all.
template <class Events>
void Simulator<Events>::crash_at_point(Transaction& t, std::size_t rule, ProcessId p) {
  crash(t, rule, network_.site_of(p));
}

template <class Events>
void Simulator<Events>::resume_watched(Transaction& t, ProcessSlot& me, ProcessId p,
                                       const Continuation& c) {
  SiteState& state = site(p);
  state.durable = std::max(state.durable, c.number);
  Watcher watcher(*this, t, me, c.input);
  watcher.durable(c.rest[0].word);
  c.rest.replay(watcher, 1);
  if (watcher.crashed()) crash_at_point(t, watcher.crash_rule(), p);
}

template <class Events>
void Simulator<Events>::write_record(ProcessId p, RecordWord record, bool durable) {
  SiteState& state = site(p);
  logs_[p].write(record, ++state.written, state.durable);
  if (durable) state.durable = state.written;
}

/// A participant in doubt decides without the protocol: by itself, or an operator does.
template <class Events>
void Simulator<Events>::decide_alone(Transaction& t, ProcessId p, std::size_t rule) {
  ProcessSlot& slot = records_.slot(t, p);
  if (slot.in_doubt_since == ProcessSlot::kNotInDoubt || !site(p).up) return;
  slot.heuristic = true;
  const Outcome o = faults_.rules()[rule].fault->outcome;
  learn(t, slot, p, AbortCause::other);
  tally_.decided(t, slot, p, o, now_ - t.started, records_.sums(t).settled_at);
}

// ---- blocking
// -----------------------------------------------------------------------------------

template <class Events>
void Simulator<Events>::account_blocked(Transaction&, std::uint32_t blocked) {
  const auto passed = static_cast<std::uint64_t>(now_ - trouble_.since);
  if (trouble_.blocked != 0) trouble_.blocked_ns += passed;
  trouble_.blocked_sum_ns += passed * trouble_.blocked;
  trouble_.since = now_;
  trouble_.blocked = blocked;
  trouble_.most_blocked = std::max<std::uint64_t>(trouble_.most_blocked, blocked);
  trouble_.was_blocked = trouble_.was_blocked || blocked != 0;
}

/// After each event of a transaction that faults concern: who is blocked now, and whether anything
/// is left to wait for.
template <class Events>
void Simulator<Events>::watch_blocking(Transaction& t, const Happening* current) {
  bool broken = t.lost_message;
  for (const SiteState& s : sites_) broken = broken || !s.up;
  std::uint32_t blocked = 0;
  bool hope = true;
  if (broken && t.in_doubt != 0) {
    const std::vector<bool>& can = prospects(t, current);
    hope = false;
    for (ProcessId p = 0; p < processes_; ++p) {
      const ProcessSlot& slot = records_.slot(t, p);
      const bool in_doubt = slot.in_doubt_since != ProcessSlot::kNotInDoubt;
      hope = hope || (can[p] && slot.decided == Outcome::none);
      if (p != kCoordinator && in_doubt && site(p).up && !can[p]) ++blocked;
    }
  }
  account_blocked(t, blocked);
  if (!hope && trouble_.revivals == 0) retire(t);
}

}  // namespace indoubt
