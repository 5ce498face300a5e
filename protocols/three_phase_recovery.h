#pragma once
// What the forms of three-phase commit share once messages stop coming: termination by an elected
// back-up, recovery after a crash, and recovery after the failure of all processes.
//
// Source: Skeen, "Nonblocking commit protocols" (SIGMOD 1981); Bernstein, Hadzilacos & Goodman
// (1987), ch. 7.5: recovery, last process to fail.
#include "protocols/three_phase_termination.h"

namespace indoubt {

/// Base of protocol P, with the part of its state that termination and recovery need. P has timers
/// acks, decision, commit, states and request, and
///   quiet(env)           cancel every timer but that of final acks;
///   asked_while_voting(env)  a back-up asks: decide now if nobody can be pre-committed;
///   addressees(env)      whom a leader tells the decision;
///   enough_acks(env)     in the pre-commit phase, to commit;
///   commits_without_acks(env)  when acknowledgements are missing at the time-out;
///   acks_settle(env)     what follows when one that has not acknowledged has crashed;
///   become_pre_committed(env)  as back-up;
///   vote_cause(env)      why it aborts while voting;
///   recovers_alone(env)  as coordinator without record: whether nobody can be pre-committed.
///
/// Recovery. Who comes back undecided asks. Who is asked before it has voted aborts, and says so:
/// so a coordinator that went down before PREPARE had left is answered. A coordinator without a
/// record, whose list was not free, has forgotten whom to ask: it waits until it is told or, by one
/// that comes back as well and knows the others, asked; then it asks too.
///
/// Total failure. Recovering processes tell each other their logged states and up-sets; a set R of
/// them contains the last process to fail if it contains the intersection S of its members'
/// up-sets. Whoever has committed before did so after every process then up was pre-committed, so
/// one of S has logged that; whoever has aborted left none. The lowest of S has S log the state
/// that follows, with S as up-set, and decides when all of S have: a later R finds the same.
/// Failures that come back are possible at every point of this.
template <class P, int kMax>
class ThreePhaseRecovery : public ThreePhaseTermination<P, kMax> {
  using Base = ThreePhaseTermination<P, kMax>;
  using O = TerminationOptions;

 protected:
  using Base::back_, Base::back_pre_committed_, Base::failed_, Base::last_, Base::leading_,
      Base::phase_, Base::recovering_, Base::someone_is_up_, Base::waiting_;
  using Base::conclude, Base::has_not_voted, Base::leader_late, Base::logged_state, Base::me,
      Base::others, Base::own_verdict, Base::settle, Base::state_record, Base::stop_leading,
      Base::tell;
  using typename Base::LoggedState, typename Base::Phase;

 public:
  using Base::outcome, Base::receive;
  using typename Base::Decision, typename Base::Env, typename Base::Inquiry, typename Base::Record,
      typename Base::Rejoin, typename Base::Resume, typename Base::Resumed, typename Base::Set,
      typename Base::StateReport;

  // ---- recovery -------------------------------------------------------------------------------
  void recover(Record last, Env& env) {
    using Kind = typename Record::Kind;
    switch (last.kind) {
      case Kind::none:
      case Kind::started:
        if (!env.is_coordinator())  // it never voted YES
          return conclude(Outcome::abort, env, AbortCause::recovery);
        return recover_undecided(knows_list(env.options().start_record, last.kind != Kind::none),
                                 env);
      case Kind::prepared: phase_ = Phase::uncertain; break;
      case Kind::pre_committed: phase_ = Phase::pre_committed; break;
      case Kind::committed:
      case Kind::aborted:
        phase_ = last.kind == Kind::committed ? Phase::committed : Phase::aborted;
        if (!env.is_coordinator()) return;
        waiting_ = env.participants();
        if (env.options().recover_decided == RecoverDecided::resend) tell(env);
        return;
    }
    if (env.options().mistake == O::Mistake::pre_commit_not_durable && !env.is_coordinator()) {
      return conclude(phase_ == Phase::pre_committed ? Outcome::commit : Outcome::abort, env,
                      AbortCause::recovery);
    }
    failed_ = last.failed.template set<Set>(env.processes());
    recovering_ = 1;  // the others may have decided without it: it asks, and never decides alone
    inquire(env);
  }
  void receive(Inquiry inquiry, ProcessId from, Env& env) {
    if (has_not_voted(env)) {  // so nobody has committed: it aborts, as when it is unasked
      me().quiet(env);
      conclude(Outcome::abort, env, AbortCause::termination);
    }
    if (outcome() != Outcome::none) return env.send(from, Decision{outcome()});
    if (recovering_) {
      if (back_.empty()) inquire(env);  // it had forgotten whom to ask
      env.send(from, Rejoin{logged_state(env)});
      return rejoin(inquiry.own, from, env);
    }
    const bool asked = env.options().total_failure == O::TotalFailure::logged_states;
    if (asked) env.send(from, StateReport{phase_});  // not everybody has failed
  }

