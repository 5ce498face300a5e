#include "protocols/quorum_three_phase_commit.h"

#include <algorithm>

#include "protocols/voting.h"

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
struct QuorumOptions : VotingOptions {
  int commit_quorum = 0;
  int abort_quorum = 0;
  DecisionTo decision_to = DecisionTo::all_but_no_voters;
  bool acks = false;
  RecordPolicy no_voter_record = RecordPolicy::unforced;
  RecordPolicy start_record = RecordPolicy::none;
  enum class Unasked : std::uint8_t { off, abort } unasked = Unasked::off;
  RecoverDecided recover_decided = RecoverDecided::resend;
  enum class Mistake : std::uint8_t { none, small_quorums } mistake = Mistake::none;
};

constexpr int kMostWeight = kMostProcesses * 0xffff;
constexpr std::string_view kUnasked[] = {"off", "abort"};
constexpr std::string_view kMistakes[] = {"none", "small_quorums"};

using O = QuorumOptions;
constexpr std::array<OptionField, 9> kCommonFields = {
    choice<O, &O::at_no>("at_no", kAtNoDoc, kAtNo),
    choice<O, &O::asking>("asking", kAskingDoc, kAsking),
    number<O, &O::prepare_resends>("prepare_resends",
                                   "How often PREPARE is sent again to silent participants, each "
                                   "time after one `votes` time-out.",
                                   0, 10'000),
    choice<O, &O::decision_to>("decision_to",
                               "Who is told the coordinator's decision; a back-up tells everybody.",
                               kDecisionTo),
    choice<O, &O::acks>("acks", "Whether participants acknowledge the decision.", kNoYes),
    choice<O, &O::no_voter_record>("no_voter_record",
                                   "How a participant that votes NO writes its abort record.",
                                   kNoVoterRecords),
    choice<O, &O::start_record>(
        "start_record", "How the coordinator writes a start record before PREPARE.", kStartRecords),
    choice<O, &O::unasked>(
        "unasked",
        "What a participant does when PREPARE does not come within the `request` time-out.",
        kUnasked),
    choice<O, &O::recover_decided>("recover_decided",
                                   "What a coordinator does that recovers with a decision record.",
                                   kRecoverDecided),
};
constexpr std::array<OptionField, 3> kQuorumFields = {
    number<O, &O::commit_quorum>("commit_quorum",
                                 "Weight of pre-committed sites that commit needs (Vc), the "
                                 "coordinator's included; 0: the smallest majority, or the "
                                 "smallest that is safe with `abort_quorum`.",
                                 0, kMostWeight),
    number<O, &O::abort_quorum>("abort_quorum",
                                "Weight of pre-aborted sites that an abort by termination needs "
                                "(Va); 0: the smallest that is safe with `commit_quorum`.",
                                0, kMostWeight),
    choice<O, &O::mistake>(
        "mistake",
        "A known mistake, to see what it breaks. small_quorums: Vc + Va need not "
        "be more than the weight of all, so two parts can decide differently.",
        kMistakes),
};
constexpr auto kOptions = joined(kQuorumFields, kCommonFields);

constexpr std::array<std::string_view, 6> kTimerNames = {"votes",  "acks",   "decision",
                                                         "commit", "states", "request"};
constexpr std::array<std::string_view, 6> kTimerDocs = {
    "The coordinator waits for votes; then it asks again or decides.",
    "A leader waits for acknowledgements of PRE-COMMIT or PRE-ABORT; then it asks for states "
    "again.",
    "An uncertain participant waits for its leader; then the next one leads.",
    "A pre-committed or pre-aborted site waits for its leader; then the next one leads.",
    "A leader waits for the others' states; then it acts on those it has.",
    "A participant waits for PREPARE, from the transaction's beginning (see `unasked`).",
};

/// Number of an election in three bytes, so that two of them fit beside a state. A site that has
/// reached the last one leads no more.
class Election {
 public:
  static constexpr std::uint32_t kLast = 0xff'ffff;
  constexpr Election() = default;
  constexpr explicit Election(std::uint32_t n)
      : bytes_{static_cast<std::uint8_t>(n), static_cast<std::uint8_t>(n >> 8),
               static_cast<std::uint8_t>(n >> 16)} {}
  constexpr std::uint32_t number() const {
    return bytes_[0] | static_cast<std::uint32_t>(bytes_[1]) << 8 |
           static_cast<std::uint32_t>(bytes_[2]) << 16;
  }
  bool operator==(const Election&) const = default;

 private:
  std::array<std::uint8_t, 3> bytes_{};
};

/// `kElections`: E3PC.
template <int kMax, bool kElections>
class QuorumCommit {
  enum class Phase : std::uint8_t {
    initial,
    voting,
    preparing,
    uncertain,
    pre_committed,
    pre_aborted,
    committed,
    aborted
  };

 public:
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
    Election election;
    std::string_view name() const { return "PRE-COMMIT"; }
    bool operator==(const PreCommit&) const = default;
  };
  struct PreCommitAck {
    Election election;
    std::string_view name() const { return "PRE-COMMIT-ACK"; }
    bool operator==(const PreCommitAck&) const = default;
  };
  struct PreAbort {
    Election election;
    std::string_view name() const { return "PRE-ABORT"; }
    bool operator==(const PreAbort&) const = default;
  };
  struct PreAbortAck {
    Election election;
    std::string_view name() const { return "PRE-ABORT-ACK"; }
    bool operator==(const PreAbortAck&) const = default;
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
    Election election;
    std::string_view name() const { return "STATE-REQ"; }
    bool operator==(const StateRequest&) const = default;
  };
  struct StateReport {
    Phase phase = Phase::initial;
    Election election, attempt;
    std::string_view name() const { return "STATE"; }
    bool operator==(const StateReport&) const = default;
  };
  /// The answer to a leader whose election is not newer than the site's last.
  struct Refusal {
    Election elected;
    std::string_view name() const { return "REFUSED"; }
    bool operator==(const Refusal&) const = default;
  };
  struct Inquiry {
    std::string_view name() const { return "INQUIRY"; }
    bool operator==(const Inquiry&) const = default;
  };
  using Message = Messages<Prepare, Vote, PreCommit, PreCommitAck, Decision, Ack, StateRequest,
                           StateReport, PreAbort, PreAbortAck, Refusal, Inquiry>;
  enum class Timer : std::uint8_t { votes, acks, decision, commit, states, request };
  static constexpr std::string_view kStates[] = {"initial",   "voting",        "preparing",
                                                 "uncertain", "pre-committed", "pre-aborted",
                                                 "committed", "aborted"};
  static constexpr auto kTimers = std::span<const std::string_view>(kTimerNames);
  struct Record {
    enum class Kind : std::uint8_t {
      none,
      started,
      prepared,
      pre_committed,
      pre_aborted,
      committed,
      aborted
    };
    Kind kind = Kind::none;
    std::uint8_t spare = 0;
    Election elected{}, attempt{};  ///< with elections
    bool operator==(const Record&) const = default;
  };
  using Options = QuorumOptions;
  using Set = ProcessSet<kMax>;
  using Env = indoubt::Env<QuorumCommit>;
  static constexpr int kLimit = kMax;
  /// The next election, and one more for a leader that has been refused.
  static constexpr int kRoundsAhead = 2;

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
    env.force(state_record());
    env.vote(true);
    env.send(kCoordinator, Vote{true});
    await_leader(env);
  }
  void receive(Vote vote, ProcessId from, Env& env) {
    if (phase_ != Phase::voting) return;
    const bool held_up = votes_.holds_up(from, env);
    if (votes_.count(from, vote.yes)) go_on(held_up, false, env);
  }

  // ---- pre-commit and pre-abort
  // ------------------------------------------------------------------
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

  void timeout(Timer timer, Env& env) {
    switch (timer) {
      case Timer::votes: return votes_late(env);
      case Timer::acks: return acks_late(env);
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

  void recover(Record last, Env& env) {
    using Kind = typename Record::Kind;
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
  /// The latest election that it knows of.
  std::uint32_t round() const { return std::max(elected_, refused_by_); }
  std::string_view state_name() const { return kStates[static_cast<std::size_t>(phase_)]; }
  static std::string_view record_name(Record r) {
    return kRecordNames[static_cast<std::size_t>(r.kind)];
  }
  static ProtocolTraits traits(const Options& o) {
    ProtocolTraits traits = o.traits();
    traits.votes_alone_decide = false;  // PRE-COMMIT and the termination protocol follow
    return traits;
  }
  bool operator==(const QuorumCommit&) const = default;

 private:
  static constexpr std::string_view kRecordNames[] = {
      "none", "started", "prepared", "pre-committed", "pre-aborted", "committed", "aborted"};
  enum class Role : std::uint8_t { none, collecting, committing, aborting };

  // ---- the coordinator ------------------------------------------------------------------------
  void ask(Env& env) {
    votes_.ask(Prepare{}, env);
    env.set_timer(Timer::votes);
  }
  void votes_late(Env& env) {
    if (phase_ != Phase::voting) return;
    if (tries_ < env.options().prepare_resends) {
      ++tries_;
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
      return attempt(Phase::pre_committed, env.participants() - down_, {}, env);
    }
    if (!ask_next) return;
    tries_ = 0;  // the next one has tries of its own
    ask(env);
  }

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
    const O& o = env.options();
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
      waiting_ = waiting_ - votes_.no_voters();
    }
    conclude(verdict, env, voting ? votes_.cause(env.options(), env.participant_count()) : cause);
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

  Votes<kMax> votes_;                            ///< coordinator
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
};

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
  return machine_for<Quorum>(group,
                             with_quorums(options_from<O>(kOptions, values), total_weight(group)));
}
/// Both of E3PC's quorums are a majority of weight.
Machine make_enhanced(const Group& group, std::span<const int> values) {
  O o = options_from<O>(kCommonFields, values);
  o.commit_quorum = o.abort_quorum = total_weight(group) / 2 + 1;
  return machine_for<Enhanced>(group, o);
}

std::string too_large(std::string_view option, int quorum, int total) {
  return std::string(option) + " " + std::to_string(quorum) + " is above the weight of all, " +
         std::to_string(total) + "; allowed: 0 to " + std::to_string(total);
}

std::string check_quorums(const Group& group, std::span<const int> values) {
  const O o = options_from<O>(kOptions, values);
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
      "Skeen (1982)", kOptions,
      kTimerNames,    kTimerDocs,
      &make_quorum,   kMostProcesses - 1,
      &check_quorums};
}

ProtocolEntry enhanced_three_phase_commit() {
  return {"e3pc",
          "Quorum three-phase commit with numbered elections: a connected majority never blocks.",
          "Keidar & Dolev (1995, 1998)",
          kCommonFields,
          kTimerNames,
          kTimerDocs,
          &make_enhanced};
}

}  // namespace indoubt
