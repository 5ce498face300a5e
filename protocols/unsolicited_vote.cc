#include "protocols/unsolicited_vote.h"

#include "protocols/two_phase_parts.h"

namespace indoubt {
namespace {

/// Two-phase commit without a voting request: a participant prepares after its last operation and
/// sends its vote without being asked.
///
/// `form: unsolicited`, presumed nothing. Source: Stonebraker, "Concurrency control and consistency
/// of multiple copies of data in distributed INGRES" (1979); counts as in Gray & Lamport (2006).
/// Participants prepare at the transaction's beginning. Commit: 2 N messages without final acks
/// (3 N with), learnt after 2 delays; forced writes as in 2PC.
///
/// `form: early-prepare`. Source: Stamos & Cristian (SRDS 1990; DAPD 1993), section 2. The
/// coordinator forces the participant list and sends WORK; the reply DONE carries the vote, and the
/// prepared record was forced before it. Presumed commit: no ack of COMMIT, ABORT until
/// acknowledged, and what is not remembered has committed. Commit messages: N, 1 delay after the
/// last DONE; execution: 2 N. Forced writes: the list and commit at the coordinator, prepared at
/// each participant, whose commit record is not forced.
///
/// Safe whatever crashes, is lost or late; blocking like 2PC.
struct UnsolicitedOptions : VotingOptions {
  enum class Form : std::uint8_t { unsolicited, early_prepare } form = Form::unsolicited;
  DecisionTo decision_to = DecisionTo::all_but_no_voters;
  bool acks = true;
  RecordPolicy no_voter_record = RecordPolicy::unforced;
  Uncertain uncertain = Uncertain::ask;
  RecoverUndecided recover_undecided = RecoverUndecided::abort;
  RecoverDecided recover_decided = RecoverDecided::resend;
  enum class Mistake : std::uint8_t {
    none,
    vote_not_forced,
    abort_when_uncertain,
    forget_abort_early
  } mistake = Mistake::none;
};

constexpr std::string_view kForms[] = {"unsolicited", "early-prepare"};
constexpr std::string_view kMistakes[] = {"none", "vote_not_forced", "abort_when_uncertain",
                                          "forget_abort_early"};

using O = UnsolicitedOptions;
constexpr OptionField kOptions[] = {
    choice<O, &O::form>(
        "form",
        "`unsolicited`: participants vote at the transaction's beginning, presumed nothing; "
        "`early-prepare`: the coordinator forces the participant list and sends WORK, whose reply "
        "DONE carries the vote, presumed commit.",
        kForms),
    choice<O, &O::rule>("decision_rule", "How many YES votes commit needs.", kRules),
    number<O, &O::at_least>("at_least", "YES votes needed under `decision_rule: at-least`.", 1,
                            kMostProcesses - 1),
    choice<O, &O::at_no>("at_no",
                         "At a NO that settles the outcome: decide at once, or wait for all votes "
                         "or for a time-out.",
                         kAtNo),
    number<O, &O::prepare_resends>(
        "prepare_resends",
        "How often silent participants are asked for their votes, with PREPARE, or with WORK again "
        "under `form: early-prepare`, each time after one `votes` time-out.",
        0, 10'000),
    choice<O, &O::decision_to>("decision_to", kDecisionToDoc, kDecisionTo),
    choice<O, &O::acks>(
        "acks",
        "Whether participants acknowledge the decision; without acks the coordinator never "
        "forgets. Under `form: early-prepare` they acknowledge ABORT in any case and COMMIT never.",
        kNoYes),
    choice<O, &O::no_voter_record>("no_voter_record", kNoVoterRecordDoc, kRecordPolicies),
    choice<O, &O::uncertain>("uncertain", kUncertainDoc, kUncertainChoices),
    choice<O, &O::recover_undecided>("recover_undecided", kRecoverUndecidedDoc, kRecoverUndecided),
    choice<O, &O::recover_decided>("recover_decided", kRecoverDecidedDoc, kRecoverDecided),
    choice<O, &O::mistake>(
        "mistake",
        "A known-bad variant: `vote_not_forced`: the prepared record is not forced before the "
        "vote; `abort_when_uncertain`: at the `decision` time-out a participant aborts without "
        "asking; `forget_abort_early`: under `form: early-prepare` the coordinator forgets an "
        "aborted transaction before all have acknowledged.",
        kMistakes),
};

constexpr std::array<std::string_view, 3> kTimerNames = {"votes", "decision", "acks"};
constexpr std::array<std::string_view, 3> kTimerDocs = {
    "The coordinator waits for votes; then it asks for them or decides.",
    kDecisionTimerDoc,
    kAcksTimerDoc,
};

template <int kMax>
class UnsolicitedVote {
  using Mistake = UnsolicitedOptions::Mistake;

 public:
  using Prepare = parts::Prepare;
  using Vote = parts::Vote;
  using Work = parts::Work;
  using Done = parts::Done;
  using Decision = parts::Decision;
  using Ack = parts::Ack;
  using Inquiry = parts::Inquiry;
  using Message = Messages<Prepare, Vote, Work, Done, Decision, Ack, Inquiry>;
  enum class Timer : std::uint8_t { votes, decision, acks };
  static constexpr std::string_view kStates[] = {"initial",  "voting",    "preparing",
                                                 "prepared", "committed", "aborted"};
  static constexpr auto kTimers = std::span<const std::string_view>(kTimerNames);
  enum class Record : std::uint8_t {
    none,
    started,  ///< the participant list
    prepared,
    committed,
    aborted,
    ended_commit,
    ended_abort
  };
  using Options = UnsolicitedOptions;
  using Set = ProcessSet<kMax>;
  using Env = indoubt::Env<UnsolicitedVote>;
  static constexpr int kLimit = kMax;

  void start(Env& env) {
    if (!env.is_coordinator()) {
      if (!early_prepare(env)) begin_work(env);
      return;
    }
    phase_ = Phase::voting;
    votes_.open(env.participants());
    if (early_prepare(env)) {
      env.force(Record::started);  // or a participant might be prepared and unknown
      votes_.ask(Work{}, env);
    }
    env.set_timer(Timer::votes);
  }

  // ---- participant: voting ------------------------------------------------------------------
  void receive(Prepare, ProcessId, Env& env) { asked(env); }
  void receive(Work, ProcessId, Env& env) { asked(env); }
  void prepared(bool yes, Env& env) {
    if (phase_ != Phase::preparing) return;
    if (!yes) {
      phase_ = Phase::aborted;
      env.vote(false);
      write(env.options().no_voter_record, Record::aborted, env);
      env.decide(Outcome::abort);
      return send_vote(false, env);
    }
    phase_ = Phase::prepared;  // uncertain from here on
    if (env.options().mistake == Mistake::vote_not_forced) {
      env.log(Record::prepared);
    } else {
      env.force(Record::prepared);
    }
    env.vote(true);
    send_vote(true, env);
    if (env.options().uncertain != Uncertain::off) env.set_timer(Timer::decision);
  }

  // ---- coordinator: deciding ----------------------------------------------------------------
  void receive(Vote vote, ProcessId from, Env& env) { count(vote.yes, from, env); }
  void receive(Done done, ProcessId from, Env& env) { count(done.yes, from, env); }

  // ---- participant: the decision ------------------------------------------------------------
  void receive(Decision decision, ProcessId from, Env& env) {
    if (outcome() == Outcome::none) {
      env.cancel_timer(Timer::decision);
      conclude(decision.outcome, env);
    }
    if (acknowledged(decision.outcome, env)) env.send(from, Ack{});
  }
  void receive(Inquiry, ProcessId from, Env& env) {
    // Of what it has forgotten, a coordinator that presumes commit knows nothing else.
    if (ended_ && early_prepare(env)) return env.send(from, Decision{Outcome::commit});
    // Back from a crash, undecided and silent until asked: it cannot have told anybody commit.
    if (env.is_coordinator() && phase_ == Phase::initial) {
      unacknowledged_ = env.participants();
      conclude(Outcome::abort, env, AbortCause::recovery);
    }
    if (outcome() != Outcome::none) env.send(from, Decision{outcome()});
  }

  // ---- coordinator: the end -----------------------------------------------------------------
  void receive(Ack, ProcessId from, Env& env) {
    if (outcome() == Outcome::none || ended_) return;
    unacknowledged_.erase(from);
    if (unacknowledged_.empty()) end(env);
  }

  void timeout(Timer timer, Env& env) {
    switch (timer) {
      case Timer::votes: return votes_late(env);
      case Timer::decision: return decision_late(env);
      case Timer::acks:
        if (ended_) return;
        env.send(unacknowledged_, Decision{outcome()});
        return env.set_timer(Timer::acks);
    }
  }

  void recover(Record last, Env& env) {
    switch (last) {
      case Record::none:
        if (!env.is_coordinator()) return conclude(Outcome::abort, env, AbortCause::recovery);
        if (early_prepare(env)) {  // it never began, or was forgotten: presumed commit
          ended_ = 1;
          return;
        }
        [[fallthrough]];
      case Record::started:
        if (env.options().recover_undecided == RecoverUndecided::abort) {
          settle(Outcome::abort, env);
        }
        return;
      case Record::prepared:
        phase_ = Phase::prepared;
        if (env.options().uncertain == Uncertain::ask) return decision_late(env);
        if (env.options().uncertain != Uncertain::off) env.set_timer(Timer::decision);
        return;
      case Record::committed:
      case Record::aborted:
        phase_ = last == Record::committed ? Phase::committed : Phase::aborted;
        if (!env.is_coordinator()) return;
        if (early_prepare(env) && outcome() == Outcome::commit) return end(env);
        unacknowledged_ = env.participants();
        if (env.options().recover_decided == RecoverDecided::resend) tell(env);
        return;
      case Record::ended_commit:
      case Record::ended_abort:
        phase_ = last == Record::ended_commit ? Phase::committed : Phase::aborted;
        ended_ = 1;
    }
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
    traits.asked_directly = o.form == O::Form::early_prepare;
    return traits;
  }
  void exchange(ProcessId a, ProcessId b) {
    votes_.exchange(a, b);
    unacknowledged_.exchange(a, b);
  }
  static std::uint32_t round_timers(const Options& o) {
    return rounds_of(o.uncertain, Timer::decision);
  }
  bool operator==(const UnsolicitedVote&) const = default;

 private:
  enum class Phase : std::uint8_t { initial, voting, preparing, prepared, committed, aborted };
  static constexpr std::string_view kRecordNames[] = {"none",    "started", "prepared", "committed",
                                                      "aborted", "end",     "end"};

  static bool early_prepare(const Env& env) { return env.options().form == O::Form::early_prepare; }
  /// Which decisions participants acknowledge.
  static bool acknowledged(Outcome outcome, const Env& env) {
    return early_prepare(env) ? outcome == Outcome::abort : env.options().acks;
  }

  void begin_work(Env& env) {
    phase_ = Phase::preparing;
    env.prepare();
  }
  void asked(Env& env) {
    switch (phase_) {
      case Phase::initial: return begin_work(env);
      case Phase::prepared: return send_vote(true, env);  // the same vote again
      case Phase::aborted: return send_vote(false, env);
      default: return;
    }
  }
  void send_vote(bool yes, Env& env) {
    if (early_prepare(env)) return env.send(kCoordinator, Done{yes});
    env.send(kCoordinator, Vote{yes});
  }

  void count(bool yes, ProcessId from, Env& env) {
    if (phase_ != Phase::voting || !votes_.count(from, yes)) return;
    decide_if_settled(false, env);
  }
  void votes_late(Env& env) {
    if (phase_ != Phase::voting) return;
    if (tries_ == env.options().prepare_resends) {
      votes_.give_up(env);
      return decide_if_settled(true, env);
    }
    ++tries_;
    early_prepare(env) ? votes_.ask(Work{}, env) : votes_.ask(Prepare{}, env);
    env.set_timer(Timer::votes);
  }
  void decide_if_settled(bool timed_out, Env& env) {
    const Outcome outcome = votes_.settled(env.options(), env.participant_count(), timed_out);
    if (outcome != Outcome::none) settle(outcome, env);
  }
  void decision_late(Env& env) {
    if (phase_ != Phase::prepared) return;
    const Uncertain uncertain = env.options().mistake == Mistake::abort_when_uncertain
                                    ? Uncertain::abort
                                    : env.options().uncertain;
    switch (uncertain) {
      case Uncertain::off: return;
      case Uncertain::abort: return conclude(Outcome::abort, env, AbortCause::termination);
      case Uncertain::commit: return conclude(Outcome::commit, env);
      case Uncertain::ask:
      case Uncertain::ask_in_rounds: break;
    }
    env.send(kCoordinator, Inquiry{});
    env.set_timer(Timer::decision);
  }
  /// Makes a decision this process's own. Presumed commit leaves two records unforced: the
  /// participant's commit, and the coordinator's abort, which the list alone implies.
  void conclude(Outcome outcome, Env& env, AbortCause cause = AbortCause::other) {
    const bool commit = outcome == Outcome::commit;
    phase_ = commit ? Phase::committed : Phase::aborted;
    const bool lazy = early_prepare(env) && commit != env.is_coordinator();
    const Record record = commit ? Record::committed : Record::aborted;
    lazy ? env.log(record) : env.force(record);
    env.decide(outcome, cause);
  }
  /// The coordinator decides, and tells.
  void settle(Outcome outcome, Env& env) {
    env.cancel_timer(Timer::votes);
    const bool voting = phase_ == Phase::voting;
    conclude(outcome, env,
             voting ? votes_.cause(env.options(), env.participant_count()) : AbortCause::recovery);
    unacknowledged_ = env.participants();
    if (env.options().decision_to == DecisionTo::all_but_no_voters) {
      unacknowledged_ = unacknowledged_ - votes_.no_voters();
    }
    tell(env);
  }
  void tell(Env& env) {
    env.send(unacknowledged_, Decision{outcome()});
    const bool early = env.options().mistake == Mistake::forget_abort_early;
    if (early_prepare(env) && (early || outcome() == Outcome::commit)) return end(env);
    if (!acknowledged(outcome(), env)) return;
    if (unacknowledged_.empty()) return end(env);
    env.set_timer(Timer::acks);
  }
  /// Presumed commit needs no end record for a commit: the answer is the same without one.
  void end(Env& env) {
    ended_ = 1;
    env.cancel_timer(Timer::acks);
    const bool commit = outcome() == Outcome::commit;
    if (!commit || !early_prepare(env)) {
      env.log(commit ? Record::ended_commit : Record::ended_abort);
    }
    env.forget();
  }

  Votes<kMax> votes_;   ///< coordinator
  Set unacknowledged_;  ///< coordinator: told the decision, ack missing
  Phase phase_ = Phase::initial;
  std::uint8_t ended_ = 0;   ///< coordinator: it has forgotten
  std::uint16_t tries_ = 0;  ///< coordinator: asked for votes so often
};

Machine make(const Group& group, std::span<const int> values) {
  return machine_for<UnsolicitedVote>(group, options_from<UnsolicitedOptions>(kOptions, values));
}

}  // namespace

ProtocolEntry unsolicited_vote() {
  return {"2pc-unsolicited",
          "Two-phase commit whose participants vote without being asked; or early prepare.",
          "Stonebraker (1979); Gray & Lamport (2006); Stamos & Cristian (1990)",
          kOptions,
          kTimerNames,
          kTimerDocs,
          &make};
}

}  // namespace indoubt
