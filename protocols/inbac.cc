#include "protocols/inbac.h"

#include "protocols/inbac_consensus.h"

namespace indoubt {
namespace {

/// Indulgent non-blocking atomic commit: two rounds through f backups, and consensus if they do not
/// settle it.
///
/// Source: Guerraoui & Wang, "How fast can a distributed transaction commit?" (PODS 2017). Their n
/// processes are the participants, of which 1..f are the backups; the coordinator takes no part
/// but for PREPARE, and for being told by participant 1.
/// Round 1: everybody sends its vote to the backups, a backup to the other backups and to
/// participant f + 1. Round 2: backups report the votes they have to all, participant f + 1 to the
/// backups. Who has the reports of all backups with all n votes, and as a backup the one of f + 1
/// with all backups' votes, commits. A NO settles the outcome wherever it is seen.
/// Who waits too long goes on to consensus: it proposes commit if the votes that it knows are n
/// times YES, else abort. Who has heard no backup asks for help before: it waits until a backup or
/// all others that are no backups have answered, which they do when their own rounds are over.
/// Commit, votes spontaneous, coordinator left out: 2 f n messages, 2 delays [R]. Asked and told: n
/// + 1 messages more. Forced writes: each participant prepared and, unless `decision_record` says
/// otherwise, committed.
/// Consensus is one instance of Paxos among the participants, in which any process may lead: safe
/// whatever is lost, late, repeated or crashed, and ends while a majority of them is up once one
/// leader is left in peace. With that and at most f crashes nobody blocks. A process that comes
/// back from a crash undecided proposes nothing and asks: what it knew is lost. Beyond the source:
/// if decision records are forced it says so when it is asked. Who hears that of all, or that their
/// rounds are over, knows that nobody has committed: it proposes; if all are back from a crash,
/// participant 1 proposes abort. Without forced decision records such processes wait for ever.
template <int kMax>
class Inbac : public InbacConsensus<Inbac<kMax>, kMax> {
  using Base = InbacConsensus<Inbac, kMax>;
  using O = InbacOptions;
  using Base::accepted_, Base::phase_, Base::promised_, Base::proposal_, Base::seen_, Base::step_;
  using Base::bit, Base::call_acceptors, Base::lead, Base::others, Base::set_of, Base::value_;
  using typename Base::Members, typename Base::Phase, typename Base::Step;
  friend Base;

 public:
  using Prepare = inbac_messages::Prepare;
  using Vote = inbac_messages::Vote;
  using Report = inbac_messages::Report;
  using Help = inbac_messages::Help;
  using Helped = inbac_messages::Helped;
  using Recovering = inbac_messages::Recovering;
  using Decision = inbac_messages::Decision;
  using Inquiry = inbac_messages::Inquiry;
  using Base::outcome, Base::receive;
  using typename Base::Env, typename Base::Kind, typename Base::Phase1a, typename Base::Phase1b;
  using typename Base::Phase2a, typename Base::Phase2b, typename Base::Record, typename Base::Set;
  using Message = Messages<Prepare, Vote, Report, Decision, Help, Helped, Inquiry, Phase1a, Phase1b,
                           Phase2a, Phase2b, Recovering>;
  enum class Timer : std::uint8_t { votes, decision, request };
  static constexpr std::string_view kStates[] = {"initial",   "preparing", "prepared",
                                                 "committed", "aborted",   "recovering"};
  static constexpr auto kTimers = std::span<const std::string_view>(kInbacTimers);
  using Options = InbacOptions;
  static constexpr int kLimit = kMax;

  void start(Env& env) {
    if (env.is_coordinator()) {
      if (!env.options().spontaneous_votes) env.send(env.participants(), Prepare{});
      if (env.options().coordinator_learns) env.set_timer(Timer::decision);
    } else if (env.options().spontaneous_votes) {
      phase_ = Phase::preparing;
      env.prepare();
    } else if (env.options().unasked == O::Unasked::abort) {
      env.set_timer(Timer::request);
    }
  }

