#include "protocols/paxos_commit.h"

#include <algorithm>

#include "protocols/paxos_acceptor.h"

namespace indoubt {
namespace {

/// Paxos Commit: one instance of Paxos for each participant's vote, 2 F + 1 acceptors for all of
/// them. Commit if every instance chooses Prepared.
///
/// Source: Gray & Lamport, "Consensus on transaction commit" (ACM TODS 31(1), 2006), sections 4
/// and 5. Ballot 0 belongs to the participants: each proposes its own vote (phase 2a) to F + 1
/// acceptors. An acceptor writes once for all instances and reports them in one message (phase 2b).
/// Whoever waits too long leads a higher ballot: phase 1 for all instances at once, then phase 2
/// with Aborted wherever no vote was accepted.
/// Commit, begun by the first participant, leader on an acceptor: (N + 1)(F + 3) - 4 messages and 5
/// delays; Faster Paxos Commit N (2 F + 3) - 1 and 4. Forced writes: N + F + 1.
/// Safe whatever is lost, late, repeated or crashed, and with any number of leaders. Nobody blocks
/// while F + 1 acceptors and one process that has asked or voted are up, once one leader is left in
/// peace for a ballot. 2PC is the case F = 0.
template <int kMax>
class PaxosCommit : public PaxosAcceptor<PaxosCommit<kMax>, kMax> {
  using Base = PaxosAcceptor<PaxosCommit, kMax>;
  using O = PaxosCommitOptions;
  using Base::begins, Base::begins_with_vote, Base::every_instance, Base::first_acceptors;
  using Base::is_acceptor, Base::majority, Base::participants_of, Base::state_, Base::waits_at_no;
  using typename Base::Accepted;

 public:
  using Prepare = paxos::Prepare;
  using Decision = paxos::Decision;
  using Ack = paxos::Ack;
  using Inquiry = paxos::Inquiry;
  using Base::receive;
  using typename Base::Begin, typename Base::Vote, typename Base::Phase1a, typename Base::Phase1b;
  using typename Base::Env, typename Base::Kind, typename Base::Phase2a, typename Base::Phase2b;
  using typename Base::Record, typename Base::Set;
  using Message =
      Messages<Begin, Prepare, Vote, Phase2b, Decision, Ack, Phase1a, Phase1b, Phase2a, Inquiry>;
  enum class Timer : std::uint8_t { votes, decision, acks, request };
  static constexpr std::string_view kStates[] = {"initial",   "voting",  "preparing", "prepared",
                                                 "committed", "aborted", "accepting"};
  static constexpr auto kTimers = std::span<const std::string_view>(kPaxosTimers);
  using Options = PaxosCommitOptions;
  static constexpr int kLimit = kMax;

  static constexpr std::string_view kAuxiliaryName = "acceptor";
  static std::vector<ProcessId> auxiliary_hosts(const Group& group, const Options& o) {
    std::vector<ProcessId> hosts;
    for (int a = 0; a <= 2 * o.faults; ++a) {
      const bool with_leader = o.placement == O::Placement::leader_on_acceptor && a == 0;
      const bool with_participant =
          o.placement == O::Placement::acceptors_on_participants && a < group.participants;
      const int own = group.participants + 1 + a;
      hosts.push_back(static_cast<ProcessId>(with_leader        ? kCoordinator
                                             : with_participant ? a + 1
                                                                : own));
    }
    return hosts;
  }

  void start(Env& env) {
    if (is_acceptor(env)) {
      phase_ = Phase::accepting;
    } else if (env.is_coordinator()) {
      if (env.options().spontaneous_votes) return open(Set(), env);
      if (!env.options().first_participant_starts) open(env.participants(), env);
    } else if (begins(env.self(), env) || env.options().spontaneous_votes) {
      phase_ = Phase::preparing;
      env.prepare();
    } else if (env.options().unasked == O::Unasked::abort) {
      env.set_timer(Timer::request);
    }
  }

  // ---- coordinator: the request ---------------------------------------------------------------
  void receive(Begin, ProcessId, Env& env) {
    if (phase_ == Phase::initial) open(env.participants() - Set::range(1, 2), env);
  }

