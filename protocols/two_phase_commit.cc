#include "protocols/two_phase_commit.h"

#include "protocols/voting.h"

namespace indoubt {
namespace {

/// Centralised two-phase commit, presumed nothing: acks, inquiry on time-out, recovery from the
/// log.
///
/// Source: Bernstein, Hadzilacos & Goodman (1987), ch. 7.4; acks and the end record as in R*
/// (Mohan, Lindsay & Obermarck 1986).
/// Commit: 4 N messages, coordinator 1 forced and 1 unforced write, each participant 2 forced;
/// decided after 2 delays, learnt after 3, forgotten after 4.
/// Abort with v YES votes (waiting for all): 2 N + 2 v messages.
struct TwoPhaseOptions : VotingOptions {
  DecisionTo decision_to = DecisionTo::all_but_no_voters;
  bool acks = true;
  RecordPolicy no_voter_record = RecordPolicy::unforced;
  RecordPolicy start_record = RecordPolicy::none;
  enum class Unasked : std::uint8_t { off, abort } unasked = Unasked::off;
  enum class Uncertain : std::uint8_t { ask, off, abort, commit } uncertain = Uncertain::ask;
  enum class Undecided : std::uint8_t { abort, silent } recover_undecided = Undecided::abort;
  RecoverDecided recover_decided = RecoverDecided::resend;
};

constexpr std::string_view kUnasked[] = {"off", "abort"};
constexpr std::string_view kUncertain[] = {"ask", "off", "abort", "commit"};
constexpr std::string_view kRecoverUndecided[] = {"abort", "silent"};

using O = TwoPhaseOptions;
constexpr OptionField kOptions[] = {
    choice<O, &O::rule>("decision_rule", "How many YES votes commit needs.", kRules),
    number<O, &O::at_least>("at_least", "YES votes needed under `decision_rule: at-least`.", 1,
                            kMostProcesses - 1),
    choice<O, &O::at_no>("at_no", kAtNoDoc, kAtNo),
    choice<O, &O::asking>("asking", kAskingDoc, kAsking),
    number<O, &O::prepare_resends>("prepare_resends",
                                   "How often PREPARE is sent again to silent participants, each "
                                   "time after one `votes` time-out.",
                                   0, 10'000),
    choice<O, &O::decision_to>("decision_to", "Who is told the decision.", kDecisionTo),
    choice<O, &O::acks>("acks",
                        "Whether participants acknowledge the decision; without acks the "
                        "coordinator never forgets.",
                        kNoYes),
    choice<O, &O::no_voter_record>("no_voter_record",
                                   "How a participant that votes NO writes its abort record.",
                                   kNoVoterRecords),
    choice<O, &O::start_record>(
        "start_record", "How the coordinator writes a start record before PREPARE.", kStartRecords),
    choice<O, &O::unasked>(
        "unasked",
        "What a participant does when PREPARE does not come within the `request` time-out.",
        kUnasked),
    choice<O, &O::uncertain>("uncertain",
                             "What an uncertain participant does when no decision comes within the "
                             "`decision` time-out. `abort` and `commit` are unsafe.",
                             kUncertain),
    choice<O, &O::recover_undecided>(
        "recover_undecided", "What a coordinator does that recovers without a decision record.",
        kRecoverUndecided),
    choice<O, &O::recover_decided>("recover_decided",
                                   "What a coordinator does that recovers with a decision record.",
                                   kRecoverDecided),
};

constexpr std::array<std::string_view, 4> kTimerNames = {"votes", "decision", "acks", "request"};
constexpr std::array<std::string_view, 4> kTimerDocs = {
    "The coordinator waits for votes; then it asks again or decides.",
    "An uncertain participant waits for the decision; then it asks, and waits again.",
    "The coordinator waits for acknowledgements of its decision; then it sends it again.",
    "A participant waits for PREPARE, from the transaction's beginning (see `unasked`).",
};

constexpr std::string_view kRecordNames[] = {"none",    "started", "prepared", "committed",
                                             "aborted", "end",     "end"};

template <int kMax>
class TwoPhaseCommit {
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
  struct Decision {
    Outcome outcome = Outcome::none;
    std::string_view name() const { return outcome == Outcome::commit ? "COMMIT" : "ABORT"; }
    bool operator==(const Decision&) const = default;
  };
  struct Ack {
    std::string_view name() const { return "ACK"; }
    bool operator==(const Ack&) const = default;
  };
  struct Inquiry {
    std::string_view name() const { return "INQUIRY"; }
    bool operator==(const Inquiry&) const = default;
  };
  using Message = Messages<Prepare, Vote, Decision, Ack, Inquiry>;
  enum class Timer : std::uint8_t { votes, decision, acks, request };
  static constexpr auto kTimers = std::span<const std::string_view>(kTimerNames);
  static constexpr auto kRecords = std::span<const std::string_view>(kRecordNames);
  /// The end record says which outcome has ended, so that an inquiry is still answered by it.
  enum class Record : std::uint8_t {
    none,
    started,
    prepared,
    committed,
    aborted,
    ended_commit,
    ended_abort
  };
  using Options = TwoPhaseOptions;
  using Set = ProcessSet<kMax>;
  using Env = indoubt::Env<TwoPhaseCommit>;
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

  // ---- participant: voting ------------------------------------------------------------------
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
    env.force(Record::prepared);
    env.vote(true);
    env.send(kCoordinator, Vote{true});
    if (env.options().uncertain != O::Uncertain::off) env.set_timer(Timer::decision);
  }

  // ---- coordinator: deciding ----------------------------------------------------------------
  void receive(Vote vote, ProcessId from, Env& env) {
    if (phase_ != Phase::voting) return;
    const bool held_up = votes_.holds_up(from, env);
    if (votes_.count(from, vote.yes)) go_on(held_up, false, env);
  }

  // ---- participant: the decision ------------------------------------------------------------
  void receive(Decision decision, ProcessId from, Env& env) {
    if (outcome() == Outcome::none) {  // also one that has not voted follows
      env.cancel_timer(phase_ == Phase::initial ? Timer::request : Timer::decision);
      conclude(decision.outcome, env);
    }
    if (env.options().acks) env.send(from, Ack{});
  }
  void receive(Inquiry, ProcessId from, Env& env) {
    // Back from a crash, undecided and silent until asked: it cannot have told anybody commit.
    if (env.is_coordinator() && phase_ == Phase::initial) {
      unacknowledged_ = env.participants();
      conclude(Outcome::abort, env);
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
      case Timer::request:
        if (phase_ == Phase::initial) conclude(Outcome::abort, env);
    }
  }

  void recover(Record last, Env& env) {
    switch (last) {
      case Record::none:
      case Record::started:
        if (!env.is_coordinator()) return conclude(Outcome::abort, env);
        if (env.options().recover_undecided == O::Undecided::abort) settle(Outcome::abort, env);
        return;
      case Record::prepared:
        phase_ = Phase::prepared;
        if (env.options().uncertain == O::Uncertain::ask) return decision_late(env);
        if (env.options().uncertain != O::Uncertain::off) env.set_timer(Timer::decision);
        return;
      case Record::committed:
      case Record::aborted:
        phase_ = last == Record::committed ? Phase::committed : Phase::aborted;
        if (!env.is_coordinator()) return;
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
  std::string_view state_name() const { return kPhaseNames[static_cast<std::size_t>(phase_)]; }
  static std::string_view record_name(Record r) {
    return kRecordNames[static_cast<std::size_t>(r)];
  }
  static ProtocolTraits traits(const Options& o) {
    ProtocolTraits traits = o.traits();
    const bool waits = o.uncertain == O::Uncertain::ask || o.uncertain == O::Uncertain::off;
    traits.votes_alone_decide = waits && o.unasked == O::Unasked::off;
    return traits;
  }
  void exchange(ProcessId a, ProcessId b) {
    votes_.exchange(a, b);
    unacknowledged_.exchange(a, b);
  }
  bool operator==(const TwoPhaseCommit&) const = default;

 private:
  enum class Phase : std::uint8_t { initial, voting, preparing, prepared, committed, aborted };
  static constexpr std::string_view kPhaseNames[] = {"initial",  "voting",    "preparing",
                                                     "prepared", "committed", "aborted"};

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
    if (outcome != Outcome::none) return settle(outcome, env);
    if (!ask_next) return;
    tries_ = 0;  // the next one has tries of its own
    ask(env);
  }
  void decision_late(Env& env) {
    if (phase_ != Phase::prepared) return;
    switch (env.options().uncertain) {
      case O::Uncertain::off: return;
      case O::Uncertain::abort: return conclude(Outcome::abort, env);
      case O::Uncertain::commit: return conclude(Outcome::commit, env);
      case O::Uncertain::ask:
        env.send(kCoordinator, Inquiry{});
        return env.set_timer(Timer::decision);
    }
  }
  /// Makes a decision this process's own: forced, then effective.
  void conclude(Outcome outcome, Env& env, AbortCause cause = AbortCause::other) {
    const bool commit = outcome == Outcome::commit;
    phase_ = commit ? Phase::committed : Phase::aborted;
    env.force(commit ? Record::committed : Record::aborted);
    env.decide(outcome, cause);
  }
  /// The coordinator decides, and tells.
  void settle(Outcome outcome, Env& env) {
    env.cancel_timer(Timer::votes);
    const bool voting = phase_ == Phase::voting;
    conclude(outcome, env,
             voting ? votes_.cause(env.options(), env.processes() - 1) : AbortCause::other);
    unacknowledged_ = env.participants();
    if (env.options().decision_to == DecisionTo::all_but_no_voters) {
      unacknowledged_ = unacknowledged_ - votes_.no_voters();
    }
    tell(env);
  }
  void tell(Env& env) {
    env.send(unacknowledged_, Decision{outcome()});
    if (!env.options().acks) return;
    if (unacknowledged_.empty()) return end(env);
    env.set_timer(Timer::acks);
  }
  void end(Env& env) {
    ended_ = 1;
    env.cancel_timer(Timer::acks);
    env.log(outcome() == Outcome::commit ? Record::ended_commit : Record::ended_abort);
    env.forget();
  }

  Votes<kMax> votes_;   ///< coordinator
  Set unacknowledged_;  ///< coordinator: told the decision, ack missing
  Phase phase_ = Phase::initial;
  std::uint8_t ended_ = 0;   ///< coordinator: every ack is in
  std::uint16_t tries_ = 0;  ///< coordinator: PREPARE sent again so often
};

Machine make(const Group& group, std::span<const int> values) {
  const auto options = options_from<TwoPhaseOptions>(kOptions, values);
  Machine machine = machine_for<TwoPhaseCommit>(group, options);
  // Asked in the order of their numbers, participants are not alike.
  if (options.asking == O::Asking::one_by_one) machine.exchange = nullptr;
  return machine;
}

}  // namespace

ProtocolEntry two_phase_commit() {
  return {"2pc",
          "Two-phase commit, presumed nothing.",
          "Bernstein, Hadzilacos & Goodman (1987), ch. 7.4",
          kOptions,
          kTimerNames,
          kTimerDocs,
          &make};
}

}  // namespace indoubt
