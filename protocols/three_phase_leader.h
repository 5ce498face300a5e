#pragma once
// What a leader of three-phase commit does, the coordinator or a back-up: it leads the pre-commit
// phase, decides, and tells. And the state that all forms share.
#include "protocols/three_phase_messages.h"
#include "protocols/three_phase_options.h"

namespace indoubt {

/// Base of protocol P, whose messages and hooks three_phase_recovery.h lists.
///
/// Pre-committing one by one: PRE-COMMIT goes to the lowest number first, and to the next one when
/// it is acknowledged or the `acks` time-out has passed; after the last one the phase ends as it
/// does after a broadcast. Telling one by one is the same for the decision, but those that have not
/// acknowledged it are told again in turn, for ever.
template <class P, int kMax>
class ThreePhaseLeader {
 protected:
  using O = TerminationOptions;
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
    if (waiting_.empty()) return end(env);
    if (!tells_one_by_one(env) || from + 1 != turn_) return;
    send_decision(env);
    env.set_timer(P::Timer::acks);
  }

  Outcome outcome() const {
    return phase_ == Phase::committed ? Outcome::commit
           : phase_ == Phase::aborted ? Outcome::abort
                                      : Outcome::none;
  }
  std::string_view state_name() const {
    return recovering_ && outcome() == Outcome::none ? "recovering"
                                                     : kStates[static_cast<std::size_t>(phase_)];
  }
  static std::string_view record_name(Record r) {
    return kRecordNames[static_cast<std::size_t>(r.kind)];
  }
  bool operator==(const ThreePhaseLeader&) const = default;

 protected:
  P& me() { return static_cast<P&>(*this); }

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

  // ---- the pre-commit phase -------------------------------------------------------------------
  /// Leads the pre-commit phase towards `to`.
  void pre_commit(const Set& to, Env& env) {
    phase_ = Phase::pre_committed;
    leading_ = 1;
    waiting_ = to;
    if (pre_commits_one_by_one(env)) {
      turn_ = 0;
      pre_commit_next(env);
    } else {
      env.send(to, three_phase::PreCommit{});
    }
    if (me().enough_acks(env)) return settle(Outcome::commit, env);
    env.set_timer(P::Timer::acks);
  }
  /// `from` has acknowledged PRE-COMMIT, or is known to have failed; that settles nothing.
  void pre_commit_goes_on(ProcessId from, Env& env) {
    if (pre_commits_one_by_one(env) && from + 1 == turn_) acks_late(env);
  }
  void acks_late(Env& env) {
    if (phase_ == Phase::pre_committed && leading_) {
      if (pre_commits_one_by_one(env) && pre_commit_next(env)) {
        return env.set_timer(P::Timer::acks);
      }
      return settle(me().commits_without_acks(env) ? Outcome::commit : Outcome::abort, env,
                    AbortCause::ack_timeout);
    }
    if (outcome() == Outcome::none || waiting_.empty()) return;
    send_decision(env);
    env.set_timer(P::Timer::acks);
  }
  /// False if nobody is left who has not been sent it.
  bool pre_commit_next(Env& env) {
    const Set untold = waiting_ - Set::range(0, turn_);
    if (untold.empty()) return false;
    turn_ = static_cast<ProcessId>(untold.first() + 1);
    env.send(untold.first(), three_phase::PreCommit{});
    return true;
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

  // ---- deciding and telling -------------------------------------------------------------------
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
    turn_ = 0;
    send_decision(env);
    if (!env.options().acks) return;
    if (waiting_.empty()) return end(env);
    env.set_timer(P::Timer::acks);
  }
  /// To all whose acknowledgement is missing, or to the next one of them.
  void send_decision(Env& env) {
    if (!tells_one_by_one(env)) return env.send(waiting_, Decision{outcome()});
    if (waiting_.empty()) return;
    const ProcessId next = waiting_.next_in_turn(turn_);
    turn_ = static_cast<ProcessId>(next + 1);
    env.send(next, Decision{outcome()});
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
  ProcessId turn_ = 0;              ///< one by one: 1 + whom it has sent to last

 private:
  static constexpr std::string_view kRecordNames[] = {"none",          "started",   "prepared",
                                                      "pre-committed", "committed", "aborted"};

  static bool pre_commits_one_by_one(const Env& env) {
    return env.options().pre_committing == Telling::one_by_one;
  }
  static bool tells_one_by_one(const Env& env) {
    return env.options().telling == Telling::one_by_one && env.options().acks;
  }
};

}  // namespace indoubt
