#pragma once
// What an acceptor of Paxos Commit does, for all instances at once.
#include "protocols/paxos_messages.h"
#include "protocols/paxos_options.h"

namespace indoubt {

/// Base of protocol P, with the state of an acceptor. Ballot 0 belongs to the participants: each
/// proposes its own vote. A higher one has accepted all instances or none.
///
/// Source: Gray & Lamport, "Consensus on transaction commit" (ACM TODS 31(1), 2006), section 4.
template <class P, int kMax>
class PaxosAcceptor {
  using O = PaxosCommitOptions;

 protected:
  using Accepted = paxos::Accepted;
  using Instances = paxos::Instances;

 public:
  using Begin = paxos::Begin;
  using Vote = paxos::Vote;
  using Phase1a = paxos::Phase1a;
  using Phase1b = paxos::Phase1b;
  using Phase2a = paxos::Phase2a;
  using Phase2b = paxos::Phase2b;
  using Record = paxos::Record;
  using Kind = paxos::Record::Kind;
  using Set = ProcessSet<kMax>;
  using Env = indoubt::Env<P>;

  void receive(Vote vote, ProcessId from, Env& env) {
    const bool calls = begins(from, env) && begins_with_vote(env);
    if (calls && (vote.yes || waits_at_no(env))) env.send(kCoordinator, Begin{});
    if (refuses(0, env)) return;
    const bool reported = complete(env), known = has_vote_of(from);
    (vote.yes ? state_.prepared : state_.aborted) |= bit(from);
    if (!complete(env) || (reported && !known)) return;
    if (!reported) env.force(Record{Kind::accepted, pack(state_)});
    env.send(learners(env), Phase2b{0, state_.prepared, state_.aborted});
  }
  void receive(Phase1a request, ProcessId from, Env& env) {
    if (!refuses(request.ballot, env) && state_.promised != request.ballot) {
      state_.promised = request.ballot;
      env.force(Record{Kind::promised, pack(state_)});
    }
    env.send(from, Phase1b{pack(state_)});
  }
  void receive(Phase2a proposal, ProcessId from, Env& env) {
    if (refuses(proposal.ballot, env)) return env.send(from, Phase1b{pack(state_)});
    if (state_.accepted != proposal.ballot) {
      const auto aborted = static_cast<Instances>(every_instance(env) & ~proposal.prepared);
      state_ = {proposal.ballot, proposal.ballot, proposal.prepared, aborted};
      env.force(Record{Kind::accepted, pack(state_)});
    }
    env.send(from, Phase2b{proposal.ballot, state_.prepared, state_.aborted});
  }

  bool operator==(const PaxosAcceptor&) const = default;

 protected:
  // ---- who and what ---------------------------------------------------------------------------
  static bool is_acceptor(const Env& env) { return env.self() > env.participant_count(); }
  static bool begins(ProcessId p, const Env& env) {
    return p == 1 && env.options().first_participant_starts && !env.options().spontaneous_votes;
  }
  /// The first acceptor is at the leader's site: BEGIN and the vote travel as one message.
  static bool begins_with_vote(const Env& env) {
    const bool first = !is_acceptor(env) || env.self() == env.participant_count() + 1;
    return first && env.options().placement == O::Placement::leader_on_acceptor;
  }
  static bool waits_at_no(const Env& env) { return env.options().at_no == O::AtNo::wait; }
  static int majority(const Env& env) {
    if (env.options().mistake == O::Mistake::one_acceptor_is_enough) return 1;
    return env.options().faults + 1;
  }
  static Set first_acceptors(const Env& env) {
    const int first = env.participant_count() + 1;
    return Set::range(first, first + env.options().faults + 1);
  }
  static Instances bit(ProcessId p) { return static_cast<Instances>(1u << (p - 1)); }
  static Instances every_instance(const Env& env) {
    return static_cast<Instances>((1u << env.participant_count()) - 1);
  }
  static Set participants_of(Instances instances, const Env& env) {
    Set set;
    env.participants().for_each([&](ProcessId p) {
      if ((instances & bit(p)) != 0) set.insert(p);
    });
    return set;
  }

  // ---- acceptor -------------------------------------------------------------------------------
  bool refuses(Ballot ballot, const Env& env) const {
    if (env.options().mistake == O::Mistake::ballot_ignored) return false;
    return ballot < state_.promised;
  }
  bool has_vote_of(ProcessId p) const { return ((state_.prepared | state_.aborted) & bit(p)) != 0; }
  /// There is something to report of ballot 0.
  bool complete(const Env& env) const {
    if (state_.aborted != 0 && !waits_at_no(env)) return true;
    return (state_.prepared | state_.aborted) == every_instance(env);
  }
  /// Who is told of ballot 0.
  Set learners(const Env& env) const {
    if (!env.options().fast) return Set::range(kCoordinator, 1);
    Set all = env.participants();
    if (env.options().coordinator_learns) all.insert(kCoordinator);
    if (env.options().decision_to == DecisionTo::all) return all;
    return all - participants_of(state_.aborted, env);
  }

  Accepted state_;  ///< acceptor
};

}  // namespace indoubt
