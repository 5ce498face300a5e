#pragma once
// Two-phase commit, whatever it presumes.
#include "protocols/catalogue.h"
#include "protocols/two_phase_options.h"

namespace indoubt {

/// Centralised two-phase commit: acks, inquiry on time-out, recovery from the log, read-only
/// participants. `Presumes` says which records and acks an outcome needs, and what is answered
/// about a transaction without a record (presumption.h); nothing else differs.
///
/// Source: Bernstein, Hadzilacos & Goodman (1987), ch. 7.4, cooperative termination included;
/// read-only votes, acks and the end record as in R* (Mohan, Lindsay & Obermarck 1986).
/// A participant that comes back without a record aborts. Where participants may vote READ it may
/// have done so before, and the others may have committed: it then tells no other participant.
/// One phase: a single participant decides on its own; the coordinator, having written nothing, can
/// never decide alone. It asks, and a participant that has not voted when it is asked aborts.
template <int kMax, class Presumes>
class TwoPhase {
  using O = TwoPhaseOptions;
  using Mistake = O::Mistake;

 public:
  struct Prepare {
    std::string_view name() const { return "PREPARE"; }
    bool operator==(const Prepare&) const = default;
  };
  struct Vote {
    LocalVote vote = LocalVote::no;
    std::string_view name() const { return indoubt::name(vote); }
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
  /// Prepare and decide.
  struct OnePhase {
    std::string_view name() const { return "ONE-PHASE"; }
    bool operator==(const OnePhase&) const = default;
  };
  using Message = Messages<Prepare, Vote, Decision, Ack, Inquiry, OnePhase>;
  enum class Timer : std::uint8_t { votes, decision, acks, request };
  static constexpr std::string_view kRecords[] = {"none",    "started", "prepared", "committed",
                                                  "aborted", "end",     "end",      "aborted"};
  static constexpr std::string_view kStates[] = {"initial",   "voting",    "preparing", "prepared",
                                                 "read-only", "committed", "aborted",   "aborted"};
  static constexpr auto kTimers = std::span<const std::string_view>(two_phase::kTimerNames);
  /// The end record says which outcome has ended; `aborted_alone` that nothing was known before.
  enum class Record : std::uint8_t {
    none,
    started,
    prepared,
    committed,
    aborted,
    ended_commit,
    ended_abort,
    aborted_alone
  };
  using Options = TwoPhaseOptions;
  using Set = ProcessSet<kMax>;
  using Env = indoubt::Env<TwoPhase>;
  static constexpr int kLimit = kMax;

  void start(Env& env) {
    if (!env.is_coordinator()) {
      if (env.options().unasked != O::Unasked::off) env.set_timer(Timer::request);
      return;
    }
    phase_ = Phase::voting;
    if (!delegates(env)) write(env.options().start_record, Record::started, env);
    unacknowledged_ = env.participants();
    votes_.open(env.participants());
    ask(env);
  }

  // ---- participant: voting ------------------------------------------------------------------
  void receive(Prepare, ProcessId from, Env& env) {
    switch (phase_) {
      case Phase::initial: return work(env);
      case Phase::prepared: return env.send(from, Vote{LocalVote::yes});  // the same answer again
      case Phase::read_only: return env.send(from, Vote{LocalVote::read_only});
      case Phase::aborted:
      case Phase::aborted_alone: return env.send(from, Vote{LocalVote::no});
      default: return;
    }
  }
  void receive(OnePhase, ProcessId from, Env& env) {
    if (phase_ == Phase::initial) return work(env);
    if (phase_ == Phase::read_only) return env.send(from, Vote{LocalVote::read_only});
    if (outcome() != Outcome::none) env.send(from, Decision{outcome()});
  }
  void prepared(LocalVote vote, Env& env) {
    if (phase_ != Phase::preparing) return;
    if (vote == LocalVote::no) return vote_no(env);
    if (vote == LocalVote::read_only) return vote_read(env);
    if (delegates(env)) return commit_alone(env);
    phase_ = Phase::prepared;  // uncertain from here on
    const bool forced = !makes(Mistake::vote_not_forced, env);
    write(forced ? RecordPolicy::forced : RecordPolicy::unforced, Record::prepared, env);
    env.vote(true);
    env.send(kCoordinator, Vote{LocalVote::yes});
    if (env.options().uncertain != O::Uncertain::off) env.set_timer(Timer::decision);
  }

