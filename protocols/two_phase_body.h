#pragma once
// Two-phase commit, whatever it presumes: all that a process does.
#include "protocols/two_phase_coordinator.h"

namespace indoubt {

/// Centralised two-phase commit: acks, inquiry on time-out, recovery from the log, read-only
/// participants. `Presumes` says which records and acks an outcome needs, and what is answered
/// about a transaction without a record (presumption.h); nothing else differs.
///
/// Source: Bernstein, Hadzilacos & Goodman (1987), ch. 7.4, cooperative termination included;
/// read-only votes, acks and the end record as in R* (Mohan, Lindsay & Obermarck 1986).
/// A participant that comes back without a record aborts. Where participants may vote READ it may
/// have done so before, and the others may have committed: it then tells no other participant.
/// One phase: a single participant decides on its own; the coordinator, having written nothing, can
/// never decide alone. It asks, and a participant that has not voted when it is asked aborts.
template <int kMax, class Presumes>
class TwoPhase : public TwoPhaseCoordinator<TwoPhase<kMax, Presumes>, kMax, Presumes> {
  using Base = TwoPhaseCoordinator<TwoPhase, kMax, Presumes>;
  using O = TwoPhaseOptions;
  using Mistake = O::Mistake;
  using Base::makes, Base::delegates, Base::participants_rule, Base::record_policy, Base::conclude;
  using Base::phase_, Base::memory_;
  using typename Base::Phase, typename Base::Memory;
  using typename Base::Prepare, typename Base::Vote, typename Base::Decision, typename Base::Ack,
      typename Base::Inquiry, typename Base::OnePhase;

 public:
  using typename Base::Env, typename Base::Options, typename Base::Record, typename Base::Set,
      typename Base::Timer;
  using Message = Messages<Prepare, Vote, Decision, Ack, Inquiry, OnePhase>;
  static constexpr auto kRecords = std::span<const std::string_view>(two_phase::kRecordNames);
  static constexpr auto kStates = std::span<const std::string_view>(two_phase::kStateNames);
  static constexpr auto kTimers = std::span<const std::string_view>(two_phase::kTimerNames);
  static constexpr int kLimit = kMax;
  using Base::outcome, Base::receive;

  void start(Env& env) {
    if (env.is_coordinator()) return this->open(env);
    if (env.options().unasked != O::Unasked::off) env.set_timer(Timer::request);
  }

  // ---- participant: voting ------------------------------------------------------------------
  void receive(Prepare, ProcessId from, Env& env) {
    switch (phase_) {
      case Phase::initial: return work(env);
      case Phase::prepared: return env.send(from, Vote{LocalVote::yes});  // the same answer again
      case Phase::read_only: return env.send(from, Vote{LocalVote::read_only});
      case Phase::aborted:
      case Phase::aborted_alone: return env.send(from, Vote{LocalVote::no});
      default: return;
    }
  }
  void receive(OnePhase, ProcessId from, Env& env) {
    if (phase_ == Phase::initial) return work(env);
    if (phase_ == Phase::read_only) return env.send(from, Vote{LocalVote::read_only});
    if (outcome() != Outcome::none) env.send(from, Decision{outcome()});
  }
  void prepared(LocalVote vote, Env& env) {
    if (phase_ != Phase::preparing) return;
    if (vote == LocalVote::no) return vote_no(env);
    if (vote == LocalVote::read_only) return vote_read(env);
    if (delegates(env)) return commit_alone(env);
    phase_ = Phase::prepared;  // uncertain from here on
    const bool forced = !makes(Mistake::vote_not_forced, env);
    write(forced ? RecordPolicy::forced : RecordPolicy::unforced, Record::prepared, env);
    env.vote(true);
    env.send(kCoordinator, Vote{LocalVote::yes});
    if (env.options().uncertain != O::Uncertain::off) env.set_timer(Timer::decision);
  }

  // ---- the decision -------------------------------------------------------------------------
  void receive(Decision decision, ProcessId from, Env& env) {
    if (env.is_coordinator()) return this->told(decision.outcome, env);
    if (outcome() == Outcome::none && phase_ != Phase::read_only) {  // unasked: it follows too
      env.cancel_timer(phase_ == Phase::initial ? Timer::request : Timer::decision);
      conclude(decision.outcome, env);
    }
    const bool ack = from == kCoordinator && env.options().acks;
    if (ack && participants_rule(decision.outcome, env).acks) env.send(from, Ack{});
  }
  void receive(Inquiry, ProcessId from, Env& env) {
    const bool reader = delegates(env) && phase_ == Phase::read_only;
    if (reader) return env.send(from, Vote{LocalVote::read_only});  // nothing was to be decided
    const Outcome answer =
        env.is_coordinator() ? this->coordinators_answer(env) : answer_to(from, env);
    if (answer != Outcome::none) env.send(from, Decision{answer});
  }

  void timeout(Timer timer, Env& env) {
    switch (timer) {
      case Timer::votes: return this->votes_late(env);
      case Timer::decision: return decision_late(env);
      case Timer::acks: return this->acks_late(env);
      case Timer::request:
        if (phase_ == Phase::initial) conclude(Outcome::abort, env, AbortCause::unasked);
    }
  }

