#pragma once
// The consensus of INBAC: one instance of Paxos among the participants, in which any may lead.
#include <algorithm>
#include <bit>

#include "protocols/inbac_messages.h"
#include "protocols/inbac_options.h"

namespace indoubt {

/// Base of protocol P, with the state of an acceptor and a leader. P has the timer `decision` and
///   decision()     what it has decided, as a message;
///   record(kind)   what is to be kept over a crash;
///   chosen(env)    the consensus has chosen `proposal_`.
///
/// Source: Lamport, "Paxos made simple" (2001), as Guerraoui & Wang (PODS 2017) use it.
template <class P, int kMax>
class InbacConsensus {
 protected:
  using Members = inbac_messages::Members;

 public:
  using Phase1a = inbac_messages::Phase1a;
  using Phase1b = inbac_messages::Phase1b;
  using Phase2a = inbac_messages::Phase2a;
  using Phase2b = inbac_messages::Phase2b;
  using Record = inbac_messages::Record;
  using Kind = inbac_messages::Record::Kind;
  using Set = ProcessSet<kMax>;
  using Env = indoubt::Env<P>;

  // ---- consensus: acceptor --------------------------------------------------------------------
  void receive(Phase1a request, ProcessId from, Env& env) {
    if (outcome() != Outcome::none) return env.send(from, me().decision());
    if (request.ballot > promised_) {
      promised_ = request.ballot;
      note(promised_);
      env.force(me().record(Kind::promised));
    }
    env.send(from, Phase1b{promised_, accepted_, value_, 0});
  }
  void receive(Phase2a proposal, ProcessId from, Env& env) {
    if (outcome() != Outcome::none) return env.send(from, me().decision());
    if (proposal.ballot < promised_) {
      return env.send(from, Phase1b{promised_, accepted_, value_, 0});
    }
    if (proposal.ballot != accepted_) accept(proposal.ballot, proposal.value, env);
    env.send(from, Phase2b{proposal.ballot});
  }

  // ---- consensus: leader ----------------------------------------------------------------------
  void receive(Phase1b answer, ProcessId from, Env& env) {
    note(answer.promised);
    if (outcome() != Outcome::none || step_ != Step::asking || answer.promised != ballot_) return;
    if (answer.accepted > found_) {
      found_ = answer.accepted;
      proposal_ = answer.value;
    }
    answered_ |= bit(from);
    advance(env);
  }
  void receive(Phase2b answer, ProcessId from, Env& env) {
    if (outcome() != Outcome::none || step_ != Step::proposing || answer.ballot != ballot_) return;
    answered_ |= bit(from);
    advance(env);
  }

  Outcome outcome() const {
    return phase_ == Phase::committed ? Outcome::commit
           : phase_ == Phase::aborted ? Outcome::abort
                                      : Outcome::none;
  }
  template <class Options>
  static bool has_backups(const Options&) {
    return true;
  }
  bool leads() const { return outcome() == Outcome::none && step_ != Step::following; }
  /// The latest ballot that it knows of.
  std::uint32_t round() const { return std::max({seen_, ballot_, promised_}); }
  bool operator==(const InbacConsensus&) const = default;

 protected:
  enum class Phase : std::uint8_t { initial, preparing, prepared, committed, aborted };
  /// What a process does about the ballot it has led last.
  enum class Step : std::uint8_t { following, asking, proposing };
  static constexpr int kMostBallot = 0xffff;

  static Members bit(ProcessId p) { return static_cast<Members>(1u << (p - 1)); }
  static Set set_of(Members members, const Env& env) {
    Set set;
    env.participants().for_each([&](ProcessId p) {
      if ((members & bit(p)) != 0) set.insert(p);
    });
    return set;
  }
  static Set others(const Env& env) {
    Set set = env.participants();
    set.erase(env.self());
    return set;
  }
  /// There is a ballot of somebody else: a lower one of this process has been outbid.
  void note(Ballot ballot) {
    seen_ = std::max(seen_, ballot);
    if (ballot > ballot_) step_ = Step::following;
  }
  void accept(Ballot ballot, Outcome value, Env& env) {
    promised_ = accepted_ = ballot;
    value_ = value;
    note(ballot);
    env.force(me().record(Kind::accepted));
  }
  void lead(Env& env) {
    const Ballot ballot = next_ballot(seen_, env.self(), env.processes(), kMostBallot);
    if (ballot == 0) return;
    ballot_ = seen_ = promised_ = ballot;  // its own promise is the first one
    step_ = Step::asking;
    answered_ = bit(env.self());
    found_ = accepted_;
    if (accepted_ != 0) proposal_ = value_;
    env.force(me().record(Kind::promised));
    call_acceptors(env);
    advance(env);
  }
  void call_acceptors(Env& env) {
    const Set to = others(env) - set_of(answered_, env);
    if (step_ == Step::asking) env.send(to, Phase1a{ballot_});
    if (step_ == Step::proposing) env.send(to, Phase2a{ballot_, proposal_, 0});
    env.set_timer(P::Timer::decision);
  }
  /// Goes on when a majority has answered.
  void advance(Env& env) {
    if (std::popcount(answered_) <= env.participant_count() / 2) return;
    if (step_ == Step::proposing) return me().chosen(env);
    step_ = Step::proposing;
    answered_ = bit(env.self());
    accept(ballot_, proposal_, env);
    call_acceptors(env);
    advance(env);
  }
  P& me() { return static_cast<P&>(*this); }

  Members answered_ = 0;                ///< leader: acceptors that have answered in this step
  Ballot promised_ = 0, accepted_ = 0;  ///< acceptor
  Ballot ballot_ = 0, seen_ = 0;        ///< the one it has led last; the highest it has heard of
  Ballot found_ = 0;                    ///< leader: of the value that it has to propose
  Outcome value_ = Outcome::none;       ///< acceptor: of `accepted_`
  Outcome proposal_ = Outcome::none;
  Phase phase_ = Phase::initial;
  Step step_ = Step::following;
};

}  // namespace indoubt
