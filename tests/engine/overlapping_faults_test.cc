// Goal: faults that overlap hold what they hold until the last of them ends, each kind of them;
// what comes due while a site is down comes when it is up.
#include <gtest/gtest.h>

#include "sim/engine/site_state.h"
#include "sim/measures/measure.h"
#include "tests/support/recorder.h"
#include "tests/support/world.h"

namespace indoubt {
namespace {

Scenario two() { return world(2, Latency::constant(10ms)); }

Fault fault_at(Fault::Kind kind, Duration time, std::optional<Duration> lasts) {
  Fault fault;
  fault.kind = kind;
  fault.when.kind = Trigger::Kind::at_time;
  fault.when.time = time;
  if (lasts) fault.lasts = Latency::constant(*lasts);
  return fault;
}

Fault crash_at(std::vector<Who> sites, Duration time, std::optional<Duration> lasts) {
  Fault fault = fault_at(Fault::Kind::crash, time, lasts);
  fault.sites = std::move(sites);
  return fault;
}

struct Recorded {
  Totals totals;
  Recorder recorder;
};

Recorded recorded(const Scenario& scenario, std::string_view protocol, std::uint64_t count = 1) {
  const Machine machine = machine_with(protocol, scenario.participants());
  Recorded run{{}, Recorder(machine)};
  SimulationOptions options;
  options.observer = &run.recorder;
  run.totals = indoubt::run(scenario, machine, count, options);
  return run;
}

TEST(OverlappingCrashes, HoldASiteDownUntilTheLastOneEnds) {
  Scenario scenario = two();
  set_timeout(scenario, "decision", Latency::constant(50ms));
  scenario.faults = {crash_at({"p1"}, 15ms, 20ms), crash_at({"p1", "p2"}, 18ms, 500ms)};
  const Recorded run = recorded(scenario, "2pc");
  EXPECT_EQ(run.recorder.times(1, "restarts"), 1);
  EXPECT_EQ(run.recorder.when(1, "restarts"), 518ms);
  EXPECT_EQ(run.recorder.when(2, "restarts"), 518ms);
  EXPECT_EQ(run.totals.all_committed, 1u);

  std::swap(scenario.faults[0].lasts, scenario.faults[1].lasts);
  EXPECT_EQ(recorded(scenario, "2pc").recorder.when(1, "restarts"), 515ms) << "a shorter one later";
}

TEST(OverlappingCrashes, ForGoodHoldASiteDownForGood) {
  for (const bool first : {false, true}) {
    Scenario scenario = two();
    set_timeout(scenario, "decision", Latency::constant(50ms));
    scenario.faults = {crash_at({"coordinator"}, 15ms, 20ms),
                       crash_at({"coordinator"}, 18ms, std::nullopt)};
    if (first) std::swap(scenario.faults[0].lasts, scenario.faults[1].lasts);
    const Recorded run = recorded(scenario, "2pc", 3);
    EXPECT_EQ(run.recorder.times(0, "restarts"), 0);
    EXPECT_EQ(run.totals.blocked_at_end, 3u);
    EXPECT_EQ(run.totals.transactions, 3u);
  }
}

TEST(OverlappingCrashes, OnSharedSitesToo) {
  Scenario scenario = two();
  scenario.transactions.sites = Sites::shared;
  scenario.transactions.arrivals = {Arrivals::Kind::constant, 5e6, 0};
  set_timeout(scenario, "votes", Latency::constant(50ms));
  set_timeout(scenario, "decision", Latency::constant(50ms));
  set_timeout(scenario, "acks", Latency::constant(50ms));
  scenario.faults = {crash_at({"p1"}, 30ms, 20ms), crash_at({"p1", "p2"}, 40ms, 200ms)};
  const Recorded run = recorded(scenario, "2pc", 20);
  for (const Recorder::Line& line : run.recorder.lines()) {
    if (line.text != "restarts") continue;
    EXPECT_EQ(line.time, 235ms - 5ms * (line.transaction - 1)) << line.transaction;
  }
  EXPECT_EQ(run.totals.blocked_at_end, 0u);
  EXPECT_EQ(run.totals.commits + run.totals.aborts, 20u);
}

TEST(OverlappingCrashes, OfAZoneThatFailsAtRandomGoOn) {
  Scenario scenario = two();
  scenario.transactions.sites = Sites::shared;
  scenario.transactions.arrivals = {Arrivals::Kind::constant, 10e6, 0};
  set_timeout(scenario, "votes", Latency::constant(50ms));
  set_timeout(scenario, "decision", Latency::constant(50ms));
  set_timeout(scenario, "acks", Latency::constant(50ms));
  Fault fault = crash_at({"p1"}, 0ms, 50ms);
  fault.when.kind = Trigger::Kind::random;
  fault.when.gap = Latency::exponential(100ms);
  scenario.faults = {fault, fault};
  scenario.faults[1].sites = {"p1", "p2"};
  const Recorded run = recorded(scenario, "2pc", 1000);
  EXPECT_EQ(run.totals.transactions, 1000u);
  EXPECT_EQ(run.totals.blocked_at_end, 0u);
  EXPECT_EQ(run.totals.commits + run.totals.aborts, 1000u);
}

TEST(OverlappingCrashes, LoseTheLogIfOneOfThemDoes) {
  Scenario scenario = two();
  set_timeout(scenario, "decision", Latency::constant(50ms));
  scenario.faults = {crash_at({"p1"}, 15ms, 20ms), crash_at({"p1"}, 18ms, 20ms)};
  EXPECT_EQ(recorded(scenario, "2pc").totals.all_committed, 1u);
  scenario.faults[1].log_lost = true;
  EXPECT_EQ(recorded(scenario, "2pc").totals.all_committed, 0u) << "it has forgotten its vote";
}

TEST(OverlappingStalls, HoldALinkUntilTheLastOneEnds) {
  for (const bool longer_first : {true, false}) {
    Scenario scenario = two();
    const std::optional<Duration> longer = 300ms, shorter = 20ms;
    scenario.faults = {fault_at(Fault::Kind::stall, 0ms, longer_first ? longer : shorter),
                       fault_at(Fault::Kind::stall, 5ms, longer_first ? shorter : longer)};
    for (Fault& fault : scenario.faults) fault.to = "p2";
    const Recorded run = recorded(scenario, "2pc");
    EXPECT_EQ(run.recorder.when(2, "takes PREPARE from 0"), longer_first ? 300ms : 305ms);
  }
}

TEST(OverlappingCuts, HoldALinkUntilTheLastOneEnds) {
  Scenario scenario = two();
  set_timeout(scenario, "decision", Latency::constant(50ms));
  scenario.faults = {fault_at(Fault::Kind::cut, 15ms, 100ms),
                     fault_at(Fault::Kind::cut, 16ms, 10ms)};
  for (Fault& fault : scenario.faults) fault.to = "p2";
  const Recorded run = recorded(scenario, "2pc");
  EXPECT_EQ(run.recorder.when(2, "takes COMMIT from 0"), 130ms) << "it asks at 60 and at 110";
}

TEST(OverlappingSlowness, LeavesNothingBehind) {
  const auto slowed = [](Fault::Kind kind) {
    Scenario scenario = two();
    for (Service& service : scenario.services) service.prepare = Latency::constant(10ms);
    const double factors[] = {1.1, 1.3, 1.9};
    for (int i = 0; i < 3; ++i) {
      Fault fault = fault_at(kind, 0ms, Duration{1ms} * (i + 1));
      fault.factor = factors[i];
      if (kind == Fault::Kind::slow_link)
        fault.to = "p1";
      else
        fault.sites = {"p1"};
      scenario.faults.push_back(fault);
    }
    return scenario;
  };
  const Recorded link = recorded(slowed(Fault::Kind::slow_link), "2pc");
  EXPECT_EQ(link.totals.completion_time.mean(), 40e6);
  const Recorded site = recorded(slowed(Fault::Kind::slow_site), "2pc");
  EXPECT_EQ(site.totals.completion_time.mean(), 40e6);
}

TEST(OverlappingClocks, AJumpDoesNotUndoADrift) {
  Scenario scenario = two();
  set_timeout(scenario, "votes", Latency::constant(30ms));
  scenario.services[0].prepare = Latency::constant(10s);
  Fault drift;
  drift.kind = Fault::Kind::clock;
  drift.sites = {"coordinator"};
  drift.drift = 2;
  Fault jump = fault_at(Fault::Kind::clock, 1s, std::nullopt);
  jump.sites = {"coordinator"};
  jump.jump = 1ms;
  scenario.faults = {drift, jump};
  EXPECT_EQ(recorded(scenario, "2pc").totals.decision_time.mean(), 15e6);
}

TEST(DownInstead, ADecisionAloneIsMadeAtTheRestart) {
  Scenario scenario = two();
  set_timeout(scenario, "decision", Latency::constant(500ms));
  Fault alone;
  alone.kind = Fault::Kind::heuristic;
  alone.sites = {"p1"};
  alone.when.kind = Trigger::Kind::always;
  alone.after = 50ms;
  alone.outcome = Outcome::commit;
  scenario.faults = {crash_at({"coordinator"}, 15ms, std::nullopt), crash_at({"p1"}, 40ms, 100ms),
                     alone};
  EXPECT_EQ(recorded(scenario, "2pc").recorder.when(1, "verdict commit"), 140ms);
  scenario.faults[1].lasts.reset();
  EXPECT_EQ(recorded(scenario, "2pc").recorder.times(1, "verdict commit"), 0);
}

TEST(Waits, ThatAreCutOffAreCounted) {
  Scenario scenario = two();
  scenario.services[0].exclusive = true;
  scenario.transactions.sites = Sites::shared;
  scenario.transactions.horizon = 1s;
  scenario.transactions.arrivals = {Arrivals::Kind::constant, 10e6, 0};
  set_timeout(scenario, "decision", Latency::constant(50ms));
  scenario.faults = {crash_at({"coordinator"}, 35ms, std::nullopt)};
  const Totals totals = recorded(scenario, "2pc", 10).totals;
  EXPECT_GT(totals.waiting_at_end, 0u);
  EXPECT_LE(totals.waiting_at_end, totals.waited);
  EXPECT_EQ(find_measure("wait_time")->cut_off(totals), totals.waiting_at_end);
}

TEST(DiskLies, LeaveEarlierRecordsAsTheyWere) {
  DiskQueue disk;
  EXPECT_EQ(disk.write(0, 10, 3, true), 10);
  EXPECT_EQ(disk.write(1, 10, 0, true), 20) << "a lie, after the unforced record 5";
  EXPECT_EQ(disk.durable_at(20), 3u);
  EXPECT_EQ(disk.write(30, 10, 7, true), 40);
  EXPECT_EQ(disk.durable_at(40), 7u);
}

TEST(Termination, IsVoidWhereALinkIsDead) {
  Scenario scenario = two();
  set_timeout(scenario, "votes", Latency::constant(50ms));
  set_timeout(scenario, "decision", Latency::constant(50ms));
  link_rule(scenario, "coordinator", "p1").loss = 1;
  scenario.services[0].vote_yes = 1;
  const Totals totals = run(scenario, "2pc", 5);
  EXPECT_EQ(totals.violations[static_cast<std::size_t>(Property::termination)], 0u);
}

}  // namespace
}  // namespace indoubt
