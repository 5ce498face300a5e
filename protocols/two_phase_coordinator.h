#pragma once
// The coordinator's side of two-phase commit, whatever it presumes.
#include "protocols/two_phase_messages.h"
#include "protocols/two_phase_options.h"

namespace indoubt {

/// Base of protocol P: the coordinator's side, and all of the state. Asks, decides, tells, and is
/// told that its decision has arrived; back from a crash it goes on from its log.
///
/// Telling one by one: the decision goes to the lowest number that has not acknowledged it; once it
/// has, or the `acks` time-out has passed, to the next higher one, and after the highest again from
/// the lowest. A decision that nobody acknowledges leaves at once for everybody.
///
/// Recovery without a record, unless the list was free: whatever it was, the coordinator has
/// forgotten it. It answers as its presumption says; presuming nothing, ABORT, since a commit would
/// be on its log. There is nobody that it could tell.
template <class P, int kMax, class Presumes>
class TwoPhaseCoordinator {
 protected:
  using O = TwoPhaseOptions;
  using Mistake = O::Mistake;
  using Phase = two_phase::Phase;
  using Memory = two_phase::Memory;
  using Prepare = two_phase::Prepare;
  using Vote = two_phase::Vote;
  using Decision = two_phase::Decision;
  using Ack = two_phase::Ack;
  using Inquiry = two_phase::Inquiry;
  using OnePhase = two_phase::OnePhase;

 public:
  using Timer = two_phase::Timer;
  using Record = two_phase::Record;
  using Options = TwoPhaseOptions;
  using Set = ProcessSet<kMax>;
  using Env = indoubt::Env<P>;

  // ---- deciding -------------------------------------------------------------------------------
  void receive(Vote vote, ProcessId from, Env& env) {
    if (phase_ != Phase::voting) return;
    if (makes(Mistake::duplicate_vote_counts_twice, env)) from = votes_.mistaken_for(from);
    const bool held_up = votes_.holds_up(from, env);
    if (!votes_.count(from, vote.vote != LocalVote::no)) return;
    if (vote.vote == LocalVote::read_only) unacknowledged_.erase(from);  // no phase 2 for it
    go_on(held_up, false, env);
  }

  // ---- telling --------------------------------------------------------------------------------
  void receive(Ack, ProcessId from, Env& env) {
    if (outcome() == Outcome::none || memory_ == Memory::forgotten) return;
    unacknowledged_.erase(from);
    if (unacknowledged_.empty()) return end(env);
    if (!one_by_one(outcome(), env) || from != turn_) return;
    tell_next(outcome(), env);
    arm_acks(env);
  }

  Outcome outcome() const {
    return phase_ == Phase::committed ? Outcome::commit
           : phase_ >= Phase::aborted ? Outcome::abort
                                      : Outcome::none;
  }
  void exchange(ProcessId a, ProcessId b) {
    votes_.exchange(a, b);
    unacknowledged_.exchange(a, b);
  }
  bool operator==(const TwoPhaseCoordinator&) const = default;

 protected:
  static bool makes(Mistake m, const Env& env) { return env.options().mistake == m; }
  /// One phase: the participant, a single one, decides.
  static bool delegates(const Env& env) { return env.options().one_phase; }
  static const OutcomeRule& participants_rule(Outcome o, const Env& env) {
    if (makes(Mistake::participants_presume, env)) {
      return rule_of<typename OppositeOf<Presumes>::type>(o);
    }
    return rule_of<Presumes>(o);
  }
  static RecordPolicy record_policy(Outcome o, const Env& env) {
    if (!env.is_coordinator()) return participants_rule(o, env).participant;
    return o == Outcome::abort ? env.options().abort_record : Presumes::kCommit.coordinator;
  }
  /// Makes a decision this process's own: recorded, then effective.
  void conclude(Outcome outcome, Env& env, AbortCause cause = AbortCause::other) {
    const bool commit = outcome == Outcome::commit;
    phase_ = commit ? Phase::committed : Phase::aborted;
    write(record_policy(outcome, env), commit ? Record::committed : Record::aborted, env);
    env.decide(outcome, cause);
  }

