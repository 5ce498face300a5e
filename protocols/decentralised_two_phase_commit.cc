#include "protocols/decentralised_two_phase_commit.h"

#include "protocols/two_phase_parts.h"

namespace indoubt {
namespace {

/// Decentralised two-phase commit: the coordinator's PREPARE, its vote, opens; every participant
/// sends its vote to everyone, and each one decides alone as soon as it has all votes.
///
/// Source: Skeen (SIGMOD 1981); Bernstein, Hadzilacos & Goodman (1987), ch. 7.4; without votes to
/// the coordinator: Coulouris et al., Distributed Systems, exercises; opened by nobody: the vote
/// broadcast of Guerraoui & Wang (PODS 2017).
/// Commit and abort: N messages to open, and N from each participant: N^2 + N, 2 delays. If the
/// coordinator does not receive the votes N^2, and it decides nothing; opened by nobody N (N - 1)
/// among the participants, 1 delay. Forced writes: prepared and commit at each participant, the
/// decision at a coordinator that collects votes. No acks: nobody forgets.
/// Safe whatever crashes, is lost or late; blocking while the vote of a crashed participant has
/// reached nobody who can still be asked.
struct DecentralisedOptions {
  bool votes_to_coordinator = true;
  enum class Opened : std::uint8_t { coordinator, nobody } opened_by = Opened::coordinator;
  std::uint16_t prepare_resends = 0;
  RecordPolicy no_voter_record = RecordPolicy::unforced;
  StartRecord start_record = StartRecord::free;
  Unasked unasked = Unasked::off;
  Uncertain uncertain = Uncertain::ask;
  enum class Undecided : std::uint8_t { ask, silent } recover_undecided = Undecided::ask;
  enum class Mistake : std::uint8_t {
    none,
    vote_not_forced,
    abort_when_uncertain,
    abort_on_vote_timeout
  } mistake = Mistake::none;
};

constexpr std::string_view kOpenedBy[] = {"coordinator", "nobody"};
constexpr std::string_view kAskOrSilent[] = {"ask", "silent"};
constexpr std::string_view kMistakes[] = {"none", "vote_not_forced", "abort_when_uncertain",
                                          "abort_on_vote_timeout"};

using O = DecentralisedOptions;
constexpr OptionField kOptions[] = {
    choice<O, &O::votes_to_coordinator>(
        "votes_to_coordinator",
        "Whether participants send their votes to the coordinator too; if not, it opens and "
        "decides nothing.",
        kNoYes),
    choice<O, &O::opened_by>("opened_by",
                             "Whether the coordinator's PREPARE starts the voting, or participants "
                             "vote at the transaction's beginning without being asked.",
                             kOpenedBy),
    number<O, &O::prepare_resends>("prepare_resends", kPrepareResendsDoc, 0, 10'000),
    choice<O, &O::no_voter_record>("no_voter_record", kNoVoterRecordDoc, kRecordPolicies),
    choice<O, &O::start_record>("start_record", kStartRecordOfOneThatAsksDoc, kStartRecords),
    choice<O, &O::unasked>("unasked", kUnaskedDoc, kUnaskedChoices),
    choice<O, &O::uncertain>("uncertain", kUncertainDoc, kUncertainChoices),
    choice<O, &O::recover_undecided>(
        "recover_undecided",
        "What a coordinator does that recovers without a decision record: participants may have "
        "committed without it, so it must not abort alone, as it does if a forced start record is "
        "missing.",
        kAskOrSilent),
    choice<O, &O::mistake>(
        "mistake",
        "A known-bad variant: `vote_not_forced`: the prepared record is not forced before YES; "
        "`abort_when_uncertain`: at the `decision` time-out a participant aborts without asking; "
        "`abort_on_vote_timeout`: the coordinator aborts at the `votes` time-out without asking.",
        kMistakes),
};

constexpr std::array<std::string_view, 3> kTimerNames = {"votes", "decision", "request"};
constexpr std::array<std::string_view, 3> kTimerDocs = {
    "A coordinator that only collects votes waits for them; then it sends PREPARE again, or asks "
    "everybody, and waits again.",
    "An uncertain participant waits for the others' votes; then it asks everybody, and waits "
    "again.",
    kRequestTimerDoc,
};

template <int kMax>
class DecentralisedTwoPhaseCommit {
  using Mistake = DecentralisedOptions::Mistake;

 public:
  using Prepare = parts::Prepare;
  using Vote = parts::Vote;
  using Decision = parts::Decision;  ///< the answer to an inquiry
  using Inquiry = parts::Inquiry;
  using Message = Messages<Prepare, Vote, Decision, Inquiry>;
  enum class Timer : std::uint8_t { votes, decision, request };
  static constexpr std::string_view kStates[] = {"initial",  "collecting", "preparing",
                                                 "prepared", "committed",  "aborted"};
  static constexpr auto kTimers = std::span<const std::string_view>(kTimerNames);
  enum class Record : std::uint8_t { none, started, prepared, committed, aborted };
  using Options = DecentralisedOptions;
  using Set = ProcessSet<kMax>;
  using Env = indoubt::Env<DecentralisedTwoPhaseCommit>;
  static constexpr int kLimit = kMax;

  void start(Env& env) {
    await_votes(env);
    const bool opened = env.options().opened_by == O::Opened::coordinator;
    if (env.is_participant()) {
      if (!opened) return begin_work(env);
      if (env.options().unasked != Unasked::off) env.set_timer(Timer::request);
      return;
    }
    phase_ = Phase::collecting;
    if (opened) {
      write(env.options().start_record, Record::started, env);
      env.send(env.participants(), Prepare{});
    }
    if (env.options().votes_to_coordinator) env.set_timer(Timer::votes);
  }

  // ---- voting ---------------------------------------------------------------------------------
  void receive(Prepare, ProcessId from, Env& env) {
    switch (phase_) {
      case Phase::initial: return begin_work(env);
      case Phase::prepared: return vote_again(from, true, env);
      case Phase::aborted: return vote_again(from, false, env);
      default: return;
    }
  }
  void prepared(bool yes, Env& env) {
    if (phase_ != Phase::preparing) return;
    if (!yes) {
      phase_ = Phase::aborted;
      env.vote(false);
      write(env.options().no_voter_record, Record::aborted, env);
      env.decide(Outcome::abort, AbortCause::no_vote);
      return env.send(voted_to(env), Vote{false});
    }
    phase_ = Phase::prepared;  // uncertain from here on
    if (env.options().mistake == Mistake::vote_not_forced) {
      env.log(Record::prepared);
    } else {
      env.force(Record::prepared);
    }
    env.vote(true);
    env.send(voted_to(env), Vote{true});
    if (missing_.empty()) return conclude(Outcome::commit, AbortCause::other, env);
    if (env.options().uncertain != Uncertain::off) env.set_timer(Timer::decision);
  }

  // ---- everybody decides alone ----------------------------------------------------------------
  void receive(Vote vote, ProcessId from, Env& env) {
    if (outcome() != Outcome::none) return;
    if (!vote.yes) return conclude(Outcome::abort, AbortCause::no_vote, env);
    missing_.erase(from);
    const bool has_voted = phase_ == Phase::prepared || phase_ == Phase::collecting;
    if (has_voted && missing_.empty()) conclude(Outcome::commit, AbortCause::other, env);
  }

  // ---- somebody is late: answers are decisions and votes ----------------------------------------
  void receive(Inquiry, ProcessId from, Env& env) {
    if (phase_ == Phase::prepared) return env.send(from, Vote{true});
    const bool has_not_voted = phase_ == Phase::initial || phase_ == Phase::preparing;
    if (env.is_participant() && has_not_voted)
      conclude(Outcome::abort, AbortCause::termination, env);
    if (outcome() != Outcome::none) env.send(from, Decision{outcome()});
  }
  void receive(Decision decision, ProcessId, Env& env) {
    if (outcome() == Outcome::none) conclude(decision.outcome, AbortCause::other, env);
  }

  void timeout(Timer timer, Env& env) {
    switch (timer) {
      case Timer::votes: return votes_late(env);
      case Timer::decision: return decision_late(env);
      case Timer::request:
        if (phase_ == Phase::initial) conclude(Outcome::abort, AbortCause::unasked, env);
    }
  }

  void recover(Record last, Env& env) {
    await_votes(env);
    switch (last) {
      case Record::none:
      case Record::started:
        if (env.is_participant()) return conclude(Outcome::abort, AbortCause::recovery, env);
        return recover_undecided(last, env);
      case Record::prepared:
        phase_ = Phase::prepared;
        // Its own vote may never have left, but who has not got it asks.
        if (env.options().uncertain == Uncertain::ask) return decision_late(env);
        if (env.options().uncertain != Uncertain::off) env.set_timer(Timer::decision);
        return;
      case Record::committed: phase_ = Phase::committed; return;
      case Record::aborted: phase_ = Phase::aborted; return;
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
    traits.votes_alone_decide = false;  // late ones ask, and that can bring an abort
    traits.asked_directly = false;
    if (!o.votes_to_coordinator) traits.deciders = Deciders::participants;
    return traits;
  }
  static std::uint32_t round_timers(const Options& o) {
    return rounds_of(o.uncertain, Timer::decision);
  }
  bool operator==(const DecentralisedTwoPhaseCommit&) const = default;

 private:
  enum class Phase : std::uint8_t { initial, collecting, preparing, prepared, committed, aborted };
  static constexpr std::string_view kRecordNames[] = {"none", "started", "prepared", "committed",
                                                      "aborted"};

  void await_votes(Env& env) {
    missing_ = env.participants();
    if (env.is_participant()) missing_.erase(env.self());
  }
  void begin_work(Env& env) {
    phase_ = Phase::preparing;
    env.cancel_timer(Timer::request);
    env.prepare();
  }
  /// Whom this participant sends its vote.
  static Set voted_to(const Env& env) {
    Set all = others(env);
    if (!env.options().votes_to_coordinator) all.erase(kCoordinator);
    return all;
  }
  static void vote_again(ProcessId to, bool yes, Env& env) {
    if (to != kCoordinator || env.options().votes_to_coordinator) env.send(to, Vote{yes});
  }

  void votes_late(Env& env) {
    if (phase_ != Phase::collecting) return;
    if (env.options().mistake == Mistake::abort_on_vote_timeout) {
      return conclude(Outcome::abort, AbortCause::vote_timeout, env);
    }
    if (tries_ == env.options().prepare_resends) return inquire(Timer::votes, env);
    ++tries_;
    env.send(missing_, Prepare{});
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
  void recover_undecided(Record last, Env& env) {
    const StartRecord policy = env.options().start_record;
    const bool opens = env.options().opened_by == O::Opened::coordinator;
    if (last == Record::none && opens && policy == StartRecord::forced)  // PREPARE was never sent
      return conclude(Outcome::abort, AbortCause::recovery, env);
    if (!knows_list(policy, last != Record::none)) return;
    phase_ = Phase::collecting;
    const bool asks = env.options().recover_undecided == O::Undecided::ask;
    if (asks && env.options().votes_to_coordinator) inquire(Timer::votes, env);
  }
  void inquire(Timer again, Env& env) {
    env.send(others(env), Inquiry{});
    env.set_timer(again);
  }
  void conclude(Outcome outcome, AbortCause cause, Env& env) {
    env.cancel_timer(Timer::votes);
    env.cancel_timer(Timer::decision);
    env.cancel_timer(Timer::request);
    const bool commit = outcome == Outcome::commit;
    phase_ = commit ? Phase::committed : Phase::aborted;
    env.force(commit ? Record::committed : Record::aborted);
    env.decide(outcome, cause);
  }

  Set missing_;  ///< whose YES has not come
  Phase phase_ = Phase::initial;
  std::uint8_t spare_ = 0;   ///< no padding: equal values have equal bytes
  std::uint16_t tries_ = 0;  ///< coordinator: PREPARE sent again so often
};

Machine make(const Group& group, std::span<const int> values) {
  return machine_for<DecentralisedTwoPhaseCommit>(
      group, options_from<DecentralisedOptions>(kOptions, values));
}

}  // namespace

ProtocolEntry decentralised_two_phase_commit() {
  return {"2pc-decentralised",
          "Two-phase commit in which everybody votes to everybody and decides alone.",
          "Skeen (1981); Bernstein, Hadzilacos & Goodman (1987), ch. 7.4",
          kOptions,
          kTimerNames,
          kTimerDocs,
          &make};
}

}  // namespace indoubt