  // ---- participant: voting --------------------------------------------------------------------
  void receive(Prepare, ProcessId, Env& env) {
    switch (phase_) {
      case Phase::initial:
        phase_ = Phase::preparing;
        env.cancel_timer(Timer::request);
        return env.prepare();
      // Asked again: the same answer, to all acceptors since some of those that were told may fail.
      case Phase::prepared: return env.send(env.auxiliaries(), Vote{true});
      case Phase::aborted: return env.send(env.auxiliaries(), Vote{false});
      default: return;
    }
  }
  void prepared(bool yes, Env& env) {
    if (phase_ != Phase::preparing) return;
    if (yes) {
      phase_ = Phase::prepared;  // uncertain from here on
      env.force(Record{Kind::prepared, {}});
      env.vote(true);
    } else {
      phase_ = Phase::aborted;
      env.vote(false);
      write(env.options().no_voter_record, Record{Kind::aborted, {}}, env);
      env.decide(Outcome::abort);
    }
    const bool calls = begins(env.self(), env) && !begins_with_vote(env);
    if (calls && (yes || waits_at_no(env))) env.send(kCoordinator, Begin{});
    env.send(first_acceptors(env), Vote{yes});
    if (yes && env.options().uncertain != O::Uncertain::off) env.set_timer(Timer::decision);
  }

  // ---- leader: phase 1, then phase 2 ----------------------------------------------------------
  void receive(Phase1b answer, ProcessId from, Env& env) {
    const Accepted state = paxos::unpack(answer.state);
    seen_ = std::max(seen_, state.promised);
    if (state.promised > ballot_) step_ = Step::following;  // refused: another one leads
    if (outcome() != Outcome::none || step_ != Step::asking || state.promised != ballot_) return;
    answered_.insert(from);
    if (state.accepted > found_.accepted) found_ = {};
    if (state.accepted >= found_.accepted) {
      found_.accepted = state.accepted;
      found_.prepared |= state.prepared;
      found_.aborted |= state.aborted;
    }
    if (answered_.size() < majority(env)) return;
    step_ = Step::proposing;
    answered_ = {};
    call_acceptors(env);
  }

  // ---- learning what was chosen ---------------------------------------------------------------
  void receive(Phase2b report, ProcessId from, Env& env) {
    if (outcome() != Outcome::none || report.ballot != ballot_) return;
    if (ballot_ == 0) {
      found_.aborted |= report.aborted;
      // Only the participant proposes in ballot 0 of its instance: its NO cannot be overruled.
      if (report.aborted != 0) return chosen(Outcome::abort, env);
    }
    answered_.insert(from);
    if (answered_.size() < majority(env)) return;
    chosen(report.aborted == 0 ? Outcome::commit : Outcome::abort, env);
  }
  void receive(Decision decision, ProcessId from, Env& env) {
    if (outcome() == Outcome::none) conclude(decision.outcome, AbortCause::other, env);
    if (env.options().acks) env.send(from, Ack{});
  }
  void receive(Ack, ProcessId from, Env& env) {
    if (outcome() == Outcome::none || unacknowledged_.empty()) return;
    unacknowledged_.erase(from);
    if (unacknowledged_.empty()) end(env);
  }
  void receive(Inquiry, ProcessId from, Env& env) {
    if (outcome() != Outcome::none) return env.send(from, Decision{outcome()});
    if (phase_ == Phase::initial) lead(env);  // back from a crash, silent until asked
  }

  void timeout(Timer timer, Env& env) {
    switch (timer) {
      case Timer::votes:
        if (phase_ != Phase::voting) return;
        if (tries_ == env.options().prepare_resends) return lead(env);
        ++tries_;
        return ask(env.participants(), env);
      case Timer::decision: return decision_late(env);
      case Timer::acks:
        if (unacknowledged_.empty()) return;
        env.send(unacknowledged_, Decision{outcome()});
        return env.set_timer(Timer::acks);
      case Timer::request:
        if (phase_ == Phase::initial) conclude(Outcome::abort, AbortCause::unasked, env);
    }
  }

