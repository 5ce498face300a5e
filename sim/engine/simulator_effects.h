#pragma once
// What processes ask for, as the simulator performs it.
#include "sim/engine/performer.h"

namespace indoubt {

/// `ns` taken `slowness` times as long.
inline std::int64_t stretched(std::int64_t ns, double slowness) {
  return slowness == 1 ? ns : static_cast<std::int64_t>(static_cast<double>(ns) * slowness);
}

// ---- a process takes an input

template <class Events>
inline void Simulator<Events>::step(Transaction& t, ProcessSlot& me, Input in) {
  if (options_.observer) [[unlikely]]
    options_.observer->on_input(at(t, in.self()), in);
  if (troubled(t) && faults_.has_points()) [[unlikely]]
    return step_watched(t, me, in);
  if (may_lead(t, in.self())) [[unlikely]]
    begin_leading(t, me, false);
  Performer performer(*this, t, me, in);
  machine_.step(records_.state(me), in, performer);
  if (noting_) [[unlikely]]
    end_leading(t, me);
  if (options_.observer) [[unlikely]] {
    options_.observer->on_state(at(t, in.self()), machine_.state_name(records_.state(me)));
  }
}

// ---- what back-ups do

/// Before a step of a participant, or before what waited for its force: `led` if it led before the
/// handler that asked for it.
template <class Events>
void Simulator<Events>::begin_leading(Transaction& t, ProcessSlot& me, bool led) {
  noting_ = true;
  led_ = led || machine_.leads(records_.state(me));
  before_step_ = {t.messages, t.forced, t.logged};
  step_sent_.clear();
}

/// After it, or before a crash clears the state.
template <class Events>
void Simulator<Events>::end_leading(Transaction& t, ProcessSlot& me) {
  noting_ = false;
  if (!led_ && !machine_.leads(records_.state(me))) return;
  RoleSums done{t.messages, t.forced, t.logged};
  done -= before_step_;
  *records_.other_roles(t).backups += done;
  for (const std::size_t variant : step_sent_) {
    --sent_[index_of(Role::participant)][variant];
    ++sent_[index_of(Role::backup)][variant];
  }
}

template <class Events>
void Simulator<Events>::prepared(Transaction& t, ProcessSlot& me, ProcessId p) {
  const bool yes = unit_uniform(records_.drawn(me).words.vote) < participants_[p - 1u].vote_yes;
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
  t.some_wrote = t.some_wrote || v == LocalVote::yes || !machine_.takes_read_only;
  if (v == LocalVote::read_only) free_data(t, me, p);
  if (v != LocalVote::yes || me.learnt) return;
  enter_doubt(t, me);
  if (!troubled(t)) [[likely]]
    return;
  for (std::size_t r = 0; r < faults_.rules().size(); ++r) {
    const FaultPlan::Rule& rule = faults_.rules()[r];
    if (rule.fault->kind != Fault::Kind::heuristic || !concerns(t, r) || !rule.at[p]) continue;
    ++trouble(t).verdicts;
    schedule_fault(t, r, p, now_ + rule.fault->after.count(), Happening::Kind::heuristic);
  }
}

/// A busy process takes no input: it waits, in order of arrival.
template <class Events>
void Simulator<Events>::hold_back(Transaction& t, ProcessSlot& me, const Happening& h) {
  ++t.pending;
  const std::uint32_t handle = happenings_.add();
  happenings_[handle] = h;
  if (troubled(t)) trouble(t).in_flight.push_back(handle);
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
  const std::int64_t takes = scenario_.disk.force.sample(words).count();
  std::int64_t done = now_ + takes;
  if (troubled(t)) [[unlikely]]
    done = write_done_at(p, takes);
  schedule(done, t, Happening::head_of(Happening::Kind::durable, 0, 0, p), 0,
           troubled(t) ? site(p).incarnation : 0);
  Continuation& c = *continuations_[me.continuation - 1];
  c.rest.clear();
  c.input = in;
  c.lies = lying_;
  c.led = noting_ && led_;
  c.number = troubled(t) && !lying_ ? site(p).written : 0;
  return c.rest;
}

template <class Events>
void Simulator<Events>::resume(Transaction& t, ProcessSlot& me, ProcessId p) {
  const std::uint32_t block = me.continuation;
  const Continuation& c = *continuations_[block - 1];  // its first effect is the force itself
  if (options_.observer) options_.observer->on_durable(at(t, p), c.rest[0].word);
  if (p == kCoordinator && !c.lies) note_record(t, c.rest[0].word);
  me.continuation = 0;
  if (may_lead(t, p)) [[unlikely]]
    begin_leading(t, me, c.led);
  if (troubled(t)) [[unlikely]] {
    resume_watched(t, me, p, c);
  } else {
    Performer performer(*this, t, me, c.input);
    c.rest.replay(performer, 1);  // may suspend again, into another block
  }
  if (noting_) [[unlikely]]
    end_leading(t, me);
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

template <class Events>
inline std::uint64_t Simulator<Events>::next_on_link(Transaction& t, ProcessId from, ProcessId to) {
  if (from == kCoordinator) return records_.slot(t, to).sent.down++;
  if (to == kCoordinator) return records_.slot(t, from).sent.up++;
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
  if (from == kCoordinator) records_.sums(t).messages += link.counted;
  std::size_t role = from != kCoordinator;
  if (is_acceptor(from)) [[unlikely]] {
    records_.other_roles(t).acceptors->messages += link.counted;
    ++role;
  }
  sent_[role][variant_of(m)] += link.counted;
  if (noting_ && link.counted) [[unlikely]]
    step_sent_.push_back(variant_of(m));
  const bool up = from > to;
  const ProcessId low = up ? to : from, high = up ? from : to;
  const std::uint64_t n = next_on_link(t, from, to);
  const DrawPlace place{t.number, Purpose::link, static_cast<std::uint32_t>(low) << 16 | high,
                        n / 2 * 4 + 2 * up + n % 2};
  if (!link.plain || (troubled(t) && faults_.has_network_faults())) [[unlikely]] {
    return transmit_faulty(t, link, from, to, m, place, now_ + gap_ns);
  }
  const bool ahead = low == kCoordinator && n < 2;
  DrawWords words(draws_, place,
                  ahead ? records_.drawn(records_.slot(t, high)).words.link[2 * up + n]
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
  if (happens(Purpose::loss, link.loss)) return lose(t, from, to, m, Loss::link);
  Passage passage{departs, 0, happens(Purpose::duplicate, link.duplication)};
  double slowness = 1;
  if (troubled(t) && faults_.has_network_faults()) {
    if (link_trouble(from, to).cuts != 0) return lose(t, from, to, m, Loss::cut);
    if (meets_mishap(t, from, to, m, passage)) return lose(t, from, to, m, Loss::chosen);
    slowness = link_trouble(from, to).slowness;
  }
  if (options_.observer != nullptr) tell_passage(t, from, to, m, passage, departs);
  auto deliver = [&](Purpose purpose) {
    DrawWords words(draws_, {place.transaction, purpose, place.entity, place.n});
    std::int64_t arrives =
        passage.departs + stretched(link.latency.sample(words).count(), slowness);
    arrives = std::max(arrives, passage.not_before);
    if (network_.fifo()) arrives = in_order(t, from, to, arrives);
    schedule(arrives, t, Happening::head_of(Happening::Kind::deliver, 0, from, to), m.word,
             cut_epoch_);
  };
  deliver(Purpose::link);
  if (passage.twice) {
    ++tally_.totals.duplicated;
    deliver(Purpose::copy);
  }
}

/// On shared sites a link keeps the order of all transactions' messages.
template <class Events>
std::int64_t Simulator<Events>::in_order(Transaction& t, ProcessId from, ProcessId to,
                                         std::int64_t arrives) {
  std::int64_t& last =
      shared() ? link_trouble(from, to).last_arrival : records_.link(t, from, to).last_arrival;
  return last = std::max(arrives, last);
}

template <class Events>
void Simulator<Events>::prepare(Transaction& t, ProcessSlot& me, ProcessId p) {
  ++t.asked;
  me.working = true;
  if (!exclusive_.empty() && waits_for_record(t, me, p)) return;
  start_local_work(t, me, p);
}

template <class Events>
void Simulator<Events>::start_local_work(Transaction& t, ProcessSlot& me, ProcessId p) {
  hold_data(t, me);
  const std::uint64_t index = 2 * ((p - 1u) % 2) + 1;
  DrawWords words(draws_, {t.number, Purpose::local, (p - 1u) / 2, index},
                  records_.drawn(me).words.local_work);
  std::int64_t takes = participants_[p - 1u].prepare.sample(words).count();
  if (troubled(t)) [[unlikely]]
    takes = stretched(takes, site(p).slowness);
  schedule(now_ + takes, t, Happening::head_of(Happening::Kind::prepared, 0, 0, p), 0,
           troubled(t) ? site(p).incarnation : 0);
}

/// The handler asked for a decision: the process knows it now, even if a force holds it up.
template <class Events>
void Simulator<Events>::learn(Transaction& t, ProcessSlot& me, ProcessId p, AbortCause cause) {
  if (me.reader) return;
  if (p == kCoordinator && t.coordinator == Outcome::none && !me.learnt) t.cause = cause;
  me.learnt = true;
  if (me.in_doubt_since != ProcessSlot::kNotInDoubt) {
    leave_doubt(t, me);
  }
}

template <class Events>
void Simulator<Events>::enter_doubt(Transaction& t, ProcessSlot& me) {
  me.in_doubt_since = now_;
  if (t.in_doubt++ == 0) any_in_doubt_ns(t) -= static_cast<std::uint64_t>(now_);
}

template <class Events>
void Simulator<Events>::leave_doubt(Transaction& t, ProcessSlot& me) {
  DrawnAhead::Sums& sums = records_.sums(t);
  sums.in_doubt_ns += static_cast<std::uint64_t>(now_ - me.in_doubt_since);
  ++sums.were_in_doubt;
  me.in_doubt_since = ProcessSlot::kNotInDoubt;
  if (--t.in_doubt == 0) any_in_doubt_ns(t) += static_cast<std::uint64_t>(now_);
}

template <class Events>
void Simulator<Events>::decide(Transaction& t, ProcessSlot& me, ProcessId p, Outcome o,
                               AbortCause cause) {
  learn(t, me, p, cause);
  if (me.heuristic) return;  // its own decision stands
  free_data(t, me, p);
  tally_.decided(t, me, p, o, cause, now_ - t.started, records_.sums(t).settled_at);
}

}  // namespace indoubt
