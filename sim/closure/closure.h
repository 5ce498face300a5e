#pragma once
// The closure of a protocol's local behaviour: every step that any process can take when whatever
// anybody can send may arrive at any time, in any order and any number of times, and every timer
// that can be armed may fire at any time.
//
// More than what can really happen together, never less: what is not in the closure cannot happen.
// The protocol runs once for each pair of local situation and input.
#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <vector>

#include "sim/process/effect.h"
#include "sim/process/machine.h"

namespace indoubt {

/// What a closure starts from and what may happen in it.
class Closure {
 public:
  struct Limits {
    std::size_t steps = 200'000;  ///< run of handlers; beyond: incomplete
  };
  /// Called for each step taken, in a fixed order.
  using Visitor = std::function<void(const Input&, const Effects&)>;

  /// `timers_that_fire`: bit k set if timer k has a length; others never fire. `votes`: for each
  /// process the votes that its local work can give, bit by LocalVote.
  Closure(const Machine& machine, std::uint32_t timers_that_fire, std::vector<std::uint8_t> votes);

  /// Whether messages from one process can reach another; all can unless this says otherwise.
  void cut(ProcessId from, ProcessId to);
  /// Processes crash and recover with every record that they may have written.
  void allow_recovery() { recovers_ = true; }
  /// Ballots or elections above `most` are not followed: the step that comes to one is visited, its
  /// state and its messages are left out. Without effect on protocols that count none.
  void bound_rounds(std::uint32_t most) { most_rounds_ = most; }
  void on_step(Visitor visitor) { visitor_ = std::move(visitor); }

  /// A process as it is: `state` has machine.state_size bytes; `armed` by tag; `working`: local
  /// work is under way. Processes not placed are down: they take nothing.
  void place(ProcessId p, const void* state, std::uint32_t armed, bool working);
  /// A process at its beginning, about to start.
  void place_fresh(ProcessId p);
  /// A process that comes back from a crash with `record` as its last durable one.
  void place_recovered(ProcessId p, RecordWord record);
  /// A message in flight to, or held back at, process `to`.
  void add_message(ProcessId from, ProcessId to, Message m);
  /// Effects that wait for a force of p, from number `first` on: taken as done.
  void add_effects(ProcessId p, const Effects& effects, int first);

  /// Known from elsewhere: p can decide.
  void note_can_decide(ProcessId p) { can_decide_[p] = true; }
  /// Each process lets at most so many time-outs fire. Elections that count up never close
  /// otherwise; what needs more rounds is not found then. Call before processes are placed.
  void limit_timeouts(std::uint8_t most) { most_fired_ = most; }
  /// close() ends as soon as the coordinator and every participant that was placed is known to be
  /// able to decide. Auxiliaries decide nothing.
  void stop_when_all_can_decide() { stops_early_ = true; }

  /// Runs until nothing new is found; false if the limit was hit.
  bool close(Limits limits);
  bool close() { return close(Limits{}); }

  /// After close(): whether p has a reachable local situation in which it has decided.
  bool can_decide(ProcessId p) const { return can_decide_[p]; }

 private:
  struct Local {
    ProcessId process;
    std::uint32_t armed;
    bool working;
    std::uint8_t fired;  ///< time-outs so far, where they are limited
    std::vector<std::uint64_t> state;
  };
  struct Arrival {
    ProcessId from;
    Message message;
    bool operator<(const Arrival& o) const {
      return from != o.from ? from < o.from : message.word < o.message.word;
    }
  };
  struct Site {
    std::vector<std::size_t> locals;
    std::vector<Arrival> arrivals;
    std::set<Arrival> known;
    std::set<RecordWord> records;
    bool placed = false;
  };

  void add(Local local);
  void run(const Local& from, const Input& in);
  void take(const Effects& effects, int first, Local& local);
  void recover(ProcessId p, RecordWord record);
  Local fresh(ProcessId p) const;
  bool all_can_decide() const;

  const Machine& machine_;
  std::uint32_t timers_that_fire_;
  std::vector<std::uint8_t> votes_;
  std::vector<bool> cut_, can_decide_;
  bool recovers_ = false, stops_early_ = false;
  std::uint8_t most_fired_ = 0;  ///< 0: any number
  std::uint32_t most_rounds_ = ~std::uint32_t{0};
  Visitor visitor_;
  std::vector<Local> locals_;
  std::set<std::string> known_;
  std::vector<Site> sites_;
  std::size_t steps_ = 0;
};

}  // namespace indoubt
