// Goal: where time is explored, each service's local work takes its own time.
#include <gtest/gtest.h>

#include "analysis/explore/explorer.h"
#include "tests/support/world.h"

namespace indoubt {
namespace {

/// Three-phase commit in which one participant is ready long before the other.
Scenario unequal() {
  Scenario scenario = world(2, Latency::constant(1ms));
  scenario.services.clear();
  for (const auto& [name, prepare] : {std::pair{"quick", 1ms}, std::pair{"slow", 9ms}}) {
    Service service;
    service.name = name;
    service.prepare = Latency::constant(prepare);
    scenario.services.push_back(service);
  }
  for (const char* timer : {"votes", "acks", "commit", "states"})
    set_timeout(scenario, timer, Latency::constant(40ms));
  set_timeout(scenario, "decision", Latency::constant(5ms));
  return scenario;
}

TEST(LocalWork, TakesEachServiceItsOwnTime) {
  const Scenario scenario = unequal();
  const Machine machine = machine_with("3pc", scenario.group());
  std::vector<std::string> problems;
  const ExploreSetup setup = explore_setup(scenario, {.timing = Timing::timed}, machine, problems);
  ASSERT_TRUE(problems.empty()) << problems.front();
  EXPECT_EQ(setup.steps.work_ticks, (std::vector<std::uint8_t>{0, 1, 9}));
}

// The quick one's time-out is over before the slow one has voted: it leads and aborts while the
// coordinator goes on, in a run and in what is explored. With the slowest's time for both, which
// hides the violation, both would be told in time.
TEST(LocalWork, OfTheSlowestDoesNotStandForAll) {
  const Scenario scenario = unequal();
  const Machine machine = machine_with("3pc", scenario.group());
  const Totals totals = run(scenario, machine, 10);
  ASSERT_EQ(totals.violations[static_cast<std::size_t>(Property::agreement)], 10u);
  Exploration budget{.timing = Timing::timed};
  budget.properties = {{PropertyForm::never, "violation.agreement"}};
  const ExploreReport report = explore(scenario, budget, machine, {}, {});
  ASSERT_TRUE(report.problems.empty());
  EXPECT_TRUE(report.answers[0].met);
}

}  // namespace
}  // namespace indoubt
