#pragma once
// What the forms of three-phase commit share once messages stop coming: termination by an elected
// back-up, recovery after a crash, and recovery after the failure of all processes.
//
// Source: Skeen, "Nonblocking commit protocols" (SIGMOD 1981); Bernstein, Hadzilacos & Goodman
// (1987), ch. 7.5: rules TR1-TR4, recovery, last process to fail.
#include "protocols/three_phase_messages.h"
#include "protocols/three_phase_options.h"

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
/// Termination. Who times out waits for each process in turn to lead, the lowest first, and leads
/// in its own turn those not taken for failed.
///
/// Recovery. Who comes back undecided asks. Who is asked before it has voted aborts, and says so:
/// so a coordinator that went down before PREPARE had left is answered.
///
/// Total failure. Recovering processes tell each other their logged states and up-sets; a set R of
/// them contains the last process to fail if it contains the intersection S of its members'
/// up-sets. Whoever has committed before did so after every process then up was pre-committed, so
/// one of S has logged that; whoever has aborted left none. The lowest of S has S log the state
/// that follows, with S as up-set, and decides when all of S have: a later R finds the same.
/// Failures that come back are possible at every point of this.
template <class P, int kMax>
class ThreePhaseTermination {
  using O = TerminationOptions;

 protected:
  using Phase = three_phase::Phase;
  using LoggedState = three_phase::LoggedState;

 public:
  using StateRequest = three_phase::StateRequest;
  using StateReport = three_phase::StateReport;
  using Decision = three_phase::Decision;
  using Ack = three_phase::Ack;
  using Move = three_phase::Move;
  using Moved = three_phase::Moved;
  using Inquiry = three_phase::Inquiry;
  using Rejoin = three_phase::Rejoin;
  using Resume = three_phase::Resume;
  using Resumed = three_phase::Resumed;
  using Record = three_phase::Record;
  using Set = ProcessSet<kMax>;
  using Env = indoubt::Env<P>;
  static constexpr std::string_view kStates[] = {"initial",   "voting",        "preparing",
                                                 "uncertain", "pre-committed", "committed",
                                                 "aborted",   "recovering"};
  static constexpr int kLimit = kMax;

  // ---- the decision ---------------------------------------------------------------------------
  void receive(Decision decision, ProcessId from, Env& env) {
    if (outcome() == Outcome::none) {  // in any state, from any leader
      me().quiet(env);
      stop_leading();
      waiting_ = {};
      conclude(decision.outcome, env);
    }
    if (env.options().acks) env.send(from, Ack{});
  }
  void receive(Ack, ProcessId from, Env& env) {
    if (outcome() == Outcome::none || waiting_.empty()) return;
    waiting_.erase(from);
    if (waiting_.empty()) end(env);
  }

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

