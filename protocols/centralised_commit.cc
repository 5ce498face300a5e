#include "protocols/centralised_commit.h"

#include "protocols/two_phase_parts.h"

namespace indoubt {
namespace {

/// Distributed work with centralised commit: the bound that no commit protocol beats. Participants
/// do the work and report; the coordinator commits as a single site would, with one forced write
/// and no commit message.
///
/// Source: Gupta, Haritsa & Ramamritham (SIGMOD 1997), the baseline DPCC.
/// Execution 2 N messages (2 (D - 1) with one of D cohorts at the coordinator's site), commit 0;
/// decided 2 delays after the start; forced writes 1 for commit, none for abort.
/// Not a protocol that sites could run: a participant keeps nothing and so votes READ; it is never
/// in doubt, learns nothing and decides nothing unless it refuses. All about agreement holds
/// trivially; a coordinator without a record has aborted.
struct CentralisedOptions : VotingOptions {
  RecoverUndecided recover_undecided = RecoverUndecided::abort;
  enum class Mistake : std::uint8_t { none, decide_before_force } mistake = Mistake::none;
};

constexpr std::string_view kMistakes[] = {"none", "decide_before_force"};

using O = CentralisedOptions;
constexpr OptionField kOptions[] = {
    choice<O, &O::rule>("decision_rule", "How many participants must report DONE for commit.",
                        kRules),
    number<O, &O::at_least>("at_least", "DONE reports needed under `decision_rule: at-least`.", 1,
                            kMostProcesses - 1),
    choice<O, &O::at_no>("at_no",
                         "At a refusal that settles the outcome: decide at once, or wait for all "
                         "replies or for a time-out.",
                         kAtNo),
    number<O, &O::prepare_resends>(
        "prepare_resends",
        "How often WORK is sent again to silent participants, each time after one `votes` "
        "time-out.",
        0, 10'000),
    choice<O, &O::recover_undecided>("recover_undecided", kRecoverUndecidedDoc, kRecoverUndecided),
    choice<O, &O::mistake>("mistake",
                           "A known-bad variant: `decide_before_force`: the coordinator decides "
                           "before it forces its commit record.",
                           kMistakes),
};

constexpr std::array<std::string_view, 1> kTimerNames = {"votes"};
constexpr std::array<std::string_view, 1> kTimerDocs = {
    "The coordinator waits for the replies to WORK; then it sends it again or decides.",
};

template <int kMax>
class CentralisedCommit {
 public:
  using Work = parts::Work;
  using Done = parts::Done;
  using Message = Messages<Work, Done>;
  enum class Timer : std::uint8_t { votes };
  static constexpr std::string_view kStates[] = {"initial",   "collecting", "working", "done",
                                                 "restarted", "committed",  "aborted"};
  static constexpr auto kTimers = std::span<const std::string_view>(kTimerNames);
  enum class Record : std::uint8_t { none, committed, aborted };
  using Options = CentralisedOptions;
  using Set = ProcessSet<kMax>;
  using Env = indoubt::Env<CentralisedCommit>;
  static constexpr int kLimit = kMax;

  void start(Env& env) {
    if (!env.is_coordinator()) return;
    phase_ = Phase::collecting;
    votes_.open(env.participants());
    ask(env);
  }

  // ---- participant ------------------------------------------------------------------------------
  void receive(Work, ProcessId from, Env& env) {
    if (phase_ == Phase::done) return env.send(from, Done{true});
    if (phase_ == Phase::aborted || phase_ == Phase::restarted) {
      return env.send(from, Done{false});
    }
    if (phase_ != Phase::initial) return;
    phase_ = Phase::working;
    env.prepare();
  }
  void prepared(bool yes, Env& env) {
    if (phase_ != Phase::working) return;
    phase_ = yes ? Phase::done : Phase::aborted;
    env.vote(yes ? LocalVote::read_only : LocalVote::no);
    if (!yes) env.decide(Outcome::abort);
    env.send(kCoordinator, Done{yes});
  }

  // ---- coordinator ------------------------------------------------------------------------------
  void receive(Done done, ProcessId from, Env& env) {
    if (phase_ == Phase::collecting && votes_.count(from, done.yes)) decide_if_settled(false, env);
  }
  void timeout(Timer, Env& env) {
    if (phase_ != Phase::collecting) return;
    if (tries_ < env.options().prepare_resends) {
      ++tries_;
      return ask(env);
    }
    votes_.give_up(env);
    decide_if_settled(true, env);
  }

  void recover(Record last, Env& env) {
    if (!env.is_coordinator()) {
      phase_ = Phase::restarted;  // what it reported is with the coordinator; the rest is lost
      return;
    }
    if (last != Record::none) {
      phase_ = last == Record::committed ? Phase::committed : Phase::aborted;
    } else if (env.options().recover_undecided == RecoverUndecided::abort) {
      decide(Outcome::abort, AbortCause::recovery, env);
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
    traits.asked_directly = false;  // no forced write lies between WORK and DONE
    traits.deciders = Deciders::coordinator;
    return traits;
  }
  void exchange(ProcessId a, ProcessId b) { votes_.exchange(a, b); }
  bool operator==(const CentralisedCommit&) const = default;

 private:
  enum class Phase : std::uint8_t {
    initial,
    collecting,
    working,
    done,
    restarted,
    committed,
    aborted
  };
  static constexpr std::string_view kRecordNames[] = {"none", "committed", "aborted"};

  void ask(Env& env) {
    votes_.ask(Work{}, env);
    env.set_timer(Timer::votes);
  }
  void decide_if_settled(bool timed_out, Env& env) {
    const Outcome outcome = votes_.settled(env.options(), env.participant_count(), timed_out);
    if (outcome == Outcome::none) return;
    env.cancel_timer(Timer::votes);
    decide(outcome, votes_.cause(env.options(), env.participant_count()), env);
  }
  void decide(Outcome outcome, AbortCause cause, Env& env) {
    const bool commit = outcome == Outcome::commit;
    phase_ = commit ? Phase::committed : Phase::aborted;
    const bool early = env.options().mistake == O::Mistake::decide_before_force;
    if (commit && !early) env.force(Record::committed);
    if (!commit) env.log(Record::aborted);  // without a record it has aborted too
    env.decide(outcome, cause);
    if (commit && early) env.force(Record::committed);
  }

  Votes<kMax> votes_;  ///< coordinator
  Phase phase_ = Phase::initial;
  std::uint8_t spare_ = 0;   ///< no padding: equal values have equal bytes
  std::uint16_t tries_ = 0;  ///< coordinator: WORK sent again so often
};

Machine make(const Group& group, std::span<const int> values) {
  return machine_for<CentralisedCommit>(group, options_from<CentralisedOptions>(kOptions, values));
}

}  // namespace

ProtocolEntry centralised_commit() {
  return {"centralised-commit",
          "Distributed work with centralised commit: a bound, not a protocol for real sites.",
          "Gupta, Haritsa & Ramamritham (1997)",
          kOptions,
          kTimerNames,
          kTimerDocs,
          &make};
}

}  // namespace indoubt
