#pragma once
// Sites: crash, restart, reports of crashes, processors, disks, clocks, exclusive records.
#include "sim/engine/simulator_effects.h"

namespace indoubt {

// ---- crash and restart

/// A fault takes a site down, or holds down one that is down already. False if it does so already.
template <class Events>
bool Simulator<Events>::crash(Transaction& carrier, std::size_t rule, ProcessId where) {
  ++upheavals_;
  SiteState& state = sites_[where];
  if ((state.held_down >> rule & 1) != 0) return false;
  const Fault& fault = *faults_.rules()[rule].fault;
  const bool was_up = state.up;
  if (was_up) {
    go_down(fault, where);
  } else {
    state.holds_messages = state.holds_messages && fault.messages_held;
    if (fault.log_lost) lose_logs(where);
  }
  sweep_ = shared();
  hold_down(carrier, rule, where, was_up);
  return true;
}

template <class Events>
void Simulator<Events>::go_down(const Fault& fault, ProcessId where) {
  SiteState& state = sites_[where];
  state.up = false;
  state.holds_messages = fault.messages_held;
  ++state.incarnation;
  state.processor_free_at = 0;
  state.disk = {};
  for_each_live([&](Transaction& t) {
    trouble(t).crashed = true;
    if (options_.observer) options_.observer->on_crash(at(t, where));
    for (ProcessId p = 0; p < processes_; ++p) {
      if (network_.site_of(p) != where) continue;
      drop_process(t, p, fault.log_lost);
      report_crash(t, p);
    }
    if (!trouble(t).held_reports.empty()) release_reports(t);
  });
}

/// The site is up again when the last of the faults that hold it down ends.
template <class Events>
void Simulator<Events>::hold_down(Transaction& carrier, std::size_t rule, ProcessId where,
                                  bool was_up) {
  SiteState& state = sites_[where];
  state.held_down |= std::uint64_t{1} << rule;
  const bool came_back = !was_up && state.restarts_at != SiteState::kNever;
  const std::int64_t until = end_of(carrier, rule, where);
  state.restarts_at = was_up ? until : std::max(state.restarts_at, until);
  const bool comes_back = state.restarts_at != SiteState::kNever;
  trouble(carrier).revivals += static_cast<std::uint32_t>(comes_back) - came_back;
}

/// A fault that may hold a site down ends.
template <class Events>
void Simulator<Events>::lift(Transaction& carrier, std::size_t rule, ProcessId where) {
  SiteState& state = sites_[where];
  if ((state.held_down >> rule & 1) == 0) return;
  state.held_down &= ~(std::uint64_t{1} << rule);
  if (state.held_down == 0) restart(carrier, where);
}

template <class Events>
void Simulator<Events>::lose_logs(ProcessId where) {
  for_each_live([&](Transaction& t) {
    for (ProcessId p = 0; p < processes_; ++p)
      if (network_.site_of(p) == where) lose_log(t, p);
  });
}

template <class Events>
void Simulator<Events>::lose_log(Transaction& t, ProcessId p) {
  trouble(t).logs[p].crash(site(p).durable, true);
  if (p == kCoordinator) t.record = Outcome::none;
}

/// Volatile state is gone: what waited for a force, inputs held back, timers, local work. Data stay
/// locked for a participant in doubt, which locks them again before it serves anybody.
template <class Events>
void Simulator<Events>::drop_process(Transaction& t, ProcessId p, bool log_lost) {
  ProcessSlot& slot = records_.slot(t, p);
  for (Tag k = 0; k < timers_.size(); ++k) disarm(t, slot, k);
  drop_held(t, slot);
  slot.working = false;
  slot.started_anew = true;
  if (slot.in_doubt_since == ProcessSlot::kNotInDoubt) free_data(t, slot, p);
  trouble(t).logs[p].crash(site(p).durable, false);
  if (log_lost) lose_log(t, p);
  machine_.construct(records_.state(slot));
  // It had learnt a decision that it could not make its own in time.
  if (slot.learnt && slot.decided == Outcome::none) {
    slot.learnt = false;
    if (p != kCoordinator && slot.voted_yes) enter_doubt(t, slot);
  }
  begin_down_in_doubt(t, slot);
}

template <class Events>
void Simulator<Events>::begin_down_in_doubt(Transaction& t, ProcessSlot& slot) {
  if (slot.in_doubt_since == ProcessSlot::kNotInDoubt || slot.in_doubt_and_down) return;
  slot.in_doubt_and_down = true;
  trouble(t).was_down_in_doubt = true;
  trouble(t).down_in_doubt_ns -= static_cast<std::uint64_t>(now_);
}

/// A participant in doubt is up again, or its transaction is over.
template <class Events>
void Simulator<Events>::end_down_in_doubt(Transaction& t, ProcessSlot& slot) {
  if (!slot.in_doubt_and_down) return;
  slot.in_doubt_and_down = false;
  trouble(t).down_in_doubt_ns += static_cast<std::uint64_t>(now_);
}

/// Inputs that wait for a busy process, and the effects that wait for its force.
template <class Events>
void Simulator<Events>::drop_held(Transaction& t, ProcessSlot& slot) {
  for (; slot.waiting_first != 0; --t.pending) {
    const std::uint32_t held = slot.waiting_first - 1;
    if (happenings_[held].kind() == Happening::Kind::told) --trouble(t).reports;
    slot.waiting_first = happenings_[held].next;
    happenings_.release(held);
  }
  if (slot.continuation != 0) free_continuations_.push_back(slot.continuation);
  slot.continuation = 0;
}

template <class Events>
void Simulator<Events>::restart(Transaction& carrier, ProcessId where) {
  ++upheavals_;
  SiteState& state = sites_[where];
  state.up = true;
  state.restarts_at_once = state.restarted_at == now_ ? state.restarts_at_once + 1 : 0;
  state.restarted_at = now_;
  --trouble(carrier).revivals;
  sweep_ = shared();
  for_each_live([&](Transaction& t) {
    if (options_.observer) options_.observer->on_restart(at(t, where));
    ++t.pending;  // this call
    for (ProcessId p = 0; p < processes_; ++p) {
      if (network_.site_of(p) != where || !state.up) continue;
      ProcessSlot& slot = records_.slot(t, p);
      end_down_in_doubt(t, slot);
      step(t, slot, Input::recovery(trouble(t).logs[p].last(), p));
      // Decided by what it has read in its log: the crash came between the force and the decision.
      const Outcome read = machine_.outcome(records_.state(slot));
      if (slot.continuation == 0 && read != Outcome::none && read != slot.decided) {
        decide(t, slot, p, read, AbortCause::other);
        if (options_.observer) options_.observer->on_decision_read(at(t, p), read);
      }
      if (!state.up) continue;
      decide_overdue(t, p);
      report_to_restarted(t, p);
    }
    if (shared()) return release(t);
    --t.pending;
  });
}

// ---- reports of crashes

/// A perfect detector tells the other processes, each after its own delay.
template <class Events>
void Simulator<Events>::report_crash(Transaction& t, ProcessId crashed) {
  if (!machine_.detects_failures || !scenario_.detection.delay) return;
  for (ProcessId told = 0; told < processes_; ++told)
    if (site(told).up) report_to(t, crashed, told);
}

template <class Events>
void Simulator<Events>::report_to(Transaction& t, ProcessId crashed, ProcessId told) {
  const std::uint32_t entity = std::uint32_t{crashed} << 16 | told;
  DrawWords words(draws_, {t.number, Purpose::detection, entity, trouble(t).detections++});
  ++trouble(t).reports;
  schedule(now_ + scenario_.detection.delay->sample(words).count(), t,
           Happening::head_of(Happening::Kind::told, 0, crashed, told), 0,
           site(crashed).incarnation);
}

/// Whoever comes back learns who is down.
template <class Events>
void Simulator<Events>::report_to_restarted(Transaction& t, ProcessId told) {
  if (!machine_.detects_failures || !scenario_.detection.delay) return;
  for (ProcessId p = 0; p < processes_; ++p)
    if (!site(p).up) report_to(t, p, told);
}

/// A report waits until the messages that were sent before the crash have been handled.
template <class Events>
bool Simulator<Events>::holds_report(Transaction& t, const Happening& h) {
  if (h.kind() != Happening::Kind::told || !under_way(t, h.from(), h.to())) return false;
  trouble(t).held_reports.emplace_back(h.from(), h.to());
  return true;
}

template <class Events>
void Simulator<Events>::release_reports(Transaction& t) {
  std::erase_if(trouble(t).held_reports, [&](const std::pair<ProcessId, ProcessId>& report) {
    if (under_way(t, report.first, report.second)) return false;
    schedule(now_, t, Happening::head_of(Happening::Kind::told, 0, report.first, report.second), 0,
             site(report.first).incarnation);
    return true;
  });
}

/// Whether a message of t is on its way from one process to another, or waits there.
template <class Events>
bool Simulator<Events>::under_way(Transaction& t, ProcessId from, ProcessId to) {
  const auto& flights = trouble(t).in_flight;
  return std::any_of(flights.begin(), flights.end(), [&](std::uint32_t handle) {
    const Happening& h = happenings_[handle];
    const bool message =
        h.kind() == Happening::Kind::deliver || h.kind() == Happening::Kind::handled;
    return h.transaction == &t && message && h.from() == from && h.to() == to;
  });
}

// ---- processors, disks, clocks

/// A site's one processor takes its time for each message from another site.
template <class Events>
bool Simulator<Events>::waits_for_processor(Transaction& t, const Happening& h) {
  if (h.kind() != Happening::Kind::deliver || scenario_.cpu.is_zero()) return false;
  if (!network_.link(h.from(), h.to()).counted) return false;
  SiteState& state = site(h.to());
  DrawWords words(draws_, {t.number, Purpose::cpu, h.to(), trouble(t).handled++});
  state.processor_free_at = std::max(now_, state.processor_free_at) +
                            stretched(scenario_.cpu.sample(words).count(), state.slowness);
  schedule(state.processor_free_at, t,
           Happening::head_of(Happening::Kind::handled, 0, h.from(), h.to()), h.word,
           state.incarnation);
  return true;
}

/// When a forced write is durable that takes `takes` ns alone.
template <class Events>
std::int64_t Simulator<Events>::write_done_at(ProcessId p, std::int64_t takes) {
  SiteState& state = site(p);
  takes = stretched(takes, state.slowness);
  if (!scenario_.disk.queue) return now_ + takes;
  const std::uint64_t number = lying_ ? 0 : state.written;
  return state.disk.write(now_, takes, number, scenario_.disk.group_commit);
}

template <class Events>
void Simulator<Events>::write_record(Transaction& t, ProcessId p, RecordWord record, bool durable) {
  if (lying_) return;
  SiteState& state = site(p);
  trouble(t).logs[p].write(record, ++state.written, state.durable);
  if (durable) state.durable = state.written;
}

/// A clock that is set forward brings what it times nearer; set back, it puts it off.
template <class Events>
void Simulator<Events>::jump_clocks(std::size_t rule) {
  const FaultPlan::Rule& r = faults_.rules()[rule];
  for_each_live([&](Transaction& t) {
    for (ProcessId p = 0; p < processes_; ++p) {
      if (!r.at[p]) continue;
      ProcessSlot& slot = records_.slot(t, p);
      for (Tag k = 0; k < timers_.size(); ++k) {
        if (Records::armed(slot)[k] == 0) continue;
        const std::int64_t sooner = stretched(r.fault->jump.count(), 1 / site(p).clock_rate);
        const std::int64_t expires = trouble(t).expires[p * timers_.size() + k] - sooner;
        if (++tokens_ == 0) ++tokens_;
        Records::armed(slot)[k] = tokens_;
        set_timer_apart(t, p, k, std::max(now_, expires),
                        EventKey::order_of(EventKey::Class::timeout, sequence_++));
      }
    }
  });
}

// ---- exclusive records

/// Whether p's record serves another transaction: t waits for it, in order of arrival.
template <class Events>
bool Simulator<Events>::waits_for_record(Transaction& t, ProcessSlot& me, ProcessId p) {
  if (p == kCoordinator || !participants_[p - 1u].exclusive || !shared()) return false;
  RecordQueue& record = exclusive_[p];
  if (record.held) {
    record.waiting.push_back(&t);
    me.queued = true;
    ++t.pending;
    ++trouble(t).waits;
    trouble(t).waited_ns -= static_cast<std::uint64_t>(now_);
    return true;
  }
  record.held = true;
  record.holder = &t;
  return false;
}

template <class Events>
inline void Simulator<Events>::hold_data(Transaction& t, ProcessSlot& me) {
  if (me.locked) return;
  me.locked = true;
  DrawnAhead::Sums& sums = records_.sums(t);
  sums.locked_ns -= static_cast<std::uint64_t>(now_);
  ++sums.were_locked;
  ++sums.locked;
}

/// A participant has decided, has nothing at stake, or its transaction is over. One that ends in
/// doubt keeps an exclusive record for ever.
template <class Events>
inline void Simulator<Events>::free_data(Transaction& t, ProcessSlot& me, ProcessId p) {
  if (me.queued) [[unlikely]]
    return leave_queue(t, me, p);
  if (!me.locked) return;
  me.locked = false;
  DrawnAhead::Sums& sums = records_.sums(t);
  sums.locked_ns += static_cast<std::uint64_t>(now_);
  --sums.locked;
  if (exclusive_.empty() || exclusive_[p].holder != &t) [[likely]]
    return;
  exclusive_[p].holder = nullptr;
  if (t.finished && me.in_doubt_since != ProcessSlot::kNotInDoubt) return;
  grant_next(p);
}

template <class Events>
void Simulator<Events>::leave_queue(Transaction& t, ProcessSlot& me, ProcessId p) {
  me.queued = false;
  me.working = false;
  trouble(t).waited_ns += static_cast<std::uint64_t>(now_);
  std::erase(exclusive_[p].waiting, &t);
  --t.pending;
}

template <class Events>
void Simulator<Events>::grant_next(ProcessId p) {
  RecordQueue& record = exclusive_[p];
  record.held = !record.waiting.empty() && site(p).up;
  if (!record.held) return;  // those that wait at a site that crashes leave one by one
  Transaction& next = *record.waiting.front();
  record.waiting.erase(record.waiting.begin());
  record.holder = &next;
  ProcessSlot& slot = records_.slot(next, p);
  slot.queued = false;
  trouble(next).waited_ns += static_cast<std::uint64_t>(now_);
  start_local_work(next, slot, p);
  --next.pending;  // the place in the queue; the work under way has one of its own
}

}  // namespace indoubt
