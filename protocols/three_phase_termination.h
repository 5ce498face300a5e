#pragma once
// What the forms of three-phase commit share once messages stop coming: termination by an elected
// back-up, recovery after a crash, and recovery after the failure of all processes.
//
// Source: Skeen, "Nonblocking commit protocols" (SIGMOD 1981); Bernstein, Hadzilacos & Goodman
// (1987), ch. 7.5: rules TR1-TR4, recovery, last process to fail.
#include <array>

#include "protocols/voting.h"

namespace indoubt {

/// Options of everything that follows the votes (a base of a protocol's Options).
struct TerminationOptions {
  bool acks = false;
  RecordPolicy no_voter_record = RecordPolicy::unforced;
  RecordPolicy start_record = RecordPolicy::none;
  enum class PreCommitRecord : std::uint8_t { none, participants, all };
  PreCommitRecord pre_commit_record = PreCommitRecord::none;
  enum class Unasked : std::uint8_t { off, abort } unasked = Unasked::off;
  enum class Late : std::uint8_t { terminate, off, abort, commit };
  Late uncertain = Late::terminate;
  Late pre_committed = Late::terminate;
  enum class Termination : std::uint8_t { collected_states, backup_state };
  Termination termination = Termination::collected_states;
  bool ask_silent_leader = false;
  enum class TotalFailure : std::uint8_t { last_to_fail, logged_states };
  TotalFailure total_failure = TotalFailure::last_to_fail;
  RecordPolicy up_set_record = RecordPolicy::unforced;
  RecoverDecided recover_decided = RecoverDecided::resend;
  enum class Mistake : std::uint8_t {
    none,
    commit_in_pre_commit_on_timeout,
    abort_when_uncertain,
    timeout_only,
    recovered_votes,
    pre_commit_not_durable,
    two_leaders,
    decide_on_majority
  };
  Mistake mistake = Mistake::none;
};

inline constexpr std::string_view kPreCommitRecords[] = {"none", "participants", "all"};
inline constexpr std::string_view kUnaskedActions[] = {"off", "abort"};
inline constexpr std::string_view kLate[] = {"terminate", "off", "abort", "commit"};
inline constexpr std::string_view kTerminations[] = {"collected-states", "backup-state"};
inline constexpr std::string_view kTotalFailures[] = {"last-to-fail", "logged-states"};
inline constexpr std::string_view kThreePhaseMistakes[] = {"none",
                                                           "commit_in_pre_commit_on_timeout",
                                                           "abort_when_uncertain",
                                                           "timeout_only",
                                                           "recovered_votes",
                                                           "pre_commit_not_durable",
                                                           "two_leaders",
                                                           "decide_on_majority"};

/// The fields that every form of three-phase commit offers, in the order of the catalogue.
template <class O>
constexpr std::array<OptionField, 10> kTerminationFields = {
    choice<O, &O::no_voter_record>("no_voter_record",
                                   "How a participant that votes NO writes its abort record.",
                                   kNoVoterRecords),
    choice<O, &O::pre_commit_record>("pre_commit_record", "Who forces a record of PRE-COMMIT.",
                                     kPreCommitRecords),
    choice<O, &O::unasked>(
        "unasked",
        "What a participant does when PREPARE does not come within the `request` time-out.",
        kUnaskedActions),
    choice<O, &O::uncertain>(
        "uncertain",
        "What an uncertain participant does when it hears nothing within the `decision` time-out: "
        "run the termination protocol, nothing, or decide alone (unsafe).",
        kLate),
    choice<O, &O::pre_committed>(
        "pre_committed",
        "What a pre-committed participant does when it hears nothing within the `commit` time-out: "
        "run the termination protocol, nothing, or decide alone (unsafe).",
        kLate),
    choice<O, &O::termination>(
        "termination",
        "What a back-up goes by: the states that it collects (rules TR1-TR4), or its own state, to "
        "which it first moves everybody it can reach (MOVE).",
        kTerminations),
    choice<O, &O::ask_silent_leader>(
        "ask_silent_leader",
        "Whether a back-up also asks, and tells its decision to, those that it has waited for "
        "itself and taken for failed.",
        kNoYes),
    choice<O, &O::total_failure>(
        "total_failure",
        "When processes that have all failed and come back undecided may decide: once those that "
        "are back include the last one to fail, by their logged up-sets, or after one `decision` "
        "time-out, by the logged states of those that are back (unsafe).",
        kTotalFailures),
    choice<O, &O::up_set_record>(
        "up_set_record",
        "How an undecided process writes its up-set when it takes another one for failed; only the "
        "first 48 processes can be left out of it. Without this record the rule `last-to-fail` "
        "waits for more processes.",
        kNoVoterRecords),
    choice<O, &O::mistake>(
        "mistake",
        "A known mistake, to see what it breaks. Decide alone on a time-out: commit when "
        "pre-committed, abort when uncertain, or both (timeout_only). recovered_votes: a "
        "recovering "
        "process takes part in a termination round with its old state. pre_commit_not_durable: a "
        "recovering participant decides by its last record, commit if that is PRE-COMMIT, though "
        "PRE-COMMIT need not be logged. two_leaders: a process obeys every leader, and goes on "
        "leading when another takes over. decide_on_majority: pre-commit needs more than half of "
        "the votes only.",
        kThreePhaseMistakes),
};

/// Mistakes that are another value of an option.
template <class O>
O with_mistake(O o) {
  using Mistake = TerminationOptions::Mistake;
  const bool both = o.mistake == Mistake::timeout_only;
  if (both || o.mistake == Mistake::commit_in_pre_commit_on_timeout) {
    o.pre_committed = TerminationOptions::Late::commit;
  }
  if (both || o.mistake == Mistake::abort_when_uncertain) {
    o.uncertain = TerminationOptions::Late::abort;
  }
  if (o.mistake == Mistake::decide_on_majority) o.rule = DecisionRule::majority;
  return o;
}

namespace three_phase {

enum class Phase : std::uint8_t {
  initial,
  voting,
  preparing,
  uncertain,
  pre_committed,
  committed,
  aborted
};

/// Processes taken for failed, small enough for a record or a message beside a phase. Processes
/// from number 48 on are never in it: they count as up, which can only make the others wait.
class FailedBits {
 public:
  static constexpr int kMost = 48;
  template <class Set>
  static FailedBits of(const Set& failed, int processes) {
    FailedBits bits;
    for (int p = 0; p < processes && p < kMost; ++p) {
      if (!failed.contains(static_cast<ProcessId>(p))) continue;
      bits.bytes_[static_cast<std::size_t>(p / 8)] |= static_cast<std::uint8_t>(1 << p % 8);
    }
    return bits;
  }
  template <class Set>
  Set set(int processes) const {
    Set failed;
    for (int p = 0; p < processes && p < kMost; ++p) {
      if ((bytes_[static_cast<std::size_t>(p / 8)] >> p % 8 & 1) == 0) continue;
      failed.insert(static_cast<ProcessId>(p));
    }
    return failed;
  }
  bool operator==(const FailedBits&) const = default;

