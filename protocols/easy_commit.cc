#include "protocols/easy_commit.h"

#include "protocols/two_phase_parts.h"

namespace indoubt {
namespace {

/// Two-phase commit in which whoever learns the decision passes it on to all others before it acts
/// on it: first transmit, then commit. So if anybody has decided, everybody that is up has been
/// sent the decision, and one that has waited long enough may abort without blocking.
///
/// `easy-commit`: Gupta & Sadoghi, "EasyCommit" (EDBT 2018). A participant that waits in vain runs
/// a termination protocol: the lowest-numbered participant not taken for failed asks the others; a
/// decision is followed, one that has not voted aborts, and if all are uncertain they abort.
/// `2pc-broadcast`: Babaoglu & Toueg, "Non-blocking atomic commitment" (1993), ACP-UTRB: the
/// forwarding is a uniform timed reliable broadcast, and a participant that waits in vain aborts
/// without asking.
///
/// Messages: PREPARE and vote 2 N, the decision N, forwarded N (N - 1), and N more if participants
/// forward to the coordinator: N^2 + 2 N or N^2 + 3 N. The coordinator has transmitted after 2
/// delays, participants learn after 3. Forced writes as in 2PC: prepared and commit at each
/// participant, the decision at the coordinator; both force the decision after transmitting it,
/// since a record that nobody was told of would survive a crash. No acks: nobody forgets.
///
/// Safe and non-blocking with crash-stop failures, reliable links and a `decision` time-out longer
/// than a chain of forwards (and, under `2pc-broadcast`, than the coordinator's voting). A lost or
/// late message can break agreement. A process that recovers undecided asks and never decides
/// alone, the coordinator included. Where all have failed and come back undecided, none has a
/// decision record, so nobody has decided: they abort once each has said so twice, a `decision`
/// time-out apart, for a decision that was passed on before the failure has arrived by then. The
/// sources do not treat that case.
struct EasyCommitOptions : VotingOptions {
  DecisionTo decision_to = DecisionTo::all_but_no_voters;
  bool forward_to_coordinator = false;
  RecordPolicy no_voter_record = RecordPolicy::unforced;
  StartRecord start_record = StartRecord::free;
  Unasked unasked = Unasked::off;
  enum class Late : std::uint8_t { terminate, ask, off, abort } uncertain = Late::terminate;
  RecoverDecided recover_decided = RecoverDecided::resend;
  enum class Mistake : std::uint8_t {
    none,
    deliver_before_forward,
    force_before_forward,
    vote_not_forced
  } mistake = Mistake::none;
};

struct BroadcastOptions : EasyCommitOptions {
  constexpr BroadcastOptions() {
    forward_to_coordinator = true;
    uncertain = Late::abort;
  }
};

constexpr std::string_view kLate[] = {"terminate", "ask", "off", "abort"};
constexpr std::string_view kMistakes[] = {"none", "deliver_before_forward", "force_before_forward",
                                          "vote_not_forced"};

/// The options with the defaults of `O`.
template <class O>
constexpr OptionField kOptions[] = {
    choice<O, &O::rule>("decision_rule", "How many YES votes commit needs.", kRules),
    number<O, &O::at_least>("at_least", "YES votes needed under `decision_rule: at-least`.", 1,
                            kMostProcesses - 1),
    choice<O, &O::at_no>("at_no", kAtNoDoc, kAtNo),
    choice<O, &O::asking>("asking", kAskingDoc, kAsking),
    number<O, &O::prepare_resends>("prepare_resends", kPrepareResendsDoc, 0, 10'000),
    choice<O, &O::decision_to>(
        "decision_to", "Whom the coordinator tells the decision; participants forward it to all.",
        kDecisionTo),
    choice<O, &O::forward_to_coordinator>(
        "forward_to_coordinator",
        "Whether participants forward the decision to the coordinator too.", kNoYes),
    choice<O, &O::no_voter_record>("no_voter_record", kNoVoterRecordDoc, kRecordPolicies),
    choice<O, &O::start_record>("start_record", kStartRecordOfOneThatAsksDoc, kStartRecords),
    choice<O, &O::unasked>("unasked", kUnaskedDoc, kUnaskedChoices),
    choice<O, &O::uncertain>(
        "uncertain",
        "What an uncertain participant does when no decision comes within the `decision` time-out: "
        "run the termination protocol, ask and wait on, nothing, or abort without asking.",
        kLate),
    choice<O, &O::recover_decided>("recover_decided", kRecoverDecidedDoc, kRecoverDecided),
    choice<O, &O::mistake>(
        "mistake",
        "A known-bad variant: `deliver_before_forward`: a process decides before it passes the "
        "decision on; `force_before_forward`: it makes its record durable before, and decides "
        "after; `vote_not_forced`: the prepared record is not forced before YES.",
        kMistakes),
};

constexpr std::array<std::string_view, 4> kTimerNames = {"votes", "decision", "states", "request"};
constexpr std::array<std::string_view, 4> kTimerDocs = {
    "The coordinator waits for votes; then it asks again or decides.",
    "An uncertain participant waits for the decision, longer than forwarding can take; then it "
    "does as `uncertain` says.",
    "A back-up waits for the others' answers; then it aborts unless one of them knew a decision.",
    kRequestTimerDoc,
};

template <int kMax>
class EasyCommit {
  using O = EasyCommitOptions;

 public:
  using Prepare = parts::Prepare;
  using Vote = parts::Vote;
  using Decision = parts::Decision;
  using Inquiry = parts::Inquiry;  ///< answered by those that know the decision or have not voted
  struct StateRequest {            ///< of a back-up, answered by everybody
    std::string_view name() const { return "STATE-REQ"; }
    bool operator==(const StateRequest&) const = default;
  };
  struct StillUncertain {
    std::string_view name() const { return "UNCERTAIN"; }
    bool operator==(const StillUncertain&) const = default;
  };
  struct Recovering {  ///< back from a crash and undecided, to others that are
    std::string_view name() const { return "RECOVERING"; }
    bool operator==(const Recovering&) const = default;
  };
  using Message =
      Messages<Prepare, Vote, Decision, Inquiry, StateRequest, StillUncertain, Recovering>;
  enum class Timer : std::uint8_t { votes, decision, states, request };
  static constexpr std::string_view kStates[] = {"initial",   "voting",  "preparing", "prepared",
                                                 "committed", "aborted", "recovering"};
  static constexpr auto kTimers = std::span<const std::string_view>(kTimerNames);
  enum class Record : std::uint8_t { none, started, prepared, committed, aborted };
  using Options = EasyCommitOptions;
  using Set = ProcessSet<kMax>;
  using Env = indoubt::Env<EasyCommit>;
  static constexpr int kLimit = kMax;

  void start(Env& env) {
    if (!env.is_coordinator()) {
      if (env.options().unasked != Unasked::off) env.set_timer(Timer::request);
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
      case Phase::prepared: return env.send(from, Vote{true});  // asked again: the same answer
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
    phase_ = Phase::prepared;  // uncertain from here on
    if (env.options().mistake == O::Mistake::vote_not_forced) {
      env.log(Record::prepared);
    } else {
      env.force(Record::prepared);
    }
    env.vote(true);
    env.send(kCoordinator, Vote{true});
    await_decision(env);
  }
  void receive(Vote vote, ProcessId from, Env& env) {
    if (phase_ != Phase::voting) return;
    const bool held_up = votes_.holds_up(from, env);
    if (votes_.count(from, vote.yes)) go_on(held_up, false, env);
  }

  // ---- the decision: transmit first, then commit ------------------------------------------------
  void receive(Decision decision, ProcessId, Env& env) {
    if (outcome() != Outcome::none) return;
    // Back from a crash it passes it on too: who sent it may have told nobody else and died.
    act(decision.outcome, forwarded_to(env), env);
  }

  // ---- termination ------------------------------------------------------------------------------
  void receive(Inquiry, ProcessId from, Env& env) {
    if (has_not_voted(env)) act(Outcome::abort, {}, env, AbortCause::termination);
    if (outcome() != Outcome::none) return env.send(from, Decision{outcome()});
    if (recovering_) env.send(from, Recovering{});
  }
  void receive(StateRequest, ProcessId from, Env& env) {
    // A coordinator that has transmitted nothing: the back-up can come to nothing but abort.
    if (phase_ == Phase::voting) return settle(Outcome::abort, env);
    if (has_not_voted(env)) act(Outcome::abort, {}, env, AbortCause::termination);
    if (outcome() != Outcome::none) return env.send(from, Decision{outcome()});
    if (recovering_ || from < leader_) return;  // an old leader: this process has moved on
    leader_ = from;
    leading_ = 0;
    env.cancel_timer(Timer::states);
    env.send(from, StillUncertain{});
    await_decision(env);
  }
  void receive(StillUncertain, ProcessId from, Env& env) {
    if (!leading_ || !waiting_.contains(from)) return;
    waiting_.erase(from);
    if (waiting_.empty()) act(Outcome::abort, forwarded_to(env), env, AbortCause::termination);
  }

  void receive(Recovering, ProcessId from, Env&) {
    if (recovering_) waiting_.erase(from);
  }

  void timeout(Timer timer, Env& env) {
    switch (timer) {
      case Timer::votes: return votes_late(env);
      case Timer::decision:
        if (recovering_) return still_recovering(env);
        if (phase_ == Phase::prepared) decision_late(env);
        return;
      case Timer::states:
        if (leading_) act(Outcome::abort, forwarded_to(env), env, AbortCause::termination);
        return;
      case Timer::request:
        if (phase_ == Phase::initial) act(Outcome::abort, {}, env, AbortCause::unasked);
    }
  }

  void recover(Record last, Env& env) {
    switch (last) {
      case Record::none:
      case Record::started:
        if (!env.is_coordinator())  // it never voted YES
          return act(Outcome::abort, {}, env, AbortCause::recovery);
        if (!knows_list(env.options().start_record, last != Record::none)) {
          recovering_ = 1;
          return;
        }
        break;
      case Record::prepared: phase_ = Phase::prepared; break;
      case Record::committed:
      case Record::aborted:
        phase_ = last == Record::committed ? Phase::committed : Phase::aborted;
        if (!env.is_coordinator()) return;
        if (env.options().recover_decided == RecoverDecided::silent) return;
        return env.send(env.participants(), Decision{outcome()});
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
    return recovering_ && outcome() == Outcome::none ? "recovering"
                                                     : kStates[static_cast<std::size_t>(phase_)];
  }
  static bool has_backups(const Options& o) { return o.uncertain == O::Late::terminate; }
  bool leads() const { return leading_ != 0; }
  static std::string_view record_name(Record r) {
    return kRecordNames[static_cast<std::size_t>(r)];
  }
  static ProtocolTraits traits(const Options& o) {
    ProtocolTraits traits = o.traits();
    traits.votes_alone_decide = false;  // those that wait in vain may abort
    return traits;
  }
  bool operator==(const EasyCommit&) const = default;

 private:
  enum class Phase : std::uint8_t { initial, voting, preparing, prepared, committed, aborted };
  static constexpr std::string_view kRecordNames[] = {"none", "started", "prepared", "committed",
                                                      "aborted"};

  bool has_not_voted(const Env& env) const {
    return env.is_participant() && (phase_ == Phase::initial || phase_ == Phase::preparing);
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
    const Outcome outcome = votes_.settled(env.options(), env.participant_count(), timed_out);
    if (outcome != Outcome::none) return settle(outcome, env);
    if (!ask_next) return;
    tries_ = 0;  // the next one has tries of its own
    ask(env);
  }
  /// The coordinator decides, and tells.
  void settle(Outcome outcome, Env& env) {
    Set to = env.participants();
    if (env.options().decision_to == DecisionTo::all_but_no_voters) to = to - votes_.no_voters();
    act(outcome, to, env, votes_.cause(env.options(), env.participant_count()));
  }

  Set forwarded_to(const Env& env) const {
    Set to = others(env);
    if (!env.options().forward_to_coordinator) to.erase(kCoordinator);
    return to;
  }
  /// Passes the decision on, and then makes it this process's own.
  void act(Outcome outcome, const Set& to, Env& env, AbortCause cause = AbortCause::other) {
    env.cancel_timer(Timer::votes);
    env.cancel_timer(Timer::decision);
    env.cancel_timer(Timer::states);
    env.cancel_timer(Timer::request);
    leading_ = 0;
    const bool commit = outcome == Outcome::commit;
    phase_ = commit ? Phase::committed : Phase::aborted;
    const Record record = commit ? Record::committed : Record::aborted;
    switch (env.options().mistake) {
      case O::Mistake::deliver_before_forward:
        env.force(record);
        env.decide(outcome, cause);
        return env.send(to, Decision{outcome});
      case O::Mistake::force_before_forward:
        env.force(record);
        env.send(to, Decision{outcome});
        return env.decide(outcome, cause);
      default:
        env.send(to, Decision{outcome});
        env.force(record);
        return env.decide(outcome, cause);
    }
  }

  void await_decision(Env& env) {
    if (env.options().uncertain != O::Late::off) env.set_timer(Timer::decision);
  }
  void decision_late(Env& env) {
    switch (env.options().uncertain) {
      case O::Late::off: return;
      case O::Late::ask: return inquire(env);
      case O::Late::abort: return act(Outcome::abort, {}, env, AbortCause::termination);
      case O::Late::terminate: break;
    }
    failed_.insert(leader_++);  // the silent leader is taken for failed
    if (leader_ != env.self() && leader_ != env.processes()) return await_decision(env);
    leader_ = env.self();  // its turn; or, passed over before, it is the last one left
    waiting_ = others(env) - failed_;
    if (waiting_.empty())
      return act(Outcome::abort, forwarded_to(env), env, AbortCause::termination);
    leading_ = 1;
    env.send(waiting_, StateRequest{});
    env.set_timer(Timer::states);
  }
  void inquire(Env& env) {
    if (outcome() != Outcome::none) return;
    if (recovering_) waiting_ = others(env);
    env.send(others(env), Inquiry{});
    env.set_timer(Timer::decision);
  }
  /// All have failed and come back undecided, twice in a row: a decision that was on its way the
  /// first time has been delivered by now, so nobody has decided, and nobody can but here.
  void still_recovering(Env& env) {
    const bool all_recover = waiting_.empty();
    if (all_recover && all_recovered_) {
      return act(Outcome::abort, {}, env, AbortCause::recovery);
    }
    all_recovered_ = all_recover;
    inquire(env);
  }

  Votes<kMax> votes_;        ///< coordinator
  Set waiting_;              ///< back-up, or recovering: whose answer is missing
  Set failed_;               ///< whom this process has waited for and taken for failed
  std::uint16_t tries_ = 0;  ///< coordinator: PREPARE sent again so often
  ProcessId leader_ = 0;     ///< whom this process follows; those below were passed over
  Phase phase_ = Phase::initial;
  std::uint8_t leading_ = 0;        ///< collecting answers
  std::uint8_t recovering_ = 0;     ///< back from a crash, undecided: asks, takes no part
  std::uint8_t all_recovered_ = 0;  ///< recovering: so were all others when it asked last
};

template <class O>
Machine make(const Group& group, std::span<const int> values) {
  return machine_for<EasyCommit>(group, options_from<O>(kOptions<O>, values));
}

}  // namespace

ProtocolEntry easy_commit() {
  return {"easy-commit",
          "Two-phase commit that transmits first and commits then, with non-blocking termination.",
          "Gupta & Sadoghi (2018)",
          kOptions<EasyCommitOptions>,
          kTimerNames,
          kTimerDocs,
          &make<EasyCommitOptions>};
}

ProtocolEntry broadcast_two_phase_commit() {
  return {"2pc-broadcast",
          "Two-phase commit over a reliable broadcast of the decision: forward, then decide.",
          "Babaoglu & Toueg (1993)",
          kOptions<BroadcastOptions>,
          kTimerNames,
          kTimerDocs,
          &make<BroadcastOptions>};
}

}  // namespace indoubt