  // ---- round 1: votes to the backups ----------------------------------------------------------
  void receive(Prepare, ProcessId, Env& env) {
    if (phase_ != Phase::initial) return;
    phase_ = Phase::preparing;
    env.cancel_timer(Timer::request);
    env.prepare();
  }
  void prepared(bool yes, Env& env) {
    if (phase_ != Phase::preparing) return;
    if (!yes) {
      env.vote(false);
      return refuse(env.options().no_voter_record, AbortCause::no_vote, env);
    }
    phase_ = Phase::prepared;  // uncertain from here on
    yes_ |= bit(env.self());
    env.force(record(Kind::prepared));
    env.vote(true);
    env.send(voters_to(env), Vote{true});
    if (collects(env)) env.set_timer(Timer::votes);
    env.set_timer(Timer::decision);
    votes_in(env);
  }
  void receive(Vote vote, ProcessId from, Env& env) {
    if (outcome() != Outcome::none) return;
    if (!vote.yes) return refuse(env.options().decision_record, AbortCause::no_vote, env);
    if (reported_) return;  // one report for all: a later one with more votes could split them
    yes_ |= bit(from);
    votes_in(env);
  }

  // ---- round 2: reports -----------------------------------------------------------------------
  void receive(Report report, ProcessId from, Env& env) {
    if (outcome() != Outcome::none) return;
    if (report.no != 0) return conclude(Outcome::abort, AbortCause::no_vote, env);
    known_ |= report.yes;
    if (is_backup(from, env)) {
      heard_ |= bit(from);
      if (report.yes == everybody(env)) complete_ |= bit(from);
    } else {
      next_confirms_ = (report.yes & backups(env)) == backups(env);
    }
    reports_in(env);
  }

  // ---- help -----------------------------------------------------------------------------------
  void receive(Help, ProcessId from, Env& env) {
    if (phase_ == Phase::initial) refuse(AbortCause::termination, env);
    if (outcome() != Outcome::none) return env.send(from, decision());
    if (recovering_) return tell_recovering(from, env);
    if (is_backup(env.self(), env)) {
      if (reported_) env.send(from, Report{yes_, 0});
    } else if (rounds_over_) {
      env.send(from, Helped{votes()});
    } else {
      asking_ |= bit(from);  // until then it could still commit by late reports
    }
  }
  void receive(Helped help, ProcessId from, Env& env) {
    if (outcome() != Outcome::none || !rounds_over_) return;
    known_ |= help.yes;
    helped_ |= bit(from);
    propose(env);
  }

  void receive(Recovering, ProcessId from, Env& env) {
    if (outcome() != Outcome::none || !rounds_over_) return;
    gone_ |= bit(from);
    if (!recovering_) return propose(env);
    const bool all = (gone_ | bit(env.self())) == everybody(env);
    if (!all || env.self() != 1 || proposal_ != Outcome::none) return;
    proposal_ = Outcome::abort;
    lead(env);
  }

  // ---- the decision ---------------------------------------------------------------------------
  void receive(Decision decision, ProcessId, Env& env) {
    if (outcome() == Outcome::none) conclude(decision.outcome, decision.cause, env);
  }
  void receive(Inquiry, ProcessId from, Env& env) {
    if (phase_ == Phase::initial && !env.is_coordinator()) refuse(AbortCause::termination, env);
    if (outcome() != Outcome::none) return env.send(from, decision());
    if (recovering_ && from != kCoordinator) tell_recovering(from, env);
  }

  void timeout(Timer timer, Env& env) {
    if (outcome() != Outcome::none) return;
    switch (timer) {
      case Timer::votes:
        if (!reported_) report(env);
        return;
      case Timer::decision:
        if (env.is_coordinator()) return inquire(env);
        if (recovering_ && proposal_ == Outcome::none) return inquire(env);
        if (phase_ == Phase::prepared) decision_late(env);
        return;
      case Timer::request:
        if (phase_ == Phase::initial) refuse(AbortCause::unasked, env);
    }
  }

