// Goal: a site that several faults hold down is up when the last of them ends, in a run and in its
// chain alike.
#include <gtest/gtest.h>

#include "tests/agreement/chain_agreement.h"
#include "tests/support/world.h"

namespace indoubt {
namespace {

Scenario two() {
  Scenario scenario = world(2, Latency::constant(10ms));
  set_timeout(scenario, "votes", Latency::constant(100ms));
  set_timeout(scenario, "decision", Latency::constant(200ms));
  set_timeout(scenario, "acks", Latency::constant(50ms));
  return scenario;
}

Fault crash(Duration time, std::optional<Duration> repair, double probability) {
  Fault fault;
  fault.kind = Fault::Kind::crash;
  fault.sites = {"p1"};
  fault.when.kind = Trigger::Kind::at_time;
  fault.when.time = time;
  fault.when.probability = probability;
  if (repair) fault.lasts = Latency::constant(*repair);
  return fault;
}

void expect_agreement(const Scenario& scenario) {
  const Machine machine = machine_with("2pc", scenario.group());
  SimulationOptions options;
  options.count = 20'000;
  const Totals totals = simulate(scenario, machine, options);
  const auto built = markov::build_chain(scenario, machine, {});
  ASSERT_EQ(built.index(), 0u);
  for (const std::string& what : disagreements(scenario, std::get<0>(built), totals))
    ADD_FAILURE() << what;
}

TEST(OverlappingCrashes, EndWithTheLastOfThem) {
  Scenario scenario = two();
  scenario.faults = {crash(12ms, 20ms, 0.5), crash(15ms, 300ms, 0.5), crash(40ms, 3ms, 0.5)};
  expect_agreement(scenario);
}

TEST(OverlappingCrashes, KeepASiteDownIfOneIsForGood) {
  Scenario scenario = two();
  scenario.faults = {crash(12ms, 20ms, 1), crash(15ms, std::nullopt, 0.5)};
  expect_agreement(scenario);
}

TEST(OverlappingCrashes, TakeTheLogOfASiteThatIsDown) {
  Scenario scenario = two();
  scenario.faults = {crash(25ms, 20ms, 1), crash(30ms, 1ms, 0.5)};
  scenario.faults[1].log_lost = true;
  expect_agreement(scenario);
}

}  // namespace
}  // namespace indoubt
