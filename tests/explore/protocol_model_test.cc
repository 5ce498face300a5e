// The worlds that the explorer visits are those that a naive explorer visits, which keeps maps and
// sets and runs the protocol at every step.
#include <gtest/gtest.h>

#include "analysis/explore/protocol_model.h"
#include "analysis/explore/search.h"
#include "tests/support/naive_explorer.h"
#include "tests/support/world.h"

namespace indoubt {
namespace {

struct Case {
  std::string_view protocol;
  int participants;
  Exploration budget;
  std::vector<NamedOption> options = {};
};

template <int kWords>
SearchResult search(ProtocolWorlds& worlds, int threads) {
  ProtocolModel<kWords> model(worlds);
  Search<ProtocolModel<kWords>> search(model, {.threads = threads});
  return search.run({.violations = 7, .stop_at_violation = false});
}

SearchResult explored(const Scenario& scenario, const Machine& machine, const Exploration& budget,
                      int threads = 1) {
  std::vector<std::string> problems;
  const ExploreSetup setup = explore_setup(scenario, budget, machine, problems);
  EXPECT_TRUE(problems.empty()) << problems.front();
  Behaviour behaviour(machine, setup);
  ProtocolWorlds worlds(behaviour);
  SearchResult r = search<1>(worlds, threads);
  if (r.stop == Stop::wider) r = search<2>(worlds, threads);
  if (r.stop == Stop::wider) r = search<4>(worlds, threads);
  return r;
}

Scenario timed_out(int participants, const Machine& machine) {
  Scenario scenario = world(participants, Latency::constant(1ms));
  for (const std::string_view timer : machine.timers)
    set_timeout(scenario, timer, Latency::constant(10ms));
  return scenario;
}

std::uint32_t fires_of(const Machine& machine, const Exploration& budget) {
  return budget.timeouts == 0 ? 0 : (1u << machine.timers.size()) - 1;
}

class SameWorlds : public testing::TestWithParam<Case> {};

TEST_P(SameWorlds, AreVisitedAsByANaiveExplorer) {
  const Case& c = GetParam();
  const Machine machine = machine_with(c.protocol, c.participants, c.options);
  const Scenario scenario = timed_out(c.participants, machine);
  Exploration budget = c.budget;
  budget.free_votes = true;
  budget.symmetry = false;
  const SearchResult r = explored(scenario, machine, budget);
  EXPECT_EQ(r.stop, Stop::complete);
  NaiveExplorer naive(machine, budget, fires_of(machine, budget));
  const NaiveExplorer::Counts counts = naive.run(1'000'000);
  EXPECT_EQ(r.states, counts.states);
  EXPECT_EQ(r.levels, counts.depth);
  EXPECT_EQ(r.marks[mark::kAgreement].depth, counts.first_disagreement);
  EXPECT_EQ(r.marks[mark::kStability].depth >= 0, counts.reversed);
  EXPECT_EQ(r.marks[mark::kValidity].depth >= 0, counts.unjustified);
}

INSTANTIATE_TEST_SUITE_P(Protocols, SameWorlds,
                         testing::Values(Case{"2pc", 2, {}}, Case{"2pc", 2, {.crashes = 1}},
                                         Case{"2pc", 2, {.crashes = 1, .recoveries = false}},
                                         Case{"2pc", 2, {.losses = 1, .duplications = 1}},
                                         Case{"2pc", 2, {.partitions = 1}},
                                         Case{"2pc", 1, {.crashes = 2, .losses = 1}},
                                         Case{"3pc", 2, {.crashes = 1, .recoveries = false}},
                                         Case{"3pc", 2, {.partitions = 1}},
                                         Case{"2pc-pra", 2, {.crashes = 1}},
                                         Case{"2pc-prc", 2, {.crashes = 1}}));

class Orbits : public testing::TestWithParam<Case> {};

// Symmetry keeps one world of each orbit: neither two of one nor one of two.
TEST_P(Orbits, AreCountedAsByBruteForce) {
  const Case& c = GetParam();
  const Machine machine = machine_with(c.protocol, c.participants, c.options);
  const Scenario scenario = timed_out(c.participants, machine);
  Exploration budget = c.budget;
  budget.free_votes = true;
  NaiveExplorer naive(machine, budget, fires_of(machine, budget));
  naive.let_sends_leave_in_any_order();
  const NaiveExplorer::Counts counts = naive.run(1'000'000, true);
  const SearchResult r = explored(scenario, machine, budget, 2);
  EXPECT_EQ(r.states, counts.orbits);
  EXPECT_LT(counts.orbits, counts.states);
  EXPECT_EQ(r.levels, counts.depth);
}

INSTANTIATE_TEST_SUITE_P(
    Protocols, Orbits,
    testing::Values(Case{"2pc", 2, {.crashes = 1}},
                    Case{"2pc-pra", 2, {.losses = 1, .duplications = 1}},
                    Case{"2pc", 2, {.partitions = 1}}, Case{"2pc-pra", 3, {.timeouts = 0}},
                    Case{"2pc-prc", 3, {.timeouts = 0}},
                    Case{"2pc-pra", 3, {.crashes = 1, .timeouts = 0}},
                    Case{"2pc", 3, {.crashes = 1, .timeouts = 0}},
                    Case{"2pc-prc", 3, {.crashes = 1, .recoveries = false, .timeouts = 0}},
                    Case{"2pc", 2, {.crashes = 2, .timeouts = 0}}));

}  // namespace
}  // namespace indoubt
