#pragma once
// The voting phase that coordinators of several protocols share: whom to ask, what was answered,
// and when the answer is settled.
#include "sim/process/option.h"
#include "sim/process/process.h"

namespace indoubt {

/// Options of the voting phase (a base of a protocol's Options).
struct VotingOptions {
  DecisionRule rule = DecisionRule::all;
  std::uint16_t at_least = 1;
  enum class AtNo : std::uint8_t { decide, wait } at_no = AtNo::decide;
  enum class Asking : std::uint8_t { parallel, one_by_one } asking = Asking::parallel;
  std::uint16_t prepare_resends = 0;

  ProtocolTraits traits() const {
    return {rule, at_least, prepare_resends + 1, asking == Asking::one_by_one};
  }
};

inline constexpr std::string_view kRules[] = {"all", "majority", "any", "at-least"};
inline constexpr std::string_view kAtNo[] = {"decide", "wait"};
inline constexpr std::string_view kAsking[] = {"parallel", "one-by-one"};
inline constexpr std::string_view kAtNoDoc =
    "At a NO that settles the outcome: decide at once, or wait for all votes or for a time-out. "
    "Asked one by one, `wait` asks the others all the same.";
inline constexpr std::string_view kAskingDoc =
    "Ask all participants at once, or each after the answer of the one before, up to the first NO "
    "that settles the outcome (see `at_no`). One that is silent to its last time-out is given up "
    "and the next one is asked, unless too few are left for commit; its vote still counts if it "
    "comes before the decision.";
inline constexpr std::string_view kSpontaneousDoc =
    "Whether all participants prepare and vote at the transaction's beginning, without PREPARE.";
inline constexpr std::string_view kDecisionTo[] = {"all-but-no-voters", "all"};
inline constexpr std::string_view kRecoverDecided[] = {"resend", "silent"};
inline constexpr std::string_view kRecordPolicies[] = {"none", "unforced", "forced"};
inline constexpr std::string_view kStartRecords[] = {"none", "free", "unforced", "forced"};
inline constexpr std::string_view kTelling[] = {"parallel", "one-by-one"};

enum class DecisionTo : std::uint8_t { all_but_no_voters, all };
/// What a coordinator does that recovers without a decision record.
enum class RecoverUndecided : std::uint8_t { abort, silent };
/// What a coordinator does that recovers with a decision record.
enum class RecoverDecided : std::uint8_t { resend, silent };
/// Whether and how a record that sources treat differently is written.
enum class RecordPolicy : std::uint8_t { none, unforced, forced };

/// How the coordinator writes its participant list before it asks. `free`: durable from the
/// beginning on, without a write and counted nowhere.
enum class StartRecord : std::uint8_t { none, free, unforced, forced };
/// How a leader sends what is to be acknowledged: to all at once, or to each when the one before
/// has acknowledged it or let the `acks` time-out pass.
enum class Telling : std::uint8_t { parallel, one_by_one };

/// Whether a coordinator that is back from a crash knows the transaction and who takes part.
/// `recorded`: its log has a record of the transaction.
constexpr bool knows_list(StartRecord policy, bool recorded) {
  return policy == StartRecord::free || recorded;
}

/// Writes `record` as `policy` says.
template <class P>
void write(StartRecord policy, const typename P::Record& record, Env<P>& env) {
  if (policy == StartRecord::forced) env.force(record);
  if (policy == StartRecord::unforced) env.log(record);
}
template <class P>
void write(RecordPolicy policy, const typename P::Record& record, Env<P>& env) {
  if (policy == RecordPolicy::forced) env.force(record);
  if (policy == RecordPolicy::unforced) env.log(record);
}

/// Votes collected by a coordinator. Sets and not counts: a duplicate vote must not count twice.
/// Two sets tell the four states of a participant: awaited (missing), YES (in neither), NO, and
/// given up (in both): silent until its last try ran out. One that was given up does not count as a
/// YES; if its vote comes while the voting is still open, the vote counts like any other.
template <int kMax>
class Votes {
  using Set = ProcessSet<kMax>;

 public:
  void open(const Set& participants) { missing_ = participants; }

  /// Sends `request` to whom it is due now: everybody awaited, or the first of them.
  template <class P, class M>
  void ask(const M& request, Env<P>& env) const {
    if (one_by_one(env)) {
      env.send(awaited().first(), request);
    } else {
      env.send(awaited(), request);
    }
  }
  /// Whether a vote of `from` is what the next question waits for.
  template <class P>
  bool holds_up(ProcessId from, const Env<P>& env) const {
    const Set rest = awaited();
    return one_by_one(env) && !rest.empty() && rest.first() == from;
  }

  /// Whose vote a repeated one is taken for by a coordinator that counts votes: a mistake.
  ProcessId mistaken_for(ProcessId from) const {
    return missing_.contains(from) || missing_.empty() ? from : missing_.first();
  }

  /// False if this participant has voted before.
  bool count(ProcessId from, bool yes) {
    if (!missing_.contains(from)) return false;
    missing_.erase(from);
    if (yes) {
      no_.erase(from);  // one that was given up
    } else {
      no_.insert(from);
    }
    return true;
  }
  /// The last try has run out for those that were asked and are silent.
  template <class P>
  void give_up(const Env<P>& env) {
    if (one_by_one(env)) {
      no_.insert(awaited().first());
    } else {
      no_ = no_ | missing_;
    }
  }

  /// This participant is known to be down, before it has voted.
  void give_up(ProcessId p) {
    if (missing_.contains(p)) no_.insert(p);
  }

  /// What the votes decide: commit or abort once settled, none while votes that matter are awaited.
  /// Commit waits until everybody has voted or was given up; abort is settled as soon as too few
  /// YES votes are left, unless `at_no` says to wait. That wait ends with a time-out.
  Outcome settled(const VotingOptions& o, int participants, bool timed_out) const {
    const bool over = awaited().empty();
    const bool waits = o.at_no == VotingOptions::AtNo::wait && !timed_out;
    if (!over && (waits || no_.empty())) return Outcome::none;
    if (participants - no_.size() < o.traits().needed(participants)) return Outcome::abort;
    return over ? Outcome::commit : Outcome::none;
  }

  /// Why `settled` gave abort: whether the NO votes received were enough.
  AbortCause cause(const VotingOptions& o, int participants) const {
    const int no = no_voters().size();
    if (participants - no >= o.traits().needed(participants)) return AbortCause::vote_timeout;
    return no == 0 ? AbortCause::other : AbortCause::no_vote;
  }

  /// Those that have said so; a silent one may have voted YES.
  Set no_voters() const { return no_ - missing_; }
  void exchange(ProcessId a, ProcessId b) {
    missing_.exchange(a, b);
    no_.exchange(a, b);
  }
  bool operator==(const Votes&) const = default;

 private:
  template <class P>
  static bool one_by_one(const Env<P>& env) {
    return env.options().asking == VotingOptions::Asking::one_by_one;
  }
  Set awaited() const { return missing_ - no_; }

  Set missing_, no_;
};

}  // namespace indoubt
