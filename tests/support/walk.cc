#include "tests/support/walk.h"

namespace indoubt {

Walk::Walk(std::string_view protocol, int participants, std::uint64_t seed,
           const std::vector<NamedOption>& options)
    : draws_(seed, 0),
      temper_(kTempers[draw(std::size(kTempers))]),
      w_(protocol, participants, options),
      yes_(static_cast<std::size_t>(w_.processes())),
      decided_(static_cast<std::size_t>(w_.processes()), Outcome::none) {
  w_.start();
}

std::string Walk::run(int steps) {
  for (int k = 0; k < steps && broken_.empty(); ++k) {
    step();
    judge();
  }
  return broken_;
}

std::string Walk::settle_down() {
  for (int round = 0; round < 4 * w_.processes() && broken_.empty(); ++round) {
    deliver_all();
    const int p = round % w_.processes();
    for (const std::string_view timer : w_.machine().timers) w_.timeout(p, timer);
    judge();
  }
  deliver_all();
  judge();
  return broken_;
}

void Walk::all_prepare() {
  for (int p = 1; p <= participants(); ++p) w_.deliver("PREPARE", 0, p);
  for (int p = 1; p <= participants(); ++p) vote(p, true);
}

std::uint64_t Walk::draw(std::uint64_t below) {
  return draws_.word({1, Purpose::link, 0, drawn_++}) % below;
}

void Walk::vote(int p, bool yes) {
  const std::string asked = w_.prepared(p, yes);
  if (asked.find("vote YES") != asked.npos) yes_[static_cast<std::size_t>(p)] = true;
}

void Walk::deliver_all() {
  for (bool worked = true; worked || !w_.quiet();) {
    worked = false;
    while (!w_.quiet()) w_.deliver_number(0);
    for (int p = 1; p <= participants(); ++p) {
      if (!w_.works(p)) continue;
      vote(p, true);
      worked = true;
    }
  }
}

void Walk::step() {
  constexpr std::uint64_t kWork = 20;
  const int p = static_cast<int>(draw(static_cast<std::uint64_t>(w_.processes())));
  const std::uint64_t what = draw(100);
  if (what < kWork) {
    if (w_.works(p)) vote(p, draw(100) >= temper_.no);
  } else if (what < kWork + temper_.timeouts) {
    w_.timeout(p, w_.machine().timers[draw(w_.machine().timers.size())]);
  } else if (what < kWork + temper_.timeouts + temper_.crashes) {
    w_.recover(p);
  } else if (!w_.quiet()) {
    const std::size_t i = draw(w_.flying());
    const std::uint64_t fate = draw(100);
    const bool lost = fate < temper_.lost;
    const bool repeated = !lost && fate < temper_.lost + temper_.repeated;
    w_.deliver_number(i, lost ? 0 : repeated ? 2 : 1);
  }
}

void Walk::judge() {
  for (int p = 0; p <= participants(); ++p) {
    if (w_.outcome(p) != Outcome::none) judge(p, w_.outcome(p));
  }
}

void Walk::judge(int p, Outcome now) {
  Outcome& before = decided_[static_cast<std::size_t>(p)];
  if (before != Outcome::none && before != now) broken_ = "AC2 at " + std::to_string(p);
  before = now;
  for (const Outcome other : decided_) {
    if (other != Outcome::none && other != now) broken_ = "AC1 at " + std::to_string(p);
  }
  if (now != Outcome::commit) return;
  for (int q = 1; q <= participants(); ++q) {
    if (!yes_[static_cast<std::size_t>(q)]) broken_ = "AC3 at " + std::to_string(p);
  }
}

}  // namespace indoubt
