#pragma once
// A second explorer, as simple as can be: worlds are maps and sets, every step runs the protocol.
// Shares nothing with analysis/explore but the machine and the meaning of a budget; asynchronous
// timing only.
#include <array>
#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "sim/process/effect.h"
#include "sim/process/machine.h"
#include "sim/scenario/exploration.h"

namespace indoubt {

class NaiveExplorer {
 public:
  struct Counts {
    std::uint64_t states = 0;
    std::uint64_t orbits =
        0;          ///< of worlds that differ by names of participants only, if asked for
    int depth = 0;  ///< levels
    bool disagreed = false, reversed = false, unjustified = false;  ///< AC1, AC2, AC3
    int first_disagreement = -1;
  };
  /// `fires`: timers that fire, bit by tag.
  NaiveExplorer(const Machine& machine, const Exploration& budget, std::uint32_t fires)
      : machine_(machine), budget_(budget), fires_(fires) {}
  /// A crash cuts a broadcast as if its sends to participants left in any order, not in that of
  /// their numbers.
  void let_sends_leave_in_any_order() { any_order_ = true; }
  /// Visits every world; at most so many.
  Counts run(std::uint64_t most, bool count_orbits = false);

 private:
  struct Site {
    std::string state;
    int phase = 0;  // 0 fresh, 1 up, 2 down
    bool working = false, voted = false, asked = false, reversed = false;
    int vote = 0;
    std::uint32_t armed = 0;
    RecordWord durable = 0;
    std::vector<RecordWord> unforced;
    int decided = 0;
    auto operator<=>(const Site&) const = default;
  };
  struct World {
    std::vector<Site> sites;
    std::set<std::array<std::uint64_t, 3>> flight;  // from, to, word
    int crashes, losses, duplications, partitions;
    std::uint64_t split = 0;
    auto operator<=>(const World&) const = default;
  };
  Site fresh() const;
  bool separated(const World& w, std::uint64_t a, std::uint64_t b) const;
  void step(const World& w, ProcessId p, const Input& in, std::vector<World>& out) const;
  bool perform(World& w, ProcessId p, const Effect& e, std::span<const ProcessId> members,
               int& left) const;
  void cut_steps(const World& begun, ProcessId p, const Effects& effects, int visible,
                 std::vector<World>& out) const;
  bool perform_all(World& w, ProcessId p, const Effects& effects, std::span<const ProcessId> order,
                   int& left) const;
  void crash(const World& w, ProcessId p, std::vector<World>& out) const;
  std::vector<World> successors(const World& w) const;
  void at_site(const World& w, ProcessId p, std::vector<World>& out) const;
  void deliver(const World& w, std::vector<World>& out) const;
  void part(const World& w, std::vector<World>& out) const;
  World exchanged(const World& w, ProcessId a, ProcessId b) const;
  World least_image(const World& w) const;
  void judge(const World& w, int level, Counts& counts) const;

  const Machine& machine_;
  Exploration budget_;
  std::uint32_t fires_;
  bool any_order_ = false;
};

}  // namespace indoubt
