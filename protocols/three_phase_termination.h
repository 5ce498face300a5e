#pragma once
// Termination by an elected back-up, in the forms of three-phase commit.
//
// Source: Skeen, "Nonblocking commit protocols" (SIGMOD 1981); Bernstein, Hadzilacos & Goodman
// (1987), ch. 7.5: rules TR1-TR4.
#include "protocols/three_phase_leader.h"

namespace indoubt {

/// Base of protocol P, whose messages and hooks three_phase_recovery.h lists.
///
/// Who times out waits for each process in turn to lead, the lowest first, and leads in its own
/// turn those not taken for failed.
template <class P, int kMax>
class ThreePhaseTermination : public ThreePhaseLeader<P, kMax> {
  using Base = ThreePhaseLeader<P, kMax>;
  using O = TerminationOptions;

 protected:
  using Base::conclude, Base::log_up_set, Base::me, Base::others, Base::pre_commit, Base::reachable,
      Base::settle, Base::state_record, Base::stop_leading;
  using Base::failed_, Base::leader_, Base::leading_, Base::phase_, Base::recovering_,
      Base::someone_has_not_voted_, Base::someone_is_up_, Base::someone_pre_committed_,
      Base::states_open_, Base::terminating_, Base::uncertain_, Base::waiting_;
  using typename Base::LoggedState, typename Base::Phase;

 public:
  using Base::outcome, Base::receive;
  using typename Base::Decision, typename Base::Env, typename Base::Move, typename Base::Moved,
      typename Base::Set, typename Base::StateReport, typename Base::StateRequest;

  // ---- termination by collected states ----------------------------------------------------------
  void receive(StateRequest, ProcessId from, Env& env) {
    me().asked_while_voting(env);
    if (outcome() != Outcome::none) return env.send(from, StateReport{phase_});  // to any leader
    const bool takes_part = !recovering_ || env.options().mistake == O::Mistake::recovered_votes;
    if (!takes_part || !follows(from, env)) return;
    terminating_ = 1;
    env.send(from, StateReport{phase_});
    if (phase_ == Phase::initial || phase_ == Phase::preparing) return;
    me().quiet(env);
    await_leader(env);
  }
  void receive(StateReport report, ProcessId from, Env& env) {
    if (recovering_) someone_is_up_ = 1;
    if (!collecting() || !waiting_.contains(from)) return;
    waiting_.erase(from);
    switch (report.phase) {
      case Phase::aborted: return settle(Outcome::abort, env, AbortCause::other);
      case Phase::committed: return settle(Outcome::commit, env);
      case Phase::pre_committed: someone_pre_committed_ = 1; break;
      case Phase::uncertain: uncertain_.insert(from); break;
      default: someone_has_not_voted_ = 1;
    }
    if (waiting_.empty()) round_over(env);
  }

  // ---- termination by the back-up's own state ---------------------------------------------------
  void receive(Move move, ProcessId from, Env& env) {
    me().asked_while_voting(env);
    if (outcome() != Outcome::none) return env.send(from, Moved{});  // decided ones stay
    if (recovering_ || !follows(from, env)) return;
    terminating_ = 1;
    me().quiet(env);
    move_to(move.phase, env);
    env.send(from, Moved{});
    await_leader(env);
  }
  void receive(Moved, ProcessId from, Env& env) {
    if (!collecting() || !waiting_.contains(from)) return;
    waiting_.erase(from);
    if (waiting_.empty()) round_over(env);
  }

  static bool has_backups(const O& o) {
    return o.uncertain == O::Late::terminate || o.pre_committed == O::Late::terminate;
  }
  /// Until all have acknowledged what it has decided.
  bool leads() const { return leading_ != 0 || (outcome() != Outcome::none && !waiting_.empty()); }
  bool operator==(const ThreePhaseTermination&) const = default;

 protected:
  // ---- time-outs -------------------------------------------------------------------------------
  void commit_late(Env& env) {
    if (phase_ == Phase::pre_committed) leader_late(env.options().pre_committed, env);
  }
  void states_late(Env& env) {
    if (collecting()) round_over(env);
  }
  void request_late(Env& env) {
    if (phase_ == Phase::initial) conclude(Outcome::abort, env, AbortCause::unasked);
  }

