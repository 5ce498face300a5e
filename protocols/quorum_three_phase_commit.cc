#include "protocols/quorum_three_phase_commit.h"

#include "protocols/quorum_termination.h"

namespace indoubt {
namespace {

/// Quorum-based three-phase commit. PRE-COMMIT and PRE-ABORT are durable; COMMIT needs
/// pre-committed sites of weight Vc, and an abort by termination pre-aborted ones of weight Va. Vc
/// + Va > V, the weight of all, so two parts of a partition never decide differently. Agreement
/// holds whatever crashes, is lost, late or cut off; a part without a quorum is blocked until it is
/// reached again.
///
/// Source: Skeen, "A quorum-based commit protocol" (Berkeley workshop, 1982).
/// Commit: 5 N messages without final acks; decided after 4 delays, learnt after 5. Forced writes:
/// participants 3, coordinator 2. The coordinator decides at the first Vc of acknowledgements.
///
/// With elections (E3PC): Keidar & Dolev, "Increasing the resilience of distributed and replicated
/// database systems" (PODS 1995; JCSS 57(3), 1998). A site makes durable in which election it took
/// part last (Last_Elected) and in which it moved last (Last_Attempt); a connected majority of
/// weight never blocks, whatever happened before. The same messages and writes without failures.
/// In the paper members exchange Last_Elected before a leader takes the next number; here the
/// leader's question carries the number, and who knows a higher one says so, whereupon the leader
/// asks again, at once or if that is refused too after its next time-out.
///
/// Termination. Who times out waits for each process in turn to lead, the lowest first, then asks
/// everybody for their states. Not voted: the site aborts when it is asked. A leader that cannot
/// decide tries again after its next time-out.
/// `kElections`: E3PC.
template <int kMax, bool kElections>
class QuorumCommit : public QuorumTermination<QuorumCommit<kMax, kElections>, kMax, kElections> {
  using Base = QuorumTermination<QuorumCommit, kMax, kElections>;
  using O = QuorumOptions;
  using Base::await_leader, Base::collected, Base::conclude, Base::in_doubt, Base::leader_late,
      Base::quiet, Base::settle;
  using Base::phase_, Base::role_, Base::turn_, Base::down_, Base::waiting_, Base::leader_;
  using typename Base::Phase, typename Base::Role;

 public:
  using Prepare = quorum::Prepare;
  using Vote = quorum::Vote;
  using typename Base::Env, typename Base::Options, typename Base::Record, typename Base::Set,
      typename Base::Timer;
  using Message = Messages<Prepare, Vote, quorum::PreCommit, quorum::PreCommitAck, quorum::Decision,
                           quorum::Ack, quorum::StateRequest, quorum::StateReport, quorum::PreAbort,
                           quorum::PreAbortAck, quorum::Refusal, quorum::Inquiry>;
  using Base::outcome, Base::receive;

  void start(Env& env) {
    if (!env.is_coordinator()) {
      if (env.options().unasked != O::Unasked::off) env.set_timer(Timer::request);
      return;
    }
    phase_ = Phase::voting;
    write(env.options().start_record, Record{Record::Kind::started}, env);
    votes_.open(env.participants());
    ask(env);
  }

  // ---- voting ---------------------------------------------------------------------------------
  void receive(Prepare, ProcessId from, Env& env) {
    switch (phase_) {
      case Phase::initial:
        phase_ = Phase::preparing;
        env.cancel_timer(Timer::request);
        return env.prepare();
      case Phase::uncertain: return env.send(from, Vote{true});  // asked again: the same answer
      case Phase::aborted: return env.send(from, Vote{false});
      default: return;
    }
  }
  void prepared(bool yes, Env& env) {
    if (phase_ != Phase::preparing) return;
    if (!yes) {
      phase_ = Phase::aborted;
      env.vote(false);
      write(env.options().no_voter_record, Record{Record::Kind::aborted}, env);
      env.decide(Outcome::abort);
      return env.send(kCoordinator, Vote{false});
    }
    phase_ = Phase::uncertain;
    env.force(this->state_record());
    env.vote(true);
    env.send(kCoordinator, Vote{true});
    await_leader(env);
  }
  void receive(Vote vote, ProcessId from, Env& env) {
    if (phase_ != Phase::voting) return;
    const bool held_up = votes_.holds_up(from, env);
    if (votes_.count(from, vote.yes)) go_on(held_up, false, env);
  }

  void timeout(Timer timer, Env& env) {
    switch (timer) {
      case Timer::votes: return votes_late(env);
      case Timer::acks: return this->acks_late(env);
      case Timer::decision:
      case Timer::commit:
        if (outcome() == Outcome::none) leader_late(env);
        return;
      case Timer::states:
        if (role_ == Role::collecting) collected(env);
        return;
      case Timer::request:
        if (phase_ == Phase::initial) conclude(Outcome::abort, env, AbortCause::unasked);
    }
  }

  /// A leader waits no longer for a site that is known to be down; who follows it takes over.
  void failed(ProcessId who, Env& env) {
    down_.insert(who);
    if (phase_ == Phase::voting) {
      const bool held_up = votes_.holds_up(who, env);
      votes_.give_up(who);
      return go_on(held_up, false, env);
    }
    if (role_ == Role::collecting && waiting_.contains(who)) {
      waiting_.erase(who);
      if (waiting_.empty()) collected(env);
    } else if (role_ == Role::none && who == leader_ && in_doubt()) {
      quiet(env);
      leader_late(env);
    }
  }

