#pragma once
#include <array>
#include <cstring>

#include "sim/process/group.h"
#include "sim/process/sink.h"

namespace indoubt {

/// A record of protocol P as the word that the log keeps, and back.
template <class Record>
RecordWord encode_record(const Record& r) {
  static_assert(std::is_trivially_copyable_v<Record> && sizeof(Record) <= sizeof(RecordWord));
  RecordWord w = 0;
  std::memcpy(&w, &r, sizeof r);
  return w;
}
template <class Record>
Record decode_record(RecordWord w) {
  Record r{};
  std::memcpy(static_cast<void*>(&r), &w, sizeof r);
  return r;
}

/// The world as one process of protocol P sees it during one step: who it is, who takes part, which
/// options hold, and what it may ask for. Accepts P's own messages, timers and records only.
/// Lives for one step; a handler must not keep it.
template <class P>
class Env {
 public:
  using Set = typename P::Set;
  using Options = typename P::Options;

  Env(ProcessId self, const Group& group, int processes, const Options& options, Sink& sink)
      : self_(self), processes_(processes), group_(group), options_(options), out_(sink) {}

  ProcessId self() const { return self_; }
  bool is_coordinator() const { return self_ == kCoordinator; }
  bool is_participant() const { return self_ >= 1 && self_ <= group_.participants; }
  /// All together: the coordinator 0, participants 1..n, auxiliaries from n + 1 on.
  int processes() const { return processes_; }
  int participant_count() const { return group_.participants; }
  Set participants() const { return Set::range(1, group_.participants + 1); }
  /// Processes beyond coordinator and participants, such as acceptors.
  Set auxiliaries() const { return Set::range(group_.participants + 1, processes_); }
  /// Weight of the coordinator or a participant in quorums; 1 unless the scenario says otherwise.
  int weight(ProcessId p) const { return group_.weight(p); }
  const Options& options() const { return options_; }

  /// Leaves at once; arrives after the link's delay, if it is not lost.
  template <class M>
  void send(ProcessId to, const M& m) {
    out_.send(to, encode<typename P::Message>(m));
  }
  /// To every member of a set, in increasing order; nothing happens for an empty set.
  template <class M>
  void send(const Set& to, const M& m) {
    std::array<ProcessId, P::kLimit> members;
    std::size_t count = 0;
    to.for_each([&](ProcessId p) { members[count++] = p; });
    if (count != 0) out_.send_set({members.data(), count}, encode<typename P::Message>(m));
  }
  /// Starts local work at this process's resource manager; answered later by `prepared(vote)`.
  void prepare() { out_.prepare(); }
  /// Says how this process votes, once; before the message that carries the vote. One that says YES
  /// is in doubt from here until it decides.
  void vote(LocalVote v) { out_.vote(v); }
  void vote(bool yes) { out_.vote(yes ? LocalVote::yes : LocalVote::no); }
  /// The effects after it take place once the record is durable. Until then the process takes no
  /// other input.
  void force(const typename P::Record& r) { out_.force(encode_record(r)); }
  /// Durable with the next force at this site; lost by a crash before.
  void log(const typename P::Record& r) { out_.log(encode_record(r)); }
  /// Arms a timer, again if it is armed already; its length is the scenario's.
  void set_timer(typename P::Timer t) { out_.set_timer(static_cast<Tag>(t)); }
  void cancel_timer(typename P::Timer t) { out_.cancel_timer(static_cast<Tag>(t)); }
  /// The local decision, effective at once: locks are freed. Durable only if its record was forced.
  /// A coordinator that aborts says why.
  void decide(Outcome o, AbortCause cause = AbortCause::other) { out_.decide(o, cause); }
  /// Protocol state may be dropped; a later inquiry meets a fresh process with what the log holds.
  void forget() { out_.forget(); }

 private:
  ProcessId self_;
  int processes_;
  const Group& group_;
  const Options& options_;
  Sink& out_;
};

}  // namespace indoubt
