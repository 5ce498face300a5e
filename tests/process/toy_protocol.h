#pragma once
// The least protocol that uses every part of the contract, for tests of the contract itself.
#include <array>
#include <string_view>

#include "sim/process/machine.h"

namespace indoubt {

/// The coordinator greets everybody; whoever is greeted prepares, writes and answers.
template <int kMax>
class ToyProtocol {
 public:
  struct Greeting {
    std::uint16_t number = 0;
    std::string_view name() const { return "GREETING"; }
    bool operator==(const Greeting&) const = default;
  };
  struct Answer {
    bool yes = false;
    std::string_view name() const { return yes ? "YES" : "NO"; }
    bool operator==(const Answer&) const = default;
  };
  using Message = Messages<Greeting, Answer>;
  enum class Timer : std::uint8_t { patience, rest };
  static constexpr std::array<std::string_view, 2> kTimers = {"patience", "rest"};
  struct Record {
    std::uint8_t kind = 0, by = 0;
  };
  struct Options {
    bool polite = true;
  };
  using Set = ProcessSet<kMax>;
  using Env = indoubt::Env<ToyProtocol>;
  static constexpr int kLimit = kMax;

  void start(Env& env) {
    if (!env.is_coordinator()) return;
    env.send(env.participants(), Greeting{42});
    env.set_timer(Timer::rest);
  }
  void receive(Greeting g, ProcessId from, Env& env) {
    seen_.insert(from);
    last_ = g.number;
    env.prepare();
  }
  void receive(Answer a, ProcessId from, Env& env) {
    if (a.yes) seen_.insert(from);
    env.cancel_timer(Timer::rest);
    env.decide(Outcome::commit);
    env.forget();
  }
  void prepared(bool vote, Env& env) {
    env.force(Record{1, static_cast<std::uint8_t>(env.self())});
    env.log(Record{2, 0});
    if (env.options().polite) env.send(kCoordinator, Answer{vote});
  }
  void timeout(Timer timer, Env& env) { env.set_timer(timer); }
  void recover(Record last, Env& env) {
    last_ = last.kind;
    if (last.kind != 0) env.decide(Outcome::abort);
  }
  Outcome outcome() const { return last_ == 1 ? Outcome::abort : Outcome::none; }
  std::string_view state_name() const { return last_ == 42 ? "greeted" : "fresh"; }
  static ProtocolTraits traits(const Options& o) {
    return {o.polite ? DecisionRule::all : DecisionRule::any};
  }
  static std::string_view record_name(Record r) { return r.kind == 1 ? "one" : "other"; }
  bool operator==(const ToyProtocol&) const = default;

 private:
  Set seen_;
  std::uint16_t last_ = 0;
  std::uint16_t spare_ = 0;
};

}  // namespace indoubt
