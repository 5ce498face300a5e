#include "protocols/inbac.h"

#include <algorithm>
#include <array>
#include <bit>

#include "protocols/ballots.h"
#include "protocols/voting.h"

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
/// back from a crash undecided proposes nothing and asks: what it knew is lost.
struct InbacOptions {
  std::uint16_t faults = 1;
  bool spontaneous_votes = false;
  bool coordinator_learns = true;
  RecordPolicy no_voter_record = RecordPolicy::unforced;
  RecordPolicy decision_record = RecordPolicy::forced;
  enum class Unasked : std::uint8_t { off, abort } unasked = Unasked::off;
  enum class Mistake : std::uint8_t { none, no_help } mistake = Mistake::none;

  ProtocolTraits traits() const {
    ProtocolTraits traits;
    traits.votes_alone_decide = false;  // consensus may abort what was only late
    traits.votes_direct = false;
    return traits;
  }
};

constexpr std::string_view kDecisionRecords[] = {"none", "unforced", "forced"};
constexpr std::string_view kUnasked[] = {"off", "abort"};
constexpr std::string_view kMistakes[] = {"none", "no_help"};
constexpr int kMostParticipants = 16, kProcesses = 32;

using O = InbacOptions;
constexpr OptionField kOptions[] = {
    number<O, &O::faults>("faults",
                          "f: the number of backups, and of crashes that are tolerated; at most "
                          "one less than there are participants.",
                          1, kMostParticipants - 1),
    choice<O, &O::spontaneous_votes>("spontaneous_votes", kSpontaneousDoc, kNoYes),
    choice<O, &O::coordinator_learns>(
        "coordinator_learns",
        "Whether the coordinator is told the decision by participant 1, and asks if it is not; if "
        "not, it takes no part after PREPARE, as in the published counts.",
        kNoYes),
    choice<O, &O::no_voter_record>("no_voter_record",
                                   "How a participant that votes NO writes its abort record.",
                                   kNoVoterRecords),
    choice<O, &O::decision_record>("decision_record", "How a process writes the decision.",
                                   kDecisionRecords),
    choice<O, &O::unasked>(
        "unasked",
        "What a participant does when PREPARE does not come within the `request` time-out.",
        kUnasked),
    choice<O, &O::mistake>("mistake",
                           "Known-bad variants. `no_help`: a process that has heard no backup "
                           "proposes to the consensus without asking for help.",
                           kMistakes),
};

constexpr std::array<std::string_view, 3> kTimerNames = {"votes", "decision", "request"};
constexpr std::array<std::string_view, 3> kTimerDocs = {
    "A backup (and participant f + 1) that has voted waits for the votes; then it reports those "
    "that it has.",
    "An uncertain participant waits for the reports, for help or for the consensus; then it goes "
    "on or asks again. The coordinator waits for the decision; then it asks for it.",
    "A participant waits for PREPARE, from the transaction's beginning (see `unasked`).",
};

/// Bit p - 1 is participant p.
using Members = std::uint16_t;

template <int kMax>
class Inbac {
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
  /// Round 2: the YES votes that have come, or that there is a NO.
  struct Report {
    Members yes = 0;
    std::uint16_t no = 0;
    std::string_view name() const { return "REPORT"; }
    bool operator==(const Report&) const = default;
  };
  struct Help {
    std::string_view name() const { return "HELP"; }
    bool operator==(const Help&) const = default;
  };
  /// All YES votes that the sender knows of.
  struct Helped {
    Members yes = 0;
    std::string_view name() const { return "HELPED"; }
    bool operator==(const Helped&) const = default;
  };
  struct Decision {
    Outcome outcome = Outcome::none;
    AbortCause cause = AbortCause::other;
    std::string_view name() const { return outcome == Outcome::commit ? "COMMIT" : "ABORT"; }
    bool operator==(const Decision&) const = default;
  };
  struct Inquiry {
    std::string_view name() const { return "INQUIRY"; }
    bool operator==(const Inquiry&) const = default;
  };
  struct Phase1a {
    Ballot ballot = 0;
    std::string_view name() const { return "PHASE-1A"; }
    bool operator==(const Phase1a&) const = default;
  };
  /// Also refuses a lower ballot, by the one that was promised.
  struct Phase1b {
    Ballot promised = 0, accepted = 0;
    Outcome value = Outcome::none;
    std::uint8_t spare = 0;
    std::string_view name() const { return "PHASE-1B"; }
    bool operator==(const Phase1b&) const = default;
  };
  struct Phase2a {
    Ballot ballot = 0;
    Outcome value = Outcome::none;
    std::uint8_t spare = 0;
    std::string_view name() const { return "PHASE-2A"; }
    bool operator==(const Phase2a&) const = default;
  };
  struct Phase2b {
    Ballot ballot = 0;
    std::string_view name() const { return "PHASE-2B"; }
    bool operator==(const Phase2b&) const = default;
  };
  using Message = Messages<Prepare, Vote, Report, Decision, Help, Helped, Inquiry, Phase1a, Phase1b,
                           Phase2a, Phase2b>;
  enum class Timer : std::uint8_t { votes, decision, request };
  static constexpr std::string_view kStates[] = {"initial",   "preparing", "prepared",
                                                 "committed", "aborted",   "recovering"};
  static constexpr auto kTimers = std::span<const std::string_view>(kTimerNames);
  /// What was written, and all that the process keeps over a crash.
  struct Record {
    enum class Kind : std::uint8_t { none, prepared, promised, accepted, committed, aborted };
    Kind kind = Kind::none;
    std::uint8_t prepared = 0;  ///< it has voted YES
    Ballot promised = 0, accepted = 0;
    Outcome value = Outcome::none;
    std::uint8_t spare = 0;
  };
  using Kind = typename Record::Kind;
  using Options = InbacOptions;
  using Set = ProcessSet<kMax>;
  using Env = indoubt::Env<Inbac>;
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
    if (recovering_) return;
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