  void recover(Record last, Env& env) {
    promised_ = seen_ = last.promised;
    accepted_ = last.accepted;
    value_ = last.value;
    switch (last.kind) {
      case Kind::committed: phase_ = Phase::committed; return;
      case Kind::aborted: phase_ = Phase::aborted; return;
      default: break;
    }
    if (env.is_coordinator()) {
      if (env.options().coordinator_learns) inquire(env);
      return;
    }
    if (last.prepared == 0) return refuse(AbortCause::recovery, env);
    phase_ = Phase::prepared;
    recovering_ = reported_ = rounds_over_ = 1;
    inquire(env);
  }

  std::string_view state_name() const {
    return recovering_ && outcome() == Outcome::none ? "recovering"
                                                     : kStates[static_cast<std::size_t>(phase_)];
  }
  static std::string_view record_name(Record r) {
    return kRecordNames[static_cast<std::size_t>(r.kind)];
  }
  static ProtocolTraits traits(const Options& o) { return o.traits(); }
  bool operator==(const Inbac&) const = default;

 private:
  static constexpr std::string_view kRecordNames[] = {"none",     "prepared",  "promised",
                                                      "accepted", "committed", "aborted"};

  // ---- who ------------------------------------------------------------------------------------
  static Members first(int count) { return static_cast<Members>((1u << count) - 1); }
  static Members everybody(const Env& env) { return first(env.participant_count()); }
  static int faults(const Env& env) {
    return std::clamp<int>(env.options().faults, 1, std::max(1, env.participant_count() - 1));
  }
  static Members backups(const Env& env) { return first(faults(env)); }
  static bool is_backup(ProcessId p, const Env& env) { return p <= faults(env); }
  /// A backup, or the participant after them.
  static bool collects(const Env& env) { return env.self() <= faults(env) + 1; }
  static bool has_next(const Env& env) { return faults(env) < env.participant_count(); }
  /// Whom this participant's vote goes to.
  static Set voters_to(const Env& env) {
    Members to = backups(env);
    if (is_backup(env.self(), env) && has_next(env)) to = first(faults(env) + 1);
    return set_of(to & ~bit(env.self()), env);
  }
  /// All YES votes that this process knows of.
  Members votes() const { return yes_ | known_; }

  // ---- the two rounds -------------------------------------------------------------------------
  void votes_in(Env& env) {
    if (phase_ != Phase::prepared || reported_ || !collects(env)) return;
    const bool backup = is_backup(env.self(), env);
    const auto awaited =
        backup ? everybody(env) : static_cast<Members>(backups(env) | bit(env.self()));
    if ((yes_ & awaited) == awaited) report(env);
  }
  void report(Env& env) {
    reported_ = 1;
    env.cancel_timer(Timer::votes);
    if (!is_backup(env.self(), env)) return env.send(set_of(backups(env), env), Report{yes_, 0});
    env.send(others(env), Report{yes_, 0});
    heard_ |= bit(env.self());
    if (yes_ == everybody(env)) complete_ |= bit(env.self());
    reports_in(env);
  }
  void reports_in(Env& env) {
    if (phase_ != Phase::prepared) return;
    if (rounds_over_) return propose(env);
    if (complete_ != backups(env)) return;
    if (is_backup(env.self(), env) && has_next(env) && !next_confirms_) return;
    if (collects(env) && !reported_) {  // f + 1: the reports have overtaken the votes
      yes_ = votes();
      report(env);
    }
    conclude(Outcome::commit, AbortCause::other, env);
  }
  /// There is a NO: nobody can commit. A backup tells all, others the backups.
  void refuse(RecordPolicy policy, AbortCause cause, Env& env) {
    conclude(Outcome::abort, cause, policy, env);
    if (is_backup(env.self(), env)) return env.send(others(env), Report{0, 1});
    env.send(voters_to(env), Vote{false});
  }
  /// It has not voted, and says NO now.
  void refuse(AbortCause cause, Env& env) { refuse(env.options().decision_record, cause, env); }

