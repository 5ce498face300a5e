#pragma once
// What a site of the quorum forms of three-phase commit does after the votes: it moves to
// PRE-COMMIT and PRE-ABORT, decides, leads when its leader is silent, and goes on after a crash.
#include <algorithm>

#include "protocols/quorum_messages.h"
#include "protocols/quorum_options.h"

namespace indoubt {

/// Base of protocol P, with all of its state but the votes. P has the timers of kQuorumTimers and
///   no_voters()      participants that are known to have voted NO;
///   vote_cause(env)  why the coordinator aborts while voting.
/// `kElections`: E3PC.
///
/// Source: Skeen, "A quorum-based commit protocol" (Berkeley workshop, 1982); Keidar & Dolev, JCSS
/// 57(3), 1998.
template <class P, int kMax, bool kElections>
class QuorumTermination {
 protected:
  using Phase = quorum::Phase;
  using Election = quorum::Election;

 public:
  using PreCommit = quorum::PreCommit;
  using PreCommitAck = quorum::PreCommitAck;
  using PreAbort = quorum::PreAbort;
  using PreAbortAck = quorum::PreAbortAck;
  using Decision = quorum::Decision;
  using Ack = quorum::Ack;
  using StateRequest = quorum::StateRequest;
  using StateReport = quorum::StateReport;
  using Refusal = quorum::Refusal;
  using Inquiry = quorum::Inquiry;
  using Record = quorum::Record;
  using Options = QuorumOptions;
  using Set = ProcessSet<kMax>;
  using Env = indoubt::Env<P>;
  enum class Timer : std::uint8_t { votes, acks, decision, commit, states, request };
  static constexpr std::string_view kStates[] = {"initial",   "voting",        "preparing",
                                                 "uncertain", "pre-committed", "pre-aborted",
                                                 "committed", "aborted"};
  static constexpr auto kTimers = std::span<const std::string_view>(kQuorumTimers);
  static constexpr int kLimit = kMax;
  /// The next election, and one more for a leader that has been refused.
  static constexpr int kRoundsAhead = 2;

  // ---- pre-commit and pre-abort -----------------------------------------------------------------
  void receive(PreCommit m, ProcessId from, Env& env) {
    if (!moves(Phase::pre_committed, m.election, from, env)) return;
    env.send(from, PreCommitAck{m.election});
    await_leader(env);
  }
  void receive(PreAbort m, ProcessId from, Env& env) {
    if (!moves(Phase::pre_aborted, m.election, from, env)) return;
    env.send(from, PreAbortAck{m.election});
    await_leader(env);
  }
  void receive(PreCommitAck m, ProcessId from, Env& env) {
    if (role_ == Role::committing) moved(m.election, from, env);
  }
  void receive(PreAbortAck m, ProcessId from, Env& env) {
    if (role_ == Role::aborting) moved(m.election, from, env);
  }