  // ---- coordinator: deciding ----------------------------------------------------------------
  void receive(Vote vote, ProcessId from, Env& env) {
    if (phase_ != Phase::voting) return;
    if (makes(Mistake::duplicate_vote_counts_twice, env)) from = votes_.mistaken_for(from);
    const bool held_up = votes_.holds_up(from, env);
    if (!votes_.count(from, vote.vote != LocalVote::no)) return;
    if (vote.vote == LocalVote::read_only) unacknowledged_.erase(from);  // no phase 2 for it
    go_on(held_up, false, env);
  }

  // ---- the decision -------------------------------------------------------------------------
  void receive(Decision decision, ProcessId from, Env& env) {
    if (env.is_coordinator()) return told(decision.outcome, env);
    if (outcome() == Outcome::none && phase_ != Phase::read_only) {  // unasked: it follows too
      env.cancel_timer(phase_ == Phase::initial ? Timer::request : Timer::decision);
      conclude(decision.outcome, env);
    }
    const bool ack = from == kCoordinator && env.options().acks;
    if (ack && participants_rule(decision.outcome, env).acks) env.send(from, Ack{});
  }
  void receive(Inquiry, ProcessId from, Env& env) {
    const bool reader = delegates(env) && phase_ == Phase::read_only;
    if (reader) return env.send(from, Vote{LocalVote::read_only});  // nothing was to be decided
    const Outcome answer = env.is_coordinator() ? coordinators_answer(env) : answer_to(from, env);
    if (answer != Outcome::none) env.send(from, Decision{answer});
  }

  // ---- coordinator: the end -----------------------------------------------------------------
  void receive(Ack, ProcessId from, Env& env) {
    if (outcome() == Outcome::none || memory_ == Memory::forgotten) return;
    unacknowledged_.erase(from);
    if (unacknowledged_.empty()) end(env);
  }

  void timeout(Timer timer, Env& env) {
    switch (timer) {
      case Timer::votes: return votes_late(env);
      case Timer::decision: return decision_late(env);
      case Timer::acks:
        if (memory_ == Memory::forgotten) return;
        env.send(unacknowledged_, Decision{outcome()});
        return env.set_timer(Timer::acks);
      case Timer::request:
        if (phase_ == Phase::initial) conclude(Outcome::abort, env, AbortCause::unasked);
    }
  }

  void recover(Record last, Env& env) {
    switch (last) {
      case Record::none:
      case Record::started:
        return env.is_coordinator() ? recover_undecided(last, env) : abort_alone(env);
      case Record::prepared:
        phase_ = Phase::prepared;
        if (env.options().uncertain == O::Uncertain::ask) return decision_late(env);
        if (env.options().uncertain != O::Uncertain::off) env.set_timer(Timer::decision);
        return;
      case Record::committed:
      case Record::aborted:
        phase_ = last == Record::committed ? Phase::committed : Phase::aborted;
        if (env.is_coordinator()) recover_decided(env);
        return;
      case Record::ended_commit:
      case Record::ended_abort:
        phase_ = last == Record::ended_commit ? Phase::committed : Phase::aborted;
        memory_ = Memory::forgotten;
        return;
      case Record::aborted_alone: phase_ = Phase::aborted_alone;
    }
  }