  // ---- after them -----------------------------------------------------------------------------
  void decision_late(Env& env) {
    if (proposal_ != Outcome::none) {
      return step_ == Step::following ? lead(env) : call_acceptors(env);
    }
    if (!rounds_over_) {
      rounds_over_ = 1;  // from here on it commits by consensus only
      env.send(set_of(asking_, env), Helped{votes()});
      if (collects(env) && !reported_) report(env);
    }
    propose(env);
    if (outcome() != Outcome::none || proposal_ != Outcome::none) return;
    env.send(others(env), Help{});
    env.set_timer(Timer::decision);
  }
  /// Proposes, once, when enough is known.
  void propose(Env& env) {
    if (recovering_ || proposal_ != Outcome::none) return;
    const auto not_backups = static_cast<Members>(everybody(env) & ~backups(env));
    const Members past = helped_ | gone_ | bit(env.self());  // will not commit by the two rounds
    const bool all_helped =
        ((helped_ | bit(env.self())) & not_backups) == not_backups || past == everybody(env);
    const bool alone = !is_backup(env.self(), env) && heard_ == 0 && !all_helped;
    if (alone && env.options().mistake != O::Mistake::no_help) return;
    proposal_ = votes() == everybody(env) ? Outcome::commit : Outcome::abort;
    lead(env);
  }
  /// Not to be relied upon where it may have lost a decision.
  void tell_recovering(ProcessId to, Env& env) {
    if (env.options().decision_record == RecordPolicy::forced) env.send(to, Recovering{});
  }
  void inquire(Env& env) {
    Set all = others(env);
    if (!env.is_coordinator() && env.options().coordinator_learns) all.insert(kCoordinator);
    env.send(all, Inquiry{});
    env.set_timer(Timer::decision);
  }

  // ---- the decision ---------------------------------------------------------------------------
  void chosen(Env& env) {
    const bool missing = votes() != everybody(env);
    conclude(proposal_, missing ? AbortCause::vote_timeout : AbortCause::other, env);
    env.send(others(env), decision());
    if (env.self() != 1 && env.options().coordinator_learns) env.send(kCoordinator, decision());
  }
  void conclude(Outcome verdict, AbortCause cause, Env& env) {
    conclude(verdict, cause, env.options().decision_record, env);
  }
  void conclude(Outcome verdict, AbortCause cause, RecordPolicy policy, Env& env) {
    const bool commit = verdict == Outcome::commit;
    phase_ = commit ? Phase::committed : Phase::aborted;
    cause_ = cause;
    step_ = Step::following;
    env.cancel_timer(Timer::votes);
    env.cancel_timer(Timer::decision);
    env.cancel_timer(Timer::request);
    write(policy, record(commit ? Kind::committed : Kind::aborted), env);
    env.decide(verdict, cause);
    if (env.self() == 1 && env.options().coordinator_learns) env.send(kCoordinator, decision());
  }
  Decision decision() const { return {outcome(), cause_}; }
  Record record(Kind kind) const {
    const bool prepared = phase_ == Phase::prepared || phase_ == Phase::committed;
    return {kind, prepared, promised_, accepted_, value_, 0};
  }

  Members yes_ = 0;                 ///< votes of round 1 and its own; what it reports
  Members known_ = 0;               ///< votes in reports and help
  Members heard_ = 0;               ///< backups that have reported
  Members complete_ = 0;            ///< backups that have reported all votes
  Members asking_ = 0;              ///< wait for help until the rounds of this process are over
  Members helped_ = 0;              ///< have helped
  Members gone_ = 0;                ///< have said that they are back from a crash, undecided
  std::uint8_t next_confirms_ = 0;  ///< backup: participant f + 1 has all backups' votes
  std::uint8_t reported_ = 0;
  std::uint8_t rounds_over_ = 0;
  std::uint8_t recovering_ = 0;
  AbortCause cause_ = AbortCause::other;  ///< why it has aborted
  std::uint8_t spare_ = 0;                ///< no padding: equal values have equal bytes
};

Machine make(const Group& group, std::span<const int> values) {
  return machine_of<Inbac<kInbacProcesses>>(group,
                                            options_from<InbacOptions>(kInbacOptions, values));
}

}  // namespace

ProtocolEntry inbac() {
  return {"inbac",
          "Indulgent non-blocking atomic commit: votes through f backups, consensus if that fails.",
          "Guerraoui & Wang (2017)",
          kInbacOptions,
          kInbacTimers,
          kInbacTimerDocs,
          &make,
          kMostInbacParticipants};
}

}  // namespace indoubt
