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

class SameWorlds : public testing::TestWithParam<Case> {};

TEST_P(SameWorlds, AreVisitedAsByANaiveExplorer) {
  const Case& c = GetParam();
  const Machine machine = machine_with(c.protocol, c.participants, c.options);
  const Scenario scenario = timed_out(c.participants, machine);
  Exploration budget = c.budget;
  budget.free_votes = true;
  const SearchResult r = explored(scenario, machine, budget);
  EXPECT_EQ(r.stop, Stop::complete);
  NaiveExplorer naive(machine, budget, (1u << machine.timers.size()) - 1);
  const NaiveExplorer::Counts counts = naive.run(1'000'000);
  EXPECT_EQ(r.states, counts.states);
  EXPECT_EQ(r.levels, counts.depth);
  EXPECT_EQ(r.marks[mark::kAgreement].depth, counts.first_disagreement);
  EXPECT_EQ(r.marks[mark::kStability].depth >= 0, counts.reversed);
  EXPECT_EQ(r.marks[mark::kValidity].depth >= 0, counts.unjustified);
  std::printf("%s N=%d: %lu states, %lu transitions, %d levels, AC1 at %d\n", c.protocol.data(),
              c.participants, r.states, r.transitions, r.levels, r.marks[mark::kAgreement].depth);
}

INSTANTIATE_TEST_SUITE_P(
    Protocols, SameWorlds,
    testing::Values(Case{"2pc", 2, {}}, Case{"2pc", 2, {.crashes = 1}},
                    Case{"2pc", 2, {.crashes = 1, .recoveries = false}},
                    Case{"2pc", 2, {.losses = 1, .duplications = 1}},
                    Case{"2pc", 2, {.partitions = 1}}, Case{"2pc", 1, {.crashes = 2, .losses = 1}},
                    Case{"3pc", 2, {.crashes = 1, .recoveries = false}},
                    Case{"3pc", 2, {.partitions = 1}},
                    Case{"2pc-pra", 2, {.crashes = 1}}, Case{"2pc-prc", 2, {.crashes = 1}}));

}  // namespace
}  // namespace indoubt
