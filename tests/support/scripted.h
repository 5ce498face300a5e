#pragma once
// A protocol whose handlers a test writes in place, for what no protocol of the catalogue does:
// wrong decisions, odd timers, many messages at once.
#include <array>
#include <string_view>

#include "sim/process/machine.h"

namespace indoubt {

/// Handlers that do nothing. A script hides those it needs; `self` is its Scripted process.
struct Script {
  static void start(auto& /*env*/, auto& /*self*/) {}
  static void receive(int /*number*/, ProcessId /*from*/, auto& /*env*/, auto& /*self*/) {}
  static void prepared(bool /*yes*/, auto& /*env*/, auto& /*self*/) {}
  static void timeout(int /*timer*/, auto& /*env*/, auto& /*self*/) {}
};

template <class S>
class Scripted {
 public:
  /// The only message type: a number, of 32 bits.
  struct Note {
    std::uint16_t low = 0, high = 0;
    std::string_view name() const { return "NOTE"; }
    bool operator==(const Note&) const = default;
  };
  using Message = Messages<Note>;
  enum class Timer : std::uint8_t { first, second };
  static constexpr std::array<std::string_view, 2> kTimers = {"first", "second"};
  using Record = std::uint8_t;
  struct Options {};
  using Set = ProcessSet<32>;
  using Env = indoubt::Env<Scripted>;
  static constexpr int kLimit = 32;

  void start(Env& env) { S::start(env, *this); }
  void receive(Note note, ProcessId from, Env& env) {
    S::receive(note.low | note.high << 16, from, env, *this);
  }
  void prepared(bool yes, Env& env) {
    env.vote(yes);
    S::prepared(yes, env, *this);
  }
  void timeout(Timer timer, Env& env) { S::timeout(static_cast<int>(timer), env, *this); }
  void recover(Record, Env&) {}
  Outcome outcome() const { return decided; }
  std::string_view state_name() const { return "scripted"; }
  static ProtocolTraits traits(const Options&) { return {}; }
  static std::string_view record_name(Record) { return "record"; }
  bool operator==(const Scripted&) const = default;

  void decide(Outcome o, Env& env) {
    decided = o;
    env.decide(o);
  }
  static void note(int number, int to, Env& env) {
    env.send(static_cast<ProcessId>(to),
             Note{static_cast<std::uint16_t>(number), static_cast<std::uint16_t>(number >> 16)});
  }
  static void arm(int timer, Env& env) { env.set_timer(static_cast<Timer>(timer)); }
  static void disarm(int timer, Env& env) { env.cancel_timer(static_cast<Timer>(timer)); }

  std::uint16_t seen = 0;  ///< for the script
  Outcome decided = Outcome::none;
  std::uint8_t spare = 0;
};

template <class S>
Machine scripted(int participants) {
  return machine_of<Scripted<S>>(participants + 1);
}

}  // namespace indoubt
