#pragma once
// What a site of the quorum forms of three-phase commit does after the votes: it moves to
// PRE-COMMIT and PRE-ABORT, leads when its leader is silent, and goes on after a crash.
#include "protocols/quorum_site.h"

namespace indoubt {

/// Base of protocol P, which has the timers of kQuorumTimers and
///   no_voters()      participants that are known to have voted NO;
///   vote_cause(env)  why the coordinator aborts while voting.
/// `kElections`: E3PC.
///
/// Pre-committing one by one, or pre-aborting: each is asked to move when the one before has
/// acknowledged it or the `acks` time-out has passed; after the last one as after a broadcast.
///
/// Source: Skeen, "A quorum-based commit protocol" (Berkeley workshop, 1982); Keidar & Dolev, JCSS
/// 57(3), 1998.
template <class P, int kMax, bool kElections>
class QuorumTermination : public QuorumSite<P, kMax, kElections> {
  using Base = QuorumSite<P, kMax, kElections>;

 protected:
  using Base::asks_again_, Base::attempt_, Base::down_, Base::elected_, Base::largest_attempt_,
      Base::largest_committable_, Base::leader_, Base::moved_, Base::phase_, Base::pre_aborted_,
      Base::pre_committed_, Base::refused_by_, Base::role_, Base::turn_, Base::uncertain_,
      Base::waiting_;
  using Base::conclude, Base::end, Base::in_doubt, Base::me, Base::others, Base::quiet,
      Base::send_decision, Base::settle, Base::state_record, Base::tell;
  using typename Base::Election, typename Base::Phase, typename Base::Role;

 public:
  using Base::outcome, Base::receive;
  using typename Base::Decision, typename Base::Env, typename Base::Inquiry, typename Base::Options,
      typename Base::PreAbort, typename Base::PreAbortAck, typename Base::PreCommit,
      typename Base::PreCommitAck, typename Base::Record, typename Base::Refusal,
      typename Base::Set, typename Base::StateReport, typename Base::StateRequest,
      typename Base::Timer;

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
    using Kind = typename Record::Kind;
    elected_ = std::max(elected_, last.elected.number());
    attempt_ = last.attempt.number();
    switch (last.kind) {
      case Kind::none:
      case Kind::started:  // PRE-COMMIT is forced before it is sent: nobody is pre-committed
        if (env.is_coordinator() && knows_list(env.options().start_record, last.kind != Kind::none))
          return settle(Outcome::abort, env, AbortCause::recovery);
        return conclude(Outcome::abort, env, AbortCause::recovery);
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

  static bool has_backups(const Options&) { return true; }
  /// Until all have acknowledged what it has decided.
  bool leads() const {
    return role_ != Role::none || (outcome() != Outcome::none && !waiting_.empty());
  }
  bool operator==(const QuorumTermination&) const = default;

 protected:
  // ---- following ------------------------------------------------------------------------------
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
    if (moves_one_by_one(env)) {
      waiting_ = to;
      turn_ = 0;
      move_next(env);
    } else {
      move_to_state(to, env);
    }
    env.set_timer(Timer::acks);
    settle_if_enough(env);
  }
  /// `to`: a set, or one site.
  template <class To>
  void move_to_state(const To& to, Env& env) {
    if (role_ == Role::committing) {
      env.send(to, PreCommit{Election(elected_)});
    } else {
      env.send(to, PreAbort{Election(elected_)});
    }
  }
  /// One by one: false if all have been asked.
  bool move_next(Env& env) {
    const Set unasked = waiting_ - Set::range(0, turn_);
    if (unasked.empty()) return false;
    turn_ = static_cast<std::uint16_t>(unasked.first() + 1);
    move_to_state(unasked.first(), env);
    return true;
  }
  void moved(Election election, ProcessId from, Env& env) {
    if (election.number() != elected_) return;
    moved_.insert(from);
    settle_if_enough(env);
    const bool next = outcome() == Outcome::none && moves_one_by_one(env) && from + 1 == turn_;
    if (next && move_next(env)) env.set_timer(Timer::acks);
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
      const bool moving = role_ == Role::committing || role_ == Role::aborting;
      if (moving && moves_one_by_one(env) && move_next(env)) return env.set_timer(Timer::acks);
      asks_again_ = 1;
      return lead(env);
    }
    if (waiting_.empty()) return;
    send_decision(env);
    env.set_timer(Timer::acks);
  }
  static int weight(const Set& sites, const Env& env) {
    int sum = 0;
    sites.for_each([&](ProcessId p) { sum += env.weight(p); });
    return sum;
  }

 private:
  static bool moves_one_by_one(const Env& env) {
    return env.options().pre_committing == Telling::one_by_one;
  }
};

}  // namespace indoubt
