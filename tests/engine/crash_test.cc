// Goal: sites crash where and when a scenario says, lose what is volatile, keep what is durable,
// and recover; who is blocked meanwhile is told exactly. Times as in the textbook figure: messages
// 10 ms, forced writes 5 ms.
#include <gtest/gtest.h>

#include "tests/support/recorder.h"
#include "tests/support/world.h"

namespace indoubt {
namespace {

Scenario textbook(int participants) {
  Scenario scenario = world(participants, Latency::constant(10ms));
  scenario.disk.force = Latency::constant(5ms);
  return scenario;
}

Fault crash_of(const Who& who) {
  Fault fault;
  fault.kind = Fault::Kind::crash;
  fault.sites = {who};
  return fault;
}

Fault crash_at(const Who& who, Duration time) {
  Fault fault = crash_of(who);
  fault.when.kind = Trigger::Kind::at_time;
  fault.when.time = time;
  return fault;
}

Fault crash_at_point(const Who& who, Point::Where where, Point::What what, std::string name,
                     const Who& to = "") {
  Fault fault = crash_of(who);
  fault.when.kind = Trigger::Kind::at_point;
  fault.when.point.where = where;
  fault.when.point.what = what;
  fault.when.point.name = std::move(name);
  fault.when.point.to = to;
  return fault;
}

TEST(Crash, ACoordinatorThatDiesUndecidedBlocksEverybodyUntilItIsBack) {
  Scenario scenario = textbook(3);
  set_timeout(scenario, "decision", Latency::constant(50ms));
  Fault fault = crash_at("coordinator", 28ms);
  fault.lasts = Latency::constant(500ms);
  scenario.faults = {fault};
  const Totals totals = run(scenario, "2pc", 10);
  EXPECT_EQ(totals.aborts, 10u);
  EXPECT_EQ(totals.crashed, 10u);
  EXPECT_EQ(totals.ever_blocked, 10u);
  EXPECT_EQ(totals.blocked_at_end, 0u);
  EXPECT_EQ(totals.blocked_time.mean(), 500e6) << "from the crash to the restart";
  EXPECT_EQ(totals.blocked_participants.mean(), 3);
  EXPECT_EQ(totals.in_doubt_time.mean(), 528e6) << "15 ms to 528 + 5 + 10 ms";
}

TEST(Crash, ForEverItBlocksForEverAndTheTransactionIsRetired) {
  Scenario scenario = textbook(3);
  set_timeout(scenario, "decision", Latency::constant(50ms));
  scenario.faults = {crash_at("coordinator", 28ms)};
  const Totals totals = run(scenario, "2pc", 10);
  EXPECT_EQ(totals.blocked, 10u);
  EXPECT_EQ(totals.blocked_at_end, 10u);
  EXPECT_EQ(totals.unfinished, 0u);
  EXPECT_LT(totals.events, 10u * 20) << "nobody asks for ever";
}

TEST(Crash, UnderThreePhasesTheSurvivorsTerminate) {
  Scenario scenario = textbook(3);
  for (const auto* timer : {"decision", "commit", "states"})
    set_timeout(scenario, timer, Latency::constant(50ms));
  scenario.faults = {crash_at("coordinator", 24ms)};
  const Totals totals = run(scenario, "3pc", 10);
  EXPECT_EQ(totals.all_aborted, 10u) << "all uncertain";
  EXPECT_EQ(totals.ever_blocked, 0u);
  EXPECT_EQ(totals.violations[static_cast<std::size_t>(Property::agreement)], 0u);
}

TEST(Crash, BeforeADecisionLeavesItIsDurableAndResentAfterTheRestart) {
  Scenario scenario = textbook(2);
  set_timeout(scenario, "decision", Latency::constant(1h));
  Fault fault = crash_at_point("coordinator", Point::Where::before, Point::What::send, "COMMIT");
  fault.lasts = Latency::constant(100ms);
  scenario.faults = {fault};
  const Totals totals = run(scenario, "2pc", 10);
  EXPECT_EQ(totals.all_committed, 10u);
  EXPECT_EQ(totals.decision_time.mean(), 30e6);
  EXPECT_EQ(totals.in_doubt_time.mean(), 125e6) << "15 ms to 30 + 100 + 10 ms";
}

// The second fault strikes at the coordinator's second COMMIT, in its recovery, although the first
// one has struck at the first.
TEST(Crash, AnOccurrenceCountsEveryMeetingOfItsPointAlsoThoseWhereAnotherFaultStrikes) {
  for (const auto where : {Point::Where::before, Point::Where::after}) {
    Scenario scenario = textbook(2);
    Fault first = crash_at_point("coordinator", where, Point::What::send, "COMMIT");
    first.lasts = Latency::constant(100ms);
    Fault second = first;
    second.when.occurrence = 2;
    scenario.faults = {first, second};
    const Machine machine = machine_with("2pc", 2);
    Recorder recorder(machine);
    SimulationOptions options;
    options.observer = &recorder;
    run(scenario, machine, 1, options);
    EXPECT_EQ(recorder.times(0, "crashes"), 2) << static_cast<int>(where);
  }
}

// Each fault strikes once in a transaction: recovery sends COMMIT again and is left alone.
TEST(Crash, AtAPointStrikesOnceInATransaction) {
  Scenario scenario = textbook(2);
  Fault fault = crash_at_point("coordinator", Point::Where::after, Point::What::send, "COMMIT");
  fault.lasts = Latency::constant(1ms);
  scenario.faults = {fault};
  const Machine machine = machine_with("2pc", 2);
  Recorder recorder(machine);
  SimulationOptions options;
  options.observer = &recorder;
  run(scenario, machine, 1, options);
  EXPECT_EQ(recorder.times(0, "crashes"), 1);
}

TEST(Crash, AtEachSendWithARestartAtOnceEndsAtTheHorizon) {
  Scenario scenario = textbook(2);
  scenario.disk.force = {};
  Fault fault = crash_at_point("coordinator", Point::Where::each_send, Point::What::send, "");
  fault.lasts = Latency::constant(0ms);
  scenario.faults = {fault};
  const Totals totals = run(scenario, "2pc", 1);
  EXPECT_EQ(totals.transactions, 1u);
  EXPECT_EQ(totals.commits, 0u);
}

TEST(Crash, BeforeTheForceThereIsNoDecision) {
  Scenario scenario = textbook(2);
  for (const auto where : {Point::Where::before, Point::Where::after}) {
    Fault fault = crash_at_point("coordinator", where, Point::What::force, "decision");
    fault.lasts = Latency::constant(100ms);
    fault.when.occurrence = 1;
    scenario.faults = {fault};
    const Totals totals = run(scenario, "2pc", 10);
    EXPECT_EQ(totals.all_committed, where == Point::Where::after ? 10u : 0u);
    EXPECT_EQ(totals.all_aborted, where == Point::Where::after ? 0u : 10u);
  }
}

// The record is on disk and the crash comes before anything else: whoever reads it has decided.
TEST(Crash, WhoReadsADecisionInItsLogHasDecided) {
  for (const auto* protocol : {"2pc", "3pc", "easy-commit", "2pc-linear"}) {
    for (const auto* site : {"coordinator", "p1"}) {
      Scenario scenario = textbook(2);
      set_timeout(scenario, "decision", Latency::constant(200ms));
      Fault fault = crash_at_point(site, Point::Where::after, Point::What::force, "committed");
      fault.lasts = Latency::constant(100ms);
      scenario.faults = {fault};
      const Totals totals = run(scenario, protocol, 10);
      EXPECT_EQ(totals.all_committed, 10u) << protocol << " " << site;
      EXPECT_EQ(totals.decision_time.count, 10u) << protocol << " " << site;
      EXPECT_EQ(totals.violations[static_cast<std::size_t>(Property::termination)], 0u)
          << protocol << " " << site;
    }
  }
}

// A decision that nobody was told of counts as soon as it is read again, against those who have
// gone on without it.
TEST(Crash, ADecisionReadInTheLogIsHeldAgainstTheOthers) {
  Scenario scenario = textbook(2);
  for (const auto* timer : {"decision", "states"})
    set_timeout(scenario, timer, Latency::constant(50ms));
  Fault fault = crash_at_point("coordinator", Point::Where::after, Point::What::force, "committed");
  fault.lasts = Latency::constant(500ms);
  scenario.faults = {fault};
  const Totals totals = run(scenario, "easy-commit", 10, {{"mistake", "force_before_forward"}});
  EXPECT_EQ(totals.violations[static_cast<std::size_t>(Property::agreement)], 10u);
}

TEST(Crash, DuringAForceTheRecordIsLost) {
  Scenario scenario = textbook(2);
  Fault fault = crash_at("coordinator", 27ms);  // the force of the decision runs from 25 to 30 ms
  fault.lasts = Latency::constant(100ms);
  scenario.faults = {fault};
  EXPECT_EQ(run(scenario, "2pc", 10).all_aborted, 10u);
}

TEST(Crash, ABroadcastIsCutAfterTheDestinationThatThePointNames) {
  Scenario scenario = textbook(3);
  scenario.faults = {
      crash_at_point("coordinator", Point::Where::after, Point::What::send, "COMMIT", "p1")};
  const Totals totals = run(scenario, "2pc", 10);
  EXPECT_EQ(totals.commits, 10u);
  EXPECT_EQ(totals.all_committed, 0u);
  EXPECT_EQ(totals.blocked_at_end, 10u);
  EXPECT_EQ(totals.blocked_participants.mean(), 2) << "p1 knows";
  EXPECT_EQ(totals.sent[0][0] + 10u, 10u * 3 + 10) << "all PREPAREs left";
}

TEST(Crash, AParticipantWithoutAPreparedRecordAbortsAloneAtItsRestart) {
  Scenario scenario = textbook(3);
  set_timeout(scenario, "votes", Latency::constant(40ms));
  Fault fault = crash_at_point("p1", Point::Where::before, Point::What::force, "prepared");
  fault.lasts = Latency::constant(200ms);
  scenario.faults = {fault};
  const Totals totals = run(scenario, "2pc", 10);
  EXPECT_EQ(totals.all_aborted, 10u);
  EXPECT_EQ(totals.aborts_by_cause[static_cast<std::size_t>(AbortCause::vote_timeout)], 10u);
  EXPECT_EQ(totals.ever_blocked, 0u);
}

TEST(Crash, AnInDoubtParticipantAsksAfterItsRestart) {
  Scenario scenario = textbook(3);
  set_timeout(scenario, "decision", Latency::constant(1h));
  Fault fault = crash_at("p1", 20ms);  // its YES is on its way
  fault.lasts = Latency::constant(100ms);
  scenario.faults = {fault};
  const Totals totals = run(scenario, "2pc", 10);
  EXPECT_EQ(totals.all_committed, 10u);
  EXPECT_EQ(totals.completion_time.mean(), 145e6) << "up at 120 ms, asks and is answered, forces";
}

TEST(Crash, AmnesiaLosesTheLog) {
  Scenario scenario = textbook(2);
  Fault fault = crash_at_point("coordinator", Point::Where::before, Point::What::send, "COMMIT");
  fault.lasts = Latency::constant(100ms);
  fault.log_lost = true;
  scenario.faults = {fault};
  const Totals totals = run(scenario, "2pc", 10);
  EXPECT_EQ(totals.violations[static_cast<std::size_t>(Property::stability)], 10u)
      << "it had decided commit and now decides abort";
}

TEST(Crash, OfSomeTransactionsLeavesTheOthersAlone) {
  Scenario scenario = textbook(3);
  scenario.faults = {crash_at("coordinator", 28ms)};
  scenario.faults[0].when.transactions = {3, 7};
  EXPECT_EQ(run(scenario, "2pc", 10).blocked, 2u);
  scenario.faults[0].when.transactions = {};
  scenario.faults[0].when.probability = 0.1;
  const Totals totals = run(scenario, "2pc", 10'000);
  EXPECT_NEAR(static_cast<double>(totals.blocked), 1'000, 4 * 30);
  EXPECT_EQ(totals.blocked + totals.commits, 10'000u);
}

TEST(Crash, OfOneTransactionDoesNotChangeTheFingerprintsOfOthers) {
  Scenario scenario = world(3, Latency::exponential(5ms));
  SimulationOptions second;
  second.first = 2;
  const std::uint64_t plain = run(scenario, "2pc", 1, {}, second).fingerprint;
  scenario.faults = {crash_at("coordinator", 3ms)};
  scenario.faults[0].when.transactions = {1, 3};
  EXPECT_EQ(run(scenario, "2pc", 1, {}, second).fingerprint, plain);
  SimulationOptions first;
  const std::uint64_t three = run(scenario, "2pc", 3, {}, first).fingerprint;
  std::uint64_t sum = 0;
  for (std::uint64_t k = 1; k <= 3; ++k) {
    SimulationOptions alone;
    alone.first = k;
    sum += run(scenario, "2pc", 1, {}, alone).fingerprint;
  }
  EXPECT_EQ(three, sum);
}

// ---- the network
// ---------------------------------------------------------------------------------

std::uint64_t never_decided(const Totals& totals) {
  return totals.violations[static_cast<std::size_t>(Property::termination)];
}

TEST(Termination, IsVoidWhileASiteStaysDown) {
  Scenario scenario = textbook(3);
  scenario.faults = {crash_at("coordinator", 28ms)};
  const Totals totals = run(scenario, "2pc", 5);
  EXPECT_EQ(totals.blocked, 5u);
  EXPECT_EQ(never_decided(totals), 0u);
}

TEST(Termination, IsViolatedWhenNobodyAsksForALostDecision) {
  Scenario scenario = textbook(2);
  link_rule(scenario, "coordinator", "p2").loss = 0.5;
  const Totals lost = run(scenario, "2pc", 200);
  EXPECT_GT(never_decided(lost), 0u);
  for (const auto* timer : {"votes", "decision", "acks", "request"})
    set_timeout(scenario, timer, Latency::constant(100ms));
  const Totals asked = run(scenario, "2pc", 200);
  EXPECT_EQ(never_decided(asked), 0u);
  EXPECT_EQ(asked.all_learnt, 200u);
}

TEST(Termination, AtTheHorizonIsJudgedByWhatCanStillHappen) {
  Scenario scenario = textbook(2);
  set_timeout(scenario, "decision", Latency::constant(50ms));
  Fault fault = crash_at("coordinator", 28ms);
  fault.lasts = Latency::constant(2s);
  scenario.faults = {fault};
  scenario.transactions.horizon = 1s;
  const Totals totals = run(scenario, "2pc", 5);
  EXPECT_EQ(totals.commits + totals.aborts, 0u);
  EXPECT_EQ(never_decided(totals), 0u) << "after the restart everybody decides";
}

Fault partition_at(Duration time, std::vector<std::vector<Who>> groups) {
  Fault fault;
  fault.kind = Fault::Kind::partition;
  fault.groups = std::move(groups);
  fault.when.kind = Trigger::Kind::at_time;
  fault.when.time = time;
  return fault;
}

TEST(Partition, CutsOffAParticipantThatIsBlockedUntilItHeals) {
  Scenario scenario = textbook(3);
  set_timeout(scenario, "decision", Latency::constant(50ms));
  set_timeout(scenario, "acks", Latency::constant(50ms));
  Fault fault = partition_at(28ms, {{"coordinator", "p1", "p3"}, {"p2"}});
  fault.lasts = Latency::constant(100ms);
  scenario.faults = {fault};
  const Totals totals = run(scenario, "2pc", 10);
  EXPECT_EQ(totals.all_committed, 10u);
  EXPECT_EQ(totals.blocked_participants.mean(), 1);
  EXPECT_EQ(totals.blocked_time.mean(), 100e6);
  EXPECT_EQ(totals.crashed, 0u);
}

TEST(Partition, LosesAMessageThatWasUnderWayWhenTheCutBegan) {
  Scenario scenario = textbook(1);
  Fault fault = partition_at(32ms, {{"coordinator"}, {"p1"}});  // COMMIT is under way: 30 to 40 ms
  fault.lasts = Latency::constant(2ms);
  scenario.faults = {fault};
  const Totals totals = run(scenario, "2pc", 10);
  EXPECT_EQ(totals.lost, 10u);
  EXPECT_EQ(totals.commits, 10u);
  EXPECT_EQ(totals.all_committed, 0u);
}

TEST(Partition, MakesThreePhaseCommitDecideBothWays) {
  Scenario scenario = textbook(3);
  for (const auto* timer : {"decision", "commit", "states", "acks"})
    set_timeout(scenario, timer, Latency::constant(60ms));
  Fault fault;
  fault.kind = Fault::Kind::partition;
  fault.groups = {{"coordinator", "p1", "p2"}, {"p3"}};
  fault.sites = {"coordinator"};
  fault.when.kind = Trigger::Kind::at_point;
  fault.when.point = {Point::Where::after, Point::What::send, "PRE-COMMIT", "p2", 0, ""};
  scenario.faults = {fault};
  const Totals totals = run(scenario, "3pc", 10);
  EXPECT_EQ(totals.violations[static_cast<std::size_t>(Property::agreement)], 10u);
  EXPECT_EQ(totals.mixed, 10u);
}

TEST(Links, SlowAndStalledOnesDelayMessages) {
  Scenario scenario = textbook(1);
  Fault fault;
  fault.kind = Fault::Kind::slow_link;
  fault.from = "coordinator";
  fault.to = "p1";
  fault.factor = 3;
  scenario.faults = {fault};
  EXPECT_EQ(run(scenario, "2pc", 5).decision_time.mean(), 50e6) << "PREPARE takes 30 ms";
  scenario.faults[0].kind = Fault::Kind::stall;
  scenario.faults[0].lasts = Latency::constant(25ms);
  EXPECT_EQ(run(scenario, "2pc", 5).decision_time.mean(), 45e6) << "released at 25 ms";
}

TEST(Links, AChosenMessageIsLostDuplicatedOrDelayed) {
  Scenario scenario = textbook(2);
  set_timeout(scenario, "votes", Latency::constant(100ms));
  Fault fault;
  fault.kind = Fault::Kind::message;
  fault.type = "YES";
  fault.from = "p2";
  fault.nth = 1;
  scenario.faults = {fault};
  EXPECT_EQ(run(scenario, "2pc", 5).aborts, 5u);
  scenario.faults[0].action = Fault::Action::delay;
  scenario.faults[0].delay = Latency::constant(7ms);
  EXPECT_EQ(run(scenario, "2pc", 5).decision_time.mean(), 37e6);
  scenario.faults[0].action = Fault::Action::duplicate;
  const Totals twice = run(scenario, "2pc", 5);
  EXPECT_EQ(twice.duplicated, 5u);
  EXPECT_EQ(twice.all_committed, 5u);
}

TEST(Sites, ASlowOneWorksLongerAndAFastClockTimesOutEarlier) {
  Scenario scenario = textbook(1);
  Fault fault;
  fault.kind = Fault::Kind::slow_site;
  fault.sites = {"p1"};
  fault.factor = 4;
  scenario.faults = {fault};
  EXPECT_EQ(run(scenario, "2pc", 5).decision_time.mean(), 45e6) << "its force takes 20 ms";
  set_timeout(scenario, "votes", Latency::constant(50ms));
  fault.kind = Fault::Kind::clock;
  fault.sites = {"coordinator"};
  fault.drift = 4;
  scenario.faults = {fault};
  EXPECT_EQ(run(scenario, "2pc", 5).aborts, 5u) << "50 ms are over after 12.5 ms";
}

TEST(Heuristic, AParticipantThatDecidesAloneBreaksAgreement) {
  Scenario scenario = textbook(2);
  Fault down = crash_at("coordinator", 32ms);  // COMMIT is under way
  Fault cut = partition_at(31ms, {{"coordinator"}, {"p2"}});
  Fault alone;
  alone.kind = Fault::Kind::heuristic;
  alone.sites = {"p2"};
  alone.after = 500ms;
  alone.outcome = Outcome::abort;
  scenario.faults = {down, cut, alone};
  const Totals totals = run(scenario, "2pc", 10);
  EXPECT_EQ(totals.mixed, 10u);
  EXPECT_EQ(totals.violations[static_cast<std::size_t>(Property::agreement)], 10u);
}

}  // namespace
}  // namespace indoubt