  // ---- asking ---------------------------------------------------------------------------------
  void open(Env& env) {
    phase_ = Phase::voting;
    if (!delegates(env)) write(env.options().start_record, Record::started, env);
    unacknowledged_ = env.participants();
    votes_.open(env.participants());
    ask(env);
  }
  void ask(Env& env) {
    if (delegates(env)) {
      env.send(env.participants(), OnePhase{});
    } else {
      votes_.ask(Prepare{}, env);
    }
    env.set_timer(Timer::votes);
  }
  void votes_late(Env& env) {
    if (phase_ != Phase::voting) return;
    if (turn_ < env.options().prepare_resends) {
      ++turn_;
      return ask(env);
    }
    if (delegates(env)) return ask_delegate(env);
    votes_.give_up(env);
    go_on(true, true, env);
  }
  /// After a vote or a participant's last time-out: decides if that settles it, else asks the next.
  void go_on(bool ask_next, bool timed_out, Env& env) {
    const Outcome outcome = votes_.settled(env.options(), env.processes() - 1, timed_out);
    if (outcome != Outcome::none) return settle(outcome, env);
    if (!ask_next) return;
    turn_ = 0;  // the next one has tries of its own
    ask(env);
  }
  /// One phase, and no answer: the participant aborts now if it has not decided.
  void ask_delegate(Env& env) {
    phase_ = Phase::voting;
    turn_ = static_cast<std::uint16_t>(env.options().prepare_resends + 1);
    env.send(env.participants(), Inquiry{});
    env.set_timer(Timer::votes);
  }
  /// One phase: the participant has decided.
  void told(Outcome outcome, Env& env) {
    if (phase_ != Phase::voting || !delegates(env)) return;
    env.cancel_timer(Timer::votes);
    phase_ = outcome == Outcome::commit ? Phase::committed : Phase::aborted;
    env.decide(outcome, turn_ > env.options().prepare_resends ? AbortCause::vote_timeout
                                                              : AbortCause::no_vote);
    memory_ = Memory::forgotten;
    env.forget();
  }
  // ---- deciding and telling -------------------------------------------------------------------
  /// The coordinator decides, and tells.
  void settle(Outcome outcome, Env& env) {
    env.cancel_timer(Timer::votes);
    const bool voting = phase_ == Phase::voting;
    if (env.options().decision_to == DecisionTo::all_but_no_voters) {
      unacknowledged_ = unacknowledged_ - votes_.no_voters();
    }
    if (outcome == Outcome::commit && unacknowledged_.empty()) return all_read(env);
    const bool hasty = makes(Mistake::decision_before_force, env);
    if (hasty) tell(outcome, env);
    conclude(outcome, env,
             voting ? votes_.cause(env.options(), env.processes() - 1) : AbortCause::recovery);
    if (!hasty) tell(outcome, env);
    await_acks(env);
  }
  /// Those that the decision is sent to are told one by one, if they answer.
  static bool one_by_one(Outcome outcome, const Env& env) {
    return env.options().telling == Telling::one_by_one && env.options().acks &&
           rule_of<Presumes>(outcome).acks && !makes(Mistake::forget_before_acks, env);
  }
  void tell(Outcome outcome, Env& env) {
    if (!one_by_one(outcome, env)) return env.send(unacknowledged_, Decision{outcome});
    turn_ = kCoordinator;
    tell_next(outcome, env);
  }
  void tell_next(Outcome outcome, Env& env) {
    if (unacknowledged_.empty()) return;
    turn_ = unacknowledged_.next_in_turn(turn_ + 1);
    env.send(turn_, Decision{outcome});
  }
  void acks_late(Env& env) {
    if (memory_ == Memory::forgotten) return;
    if (one_by_one(outcome(), env)) {
      tell_next(outcome(), env);
    } else {
      env.send(unacknowledged_, Decision{outcome()});
    }
    env.set_timer(Timer::acks);
  }
  void arm_acks(Env& env) {
    if (!makes(Mistake::no_ack_wait, env)) env.set_timer(Timer::acks);
  }
  /// Nobody needs to know: there is no phase 2, and nothing is forced.
  void all_read(Env& env) {
    phase_ = Phase::committed;
    if (!delegates(env) && Presumes::kAllRead == Closing::end) env.log(Record::ended_commit);
    if (!delegates(env) && Presumes::kAllRead == Closing::committed) env.log(Record::committed);
    env.decide(Outcome::commit);
    memory_ = Memory::forgotten;
    env.forget();
  }
  void await_acks(Env& env) {
    if (!rule_of<Presumes>(outcome()).acks) return end(env);
    if (makes(Mistake::forget_before_acks, env)) return end(env);
    if (!env.options().acks) return;
    if (unacknowledged_.empty()) return end(env);
    arm_acks(env);
  }
  void end(Env& env) {
    env.cancel_timer(Timer::acks);
    if (memory_ == Memory::for_ever) return;
    memory_ = Memory::forgotten;
    if (rule_of<Presumes>(outcome()).end) {
      env.log(outcome() == Outcome::commit ? Record::ended_commit : Record::ended_abort);
    }
    env.forget();
  }
  /// None while it is undecided.
  Outcome coordinators_answer(Env& env) {
    if (Presumes::kUnknown != Outcome::none && memory_ == Memory::forgotten) {
      if (!makes(Mistake::wrong_answer, env)) return Presumes::kUnknown;
      return Presumes::kUnknown == Outcome::abort ? Outcome::commit : Outcome::abort;
    }
    // Back from a crash, undecided and silent until asked: it cannot have told anybody commit.
    if (phase_ == Phase::initial) conclude(Outcome::abort, env, AbortCause::recovery);
    return outcome();
  }

