#pragma once
// One way on from a situation, as it could really happen: nothing more is lost, nobody crashes, and
// who waits too long is given time to come to an end.
#include <cstdint>
#include <vector>

#include "sim/process/effect.h"
#include "sim/process/machine.h"

namespace indoubt {

/// What a process decides in this run it can decide: no closure need be asked. What it does not
/// decide says nothing, since other runs may. One run of a few hundred handlers settles most
/// questions about protocols with elections, whose closures are large.
///
/// The run: messages arrive in the order of sending, before any time-out; local work votes YES if
/// it can; then the processes in turn let their time-outs fire, and what comes of each arrives
/// before the next, so that no two leaders disturb each other.
class FairRun {
 public:
  /// Arguments and the functions that describe the situation: as for Closure.
  FairRun(const Machine& machine, std::uint32_t timers_that_fire, std::vector<std::uint8_t> votes);

  void cut(ProcessId from, ProcessId to);
  void place(ProcessId p, const void* state, std::uint32_t armed, bool working);
  void place_recovered(ProcessId p, RecordWord record);
  void add_message(ProcessId from, ProcessId to, Message m);
  void add_effects(ProcessId p, const Effects& effects, int first);

  /// Ends when all that were placed have decided (auxiliaries decide nothing), or after `turns` of
  /// each process.
  void run(int turns);

  /// After run().
  bool has_decided(ProcessId p) const { return sites_[p].decided; }
  bool all_decided() const;

 private:
  struct Site {
    std::vector<std::uint64_t> state;
    std::uint32_t armed = 0;
    bool placed = false, working = false, decided = false;
  };
  struct Flight {
    ProcessId from, to;
    Message message;
  };
  /// Most handlers of a run: a protocol in which every message causes another one never rests.
  static constexpr int kMostSteps = 20'000;

  void step(ProcessId p, const Input& in);
  void settle();
  void fire(ProcessId p);
  LocalVote vote_of(ProcessId p) const;

  const Machine& machine_;
  std::uint32_t timers_that_fire_;
  std::vector<std::uint8_t> votes_;
  std::vector<bool> cut_;
  std::vector<Site> sites_;
  std::vector<Flight> flights_;
  std::size_t arrived_ = 0;  ///< of flights_
  int steps_ = 0;
};

}  // namespace indoubt