  static ProtocolTraits traits(const Options& o) {
    ProtocolTraits traits = o.traits();
    traits.votes_alone_decide = false;  // PRE-COMMIT and the termination protocol follow
    return traits;
  }

  // ---- for termination --------------------------------------------------------------------------
  Set no_voters() const { return votes_.no_voters(); }
  AbortCause vote_cause(const Env& env) const {
    return votes_.cause(env.options(), env.participant_count());
  }
  bool operator==(const QuorumCommit&) const = default;

 private:
  // ---- the coordinator ------------------------------------------------------------------------
  void ask(Env& env) {
    votes_.ask(Prepare{}, env);
    env.set_timer(Timer::votes);
  }
  void votes_late(Env& env) {
    if (phase_ != Phase::voting) return;
    if (turn_ < env.options().prepare_resends) {
      ++turn_;
      return ask(env);
    }
    votes_.give_up(env);
    go_on(true, true, env);
  }
  /// After a vote or a participant's last time-out: decides if that settles it, else asks the next.
  void go_on(bool ask_next, bool timed_out, Env& env) {
    const Outcome settled = votes_.settled(env.options(), env.participant_count(), timed_out);
    if (settled == Outcome::abort) return settle(settled, env);
    if (settled == Outcome::commit) {
      env.cancel_timer(Timer::votes);
      return this->attempt(Phase::pre_committed, env.participants() - down_, {}, env);
    }
    if (!ask_next) return;
    turn_ = 0;  // the next one has tries of its own
    ask(env);
  }

  Votes<kMax> votes_;  ///< coordinator
};

using O = QuorumOptions;

int total_weight(const Group& group) {
  int sum = 0;
  for (int p = 0; p <= group.participants; ++p) sum += group.weight(static_cast<ProcessId>(p));
  return sum;
}

/// The quorums where 0 leaves them open: the smallest that are safe.
O with_quorums(O o, int total) {
  if (o.commit_quorum == 0) {
    o.commit_quorum = o.abort_quorum == 0 ? total / 2 + 1 : std::max(total - o.abort_quorum + 1, 1);
  }
  if (o.abort_quorum == 0) o.abort_quorum = std::max(total - o.commit_quorum + 1, 1);
  return o;
}

template <int kMax>
using Quorum = QuorumCommit<kMax, false>;
template <int kMax>
using Enhanced = QuorumCommit<kMax, true>;

Machine make_quorum(const Group& group, std::span<const int> values) {
  return machine_for<Quorum>(
      group, with_quorums(options_from<O>(kQuorumOptions, values), total_weight(group)));
}
/// Both of E3PC's quorums are a majority of weight.
Machine make_enhanced(const Group& group, std::span<const int> values) {
  O o = options_from<O>(kCommonQuorumFields, values);
  o.commit_quorum = o.abort_quorum = total_weight(group) / 2 + 1;
  return machine_for<Enhanced>(group, o);
}

std::string too_large(std::string_view option, int quorum, int total) {
  return std::string(option) + " " + std::to_string(quorum) + " is above the weight of all, " +
         std::to_string(total) + "; allowed: 0 to " + std::to_string(total);
}

std::string check_enhanced(const Group&, std::span<const int> values) {
  const O o = options_from<O>(kCommonQuorumFields, values);
  return o.telling == Telling::one_by_one && !o.acks ? std::string(kTellingNeedsAcks)
                                                     : std::string();
}

std::string check_quorums(const Group& group, std::span<const int> values) {
  const O o = options_from<O>(kQuorumOptions, values);
  if (o.telling == Telling::one_by_one && !o.acks) return std::string(kTellingNeedsAcks);
  const int total = total_weight(group);
  if (o.commit_quorum > total) return too_large("commit_quorum", o.commit_quorum, total);
  if (o.abort_quorum > total) return too_large("abort_quorum", o.abort_quorum, total);
  if (o.mistake == O::Mistake::small_quorums) return {};
  const O used = with_quorums(o, total);
  if (used.commit_quorum + used.abort_quorum > total) return {};
  return "commit_quorum " + std::to_string(o.commit_quorum) + " and abort_quorum " +
         std::to_string(o.abort_quorum) + " are together not above the weight of all, " +
         std::to_string(total) +
         ", so two parts of a partition could decide differently; allowed: a sum of " +
         std::to_string(total + 1) + " or more, or 0 for the smallest that is safe";
}

}  // namespace

ProtocolEntry quorum_three_phase_commit() {
  return {
      "3pc-quorum",   "Three-phase commit in which commit and abort each need a quorum of weight.",
      "Skeen (1982)", kQuorumOptions,
      kQuorumTimers,  kQuorumTimerDocs,
      &make_quorum,   kMostProcesses - 1,
      &check_quorums};
}

ProtocolEntry enhanced_three_phase_commit() {
  return {"e3pc",
          "Quorum three-phase commit with numbered elections: a connected majority never blocks.",
          "Keidar & Dolev (1995, 1998)",
          kCommonQuorumFields,
          kQuorumTimers,
          kQuorumTimerDocs,
          &make_enhanced,
          kMostProcesses - 1,
          &check_enhanced};
}

}  // namespace indoubt
