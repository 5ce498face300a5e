// Goal: every transaction is counted, whenever its faults end; sites, records and clients are not
// held by what has nothing to do with them; conditions of faults mean what the reference says.
#include <gtest/gtest.h>

#include "tests/support/recorder.h"
#include "tests/support/world.h"

namespace indoubt {
namespace {

Fault crash(const Who& who, Duration time) {
  Fault fault;
  fault.sites = {who};
  fault.when.kind = Trigger::Kind::at_time;
  fault.when.time = time;
  return fault;
}

Scenario two(Duration delay = 5ms) { return world(2, Latency::constant(delay)); }

Scenario shared(Scenario scenario, Duration gap) {
  scenario.transactions.sites = Sites::shared;
  scenario.transactions.arrivals = {Arrivals::Kind::constant, static_cast<double>(gap.count()), 0};
  return scenario;
}

TEST(FaultEnds, BehindTheHorizonLeaveNobodyUncounted) {
  Scenario scenario = two();
  scenario.faults = {crash("coordinator", 7ms)};
  scenario.faults[0].lasts = Latency::constant(std::chrono::hours(2));
  Totals totals = run(scenario, "2pc", 10);
  EXPECT_EQ(totals.transactions, 10u);
  EXPECT_EQ(totals.commits + totals.aborts, 0u);
  EXPECT_EQ(totals.ever_blocked, 10u);

  Fault cut;
  cut.kind = Fault::Kind::partition;
  cut.groups = {{"coordinator"}, {"p1", "p2"}};
  cut.when = scenario.faults[0].when;
  cut.lasts = scenario.faults[0].lasts;
  scenario.faults = {cut};
  EXPECT_EQ(run(scenario, "2pc", 10).transactions, 10u);
}

TEST(FaultEnds, OfATraceHealLinks) {
  Scenario scenario = two();
  set_timeout(scenario, "decision", Latency::constant(20ms));
  Fault cut;
  cut.kind = Fault::Kind::partition;
  cut.groups = {{"coordinator"}, {"p1"}};
  cut.when.kind = Trigger::Kind::trace;
  cut.when.trace = {{12ms, 100ms}};
  scenario.faults = {cut};
  const Totals totals = run(scenario, "2pc", 5);
  EXPECT_EQ(totals.stranded, 0u);
  EXPECT_EQ(totals.blocked_time.mean(), 88e6);

  Fault stall;
  stall.kind = Fault::Kind::stall;
  stall.to = "p1";
  stall.when = cut.when;
  scenario.faults = {stall};
  EXPECT_EQ(run(scenario, "2pc", 5).completion_time.mean(), 100e6);
}

TEST(FaultEnds, ARecoveredCoordinatorDoesNotBeginAgainAfterTheWork) {
  Scenario scenario = two();
  scenario.execution = true;
  scenario.faults = {crash("coordinator", 2ms)};
  scenario.faults[0].lasts = Latency::constant(3ms);
  const Totals totals = run(scenario, "2pc", 5);
  EXPECT_EQ(totals.aborts, 5u);
  for (const std::uint64_t violated : totals.violations) EXPECT_EQ(violated, 0u);
}

TEST(FaultEnds, WhoeverWaitsForARecordThatIsHeldForEverIsCounted) {
  Scenario scenario = shared(two(), 1ms);
  scenario.services[0].exclusive = true;
  scenario.faults = {crash("coordinator", 12ms)};
  const Totals totals = run(scenario, "2pc", 10);
  EXPECT_EQ(totals.transactions, 10u);
  EXPECT_EQ(totals.commits, 1u);
}

TEST(FaultEnds, AStoppedRunWithRandomFaultsEnds) {
  Scenario scenario = shared(two(), 1ms);
  set_timeout(scenario, "votes", Latency::constant(100ms));
  scenario.faults = {crash("coordinator", 0ms)};
  scenario.faults[0].when.kind = Trigger::Kind::random;
  scenario.faults[0].when.gap = Latency::exponential(1s);
  scenario.faults[0].lasts = Latency::constant(10ms);
  SimulationOptions options;
  options.progress = [](const Totals& t) { return t.transactions < 5000; };
  const Totals totals = run(scenario, "2pc", 100'000'000, {}, options);
  EXPECT_GE(totals.transactions, 5000u);
  EXPECT_LT(totals.transactions, 100'000u);
}

TEST(FaultEnds, DecisionsWithoutTheProtocolHoldNobodyWhoIsNotInDoubt) {
  Scenario scenario = shared(two(), 1ms);
  scenario.transactions.arrivals = {Arrivals::Kind::closed, 0, 1};
  Fault alone;
  alone.kind = Fault::Kind::heuristic;
  alone.sites = {"p1"};
  alone.after = 5s;
  scenario.faults = {alone};
  EXPECT_EQ(run(scenario, "2pc", 100).time_per_transaction.mean(), 20e6);
}

TEST(FaultEnds, BlockedWithoutALostMessageIsSeen) {
  Scenario scenario = two();
  for (Service& s : scenario.services) s.prepare = Latency::constant(20ms);
  scenario.faults = {crash("coordinator", 7ms)};
  scenario.faults[0].lasts = Latency::constant(3ms);
  const Totals totals = run(scenario, "2pc", 5, {{"recover_undecided", "silent"}});
  EXPECT_EQ(totals.blocked, 5u);
  EXPECT_EQ(totals.ever_blocked, 5u);
  EXPECT_EQ(totals.blocked_at_end, 5u);
}

TEST(FaultEnds, WhoIsInDoubtForEverByALostMessageIsBlockedAtTheEnd) {
  Scenario scenario = two();
  link_rule(scenario, "coordinator", "p1").loss = 0.5;
  const Totals totals = run(scenario, "2pc", 1000);
  EXPECT_GT(totals.stranded, 100u);
  EXPECT_EQ(totals.blocked_at_end, totals.stranded);
  EXPECT_EQ(totals.ever_blocked, totals.stranded);
}

TEST(FaultEnds, WorkOfASiteThatCrashesIsNotBegunForThoseThatWaited) {
  Scenario scenario = shared(world(1, Latency::constant(5ms)), 1ms);
  scenario.services[0].exclusive = true;
  scenario.services[0].prepare = Latency::constant(10ms);
  set_timeout(scenario, "votes", Latency::constant(200ms));
  set_timeout(scenario, "decision", Latency::constant(200ms));
  scenario.faults = {crash("p1", 12ms)};
  scenario.faults[0].lasts = Latency::constant(1ms);
  const Totals totals = run(scenario, "2pc", 6);
  EXPECT_EQ(totals.yes_votes.sum, 0);
  EXPECT_EQ(totals.lock_time.count, 1u);
  EXPECT_EQ(totals.lock_time.mean(), 6e6) << "from 6 ms to the crash";
}

TEST(FaultConditions, RandomCrashesGoOnUntilTheirWindowOpens) {
  Scenario scenario = two(50ms);
  scenario.transactions.horizon = 1s;
  Fault fault = crash("coordinator", 0ms);
  fault.when.kind = Trigger::Kind::random;
  fault.when.gap = Latency::exponential(1ms);
  fault.when.from = 50ms;
  fault.lasts = Latency::constant(5ms);
  scenario.faults = {fault};
  EXPECT_GT(run(scenario, "2pc", 100).crashed, 95u);
}

TEST(FaultConditions, TheNthMessageIsThatOfEachLink) {
  Scenario scenario = two();
  Fault lost;
  lost.kind = Fault::Kind::message;
  lost.type = "COMMIT";
  lost.nth = 1;
  scenario.faults = {lost};
  const Totals totals = run(scenario, "2pc", 5);
  EXPECT_EQ(totals.lost, 10u);
  EXPECT_EQ(totals.none_committed, 5u);
}

TEST(FaultConditions, AnOperatorComesOnceToSharedSites) {
  Scenario scenario = shared(two(), 1us);
  Fault verdict;
  verdict.kind = Fault::Kind::outcome;
  verdict.sites = {"p1"};
  verdict.when.kind = Trigger::Kind::at_time;
  verdict.when.time = 20ms;
  verdict.when.probability = 0.5;
  scenario.faults = {crash("coordinator", 8ms), verdict};
  int came = 0;
  for (std::uint64_t seed = 1; seed <= 16; ++seed) {
    SimulationOptions options;
    options.seed = seed;
    const Totals totals = run(scenario, "2pc", 100, {}, options);
    EXPECT_TRUE(totals.some_aborted == 0 || totals.some_aborted == 100) << totals.some_aborted;
    came += totals.some_aborted != 0;
  }
  EXPECT_GT(came, 1);
  EXPECT_LT(came, 15);
}

TEST(FaultConditions, AnOperatorIsObeyedAsSoonAsTheSiteIsUp) {
  Scenario scenario = two();
  Fault verdict;
  verdict.kind = Fault::Kind::outcome;
  verdict.sites = {"p1"};
  verdict.outcome = Outcome::abort;
  verdict.when.kind = Trigger::Kind::at_time;
  verdict.when.time = 20ms;
  scenario.faults = {crash("coordinator", 8ms), crash("p1", 9ms), verdict};
  EXPECT_EQ(run(scenario, "2pc", 10).some_aborted, 0u) << "p1 stays down";
  scenario.faults[1].lasts = Latency::constant(50ms);
  const Totals totals = run(scenario, "2pc", 10);
  EXPECT_EQ(totals.some_aborted, 10u);
  EXPECT_EQ(totals.in_doubt_down_time.mean(), 50e6);
}

TEST(FaultConditions, ADriftIsThereFromTheBeginningOn) {
  Scenario scenario = two(10ms);
  set_timeout(scenario, "votes", Latency::constant(100ms));
  link_rule(scenario, "p1", "coordinator").loss = 1;
  Fault clock;
  clock.kind = Fault::Kind::clock;
  clock.sites = {"coordinator"};
  clock.drift = 2;
  clock.jump = 1ms;
  clock.when.kind = Trigger::Kind::at_time;
  clock.when.time = 90ms;
  scenario.faults = {clock};
  EXPECT_EQ(run(scenario, "2pc", 3).decision_time.mean(), 50e6);
}

}  // namespace
}  // namespace indoubt
