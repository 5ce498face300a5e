// Goal: an observer is told when faults of the network, of sites and of clocks begin and end, who
// decides without the protocol, and why each message is lost.
#include <gtest/gtest.h>

#include "tests/support/recorder.h"
#include "tests/support/world.h"

namespace indoubt {
namespace {

Fault at_time(Fault::Kind kind, Duration time) {
  Fault fault;
  fault.kind = kind;
  fault.when.kind = Trigger::Kind::at_time;
  fault.when.time = time;
  return fault;
}

class ToldFaults : public testing::Test {
 protected:
  ToldFaults() { set_timeout(scenario, "decision", Latency::constant(50ms)); }
  Totals observed(std::uint64_t count = 1) {
    recorder.emplace(machine);
    SimulationOptions options;
    options.observer = &*recorder;
    return run(scenario, machine, count, options);
  }
  std::optional<Duration> begin() const { return recorder->when(0, "fault 0 begins"); }
  std::optional<Duration> end() const { return recorder->when(0, "fault 0 ends"); }

  Scenario scenario = world(2, Latency::constant(10ms));
  Machine machine = machine_with("2pc", 2);
  std::optional<Recorder> recorder;  ///< of the last run
};

TEST_F(ToldFaults, APartitionPartsAndHeals) {
  Fault fault = at_time(Fault::Kind::partition, 5ms);
  fault.groups = {{"coordinator", "p1"}, {"p2"}};
  fault.lasts = Latency::constant(100ms);
  scenario.faults = {fault};
  observed();
  EXPECT_EQ(begin(), 5ms);
  EXPECT_EQ(end(), 105ms);
  EXPECT_EQ(recorder->lost_by(Loss::cut), 1) << "the PREPARE under way to p2";
  EXPECT_EQ(recorder->times(0, "loses PREPARE to 2"), 1);
}

TEST_F(ToldFaults, SlowAndStalledLinksAndSlowSitesBeginAndEnd) {
  for (const auto kind : {Fault::Kind::slow_link, Fault::Kind::stall, Fault::Kind::slow_site}) {
    Fault fault = at_time(kind, 5ms);
    fault.factor = 2;
    fault.from = "coordinator";
    fault.sites = {"p1"};
    fault.lasts = Latency::constant(6ms);
    scenario.faults = {fault};
    observed();
    EXPECT_EQ(begin(), 5ms) << static_cast<int>(kind);
    EXPECT_EQ(end(), 11ms) << static_cast<int>(kind);
  }
}

TEST_F(ToldFaults, AClockJumpsOnce) {
  Fault fault = at_time(Fault::Kind::clock, 15ms);
  fault.sites = {"p1"};
  fault.jump = 1ms;
  scenario.faults = {fault};
  observed();
  EXPECT_EQ(begin(), 15ms);
  EXPECT_EQ(end(), std::nullopt);
}

TEST_F(ToldFaults, OnSharedSitesEachTransactionUnderWayIsTold) {
  scenario.transactions.sites = Sites::shared;
  scenario.transactions.arrivals = {Arrivals::Kind::constant, 2e6, 0};
  Fault fault = at_time(Fault::Kind::cut, 5ms);
  fault.from = "p1";
  fault.lasts = Latency::constant(1ms);
  scenario.faults = {fault};
  observed(3);
  EXPECT_EQ(recorder->times(0, "fault 0 begins"), 2) << "the third begins at 6 ms";
  EXPECT_EQ(recorder->times(0, "fault 0 ends"), 3);
}

TEST_F(ToldFaults, AMessageIsLostForItsReason) {
  Fault chosen;
  chosen.kind = Fault::Kind::message;
  chosen.type = "PREPARE";
  chosen.to = "p1";
  Fault crash = at_time(Fault::Kind::crash, 5ms);
  crash.sites = {"p2"};
  scenario.faults = {chosen, crash};
  observed();
  EXPECT_EQ(recorder->lost_by(Loss::chosen), 1);
  EXPECT_EQ(recorder->lost_by(Loss::down), 1);
  EXPECT_EQ(recorder->lost_by(Loss::link), 0);

  scenario.faults.clear();
  scenario.network.loss = 1;
  EXPECT_EQ(observed().lost, 2u);
  EXPECT_EQ(recorder->lost_by(Loss::link), 2);
}

TEST_F(ToldFaults, AHeuristicDecisionIsSeen) {
  Fault crash = at_time(Fault::Kind::crash, 15ms);
  crash.sites = {"coordinator"};
  Fault alone;
  alone.kind = Fault::Kind::heuristic;
  alone.sites = {"p1"};
  alone.after = 30ms;
  scenario.faults = {crash, alone};
  observed();
  EXPECT_EQ(recorder->when(1, "verdict abort"), 40ms);
}

TEST_F(ToldFaults, AMessageThatTakesAnotherCourseIsTold) {
  Fault fault;
  fault.kind = Fault::Kind::message;
  fault.type = "COMMIT";
  fault.to = "p1";
  fault.action = Fault::Action::delay;
  fault.delay = Latency::constant(7ms);
  scenario.faults = {fault};
  observed();
  EXPECT_EQ(recorder->when(0, "delays COMMIT to 1 by 7ms"), 20ms);
  EXPECT_EQ(recorder->when(1, "takes COMMIT from 0"), 37ms);

  scenario.faults[0].action = Fault::Action::hold;
  scenario.faults[0].delay = Latency::constant(30ms);
  observed();
  EXPECT_EQ(recorder->when(0, "holds COMMIT to 1 until 50ms"), 20ms);

  scenario.faults[0].action = Fault::Action::duplicate;
  observed();
  EXPECT_EQ(recorder->when(0, "doubles COMMIT to 1"), 20ms);
  EXPECT_EQ(recorder->times(0, "doubles COMMIT to 1"), 1);

  Fault stall = at_time(Fault::Kind::stall, 5ms);
  stall.to = "p1";
  stall.lasts = Latency::constant(20ms);
  scenario.faults = {stall};
  observed();
  EXPECT_EQ(recorder->when(0, "holds PREPARE to 1 until 25ms"), 10ms) << "when it comes";
}

TEST_F(ToldFaults, ACopyThatTheLinkMakesIsTold) {
  link_rule(scenario, "coordinator", "p1").duplication = 1;
  observed();
  EXPECT_EQ(recorder->when(0, "doubles PREPARE to 1"), 0ms);
  EXPECT_EQ(recorder->times(1, "takes PREPARE from 0"), 2);
}

}  // namespace
}  // namespace indoubt