  // ---- the decision ---------------------------------------------------------------------------
  void receive(Decision decision, ProcessId, Env& env) {
    if (outcome() == Outcome::none) conclude(decision.outcome, decision.cause, env);
  }
  void receive(Inquiry, ProcessId from, Env& env) {
    if (phase_ == Phase::initial && !env.is_coordinator()) refuse(AbortCause::termination, env);
    if (outcome() != Outcome::none) env.send(from, decision());
  }

  // ---- consensus: acceptor --------------------------------------------------------------------
  void receive(Phase1a request, ProcessId from, Env& env) {
    if (outcome() != Outcome::none) return env.send(from, decision());
    if (request.ballot > promised_) {
      promised_ = request.ballot;
      note(promised_);
      env.force(record(Kind::promised));
    }
    env.send(from, Phase1b{promised_, accepted_, value_, 0});
  }
  void receive(Phase2a proposal, ProcessId from, Env& env) {
    if (outcome() != Outcome::none) return env.send(from, decision());
    if (proposal.ballot < promised_) {
      return env.send(from, Phase1b{promised_, accepted_, value_, 0});
    }
    if (proposal.ballot != accepted_) accept(proposal.ballot, proposal.value, env);
    env.send(from, Phase2b{proposal.ballot});
  }

  // ---- consensus: leader ----------------------------------------------------------------------
  void receive(Phase1b answer, ProcessId from, Env& env) {
    note(answer.promised);
    if (outcome() != Outcome::none || step_ != Step::asking || answer.promised != ballot_) return;
    if (answer.accepted > found_) {
      found_ = answer.accepted;
      proposal_ = answer.value;
    }
    answered_ |= bit(from);
    advance(env);
  }
  void receive(Phase2b answer, ProcessId from, Env& env) {
    if (outcome() != Outcome::none || step_ != Step::proposing || answer.ballot != ballot_) return;
    answered_ |= bit(from);
    advance(env);
  }