  // ---- back from a crash ----------------------------------------------------------------------
  void recover_undecided(Record last, Env& env) {
    if (delegates(env)) {
      unacknowledged_ = env.participants();
      votes_.open(env.participants());
      return ask_delegate(env);
    }
    const bool errs = makes(Mistake::commit_without_record, env);
    const bool knows = knows_list(env.options().start_record, last != Record::none);
    if (!knows && (Presumes::kUnknown == Outcome::commit || !errs)) return know_nothing(env);
    unacknowledged_ = env.participants();
    if (errs) return settle(Outcome::commit, env);
    // New presumed commit: it cannot know when the last one has asked.
    if (Presumes::kUnknown == Outcome::commit && last == Record::none) memory_ = Memory::for_ever;
    if (env.options().recover_undecided == RecoverUndecided::abort) {
      return settle(Outcome::abort, env);
    }
    if (Presumes::kUnknown == Outcome::none) return;
    conclude(Outcome::abort, env, AbortCause::recovery);
    if (!Presumes::kAbort.acks) memory_ = Memory::forgotten;
  }
  /// Nothing has begun, or all has ended, or the list was lost: for it there is no transaction, and
  /// unless that means commit it has aborted it.
  void know_nothing(Env& env) {
    memory_ = Memory::forgotten;
    if (Presumes::kUnknown == Outcome::commit) return;
    phase_ = Phase::aborted;
    env.decide(Outcome::abort, AbortCause::recovery);
  }
  void recover_decided(Env& env) {
    if (!rule_of<Presumes>(outcome()).acks) {
      memory_ = Memory::forgotten;
      return env.forget();
    }
    unacknowledged_ = env.participants();
    if (env.options().recover_decided == RecoverDecided::silent) return;
    tell(outcome(), env);
    await_acks(env);
  }

  Votes<kMax> votes_;
  Set unacknowledged_;  ///< takes part in phase 2; once told: its ack is missing
  Phase phase_ = Phase::initial;
  Memory memory_ = Memory::open;
  /// While it is voting: the number of the try, from 0. Telling one by one: who was told last.
  std::uint16_t turn_ = 0;
};

}  // namespace indoubt