  // ---- recovery after the failure of all --------------------------------------------------------
  void receive(Rejoin answer, ProcessId from, Env& env) {
    if (recovering_ && outcome() == Outcome::none) rejoin(answer.own, from, env);
  }
  void receive(Resume resume, ProcessId from, Env& env) {
    if (outcome() != Outcome::none) return env.send(from, Decision{outcome()});
    if (!recovering_) return;
    stop_leading();
    adopt(resume.agreed, env);
    env.send(from, Resumed{resume.agreed});
  }
  void receive(Resumed answer, ProcessId from, Env& env) {
    if (!recovering_ || !leading_ || answer.agreed != logged_state(env)) return;
    waiting_.erase(from);
    if (waiting_.empty()) settle(own_verdict(), env);
  }

  bool operator==(const ThreePhaseRecovery&) const = default;

 protected:
  void decision_late(Env& env) {
    if (outcome() != Outcome::none) return;
    if (recovering_) return still_recovering(env);
    if (phase_ == Phase::uncertain) leader_late(env.options().uncertain, env);
  }

 private:
  /// The coordinator, without a record of what it may have done.
  void recover_undecided(bool knows, Env& env) {
    if (!me().recovers_alone(env)) {
      recovering_ = 1;
      return knows ? inquire(env) : void();
    }
    if (!knows) return conclude(Outcome::abort, env, AbortCause::recovery);
    settle(Outcome::abort, env, AbortCause::recovery);
  }
  void inquire(Env& env) {
    stop_leading();
    someone_is_up_ = 0;
    back_ = back_pre_committed_ = {};
    last_ = Set::range(0, env.processes());
    env.send(others(env), Inquiry{logged_state(env)});
    env.set_timer(P::Timer::decision);
    rejoin(logged_state(env), env.self(), env);
  }
  void still_recovering(Env& env) {
    const bool by_states = env.options().total_failure == O::TotalFailure::logged_states;
    if (!by_states || someone_is_up_ || leading_ || back_.first() != env.self()) {
      return inquire(env);
    }
    last_ = back_;
    env.set_timer(P::Timer::decision);
    resume(env);
  }
  /// `who` is back with this state, and knows no decision.
  void rejoin(const LoggedState& own, ProcessId who, Env& env) {
    back_.insert(who);
    last_ = last_ - own.failed.template set<Set>(env.processes());
    if (own.phase == Phase::pre_committed) back_pre_committed_.insert(who);
    if (leading_ || env.options().total_failure != O::TotalFailure::last_to_fail) return;
    const bool enough = !last_.empty() && (last_ - back_).empty();
    if (enough && last_.first() == env.self()) resume(env);
  }
  /// Leads those of whom one failed last.
  void resume(Env& env) {
    const Set pre_committed = back_pre_committed_ - (Set::range(0, env.processes()) - last_);
    const LoggedState agreed{
        pre_committed.empty() ? Phase::uncertain : Phase::pre_committed,
        three_phase::FailedBits::of(Set::range(0, env.processes()) - last_, env.processes())};
    leading_ = 1;
    waiting_ = last_;
    waiting_.erase(env.self());
    adopt(agreed, env);
    if (waiting_.empty()) return settle(own_verdict(), env);
    env.send(waiting_, Resume{agreed});
  }
  void adopt(const LoggedState& agreed, Env& env) {
    phase_ = agreed.phase;
    failed_ = agreed.failed.template set<Set>(env.processes());
    env.force(state_record(env));
  }
};

}  // namespace indoubt
