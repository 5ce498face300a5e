#pragma once
// How transactions end, who is blocked meanwhile, and what is judged at the end.
#include <algorithm>
#include <bit>

#include "sim/engine/simulator.h"

namespace indoubt {

/// Something of a transaction would happen after its horizon: it ends, undecided or not, as it is.
/// `late`: the event that came, or null.
template <class Events>
void Simulator<Events>::expire(Transaction& t, const Happening* late) {
  const bool undecided = t.coordinator == Outcome::none && t.first == Outcome::none;
  judge_termination(t, late);
  if (!troubled(t) && t.in_doubt != 0) note_blocked(t, late);
  stop(t, undecided && !anyone_can_decide(t, late) ? Ending::retired : Ending::horizon);
  release(t);
}

/// Nothing is left to happen in the run: who still waits does so for ever, and ends at its horizon.
/// False if nobody does.
template <class Events>
bool Simulator<Events>::expire_waiting() {
  if (!shared() || live_ == 0) return false;
  for_each_live([&](Transaction& t) {
    now_ = std::max(now_, t.started + horizon_ns_);
    ++t.pending;
    expire(t, nullptr);
  });
  return true;
}

/// AC5: once every site that restarts has restarted and every cut that ends has healed, each
/// process can still decide. Void while something stays down or cut; a link that loses every
/// message is cut.
template <class Events>
void Simulator<Events>::judge_termination(Transaction& t, const Happening* current) {
  const auto last = static_cast<ProcessId>(participants_.size());
  if (retraces_) return;
  if (t.coordinator != Outcome::none && t.committed + t.aborted == last) return;
  if (!network_.dead_links().empty()) return;
  if (troubled(t)) {
    for (const SiteState& s : sites_)
      if (!s.up && s.restarts_at == SiteState::kNever) return;
    for (const LinkTrouble& link : links_)
      if (link.endless != 0) return;
  }
  const bool up = !troubled(t) || all_up();
  if (current == nullptr && t.pending == 0 && t.armed == 0 && up) {
    return never_decides(t, {});
  }
  describe(t, true);
  add_flights(t, current);
  never_decides(t, prospects_.can_decide(situation_));
}

/// Reports the first process that has not decided and cannot any more; empty `can`: nobody can.
template <class Events>
void Simulator<Events>::never_decides(Transaction& t, const std::vector<bool>& can) {
  const auto should = [&](ProcessId p) {
    return machine_.traits.decides(p) && !(p < can.size() && can[p]);
  };
  if (const auto p = first_undecided(facts_of(t, Ending::over), should))
    tally_.never_decides(t, *p, now_ - t.started);
}

template <class Events>
bool Simulator<Events>::all_up() const {
  return std::all_of(sites_.begin(), sites_.end(), [](const SiteState& s) { return s.up; });
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
  add_flights(t, current);
  return prospects_.can_decide(situation_);
}

/// Processes and dead links of a transaction; what is in flight is added by the caller.
template <class Events>
void Simulator<Events>::describe(Transaction& t, bool repaired) {
  situation_.clear();
  for (ProcessId p = 0; p < processes_; ++p) {
    if (troubled(t) && !site(p).up) {
      if (repaired) situation_.add_recovery(p, trouble(t).logs[p].last());
      continue;
    }
    ProcessSlot& slot = records_.slot(t, p);
    std::uint32_t armed = 0;
    for (Tag k = 0; k < timers_.size(); ++k) {
      if (Records::armed(slot)[k] != 0) armed |= std::uint32_t{1} << k;
    }
    situation_.add_process(p, records_.state(slot), machine_.state_size, armed, works(slot, p));
    if (slot.continuation != 0)
      situation_.add_effects(continuations_[slot.continuation - 1]->rest, 1);
  }
  for (const auto& [from, to] : network_.dead_links()) situation_.add_cut(from, to);
  if (repaired || !troubled(t) || !faults_.has_network_faults()) return;
  for (ProcessId from = 0; from < processes_; ++from)
    for (ProcessId to = 0; to < processes_; ++to)
      if (from != to && link_trouble(from, to).cuts != 0) situation_.add_cut(from, to);
}

template <class Events>
void Simulator<Events>::note_flight(Transaction& t, std::uint32_t handle) {
  auto& flights = trouble(t).in_flight;
  flights.push_back(handle);
  if (flights.size() > kFlightsKept && flights.size() > 4 * std::size_t{t.pending}) tidy_flights(t);
}

/// Drops the handles of what is over.
template <class Events>
void Simulator<Events>::tidy_flights(Transaction& t) {
  auto& flights = trouble(t).in_flight;
  std::sort(flights.begin(), flights.end());
  flights.erase(std::unique(flights.begin(), flights.end()), flights.end());
  std::erase_if(flights, [&](std::uint32_t h) { return happenings_[h].transaction != &t; });
}

/// Messages of t under way, held back or waiting for a processor.
template <class Events>
void Simulator<Events>::add_flights(Transaction& t, const Happening* current) {
  const auto add = [&](const Happening& h) {
    if (h.kind() == Happening::Kind::deliver || h.kind() == Happening::Kind::handled)
      situation_.add_message(h.from(), h.to(), Message{h.word});
  };
  if (current != nullptr) add(*current);
  if (!troubled(t)) return happenings_.for_each_of(t, add);
  tidy_flights(t);
  for (const std::uint32_t handle : trouble(t).in_flight) add(happenings_[handle]);
}

/// What is still in doubt, holds its data or waits for a record does so no longer.
template <class Events>
void Simulator<Events>::leave_all(Transaction& t) {
  for (ProcessId p = 1; p < processes_; ++p) {
    ProcessSlot& slot = records_.slot(t, p);
    if (slot.queued) trouble(t).ends_waiting = true;
    free_data(t, slot, p);
    if (slot.in_doubt_since == ProcessSlot::kNotInDoubt) continue;
    if (slot.in_doubt_and_down) trouble(t).ends_down_in_doubt = true;
    end_down_in_doubt(t, slot);
    leave_doubt(t, slot);
  }
}

/// Nothing is to come: who is up and in doubt is blocked, though nothing may have failed.
template <class Events>
void Simulator<Events>::block_who_is_left(Transaction& t) {
  std::uint32_t blocked = 0;
  for (ProcessId p = 1; p < processes_; ++p) {
    ProcessSlot& slot = records_.slot(t, p);
    slot.blocked = slot.in_doubt_since != ProcessSlot::kNotInDoubt && site(p).up;
    blocked += slot.blocked;
  }
  account_blocked(trouble(t), blocked);
}

template <class Events>
void Simulator<Events>::finish(Transaction& t, Ending ending) {
  t.finished = true;
  if (retraces_) [[unlikely]]
    return end_retrace(t);
  if (troubled(t)) [[unlikely]] {
    if (ending == Ending::over && t.in_doubt != 0) block_who_is_left(t);
    account_blocked(trouble(t), trouble(t).blocked);
    tally_.troubled(trouble(t));
  }
  // Before those that are still in doubt leave it: they were so until now.
  const std::int64_t settled_at = t.first == Outcome::none
                                      ? now_ - t.started
                                      : static_cast<std::int64_t>(records_.sums(t).settled_at);
  const DrawnAhead::Sums& sums = records_.sums(t);
  const OtherRoles others = records_.other_roles(t);
  if (counts_suffice(t, ending)) [[likely]] {
    tally_.finished(t, counted(t), ending, settled_at, sums, others);
  } else {
    const Facts facts = facts_of(t, ending);
    tally_.finished(t, standing_of(facts), ending, settled_at, sums, others);
    tally_.count_own_predicates(facts);
  }
  tally_.totals.inquiry_rounds.add(records_.drawn(records_.slot(t, kCoordinator)).inquiries);
  last_outcome_ = tally_.last_outcome();
  if (options_.observer) [[unlikely]]
    options_.observer->on_end(at(t, kCoordinator), tally_.last_conclusion());
  if (t.in_doubt != 0 && !troubled(t)) [[unlikely]]
    count_blockage(t, ending);
  if (t.in_doubt != 0 || sums.locked != 0 || !exclusive_.empty()) [[unlikely]]
    leave_all(t);
  tally_.was_in_doubt(sums, any_in_doubt_ns(t));
  if (troubled(t)) tally_.has_waited(trouble(t));
  if (!shared()) return;
  tally_.totals.time_per_transaction.add(static_cast<std::uint64_t>(now_ - last_end_));
  last_end_ = now_;
  if (scenario_.transactions.arrivals.kind == Arrivals::Kind::closed && more_to_arrive())
    schedule_arrival();
}

// ---- blocking

template <class Events>
void Simulator<Events>::account_blocked(Trouble& trouble, std::uint32_t blocked) {
  const auto passed = static_cast<std::uint64_t>(now_ - trouble.since);
  if (trouble.blocked != 0) trouble.blocked_ns += passed;
  trouble.blocked_sum_ns += passed * trouble.blocked;
  trouble.since = now_;
  trouble.blocked = blocked;
  trouble.most_blocked = std::max<std::uint64_t>(trouble.most_blocked, blocked);
  trouble.was_blocked = trouble.was_blocked || blocked != 0;
}

/// Nobody could decide when it was asked last, and what happens by itself changes nothing in that:
/// it can only do some of what was looked at then. A record that others hold may come free, though.
template <class Events>
bool Simulator<Events>::is_hopeless(const Trouble& trouble) const {
  return trouble.hopeless == upheavals_ && exclusive_.empty();
}

/// After each event of a transaction that faults concern: who is blocked now, and whether anything
/// is left to wait for.
template <class Events>
void Simulator<Events>::watch_blocking(Transaction& t) {
  Trouble& own = trouble(t);
  std::uint32_t blocked = 0;
  bool hope = true;
  if (own.blocked != 0)
    for (ProcessId p = 0; p < processes_; ++p) records_.slot(t, p).blocked = false;
  if (t.in_doubt != 0 && own.reports == 0 && (t.lost_message || own.crashed || !all_up())) {
    const std::vector<bool>* can = is_hopeless(own) ? nullptr : &prospects(t, nullptr);
    hope = false;
    for (ProcessId p = 0; p < processes_; ++p) {
      ProcessSlot& slot = records_.slot(t, p);
      const bool in_doubt = slot.in_doubt_since != ProcessSlot::kNotInDoubt;
      const bool can_decide = can != nullptr && (*can)[p];
      hope = hope || (can_decide && slot.decided == Outcome::none);
      slot.blocked = p != kCoordinator && in_doubt && site(p).up && !can_decide;
      blocked += slot.blocked;
    }
    if (!hope) own.hopeless = upheavals_;
  }
  account_blocked(own, blocked);
  if (retraces_) return blocked == awaited_ ? stop(t, Ending::retired) : void();
  if (!hope && revivals(t) == 0 && waits_only(t)) retire(t);
}

/// Whether nothing but time-outs is to come: every message, local work and write has come to its
/// end, so that who is in doubt is in doubt for good.
template <class Events>
bool Simulator<Events>::waits_only(Transaction& t) {
  tidy_flights(t);
  return std::all_of(
      trouble(t).in_flight.begin(), trouble(t).in_flight.end(),
      [&](std::uint32_t handle) { return happenings_[handle].kind() == Happening::Kind::timer; });
}

/// A site or link has changed: for every transaction something else may be possible now, or nothing
/// any more.
template <class Events>
void Simulator<Events>::sweep() {
  sweep_ = false;
  for_each_live([&](Transaction& t) {
    ++t.pending;
    if (now_ - t.started > horizon_ns_) return expire(t, nullptr);
    watch_blocking(t);
    release(t);
  });
}

}  // namespace indoubt
