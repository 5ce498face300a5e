// Goal: crash reports, failing disks, clocks that jump and messages that are held do what the
// scenario reference says, to the millisecond.
#include <gtest/gtest.h>

#include "tests/support/recorder.h"
#include "tests/support/world.h"

namespace indoubt {
namespace {

Fault at_time(Fault::Kind kind, const Who& who, Duration time) {
  Fault fault;
  fault.kind = kind;
  fault.sites = {who};
  fault.when.kind = Trigger::Kind::at_time;
  fault.when.time = time;
  return fault;
}

// ---- failure detection

/// The coordinator dies at 25 ms, its PRE-COMMITs on their way from 20 to 30 ms.
Scenario detected(Duration delay) {
  Scenario scenario = world(3, Latency::constant(10ms));
  scenario.detection.delay = Latency::constant(delay);
  scenario.faults = {at_time(Fault::Kind::crash, "coordinator", 25ms)};
  return scenario;
}

TEST(Detection, TellsEverybodyWhoIsUpAfterItsDelay) {
  const Machine machine = machine_with("3pc", 3);
  Recorder recorder(machine);
  SimulationOptions options;
  options.observer = &recorder;
  const Totals totals = run(detected(15ms), machine, 1, options);
  for (int p = 1; p <= 3; ++p) EXPECT_EQ(recorder.when(p, "failure of 0"), 40ms) << p;
  EXPECT_EQ(recorder.times(0, "failure of 0"), 0);
  EXPECT_EQ(totals.commits, 1u) << "all have pre-committed";
  EXPECT_EQ(totals.all_learnt, 1u);
  EXPECT_EQ(totals.ever_blocked, 0u) << "a report is to come";
}

TEST(Detection, ComesAfterTheMessagesThatWereSentBeforeTheCrash) {
  const Machine machine = machine_with("3pc", 3);
  Recorder recorder(machine);
  SimulationOptions options;
  options.observer = &recorder;
  run(detected(0ms), machine, 1, options);
  for (int p = 1; p <= 3; ++p) {
    EXPECT_EQ(recorder.when(p, "takes PRE-COMMIT from 0"), 30ms) << p;
    EXPECT_EQ(recorder.when(p, "failure of 0"), 30ms) << p;
  }
}

TEST(Detection, IsVoidOnceTheSiteIsBack) {
  Scenario scenario = detected(15ms);
  scenario.faults[0].lasts = Latency::constant(10ms);
  const Machine machine = machine_with("3pc", 3);
  Recorder recorder(machine);
  SimulationOptions options;
  options.observer = &recorder;
  run(scenario, machine, 1, options);
  for (int p = 1; p <= 3; ++p) EXPECT_EQ(recorder.times(p, "failure of 0"), 0) << p;
}

TEST(Detection, IsNotHeardByProtocolsWithoutAHandler) {
  Scenario scenario = detected(0ms);
  scenario.faults[0].when.time = 15ms;
  const Totals totals = run(scenario, "2pc", 1);
  EXPECT_EQ(totals.blocked, 1u);
}

TEST(Detection, TellsThoseThatComeBackWhoIsDown) {
  Scenario scenario = detected(5ms);
  Fault p3 = at_time(Fault::Kind::crash, "p3", 22ms);
  p3.lasts = Latency::constant(100ms);
  scenario.faults.push_back(p3);
  const Machine machine = machine_with("3pc", 3);
  Recorder recorder(machine);
  SimulationOptions options;
  options.observer = &recorder;
  run(scenario, machine, 1, options);
  EXPECT_EQ(recorder.when(3, "failure of 0"), 127ms);
}

// ---- disks

Fault failing_disk(const Who& who, bool lies) {
  Fault fault;
  fault.kind = Fault::Kind::disk;
  fault.sites = {who};
  fault.lies = lies;
  return fault;
}

TEST(FailingDisk, CrashesItsSiteInsteadOfWriting) {
  Scenario scenario = world(2, Latency::constant(10ms));
  scenario.disk.force = Latency::constant(5ms);
  set_timeout(scenario, "votes", Latency::constant(50ms));
  scenario.faults = {failing_disk("p1", false)};
  const Totals totals = run(scenario, "2pc", 5);
  EXPECT_EQ(totals.crashed, 5u);
  EXPECT_EQ(totals.aborts_by_cause[static_cast<std::size_t>(AbortCause::vote_timeout)], 5u);
  EXPECT_EQ(totals.yes_votes.mean(), 1) << "p1 never voted";
}

TEST(FailingDisk, StrikesEachWriteWithItsProbability) {
  Scenario scenario = world(1, Latency::constant(10ms));
  set_timeout(scenario, "votes", Latency::constant(50ms));
  scenario.faults = {failing_disk("p1", false)};
  scenario.faults[0].when.probability = 0.25;
  const Totals totals = run(scenario, "2pc", 20'000);
  // p1 forces its vote, then the decision.
  EXPECT_NEAR(static_cast<double>(totals.commits) / 20'000, 0.75, 4 * 0.0031);
  EXPECT_NEAR(static_cast<double>(totals.all_committed) / 20'000, 0.75 * 0.75, 4 * 0.0036);
}

TEST(FailingDisk, ThatLiesIsFoundOutByACrash) {
  Scenario scenario = world(2, Latency::constant(10ms));
  set_timeout(scenario, "decision", Latency::constant(50ms));
  scenario.faults = {failing_disk("p1", true)};
  EXPECT_EQ(run(scenario, "2pc", 5).all_committed, 5u) << "nothing is missed without a crash";
  Fault crash = at_time(Fault::Kind::crash, "p1", 15ms);
  crash.lasts = Latency::constant(100ms);
  scenario.faults.push_back(crash);
  const Totals totals = run(scenario, "2pc", 5);
  EXPECT_EQ(totals.violations[static_cast<std::size_t>(Property::agreement)], 5u)
      << "p1 knows nothing of its vote and aborts; the others commit";
}

// ---- clocks

TEST(Clock, ThatJumpsBringsTimeOutsNearerOrPutsThemOff) {
  Scenario scenario = world(2, Latency::constant(10ms));
  set_timeout(scenario, "votes", Latency::constant(50ms));
  link_rule(scenario, "p1", "coordinator").loss = 1;
  const auto decided = [&](Duration jump) {
    Fault fault = at_time(Fault::Kind::clock, "coordinator", 25ms);
    fault.jump = jump;
    scenario.faults = {fault};
    return run(scenario, "2pc", 3).decision_time.mean();
  };
  EXPECT_EQ(decided(0ms), 50e6);
  EXPECT_EQ(decided(20ms), 30e6);
  EXPECT_EQ(decided(-20ms), 70e6);
  EXPECT_EQ(decided(1s), 25e6) << "at once";
}

TEST(Clock, OfAnotherSiteChangesNothing) {
  Scenario scenario = world(2, Latency::constant(10ms));
  set_timeout(scenario, "votes", Latency::constant(50ms));
  link_rule(scenario, "p1", "coordinator").loss = 1;
  Fault fault = at_time(Fault::Kind::clock, "p2", 25ms);
  fault.jump = 20ms;
  scenario.faults = {fault};
  EXPECT_EQ(run(scenario, "2pc", 3).decision_time.mean(), 50e6);
}

// ---- messages

Fault message(std::string type, Fault::Action action, Duration delay) {
  Fault fault;
  fault.kind = Fault::Kind::message;
  fault.type = std::move(type);
  fault.from = "coordinator";
  fault.to = "p1";
  fault.action = action;
  fault.delay = Latency::constant(delay);
  return fault;
}

TEST(HeldMessage, ArrivesSoLongAfterItWasSent) {
  Scenario scenario = world(2, Latency::constant(10ms));
  scenario.faults = {message("COMMIT", Fault::Action::hold, 100ms)};
  EXPECT_EQ(run(scenario, "2pc", 3).completion_time.mean(), 120e6);
  scenario.faults = {message("COMMIT", Fault::Action::hold, 4ms)};
  EXPECT_EQ(run(scenario, "2pc", 3).completion_time.mean(), 30e6) << "no sooner than its latency";
  scenario.faults = {message("COMMIT", Fault::Action::delay, 100ms)};
  EXPECT_EQ(run(scenario, "2pc", 3).completion_time.mean(), 130e6);
}

// ---- traces

TEST(Trace, BringsSitesBackAtTheEndOfEachPeriod) {
  Scenario scenario = world(1, Latency::constant(10ms));
  set_timeout(scenario, "decision", Latency::constant(10ms));
  Fault fault;
  fault.kind = Fault::Kind::crash;
  fault.sites = {"coordinator"};
  fault.when.kind = Trigger::Kind::trace;
  fault.when.trace = {{15ms, 315ms}, {400ms, 500ms}};
  scenario.faults = {fault};
  const Totals totals = run(scenario, "2pc", 3);
  EXPECT_EQ(totals.aborts, 3u);
  EXPECT_EQ(totals.blocked, 0u) << "its restart was to come";
  EXPECT_EQ(totals.blocked_time.mean(), 300e6);
}

// ---- random crashes of several sites

TEST(RandomCrash, ComesAgainAfterOneThatTookOnlySomeOfItsSites) {
  Scenario scenario = world(2, Latency::constant(10ms));
  scenario.transactions.horizon = 1000s;
  scenario.network.loss = 0;
  link_rule(scenario, "p1", "coordinator").loss = 1;  // the coordinator waits for ever
  Fault fault;
  fault.kind = Fault::Kind::crash;
  fault.sites = {"p1", "p2"};
  fault.each = 0.5;
  fault.when.kind = Trigger::Kind::random;
  fault.when.gap = Latency::exponential(1s);
  fault.lasts = Latency::exponential(1s);
  scenario.faults = {fault};
  set_timeout(scenario, "votes", Latency::constant(999s));
  const Machine machine = machine_with("2pc", 2);
  Recorder recorder(machine);
  SimulationOptions options;
  options.observer = &recorder;
  run(scenario, machine, 1, options);
  // About 1.25 s between strikes on average, which take each site every second time.
  EXPECT_GT(recorder.times(1, "crashes"), 200);
  EXPECT_GT(recorder.times(2, "crashes"), 200);
}

}  // namespace
}  // namespace indoubt