  // ---- the decision ---------------------------------------------------------------------------
  void receive(Decision decision, ProcessId from, Env& env) {
    if (outcome() == Outcome::none) {  // in any state, from any leader
      quiet(env);
      role_ = Role::none;
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
  void receive(Inquiry, ProcessId from, Env& env) {
    down_.erase(from);
    if (outcome() != Outcome::none) env.send(from, Decision{outcome()});
  }

  // ---- termination ----------------------------------------------------------------------------
  void receive(StateRequest m, ProcessId from, Env& env) {
    down_.erase(from);
    // Who has not voted can still refuse, and without PRE-COMMIT nobody can commit.
    if (phase_ == Phase::voting) settle(Outcome::abort, env);
    if (phase_ == Phase::initial || phase_ == Phase::preparing) {
      env.cancel_timer(Timer::request);
      conclude(Outcome::abort, env, AbortCause::termination);
    }
    if (outcome() != Outcome::none) return env.send(from, StateReport{phase_, m.election, {}});
    const std::uint32_t election = m.election.number();
    const bool yields = role_ == Role::collecting && election == elected_ && from < env.self();
    if (election <= elected_ && !yields) return env.send(from, Refusal{Election(elected_)});
    quiet(env);
    role_ = Role::none;
    leader_ = from;
    join(election, env);
    env.send(from, StateReport{phase_, m.election, Election(attempt_)});
    await_leader(env);
  }
  void receive(StateReport m, ProcessId from, Env& env) {
    if (role_ != Role::collecting || !waiting_.contains(from)) return;
    if (m.phase == Phase::committed) return settle(Outcome::commit, env);
    if (m.phase == Phase::aborted) return settle(Outcome::abort, env, AbortCause::other);
    if (m.election.number() != elected_) return;  // of an earlier round
    waiting_.erase(from);
    note_state(from, m.phase, m.attempt.number());
    if (waiting_.empty()) collected(env);
  }
  void receive(Refusal m, ProcessId from, Env& env) {
    if (role_ != Role::collecting || !waiting_.contains(from)) return;
    waiting_.erase(from);
    refused_by_ = std::max(refused_by_, m.elected.number());
    if (waiting_.empty()) collected(env);
  }

  // ---- recovery ---------------------------------------------------------------------------------
  void recover(Record last, Env& env) {
    using Kind = Record::Kind;
    elected_ = std::max(elected_, last.elected.number());
    attempt_ = last.attempt.number();
    switch (last.kind) {
      case Kind::none:
      case Kind::started:  // PRE-COMMIT is forced before it is sent: nobody is pre-committed
        return env.is_coordinator() ? settle(Outcome::abort, env, AbortCause::recovery)
                                    : conclude(Outcome::abort, env, AbortCause::recovery);
      case Kind::prepared: phase_ = Phase::uncertain; break;
      case Kind::pre_committed: phase_ = Phase::pre_committed; break;
      case Kind::pre_aborted: phase_ = Phase::pre_aborted; break;
      case Kind::committed:
      case Kind::aborted:
        phase_ = last.kind == Kind::committed ? Phase::committed : Phase::aborted;
        if (!env.is_coordinator()) return;
        waiting_ = env.participants();
        if (env.options().recover_decided == RecoverDecided::resend) tell(env);
        return;
    }
    env.send(others(env), Inquiry{});  // its state is as it was, so it takes part again
    await_leader(env);
  }

  Outcome outcome() const {
    return phase_ == Phase::committed ? Outcome::commit
           : phase_ == Phase::aborted ? Outcome::abort
                                      : Outcome::none;
  }
  static bool has_backups(const Options&) { return true; }
  /// Until all have acknowledged what it has decided.
  bool leads() const {
    return role_ != Role::none || (outcome() != Outcome::none && !waiting_.empty());
  }
  /// The latest election that it knows of.
  std::uint32_t round() const { return std::max(elected_, refused_by_); }
  std::string_view state_name() const { return kStates[static_cast<std::size_t>(phase_)]; }
  static std::string_view record_name(Record r) {
    return kRecordNames[static_cast<std::size_t>(r.kind)];
  }
  bool operator==(const QuorumTermination&) const = default;

 protected:
  enum class Role : std::uint8_t { none, collecting, committing, aborting };

  // ---- following ------------------------------------------------------------------------------
  bool in_doubt() const {
    return phase_ == Phase::uncertain || phase_ == Phase::pre_committed ||
           phase_ == Phase::pre_aborted;
  }
  /// Whether this site is in state `to` from now on, as the leader of this election asks.
  bool moves(Phase to, Election election, ProcessId from, Env& env) {
    if (!in_doubt() || election.number() < elected_) return false;
    if (!may_move(to)) return false;
    quiet(env);
    role_ = Role::none;
    leader_ = from;
    elected_ = election.number();
    change(to, env);
    return true;
  }
  /// Without elections a pre-committed site never becomes pre-aborted, or the other way round.
  bool may_move(Phase to) const {
    return kElections || phase_ == Phase::uncertain || phase_ == Phase::voting || phase_ == to;
  }
  void change(Phase to, Env& env) {
    const bool known = phase_ == to && (!kElections || attempt_ == elected_);
    phase_ = to;
    attempt_ = elected_;
    if (!known) env.force(state_record());
  }
  void join(std::uint32_t election, Env& env) {
    if (elected_ == election) return;
    elected_ = election;
    if (kElections) env.force(state_record());
  }
  void await_leader(Env& env) {
    if (down_.contains(leader_)) return leader_late(env);
    env.set_timer(phase_ == Phase::uncertain ? Timer::decision : Timer::commit);
  }
  /// The leader is silent, or could not decide; the next one leads, or it tries again.
  void leader_late(Env& env) {
    while (leader_ != env.self()) {
      if (++leader_ == env.processes()) leader_ = env.self();
      if (leader_ != env.self() && !down_.contains(leader_)) return await_leader(env);
    }
    asks_again_ = 1;
    lead(env);
  }

  // ---- leading --------------------------------------------------------------------------------
  void lead(Env& env) {
    leader_ = env.self();
    role_ = Role::collecting;
    const std::uint32_t newest = std::max(elected_, refused_by_);
    if (newest == Election::kLast) return block(env);
    join(newest + 1, env);
    uncertain_ = pre_committed_ = pre_aborted_ = {};
    largest_attempt_ = 0;
    largest_committable_ = 1;
    note_state(env.self(), phase_, attempt_);
    waiting_ = others(env) - down_;
    if (waiting_.empty()) return collected(env);
    env.send(waiting_, StateRequest{Election(elected_)});
    env.set_timer(Timer::states);
  }
  void note_state(ProcessId who, Phase phase, std::uint32_t attempt) {
    if (phase == Phase::uncertain) uncertain_.insert(who);
    if (phase == Phase::pre_committed) pre_committed_.insert(who);
    if (phase == Phase::pre_aborted) pre_aborted_.insert(who);
    if (attempt < largest_attempt_) return;
    const bool committable = phase == Phase::pre_committed;
    largest_committable_ =
        committable && (attempt > largest_attempt_ || largest_committable_ != 0) ? 1 : 0;
    largest_attempt_ = attempt;
  }
  void collected(Env& env) {
    env.cancel_timer(Timer::states);
    waiting_ = {};
    if (refused_by_ >= elected_) {  // somebody knows of a later election
      const bool again = asks_again_ != 0;
      asks_again_ = 0;  // two leaders must not outbid each other without end
      return again ? lead(env) : block(env);
    }
    if (kElections) return after_election(env);
    const Options& o = env.options();
    const bool some = !pre_committed_.empty();
    if (some && weight(uncertain_ | pre_committed_, env) >= o.commit_quorum) {
      return attempt(Phase::pre_committed, uncertain_, pre_committed_, env);
    }
    if (weight(uncertain_ | pre_aborted_, env) >= o.abort_quorum) {
      return attempt(Phase::pre_aborted, uncertain_, pre_aborted_, env);
    }
    block(env);
  }
  /// E3PC: what a component that is a quorum tries depends on its latest attempt.
  void after_election(Env& env) {
    const Set members = uncertain_ | pre_committed_ | pre_aborted_;
    if (weight(members, env) < env.options().commit_quorum) return block(env);
    const bool commits = largest_committable_ != 0;
    attempt(commits ? Phase::pre_committed : Phase::pre_aborted, members, {}, env);
  }
  /// Moves the members of `to` to that state; those of `there` are in it.
  void attempt(Phase state, Set to, const Set& there, Env& env) {
    role_ = state == Phase::pre_committed ? Role::committing : Role::aborting;
    moved_ = there;
    if (may_move(state)) {
      change(state, env);
      moved_.insert(env.self());
    }
    to.erase(env.self());
    if (role_ == Role::committing) {
      env.send(to, PreCommit{Election(elected_)});
    } else {
      env.send(to, PreAbort{Election(elected_)});
    }
    env.set_timer(Timer::acks);
    settle_if_enough(env);
  }
  void moved(Election election, ProcessId from, Env& env) {
    if (election.number() != elected_) return;
    moved_.insert(from);
    settle_if_enough(env);
  }
  void settle_if_enough(Env& env) {
    const bool commits = role_ == Role::committing;
    const int needed = commits ? env.options().commit_quorum : env.options().abort_quorum;
    if (weight(moved_, env) >= needed) settle(commits ? Outcome::commit : Outcome::abort, env);
  }
  void block(Env& env) {
    role_ = Role::none;
    await_leader(env);
  }
  void acks_late(Env& env) {
    if (outcome() == Outcome::none) {
      asks_again_ = 1;
      return lead(env);
    }
    if (waiting_.empty()) return;
    env.send(waiting_, Decision{outcome()});
    env.set_timer(Timer::acks);
  }
  static int weight(const Set& sites, const Env& env) {
    int sum = 0;
    sites.for_each([&](ProcessId p) { sum += env.weight(p); });
    return sum;
  }

  // ---- deciding -------------------------------------------------------------------------------
  void conclude(Outcome verdict, Env& env, AbortCause cause = AbortCause::other) {
    const bool commit = verdict == Outcome::commit;
    phase_ = commit ? Phase::committed : Phase::aborted;
    env.force(Record{commit ? Record::Kind::committed : Record::Kind::aborted});
    env.decide(verdict, cause);
  }
  /// A leader decides, and tells. While it collects votes, these are the cause.
  void settle(Outcome verdict, Env& env, AbortCause cause = AbortCause::termination) {
    quiet(env);
    const bool voting = phase_ == Phase::voting;
    waiting_ = others(env) - down_;
    if (env.is_coordinator() && elected_ == 1 &&
        env.options().decision_to == DecisionTo::all_but_no_voters) {
      waiting_ = waiting_ - me().no_voters();
    }
    conclude(verdict, env, voting ? me().vote_cause(env) : cause);
    role_ = Role::none;
    tell(env);
  }
  void tell(Env& env) {
    env.send(waiting_, Decision{outcome()});
    if (!env.options().acks) return;
    if (waiting_.empty()) return end(env);
    env.set_timer(Timer::acks);
  }
  void end(Env& env) {
    env.cancel_timer(Timer::acks);
    env.forget();
  }

  void quiet(Env& env) {
    for (const Timer t : {Timer::decision, Timer::commit, Timer::states, Timer::acks,
                          Timer::request, Timer::votes}) {
      env.cancel_timer(t);
    }
  }
  Record state_record() const {
    const auto kind = phase_ == Phase::uncertain       ? Record::Kind::prepared
                      : phase_ == Phase::pre_committed ? Record::Kind::pre_committed
                                                       : Record::Kind::pre_aborted;
    if (!kElections) return {kind};
    return {kind, 0, Election(elected_), Election(attempt_)};
  }
  Set others(const Env& env) const {
    Set others = Set::range(0, env.processes());
    others.erase(env.self());
    return others;
  }

  P& me() { return static_cast<P&>(*this); }

  Set waiting_;                                  ///< leader: whose answer or final ack is missing
  Set uncertain_, pre_committed_, pre_aborted_;  ///< leader: states collected, its own included
  Set moved_;                                    ///< leader: known to be where it moves them
  Set down_;                                     ///< reported by a failure detector
  std::uint32_t elected_ = 1;          ///< Last_Elected; the coordinator's first round is 1
  std::uint32_t attempt_ = 0;          ///< Last_Attempt
  std::uint32_t refused_by_ = 0;       ///< leader: latest election that others know of
  std::uint32_t largest_attempt_ = 0;  ///< leader: of the members
  std::uint16_t tries_ = 0;            ///< coordinator: PREPARE sent again so often
  ProcessId leader_ = 0;               ///< whom this site follows, or waits for
  Phase phase_ = Phase::initial;
  Role role_ = Role::none;
  std::uint8_t largest_committable_ = 0;  ///< all members with the largest attempt are PC
  std::uint8_t asks_again_ = 0;           ///< leader: at once if it is refused, after a time-out

 private:
  static constexpr std::string_view kRecordNames[] = {
      "none", "started", "prepared", "pre-committed", "pre-aborted", "committed", "aborted"};
};

}  // namespace indoubt
