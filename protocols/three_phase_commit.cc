#include "protocols/three_phase_commit.h"

#include "protocols/voting.h"

namespace indoubt {
namespace {

/// Three-phase commit with the termination protocol by collected states.
///
/// Source: Skeen, "Nonblocking commit protocols" (SIGMOD 1981); Bernstein, Hadzilacos & Goodman
/// (1987), ch. 7.5: messages, termination rules TR1-TR4, recovery.
/// Commit: 5 N messages without final acks (6 N with); decided after 4 delays, learnt after 5.
/// Forced writes: coordinator 1, participants 2 each; PRE-COMMIT is written as `pre_commit_record`
/// says.
/// Non-blocking and consistent only with crash-stop failures, known delay bounds and reliable
/// links: a lost or late message can make two leaders decide differently.
struct ThreePhaseOptions : VotingOptions {
  enum class Needs : std::uint8_t { all, majority, none } ack_rule = Needs::all;
  enum class AckMissing : std::uint8_t { commit, abort } ack_missing = AckMissing::commit;
  DecisionTo decision_to = DecisionTo::all_but_no_voters;
  bool acks = false;
  bool decided_ack_pre_commit = false;
  RecordPolicy no_voter_record = RecordPolicy::unforced;
  RecordPolicy start_record = RecordPolicy::none;
  enum class PreCommitRecord : std::uint8_t { none, participants, all };
  PreCommitRecord pre_commit_record = PreCommitRecord::none;
  enum class Unasked : std::uint8_t { off, abort } unasked = Unasked::off;
  enum class Late : std::uint8_t { terminate, off, abort, commit };
  Late uncertain = Late::terminate;
  Late pre_committed = Late::terminate;
  bool ask_silent_leader = false;
  RecoverDecided recover_decided = RecoverDecided::resend;
};

/// The original note: commit when more than half vote YES, whatever the others voted.
struct MajorityOptions : ThreePhaseOptions {
  constexpr MajorityOptions() {
    rule = DecisionRule::majority;
    ack_rule = Needs::majority;
    decision_to = DecisionTo::all;
    decided_ack_pre_commit = true;
  }
};

constexpr std::string_view kAckRules[] = {"all", "majority", "none"};
constexpr std::string_view kAckMissing[] = {"commit", "abort"};
constexpr std::string_view kPreCommitRecords[] = {"none", "participants", "all"};
constexpr std::string_view kUnasked[] = {"off", "abort"};
constexpr std::string_view kLate[] = {"terminate", "off", "abort", "commit"};

/// The options with the defaults of `O`.
template <class O>
constexpr OptionField kOptions[] = {
    choice<O, &O::rule>("decision_rule", "How many YES votes pre-commit needs.", kRules),
    number<O, &O::at_least>("at_least", "YES votes needed under `decision_rule: at-least`.", 1,
                            kMostProcesses - 1),
    choice<O, &O::at_no>("at_no", kAtNoDoc, kAtNo),
    choice<O, &O::asking>("asking", kAskingDoc, kAsking),
    number<O, &O::prepare_resends>("prepare_resends",
                                   "How often PREPARE is sent again to silent participants, each "
                                   "time after one `votes` time-out.",
                                   0, 10'000),
    choice<O, &O::ack_rule>(
        "ack_rule",
        "How many participants must acknowledge PRE-COMMIT before the coordinator commits.",
        kAckRules),
    choice<O, &O::ack_missing>("ack_missing",
                               "What the coordinator decides when too few acknowledge PRE-COMMIT "
                               "within the `acks` time-out.",
                               kAckMissing),
    choice<O, &O::decision_to>("decision_to", "Who is sent PRE-COMMIT and told the decision.",
                               kDecisionTo),
    choice<O, &O::acks>("acks", "Whether participants acknowledge the decision.", kNoYes),
    choice<O, &O::decided_ack_pre_commit>(
        "decided_ack_pre_commit",
        "Whether a participant that has decided acknowledges PRE-COMMIT all the same.", kNoYes),
    choice<O, &O::no_voter_record>("no_voter_record",
                                   "How a participant that votes NO writes its abort record.",
                                   kNoVoterRecords),
    choice<O, &O::start_record>(
        "start_record", "How the coordinator writes a start record before PREPARE.", kStartRecords),
    choice<O, &O::pre_commit_record>("pre_commit_record", "Who forces a record of PRE-COMMIT.",
                                     kPreCommitRecords),
    choice<O, &O::unasked>(
        "unasked",
        "What a participant does when PREPARE does not come within the `request` time-out.",
        kUnasked),
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
    choice<O, &O::ask_silent_leader>(
        "ask_silent_leader",
        "Whether a back-up also asks, and tells its decision to, those that it has waited for "
        "itself and taken for failed.",
        kNoYes),
    choice<O, &O::recover_decided>("recover_decided",
                                   "What a coordinator does that recovers with a decision record.",
                                   kRecoverDecided),
};

constexpr std::array<std::string_view, 6> kTimerNames = {"votes",  "acks",   "decision",
                                                         "commit", "states", "request"};
constexpr std::array<std::string_view, 6> kTimerDocs = {
    "The coordinator waits for votes; then it asks again or decides.",
    "A leader waits for acknowledgements of PRE-COMMIT; then it decides (see `ack_missing`).",
    "An uncertain participant waits for its leader; then it takes the leader for failed.",
    "A pre-committed participant waits for its leader; then it takes the leader for failed.",
    "A back-up waits for the others' states; then it decides by those it has.",
    "A participant waits for PREPARE, from the transaction's beginning (see `unasked`).",
};

constexpr std::string_view kRecordNames[] = {"none",          "started",   "prepared",
                                             "pre-committed", "committed", "aborted"};

template <int kMax>
class ThreePhaseCommit {
  using O = ThreePhaseOptions;

  enum class Phase : std::uint8_t {
    initial,
    voting,
    preparing,
    uncertain,
    pre_committed,
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
  struct Inquiry {
    std::string_view name() const { return "INQUIRY"; }
    bool operator==(const Inquiry&) const = default;
  };
  using Message = Messages<Prepare, Vote, PreCommit, PreCommitAck, Decision, Ack, StateRequest,
                           StateReport, Inquiry>;
  enum class Timer : std::uint8_t { votes, acks, decision, commit, states, request };
  static constexpr auto kTimers = std::span<const std::string_view>(kTimerNames);
  static constexpr auto kRecords = std::span<const std::string_view>(kRecordNames);
  enum class Record : std::uint8_t { none, started, prepared, pre_committed, committed, aborted };
  using Options = ThreePhaseOptions;
  using Set = ProcessSet<kMax>;
  using Env = indoubt::Env<ThreePhaseCommit>;
  static constexpr int kLimit = kMax;

  void start(Env& env) {
    if (!env.is_coordinator()) {
      if (env.options().unasked != O::Unasked::off) env.set_timer(Timer::request);
      return;
    }
    phase_ = Phase::voting;
    write(env.options().start_record, Record::started, env);
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
      write(env.options().no_voter_record, Record::aborted, env);
      env.decide(Outcome::abort);
      return env.send(kCoordinator, Vote{false});
    }
    phase_ = Phase::uncertain;
    env.force(Record::prepared);
    env.vote(true);
    env.send(kCoordinator, Vote{true});
    await_leader(env);
  }
  void receive(Vote vote, ProcessId from, Env& env) {
    if (phase_ != Phase::voting) return;
    const bool held_up = votes_.holds_up(from, env);
    if (votes_.count(from, vote.yes)) go_on(held_up, false, env);
  }

  // ---- pre-commit -----------------------------------------------------------------------------
  void receive(PreCommit, ProcessId from, Env& env) {
    if (outcome() != Outcome::none) {
      if (env.options().decided_ack_pre_commit) env.send(from, PreCommitAck{});
      return;
    }
    if (recovering_ || from < leader_) return;  // an old leader: this process has moved on
    leader_ = from;
    leading_ = states_open_ = 0;
    quiet(env);
    if (phase_ != Phase::pre_committed) {
      phase_ = Phase::pre_committed;
      if (env.options().pre_commit_record != O::PreCommitRecord::none) {
        env.force(Record::pre_committed);
      }
    }
    env.send(from, PreCommitAck{});
    await_leader(env);
  }
  void receive(PreCommitAck, ProcessId from, Env& env) {
    if (phase_ != Phase::pre_committed || !leading_ || states_open_) return;
    waiting_.erase(from);
    if (enough_acks(env)) settle(Outcome::commit, env);
  }

  // ---- the decision ---------------------------------------------------------------------------
  void receive(Decision decision, ProcessId from, Env& env) {
    if (outcome() == Outcome::none) {  // in any state, from any leader
      quiet(env);
      env.cancel_timer(Timer::votes);
      leading_ = states_open_ = 0;
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
    if (outcome() != Outcome::none) env.send(from, Decision{outcome()});
  }

  // ---- termination: the lowest-numbered participant not taken for failed leads -----------------
  void receive(StateRequest, ProcessId from, Env& env) {
    // A coordinator that has sent no PRE-COMMIT: a back-up can come to nothing but abort.
    if (phase_ == Phase::voting) votes_settled(Outcome::abort, env);
    if (outcome() != Outcome::none) return env.send(from, StateReport{phase_});  // to any leader
    if (recovering_ || from < leader_) return;
    env.send(from, StateReport{phase_});
    leader_ = from;
    leading_ = states_open_ = 0;
    if (phase_ == Phase::initial || phase_ == Phase::preparing) return;
    quiet(env);
    await_leader(env);
  }
  void receive(StateReport report, ProcessId from, Env& env) {
    if (!collecting() || !waiting_.contains(from)) return;
    waiting_.erase(from);
    switch (report.phase) {
      case Phase::aborted: return settle(Outcome::abort, env);
      case Phase::committed: return settle(Outcome::commit, env);
      case Phase::pre_committed: someone_pre_committed_ = 1; break;
      case Phase::uncertain: uncertain_.insert(from); break;
      default: someone_has_not_voted_ = 1;
    }
    if (waiting_.empty()) states_collected(env);
  }

  void timeout(Timer timer, Env& env) {
    switch (timer) {
      case Timer::votes: return votes_late(env);
      case Timer::acks: return acks_late(env);
      case Timer::decision:
        if (recovering_) return inquire(env);
        if (phase_ == Phase::uncertain) leader_late(env.options().uncertain, env);
        return;
      case Timer::commit:
        if (phase_ == Phase::pre_committed) leader_late(env.options().pre_committed, env);
        return;
      case Timer::states:
        if (collecting()) states_collected(env);
        return;
      case Timer::request:
        if (phase_ == Phase::initial) conclude(Outcome::abort, env);
    }
  }

  void recover(Record last, Env& env) {
    switch (last) {
      case Record::none:
      case Record::started:
        if (!env.is_coordinator()) return conclude(Outcome::abort, env);  // it never voted YES
        // Nobody can be pre-committed if the coordinator forces that record first.
        if (env.options().pre_commit_record == O::PreCommitRecord::all) {
          return settle(Outcome::abort, env);
        }
        break;
      case Record::prepared: phase_ = Phase::uncertain; break;
      case Record::pre_committed: phase_ = Phase::pre_committed; break;
      case Record::committed:
      case Record::aborted:
        phase_ = last == Record::committed ? Phase::committed : Phase::aborted;
        if (!env.is_coordinator()) return;
        waiting_ = env.participants();
        if (env.options().recover_decided == RecoverDecided::resend) tell(env);
        return;
    }
    recovering_ = 1;  // the others may have decided without it: it asks, and never decides alone
    inquire(env);
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
    return kRecordNames[static_cast<std::size_t>(r)];
  }
  /// A NO voter has decided, and may not acknowledge PRE-COMMIT.
  static StalledByNo stalled_by_no(const Options& o) {
    if (o.decided_ack_pre_commit || o.ack_rule == O::Needs::none) return StalledByNo::never;
    const bool majority_votes = o.rule == DecisionRule::majority || o.rule == DecisionRule::all;
    if (o.ack_rule == O::Needs::majority && majority_votes) return StalledByNo::never;
    return o.decision_to == DecisionTo::all ? StalledByNo::always : StalledByNo::if_late;
  }
  static ProtocolTraits traits(const Options& o) {
    ProtocolTraits traits = o.traits();
    traits.votes_alone_decide = false;  // PRE-COMMIT and the termination protocol follow
    traits.stalled_by_no = stalled_by_no(o);
    return traits;
  }
  bool operator==(const ThreePhaseCommit&) const = default;

 private:
  static constexpr std::string_view kPhaseNames[] = {
      "initial", "voting", "preparing", "uncertain", "pre-committed", "committed", "aborted"};

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
    const Outcome outcome = votes_.settled(env.options(), env.processes() - 1, timed_out);
    if (outcome != Outcome::none) return votes_settled(outcome, env);
    if (!ask_next) return;
    tries_ = 0;  // the next one has tries of its own
    ask(env);
  }
  void votes_settled(Outcome outcome, Env& env) {
    env.cancel_timer(Timer::votes);
    if (outcome == Outcome::abort) return settle(outcome, env);
    if (env.options().pre_commit_record == O::PreCommitRecord::all) {
      env.force(Record::pre_committed);
    }
    pre_commit(addressees(env), env);
  }
  /// Leads the pre-commit phase towards `to`.
  void pre_commit(const Set& to, Env& env) {
    phase_ = Phase::pre_committed;
    leading_ = 1;
    waiting_ = to;
    env.send(to, PreCommit{});
    if (enough_acks(env)) return settle(Outcome::commit, env);
    env.set_timer(Timer::acks);
  }
  bool enough_acks(const Env& env) const {
    if (!env.is_coordinator())
      return waiting_.empty();  // termination waits for every reachable one
    switch (env.options().ack_rule) {
      case O::Needs::none: return true;
      case O::Needs::all: return waiting_.empty();
      case O::Needs::majority: {
        const int n = env.processes() - 1;
        return addressees(env).size() - waiting_.size() > n / 2 || waiting_.empty();
      }
    }
    return true;
  }
  void acks_late(Env& env) {
    if (phase_ == Phase::pre_committed && leading_) {
      const bool commits =
          !env.is_coordinator() || env.options().ack_missing == O::AckMissing::commit;
      return settle(commits ? Outcome::commit : Outcome::abort, env);
    }
    if (outcome() == Outcome::none || waiting_.empty()) return;
    env.send(waiting_, Decision{outcome()});
    env.set_timer(Timer::acks);
  }

  /// Waits for the leader's next message, in the state reached.
  void await_leader(Env& env) {
    const bool uncertain = phase_ == Phase::uncertain;
    const O::Late late = uncertain ? env.options().uncertain : env.options().pre_committed;
    if (late != O::Late::off) env.set_timer(uncertain ? Timer::decision : Timer::commit);
  }
  void quiet(Env& env) {
    env.cancel_timer(Timer::decision);
    env.cancel_timer(Timer::commit);
    env.cancel_timer(Timer::states);
    env.cancel_timer(Timer::acks);
    env.cancel_timer(Timer::request);
  }
  void leader_late(O::Late late, Env& env) {
    switch (late) {
      case O::Late::off: return;
      case O::Late::abort: return conclude(Outcome::abort, env);
      case O::Late::commit: return conclude(Outcome::commit, env);
      case O::Late::terminate: break;
    }
    failed_.insert(leader_++);  // the silent leader is taken for failed
    if (leader_ != env.self() && leader_ != env.processes()) return await_leader(env);
    leader_ = env.self();  // its turn; or, passed over before, it is the last one left
    lead(env);
  }
  void lead(Env& env) {
    leading_ = 1;
    uncertain_ = {};
    someone_pre_committed_ = someone_has_not_voted_ = 0;
    waiting_ = reachable(env);
    if (waiting_.empty()) return states_collected(env);
    states_open_ = 1;
    env.send(waiting_, StateRequest{});
    env.set_timer(Timer::states);
  }
  bool collecting() const { return leading_ && states_open_ && outcome() == Outcome::none; }
  /// Termination rules TR1-TR4 over the reachable processes; an aborted or committed one has
  /// already settled it.
  void states_collected(Env& env) {
    states_open_ = 0;
    env.cancel_timer(Timer::states);
    const bool committable = someone_pre_committed_ || phase_ == Phase::pre_committed;
    if (someone_has_not_voted_ || !committable) return settle(Outcome::abort, env);
    if (phase_ != Phase::pre_committed &&
        env.options().pre_commit_record != O::PreCommitRecord::none) {
      env.force(Record::pre_committed);
    }
    pre_commit(uncertain_, env);
  }

  void inquire(Env& env) {
    if (outcome() != Outcome::none) return;
    env.send(others(env), Inquiry{});
    env.set_timer(Timer::decision);
  }

  Set others(const Env& env) const {
    Set others = Set::range(0, env.processes());
    others.erase(env.self());
    return others;
  }
  /// Whom a back-up asks and tells. Those that another back-up takes for failed are asked.
  Set reachable(const Env& env) const {
    return env.options().ask_silent_leader ? others(env) : others(env) - failed_;
  }
  /// Whom a leader addresses: the coordinator all participants (or those that did not vote NO), a
  /// back-up the reachable ones.
  Set addressees(const Env& env) const {
    if (!env.is_coordinator()) return reachable(env);
    if (env.options().decision_to == DecisionTo::all) return env.participants();
    return env.participants() - votes_.no_voters();
  }
  void conclude(Outcome outcome, Env& env, AbortCause cause = AbortCause::other) {
    const bool commit = outcome == Outcome::commit;
    phase_ = commit ? Phase::committed : Phase::aborted;
    env.force(commit ? Record::committed : Record::aborted);
    env.decide(outcome, cause);
  }
  /// The leader decides, and tells.
  void settle(Outcome outcome, Env& env) {
    quiet(env);
    const bool voting = phase_ == Phase::voting;
    conclude(outcome, env,
             voting ? votes_.cause(env.options(), env.processes() - 1) : AbortCause::other);
    leading_ = states_open_ = 0;
    waiting_ = addressees(env);
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

  Votes<kMax> votes_;        ///< coordinator
  Set waiting_;              ///< leader: whose ack or state is missing
  Set uncertain_;            ///< back-up: who reported to be uncertain
  Set failed_;               ///< whom this process has waited for and taken for failed
  std::uint16_t tries_ = 0;  ///< coordinator: PREPARE sent again so often
  ProcessId leader_ = 0;     ///< whom this process follows; those below were passed over
  Phase phase_ = Phase::initial;
  std::uint8_t leading_ = 0;  ///< in the pre-commit phase or collecting states
  std::uint8_t states_open_ = 0;
  std::uint8_t someone_pre_committed_ = 0, someone_has_not_voted_ = 0;
  std::uint8_t recovering_ = 0;  ///< back from a crash, undecided: asks, takes no part
  std::uint8_t spare_[2] = {};   ///< no padding: equal values have equal bytes
};

template <class O>
Machine make(const Group& group, std::span<const int> values) {
  return machine_for<ThreePhaseCommit>(group, options_from<O>(kOptions<O>, values));
}

}  // namespace

ProtocolEntry three_phase_commit() {
  return {"3pc",
          "Three-phase commit with termination by collected states.",
          "Skeen (1981); Bernstein, Hadzilacos & Goodman (1987), ch. 7.5",
          kOptions<ThreePhaseOptions>,
          kTimerNames,
          kTimerDocs,
          &make<ThreePhaseOptions>};
}

ProtocolEntry majority_three_phase_commit() {
  return {"3pc-majority",
          "Three-phase commit that commits when more than half vote YES. Not safe: a NO voter has "
          "aborted.",
          "The project's original note",
          kOptions<MajorityOptions>,
          kTimerNames,
          kTimerDocs,
          &make<MajorityOptions>};
}

}  // namespace indoubt
