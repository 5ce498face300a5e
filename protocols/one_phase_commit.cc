#include "protocols/one_phase_commit.h"

#include "protocols/two_phase_parts.h"

namespace indoubt {
namespace {

/// One-phase commit: the reply to the work request is the vote. WORK asks for all operations of a
/// participant, DONE promises to commit them and carries their redo records, REFUSED is a NO. The
/// coordinator forces its commit record, with all redo records, and tells the participants.
///
/// `coordinator-log`: Stamos & Cristian (SRDS 1990; DAPD 1993). Participants write no log.
/// Execution 2 N messages; commit N messages, 1 delay after the last DONE; one forced write, the
/// coordinator's. The coordinator never forgets: its log is the participants' log.
/// `implicit-yes`: Al-Houmaily & Chrysanthis, "implicit yes-vote" (1995). The same messages; a
/// participant notes the commit in a log of its own, not forced. With acks, it forces the record
/// before it acknowledges (the authors acknowledge when a later flush has made it durable), and the
/// coordinator can forget: N messages and N forced writes more. Presumed abort: aborts are neither
/// forced nor acknowledged, and what is not remembered has aborted.
///
/// Both need participants that can commit whatever they have acknowledged: strict locking and no
/// deferred constraint checks.
/// Safe whatever crashes, is lost or late. Blocking: a participant that has promised waits for the
/// coordinator. After a crash it does not know whether it had promised: it never aborts alone, but
/// asks for the log; a coordinator that has no promise of it then aborts.
struct OnePhaseOptions : VotingOptions {
  DecisionTo decision_to = DecisionTo::all_but_no_voters;
  bool acks = false;
  Unasked unasked = Unasked::off;
  Uncertain uncertain = Uncertain::ask;
  RecoverUndecided recover_undecided = RecoverUndecided::abort;
  RecoverDecided recover_decided = RecoverDecided::resend;
  enum class Mistake : std::uint8_t {
    none,
    decide_before_force,
    abort_on_recovery,
    abort_when_uncertain,
    ack_before_force
  } mistake = Mistake::none;
};

constexpr std::string_view kMistakes[] = {"none", "decide_before_force", "abort_on_recovery",
                                          "abort_when_uncertain", "ack_before_force"};

using O = OnePhaseOptions;
constexpr auto kRule =
    choice<O, &O::rule>("decision_rule", "How many promises commit needs.", kRules);
constexpr auto kAtLeast = number<O, &O::at_least>(
    "at_least", "Promises needed under `decision_rule: at-least`.", 1, kMostProcesses - 1);
constexpr auto kAtNoField = choice<O, &O::at_no>(
    "at_no",
    "At a refusal that settles the outcome: decide at once, or wait for all replies or for a "
    "time-out.",
    kAtNo);
constexpr auto kResends = number<O, &O::prepare_resends>(
    "prepare_resends",
    "How often WORK is sent again to silent participants, each time after one `votes` time-out.", 0,
    10'000);
constexpr auto kDecisionToField =
    choice<O, &O::decision_to>("decision_to", kDecisionToDoc, kDecisionTo);
constexpr auto kUnaskedField = choice<O, &O::unasked>(
    "unasked", "What a participant does when WORK does not come within the `request` time-out.",
    kUnaskedChoices);
constexpr auto kUncertainField =
    choice<O, &O::uncertain>("uncertain", kUncertainDoc, kUncertainChoices);
constexpr auto kUndecidedField =
    choice<O, &O::recover_undecided>("recover_undecided", kRecoverUndecidedDoc, kRecoverUndecided);
constexpr auto kDecidedField =
    choice<O, &O::recover_decided>("recover_decided", kRecoverDecidedDoc, kRecoverDecided);

constexpr OptionField kCoordinatorLogOptions[] = {
    kRule,
    kAtLeast,
    kAtNoField,
    kResends,
    kDecisionToField,
    kUnaskedField,
    kUncertainField,
    kUndecidedField,
    kDecidedField,
    choice<O, &O::mistake>(
        "mistake",
        "A known-bad variant: `decide_before_force`: the coordinator decides and tells before it "
        "forces its commit record; `abort_on_recovery`: a participant that restarts aborts alone, "
        "as if it had a log; `abort_when_uncertain`: at the `decision` time-out a participant "
        "aborts without asking.",
        std::span(kMistakes).first<4>()),
};
constexpr OptionField kImplicitYesOptions[] = {
    kRule,
    kAtLeast,
    kAtNoField,
    kResends,
    kDecisionToField,
    choice<O, &O::acks>("acks",
                        "Whether participants force their commit records and acknowledge; without "
                        "acks the coordinator never forgets a commit.",
                        kNoYes),
    kUnaskedField,
    kUncertainField,
    kUndecidedField,
    kDecidedField,
    choice<O, &O::mistake>(
        "mistake",
        "A known-bad variant: `decide_before_force`: the coordinator decides and tells before it "
        "forces its commit record; `abort_on_recovery`: a participant that restarts without a "
        "record aborts alone; `abort_when_uncertain`: at the `decision` time-out a participant "
        "aborts without asking; `ack_before_force`: under `acks: yes` a participant acknowledges a "
        "commit record that it has not forced.",
        kMistakes),
};

constexpr std::array<std::string_view, 4> kTimerNames = {"votes", "decision", "request", "acks"};
constexpr std::array<std::string_view, 4> kTimerDocs = {
    "The coordinator waits for the replies to WORK; then it sends it again or decides.",
    "A participant that has promised, or has restarted, waits for the decision; then it asks, and "
    "waits again.",
    "A participant waits for WORK, from the transaction's beginning (see `unasked`).",
    kAcksTimerDoc,
};

/// `kOwnLog`: participants have logs of their own (implicit yes-vote).
template <int kMax, bool kOwnLog>
class OnePhaseCommit {
  using Mistake = OnePhaseOptions::Mistake;

 public:
  using Work = parts::Work;
  using Done = parts::Done;
  using Decision = parts::Decision;
  using Inquiry = parts::Inquiry;  ///< of a participant that has promised
  struct LogRequest {              ///< of a participant that has restarted without a record
    std::string_view name() const { return "LOG-REQ"; }
    bool operator==(const LogRequest&) const = default;
  };
  using Ack = parts::Ack;
  using Message = Messages<Work, Done, Decision, Inquiry, LogRequest, Ack>;
  enum class Timer : std::uint8_t { votes, decision, request, acks };
  static constexpr std::string_view kStates[] = {"initial",   "collecting", "working", "promised",
                                                 "restarted", "committed",  "aborted"};
  static constexpr auto kTimers =
      std::span<const std::string_view>(kTimerNames).first(kOwnLog ? 4 : 3);
  enum class Record : std::uint8_t { none, committed, aborted, ended };
  using Options = OnePhaseOptions;
  using Set = ProcessSet<kMax>;
  using Env = indoubt::Env<OnePhaseCommit>;
  static constexpr int kLimit = kMax;

  void start(Env& env) {
    if (!env.is_coordinator()) {
      if (env.options().unasked != Unasked::off) env.set_timer(Timer::request);
      return;
    }
    phase_ = Phase::collecting;
    votes_.open(env.participants());
    ask(env);
  }

  // ---- execution: the reply is the vote ---------------------------------------------------------
  void receive(Work, ProcessId from, Env& env) {
    switch (phase_) {
      case Phase::initial:
        phase_ = Phase::working;
        env.cancel_timer(Timer::request);
        return env.prepare();
      case Phase::promised: return env.send(from, Done{true});  // asked again: the same promise
      case Phase::aborted: return env.send(from, Done{false});
      default: return;
    }
  }
  void prepared(bool yes, Env& env) {
    if (phase_ != Phase::working) return;
    env.vote(yes);
    if (!yes) {
      phase_ = Phase::aborted;
      env.decide(Outcome::abort);
      return env.send(kCoordinator, Done{false});
    }
    phase_ = Phase::promised;  // uncertain from here on, and nothing on its own disk says so
    env.send(kCoordinator, Done{true});
    if (env.options().uncertain != Uncertain::off) env.set_timer(Timer::decision);
  }
  void receive(Done done, ProcessId from, Env& env) {
    if (phase_ == Phase::collecting && votes_.count(from, done.yes)) decide_if_settled(false, env);
  }

  // ---- participant: the decision ----------------------------------------------------------------
  void receive(Decision decision, ProcessId from, Env& env) {
    if (outcome() == Outcome::none) learn(decision.outcome, env);
    if (env.options().acks && decision.outcome == Outcome::commit) env.send(from, Ack{});
  }

  // ---- coordinator: questions and the end -------------------------------------------------------
  void receive(Inquiry, ProcessId from, Env& env) { answer(from, env); }
  void receive(LogRequest, ProcessId from, Env& env) {
    // No promise of it has come: its work is lost, and one on its way comes too late.
    if (phase_ == Phase::collecting && votes_.count(from, false)) {
      const Outcome outcome = votes_.settled(env.options(), env.participant_count(), false);
      if (outcome != Outcome::none) settle(outcome, AbortCause::recovery, env);
    }
    if (phase_ == Phase::collecting) restarted_.insert(from);
    answer(from, env);
  }
  void receive(Ack, ProcessId from, Env& env) {
    if (outcome() != Outcome::commit || ended_) return;
    unacknowledged_.erase(from);
    if (unacknowledged_.empty()) end(env);
  }

  void timeout(Timer timer, Env& env) {
    switch (timer) {
      case Timer::votes: return replies_late(env);
      case Timer::decision: return decision_late(env);
      case Timer::request:
        if (phase_ == Phase::initial) learn(Outcome::abort, env, AbortCause::unasked);
        return;
      case Timer::acks:
        if (ended_) return;
        env.send(unacknowledged_, Decision{outcome()});
        return env.set_timer(Timer::acks);
    }
  }

  void recover(Record last, Env& env) {
    if (last == Record::none) return env.is_coordinator() ? start_over(env) : restart(env);
    phase_ = last == Record::aborted ? Phase::aborted : Phase::committed;
    ended_ = last == Record::ended;
    if (!env.is_coordinator() || ended_) return;
    unacknowledged_ = env.participants();
    if (env.options().recover_decided == RecoverDecided::resend) tell(env);
  }

  Outcome outcome() const {
    return phase_ == Phase::committed ? Outcome::commit
           : phase_ == Phase::aborted ? Outcome::abort
                                      : Outcome::none;
  }
  std::string_view state_name() const { return kStates[static_cast<std::size_t>(phase_)]; }
  static std::string_view record_name(Record r) {
    return kRecordNames[static_cast<std::size_t>(r)];
  }
  static ProtocolTraits traits(const Options& o) {
    ProtocolTraits traits = o.traits();
    traits.votes_alone_decide = asks(o.uncertain) || o.uncertain == Uncertain::off;
    traits.asked_directly = false;  // no forced write lies between WORK and DONE
    return traits;
  }
  void exchange(ProcessId a, ProcessId b) {
    votes_.exchange(a, b);
    unacknowledged_.exchange(a, b);
    restarted_.exchange(a, b);
  }
  static std::uint32_t round_timers(const Options& o) {
    return rounds_of(o.uncertain, Timer::decision);
  }
  bool operator==(const OnePhaseCommit&) const = default;

 private:
  enum class Phase : std::uint8_t {
    initial,
    collecting,
    working,
    promised,
    restarted,
    committed,
    aborted
  };
  static constexpr std::string_view kRecordNames[] = {"none", "committed", "aborted", "end"};

  void ask(Env& env) {
    votes_.ask(Work{}, env);
    env.set_timer(Timer::votes);
  }
  void replies_late(Env& env) {
    if (phase_ != Phase::collecting) return;
    if (tries_ < env.options().prepare_resends) {
      ++tries_;
      return ask(env);
    }
    votes_.give_up(env);
    decide_if_settled(true, env);
  }
  void decide_if_settled(bool timed_out, Env& env) {
    const Outcome outcome = votes_.settled(env.options(), env.participant_count(), timed_out);
    if (outcome == Outcome::none) return;
    settle(outcome, votes_.cause(env.options(), env.participant_count()), env);
  }

  /// The coordinator decides, and tells.
  void settle(Outcome outcome, AbortCause cause, Env& env) {
    env.cancel_timer(Timer::votes);
    const bool commit = outcome == Outcome::commit;
    phase_ = commit ? Phase::committed : Phase::aborted;
    const bool early = env.options().mistake == Mistake::decide_before_force;
    if (commit && !early) env.force(Record::committed);
    if (!commit) env.log(Record::aborted);  // without a record it has aborted too
    env.decide(outcome, cause);
    unacknowledged_ = env.participants();
    if (env.options().decision_to == DecisionTo::all_but_no_voters) {
      unacknowledged_ = (unacknowledged_ - votes_.no_voters()) | restarted_;
    }
    tell(env);
    if (commit && early) env.force(Record::committed);
  }
  void tell(Env& env) {
    env.send(unacknowledged_, Decision{outcome()});
    if (!env.options().acks) return;
    if (outcome() == Outcome::abort || unacknowledged_.empty()) return end(env);
    env.set_timer(Timer::acks);
  }
  void end(Env& env) {
    ended_ = 1;
    if (outcome() == Outcome::commit) {
      env.cancel_timer(Timer::acks);
      env.log(Record::ended);
    }
    env.forget();
  }
  void answer(ProcessId to, Env& env) {
    if (ended_) return env.send(to, Decision{Outcome::abort});  // presumed abort
    // Back from a crash, undecided and silent until asked: it cannot have told anybody commit.
    if (env.is_coordinator() && phase_ == Phase::initial) {
      phase_ = Phase::aborted;
      env.log(Record::aborted);
      env.decide(Outcome::abort);
    }
    if (outcome() != Outcome::none) env.send(to, Decision{outcome()});
  }

  /// A participant makes a decision its own.
  void learn(Outcome outcome, Env& env, AbortCause cause = AbortCause::other) {
    env.cancel_timer(Timer::decision);
    env.cancel_timer(Timer::request);
    const bool commit = outcome == Outcome::commit;
    phase_ = commit ? Phase::committed : Phase::aborted;
    const bool forced = env.options().acks && env.options().mistake != Mistake::ack_before_force;
    if (kOwnLog && commit) {
      write(forced ? RecordPolicy::forced : RecordPolicy::unforced, Record::committed, env);
    }
    env.decide(outcome, cause);
  }
  void decision_late(Env& env) {
    if (phase_ == Phase::restarted) return ask_for_log(env);
    if (phase_ != Phase::promised) return;
    const Uncertain uncertain = env.options().mistake == Mistake::abort_when_uncertain
                                    ? Uncertain::abort
                                    : env.options().uncertain;
    switch (uncertain) {
      case Uncertain::off: return;
      case Uncertain::abort: return learn(Outcome::abort, env, AbortCause::termination);
      case Uncertain::commit: return learn(Outcome::commit, env);
      case Uncertain::ask:
      case Uncertain::ask_in_rounds: break;
    }
    env.send(kCoordinator, Inquiry{});
    env.set_timer(Timer::decision);
  }

  /// A coordinator without a record has told nobody commit.
  void start_over(Env& env) {
    if (env.options().recover_undecided == RecoverUndecided::silent) return;
    settle(Outcome::abort, AbortCause::recovery, env);
  }
  /// A participant without a record may have promised.
  void restart(Env& env) {
    if (env.options().mistake == Mistake::abort_on_recovery)
      return learn(Outcome::abort, env, AbortCause::recovery);
    phase_ = Phase::restarted;
    ask_for_log(env);
  }
  void ask_for_log(Env& env) {
    env.send(kCoordinator, LogRequest{});
    env.set_timer(Timer::decision);
  }

  Votes<kMax> votes_;   ///< coordinator
  Set unacknowledged_;  ///< coordinator: told the decision, ack missing
  Set restarted_;       ///< coordinator: have asked for the log before there was a decision
  Phase phase_ = Phase::initial;
  std::uint8_t ended_ = 0;   ///< coordinator: it has forgotten
  std::uint16_t tries_ = 0;  ///< coordinator: WORK sent again so often
};

template <int kMax>
using CoordinatorLog = OnePhaseCommit<kMax, false>;
template <int kMax>
using ImplicitYesVote = OnePhaseCommit<kMax, true>;

Machine make_coordinator_log(const Group& group, std::span<const int> values) {
  return machine_for<CoordinatorLog>(group,
                                     options_from<OnePhaseOptions>(kCoordinatorLogOptions, values));
}
Machine make_implicit_yes(const Group& group, std::span<const int> values) {
  return machine_for<ImplicitYesVote>(group,
                                      options_from<OnePhaseOptions>(kImplicitYesOptions, values));
}

}  // namespace

ProtocolEntry coordinator_log() {
  return {"coordinator-log",
          "One-phase commit in which only the coordinator has a log.",
          "Stamos & Cristian (1990, 1993)",
          kCoordinatorLogOptions,
          CoordinatorLog<32>::kTimers,
          std::span(kTimerDocs).first(3),
          &make_coordinator_log};
}

ProtocolEntry implicit_yes_vote() {
  return {"implicit-yes",
          "One-phase commit: each reply to a work request is a promise to commit.",
          "Al-Houmaily & Chrysanthis (1995)",
          kImplicitYesOptions,
          kTimerNames,
          kTimerDocs,
          &make_implicit_yes};
}

}  // namespace indoubt