  void timeout(Timer timer, Env& env) {
    if (outcome() != Outcome::none) return;
    switch (timer) {
      case Timer::votes:
        if (!reported_) report(env);
        return;
      case Timer::decision:
        if (env.is_coordinator() || recovering_) return inquire(env);
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

  Outcome outcome() const {
    return phase_ == Phase::committed ? Outcome::commit
           : phase_ == Phase::aborted ? Outcome::abort
                                      : Outcome::none;
  }
  /// The latest ballot that it knows of.
  std::uint32_t round() const { return std::max({seen_, ballot_, promised_}); }
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
  enum class Phase : std::uint8_t { initial, preparing, prepared, committed, aborted };
  /// What a process does about the ballot it has led last.
  enum class Step : std::uint8_t { following, asking, proposing };
  static constexpr std::string_view kRecordNames[] = {"none",     "prepared",  "promised",
                                                      "accepted", "committed", "aborted"};
  static constexpr int kMostBallot = 0xffff;

  // ---- who ------------------------------------------------------------------------------------
  static Members bit(ProcessId p) { return static_cast<Members>(1u << (p - 1)); }
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
  static Set set_of(Members members, const Env& env) {
    Set set;
    env.participants().for_each([&](ProcessId p) {
      if ((members & bit(p)) != 0) set.insert(p);
    });
    return set;
  }
  static Set others(const Env& env) {
    Set set = env.participants();
    set.erase(env.self());
    return set;
  }
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
    const bool all_helped = ((helped_ | bit(env.self())) & not_backups) == not_backups;
    const bool alone = !is_backup(env.self(), env) && heard_ == 0 && !all_helped;
    if (alone && env.options().mistake != O::Mistake::no_help) return;
    proposal_ = votes() == everybody(env) ? Outcome::commit : Outcome::abort;
    lead(env);
  }
  void inquire(Env& env) {
    Set all = others(env);
    if (!env.is_coordinator() && env.options().coordinator_learns) all.insert(kCoordinator);
    env.send(all, Inquiry{});
    env.set_timer(Timer::decision);
  }

  // ---- consensus ------------------------------------------------------------------------------
  /// There is a ballot of somebody else: a lower one of this process has been outbid.
  void note(Ballot ballot) {
    seen_ = std::max(seen_, ballot);
    if (ballot > ballot_) step_ = Step::following;
  }
  void accept(Ballot ballot, Outcome value, Env& env) {
    promised_ = accepted_ = ballot;
    value_ = value;
    note(ballot);
    env.force(record(Kind::accepted));
  }
  void lead(Env& env) {
    const Ballot ballot = next_ballot(seen_, env.self(), env.processes(), kMostBallot);
    if (ballot == 0) return;
    ballot_ = seen_ = promised_ = ballot;  // its own promise is the first one
    step_ = Step::asking;
    answered_ = bit(env.self());
    found_ = accepted_;
    if (accepted_ != 0) proposal_ = value_;
    env.force(record(Kind::promised));
    call_acceptors(env);
    advance(env);
  }
  void call_acceptors(Env& env) {
    const Set to = others(env) - set_of(answered_, env);
    if (step_ == Step::asking) env.send(to, Phase1a{ballot_});
    if (step_ == Step::proposing) env.send(to, Phase2a{ballot_, proposal_, 0});
    env.set_timer(Timer::decision);
  }
  /// Goes on when a majority has answered.
  void advance(Env& env) {
    if (std::popcount(answered_) <= env.participant_count() / 2) return;
    if (step_ == Step::proposing) return chosen(env);
    step_ = Step::proposing;
    answered_ = bit(env.self());
    accept(ballot_, proposal_, env);
    call_acceptors(env);
    advance(env);
  }
  void chosen(Env& env) {
    const bool missing = votes() != everybody(env);
    conclude(proposal_, missing ? AbortCause::vote_timeout : AbortCause::other, env);
    env.send(others(env), decision());
    if (env.self() != 1 && env.options().coordinator_learns) env.send(kCoordinator, decision());
  }
  void conclude(Outcome outcome, AbortCause cause, Env& env) {
    conclude(outcome, cause, env.options().decision_record, env);
  }
  void conclude(Outcome outcome, AbortCause cause, RecordPolicy policy, Env& env) {
    const bool commit = outcome == Outcome::commit;
    phase_ = commit ? Phase::committed : Phase::aborted;
    cause_ = cause;
    step_ = Step::following;
    env.cancel_timer(Timer::votes);
    env.cancel_timer(Timer::decision);
    env.cancel_timer(Timer::request);
    write(policy, record(commit ? Kind::committed : Kind::aborted), env);
    env.decide(outcome, cause);
    if (env.self() == 1 && env.options().coordinator_learns) env.send(kCoordinator, decision());
  }
  Decision decision() const { return {outcome(), cause_}; }
  Record record(Kind kind) const {
    const bool prepared = phase_ == Phase::prepared || phase_ == Phase::committed;
    return {kind, prepared, promised_, accepted_, value_, 0};
  }

  Members yes_ = 0;                     ///< votes of round 1 and its own; what it reports
  Members known_ = 0;                   ///< votes in reports and help
  Members heard_ = 0;                   ///< backups that have reported
  Members complete_ = 0;                ///< backups that have reported all votes
  Members asking_ = 0;                  ///< wait for help until the rounds of this process are over
  Members helped_ = 0;                  ///< have helped
  Members answered_ = 0;                ///< leader: acceptors that have answered in this step
  Ballot promised_ = 0, accepted_ = 0;  ///< acceptor
  Ballot ballot_ = 0, seen_ = 0;        ///< the one it has led last; the highest it has heard of
  Ballot found_ = 0;                    ///< leader: of the value that it has to propose
  Outcome value_ = Outcome::none;       ///< acceptor: of `accepted_`
  Outcome proposal_ = Outcome::none;
  Phase phase_ = Phase::initial;
  Step step_ = Step::following;
  std::uint8_t next_confirms_ = 0;  ///< backup: participant f + 1 has all backups' votes
  std::uint8_t reported_ = 0;
  std::uint8_t rounds_over_ = 0;
  std::uint8_t recovering_ = 0;
  AbortCause cause_ = AbortCause::other;  ///< why it has aborted
  std::uint8_t spare_ = 0;                ///< no padding: equal values have equal bytes
};

Machine make(const Group& group, std::span<const int> values) {
  return machine_of<Inbac<kProcesses>>(group, options_from<InbacOptions>(kOptions, values));
}

}  // namespace

ProtocolEntry inbac() {
  return {"inbac",
          "Indulgent non-blocking atomic commit: votes through f backups, consensus if that fails.",
          "Guerraoui & Wang (2017)",
          kOptions,
          kTimerNames,
          kTimerDocs,
          &make,
          kMostParticipants};
}

}  // namespace indoubt
