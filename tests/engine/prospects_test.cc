// Goal: what the oracle of "blocked" says of protocols with elections, whose closures have no end,
// is right. Method: transactions of chance in which sites go down or the network parts; somewhere
// the oracle is asked, and chance goes on. Who could not decide must not, whatever happens.
#include "sim/engine/prospects.h"

#include <gtest/gtest.h>

#include "sim/closure/fair_run.h"
#include "sim/random/draws.h"
#include "tests/support/machines.h"

namespace indoubt {
namespace {

constexpr std::uint8_t kYes = 2;
constexpr std::uint32_t kAllTimers = ~std::uint32_t{0};

/// A transaction without a clock: any message arrives next, or any armed timer expires.
class Loose {
 public:
  Loose(const Machine& machine, std::uint64_t seed)
      : machine_(machine), draws_(seed, 3), sites_(machine.processes) {
    for (ProcessId p = 0; p < machine.processes; ++p) {
      sites_[p].state.resize((machine.state_size + 7u) / 8u);
      machine.construct(sites_[p].state.data());
      step(p, Input::start(p));
    }
  }

  void go_on(int steps, std::uint64_t percent_timeouts) {
    for (; steps > 0; --steps) {
      if (draw(100) < percent_timeouts || flights_.empty())
        expire_any();
      else
        deliver_any();
      for (ProcessId p = 0; p < machine_.processes; ++p)
        if (sites_[p].working) vote(p);
    }
  }
  /// Each site goes down with one half, or finds itself on one of two sides.
  void break_down() {
    const bool parts = draw(2) != 0;
    for (Site& site : sites_) (parts ? site.far : site.down) = draw(2) != 0;
    std::erase_if(flights_, [&](const Flight& f) { return !passes(f.from, f.to); });
  }
  std::vector<bool> ask(Prospects& prospects) const {
    Situation situation;
    for (ProcessId p = 0; p < machine_.processes; ++p) {
      if (!sites_[p].down)
        situation.add_process(p, sites_[p].state.data(), machine_.state_size, sites_[p].armed,
                              sites_[p].working);
    }
    for (ProcessId p = 0; p < machine_.processes; ++p)
      for (ProcessId q = 0; q < machine_.processes; ++q)
        if (sites_[p].far != sites_[q].far) situation.add_cut(p, q);
    for (const Flight& f : flights_) situation.add_message(f.from, f.to, f.message);
    return prospects.can_decide(situation);
  }
  /// What the closure up to so many further rounds says, without a fair run before it.
  std::vector<bool> close(std::uint32_t rounds_ahead) const {
    Closure closure(machine_, kAllTimers, std::vector<std::uint8_t>(machine_.processes, kYes));
    std::uint32_t latest = 0;
    for (const Site& site : sites_)
      if (!site.down) latest = std::max(latest, machine_.round(site.state.data()));
    closure.bound_rounds(latest + rounds_ahead);
    for (ProcessId p = 0; p < machine_.processes; ++p)
      for (ProcessId q = 0; q < machine_.processes; ++q)
        if (!passes(p, q)) closure.cut(p, q);
    for (ProcessId p = 0; p < machine_.processes; ++p)
      if (!sites_[p].down)
        closure.place(p, sites_[p].state.data(), sites_[p].armed, sites_[p].working);
    for (const Flight& f : flights_) closure.add_message(f.from, f.to, f.message);
    std::vector<bool> can(machine_.processes, true);
    if (!closure.close({20'000})) return can;  // too large to tell
    for (ProcessId p = 0; p < machine_.processes; ++p) can[p] = closure.can_decide(p);
    return can;
  }
  bool has_decided(ProcessId p) const { return sites_[p].decided; }
  bool down(ProcessId p) const { return sites_[p].down; }

 private:
  struct Flight {
    ProcessId from, to;
    Message message;
  };
  struct Site {
    std::vector<std::uint64_t> state;
    std::uint32_t armed = 0;
    bool working = false, decided = false, down = false, far = false;
  };

  std::uint64_t draw(std::uint64_t below) {
    return draws_.word({1, Purpose::local, 0, ++drawn_}) % below;
  }
  bool passes(ProcessId from, ProcessId to) const {
    return !sites_[to].down && sites_[from].far == sites_[to].far;
  }
  void send(ProcessId from, ProcessId to, Message m) {
    if (passes(from, to)) flights_.push_back({from, to, m});
  }
  void step(ProcessId p, const Input& in) {
    Effects effects;
    machine_.step(sites_[p].state.data(), in, effects);
    for (int i = 0; i < effects.size(); ++i) perform(p, effects[i], effects);
  }
  void perform(ProcessId p, const Effect& e, const Effects& all) {
    const std::uint32_t bit = std::uint32_t{1} << (e.tag & 31);
    if (e.kind == Effect::Kind::send) send(p, e.to, {e.word});
    if (e.kind == Effect::Kind::send_set)
      for (const ProcessId to : all.members(e)) send(p, to, {e.word});
    if (e.kind == Effect::Kind::prepare) sites_[p].working = true;
    if (e.kind == Effect::Kind::set_timer) sites_[p].armed |= bit;
    if (e.kind == Effect::Kind::cancel_timer) sites_[p].armed &= ~bit;
    if (e.kind == Effect::Kind::decide) sites_[p].decided = true;
  }
  void vote(ProcessId p) {
    sites_[p].working = false;
    step(p, Input::prepared(LocalVote::yes, p));
  }
  void deliver_any() {
    const std::size_t i = draw(flights_.size());
    const Flight f = flights_[i];
    flights_.erase(flights_.begin() + static_cast<std::ptrdiff_t>(i));
    step(f.to, Input::message(f.message, f.from, f.to));
  }
  void expire_any() {
    const auto p = static_cast<ProcessId>(draw(machine_.processes));
    const auto k = static_cast<Tag>(draw(machine_.timers.size()));
    if (sites_[p].down || (sites_[p].armed >> k & 1) == 0) return;
    sites_[p].armed &= ~(std::uint32_t{1} << k);
    step(p, Input::timeout(k, p));
  }

  const Machine& machine_;
  Draws draws_;
  std::uint64_t drawn_ = 0;
  std::vector<Site> sites_;
  std::vector<Flight> flights_;
};

struct Answers {
  int can = 0, cannot = 0, right = 0;  ///< right: those who could, and did
};

Answers ask_often(const char* protocol, int participants, int runs) {
  const Machine machine = machine_with(protocol, participants);
  Prospects prospects(machine, kAllTimers, std::vector<std::uint8_t>(machine.processes, kYes));
  Answers answers;
  for (int seed = 1; seed <= runs; ++seed) {
    Loose world(machine, static_cast<std::uint64_t>(seed));
    world.go_on(5 + seed % 23, static_cast<std::uint64_t>(seed % 3) * 5);
    world.break_down();
    world.go_on(seed % 17, 20);
    const std::vector<bool> can = world.ask(prospects);
    world.go_on(400, 25);
    for (ProcessId p = 0; p <= participants; ++p) {
      if (world.down(p)) continue;
      EXPECT_TRUE(can[p] || !world.has_decided(p)) << protocol << " " << seed << " " << p;
      ++(can[p] ? answers.can : answers.cannot);
      answers.right += can[p] && world.has_decided(p) ? 1 : 0;
    }
  }
  return answers;
}

TEST(Prospects, WhoCannotDecideDoesNotWhateverHappens) {
  for (const char* protocol :
       {"2pc", "3pc", "3pc-quorum", "e3pc", "paxos-commit", "paxos-commit-fast", "inbac"}) {
    for (const int participants : {2, 3}) {
      const Answers answers = ask_often(protocol, participants, 150);
      EXPECT_GT(answers.can, 100) << protocol << participants;
      EXPECT_GT(answers.right, answers.can * 8 / 10) << protocol << participants;
      const bool blocks = std::string_view(protocol) != "3pc";
      EXPECT_EQ(answers.cannot > 0, blocks) << protocol << participants;
    }
  }
}

/// How often the closure up to so many rounds rules out what then happens.
int wrongly_ruled_out(const char* protocol, int further) {
  const Machine machine = machine_with(protocol, 2);
  int wrong = 0;
  for (std::uint64_t seed = 1; seed <= 150; ++seed) {
    Loose world(machine, seed);
    world.go_on(static_cast<int>(5 + seed % 23), seed % 3 * 5);
    world.break_down();
    world.go_on(static_cast<int>(seed % 17), 20);
    const std::vector<bool> can = world.close(static_cast<std::uint32_t>(further));
    world.go_on(400, 25);
    for (ProcessId p = 0; p <= 2; ++p)
      wrong += !world.down(p) && !can[p] && world.has_decided(p) ? 1 : 0;
  }
  return wrong;
}

// "So many further rounds are enough for any process to lead one that nobody refuses."
TEST(Prospects, RoundsAheadAreEnoughAndNoneIsNot) {
  for (const char* protocol :
       {"3pc-quorum", "e3pc", "paxos-commit", "paxos-commit-fast", "inbac"}) {
    EXPECT_EQ(wrongly_ruled_out(protocol, machine_with(protocol, 2).rounds_ahead), 0) << protocol;
    // Reports that may still arrive decide under INBAC, too.
    if (std::string_view(protocol) == "inbac") continue;
    EXPECT_GT(wrongly_ruled_out(protocol, 0), 0) << protocol;
  }
}

// A fair run is a run: what is decided in it, the closure cannot rule out, and without failures it
// decides for all.
TEST(FairRun, DecidesForEverybodyWhenNothingFails) {
  for (const char* protocol : {"2pc", "3pc", "3pc-quorum", "e3pc", "paxos-commit", "inbac"}) {
    const Machine machine = machine_with(protocol, 3);
    FairRun run(machine, kAllTimers, std::vector<std::uint8_t>(machine.processes, kYes));
    for (ProcessId p = 0; p < machine.processes; ++p) {
      std::vector<std::uint64_t> state((machine.state_size + 7u) / 8u);
      machine.construct(state.data());
      Effects effects;
      machine.step(state.data(), Input::start(p), effects);
      run.place(p, state.data(), 0, false);
      run.add_effects(p, effects, 0);
    }
    EXPECT_FALSE(run.all_decided());
    run.run(1);
    EXPECT_TRUE(run.all_decided()) << protocol;
  }
}

}  // namespace
}  // namespace indoubt
