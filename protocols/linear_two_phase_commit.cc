#include "protocols/linear_two_phase_commit.h"

#include "protocols/two_phase_parts.h"

namespace indoubt {
namespace {

/// Linear (nested) two-phase commit: coordinator 0 and participants 1 .. N form a chain. PREPARE
/// goes to participant 1; each participant forces its vote and passes YES on to its right; the last
/// one decides, and the decision travels back from right to left.
///
/// Source: Gray, "Notes on data base operating systems" (1978); Bernstein, Hadzilacos & Goodman
/// (1987), ch. 7.4.
/// Commit: 2 N messages and 2 N delays until the coordinator knows; with acks, one more message for
/// each link. Forced writes: prepared and commit at each participant but the last, which forces its
/// commit record alone; the coordinator its decision.
/// Abort by participant k: it tells both sides at once, N + k messages; or, as in the book, NO
/// passes on to the last one, which decides: 2 N (`at_no`).
/// Safe whatever crashes, is lost or late. Blocking: those on the left of a crashed participant
/// wait for it unless somebody reachable knows the decision or has not voted. A coordinator that
/// has sent PREPARE is as uncertain as a YES voter: it asks and never aborts alone.
struct LinearOptions {
  enum class AtNo : std::uint8_t { decide, wait } at_no = AtNo::decide;
  std::uint16_t prepare_resends = 0;
  bool acks = false;
  RecordPolicy no_voter_record = RecordPolicy::unforced;
  StartRecord start_record = StartRecord::free;
  Unasked unasked = Unasked::off;
  Uncertain uncertain = Uncertain::ask;
  enum class Undecided : std::uint8_t { ask, silent } recover_undecided = Undecided::ask;
  RecoverDecided recover_decided = RecoverDecided::resend;
  enum class Mistake : std::uint8_t {
    none,
    vote_not_forced,
    decide_before_force,
    abort_when_uncertain
  } mistake = Mistake::none;
};

constexpr std::string_view kLinearRecoverUndecided[] = {"ask", "silent"};
constexpr std::string_view kMistakes[] = {"none", "vote_not_forced", "decide_before_force",
                                          "abort_when_uncertain"};

using O = LinearOptions;
constexpr OptionField kOptions[] = {
    choice<O, &O::at_no>(
        "at_no",
        "At a NO: decide abort at once and tell both sides, or pass the NO on and wait for the "
        "decision of the last participant, as in the book.",
        kAtNo),
    number<O, &O::prepare_resends>(
        "prepare_resends",
        "How often PREPARE is sent again, each time after one `votes` time-out; the votes that "
        "were given are then passed on again.",
        0, 10'000),
    choice<O, &O::acks>("acks",
                        "Whether each process acknowledges the decision to the neighbour that "
                        "passed it on; without acks nobody forgets.",
                        kNoYes),
    choice<O, &O::no_voter_record>("no_voter_record", kNoVoterRecordDoc, kRecordPolicies),
    choice<O, &O::start_record>("start_record", kStartRecordOfOneThatAsksDoc, kStartRecords),
    choice<O, &O::unasked>("unasked", kUnaskedDoc, kUnaskedChoices),
    choice<O, &O::uncertain>("uncertain", kUncertainDoc, kUncertainChoices),
    choice<O, &O::recover_undecided>(
        "recover_undecided",
        "What a coordinator does that recovers without a decision record: it may have sent PREPARE "
        "and must not abort alone, as it does if a forced start record is missing.",
        kLinearRecoverUndecided),
    choice<O, &O::recover_decided>(
        "recover_decided",
        "What a process does that recovers with a decision record: tell its neighbour again, or "
        "wait to be asked.",
        kRecoverDecided),
    choice<O, &O::mistake>(
        "mistake",
        "A known-bad variant: `vote_not_forced`: the prepared record is not forced before YES; "
        "`decide_before_force`: the last participant decides and tells before it forces its commit "
        "record; `abort_when_uncertain`: at the `decision` time-out a participant aborts without "
        "asking.",
        kMistakes),
};

constexpr std::array<std::string_view, 4> kTimerNames = {"votes", "decision", "acks", "request"};
constexpr std::array<std::string_view, 4> kTimerDocs = {
    "The coordinator of a chain waits for the decision to come back; then it sends PREPARE again, "
    "or asks everybody, and waits again.",
    "An uncertain participant waits for the decision; then it asks everybody, and waits again.",
    "A process of a chain waits for its neighbours' acknowledgements; then it tells them again.",
    "A participant waits for its left neighbour, from the transaction's beginning (see `unasked`).",
};

template <int kMax>
class LinearTwoPhaseCommit {
  using Mistake = LinearOptions::Mistake;

 public:
  using Prepare = parts::Prepare;  ///< coordinator to participant 1
  using Vote = parts::Vote;        ///< participant k to k + 1: all up to k have voted YES, or not
  struct Decision {
    Outcome outcome = Outcome::none;
    AbortCause cause = AbortCause::other;  ///< so that the coordinator can say why
    std::string_view name() const { return outcome == Outcome::commit ? "COMMIT" : "ABORT"; }
    bool operator==(const Decision&) const = default;
  };
  using Ack = parts::Ack;
  using Inquiry = parts::Inquiry;
  using Message = Messages<Prepare, Vote, Decision, Ack, Inquiry>;
  enum class Timer : std::uint8_t { votes, decision, acks, request };
  static constexpr std::string_view kStates[] = {"initial",  "waiting",   "preparing",
                                                 "prepared", "committed", "aborted"};
  static constexpr auto kTimers = std::span<const std::string_view>(kTimerNames);
  enum class Record : std::uint8_t {
    none,
    started,
    prepared,
    committed,
    aborted,
    ended_commit,
    ended_abort
  };
  using Options = LinearOptions;
  using Set = ProcessSet<kMax>;
  using Env = indoubt::Env<LinearTwoPhaseCommit>;
  static constexpr int kLimit = kMax;

  void start(Env& env) {
    if (!env.is_coordinator()) {
      if (env.options().unasked != Unasked::off) env.set_timer(Timer::request);
      return;
    }
    phase_ = Phase::waiting;
    write(env.options().start_record, Record::started, env);
    env.send(right(env), Prepare{});
    env.set_timer(Timer::votes);
  }

  // ---- votes travel to the right --------------------------------------------------------------
  void receive(Prepare, ProcessId from, Env& env) { asked(from, env); }
  void receive(Vote vote, ProcessId from, Env& env) {
    if (vote.yes) return asked(from, env);
    if (outcome() != Outcome::none) return env.send(from, Decision{outcome()});
    quiet(env);  // someone on the left has voted NO: nothing is left to vote on
    conclude(Outcome::abort, AbortCause::no_vote, env);
    pass_no(env);
  }
  void prepared(bool yes, Env& env) {
    if (phase_ != Phase::preparing) return;
    if (!yes) return refuse(env);
    if (is_last(env)) return decide_commit(env);
    phase_ = Phase::prepared;  // uncertain from here on
    if (env.options().mistake == Mistake::vote_not_forced) {
      env.log(Record::prepared);
    } else {
      env.force(Record::prepared);
    }
    env.vote(true);
    env.send(right(env), Vote{true});
    if (env.options().uncertain != Uncertain::off) env.set_timer(Timer::decision);
  }

  // ---- the decision travels back --------------------------------------------------------------
  void receive(Decision decision, ProcessId from, Env& env) {
    const bool news = outcome() == Outcome::none;
    if (news) {
      quiet(env);
      conclude(decision.outcome, decision.cause, env);
    }
    const bool from_right = from == env.self() + 1, from_left = from + 1 == env.self();
    if (from_right && !passed_left_) {
      tell(kLeft, env);
    } else if (from_left && news) {
      tell(kRight, env);
    }
    if (env.options().acks && (from_left || from_right)) env.send(from, Ack{});
  }
  void receive(Ack, ProcessId from, Env& env) {
    if (unacknowledged_ == 0) return;
    unacknowledged_ &= static_cast<std::uint8_t>(~(from < env.self() ? kLeft : kRight));
    if (unacknowledged_ == 0) end(env);
  }

  // ---- somebody is late: whoever knows the decision tells, whoever has not voted aborts ---------
  void receive(Inquiry, ProcessId from, Env& env) {
    if (phase_ == Phase::preparing || (phase_ == Phase::initial && !env.is_coordinator())) {
      quiet(env);
      conclude(Outcome::abort, AbortCause::termination, env);
    }
    if (outcome() != Outcome::none) env.send(from, Decision{outcome()});
  }

  void timeout(Timer timer, Env& env) {
    switch (timer) {
      case Timer::votes: return chain_late(env);
      case Timer::decision: return decision_late(env);
      case Timer::acks:
        if (unacknowledged_ == 0) return;
        return tell(unacknowledged_, env);
      case Timer::request:
        if (phase_ == Phase::initial) conclude(Outcome::abort, AbortCause::unasked, env);
    }
  }

  void recover(Record last, Env& env) {
    switch (last) {
      case Record::none:
        if (!env.is_coordinator()) return conclude(Outcome::abort, AbortCause::recovery, env);
        if (env.options().start_record == StartRecord::forced)  // so PREPARE was never sent
          return conclude(Outcome::abort, AbortCause::recovery, env);
        if (!knows_list(env.options().start_record, false)) return;
        [[fallthrough]];
      case Record::started:
        phase_ = Phase::waiting;
        if (env.options().recover_undecided == O::Undecided::ask) inquire(Timer::votes, env);
        return;
      case Record::prepared:
        phase_ = Phase::prepared;
        if (env.options().uncertain == Uncertain::ask) return decision_late(env);
        if (env.options().uncertain != Uncertain::off) env.set_timer(Timer::decision);
        return;
      case Record::committed:
      case Record::aborted:
        phase_ = last == Record::committed ? Phase::committed : Phase::aborted;
        if (env.options().recover_decided == RecoverDecided::silent) return;
        return tell(last == Record::committed ? kLeft : kLeft | kRight, env);
      case Record::ended_commit:
      case Record::ended_abort:
        phase_ = last == Record::ended_commit ? Phase::committed : Phase::aborted;
        passed_left_ = 1;
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
    ProtocolTraits traits;
    traits.prepare_tries = o.prepare_resends + 1;
    traits.one_by_one = true;
    traits.votes_alone_decide = false;  // late, the coordinator asks, and that can bring an abort
    traits.asked_directly = false;
    return traits;
  }
  static std::uint32_t round_timers(const Options& o) {
    return rounds_of(o.uncertain, Timer::decision);
  }
  bool operator==(const LinearTwoPhaseCommit&) const = default;

 private:
  enum class Phase : std::uint8_t { initial, waiting, preparing, prepared, committed, aborted };
  static constexpr std::string_view kRecordNames[] = {"none",    "started", "prepared", "committed",
                                                      "aborted", "end",     "end"};
  static constexpr std::uint8_t kLeft = 1, kRight = 2;  ///< neighbours, as bits

  static ProcessId left(const Env& env) { return static_cast<ProcessId>(env.self() - 1); }
  static ProcessId right(const Env& env) { return static_cast<ProcessId>(env.self() + 1); }
  static bool is_last(const Env& env) { return env.self() == env.participant_count(); }

  /// Everybody on the left has voted YES.
  void asked(ProcessId from, Env& env) {
    switch (phase_) {
      case Phase::initial:
        phase_ = Phase::preparing;
        env.cancel_timer(Timer::request);
        return env.prepare();
      case Phase::prepared: return env.send(right(env), Vote{true});  // asked again: the same vote
      case Phase::committed:
      case Phase::aborted: return env.send(from, Decision{outcome()});
      default: return;
    }
  }
  void refuse(Env& env) {
    phase_ = Phase::aborted;
    env.vote(false);
    write(env.options().no_voter_record, Record::aborted, env);
    env.decide(Outcome::abort, AbortCause::no_vote);
    cause_ = AbortCause::no_vote;
    pass_no(env);
  }
  /// Aborted by a NO: the decision for both sides, or for the last participant to take.
  void pass_no(Env& env) {
    if (env.options().at_no == O::AtNo::decide) return tell(kLeft | kRight, env);
    if (is_last(env)) return tell(kLeft, env);
    env.send(right(env), Vote{false});
  }
  /// The last participant: its YES makes all of them complete.
  void decide_commit(Env& env) {
    phase_ = Phase::committed;
    const bool early = env.options().mistake == Mistake::decide_before_force;
    if (!early) env.force(Record::committed);
    env.vote(true);
    env.decide(Outcome::commit);
    tell(kLeft, env);
    if (early) env.force(Record::committed);
  }

  void chain_late(Env& env) {
    if (phase_ != Phase::waiting) return;
    if (tries_ == env.options().prepare_resends) return inquire(Timer::votes, env);
    ++tries_;
    env.send(right(env), Prepare{});
    env.set_timer(Timer::votes);
  }
  void decision_late(Env& env) {
    if (phase_ != Phase::prepared) return;
    const Uncertain uncertain = env.options().mistake == Mistake::abort_when_uncertain
                                    ? Uncertain::abort
                                    : env.options().uncertain;
    switch (uncertain) {
      case Uncertain::off: return;
      case Uncertain::abort: return conclude(Outcome::abort, AbortCause::termination, env);
      case Uncertain::commit: return conclude(Outcome::commit, AbortCause::other, env);
      case Uncertain::ask:
      case Uncertain::ask_in_rounds: return inquire(Timer::decision, env);
    }
  }
  void inquire(Timer again, Env& env) {
    env.send(others(env), Inquiry{});
    env.set_timer(again);
  }

  void quiet(Env& env) {
    env.cancel_timer(Timer::votes);
    env.cancel_timer(Timer::decision);
    env.cancel_timer(Timer::request);
  }
  void conclude(Outcome outcome, AbortCause cause, Env& env) {
    const bool commit = outcome == Outcome::commit;
    phase_ = commit ? Phase::committed : Phase::aborted;
    cause_ = cause;
    env.force(commit ? Record::committed : Record::aborted);
    env.decide(outcome, cause);
  }
  /// Passes the decision on to the neighbours of these sides that exist.
  void tell(int sides, Env& env) {
    if (env.is_coordinator()) sides &= kRight;
    if (is_last(env)) sides &= kLeft;
    if ((sides & kLeft) != 0) {
      passed_left_ = 1;
      env.send(left(env), Decision{outcome(), cause_});
    }
    if ((sides & kRight) != 0) env.send(right(env), Decision{outcome(), cause_});
    if (!env.options().acks) return;
    unacknowledged_ |= static_cast<std::uint8_t>(sides);
    if (unacknowledged_ == 0) return end(env);
    env.set_timer(Timer::acks);
  }
  void end(Env& env) {
    passed_left_ = 1;  // nobody is told after this
    env.cancel_timer(Timer::acks);
    env.log(outcome() == Outcome::commit ? Record::ended_commit : Record::ended_abort);
    env.forget();
  }

  Phase phase_ = Phase::initial;
  AbortCause cause_ = AbortCause::other;
  std::uint8_t unacknowledged_ = 0;  ///< neighbours that were told, ack missing
  std::uint8_t passed_left_ = 0;     ///< the decision was passed on to the left
  std::uint16_t tries_ = 0;          ///< coordinator: PREPARE sent again so often
};

Machine make(const Group& group, std::span<const int> values) {
  return machine_for<LinearTwoPhaseCommit>(group, options_from<LinearOptions>(kOptions, values));
}

}  // namespace

ProtocolEntry linear_two_phase_commit() {
  return {"2pc-linear",
          "Two-phase commit along a chain; the last participant decides.",
          "Gray (1978); Bernstein, Hadzilacos & Goodman (1987), ch. 7.4",
          kOptions,
          kTimerNames,
          kTimerDocs,
          &make};
}

}  // namespace indoubt
