#pragma once
// One process in an exploration: its local situation, and what a step makes of it.
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "sim/process/effect.h"
#include "sim/process/machine.h"

namespace indoubt {

/// What one process is, as far as it decides what it can do from here on and what is judged. A
/// value; equal ones have equal keys.
struct Local {
  enum class Phase : std::uint8_t { fresh, up, down };

  std::vector<std::uint64_t> state;   ///< the protocol's, machine.state_size bytes, zero behind
  Phase phase = Phase::fresh;         ///< fresh: about to start
  std::uint8_t working = 0;           ///< local work: 0 none, else 1 + ticks left
  std::uint8_t fired = 0;             ///< time-outs so far, where they are limited
  std::vector<std::uint8_t> timers;   ///< by tag: 0 not armed, else 1 + ticks left
  RecordWord durable = 0;             ///< the last record that a crash leaves
  std::vector<RecordWord> unforced;   ///< later ones, oldest first
  Outcome decided = Outcome::none;    ///< its last decision; crashes do not undo it
  bool reversed = false;              ///< it has decided both ways (AC2)
  bool asked = false, voted = false;  ///< has begun local work; has voted
  LocalVote vote = LocalVote::no;     ///< if it has voted
  /// Effects that wait for a forced write: those from number `rest_from` on, the write first; only
  /// where writes take time. `writing`: 0 none, else 1 + ticks left.
  std::shared_ptr<const Effects> rest;
  std::uint8_t rest_from = 0, writing = 0;

  bool up() const { return phase == Phase::up; }
  bool in_doubt() const { return voted && vote == LocalVote::yes && decided == Outcome::none; }
  std::string key() const;
};

/// A message on its way.
struct Sending {
  ProcessId to;
  Message message;
  bool operator==(const Sending&) const = default;
};

/// One way in which a step can end.
struct Stepped {
  Local next;
  std::vector<Sending> sends;  ///< in order
  /// Visible effects performed before a crash cut the step; kWhole: all.
  static constexpr int kWhole = -1;
  int cut = kWhole;
  bool splits = false;  ///< the cut falls between the sends of one broadcast
};

/// What begins a step: an input, or the end of the forced write that holds the process up.
struct Act {
  enum class Kind : std::uint8_t { input, written };
  Kind kind = Kind::input;
  Input input = Input::start(0);
  static Act of(const Input& in) { return {Kind::input, in}; }
  static Act written(ProcessId self) { return {Kind::written, Input::start(self)}; }
};

/// Runs single steps of a machine, which must outlive it. Nothing is remembered.
class LocalSteps {
 public:
  struct Setting {
    std::uint32_t timers_that_fire = 0;     ///< bit by tag; others are never armed
    std::vector<std::uint8_t> timer_ticks;  ///< by tag: length; empty without clocks
    std::vector<std::uint8_t> work_ticks;   ///< by process: local work; empty without clocks
    std::uint8_t force_ticks = 0;
    std::uint8_t most_fired = 0;  ///< time-outs of one process; 0: any number
    bool separate_sends = true;   ///< a cut may fall between the sends of a broadcast
  };
  LocalSteps(const Machine& machine, Setting setting)
      : machine_(machine), setting_(std::move(setting)) {}

  Local fresh() const;
  /// The acts, deliveries apart, that `from` may take now: its start, its restart, local work done
  /// (one for each of `votes`, bit by LocalVote), a write done, time-outs.
  std::vector<Act> acts(const Local& from, ProcessId self, std::uint8_t votes) const;
  /// The step of `from` that `act` begins, done in full.
  Stepped whole(const Local& from, const Act& act) const;
  /// The same step cut by a crash after each proper prefix of its visible effects: a send to one
  /// destination, a forced write, a decision. The others cannot be told from a crash before or
  /// after the step. The site is down in each; one for each prefix of the unforced records that
  /// survives, since another transaction may have forced the site's log.
  std::vector<Stepped> cuts(const Local& from, const Act& act) const;
  /// A crash between steps, in the same way. Requires that `from` is not down.
  std::vector<Local> crashed(const Local& from) const;
  /// What the handler of `act` asks for, done or not.
  Effects asked(const Local& from, const Act& act) const;
  /// How far a step comes that is cut after so many visible effects (kWhole: to its end).
  struct Reach {
    int whole = 0;  ///< effects done in full
    int sends = 0;  ///< single sends of the one after them
  };
  Reach reach(const Effects& effects, int cut) const;
  /// One tick later; requires can_tick.
  Local ticked(const Local& from) const;
  /// Nothing of `from` is due: no timer, work or write has come to its end.
  bool can_tick(const Local& from) const;

  const Machine& machine() const { return machine_; }

 private:
  Effects effects_of(Local& local, const Act& act) const;
  Stepped performed(const Local& begun, const Effects& effects, int cut, ProcessId self) const;
  bool take(Local& local, const Effects& effects, int number, ProcessId self) const;

  const Machine& machine_;
  Setting setting_;
};

}  // namespace indoubt
