#pragma once
// Scheduling of events and time-outs.
#include "sim/engine/simulator.h"

namespace indoubt {

template <class Events>
void Simulator<Events>::set_timer(Transaction& t, ProcessSlot& me, ProcessId p, Tag timer) {
  TimerPlan& plan = timers_[timer];
  if (plan.kind == TimerPlan::Kind::never) return;
  const double rate = troubled(t) ? site(p).clock_rate : 1;
  std::uint32_t& armed = Records::armed(me)[timer];
  t.armed = static_cast<std::uint16_t>(t.armed + (armed == 0));
  if (++tokens_ == 0) ++tokens_;
  armed = tokens_;
  const std::uint64_t order = EventKey::order_of(EventKey::Class::timeout, sequence_++);
  if (plan.kind == TimerPlan::Kind::constant && rate == 1 && !keeps_expiries(t)) [[likely]] {
    const std::int64_t expires = now_ + plan.length_ns;
    plan.armed.push({expires, order, &t, tokens_, p},
                    [&](const ArmedTimeout& x) { return is_live(x, timer); });
    fed_until_ = std::min(fed_until_, expires);
    return;
  }
  std::uint32_t n = 0;
  if (plan.kind == TimerPlan::Kind::random) n = records_.rearmed(me)[timer]++;
  DrawWords words(draws_,
                  {t.number, Purpose::timeout, static_cast<std::uint32_t>(p) << 8 | timer, n});
  std::int64_t takes = stretched(plan.length.sample(words).count(), 1 / rate);
  if (plan.kind == TimerPlan::Kind::rounds && takes != 0) takes -= (now_ - t.started) % takes;
  set_timer_apart(t, p, timer, now_ + takes, order);
}

/// Straight into the event list, under the present token. Time-outs in the list keep no transaction
/// alive, only `armed` does: one that is cancelled later is found there under another token, or in
/// a record that serves another transaction by then.
template <class Events>
void Simulator<Events>::set_timer_apart(Transaction& t, ProcessId p, Tag timer, std::int64_t at,
                                        std::uint64_t order) {
  if (keeps_expiries(t)) trouble(t).expires[p * timers_.size() + timer] = at;
  const std::uint32_t handle = happenings_.add();
  happenings_[handle] = {&t, Happening::head_of(Happening::Kind::timer, timer, 0, p), 0, tokens_,
                         0};
  events_.push({at, order | handle});
}

template <class Events>
void Simulator<Events>::disarm(Transaction& t, ProcessSlot& me, Tag timer) {
  std::uint32_t& armed = Records::armed(me)[timer];
  t.armed = static_cast<std::uint16_t>(t.armed - (armed != 0));
  armed = 0;
}

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
  if (troubled(t)) [[unlikely]]
    note_flight(t, handle);
  events_.push({at, EventKey::order_of(EventKey::Class::delivery, sequence_++) | handle});
}

template <class Events>
bool Simulator<Events>::is_live(const ArmedTimeout& x, std::size_t timer) const {
  return Records::armed(records_.slot(*x.transaction, x.process))[timer] == x.token;
}

/// A time-out that was cancelled when it was in the event list already. It is no event: whether it
/// was fed before depends on the other transactions, and nothing else must.
template <class Events>
inline bool Simulator<Events>::is_cancelled(const Happening& h) const {
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
      events_.push({x.at, x.order | handle});
    }
  }
  fed_until_ = kForever;
  for (const TimerPlan& timer : timers_)
    if (!timer.armed.empty()) fed_until_ = std::min(fed_until_, timer.armed.front().at);
  return true;
}

}  // namespace indoubt
