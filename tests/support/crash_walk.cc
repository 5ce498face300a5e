#include "tests/support/crash_walk.h"

#include <algorithm>

namespace indoubt {

void CrashWalk::run(int count) {
  threaten();
  world.start();
  look();
  for (int k = 0; k < count && violation_.empty(); ++k) {
    threaten();
    if (draw(4) == 0) return_one();
    hazards_.synchronous ? settle_synchronously() : step();
    look();
  }
  hazards_.restarts = hazards_.stops = 0;
  for (int p = 0; p < world.processes(); ++p) world.cut_next(p, -1);
  while (return_one()) {
  }
  hazards_.synchronous ? settle_synchronously() : settle();
}

int CrashWalk::undecided() const {
  for (int p = 0; p < world.processes(); ++p) {
    if (world.down(p) || !world.machine().traits.decides(p)) continue;
    if (world.outcome(p) == Outcome::none) return p;
  }
  return -1;
}

/// Marks a process so that its next step is cut.
void CrashWalk::threaten() {
  if (hazards_.restarts > 0 && draw(6) == 0) {
    --hazards_.restarts;
    const int p = some_process(), effects = static_cast<int>(draw(6));
    if (draw(2) == 0) return world.cut_next(p, effects);
    world.stop_next(p, effects);
    return_.push_back(p);
  } else if (hazards_.stops > 0 && draw(6) == 0) {
    --hazards_.stops;
    world.stop_next(some_process(), static_cast<int>(draw(8)));
  }
}

/// One that is down and to restart does so.
bool CrashWalk::return_one() {
  const auto down = [&](int p) { return world.down(p); };
  const auto found = std::find_if(return_.begin(), return_.end(), down);
  if (found == return_.end()) return false;
  const int p = *found;
  return_.erase(found);
  world.recover(p);
  look();
  return true;
}

void CrashWalk::work(int p) {
  if (world.works(p))
    world.prepared(p, draw(8) >= static_cast<std::uint64_t>(hazards_.no_votes_of_8));
}

void CrashWalk::deliver() {
  if (!world.quiet()) world.deliver_number(draw(world.flying()));
}

void CrashWalk::step() {
  switch (draw(8)) {
    case 0: return work(some_process());
    case 1: {
      const auto& timers = world.machine().timers;
      world.timeout(some_process(), timers[draw(timers.size())]);
      return;
    }
    case 2:
      if (hazards_.loss && !world.quiet()) world.deliver_number(draw(world.flying()), 0);
      return;
    case 3:
      if (hazards_.loss && !world.quiet()) world.deliver_number(draw(world.flying()), 2);
      return;
    default: return deliver();
  }
}

bool CrashWalk::expire(const std::vector<std::string_view>& timers) {
  bool any = false;
  for (int p = 0; p < world.processes(); ++p) {
    for (const std::string_view timer : timers) {
      if (world.armed(p) != timer) continue;
      world.timeout(p, timer);
      look();
      any = true;
    }
  }
  return any;
}

void CrashWalk::settle() {
  for (int round = 0; round < 60 && violation_.empty(); ++round) {
    for (int k = 0; k < 2'000 && !world.quiet(); ++k) {
      world.deliver_number(0);
      look();
    }
    for (int p = 0; p < world.processes(); ++p) work(p);
    look();
    if (!world.quiet()) continue;
    for (const std::string_view timer : world.machine().timers) {
      world.timeout(round % world.processes(), timer);
      look();
    }
  }
}

/// Every message arrives, in any order, before a time-out of one who awaits it expires.
void CrashWalk::settle_synchronously() {
  for (bool busy = true; (busy || !world.quiet()) && violation_.empty();) {
    busy = false;
    threaten();
    for (int p = 0; p < world.processes(); ++p) {
      busy = busy || world.works(p);
      work(p);
      look();
    }
    deliver();
    look();
  }
  if (!expire({"votes", "acks", "states"})) expire({"decision", "commit", "request"});
}

void CrashWalk::look() {
  for (int p = 0; p < world.processes(); ++p) {
    const Outcome o = world.down(p) ? world.decided(p) : world.outcome(p);
    if (o == Outcome::none) continue;
    if (one_ == Outcome::none) {
      one_ = o;
      who_ = p;
    }
    if (o == one_ || !violation_.empty()) continue;
    violation_ = std::to_string(who_) + " decided " + std::string(name(one_)) + ", " +
                 std::to_string(p) + " " + std::string(name(o));
  }
}

std::string first_trouble(std::string_view protocol, const std::vector<NamedOption>& options,
                          const Hazards& hazards, std::uint64_t seeds, bool all) {
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    CrashWalk walk(protocol, 2 + static_cast<int>(seed % 3), options, hazards, seed);
    walk.run(hazards.synchronous ? 40 : 100);
    const std::string at = "seed " + std::to_string(seed) + ": ";
    if (!walk.violation().empty()) return at + walk.violation();
    if (const int p = walk.undecided(); all && p >= 0)
      return at + std::to_string(p) + " stays " + walk.world.state(p);
  }
  return "";
}

}  // namespace indoubt
