#include "protocols/decentralised_three_phase_commit.h"

#include "protocols/three_phase_recovery.h"

namespace indoubt {
namespace {

/// Decentralised three-phase commit: each process sends its vote to all others, with all YES then
/// PRE-COMMIT to all others, and commits when it has all of these.
///
/// Source: Skeen, "Nonblocking commit protocols" (SIGMOD 1981), the decentralised form. PREPARE is
/// the coordinator's own YES; it takes part like everybody else and may not abort alone.
/// With n = N + 1 processes a commit takes 2 n (n - 1) = 2 N (N + 1) messages, and everybody has
/// decided after 3 delays. Forced writes: participants 2 each, the coordinator 1; PRE-COMMIT is
/// written as `pre_commit_record` says. A NO takes effect with its first message.
/// Who waits in vain has the lowest-numbered process collect states, as in 3pc; what is said there
/// of crashes, losses and delays holds here too.
struct DecentralisedOptions : VotingOptions, TerminationOptions {
  // Nobody leads unless something has failed, so nobody tells again what it has decided.
  constexpr DecentralisedOptions() { recover_decided = RecoverDecided::silent; }
};

using O = DecentralisedOptions;
constexpr auto kOptions = kTerminationFields<O>;

constexpr std::array<std::string_view, 5> kTimerNames = {"acks", "decision", "commit", "states",
                                                         "request"};
constexpr std::array<std::string_view, 5> kTimerDocs = {
    "A back-up waits for PRE-COMMIT of those that were uncertain; then it commits.",
    "An uncertain process waits for the votes, then for each possible leader before it.",
    "A pre-committed process waits for all PRE-COMMITs, then for each possible leader before it.",
    "A back-up waits for the others' states; then it decides by those it has.",
    "A participant waits for PREPARE, from the transaction's beginning (see `unasked`).",
};

template <int kMax>
class DecentralisedThreePhaseCommit
    : public ThreePhaseRecovery<DecentralisedThreePhaseCommit<kMax>, kMax> {
  using Base = ThreePhaseRecovery<DecentralisedThreePhaseCommit, kMax>;
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
  using typename Base::Env;
  using typename Base::Record;
  using typename Base::Set;
  using Message = Messages<Prepare, Vote, PreCommit, typename Base::Decision, typename Base::Ack,
                           typename Base::StateRequest, typename Base::StateReport,
                           typename Base::Inquiry, typename Base::Move, typename Base::Moved,
                           typename Base::Rejoin, typename Base::Resume, typename Base::Resumed>;
  enum class Timer : std::uint8_t { acks, decision, commit, states, request };
  static constexpr auto kTimers = std::span<const std::string_view>(kTimerNames);
  using Options = DecentralisedOptions;
  using Base::outcome;
  using Base::receive;

  void start(Env& env) {
    votes_.open(env.participants());
    if (!env.is_coordinator()) {
      if (env.options().unasked != O::Unasked::off) env.set_timer(Timer::request);
      return;
    }
    phase_ = Phase::uncertain;
    env.send(env.participants(), Prepare{});
    this->await_leader(env);
  }

  // ---- voting ---------------------------------------------------------------------------------
  void receive(Prepare, ProcessId, Env& env) {
    if (phase_ != Phase::initial) return;
    phase_ = Phase::preparing;
    env.cancel_timer(Timer::request);
    env.prepare();
  }
  void prepared(bool yes, Env& env) {
    if (phase_ != Phase::preparing) return;
    if (!yes) {
      this->vote_no(env);
      return env.send(this->others(env), Vote{false});
    }
    this->vote_yes(env);
    env.send(this->others(env), Vote{true});
    this->await_leader(env);
    count(true, env.self(), env);
  }
  void receive(Vote vote, ProcessId from, Env& env) {
    if (outcome() == Outcome::none && !this->recovering_) count(vote.yes, from, env);
  }

  // ---- pre-commit -----------------------------------------------------------------------------
  void receive(PreCommit, ProcessId from, Env& env) {
    if (outcome() != Outcome::none || this->recovering_) return;
    ready_.insert(from);
    // It says that all have voted YES. Who has told a back-up its state obeys that one only.
    const bool obeys = !this->terminating_ || from == this->leader_ ||
                       env.options().mistake == O::Mistake::two_leaders;
    if (phase_ == Phase::uncertain && obeys) return all_yes(env);
    if (this->leading_ && !this->states_open_) {
      waiting_.erase(from);
      if (enough_acks(env)) return this->settle(Outcome::commit, env);
    }
    all_ready(env);
  }

  void timeout(Timer timer, Env& env) {
    switch (timer) {
      case Timer::acks: return this->acks_late(env);
      case Timer::decision: return this->decision_late(env);
      case Timer::commit: return this->commit_late(env);
      case Timer::states: return this->states_late(env);
      case Timer::request: return this->request_late(env);
    }
  }

  /// One that is down will send neither vote nor PRE-COMMIT: termination begins at once.
  void failed(ProcessId who, Env& env) {
    if (!this->learns_of(who, env)) return;
    if (this->leading_ || this->terminating_) return this->goes_on_without(who, env);
    if (phase_ == Phase::initial || phase_ == Phase::preparing) return;
    quiet(env);
    if (phase_ == Phase::uncertain) return this->leader_late(env.options().uncertain, env);
    if (phase_ == Phase::pre_committed) this->leader_late(env.options().pre_committed, env);
  }

  static ProtocolTraits traits(const Options& o) {
    ProtocolTraits traits = o.traits();
    traits.votes_alone_decide = false;  // PRE-COMMIT and the termination protocol follow
    traits.asked_directly = traits.votes_direct = false;
    return traits;
  }
  bool operator==(const DecentralisedThreePhaseCommit&) const = default;

 private:
  using Base::phase_;
  using Base::waiting_;

  void count(bool yes, ProcessId from, Env& env) {
    if (!votes_.count(from, yes)) return;
    const int n = env.participant_count();
    const Outcome settled = votes_.settled(env.options(), n, false);
    if (settled == Outcome::abort) {
      quiet(env);
      this->stop_leading();
      waiting_ = {};
      this->conclude(settled, env, votes_.cause(env.options(), n));
    }
    if (settled == Outcome::commit && phase_ == Phase::uncertain && !this->terminating_) {
      all_yes(env);
    }
  }
  void all_yes(Env& env) {
    quiet(env);
    become_pre_committed(env);
    env.send(this->others(env), PreCommit{});
    this->await_leader(env);
    all_ready(env);
  }
  void all_ready(Env& env) {
    if (phase_ != Phase::pre_committed) return;
    if (!(this->others(env) - votes_.no_voters() - ready_).empty()) return;
    quiet(env);
    this->stop_leading();
    waiting_ = {};
    this->conclude(Outcome::commit, env);
  }

  // ---- what termination asks for ----------------------------------------------------------------
  void become_pre_committed(Env& env) {
    phase_ = Phase::pre_committed;
    ready_.insert(env.self());
    const O::PreCommitRecord policy = env.options().pre_commit_record;
    if (policy == O::PreCommitRecord::none) return;
    if (policy == O::PreCommitRecord::participants && env.is_coordinator()) return;
    env.force(this->state_record(env));
  }
  bool enough_acks(const Env&) const { return waiting_.empty(); }
  bool commits_without_acks(const Env&) const { return true; }
  Outcome acks_settle(const Env&) const {
    return waiting_.empty() ? Outcome::commit : Outcome::none;
  }
  /// The first time-out only says that it is time for the lowest-numbered process to lead.
  void next_leader(Env& env) {
    if (this->terminating_) return Base::next_leader(env);
    this->terminating_ = 1;
    if (env.is_coordinator()) return this->lead(env);
    this->await_leader(env);
  }
  void quiet(Env& env) {
    for (const Timer t :
         {Timer::acks, Timer::decision, Timer::commit, Timer::states, Timer::request}) {
      env.cancel_timer(t);
    }
  }
  void asked_while_voting(Env&) {}                          // nobody can abort alone
  static bool recovers_alone(const Env&) { return false; }  // PREPARE was its vote
  Set addressees(const Env& env) const { return this->reachable(env); }
  AbortCause vote_cause(const Env&) const { return AbortCause::other; }

  Votes<kMax> votes_;  ///< participants'
  Set ready_;          ///< whose PRE-COMMIT has come
};

Machine make(const Group& group, std::span<const int> values) {
  return machine_of<DecentralisedThreePhaseCommit<32>>(
      group, with_mistake(options_from<O>(kOptions, values)));
}

}  // namespace

ProtocolEntry decentralised_three_phase_commit() {
  return {"3pc-decentralised",
          "Three-phase commit without a leader: votes and PRE-COMMIT go from everybody to "
          "everybody.",
          "Skeen (1981)",
          kOptions,
          kTimerNames,
          kTimerDocs,
          &make,
          31};  // messages grow with the square of it
}

}  // namespace indoubt