  Outcome outcome() const {
    return phase_ == Phase::committed ? Outcome::commit
           : phase_ >= Phase::aborted ? Outcome::abort
                                      : Outcome::none;
  }
  std::string_view state_name() const { return kStates[static_cast<std::size_t>(phase_)]; }
  static std::string_view record_name(Record r) { return kRecords[static_cast<std::size_t>(r)]; }
  static ProtocolTraits traits(const Options& o) {
    ProtocolTraits traits = o.traits();
    const bool waits = o.uncertain == O::Uncertain::ask || o.uncertain == O::Uncertain::off;
    traits.votes_alone_decide = waits && o.unasked == O::Unasked::off && !o.one_phase &&
                                o.termination == O::Termination::ask_coordinator &&
                                o.mistake != Mistake::duplicate_vote_counts_twice;
    traits.plain_votes = !o.one_phase && o.mistake != Mistake::vote_not_forced;
    const bool textbook = !o.one_phase && o.mistake == Mistake::none;
    traits.commit = {.known = textbook && o.uncertain != O::Uncertain::commit,
                     .start_forced = o.start_record == RecordPolicy::forced,
                     .decision_forced = Presumes::kCommit.coordinator == RecordPolicy::forced,
                     .commit_forced = Presumes::kCommit.participant == RecordPolicy::forced};
    if (o.uncertain == O::Uncertain::ask) {
      traits.asks =
          o.termination == O::Termination::cooperative ? Asks::everybody : Asks::coordinator;
    }
    traits.coordinator_loss = {.blocks = textbook && waits && o.unasked == O::Unasked::off,
                               .tells_abort = o.recover_undecided == RecoverUndecided::abort,
                               .abort_forced = o.abort_record == RecordPolicy::forced};
    if (std::is_same_v<Presumes, NewPresumedCommit>) traits.shared_record_every = o.window;
    return traits;
  }
  void exchange(ProcessId a, ProcessId b) {
    votes_.exchange(a, b);
    unacknowledged_.exchange(a, b);
  }
  bool operator==(const TwoPhase&) const = default;

 private:
  /// Those that have aborted come last.
  enum class Phase : std::uint8_t {
    initial,
    voting,
    preparing,
    prepared,
    read_only,
    committed,
    aborted,
    aborted_alone
  };
  /// Whether the coordinator still knows the transaction.
  enum class Memory : std::uint8_t { open, forgotten, for_ever };

  static bool makes(Mistake m, const Env& env) { return env.options().mistake == m; }
  /// One phase: the participant, a single one, decides.
  static bool delegates(const Env& env) { return env.options().one_phase; }
  static const OutcomeRule& participants_rule(Outcome o, const Env& env) {
    if (makes(Mistake::participants_presume, env)) {
      return rule_of<typename OppositeOf<Presumes>::type>(o);
    }
    return rule_of<Presumes>(o);
  }
  static RecordPolicy record_policy(Outcome o, const Env& env) {
    if (!env.is_coordinator()) return participants_rule(o, env).participant;
    return o == Outcome::abort ? env.options().abort_record : Presumes::kCommit.coordinator;
  }

  // ---- participant --------------------------------------------------------------------------
  void work(Env& env) {
    phase_ = Phase::preparing;
    env.cancel_timer(Timer::request);
    env.prepare();
  }
  void vote_no(Env& env) {
    phase_ = Phase::aborted;
    env.vote(false);
    write(env.options().no_voter_record, Record::aborted, env);
    env.decide(Outcome::abort);
    if (delegates(env)) return env.send(kCoordinator, Decision{Outcome::abort});
    env.send(kCoordinator, Vote{LocalVote::no});
  }
  void vote_read(Env& env) {
    phase_ = Phase::read_only;
    env.vote(LocalVote::read_only);
    env.send(kCoordinator, Vote{LocalVote::read_only});
    env.forget();
  }
  void commit_alone(Env& env) {
    phase_ = Phase::committed;
    env.force(Record::committed);
    env.vote(true);
    env.decide(Outcome::commit);
    env.send(kCoordinator, Decision{Outcome::commit});
  }
  void abort_alone(Env& env) {
    phase_ = Phase::aborted_alone;
    write(record_policy(Outcome::abort, env), Record::aborted_alone, env);
    env.decide(Outcome::abort, AbortCause::recovery);
  }
  void decision_late(Env& env) {
    if (phase_ != Phase::prepared) return;
    switch (env.options().uncertain) {
      case O::Uncertain::off: return;
      case O::Uncertain::abort: return conclude(Outcome::abort, env, AbortCause::termination);
      case O::Uncertain::commit: return conclude(Outcome::commit, env);
      case O::Uncertain::ask: break;
    }
    if (env.options().termination == O::Termination::cooperative) {
      Set others = Set::range(0, env.processes());
      others.erase(env.self());
      env.send(others, Inquiry{});
    } else {
      env.send(kCoordinator, Inquiry{});
    }
    env.set_timer(Timer::decision);
  }
  /// What a participant answers one that is uncertain; before its vote it may still abort.
  Outcome answer_to(ProcessId from, Env& env) {
    if (phase_ == Phase::initial || phase_ == Phase::preparing) {
      env.cancel_timer(Timer::request);
      conclude(Outcome::abort, env, AbortCause::termination);
    }
    const bool may_have_read = phase_ == Phase::aborted_alone && env.options().readers;
    if (may_have_read && from != kCoordinator) return Outcome::none;
    return outcome();
  }

