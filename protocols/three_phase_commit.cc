#include "protocols/three_phase_commit.h"

#include "protocols/three_phase_recovery.h"

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
struct ThreePhaseOptions : VotingOptions, TerminationOptions {
  enum class Needs : std::uint8_t { all, majority, none } ack_rule = Needs::all;
  enum class AckMissing : std::uint8_t { commit, abort } ack_missing = AckMissing::commit;
  DecisionTo decision_to = DecisionTo::all_but_no_voters;
  bool decided_ack_pre_commit = false;
  bool spontaneous_votes = false;
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

constexpr std::string_view kVoteRules[] = {"all", "majority", "any", "at-least", "none"};
constexpr std::string_view kAckRules[] = {"all", "majority", "none"};
constexpr std::string_view kAckMissing[] = {"commit", "abort"};

/// The options with the defaults of `O`.
template <class O>
constexpr std::array<OptionField, 15> kOwnFields = {
    choice<O, &O::rule>("decision_rule",
                        "How many YES votes pre-commit needs; none: it follows whatever was voted.",
                        kVoteRules),
    number<O, &O::at_least>("at_least", "YES votes needed under `decision_rule: at-least`.", 1,
                            kMostProcesses - 1),
    choice<O, &O::at_no>("at_no", kAtNoDoc, kAtNo),
    choice<O, &O::asking>("asking", kAskingDoc, kAsking),
    number<O, &O::prepare_resends>("prepare_resends", kPrepareResendsDoc, 0, 10'000),
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
    choice<O, &O::pre_committing>(
        "pre_committing",
        "Whether a leader sends PRE-COMMIT to all at once, or to each when the one before has "
        "acknowledged it or the `acks` time-out has passed.",
        kTelling),
    choice<O, &O::telling>("telling", kTellingDoc, kTelling),
    choice<O, &O::acks>("acks", "Whether participants acknowledge the decision.", kNoYes),
    choice<O, &O::decided_ack_pre_commit>(
        "decided_ack_pre_commit",
        "Whether a participant that has decided acknowledges PRE-COMMIT all the same.", kNoYes),
    choice<O, &O::start_record>("start_record", kStartRecordOfOneThatAsksDoc, kStartRecords),
    choice<O, &O::recover_decided>("recover_decided", kRecoverDecidedDoc, kRecoverDecided),
    choice<O, &O::spontaneous_votes>(
        "spontaneous_votes",
        "Whether participants prepare and vote at the transaction's beginning, without PREPARE; it "
        "is then sent to those only that are silent at the `votes` time-out (see "
        "`prepare_resends`).",
        kNoYes),
};
template <class O>
constexpr auto kOptions = joined(kOwnFields<O>, kTerminationFields<O>);

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

template <int kMax>
class ThreePhaseCommit : public ThreePhaseRecovery<ThreePhaseCommit<kMax>, kMax> {
  using Base = ThreePhaseRecovery<ThreePhaseCommit, kMax>;
  using O = ThreePhaseOptions;
  using Phase = typename Base::Phase;
  template <class, int>
  friend class indoubt::ThreePhaseLeader;
  template <class, int>
  friend class indoubt::ThreePhaseTermination;
  template <class, int>
  friend class indoubt::ThreePhaseRecovery;

 public:
  using Prepare = three_phase::Prepare;
  using Vote = three_phase::Vote;
  using PreCommit = three_phase::PreCommit;
  using PreCommitAck = three_phase::PreCommitAck;
  using typename Base::Env;
  using typename Base::Record;
  using typename Base::Set;
  using Message =
      Messages<Prepare, Vote, PreCommit, PreCommitAck, typename Base::Decision, typename Base::Ack,
               typename Base::StateRequest, typename Base::StateReport, typename Base::Inquiry,
               typename Base::Move, typename Base::Moved, typename Base::Rejoin,
               typename Base::Resume, typename Base::Resumed>;
  enum class Timer : std::uint8_t { votes, acks, decision, commit, states, request };
  static constexpr auto kTimers = std::span<const std::string_view>(kTimerNames);
  using Options = ThreePhaseOptions;
  using Base::outcome;
  using Base::receive;

  void start(Env& env) {
    if (!env.is_coordinator()) {
      if (env.options().spontaneous_votes) return begin_work(env);
      if (env.options().unasked != O::Unasked::off) env.set_timer(Timer::request);
      return;
    }
    phase_ = Phase::voting;
    write(env.options().start_record, Record{Record::Kind::started}, env);
    votes_.open(env.participants());
    if (env.options().spontaneous_votes) return env.set_timer(Timer::votes);
    ask(env);
  }

  // ---- voting ---------------------------------------------------------------------------------
  void receive(Prepare, ProcessId from, Env& env) {
    switch (phase_) {
      case Phase::initial: env.cancel_timer(Timer::request); return begin_work(env);
      case Phase::uncertain: return env.send(from, Vote{true});  // asked again: the same answer
      case Phase::aborted: return env.send(from, Vote{false});
      default: return;
    }
  }
  void prepared(bool yes, Env& env) {
    if (phase_ != Phase::preparing) return;
    if (!yes) {
      this->vote_no(env);
      return env.send(kCoordinator, Vote{false});
    }
    this->vote_yes(env);
    env.send(kCoordinator, Vote{true});
    this->await_leader(env);
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
    if (this->recovering_ || !this->follows(from, env)) return;
    quiet(env);
    if (phase_ != Phase::pre_committed) become_pre_committed(env);
    env.send(from, PreCommitAck{});
    this->await_leader(env);
  }
  void receive(PreCommitAck, ProcessId from, Env& env) {
    if (phase_ != Phase::pre_committed || !this->leading_ || this->states_open_) return;
    if (this->recovering_) return;
    waiting_.erase(from);
    if (enough_acks(env)) return this->settle(Outcome::commit, env);
    this->pre_commit_goes_on(from, env);
  }

  void timeout(Timer timer, Env& env) {
    switch (timer) {
      case Timer::votes: return votes_late(env);
      case Timer::acks: return this->acks_late(env);
      case Timer::decision: return this->decision_late(env);
      case Timer::commit: return this->commit_late(env);
      case Timer::states: return this->states_late(env);
      case Timer::request: return this->request_late(env);
    }
  }

  /// A leader waits no longer for a site that is known to be down; who follows it takes over.
  void failed(ProcessId who, Env& env) {
    if (!this->learns_of(who, env)) return;
    if (phase_ != Phase::voting) return this->goes_on_without(who, env);
    const bool held_up = votes_.holds_up(who, env);
    votes_.give_up(who);
    go_on(held_up, false, env);
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
    const bool at_once = o.pre_committing == Telling::parallel && o.telling == Telling::parallel;
    if (o.spontaneous_votes) traits.asked_directly = false;
    traits.commit = {
        .known = !o.spontaneous_votes && at_once && o.mistake == O::Mistake::none &&
                 o.ack_rule == O::Needs::all && o.uncertain != O::Late::commit,
        .start_forced = o.start_record == StartRecord::forced,
        .pre_commit = true,
        .leader_forces_pre_commit = o.pre_commit_record == O::PreCommitRecord::all,
        .participants_force_pre_commit = o.pre_commit_record != O::PreCommitRecord::none,
        .decision_forced = true,
        .commit_forced = true};
    return traits;
  }
  bool operator==(const ThreePhaseCommit&) const = default;

 private:
  using Base::phase_;
  using Base::waiting_;

  void begin_work(Env& env) {
    phase_ = Phase::preparing;
    env.prepare();
  }
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
    if (settled != Outcome::none) return votes_settled(settled, env);
    if (!ask_next) return;
    tries_ = 0;  // the next one has tries of its own
    ask(env);
  }
  void votes_settled(Outcome verdict, Env& env) {
    env.cancel_timer(Timer::votes);
    if (verdict == Outcome::abort) return this->settle(verdict, env);
    if (env.options().pre_commit_record == O::PreCommitRecord::all) {
      env.force(Record{Record::Kind::pre_committed});
    }
    this->pre_commit(addressees(env), env);
  }
  AbortCause vote_cause(const Env& env) const {
    return votes_.cause(env.options(), env.participant_count());
  }
  /// Participants whose acknowledgement is in, or not needed.
  bool enough_acks(const Env& env) const {
    if (!env.is_coordinator()) return waiting_.empty();  // termination waits for all it reached
    switch (env.options().ack_rule) {
      case O::Needs::none: return true;
      case O::Needs::all: return waiting_.empty();
      case O::Needs::majority: return majority_acknowledged(env) || waiting_.empty();
    }
    return true;
  }
  bool majority_acknowledged(const Env& env) const {
    return (addressees(env) - waiting_).size() > env.participant_count() / 2;
  }
  bool commits_without_acks(const Env& env) const {
    return !env.is_coordinator() || env.options().ack_missing == O::AckMissing::commit;
  }
  /// One that has not acknowledged has crashed: as far as that settles it.
  Outcome acks_settle(const Env& env) const {
    if (commits_without_acks(env)) return enough_acks(env) ? Outcome::commit : Outcome::none;
    if (env.options().ack_rule == O::Needs::all) return Outcome::abort;
    if (majority_acknowledged(env)) return Outcome::commit;
    return waiting_.empty() ? Outcome::abort : Outcome::none;
  }
  void become_pre_committed(Env& env) {
    phase_ = Phase::pre_committed;
    if (env.options().pre_commit_record == O::PreCommitRecord::none) return;
    env.force(this->state_record(env));
  }

  void quiet(Env& env) {
    for (const Timer t : {Timer::decision, Timer::commit, Timer::states, Timer::acks,
                          Timer::request, Timer::votes}) {
      env.cancel_timer(t);
    }
  }
  /// A coordinator that has sent no PRE-COMMIT: a back-up can come to nothing but abort.
  void asked_while_voting(Env& env) {
    if (phase_ == Phase::voting) votes_settled(Outcome::abort, env);
  }
  /// Nobody can be pre-committed if the coordinator forces that record first.
  static bool recovers_alone(const Env& env) {
    return env.options().pre_commit_record == O::PreCommitRecord::all;
  }
  /// Whom a leader addresses: the coordinator all participants (or those that did not vote NO), a
  /// back-up the reachable ones.
  Set addressees(const Env& env) const {
    if (!env.is_coordinator()) return this->reachable(env);
    const Set up = env.participants() - this->failed_;
    return env.options().decision_to == DecisionTo::all ? up : up - votes_.no_voters();
  }

  Votes<kMax> votes_;        ///< coordinator
  std::uint16_t tries_ = 0;  ///< coordinator: PREPARE sent again so often
  std::uint16_t spare_ = 0;  ///< no padding: equal values have equal bytes
};

template <class O>
std::string check(const Group&, std::span<const int> values) {
  const O o = options_from<O>(kOptions<O>, values);
  if (o.telling == Telling::one_by_one && !o.acks) return std::string(kTellingNeedsAcks);
  if (o.pre_committing == Telling::one_by_one && o.ack_rule == O::Needs::none) {
    return "pre_committing: one-by-one waits for acknowledgements of PRE-COMMIT, and with "
           "ack_rule: none nobody does; allowed: ack_rule: all or majority, or "
           "pre_committing: parallel";
  }
  return {};
}

template <class O>
Machine make(const Group& group, std::span<const int> values) {
  return machine_for<ThreePhaseCommit>(group, with_mistake(options_from<O>(kOptions<O>, values)));
}

}  // namespace

ProtocolEntry three_phase_commit() {
  return {"3pc",
          "Three-phase commit with termination by collected states.",
          "Skeen (1981); Bernstein, Hadzilacos & Goodman (1987), ch. 7.5",
          kOptions<ThreePhaseOptions>,
          kTimerNames,
          kTimerDocs,
          &make<ThreePhaseOptions>,
          kMostProcesses - 1,
          &check<ThreePhaseOptions>};
}

ProtocolEntry majority_three_phase_commit() {
  return {"3pc-majority",
          "Three-phase commit that commits when more than half vote YES. Not safe: a NO voter has "
          "aborted.",
          "The project's original note",
          kOptions<MajorityOptions>,
          kTimerNames,
          kTimerDocs,
          &make<MajorityOptions>,
          kMostProcesses - 1,
          &check<MajorityOptions>};
}

}  // namespace indoubt