  void recover(Record last, Env& env) {
    if (is_acceptor(env)) {
      phase_ = Phase::accepting;
      state_ = paxos::unpack(last.state);
      return;
    }
    seen_ = paxos::unpack(last.state).promised;
    switch (last.kind) {
      case Kind::prepared:
        phase_ = Phase::prepared;
        if (env.options().uncertain == O::Uncertain::off) return;
        return decision_late(env);
      case Kind::committed:
      case Kind::aborted:
        phase_ = last.kind == Kind::committed ? Phase::committed : Phase::aborted;
        if (!env.is_coordinator()) return;
        unacknowledged_ = env.participants();
        if (env.options().recover_decided == RecoverDecided::resend) tell(env);
        return;
      default:  // a participant has not voted YES
        if (!env.is_coordinator()) return conclude(Outcome::abort, AbortCause::recovery, env);
        if (env.options().recover_undecided == O::Undecided::lead) lead(env);
    }
  }

  Outcome outcome() const {
    return phase_ == Phase::committed ? Outcome::commit
           : phase_ == Phase::aborted ? Outcome::abort
                                      : Outcome::none;
  }
  static bool has_backups(const Options& o) { return o.uncertain == O::Uncertain::lead; }
  /// Until all have acknowledged what it has decided.
  bool leads() const {
    return step_ != Step::following || (outcome() != Outcome::none && !unacknowledged_.empty());
  }
  /// The latest ballot that it knows of.
  std::uint32_t round() const { return std::max({seen_, ballot_, state_.promised}); }
  std::string_view state_name() const { return kStates[static_cast<std::size_t>(phase_)]; }
  static std::string_view record_name(Record r) {
    return kRecordNames[static_cast<std::size_t>(r.kind)];
  }
  static ProtocolTraits traits(const Options& o) {
    ProtocolTraits traits;
    traits.prepare_tries = o.prepare_resends + 1;
    traits.votes_alone_decide = false;  // any process may lead a ballot
    traits.votes_direct = false;
    const bool textbook = o.mistake == O::Mistake::none && o.unasked == O::Unasked::off &&
                          o.placement == O::Placement::none && !o.first_participant_starts &&
                          !o.spontaneous_votes && (!o.fast || o.coordinator_learns);
    if (textbook) traits.acceptor_faults = o.faults;
    return traits;
  }
  bool operator==(const PaxosCommit&) const = default;

 private:
  enum class Phase : std::uint8_t {
    initial,
    voting,
    preparing,
    prepared,
    committed,
    aborted,
    accepting
  };
  /// What a process does about the ballot it has led last.
  enum class Step : std::uint8_t { following, asking, proposing };
  static constexpr std::string_view kRecordNames[] = {
      "none", "prepared", "leading", "promised", "accepted", "committed", "aborted"};

  // ---- coordinator ----------------------------------------------------------------------------
  void open(const Set& to, Env& env) {
    phase_ = Phase::voting;
    ask(to, env);
  }
  void ask(const Set& to, Env& env) {
    env.send(to, Prepare{});
    if (!env.options().fast || env.options().coordinator_learns) env.set_timer(Timer::votes);
  }

  // ---- leader ---------------------------------------------------------------------------------
  void decision_late(Env& env) {
    if (outcome() != Outcome::none) return;
    if (step_ != Step::following) return call_acceptors(env);
    if (env.is_coordinator() || env.options().uncertain == O::Uncertain::lead) return lead(env);
    env.send(kCoordinator, Inquiry{});
    env.set_timer(Timer::decision);
  }
  /// Leads the lowest ballot of this process above all that it has heard of, if there is one left.
  void lead(Env& env) {
    const Ballot ballot = next_ballot(seen_, env.self(), env.processes(), paxos::kMostBallot);
    if (ballot == 0) return;
    ballot_ = seen_ = ballot;
    step_ = Step::asking;
    answered_ = {};
    found_ = {};
    if (env.is_coordinator()) phase_ = Phase::voting;
    const Kind kind = env.is_coordinator() ? Kind::leading : Kind::prepared;
    env.force(Record{kind, paxos::pack({.promised = ballot_})});
    call_acceptors(env);
  }
  /// To those that have not answered in this phase.
  void call_acceptors(Env& env) {
    const Set to = env.auxiliaries() - answered_;
    if (step_ == Step::asking) env.send(to, Phase1a{ballot_});
    if (step_ == Step::proposing) env.send(to, Phase2a{ballot_, found_.prepared});
    env.set_timer(Timer::decision);
  }

