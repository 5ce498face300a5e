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
inline constexpr std::string_view kDecisionTo[] = {"all-but-no-voters", "all"};
inline constexpr std::string_view kNoVoterRecords[] = {"none", "unforced", "forced"};
inline constexpr std::string_view kStartRecords[] = {"none", "unforced", "forced"};

enum class DecisionTo : std::uint8_t { all_but_no_voters, all };
/// Whether and how a record that sources treat differently is written.
enum class RecordPolicy : std::uint8_t { none, unforced, forced };

/// Writes `record` as `policy` says.
template <class P>
void write(RecordPolicy policy, const typename P::Record& record, Env<P>& env) {
  if (policy == RecordPolicy::forced) env.force(record);
  if (policy == RecordPolicy::unforced) env.log(record);
}

/// Votes collected by a coordinator. Sets and not counts: a duplicate vote must not count twice.
template <int kMax>
class Votes {
  using Set = ProcessSet<kMax>;

 public:
  void open(const Set& participants) { missing_ = participants; }

  /// Sends `request` to whom it is due now: everybody, or the next one.
  template <class P, class M>
  void ask(const M& request, Env<P>& env) const {
    if (env.options().asking == VotingOptions::Asking::one_by_one) {
      env.send(missing_.first(), request);
    } else {
      env.send(missing_, request);
    }
  }

  /// False if this participant has voted before.
  bool count(ProcessId from, bool yes) {
    if (!missing_.contains(from)) return false;
    missing_.erase(from);
    if (!yes) no_.insert(from);
    return true;
  }

  /// What the votes decide: commit or abort once settled, none while votes that matter are missing.
  /// Commit waits for every vote or for the time-out; abort is settled at once, unless `at_no` says
  /// to wait, when too few YES votes are left.
  Outcome settled(const VotingOptions& o, int participants, bool timed_out) const {
    const bool over = timed_out || missing_.empty();
    if (!over && (o.at_no == VotingOptions::AtNo::wait || no_.empty())) return Outcome::none;
    if (o.rule == DecisionRule::all) {
      return no_.empty() && missing_.empty() ? Outcome::commit : Outcome::abort;
    }
    const int possible = participants - no_.size() - (timed_out ? missing_.size() : 0);
    if (possible < o.traits().needed(participants)) return Outcome::abort;
    return over ? Outcome::commit : Outcome::none;
  }

  /// Why `settled` gave abort: whether the NO votes received were enough.
  AbortCause cause(const VotingOptions& o, int participants) const {
    if (participants - no_.size() < o.traits().needed(participants)) {
      return no_.empty() ? AbortCause::other : AbortCause::no_vote;
    }
    return AbortCause::vote_timeout;
  }

  const Set& no_voters() const { return no_; }
  void exchange(ProcessId a, ProcessId b) {
    missing_.exchange(a, b);
    no_.exchange(a, b);
  }
  bool operator==(const Votes&) const = default;

 private:
  Set missing_, no_;
};

}  // namespace indoubt
