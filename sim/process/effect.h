#pragma once
// Effects as values. Protocols do not see this header: a compiler that knows just one Sink bets on
// it at every call.
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "sim/process/sink.h"

namespace indoubt {

/// One effect as a value: sixteen bytes. The destinations of a set lie apart, in Effects.
struct Effect {
  enum class Kind : std::uint8_t {
    send,
    send_set,
    prepare,
    vote,
    force,
    log,
    set_timer,
    cancel_timer,
    decide,
    forget
  };
  Kind kind{};
  Tag tag{};              ///< timers: which one; vote, decide: which
  ProcessId to{};         ///< send: the destination; send_set: index of the first in
                          ///< Effects; decide: the cause
  std::uint16_t count{};  ///< send_set: number of destinations
  std::uint64_t word{};   ///< sends: the message; force, log: the record
  bool operator==(const Effect&) const = default;
};

/// The effects of one step, in program order. Holds its storage in place: about 4 KiB, no heap.
class Effects final : public Sink {
 public:
  static constexpr int kMostEffects = 24;
  static constexpr int kMostDestinations = 4 * kMostProcesses;

  void clear() { size_ = members_size_ = 0; }
  int size() const { return size_; }
  const Effect& operator[](int i) const { return effects_[static_cast<std::size_t>(i)]; }
  /// Destinations of a send_set effect of this object.
  std::span<const ProcessId> members(const Effect& e) const {
    return {members_.data() + e.to, e.count};
  }
  /// Asks `sink` for the effects from number `first` on.
  void replay(Sink& sink, int first) const;
  /// Whether both lists ask for the same, destinations included.
  bool operator==(const Effects& o) const;

  void send(ProcessId to, Message m) override { push({Effect::Kind::send, 0, to, 0, m.word}); }
  void send_set(std::span<const ProcessId> to, Message m) override;
  void prepare() override { push({.kind = Effect::Kind::prepare}); }
  void vote(LocalVote v) override {
    push({.kind = Effect::Kind::vote, .tag = static_cast<Tag>(v)});
  }
  void force(RecordWord r) override { push({Effect::Kind::force, 0, 0, 0, r}); }
  void log(RecordWord r) override { push({Effect::Kind::log, 0, 0, 0, r}); }
  void set_timer(Tag t) override { push({.kind = Effect::Kind::set_timer, .tag = t}); }
  void cancel_timer(Tag t) override { push({.kind = Effect::Kind::cancel_timer, .tag = t}); }
  void decide(Outcome o, AbortCause cause) override {
    push({Effect::Kind::decide, static_cast<Tag>(o), static_cast<ProcessId>(cause), 0, 0});
  }
  void forget() override { push({.kind = Effect::Kind::forget}); }

 private:
  void push(const Effect& e);
  int size_ = 0, members_size_ = 0;
  std::array<Effect, kMostEffects> effects_;
  std::array<ProcessId, kMostDestinations> members_;
};

}  // namespace indoubt
