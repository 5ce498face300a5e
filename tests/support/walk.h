#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sim/random/draws.h"
#include "tests/support/puppet.h"

namespace indoubt {

/// A short run of chance, judged after each step: messages are lost, late and repeated, timers
/// expire early, sites crash and come back with what was forced; how often, depends on the run.
/// Everything is drawn from (seed, step).
class Walk {
 public:
  Walk(std::string_view protocol, int participants, std::uint64_t seed,
       const std::vector<NamedOption>& options);

  /// So many steps; what they break of AC1-AC3, or nothing.
  std::string run(int steps);
  /// From here on nothing is lost, and one process after another waits too long. Gives as run().
  std::string settle_down();
  /// The site of p goes down for good, and any of its messages in flight may be lost.
  void take_down(int p) { w_.crash(p, draw(256)); }

  /// All are asked and vote YES; nothing else arrives.
  void all_prepare();

  const Puppet& world() const { return w_; }
  Puppet& world() { return w_; }
  int participants() const { return w_.machine().group.participants; }

 private:
  /// In percent: of steps, of deliveries, of votes.
  struct Temper {
    std::uint64_t timeouts, crashes, lost, repeated, no;
  };
  static constexpr Temper kTempers[] = {{10, 3, 10, 10, 12},
                                        {30, 0, 0, 0, 0},
                                        {25, 4, 0, 0, 0},
                                        {25, 12, 3, 0, 0},
                                        {20, 5, 10, 40, 3}};

  std::uint64_t draw(std::uint64_t below);
  void step();
  void vote(int p, bool yes);
  void deliver_all();
  void judge();
  void judge(int p, Outcome now);

  std::uint64_t drawn_ = 0;
  Draws draws_;
  Temper temper_;
  Puppet w_;
  std::vector<bool> yes_;
  std::vector<Outcome> decided_;  ///< last by each process, its earlier lives included
  std::string broken_;
};

}  // namespace indoubt
