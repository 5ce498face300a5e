#pragma once
// A site of the quorum forms of three-phase commit: its state, how it decides, and how a leader
// tells.
#include <algorithm>

#include "protocols/quorum_messages.h"
#include "protocols/quorum_options.h"

namespace indoubt {

/// Base of protocol P, with all of its state but the votes; quorum_termination.h says what P has.
/// Telling one by one: those that have not acknowledged are told again in turn, for ever.
template <class P, int kMax, bool kElections>
class QuorumSite {
 protected:
  using Phase = quorum::Phase;
  using Election = quorum::Election;

 public:
  using PreCommit = quorum::PreCommit;
  using PreCommitAck = quorum::PreCommitAck;
  using PreAbort = quorum::PreAbort;
  using PreAbortAck = quorum::PreAbortAck;
  using Decision = quorum::Decision;
  using Ack = quorum::Ack;
  using StateRequest = quorum::StateRequest;
  using StateReport = quorum::StateReport;
  using Refusal = quorum::Refusal;
  using Inquiry = quorum::Inquiry;
  using Record = quorum::Record;
  using Options = QuorumOptions;
  using Set = ProcessSet<kMax>;
  using Env = indoubt::Env<P>;
  enum class Timer : std::uint8_t { votes, acks, decision, commit, states, request };
  static constexpr std::string_view kStates[] = {"initial",   "voting",        "preparing",
                                                 "uncertain", "pre-committed", "pre-aborted",
                                                 "committed", "aborted"};
  static constexpr auto kTimers = std::span<const std::string_view>(kQuorumTimers);
  static constexpr int kLimit = kMax;
  /// The next election, and one more for a leader that has been refused.
  static constexpr int kRoundsAhead = 2;

  // ---- the decision ---------------------------------------------------------------------------
  void receive(Decision decision, ProcessId from, Env& env) {
    if (outcome() == Outcome::none) {  // in any state, from any leader
      quiet(env);
      role_ = Role::none;
      waiting_ = {};
      conclude(decision.outcome, env);
    }
    if (env.options().acks) env.send(from, Ack{});
  }
  void receive(Ack, ProcessId from, Env& env) {
    if (outcome() == Outcome::none || waiting_.empty()) return;
    waiting_.erase(from);
    if (waiting_.empty()) return end(env);
    if (!tells_one_by_one(env) || from + 1 != turn_) return;
    send_decision(env);
    env.set_timer(Timer::acks);
  }
  void receive(Inquiry, ProcessId from, Env& env) {
    down_.erase(from);
    if (outcome() != Outcome::none) env.send(from, Decision{outcome()});
  }

  Outcome outcome() const {
    return phase_ == Phase::committed ? Outcome::commit
           : phase_ == Phase::aborted ? Outcome::abort
                                      : Outcome::none;
  }
  /// The latest election that it knows of.
  std::uint32_t round() const { return std::max(elected_, refused_by_); }
  std::string_view state_name() const { return kStates[static_cast<std::size_t>(phase_)]; }
  static std::string_view record_name(Record r) {
    return kRecordNames[static_cast<std::size_t>(r.kind)];
  }
  bool operator==(const QuorumSite&) const = default;

 protected:
  enum class Role : std::uint8_t { none, collecting, committing, aborting };

  bool in_doubt() const {
    return phase_ == Phase::uncertain || phase_ == Phase::pre_committed ||
           phase_ == Phase::pre_aborted;
  }

  // ---- deciding -------------------------------------------------------------------------------
  void conclude(Outcome verdict, Env& env, AbortCause cause = AbortCause::other) {
    const bool commit = verdict == Outcome::commit;
    phase_ = commit ? Phase::committed : Phase::aborted;
    env.force(Record{commit ? Record::Kind::committed : Record::Kind::aborted});
    env.decide(verdict, cause);
  }
  /// A leader decides, and tells. While it collects votes, these are the cause.
  void settle(Outcome verdict, Env& env, AbortCause cause = AbortCause::termination) {
    quiet(env);
    const bool voting = phase_ == Phase::voting;
    waiting_ = others(env) - down_;
    if (env.is_coordinator() && elected_ == 1 &&
        env.options().decision_to == DecisionTo::all_but_no_voters) {
      waiting_ = waiting_ - me().no_voters();
    }
    conclude(verdict, env, voting ? me().vote_cause(env) : cause);
    role_ = Role::none;
    tell(env);
  }
  void tell(Env& env) {
    if (tells_one_by_one(env)) turn_ = 0;
    send_decision(env);
    if (!env.options().acks) return;
    if (waiting_.empty()) return end(env);
    env.set_timer(Timer::acks);
  }
  /// To all whose acknowledgement is missing, or to the next one of them.
  void send_decision(Env& env) {
    if (!tells_one_by_one(env)) return env.send(waiting_, Decision{outcome()});
    if (waiting_.empty()) return;
    const ProcessId next = waiting_.next_in_turn(turn_);
    turn_ = static_cast<std::uint16_t>(next + 1);
    env.send(next, Decision{outcome()});
  }
  void end(Env& env) {
    env.cancel_timer(Timer::acks);
    env.forget();
  }

  void quiet(Env& env) {
    for (const Timer t : {Timer::decision, Timer::commit, Timer::states, Timer::acks,
                          Timer::request, Timer::votes}) {
      env.cancel_timer(t);
    }
  }
  Record state_record() const {
    const auto kind = phase_ == Phase::uncertain       ? Record::Kind::prepared
                      : phase_ == Phase::pre_committed ? Record::Kind::pre_committed
                                                       : Record::Kind::pre_aborted;
    if (!kElections) return {kind};
    return {kind, 0, Election(elected_), Election(attempt_)};
  }
  Set others(const Env& env) const {
    Set others = Set::range(0, env.processes());
    others.erase(env.self());
    return others;
  }

  P& me() { return static_cast<P&>(*this); }

  Set waiting_;                                  ///< leader: whose answer or final ack is missing
  Set uncertain_, pre_committed_, pre_aborted_;  ///< leader: states collected, its own included
  Set moved_;                                    ///< leader: known to be where it moves them
  Set down_;                                     ///< reported by a failure detector
  std::uint32_t elected_ = 1;          ///< Last_Elected; the coordinator's first round is 1
  std::uint32_t attempt_ = 0;          ///< Last_Attempt
  std::uint32_t refused_by_ = 0;       ///< leader: latest election that others know of
  std::uint32_t largest_attempt_ = 0;  ///< leader: of the members
  /// While it is voting: the number of the try. One by one: 1 + whom it has sent to last.
  std::uint16_t turn_ = 0;
  ProcessId leader_ = 0;  ///< whom this site follows, or waits for
  Phase phase_ = Phase::initial;
  Role role_ = Role::none;
  std::uint8_t largest_committable_ = 0;  ///< all members with the largest attempt are PC
  std::uint8_t asks_again_ = 0;           ///< leader: at once if it is refused, after a time-out

 private:
  static bool tells_one_by_one(const Env& env) {
    return env.options().telling == Telling::one_by_one && env.options().acks;
  }
  static constexpr std::string_view kRecordNames[] = {
      "none", "started", "prepared", "pre-committed", "pre-aborted", "committed", "aborted"};
};

}  // namespace indoubt