 private:
  std::array<std::uint8_t, kMost / 8> bytes_{};
};

/// A state with the processes that had been taken for failed in it: what recovery goes by.
struct LoggedState {
  Phase phase = Phase::initial;
  FailedBits failed;
  bool operator==(const LoggedState&) const = default;
};

struct Record {
  enum class Kind : std::uint8_t { none, started, prepared, pre_committed, committed, aborted };
  Kind kind = Kind::none;
  std::uint8_t spare = 0;
  FailedBits failed{};  ///< prepared, pre_committed
  bool operator==(const Record&) const = default;
};

struct Prepare {
  std::string_view name() const { return "PREPARE"; }
  bool operator==(const Prepare&) const = default;
};
struct Vote {
  bool yes = false;
  std::string_view name() const { return yes ? "YES" : "NO"; }
  bool operator==(const Vote&) const = default;
};
struct PreCommit {
  std::string_view name() const { return "PRE-COMMIT"; }
  bool operator==(const PreCommit&) const = default;
};
struct PreCommitAck {
  std::string_view name() const { return "PRE-COMMIT-ACK"; }
  bool operator==(const PreCommitAck&) const = default;
};
struct Decision {
  Outcome outcome = Outcome::none;
  std::string_view name() const { return outcome == Outcome::commit ? "COMMIT" : "ABORT"; }
  bool operator==(const Decision&) const = default;
};
struct Ack {
  std::string_view name() const { return "ACK"; }
  bool operator==(const Ack&) const = default;
};
struct StateRequest {
  std::string_view name() const { return "STATE-REQ"; }
  bool operator==(const StateRequest&) const = default;
};
struct StateReport {
  Phase phase = Phase::initial;
  std::string_view name() const { return "STATE"; }
  bool operator==(const StateReport&) const = default;
};
/// To the back-up's own state.
struct Move {
  Phase phase = Phase::initial;
  std::string_view name() const { return "MOVE"; }
  bool operator==(const Move&) const = default;
};
struct Moved {
  std::string_view name() const { return "MOVED"; }
  bool operator==(const Moved&) const = default;
};
/// A recovering process asks for the decision, and says what it knows itself.
struct Inquiry {
  LoggedState own;
  std::string_view name() const { return "INQUIRY"; }
  bool operator==(const Inquiry&) const = default;
};
/// Another recovering process answers that it does not know either.
struct Rejoin {
  LoggedState own;
  std::string_view name() const { return "REJOIN"; }
  bool operator==(const Rejoin&) const = default;
};
/// After a total failure: to the state in which those that may have failed last will decide.
struct Resume {
  LoggedState agreed;
  std::string_view name() const { return "RESUME"; }
  bool operator==(const Resume&) const = default;
};
struct Resumed {
  LoggedState agreed;
  std::string_view name() const { return "RESUMED"; }
  bool operator==(const Resumed&) const = default;
};

}  // namespace three_phase

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
      case Phase::aborted: return settle(Outcome::abort, env);
      case Phase::committed: return settle(Outcome::commit, env);
      case Phase::pre_committed: someone_pre_committed_ = 1; break;
      case Phase::uncertain: uncertain_.insert(from); break;
      default: someone_has_not_voted_ = 1;
    }
    if (waiting_.empty()) round_over(env);
  }

  // ---- termination by the back-up's own state
  // -----------------------------------------------------
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
        if (!env.is_coordinator()) return conclude(Outcome::abort, env);  // it never voted YES
        if (me().recovers_alone(env)) return settle(Outcome::abort, env);
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
      return conclude(phase_ == Phase::pre_committed ? Outcome::commit : Outcome::abort, env);
    }
    failed_ = last.failed.template set<Set>(env.processes());
    recovering_ = 1;  // the others may have decided without it: it asks, and never decides alone
    inquire(env);
  }
  void receive(Inquiry inquiry, ProcessId from, Env& env) {
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
  std::string_view state_name() const {
    return recovering_ && outcome() == Outcome::none
               ? "recovering"
               : kPhaseNames[static_cast<std::size_t>(phase_)];
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
    if (phase_ == Phase::initial) conclude(Outcome::abort, env);
  }
  void acks_late(Env& env) {
    if (phase_ == Phase::pre_committed && leading_) {
      return settle(me().commits_without_acks(env) ? Outcome::commit : Outcome::abort, env);
    }
    if (outcome() == Outcome::none || waiting_.empty()) return;
    env.send(waiting_, Decision{outcome()});
    env.set_timer(P::Timer::acks);
  }

  // ---- a failure detector reports a crash
  // --------------------------------------------------------
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
      return settled != Outcome::none ? settle(settled, env) : void();
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
      case O::Late::abort: return conclude(Outcome::abort, env);
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
  /// The leader decides, and tells.
  void settle(Outcome outcome, Env& env) {
    me().quiet(env);
    conclude(outcome, env, phase_ == Phase::voting ? me().vote_cause(env) : AbortCause::other);
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
  static constexpr std::string_view kPhaseNames[] = {
      "initial", "voting", "preparing", "uncertain", "pre-committed", "committed", "aborted"};
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