  // ---- recovery -------------------------------------------------------------------------------
  void recover(Record last, Env& env) {
    using Kind = typename Record::Kind;
    switch (last.kind) {
      case Kind::none:
      case Kind::started:
        if (!env.is_coordinator())  // it never voted YES
          return conclude(Outcome::abort, env, AbortCause::recovery);
        if (me().recovers_alone(env)) return settle(Outcome::abort, env, AbortCause::recovery);
        break;
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

  Outcome outcome() const {
    return phase_ == Phase::committed ? Outcome::commit
           : phase_ == Phase::aborted ? Outcome::abort
                                      : Outcome::none;
  }
  static bool has_backups(const O& o) {
    return o.uncertain == O::Late::terminate || o.pre_committed == O::Late::terminate;
  }
  /// Until all have acknowledged what it has decided.
  bool leads() const { return leading_ != 0 || (outcome() != Outcome::none && !waiting_.empty()); }
  std::string_view state_name() const {
    return recovering_ && outcome() == Outcome::none ? "recovering"
                                                     : kStates[static_cast<std::size_t>(phase_)];
  }
  static std::string_view record_name(Record r) {
    return kRecordNames[static_cast<std::size_t>(r.kind)];
  }
  bool operator==(const ThreePhaseTermination&) const = default;

 protected:
  // ---- local work ------------------------------------------------------------------------------
  /// The participant's local work has ended with NO.
  void vote_no(Env& env) {
    phase_ = Phase::aborted;
    env.vote(false);
    write(env.options().no_voter_record, Record{Record::Kind::aborted}, env);
    env.decide(Outcome::abort);
  }
  void vote_yes(Env& env) {
    phase_ = Phase::uncertain;
    env.force(
        Record{Record::Kind::prepared, 0, three_phase::FailedBits::of(failed_, env.processes())});
    env.vote(true);
  }

  // ---- time-outs -------------------------------------------------------------------------------
  void decision_late(Env& env) {
    if (outcome() != Outcome::none) return;
    if (recovering_) return still_recovering(env);
    if (phase_ == Phase::uncertain) leader_late(env.options().uncertain, env);
  }
  void commit_late(Env& env) {
    if (phase_ == Phase::pre_committed) leader_late(env.options().pre_committed, env);
  }
  void states_late(Env& env) {
    if (collecting()) round_over(env);
  }
  void request_late(Env& env) {
    if (phase_ == Phase::initial) conclude(Outcome::abort, env, AbortCause::unasked);
  }
  void acks_late(Env& env) {
    if (phase_ == Phase::pre_committed && leading_) {
      return settle(me().commits_without_acks(env) ? Outcome::commit : Outcome::abort, env,
                    AbortCause::ack_timeout);
    }
    if (outcome() == Outcome::none || waiting_.empty()) return;
    env.send(waiting_, Decision{outcome()});
    env.set_timer(P::Timer::acks);
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
      return settled != Outcome::none ? settle(settled, env, AbortCause::ack_timeout) : void();
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
  /// Leads the pre-commit phase towards `to`.
  void pre_commit(const Set& to, Env& env) {
    phase_ = Phase::pre_committed;
    leading_ = 1;
    waiting_ = to;
    env.send(to, three_phase::PreCommit{});
    if (me().enough_acks(env)) return settle(Outcome::commit, env);
    env.set_timer(P::Timer::acks);
  }
  void stop_leading() { leading_ = states_open_ = 0; }

  // ---- records ---------------------------------------------------------------------------------
  LoggedState logged_state(const Env& env) const {
    return {phase_, three_phase::FailedBits::of(failed_, env.processes())};
  }
  /// The present state as a record. Requires uncertain or pre-committed.
  Record state_record(const Env& env) const {
    const bool uncertain = phase_ == Phase::uncertain;
    return {uncertain ? Record::Kind::prepared : Record::Kind::pre_committed, 0,
            three_phase::FailedBits::of(failed_, env.processes())};
  }
  void log_up_set(Env& env) {
    if (env.options().total_failure != O::TotalFailure::last_to_fail) return;
    if (phase_ != Phase::uncertain && phase_ != Phase::pre_committed) return;
    write(env.options().up_set_record, state_record(env), env);
  }

  Set others(const Env& env) const {
    Set others = Set::range(0, env.processes());
    others.erase(env.self());
    return others;
  }
  /// Whom a back-up asks and tells. Those that another back-up takes for failed are asked.
  Set reachable(const Env& env) const { return others(env) - failed_; }

  void conclude(Outcome outcome, Env& env, AbortCause cause = AbortCause::other) {
    const bool commit = outcome == Outcome::commit;
    phase_ = commit ? Phase::committed : Phase::aborted;
    env.force(Record{commit ? Record::Kind::committed : Record::Kind::aborted});
    env.decide(outcome, cause);
  }
  /// The leader decides, and tells. While it collects votes, these are the cause.
  void settle(Outcome outcome, Env& env, AbortCause cause = AbortCause::termination) {
    me().quiet(env);
    conclude(outcome, env, phase_ == Phase::voting ? me().vote_cause(env) : cause);
    stop_leading();
    waiting_ = recovering_ ? others(env) : me().addressees(env);
    tell(env);
  }
  void tell(Env& env) {
    env.send(waiting_, Decision{outcome()});
    if (!env.options().acks) return;
    if (waiting_.empty()) return end(env);
    env.set_timer(P::Timer::acks);
  }
  void end(Env& env) {
    env.cancel_timer(P::Timer::acks);
    env.forget();
  }

  Set waiting_;             ///< leader: whose ack or answer is missing
  Set uncertain_;           ///< back-up: who reported to be uncertain
  Set failed_;              ///< taken for failed, waited for or reported; all others: the up-set
  Set back_, last_;         ///< recovering: who is back; the intersection of their up-sets
  Set back_pre_committed_;  ///< recovering: who of them has logged PRE-COMMIT
  ProcessId leader_ = 0;    ///< whom this process follows; those below were passed over
  Phase phase_ = Phase::initial;
  std::uint8_t leading_ = 0;  ///< in the pre-commit phase or collecting states
  std::uint8_t states_open_ = 0;
  std::uint8_t someone_pre_committed_ = 0, someone_has_not_voted_ = 0;
  std::uint8_t recovering_ = 0;     ///< back from a crash, undecided: asks, takes no part
  std::uint8_t someone_is_up_ = 0;  ///< recovering: one that has not failed has answered
  std::uint8_t terminating_ = 0;    ///< it has waited in vain, or a back-up has asked it
  std::uint8_t spare_[2] = {};      ///< no padding: equal values have equal bytes

 private:
  static constexpr std::string_view kRecordNames[] = {"none",          "started",   "prepared",
                                                      "pre-committed", "committed", "aborted"};

  P& me() { return static_cast<P&>(*this); }

  static bool by_own_state(const Env& env) {
    return env.options().termination == O::Termination::backup_state;
  }
  Outcome own_verdict() const {
    return phase_ == Phase::pre_committed ? Outcome::commit : Outcome::abort;
  }
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