  // ---- coordinator --------------------------------------------------------------------------
  void ask(Env& env) {
    if (delegates(env)) {
      env.send(env.participants(), OnePhase{});
    } else {
      votes_.ask(Prepare{}, env);
    }
    env.set_timer(Timer::votes);
  }
  void votes_late(Env& env) {
    if (phase_ != Phase::voting) return;
    if (tries_ < env.options().prepare_resends) {
      ++tries_;
      return ask(env);
    }
    if (delegates(env)) return ask_delegate(env);
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
  /// One phase, and no answer: the participant aborts now if it has not decided.
  void ask_delegate(Env& env) {
    phase_ = Phase::voting;
    tries_ = static_cast<std::uint16_t>(env.options().prepare_resends + 1);
    env.send(env.participants(), Inquiry{});
    env.set_timer(Timer::votes);
  }
  /// One phase: the participant has decided.
  void told(Outcome outcome, Env& env) {
    if (phase_ != Phase::voting || !delegates(env)) return;
    env.cancel_timer(Timer::votes);
    phase_ = outcome == Outcome::commit ? Phase::committed : Phase::aborted;
    env.decide(outcome, tries_ > env.options().prepare_resends ? AbortCause::vote_timeout
                                                               : AbortCause::no_vote);
    memory_ = Memory::forgotten;
    env.forget();
  }
  /// Makes a decision this process's own: recorded, then effective.
  void conclude(Outcome outcome, Env& env, AbortCause cause = AbortCause::other) {
    const bool commit = outcome == Outcome::commit;
    phase_ = commit ? Phase::committed : Phase::aborted;
    write(record_policy(outcome, env), commit ? Record::committed : Record::aborted, env);
    env.decide(outcome, cause);
  }
  /// The coordinator decides, and tells.
  void settle(Outcome outcome, Env& env) {
    env.cancel_timer(Timer::votes);
    const bool voting = phase_ == Phase::voting;
    if (env.options().decision_to == DecisionTo::all_but_no_voters) {
      unacknowledged_ = unacknowledged_ - votes_.no_voters();
    }
    if (outcome == Outcome::commit && unacknowledged_.empty()) return all_read(env);
    const bool hasty = makes(Mistake::decision_before_force, env);
    if (hasty) env.send(unacknowledged_, Decision{outcome});
    conclude(outcome, env,
             voting ? votes_.cause(env.options(), env.processes() - 1) : AbortCause::recovery);
    if (!hasty) env.send(unacknowledged_, Decision{outcome});
    await_acks(env);
  }
  /// Nobody needs to know: there is no phase 2, and nothing is forced.
  void all_read(Env& env) {
    phase_ = Phase::committed;
    if (!delegates(env) && Presumes::kAllRead == Closing::end) env.log(Record::ended_commit);
    if (!delegates(env) && Presumes::kAllRead == Closing::committed) env.log(Record::committed);
    env.decide(Outcome::commit);
    memory_ = Memory::forgotten;
    env.forget();
  }
  void await_acks(Env& env) {
    if (!rule_of<Presumes>(outcome()).acks) return end(env);
    if (makes(Mistake::forget_before_acks, env)) return end(env);
    if (!env.options().acks) return;
    if (unacknowledged_.empty()) return end(env);
    if (!makes(Mistake::no_ack_wait, env)) env.set_timer(Timer::acks);
  }
  void end(Env& env) {
    env.cancel_timer(Timer::acks);
    if (memory_ == Memory::for_ever) return;
    memory_ = Memory::forgotten;
    if (rule_of<Presumes>(outcome()).end) {
      env.log(outcome() == Outcome::commit ? Record::ended_commit : Record::ended_abort);
    }
    env.forget();
  }
  /// None while it is undecided.
  Outcome coordinators_answer(Env& env) {
    if (Presumes::kUnknown != Outcome::none && memory_ == Memory::forgotten) {
      if (!makes(Mistake::wrong_answer, env)) return Presumes::kUnknown;
      return Presumes::kUnknown == Outcome::abort ? Outcome::commit : Outcome::abort;
    }
    // Back from a crash, undecided and silent until asked: it cannot have told anybody commit.
    if (phase_ == Phase::initial) conclude(Outcome::abort, env, AbortCause::recovery);
    return outcome();
  }

  // ---- coordinator: back from a crash -------------------------------------------------------
  void recover_undecided(Record last, Env& env) {
    if (delegates(env)) {
      unacknowledged_ = env.participants();
      votes_.open(env.participants());
      return ask_delegate(env);
    }
    if (Presumes::kStart == RecordPolicy::forced && last == Record::none) {
      memory_ = Memory::forgotten;  // no PREPARE has left, or all has ended: it knows nothing
      return;
    }
    unacknowledged_ = env.participants();
    if (makes(Mistake::commit_without_record, env)) return settle(Outcome::commit, env);
    // New presumed commit: it cannot know when the last one has asked.
    if (Presumes::kUnknown == Outcome::commit && last == Record::none) memory_ = Memory::for_ever;
    if (env.options().recover_undecided == RecoverUndecided::abort) {
      return settle(Outcome::abort, env);
    }
    if (Presumes::kUnknown == Outcome::none) return;
    conclude(Outcome::abort, env, AbortCause::recovery);
    if (!Presumes::kAbort.acks) memory_ = Memory::forgotten;
  }
  void recover_decided(Env& env) {
    if (!rule_of<Presumes>(outcome()).acks) {
      memory_ = Memory::forgotten;
      return env.forget();
    }
    unacknowledged_ = env.participants();
    if (env.options().recover_decided == RecoverDecided::silent) return;
    env.send(unacknowledged_, Decision{outcome()});
    await_acks(env);
  }

  Votes<kMax> votes_;   ///< coordinator
  Set unacknowledged_;  ///< coordinator: takes part in phase 2; once told: its ack is missing
  Phase phase_ = Phase::initial;
  Memory memory_ = Memory::open;  ///< coordinator
  std::uint16_t tries_ = 0;       ///< coordinator: PREPARE sent again so often
};

namespace two_phase {

/// The options that hold for a group: one phase is for a single participant whose vote is enough,
/// and some mistakes are another value of an option.
inline TwoPhaseOptions in_force(TwoPhaseOptions o, const Group& group) {
  o.readers = group.readers;
  o.one_phase = o.one_phase && group.participants == 1 && o.traits().needed(1) == 1;
  switch (o.mistake) {
    case M::list_not_forced: o.start_record = RecordPolicy::unforced; break;
    case M::abort_when_uncertain: o.uncertain = TwoPhaseOptions::Uncertain::abort; break;
    case M::decide_on_majority: o.rule = DecisionRule::majority; break;
    default: break;
  }
  return o;
}

template <class Presumes>
struct Family {
  template <int kMax>
  using Protocol = TwoPhase<kMax, Presumes>;
};

template <class Presumes>
Machine make(const Group& group, std::span<const int> values) {
  const TwoPhaseOptions options =
      in_force(options_from<TwoPhaseOptionsOf<Presumes>>(fields<Presumes>(), values), group);
  Machine machine = machine_for<Family<Presumes>::template Protocol>(group, options);
  // Asked in the order of their numbers, participants are not alike; nor when they ask each other.
  if (options.asking == TwoPhaseOptions::Asking::one_by_one ||
      options.termination == TwoPhaseOptions::Termination::cooperative) {
    machine.exchange = nullptr;
  }
  return machine;
}

template <class Presumes>
ProtocolEntry entry(std::string_view name, std::string_view summary, std::string_view source) {
  return {name, summary, source, fields<Presumes>(), kTimerNames, kTimerDocs, &make<Presumes>};
}

}  // namespace two_phase
}  // namespace indoubt