  // ---- the decision ---------------------------------------------------------------------------
  void chosen(Outcome outcome, Env& env) {
    const bool everybody_learns = ballot_ == 0 && env.options().fast;
    conclude(outcome, cause(env), env);
    if (everybody_learns) return;
    unacknowledged_ = env.participants();
    unacknowledged_.insert(kCoordinator);
    unacknowledged_.erase(env.self());
    if (env.options().decision_to == DecisionTo::all_but_no_voters && found_.accepted == 0) {
      unacknowledged_ = unacknowledged_ - participants_of(found_.aborted, env);
    }
    tell(env);
  }
  AbortCause cause(const Env& env) const {
    if (found_.accepted != 0) return AbortCause::other;  // a ballot of somebody else
    if (found_.aborted != 0) return AbortCause::no_vote;
    return found_.prepared != every_instance(env) ? AbortCause::vote_timeout : AbortCause::other;
  }
  void conclude(Outcome outcome, AbortCause cause, Env& env) {
    const bool commit = outcome == Outcome::commit;
    phase_ = commit ? Phase::committed : Phase::aborted;
    step_ = Step::following;
    env.cancel_timer(Timer::votes);
    env.cancel_timer(Timer::decision);
    env.cancel_timer(Timer::request);
    write(env.options().decision_record, Record{commit ? Kind::committed : Kind::aborted, {}}, env);
    env.decide(outcome, cause);
  }
  void tell(Env& env) {
    env.send(unacknowledged_, Decision{outcome()});
    if (!env.options().acks) return;
    if (unacknowledged_.empty()) return end(env);
    env.set_timer(Timer::acks);
  }
  void end(Env& env) {
    env.cancel_timer(Timer::acks);
    env.forget();
  }

  Set answered_;             ///< acceptors that have answered in this step of `ballot_`
  Set unacknowledged_;       ///< leader: told the decision, ack missing
  Accepted found_;           ///< leader: the values of the highest ballot that phase 1 has found
  Ballot ballot_ = 0;        ///< of whose reports this process learns: 0 or the one it has led last
  Ballot seen_ = 0;          ///< the highest it has heard of
  std::uint16_t tries_ = 0;  ///< coordinator: PREPARE sent again so often
  Phase phase_ = Phase::initial;
  Step step_ = Step::following;
};

Machine make(const Group& group, std::span<const int> values) {
  return machine_of<PaxosCommit<kPaxosProcesses>>(
      group, options_from<PaxosCommitOptions>(kPaxosOptions, values));
}
Machine make_faster(const Group& group, std::span<const int> values) {
  return machine_of<PaxosCommit<kPaxosProcesses>>(
      group, options_from<FasterOptions>(kFasterPaxosOptions, values));
}

}  // namespace

ProtocolEntry paxos_commit() {
  return {"paxos-commit",
          "Paxos Commit: the votes are agreed on by 2 F + 1 acceptors.",
          "Gray & Lamport (2006), section 4",
          kPaxosOptions,
          kPaxosTimers,
          kPaxosTimerDocs,
          &make,
          kMostPaxosParticipants};
}

ProtocolEntry faster_paxos_commit() {
  return {"paxos-commit-fast",
          "Faster Paxos Commit: acceptors report the votes to the participants.",
          "Gray & Lamport (2006), section 5",
          kFasterPaxosOptions,
          kPaxosTimers,
          kPaxosTimerDocs,
          &make_faster,
          kMostPaxosParticipants};
}

}  // namespace indoubt
