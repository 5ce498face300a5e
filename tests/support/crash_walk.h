#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sim/random/draws.h"
#include "tests/support/puppet.h"

namespace indoubt {

/// What can go wrong in a random walk.
struct Hazards {
  bool loss = false;         ///< messages are lost, come twice and in any order
  int restarts = 0;          ///< sites that crash between any two effects and restart, at once or
                             ///< later
  int stops = 0;             ///< sites that crash between any two effects for good
  bool synchronous = false;  ///< time-outs expire only when nothing is in flight, leaders' first
  int no_votes_of_8 = 1;     ///< votes that are NO, in eighths
};

/// A transaction of a protocol, driven at random from a seed. Remembers every decision that took
/// effect, also one of a process that crashed afterwards: agreement (AC1) and stability (AC2) are
/// about all of them.
class CrashWalk {
 public:
  CrashWalk(std::string_view protocol, int participants, const std::vector<NamedOption>& options,
            const Hazards& hazards, std::uint64_t seed)
      : world(protocol, participants, options), hazards_(hazards), draws_(seed, 0) {}

  /// Starts, takes `count` random steps, then lets everything arrive and every timer expire in its
  /// turn, with no further fault.
  void run(int count);

  /// What disagrees; empty if nothing does.
  const std::string& violation() const { return violation_; }
  /// A process that is up, decides under this protocol, and has not; -1 if there is none.
  int undecided() const;

  Puppet world;

 private:
  std::uint64_t draw(std::uint64_t below) {
    return draws_.word({1, Purpose::link, 0, drawn_++}) % below;
  }
  int some_process() {
    return static_cast<int>(draw(static_cast<std::uint64_t>(world.processes())));
  }
  void step();
  void threaten();
  bool return_one();
  void work(int p);
  void deliver();
  bool expire(const std::vector<std::string_view>& timers);
  void settle();
  void settle_synchronously();
  void look();

  Hazards hazards_;
  Draws draws_;
  std::uint64_t drawn_ = 0;
  std::vector<int> return_;  ///< processes that restart once they are down
  Outcome one_ = Outcome::none;
  int who_ = -1;
  std::string violation_;
};

/// Runs seeds 1 .. `seeds` with 2 to 4 participants and gives the first violation, or, if `all`
/// must decide, the first process that does not; empty if there is none.
std::string first_trouble(std::string_view protocol, const std::vector<NamedOption>& options,
                          const Hazards& hazards, std::uint64_t seeds, bool all = true);

}  // namespace indoubt
