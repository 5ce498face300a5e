// Goal: where faults that last meet random times, chains equal closed values and lie within 4
// standard errors of a simulation.
#include <gtest/gtest.h>

#include <cmath>

#include "tests/agreement/chain_agreement.h"
#include "tests/support/world.h"

namespace indoubt {
namespace {

using Kind = Fault::Kind;
const Who kTheCoordinator(kCoordinatorName);

Scenario random_world(int participants) {
  Scenario scenario = world(participants, Latency::exponential(5ms));
  scenario.transactions.horizon = 100s;
  return scenario;
}

Fault fault_of(Kind kind, const Who& site = "p1") {
  Fault fault;
  fault.kind = kind;
  fault.name = "fault-1";
  fault.sites = {site};
  return fault;
}

Fault cut(const Who& from, const Who& to, Duration time) {
  Fault fault = fault_of(Kind::cut, kTheCoordinator);
  fault.from = from;
  fault.to = to;
  fault.when.kind = Trigger::Kind::at_time;
  fault.when.time = time;
  return fault;
}

/// The chain's values of `names`; each lies within 4 standard errors of a simulation, if a run
/// measures it.
std::vector<double> solved(const Scenario& scenario, const Machine& machine,
                           const std::vector<std::string>& names) {
  const auto built = markov::build_chain(scenario, machine);
  if (built.index() == 1) {
    ADD_FAILURE() << std::get<1>(built).sentences.front();
    return std::vector<double>(names.size());
  }
  SimulationOptions options;
  options.count = 100'000;
  const Totals totals = simulate(scenario, machine, options);
  markov::ChainMeasures measures(std::get<0>(built));
  std::vector<double> values;
  for (const std::string& name : names) {
    const markov::Answer answer = measures.answer(name);
    EXPECT_TRUE(answer.value.has_value()) << name << ": " << answer.reason;
    values.push_back(answer.value.value_or(-1));
    const Measure& measure = *find_measure(name);
    EXPECT_TRUE(simulation_agrees(measure, totals, values.back(), 4))
        << name << ": exactly " << values.back();
  }
  return values;
}

std::vector<double> solved(const Scenario& scenario, const std::vector<std::string>& names) {
  return solved(scenario, machine_with("2pc", scenario.group()), names);
}

/// P(two exponential times of mean `mean` are over by `t`).
double two_by(double t, double mean) { return 1 - std::exp(-t / mean) * (1 + t / mean); }

// Commit is decided if PREPARE and the vote arrive before the way back is cut.
TEST(ChainsOfTroubles, ACutAtATimeTakesWhatIsUnderWay) {
  Scenario scenario = random_world(1);
  scenario.faults = {cut("p1", kTheCoordinator, 12ms)};
  const auto values = solved(scenario, {"commit", "no_decision", "messages"});
  EXPECT_NEAR(values[0], two_by(12, 5), 1e-12);
  EXPECT_NEAR(values[1], 1 - two_by(12, 5), 1e-12);
}

TEST(ChainsOfTroubles, APartitionThatHealsMeetsTimeoutsThatRepeat) {
  Scenario scenario = world(2, Latency::constant(5ms));
  for (const char* timer : {"votes", "acks"}) set_timeout(scenario, timer, Latency::constant(30ms));
  set_timeout(scenario, "decision", Latency::constant(40ms));
  Fault fault = fault_of(Kind::partition);
  fault.groups = {std::vector<Who>{kTheCoordinator, Who("p2")}, std::vector<Who>(1, "p1")};
  fault.when.kind = Trigger::Kind::at_time;
  fault.when.time = 7ms;
  fault.when.probability = 0.5;
  fault.lasts = Latency::constant(100ms);
  scenario.faults = {fault};
  const auto values = solved(
      scenario, {"commit", "abort.vote_timeout", "ever_blocked", "messages", "decision_time",
                 "completion_time", "blocked_time", "in_doubt_time", "violation.termination"});
  EXPECT_EQ(values[0], 0.5) << "the vote of p1 is on its way from 5 ms to 10 ms";
}

TEST(ChainsOfTroubles, PartitionsThatComeAgainAndAgain) {
  Scenario scenario = random_world(2);
  Fault fault = fault_of(Kind::partition);
  fault.groups = {std::vector<Who>{kTheCoordinator, Who("p2")}, std::vector<Who>(1, "p1")};
  fault.when.kind = Trigger::Kind::random;
  fault.when.gap = Latency::exponential(20ms);
  fault.lasts = Latency::exponential(10ms);
  scenario.faults = {fault};
  const auto values =
      solved(scenario, {"commit", "no_decision", "messages", "blocked_at_end", "ever_blocked"});
  EXPECT_GT(values[1], 0.1);
}

TEST(ChainsOfTroubles, ACutAtAPointOfTheProtocol) {
  Scenario scenario = random_world(2);
  Fault fault = cut(kTheCoordinator, "p2", {});
  fault.when.kind = Trigger::Kind::at_point;
  fault.when.point.where = Point::Where::after;
  fault.when.point.what = Point::What::send;
  fault.when.point.name = "COMMIT";
  fault.when.point.sends = 1;
  fault.lasts = Latency::exponential(10ms);
  scenario.faults = {fault};
  const auto values = solved(scenario, {"commit", "all_committed", "some_committed", "stranded",
                                        "ever_blocked", "blocked_time"});
  EXPECT_EQ(values[0], 1);
  EXPECT_EQ(values[1], 0) << "COMMIT to p2 is sent when the link is cut already";
}

TEST(ChainsOfTroubles, SlowLinksTakeSoManyTimesAsLong) {
  Scenario scenario = random_world(1);
  Fault fault = fault_of(Kind::slow_link);
  fault.to = "p1";
  fault.factor = 3;
  scenario.faults = {fault};
  const auto values = solved(scenario, {"decision_time", "completion_time"});
  EXPECT_NEAR(values[0], (3 * 5 + 5) * 1e6, 1e-3);
  EXPECT_NEAR(values[1], (3 * 5 + 5 + 3 * 5) * 1e6, 1e-3);
}

TEST(ChainsOfTroubles, SlowSitesWorkSoManyTimesAsLong) {
  Scenario scenario = random_world(1);
  scenario.services[0].prepare = Latency::exponential(2ms);
  Fault fault = fault_of(Kind::slow_site);
  fault.factor = 4;
  scenario.faults = {fault};
  EXPECT_NEAR(solved(scenario, {"decision_time"})[0], (5 + 4 * 2 + 5) * 1e6, 1e-3);
}

TEST(ChainsOfTroubles, ASlowLinkEndsAtATime) {
  Scenario scenario = random_world(1);
  Fault fault = fault_of(Kind::slow_link);
  fault.to = kTheCoordinator;
  fault.factor = 5;
  fault.when.kind = Trigger::Kind::at_time;
  fault.when.time = 3ms;
  fault.lasts = Latency::constant(4ms);
  scenario.faults = {fault};
  const auto values = solved(scenario, {"decision_time", "messages", "commit"});
  // PREPARE arrives while the way back is slow with this probability.
  const double slow = std::exp(-3.0 / 5) - std::exp(-7.0 / 5);
  EXPECT_NEAR(values[0], (5 + 5 * (1 - slow) + 25 * slow) * 1e6, 1e-2);
}

TEST(ChainsOfTroubles, StalledMessagesAreReleasedAtTheEnd) {
  Scenario scenario = random_world(1);
  Fault fault = fault_of(Kind::stall);
  fault.to = kTheCoordinator;
  fault.lasts = Latency::constant(12ms);
  scenario.faults = {fault};
  const auto values = solved(scenario, {"commit", "decision_time"});
  // The vote comes after two exponential times, or at 12 ms if that is later.
  const double e = std::exp(-12.0 / 5);
  EXPECT_NEAR(values[1], (12 + 5 * e * (12.0 / 5 + 2)) * 1e6, 1e-2);
}

TEST(ChainsOfTroubles, AFastClockShortensTimeouts) {
  Scenario scenario = random_world(1);
  set_timeout(scenario, "votes", Latency::exponential(20ms));
  Fault fault = fault_of(Kind::clock, kTheCoordinator);
  fault.drift = 2;
  fault.when.probability = 0.5;
  scenario.faults = {fault};
  const auto commit = [](double mean) { return std::pow(mean / (mean + 5), 2); };
  EXPECT_NEAR(solved(scenario, {"commit", "abort.vote_timeout"})[0],
              0.5 * commit(20) + 0.5 * commit(10), 1e-12);
}

TEST(ChainsOfTroubles, HeuristicAndOperatorsDecisions) {
  Scenario scenario = world(2, Latency::constant(5ms));
  Fault operates = fault_of(Kind::outcome, "p1");
  operates.when.kind = Trigger::Kind::at_time;
  operates.when.time = 50ms;
  operates.outcome = Outcome::commit;
  Fault alone = fault_of(Kind::heuristic, "p2");
  alone.after = 8ms;
  alone.when.probability = 0.3;
  Fault dies = fault_of(Kind::crash, kTheCoordinator);
  dies.when.kind = Trigger::Kind::at_time;
  dies.when.time = 7ms;
  scenario.faults = {operates, alone, dies};
  const auto values = solved(scenario, {"violation.agreement", "some_committed", "some_aborted",
                                        "stranded", "in_doubt_time", "abort.heuristic"});
  EXPECT_EQ(values[0], 0.3);
  EXPECT_EQ(values[1], 1);
  EXPECT_EQ(values[3], 0.7) << "p2 alone is nobody's business";
}

TEST(ChainsOfTroubles, DisksThatFailAndDisksThatLie) {
  Scenario scenario = world(1, Latency::constant(5ms));
  Fault fails = fault_of(Kind::disk);
  fails.when.probability = 0.1;
  fails.when.occurrence = 0;
  scenario.faults = {fails};
  EXPECT_NEAR(solved(scenario, {"no_decision", "messages", "crashed"})[0], 0.1, 1e-15);
  fails.lies = true;
  Fault crash = fault_of(Kind::crash);
  crash.when.kind = Trigger::Kind::at_time;
  crash.when.time = 7ms;
  crash.lasts = Latency::constant(1ms);
  scenario.faults = {fails, crash};
  solved(scenario, {"commit", "violation.agreement", "all_committed", "forced_writes"});
}

TEST(ChainsOfTroubles, MessagesAreLostInAWindow) {
  Scenario scenario = random_world(1);
  Fault fault = fault_of(Kind::message);
  fault.type = "YES";
  fault.when.from = 4ms;
  fault.when.until = 9ms;
  scenario.faults = {fault};
  EXPECT_NEAR(solved(scenario, {"no_decision", "messages"})[0],
              std::exp(-4.0 / 5) - std::exp(-9.0 / 5), 1e-12);
}

TEST(ChainsOfTroubles, MessagesToASiteThatIsDownWaitForItsRestart) {
  Scenario scenario = random_world(1);
  Fault fault = fault_of(Kind::crash);
  fault.lasts = Latency::constant(12ms);
  fault.messages_held = true;
  scenario.faults = {fault};
  const auto values = solved(scenario, {"commit", "decision_time"});
  EXPECT_NEAR(values[1], (12 + 5 * std::exp(-12.0 / 5) + 5) * 1e6, 1e-2);
}

// Counts accumulate between the instants at which time-outs switch, and at them.
TEST(ChainsOfTroubles, CountsWhereConstantTimeoutsSwitch) {
  Scenario scenario = random_world(2);
  set_timeout(scenario, "votes", Latency::constant(12ms));
  const auto values =
      solved(scenario, {"commit", "messages", "forced_writes", "unforced_writes",
                        "messages.coordinator", "messages.participants", "asked", "yes_votes"});
  EXPECT_NEAR(values[0], std::pow(two_by(12, 5), 2), 1e-12);
  EXPECT_NEAR(values[1], 2 * 4, 1e-12) << "PREPARE, YES, decision and ACK of each, in time or not";
  EXPECT_NEAR(values[7], values[6], 1e-12) << "everybody who is asked votes YES";
  EXPECT_NEAR(values[1], values[4] + values[5], 1e-12);
}

TEST(ChainsOfTroubles, ADetectorTellsOfCrashes) {
  for (const Duration delay : {Duration{0}, Duration{3ms}}) {
    Scenario scenario = world(3, Latency::constant(5ms));
    scenario.detection.delay = Latency::constant(delay);
    set_timeout(scenario, "states", Latency::constant(30ms));
    Fault crash = fault_of(Kind::crash, kTheCoordinator);
    crash.when.kind = Trigger::Kind::at_time;
    crash.when.time = 12ms;
    crash.when.probability = 0.4;
    scenario.faults = {crash};
    const Machine machine = machine_with("3pc", scenario.group());
    ASSERT_TRUE(machine.detects_failures);
    const auto values =
        solved(scenario, machine,
               {"abort.termination", "commit", "messages", "completion_time", "in_doubt_time"});
    EXPECT_EQ(values[0] + values[1], 1);
  }
}

TEST(ChainsOfTroubles, ADetectorTellsOfRandomCrashesAtOnce) {
  Scenario scenario = random_world(2);
  scenario.detection.delay = Latency::constant(0ms);
  set_timeout(scenario, "states", Latency::exponential(30ms));
  Fault crash = fault_of(Kind::crash, kTheCoordinator);
  crash.when.kind = Trigger::Kind::random;
  crash.when.gap = Latency::exponential(20ms);
  scenario.faults = {crash};
  crash.lasts.reset();
  const Machine machine = machine_with("3pc", scenario.group());
  solved(scenario, machine, {"abort.termination", "commit", "messages", "violation.agreement"});
}

}  // namespace
}  // namespace indoubt