  // ---- a failure detector reports a crash -------------------------------------------------------
  /// False if nothing follows from it: it was known, or this process is no longer waiting.
  bool learns_of(ProcessId failed, Env& env) {
    if (recovering_ || failed_.contains(failed)) return false;
    failed_.insert(failed);
    if (outcome() == Outcome::none) {
      log_up_set(env);
      return true;
    }
    // A decided back-up tells its decision when its turn comes.
    if (failed < env.self() && (Set::range(0, env.self()) - failed_).empty()) {
      env.send(reachable(env), Decision{outcome()});
    }
    return false;
  }
  /// Goes on without `failed` as leader, or as one whose leader it was.
  void goes_on_without(ProcessId failed, Env& env) {
    if (leading_ && waiting_.contains(failed)) {
      waiting_.erase(failed);
      if (collecting()) return waiting_.empty() ? round_over(env) : void();
      const Outcome settled = me().acks_settle(env);
      if (settled == Outcome::none) return this->pre_commit_goes_on(failed, env);
      return settle(settled, env, AbortCause::ack_timeout);
    }
    const bool waits = phase_ == Phase::uncertain || phase_ == Phase::pre_committed;
    if (leading_ || failed != leader_ || !waits) return;
    me().quiet(env);
    const bool uncertain = phase_ == Phase::uncertain;
    leader_late(uncertain ? env.options().uncertain : env.options().pre_committed, env);
  }

  // ---- following -------------------------------------------------------------------------------
  /// Whether `from` is to be obeyed: not a leader that this process has given up. Only one leads:
  /// who follows another gives up its own round.
  bool follows(ProcessId from, const Env& env) {
    if (env.options().mistake == O::Mistake::two_leaders) return true;
    if (from < leader_) return false;
    leader_ = from;
    stop_leading();
    return true;
  }
  /// Waits for the leader's next message, in the state reached.
  void await_leader(Env& env) {
    const bool uncertain = phase_ == Phase::uncertain;
    const O::Late late = uncertain ? env.options().uncertain : env.options().pre_committed;
    if (late == O::Late::off) return;
    if (failed_.contains(leader_)) return leader_late(late, env);
    env.set_timer(uncertain ? P::Timer::decision : P::Timer::commit);
  }
  void leader_late(O::Late late, Env& env) {
    switch (late) {
      case O::Late::off: return;
      case O::Late::abort: return conclude(Outcome::abort, env, AbortCause::termination);
      case O::Late::commit: return conclude(Outcome::commit, env);
      case O::Late::terminate: return me().next_leader(env);
    }
  }
  /// The silent leader is taken for failed; the next one leads.
  void next_leader(Env& env) {
    const bool known = failed_.contains(leader_) || leader_ == env.self();
    if (!env.options().ask_silent_leader && !known) {
      failed_.insert(leader_);
      log_up_set(env);
    }
    do {
      ++leader_;
    } while (leader_ < env.processes() && leader_ != env.self() && failed_.contains(leader_));
    if (leader_ != env.self() && leader_ != env.processes()) return await_leader(env);
    leader_ = env.self();  // its turn; or, passed over before, it is the last one left
    lead(env);
  }

  // ---- leading ---------------------------------------------------------------------------------
  void lead(Env& env) {
    leading_ = 1;
    uncertain_ = {};
    someone_pre_committed_ = someone_has_not_voted_ = 0;
    waiting_ = reachable(env);
    if (waiting_.empty()) return round_over(env);
    states_open_ = 1;
    if (by_own_state(env)) {
      env.send(waiting_, Move{phase_});
    } else {
      env.send(waiting_, StateRequest{});
    }
    env.set_timer(P::Timer::states);
  }
  bool has_not_voted(const Env& env) const {
    return env.is_participant() && (phase_ == Phase::initial || phase_ == Phase::preparing);
  }
  bool collecting() const { return leading_ && states_open_ && outcome() == Outcome::none; }
  void round_over(Env& env) {
    states_open_ = 0;
    env.cancel_timer(P::Timer::states);
    if (by_own_state(env)) return settle(own_verdict(), env);
    states_collected(env);
  }
  /// Termination rules TR1-TR4 over the reachable processes; an aborted or committed one has
  /// already settled it.
  void states_collected(Env& env) {
    const bool committable = someone_pre_committed_ || phase_ == Phase::pre_committed;
    if (someone_has_not_voted_ || !committable) return settle(Outcome::abort, env);
    if (phase_ != Phase::pre_committed) me().become_pre_committed(env);
    pre_commit(uncertain_, env);
  }

  static bool by_own_state(const Env& env) {
    return env.options().termination == O::Termination::backup_state;
  }
  Outcome own_verdict() const {
    return phase_ == Phase::pre_committed ? Outcome::commit : Outcome::abort;
  }

 private:
  /// To the back-up's state. Back to uncertain is forced: PRE-COMMIT may be in the log.
  void move_to(Phase to, Env& env) {
    const Phase before = phase_;
    phase_ = to;
    if (before == to) return;
    const bool back = before == Phase::pre_committed;
    const bool forth =
        to == Phase::pre_committed && env.options().pre_commit_record != O::PreCommitRecord::none;
    if (back || forth) env.force(state_record(env));
  }
};

}  // namespace indoubt
