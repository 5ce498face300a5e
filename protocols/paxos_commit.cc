#include "protocols/paxos_commit.h"

#include <algorithm>
#include <array>

#include "protocols/ballots.h"
#include "protocols/voting.h"

namespace indoubt {
namespace {

/// Paxos Commit: one instance of Paxos for each participant's vote, 2 F + 1 acceptors for all of
/// them. Commit if every instance chooses Prepared.
///
/// Source: Gray & Lamport, "Consensus on transaction commit" (ACM TODS 31(1), 2006), sections 4
/// and 5. Ballot 0 belongs to the participants: each proposes its own vote (phase 2a) to F + 1
/// acceptors. An acceptor writes once for all instances and reports them in one message (phase 2b).
/// Whoever waits too long leads a higher ballot: phase 1 for all instances at once, then phase 2
/// with Aborted wherever no vote was accepted.
/// Commit, begun by the first participant, leader on an acceptor: (N + 1)(F + 3) - 4 messages and 5
/// delays; Faster Paxos Commit N (2 F + 3) - 1 and 4. Forced writes: N + F + 1.
/// Safe whatever is lost, late, repeated or crashed, and with any number of leaders. Nobody blocks
/// while F + 1 acceptors and one process that has asked or voted are up, once one leader is left in
/// peace for a ballot. 2PC is the case F = 0.
struct PaxosCommitOptions {
  std::uint16_t faults = 1;
  enum class Placement : std::uint8_t { none, leader_on_acceptor, acceptors_on_participants };
  Placement placement = Placement::none;
  bool first_participant_starts = false, spontaneous_votes = false;
  enum class AtNo : std::uint8_t { decide, wait } at_no = AtNo::decide;
  std::uint16_t prepare_resends = 0;
  DecisionTo decision_to = DecisionTo::all_but_no_voters;
  bool acks = false;
  RecordPolicy no_voter_record = RecordPolicy::unforced;
  RecordPolicy decision_record = RecordPolicy::unforced;
  enum class Unasked : std::uint8_t { off, abort } unasked = Unasked::off;
  enum class Uncertain : std::uint8_t { lead, ask, off } uncertain = Uncertain::lead;
  enum class Undecided : std::uint8_t { lead, silent } recover_undecided = Undecided::lead;
  RecoverDecided recover_decided = RecoverDecided::resend;
  enum class Mistake : std::uint8_t { none, ballot_ignored, one_acceptor_is_enough };
  Mistake mistake = Mistake::none;
  bool coordinator_learns = true;  ///< Faster Paxos Commit
  bool fast = false;               ///< acceptors report to the participants
};
struct FasterOptions : PaxosCommitOptions {
  constexpr FasterOptions() { fast = true; }
};

constexpr std::string_view kPlacements[] = {"none", "leader-on-acceptor",
                                            "acceptors-on-participants"};
constexpr std::string_view kDecisionRecords[] = {"none", "unforced", "forced"};
constexpr std::string_view kUnasked[] = {"off", "abort"};
constexpr std::string_view kUncertain[] = {"lead", "ask", "off"};
constexpr std::string_view kRecoverUndecided[] = {"lead", "silent"};
constexpr std::string_view kMistakes[] = {"none", "ballot_ignored", "one_acceptor_is_enough"};

/// With the coordinator and 2 F + 1 acceptors at most kProcesses.
constexpr int kMostParticipants = 16, kMostFaults = 7, kProcesses = 32;

template <class O>
constexpr OptionField kCoordinatorLearns = choice<O, &O::coordinator_learns>(
    "coordinator_learns",
    "Whether the acceptors report to the coordinator too; if not, it takes no part after PREPARE, "
    "as in Gray & Lamport's counts, and decides only if a leader tells it.",
    kNoYes);

using O = PaxosCommitOptions;
constexpr OptionField kFasterOptions[] = {
    number<O, &O::faults>("faults", "F: crashed acceptors that are tolerated, of 2 F + 1.", 0,
                          kMostFaults),
    choice<O, &O::placement>(
        "placement",
        "Where acceptors run: at sites of their own; the first one at the coordinator's; or one at "
        "each participant's as far as there are participants, the others at sites of their own. "
        "The coordinator is on the first participant's site if that service is `at_coordinator`.",
        kPlacements),
    choice<O, &O::first_participant_starts>(
        "first_participant_starts",
        "Whether the first participant begins the transaction by preparing unasked and telling the "
        "coordinator, which then asks the others.",
        kNoYes),
    choice<O, &O::spontaneous_votes>("spontaneous_votes", kSpontaneousDoc, kNoYes),
    choice<O, &O::at_no>(
        "at_no", "At a NO: acceptors report it at once, or when they have all votes.", kAtNo),
    number<O, &O::prepare_resends>("prepare_resends",
                                   "How often PREPARE is sent again, to all participants since "
                                   "the coordinator does not see single votes, each time after "
                                   "one `votes` time-out; then it leads a ballot.",
                                   0, 10'000),
    choice<O, &O::decision_to>("decision_to", "Who is told the decision.", kDecisionTo),
    choice<O, &O::acks>("acks",
                        "Whether participants acknowledge the decision; without acks the "
                        "coordinator never forgets.",
                        kNoYes),
    choice<O, &O::no_voter_record>("no_voter_record",
                                   "How a participant that votes NO writes its abort record.",
                                   kNoVoterRecords),
    choice<O, &O::decision_record>("decision_record",
                                   "How a process writes the decision. The acceptors keep it "
                                   "anyway: a process that lost it comes to the same one again.",
                                   kDecisionRecords),
    choice<O, &O::unasked>(
        "unasked",
        "What a participant does when PREPARE does not come within the `request` time-out.",
        kUnasked),
    choice<O, &O::uncertain>("uncertain",
                             "What an uncertain participant does when no decision comes within the "
                             "`decision` time-out: lead a ballot, ask the coordinator, or nothing.",
                             kUncertain),
    choice<O, &O::recover_undecided>(
        "recover_undecided",
        "What a coordinator does that recovers without a decision record: lead a ballot, or "
        "nothing until it is asked.",
        kRecoverUndecided),
    choice<O, &O::recover_decided>("recover_decided",
                                   "What a coordinator does that recovers with a decision record.",
                                   kRecoverDecided),
    choice<O, &O::mistake>("mistake",
                           "Known-bad variants. `ballot_ignored`: an acceptor takes lower ballots "
                           "than it has promised. `one_acceptor_is_enough`: a leader takes one "
                           "acceptor's answer for a majority's.",
                           kMistakes),
    kCoordinatorLearns<O>,
};
/// All but the last.
constexpr std::span<const OptionField> kOptions =
    std::span<const OptionField>(kFasterOptions).first(std::size(kFasterOptions) - 1);

constexpr std::array<std::string_view, 4> kTimerNames = {"votes", "decision", "acks", "request"};
constexpr std::array<std::string_view, 4> kTimerDocs = {
    "The coordinator waits for the acceptors to report the votes; then it asks again or leads a "
    "ballot.",
    "An uncertain participant waits for the decision, and a leader for the acceptors; then it "
    "leads a ballot, or asks again those that did not answer.",
    "A leader waits for acknowledgements of its decision; then it sends it again.",
    "A participant waits for PREPARE, from the transaction's beginning (see `unasked`).",
};

/// Ballot 0 is the participants' own.
constexpr Ballot kMostBallot = 0xfff;
/// Bit p - 1 is participant p's instance.
using Instances = std::uint16_t;

/// What an acceptor knows. All instances have been accepted in the same ballot: in ballot 0 those
/// whose vote has come, in a higher one all at once.
struct Accepted {
  Ballot promised = 0;  ///< lower ballots are refused
  Ballot accepted = 0;
  Instances prepared = 0, aborted = 0;
  bool operator==(const Accepted&) const = default;
};

/// The same in seven bytes, for a message and a record: ballots of 12 bits.
struct Packed {
  std::array<std::uint8_t, 7> bytes{};
  bool operator==(const Packed&) const = default;
};
Packed pack(const Accepted& a) {
  const std::uint64_t word = a.promised | std::uint64_t{a.accepted} << 12 |
                             std::uint64_t{a.prepared} << 24 | std::uint64_t{a.aborted} << 40;
  Packed packed;
  for (std::size_t i = 0; i < packed.bytes.size(); ++i) {
    packed.bytes[i] = static_cast<std::uint8_t>(word >> 8 * i);
  }
  return packed;
}
Accepted unpack(const Packed& packed) {
  std::uint64_t word = 0;
  for (std::size_t i = 0; i < packed.bytes.size(); ++i) {
    word |= std::uint64_t{packed.bytes[i]} << 8 * i;
  }
  return {static_cast<Ballot>(word & kMostBallot), static_cast<Ballot>(word >> 12 & kMostBallot),
          static_cast<Instances>(word >> 24), static_cast<Instances>(word >> 40)};
}

template <int kMax>
class PaxosCommit {
 public:
  /// From the first participant to the coordinator.
  struct Begin {
    std::string_view name() const { return "BEGIN"; }
    bool operator==(const Begin&) const = default;
  };
  struct Prepare {
    std::string_view name() const { return "PREPARE"; }
    bool operator==(const Prepare&) const = default;
  };
  /// Phase 2a of ballot 0: a participant's Prepared or Aborted for its own instance.
  struct Vote {
    bool yes = false;
    std::string_view name() const { return yes ? "YES" : "NO"; }
    bool operator==(const Vote&) const = default;
  };
  /// Phase 2b, all instances of a ballot in one message.
  struct Phase2b {
    Ballot ballot = 0;
    Instances prepared = 0, aborted = 0;
    std::string_view name() const { return "PHASE-2B"; }
    bool operator==(const Phase2b&) const = default;
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
  struct Phase1a {
    Ballot ballot = 0;
    std::string_view name() const { return "PHASE-1A"; }
    bool operator==(const Phase1a&) const = default;
  };
  /// Also refuses a lower ballot, by the one that was promised.
  struct Phase1b {
    Packed state;
    std::string_view name() const { return "PHASE-1B"; }
    bool operator==(const Phase1b&) const = default;
  };
  /// A leader's: the instances that are not Prepared are Aborted.
  struct Phase2a {
    Ballot ballot = 0;
    Instances prepared = 0;
    std::string_view name() const { return "PHASE-2A"; }
    bool operator==(const Phase2a&) const = default;
  };
  struct Inquiry {
    std::string_view name() const { return "INQUIRY"; }
    bool operator==(const Inquiry&) const = default;
  };
  using Message =
      Messages<Begin, Prepare, Vote, Phase2b, Decision, Ack, Phase1a, Phase1b, Phase2a, Inquiry>;
  enum class Timer : std::uint8_t { votes, decision, acks, request };
  static constexpr std::string_view kStates[] = {"initial",   "voting",  "preparing", "prepared",
                                                 "committed", "aborted", "accepting"};
  static constexpr auto kTimers = std::span<const std::string_view>(kTimerNames);
  /// A process that leads writes its ballot first, so that it never leads the same one twice: with
  /// `prepared` or `leading`, in `state.promised`.
  struct Record {
    enum class Kind : std::uint8_t {
      none,
      prepared,
      leading,
      promised,
      accepted,
      committed,
      aborted
    };
    Kind kind = Kind::none;
    Packed state;
  };
  using Kind = typename Record::Kind;
  using Options = PaxosCommitOptions;
  static constexpr int kLimit = kMax;
  using Set = ProcessSet<kMax>;
  using Env = indoubt::Env<PaxosCommit>;

  static constexpr std::string_view kAuxiliaryName = "acceptor";
  static std::vector<ProcessId> auxiliary_hosts(const Group& group, const Options& o) {
    std::vector<ProcessId> hosts;
    for (int a = 0; a <= 2 * o.faults; ++a) {
      const bool with_leader = o.placement == O::Placement::leader_on_acceptor && a == 0;
      const bool with_participant =
          o.placement == O::Placement::acceptors_on_participants && a < group.participants;
      const int own = group.participants + 1 + a;
      hosts.push_back(static_cast<ProcessId>(with_leader        ? kCoordinator
                                             : with_participant ? a + 1
                                                                : own));
    }
    return hosts;
  }

  void start(Env& env) {
    if (is_acceptor(env)) {
      phase_ = Phase::accepting;
    } else if (env.is_coordinator()) {
      if (env.options().spontaneous_votes) return open(Set(), env);
      if (!env.options().first_participant_starts) open(env.participants(), env);
    } else if (begins(env.self(), env) || env.options().spontaneous_votes) {
      phase_ = Phase::preparing;
      env.prepare();
    } else if (env.options().unasked == O::Unasked::abort) {
      env.set_timer(Timer::request);
    }
  }

  // ---- coordinator: the request ---------------------------------------------------------------
  void receive(Begin, ProcessId, Env& env) {
    if (phase_ == Phase::initial) open(env.participants() - Set::range(1, 2), env);
  }

  // ---- participant: voting --------------------------------------------------------------------
  void receive(Prepare, ProcessId, Env& env) {
    switch (phase_) {
      case Phase::initial:
        phase_ = Phase::preparing;
        env.cancel_timer(Timer::request);
        return env.prepare();
      // Asked again: the same answer, to all acceptors since some of those that were told may fail.
      case Phase::prepared: return env.send(env.auxiliaries(), Vote{true});
      case Phase::aborted: return env.send(env.auxiliaries(), Vote{false});
      default: return;
    }
  }
  void prepared(bool yes, Env& env) {
    if (phase_ != Phase::preparing) return;
    if (yes) {
      phase_ = Phase::prepared;  // uncertain from here on
      env.force(Record{Kind::prepared, {}});
      env.vote(true);
    } else {
      phase_ = Phase::aborted;
      env.vote(false);
      write(env.options().no_voter_record, Record{Kind::aborted, {}}, env);
      env.decide(Outcome::abort);
    }
    const bool calls = begins(env.self(), env) && !begins_with_vote(env);
    if (calls && (yes || waits_at_no(env))) env.send(kCoordinator, Begin{});
    env.send(first_acceptors(env), Vote{yes});
    if (yes && env.options().uncertain != O::Uncertain::off) env.set_timer(Timer::decision);
  }

  // ---- acceptor -------------------------------------------------------------------------------
  void receive(Vote vote, ProcessId from, Env& env) {
    const bool calls = begins(from, env) && begins_with_vote(env);
    if (calls && (vote.yes || waits_at_no(env))) env.send(kCoordinator, Begin{});
    if (refuses(0, env)) return;
    const bool reported = complete(env), known = has_vote_of(from);
    (vote.yes ? state_.prepared : state_.aborted) |= bit(from);
    if (!complete(env) || (reported && !known)) return;
    if (!reported) env.force(Record{Kind::accepted, pack(state_)});
    env.send(learners(env), Phase2b{0, state_.prepared, state_.aborted});
  }
  void receive(Phase1a request, ProcessId from, Env& env) {
    if (!refuses(request.ballot, env) && state_.promised != request.ballot) {
      state_.promised = request.ballot;
      env.force(Record{Kind::promised, pack(state_)});
    }
    env.send(from, Phase1b{pack(state_)});
  }
  void receive(Phase2a proposal, ProcessId from, Env& env) {
    if (refuses(proposal.ballot, env)) return env.send(from, Phase1b{pack(state_)});
    if (state_.accepted != proposal.ballot) {
      const auto aborted = static_cast<Instances>(every_instance(env) & ~proposal.prepared);
      state_ = {proposal.ballot, proposal.ballot, proposal.prepared, aborted};
      env.force(Record{Kind::accepted, pack(state_)});
    }
    env.send(from, Phase2b{proposal.ballot, state_.prepared, state_.aborted});
  }

  // ---- leader: phase 1, then phase 2 ----------------------------------------------------------
  void receive(Phase1b answer, ProcessId from, Env& env) {
    const Accepted state = unpack(answer.state);
    seen_ = std::max(seen_, state.promised);
    if (state.promised > ballot_) step_ = Step::following;  // refused: another one leads
    if (outcome() != Outcome::none || step_ != Step::asking || state.promised != ballot_) return;
    answered_.insert(from);
    if (state.accepted > found_.accepted) found_ = {};
    if (state.accepted >= found_.accepted) {
      found_.accepted = state.accepted;
      found_.prepared |= state.prepared;
      found_.aborted |= state.aborted;
    }
    if (answered_.size() < majority(env)) return;
    step_ = Step::proposing;
    answered_ = {};
    call_acceptors(env);
  }

  // ---- learning what was chosen ---------------------------------------------------------------
  void receive(Phase2b report, ProcessId from, Env& env) {
    if (outcome() != Outcome::none || report.ballot != ballot_) return;
    if (ballot_ == 0) {
      found_.aborted |= report.aborted;
      // Only the participant proposes in ballot 0 of its instance: its NO cannot be overruled.
      if (report.aborted != 0) return chosen(Outcome::abort, env);
    }
    answered_.insert(from);
    if (answered_.size() < majority(env)) return;
    chosen(report.aborted == 0 ? Outcome::commit : Outcome::abort, env);
  }
  void receive(Decision decision, ProcessId from, Env& env) {
    if (outcome() == Outcome::none) conclude(decision.outcome, AbortCause::other, env);
    if (env.options().acks) env.send(from, Ack{});
  }
  void receive(Ack, ProcessId from, Env& env) {
    if (outcome() == Outcome::none || unacknowledged_.empty()) return;
    unacknowledged_.erase(from);
    if (unacknowledged_.empty()) end(env);
  }
  void receive(Inquiry, ProcessId from, Env& env) {
    if (outcome() != Outcome::none) return env.send(from, Decision{outcome()});
    if (phase_ == Phase::initial) lead(env);  // back from a crash, silent until asked
  }

  void timeout(Timer timer, Env& env) {
    switch (timer) {
      case Timer::votes:
        if (phase_ != Phase::voting) return;
        if (tries_ == env.options().prepare_resends) return lead(env);
        ++tries_;
        return ask(env.participants(), env);
      case Timer::decision: return decision_late(env);
      case Timer::acks:
        if (unacknowledged_.empty()) return;
        env.send(unacknowledged_, Decision{outcome()});
        return env.set_timer(Timer::acks);
      case Timer::request:
        if (phase_ == Phase::initial) conclude(Outcome::abort, AbortCause::unasked, env);
    }
  }

  void recover(Record last, Env& env) {
    if (is_acceptor(env)) {
      phase_ = Phase::accepting;
      state_ = unpack(last.state);
      return;
    }
    seen_ = unpack(last.state).promised;
    switch (last.kind) {
      case Kind::prepared:
        phase_ = Phase::prepared;
        if (env.options().uncertain == O::Uncertain::off) return;
        return decision_late(env);
      case Kind::committed:
      case Kind::aborted:
        phase_ = last.kind == Kind::committed ? Phase::committed : Phase::aborted;
        if (!env.is_coordinator()) return;
        unacknowledged_ = env.participants();
        if (env.options().recover_decided == RecoverDecided::resend) tell(env);
        return;
      default:  // a participant has not voted YES
        if (!env.is_coordinator()) return conclude(Outcome::abort, AbortCause::recovery, env);
        if (env.options().recover_undecided == O::Undecided::lead) lead(env);
    }
  }

  Outcome outcome() const {
    return phase_ == Phase::committed ? Outcome::commit
           : phase_ == Phase::aborted ? Outcome::abort
                                      : Outcome::none;
  }
  /// The latest ballot that it knows of.
  std::uint32_t round() const { return std::max({seen_, ballot_, state_.promised}); }
  std::string_view state_name() const { return kStates[static_cast<std::size_t>(phase_)]; }
  static std::string_view record_name(Record r) {
    return kRecordNames[static_cast<std::size_t>(r.kind)];
  }
  static ProtocolTraits traits(const Options& o) {
    ProtocolTraits traits;
    traits.prepare_tries = o.prepare_resends + 1;
    traits.votes_alone_decide = false;  // any process may lead a ballot
    traits.votes_direct = false;
    const bool textbook = o.mistake == O::Mistake::none && o.unasked == O::Unasked::off &&
                          o.placement == O::Placement::none && !o.first_participant_starts &&
                          !o.spontaneous_votes && (!o.fast || o.coordinator_learns);
    if (textbook) traits.acceptor_faults = o.faults;
    return traits;
  }
  bool operator==(const PaxosCommit&) const = default;

 private:
  enum class Phase : std::uint8_t {
    initial,
    voting,
    preparing,
    prepared,
    committed,
    aborted,
    accepting
  };
  /// What a process does about the ballot it has led last.
  enum class Step : std::uint8_t { following, asking, proposing };
  static constexpr std::string_view kRecordNames[] = {
      "none", "prepared", "leading", "promised", "accepted", "committed", "aborted"};

  // ---- who and what ---------------------------------------------------------------------------
  static bool is_acceptor(const Env& env) { return env.self() > env.participant_count(); }
  static bool begins(ProcessId p, const Env& env) {
    return p == 1 && env.options().first_participant_starts && !env.options().spontaneous_votes;
  }
  /// The first acceptor is at the leader's site: BEGIN and the vote travel as one message.
  static bool begins_with_vote(const Env& env) {
    const bool first = !is_acceptor(env) || env.self() == env.participant_count() + 1;
    return first && env.options().placement == O::Placement::leader_on_acceptor;
  }
  static bool waits_at_no(const Env& env) { return env.options().at_no == O::AtNo::wait; }
  static int majority(const Env& env) {
    if (env.options().mistake == O::Mistake::one_acceptor_is_enough) return 1;
    return env.options().faults + 1;
  }
  static Set first_acceptors(const Env& env) {
    const int first = env.participant_count() + 1;
    return Set::range(first, first + env.options().faults + 1);
  }
  static Instances bit(ProcessId p) { return static_cast<Instances>(1u << (p - 1)); }
  static Instances every_instance(const Env& env) {
    return static_cast<Instances>((1u << env.participant_count()) - 1);
  }
  static Set participants_of(Instances instances, const Env& env) {
    Set set;
    env.participants().for_each([&](ProcessId p) {
      if ((instances & bit(p)) != 0) set.insert(p);
    });
    return set;
  }

  // ---- acceptor -------------------------------------------------------------------------------
  bool refuses(Ballot ballot, const Env& env) const {
    if (env.options().mistake == O::Mistake::ballot_ignored) return false;
    return ballot < state_.promised;
  }
  bool has_vote_of(ProcessId p) const { return ((state_.prepared | state_.aborted) & bit(p)) != 0; }
  /// There is something to report of ballot 0.
  bool complete(const Env& env) const {
    if (state_.aborted != 0 && !waits_at_no(env)) return true;
    return (state_.prepared | state_.aborted) == every_instance(env);
  }
  /// Who is told of ballot 0.
  Set learners(const Env& env) const {
    if (!env.options().fast) return Set::range(kCoordinator, 1);
    Set all = env.participants();
    if (env.options().coordinator_learns) all.insert(kCoordinator);
    if (env.options().decision_to == DecisionTo::all) return all;
    return all - participants_of(state_.aborted, env);
  }

  // ---- coordinator ----------------------------------------------------------------------------
  void open(const Set& to, Env& env) {
    phase_ = Phase::voting;
    ask(to, env);
  }
  void ask(const Set& to, Env& env) {
    env.send(to, Prepare{});
    if (!env.options().fast || env.options().coordinator_learns) env.set_timer(Timer::votes);
  }

  // ---- leader ---------------------------------------------------------------------------------
  void decision_late(Env& env) {
    if (outcome() != Outcome::none) return;
    if (step_ != Step::following) return call_acceptors(env);
    if (env.is_coordinator() || env.options().uncertain == O::Uncertain::lead) return lead(env);
    env.send(kCoordinator, Inquiry{});
    env.set_timer(Timer::decision);
  }
  /// Leads the lowest ballot of this process above all that it has heard of, if there is one left.
  void lead(Env& env) {
    const Ballot ballot = next_ballot(seen_, env.self(), env.processes(), kMostBallot);
    if (ballot == 0) return;
    ballot_ = seen_ = ballot;
    step_ = Step::asking;
    answered_ = {};
    found_ = {};
    if (env.is_coordinator()) phase_ = Phase::voting;
    const Kind kind = env.is_coordinator() ? Kind::leading : Kind::prepared;
    env.force(Record{kind, pack({.promised = ballot_})});
    call_acceptors(env);
  }
  /// To those that have not answered in this phase.
  void call_acceptors(Env& env) {
    const Set to = env.auxiliaries() - answered_;
    if (step_ == Step::asking) env.send(to, Phase1a{ballot_});
    if (step_ == Step::proposing) env.send(to, Phase2a{ballot_, found_.prepared});
    env.set_timer(Timer::decision);
  }

  // ---- the decision ---------------------------------------------------------------------------
  void chosen(Outcome outcome, Env& env) {
    const bool everybody_learns = ballot_ == 0 && env.options().fast;
    conclude(outcome, cause(env), env);
    if (everybody_learns) return;
    unacknowledged_ = env.participants();
    unacknowledged_.insert(kCoordinator);
    unacknowledged_.erase(env.self());
    if (env.options().decision_to == DecisionTo::all_but_no_voters && found_.accepted == 0) {
      unacknowledged_ = unacknowledged_ - participants_of(found_.aborted, env);
    }
    tell(env);
  }
  AbortCause cause(const Env& env) const {
    if (found_.accepted != 0) return AbortCause::other;  // a ballot of somebody else
    if (found_.aborted != 0) return AbortCause::no_vote;
    return found_.prepared != every_instance(env) ? AbortCause::vote_timeout : AbortCause::other;
  }
  void conclude(Outcome outcome, AbortCause cause, Env& env) {
    const bool commit = outcome == Outcome::commit;
    phase_ = commit ? Phase::committed : Phase::aborted;
    step_ = Step::following;
    env.cancel_timer(Timer::votes);
    env.cancel_timer(Timer::decision);
    env.cancel_timer(Timer::request);
    write(env.options().decision_record, Record{commit ? Kind::committed : Kind::aborted, {}}, env);
    env.decide(outcome, cause);
  }
  void tell(Env& env) {
    env.send(unacknowledged_, Decision{outcome()});
    if (!env.options().acks) return;
    if (unacknowledged_.empty()) return end(env);
    env.set_timer(Timer::acks);
  }
  void end(Env& env) {
    env.cancel_timer(Timer::acks);
    env.forget();
  }

  Set answered_;             ///< acceptors that have answered in this step of `ballot_`
  Set unacknowledged_;       ///< leader: told the decision, ack missing
  Accepted state_;           ///< acceptor
  Accepted found_;           ///< leader: the values of the highest ballot that phase 1 has found
  Ballot ballot_ = 0;        ///< of whose reports this process learns: 0 or the one it has led last
  Ballot seen_ = 0;          ///< the highest it has heard of
  std::uint16_t tries_ = 0;  ///< coordinator: PREPARE sent again so often
  Phase phase_ = Phase::initial;
  Step step_ = Step::following;
};

Machine make(const Group& group, std::span<const int> values) {
  return machine_of<PaxosCommit<kProcesses>>(group,
                                             options_from<PaxosCommitOptions>(kOptions, values));
}
Machine make_faster(const Group& group, std::span<const int> values) {
  return machine_of<PaxosCommit<kProcesses>>(group,
                                             options_from<FasterOptions>(kFasterOptions, values));
}

}  // namespace

ProtocolEntry paxos_commit() {
  return {"paxos-commit",
          "Paxos Commit: the votes are agreed on by 2 F + 1 acceptors.",
          "Gray & Lamport (2006), section 4",
          kOptions,
          kTimerNames,
          kTimerDocs,
          &make,
          kMostParticipants};
}

ProtocolEntry faster_paxos_commit() {
  return {"paxos-commit-fast",
          "Faster Paxos Commit: acceptors report the votes to the participants.",
          "Gray & Lamport (2006), section 5",
          kFasterOptions,
          kTimerNames,
          kTimerDocs,
          &make_faster,
          kMostParticipants};
}

}  // namespace indoubt
