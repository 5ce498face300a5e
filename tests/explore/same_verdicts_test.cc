// Verdicts depend neither on symmetry nor on the number of threads.
#include <gtest/gtest.h>

#include "analysis/explore/explorer.h"
#include "tests/support/machines.h"
#include "tests/support/world.h"

namespace indoubt {
namespace {

struct Case {
  std::string_view protocol;
  Exploration budget;
};

std::vector<Case> cases() {
  std::vector<Case> all;
  for (const std::string_view protocol : {"2pc", "2pc-pra", "2pc-prc", "2pc-nprc"})
    for (int k = 0; k < 5; ++k) {
      Exploration e;
      e.free_votes = true;
      e.timeouts = 1;
      e.crashes = k == 1 || k == 2 ? 1 : 0;
      e.recoveries = k != 2;
      e.losses = k == 3 ? 1 : 0;
      e.duplications = k == 4 ? 1 : 0;
      all.push_back({protocol, e});
    }
  return all;
}

ExploreReport explored(const Case& c, bool symmetry, int threads) {
  const Machine machine = machine_with(c.protocol, 2);
  Scenario scenario = world(2, Latency::constant(1ms));
  for (const std::string_view timer : machine.timers)
    set_timeout(scenario, timer, Latency::constant(10ms));
  Exploration budget = c.budget;
  budget.symmetry = symmetry;
  ExplorerOptions options;
  options.bounds.threads = threads;
  return explore(scenario, budget, machine, {}, options);
}

void expect_same_verdicts(const ExploreReport& a, const ExploreReport& b) {
  ASSERT_EQ(a.answers.size(), b.answers.size());
  ASSERT_FALSE(a.answers.empty());
  for (std::size_t i = 0; i < a.answers.size(); ++i) {
    SCOPED_TRACE(a.answers[i].name);
    EXPECT_EQ(a.answers[i].status(), b.answers[i].status());
    EXPECT_EQ(a.answers[i].met, b.answers[i].met);
    EXPECT_EQ(a.answers[i].depth, b.answers[i].depth);
    EXPECT_EQ(a.answers[i].blocked, b.answers[i].blocked);
  }
}

TEST(SameVerdicts, WithAndWithoutSymmetryAndByOneThreadAndTwo) {
  for (const Case& c : cases()) {
    SCOPED_TRACE(std::string(c.protocol) + ", crashes " + std::to_string(c.budget.crashes) +
                 ", losses " + std::to_string(c.budget.losses));
    const ExploreReport plain = explored(c, false, 1), two = explored(c, false, 2);
    const ExploreReport folded = explored(c, true, 1);
    EXPECT_EQ(plain.search.stop, Stop::complete);
    EXPECT_EQ(plain.search.states, two.search.states);
    EXPECT_LE(folded.search.states, plain.search.states);
    expect_same_verdicts(plain, two);
    expect_same_verdicts(plain, folded);
    expect_same_verdicts(plain, explored(c, true, 2));
  }
}

}  // namespace
}  // namespace indoubt
