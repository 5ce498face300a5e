#pragma once
// Whether a transaction can still come to a decision: the simulator's oracle of "blocked".
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "sim/closure/closure.h"

namespace indoubt {

/// A transaction at one moment, as far as it decides what can still happen.
class Situation {
 public:
  void clear();
  /// Processes that are up, in increasing order; `state` is copied.
  void add_process(ProcessId p, const void* state, std::size_t size, std::uint32_t armed,
                   bool working);
  /// A process that comes back with this record as its last durable one.
  void add_recovery(ProcessId p, RecordWord record) { recoveries_.push_back({p, record}); }
  /// Effects of the process added last that wait for a force.
  void add_effects(const Effects& effects, int first);
  /// In flight, or held back by a busy process.
  void add_message(ProcessId from, ProcessId to, Message m);
  void add_cut(ProcessId from, ProcessId to) { cuts_.push_back({from, to}); }

 private:
  friend class Prospects;
  struct Place {
    ProcessId process;
    std::uint32_t armed;
    bool working;
    std::size_t state_at, effects_from, effects_end;
  };
  struct Flight {
    ProcessId from, to;
    std::uint64_t word;
    auto operator<=>(const Flight&) const = default;
  };
  struct Recovery {
    ProcessId process;
    RecordWord record;
  };
  struct Cut {
    ProcessId from, to;
  };
  std::vector<Place> places_;
  std::vector<Flight> flights_;
  std::vector<Cut> cuts_;
  std::vector<Recovery> recoveries_;
  std::vector<Effect> effects_;
  std::vector<ProcessId> members_;
  std::string states_;
};

/// Answers by the closure of what the processes can do from a situation on; remembers its answers.
/// "Can" may be too much: a closure lets every message arrive, in any order. "Cannot" is certain
/// where the closure ends. Protocols whose elections count up for ever have no closure that ends;
/// for them a fair run is tried first, and if somebody does not decide in it, the closure up to a
/// ballot or election of every process above all that are known: later ones find what these find.
class Prospects {
 public:
  /// `timers_that_fire`, `votes`: as for Closure.
  Prospects(const Machine& machine, std::uint32_t timers_that_fire, std::vector<std::uint8_t> votes)
      : machine_(machine), timers_that_fire_(timers_that_fire), votes_(std::move(votes)) {}

  /// By process: whether it has decided or can still do so without a restart or the end of a cut.
  /// True for all when the closure is too large to tell. Sorts the situation's messages.
  const std::vector<bool>& can_decide(Situation& situation);

 private:
  static constexpr std::size_t kMostRemembered = 4096;
  /// Steps of a closure; of one that is bounded besides, by few time-outs or by rounds.
  static constexpr std::size_t kSteps = 20'000, kBoundedSteps = 60'000;
  static constexpr std::uint8_t kFewTimeouts = 4;
  static constexpr int kTurns = 4;  ///< of each process in a fair run
  /// Ballots or elections count up: there is no closure without a bound.
  bool elects() const { return machine_.round != nullptr; }
  std::vector<bool> close(const Situation& situation) const;
  bool run_part(const Situation& situation, const std::vector<int>& part_of, int part,
                std::vector<bool>& can) const;
  bool close_part(const Situation& situation, const std::vector<int>& part_of, int part,
                  std::uint8_t most_timeouts, std::vector<bool>& can) const;
  std::uint32_t latest_round(const Situation& situation) const;
  template <class Way>
  static void describe(const Situation& situation, const std::vector<int>& part_of, int part,
                       Way& way);
  std::vector<int> parts_of(const Situation& situation) const;
  static void key_of(const Situation& situation, std::string& key);
  const Machine& machine_;
  std::uint32_t timers_that_fire_;
  std::vector<std::uint8_t> votes_;
  std::map<std::string, std::vector<bool>> remembered_;
  std::string key_;  ///< keeps its room: an answer that is remembered allocates nothing
};

}  // namespace indoubt
