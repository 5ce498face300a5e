#pragma once
// What a process asks for. Handlers write effects, in program order, to a Sink: the simulator's sink
// performs them at once; tests, a pending force and the explorer record them as values (Effects).
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "sim/process/message.h"
#include "sim/process/outcome.h"
#include "sim/process/process_set.h"

namespace indoubt {

/// A stable-log record, as a word. 0 is "nothing was ever written".
using RecordWord = std::uint64_t;

/// Most processes in one transaction, the coordinator included.
inline constexpr int kMostProcesses = 320;

/// One call per effect. The caller owns everything passed; nothing may be kept by reference.
class Sink {
 public:
  virtual void send(ProcessId to, Message m) = 0;
  /// One effect with several destinations, in increasing order; a crash may cut it after any of them.
  virtual void send_set(std::span<const ProcessId> to, Message m) = 0;
  virtual void prepare() = 0;
  virtual void force(RecordWord record) = 0;
  virtual void log(RecordWord record) = 0;
  virtual void set_timer(Tag timer) = 0;
  virtual void cancel_timer(Tag timer) = 0;
  virtual void decide(Outcome outcome) = 0;
  virtual void forget() = 0;

 protected:
  ~Sink() = default;
};

/// One effect as a value: sixteen bytes. The destinations of a set lie apart, in Effects.
struct Effect {
  enum class Kind : std::uint8_t {
    send, send_set, prepare, force, log, set_timer, cancel_timer, decide, forget
  };
  Kind kind{};
  Tag tag{};              ///< timers: which one; decide: the outcome
  ProcessId to{};         ///< send: the destination; send_set: index of the first in Effects
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
  void force(RecordWord r) override { push({Effect::Kind::force, 0, 0, 0, r}); }
  void log(RecordWord r) override { push({Effect::Kind::log, 0, 0, 0, r}); }
  void set_timer(Tag t) override { push({.kind = Effect::Kind::set_timer, .tag = t}); }
  void cancel_timer(Tag t) override { push({.kind = Effect::Kind::cancel_timer, .tag = t}); }
  void decide(Outcome o) override {
    push({.kind = Effect::Kind::decide, .tag = static_cast<Tag>(o)});
  }
  void forget() override { push({.kind = Effect::Kind::forget}); }

 private:
  void push(const Effect& e);
  int size_ = 0, members_size_ = 0;
  std::array<Effect, kMostEffects> effects_;
  std::array<ProcessId, kMostDestinations> members_;
};

}  // namespace indoubt