  void recover(Record last, Env& env) {
    switch (last) {
      case Record::none:
      case Record::started:
        return env.is_coordinator() ? this->recover_undecided(last, env) : abort_alone(env);
      case Record::prepared:
        phase_ = Phase::prepared;
        if (env.options().uncertain == O::Uncertain::ask) return decision_late(env);
        if (env.options().uncertain != O::Uncertain::off) env.set_timer(Timer::decision);
        return;
      case Record::committed:
      case Record::aborted:
        phase_ = last == Record::committed ? Phase::committed : Phase::aborted;
        if (env.is_coordinator()) this->recover_decided(env);
        return;
      case Record::ended_commit:
      case Record::ended_abort:
        phase_ = last == Record::ended_commit ? Phase::committed : Phase::aborted;
        memory_ = Memory::forgotten;
        return;
      case Record::aborted_alone: phase_ = Phase::aborted_alone;
    }
  }

  std::string_view state_name() const {
    return two_phase::kStateNames[static_cast<std::size_t>(phase_)];
  }
  static std::string_view record_name(Record r) {
    return two_phase::kRecordNames[static_cast<std::size_t>(r)];
  }
  static ProtocolTraits traits(const Options& o) {
    ProtocolTraits traits = o.traits();
    const bool start_forced = o.start_record == StartRecord::forced;
    const bool waits = asks(o.uncertain) || o.uncertain == O::Uncertain::off;
    traits.votes_alone_decide = waits && o.unasked == O::Unasked::off && !o.one_phase &&
                                o.termination == O::Termination::ask_coordinator &&
                                o.mistake != Mistake::duplicate_vote_counts_twice;
    traits.plain_votes = !o.one_phase && o.mistake != Mistake::vote_not_forced;
    const bool at_once = o.telling == Telling::parallel;
    const bool textbook = !o.one_phase && at_once && o.mistake == Mistake::none;
    const bool lists = o.start_record == StartRecord::free || start_forced;
    const bool aborts = o.recover_undecided == RecoverUndecided::abort;
    traits.commit = {.known = textbook && o.uncertain != O::Uncertain::commit,
                     .start_forced = start_forced,
                     .decision_forced = Presumes::kCommit.coordinator == RecordPolicy::forced,
                     .commit_forced = Presumes::kCommit.participant == RecordPolicy::forced};
    traits.asks_in_rounds = o.uncertain == O::Uncertain::ask_in_rounds;
    if (asks(o.uncertain)) {
      traits.asks =
          o.termination == O::Termination::cooperative ? Asks::everybody : Asks::coordinator;
    }
    // A list that was written and not forced may be there after a crash, or not.
    const bool known = !aborts || lists || o.start_record == StartRecord::none;
    const bool writes = lists || o.start_record == StartRecord::unforced;
    traits.coordinator_loss = {.blocks = textbook && waits && known && o.unasked == O::Unasked::off,
                               .tells_abort = aborts && lists,
                               .abort_forced = writes && o.abort_record == RecordPolicy::forced};
    if (std::is_same_v<Presumes, NewPresumedCommit>) traits.shared_record_every = o.window;
    return traits;
  }
  static std::uint32_t round_timers(const Options& o) {
    return rounds_of(o.uncertain, Timer::decision);
  }
  bool operator==(const TwoPhase&) const = default;

 private:
  void work(Env& env) {
    phase_ = Phase::preparing;
    env.cancel_timer(Timer::request);
    env.prepare();
  }
  void vote_no(Env& env) {
    phase_ = Phase::aborted;
    env.vote(false);
    write(env.options().no_voter_record, Record::aborted, env);
    env.decide(Outcome::abort);
    if (delegates(env)) return env.send(kCoordinator, Decision{Outcome::abort});
    env.send(kCoordinator, Vote{LocalVote::no});
  }
  void vote_read(Env& env) {
    phase_ = Phase::read_only;
    env.vote(LocalVote::read_only);
    env.send(kCoordinator, Vote{LocalVote::read_only});
    env.forget();
  }
  void commit_alone(Env& env) {
    phase_ = Phase::committed;
    env.force(Record::committed);
    env.vote(true);
    env.decide(Outcome::commit);
    env.send(kCoordinator, Decision{Outcome::commit});
  }
  void abort_alone(Env& env) {
    phase_ = Phase::aborted_alone;
    write(record_policy(Outcome::abort, env), Record::aborted_alone, env);
    env.decide(Outcome::abort, AbortCause::recovery);
  }
  void decision_late(Env& env) {
    if (phase_ != Phase::prepared) return;
    switch (env.options().uncertain) {
      case O::Uncertain::off: return;
      case O::Uncertain::abort: return conclude(Outcome::abort, env, AbortCause::termination);
      case O::Uncertain::commit: return conclude(Outcome::commit, env);
      case O::Uncertain::ask:
      case O::Uncertain::ask_in_rounds: break;
    }
    if (env.options().termination == O::Termination::cooperative) {
      Set others = Set::range(0, env.processes());
      others.erase(env.self());
      env.send(others, Inquiry{});
    } else {
      env.send(kCoordinator, Inquiry{});
    }
    env.set_timer(Timer::decision);
  }
  /// What a participant answers one that is uncertain; before its vote it may still abort.
  Outcome answer_to(ProcessId from, Env& env) {
    if (phase_ == Phase::initial || phase_ == Phase::preparing) {
      env.cancel_timer(Timer::request);
      conclude(Outcome::abort, env, AbortCause::termination);
    }
    const bool may_have_read = phase_ == Phase::aborted_alone && env.options().readers;
    if (may_have_read && from != kCoordinator) return Outcome::none;
    return outcome();
  }
};

}  // namespace indoubt
