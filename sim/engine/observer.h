#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "sim/process/effect.h"
#include "sim/process/machine.h"
#include "sim/process/time.h"

namespace indoubt {

/// What a transaction has come to.
enum class Conclusion : std::uint8_t { commit, abort, blocked, abandoned, unfinished };

/// Why a message does not arrive.
enum class Loss : std::uint8_t {
  link,     ///< the network's probability of loss
  chosen,   ///< a fault that is about chosen messages
  cut,      ///< the link is cut, or was while the message was under way
  stalled,  ///< the link holds it for ever
  down      ///< its receiver is down, or crashed before it came to it
};

/// What happens to a message that is not lost.
enum class Mishap : std::uint8_t {
  delayed,  ///< a fault makes it take longer by `time`
  twice,    ///< a copy of it is under way too
  held      ///< a fault, a stalled link or a site that is down keeps it until `time`
};

/// Sees a run as it happens: traces, tests, viewers. Called in virtual-time order of the run; must
/// not keep references. A run without an observer pays nothing for it.
class Observer {
 public:
  struct At {
    std::uint64_t transaction;  ///< its number, from 1
    Duration time;              ///< since the transaction began
    ProcessId process;
  };
  virtual ~Observer() = default;
  /// Execution phase: a work request leaves the coordinator for the process and arrives after
  /// `request`; the reply that the process sends then takes `reply`. Two messages, never lost.
  virtual void on_work(const At&, Duration /*request*/, Duration /*reply*/) {}
  /// A process takes an input.
  virtual void on_input(const At&, const Input&) {}
  /// An effect takes place. A set is reported as one effect with its members.
  virtual void on_effect(const At&, const Effect&, std::span<const ProcessId> /*members*/) {}
  /// A forced record became durable.
  virtual void on_durable(const At&, RecordWord) {}
  /// A message was lost on its way.
  virtual void on_loss(const At&, ProcessId /*to*/, Message, Loss) {}
  /// A message takes another course; told at its sender when that begins. `time`: as Mishap says,
  /// `held` since the transaction began.
  virtual void on_mishap(const At&, ProcessId /*to*/, Message, Mishap, Duration /*time*/) {}
  /// The site called after a process crashes, or is up again.
  virtual void on_crash(const At&) {}
  virtual void on_restart(const At&) {}
  /// A fault of the network, of a site's speed or of its clock begins or ends: number `fault` of
  /// the scenario. Told to every transaction under way, the coordinator as process.
  virtual void on_fault(const At&, std::size_t /*fault*/, bool /*begins*/) {}
  /// A process that recovers finds in its log that it had decided.
  virtual void on_decision_read(const At&, Outcome) {}
  /// A participant in doubt decides without the protocol: by itself, or an operator does.
  virtual void on_verdict(const At&, Outcome) {}
  virtual void on_end(const At&, Conclusion) {}
  /// The step that an input began is over (as far as no force holds it up). If a crash cut it
  /// short, that is told afterwards, and the state is the one that the handler came to.
  virtual void on_state(const At&, std::string_view /*state*/) {}
};

}  // namespace indoubt
