// Goal: time-outs fire when the scenario says, never when they were cancelled, and a transaction
// ends as decided, blocked or unfinished.
#include <gtest/gtest.h>

#include "tests/support/recorder.h"
#include "tests/support/scripted.h"
#include "tests/support/world.h"

namespace indoubt {
namespace {

/// The coordinator arms `first` again at each time-out, five times, then decides abort.
struct Rearms : Script {
  static void start(auto& env, auto& self) {
    if (env.is_coordinator()) self.arm(0, env);
  }
  static void timeout(int, auto& env, auto& self) {
    if (++self.seen == 5) return self.decide(Outcome::abort, env);
    self.arm(0, env);
  }
};

TEST(Timeout, AConstantOneFiresAfterExactlyItsLength) {
  Scenario scenario = world(1, Latency{});
  set_timeout(scenario, "first", Latency::constant(7ms));
  const Totals totals = run(scenario, scripted<Rearms>(1), 10);
  EXPECT_EQ(totals.decision_time.mean(), 35e6);
  EXPECT_EQ(totals.decision_time.variance(), 0);
  EXPECT_EQ(totals.timeouts, 50u);
}

TEST(Timeout, ARandomOneIsDrawnAnewAtEachArming) {
  Scenario scenario = world(1, Latency{});
  set_timeout(scenario, "first", Latency::exponential(7ms));
  const Totals totals = run(scenario, scripted<Rearms>(1), 40'000);
  EXPECT_NEAR(totals.decision_time.mean(), 35e6, 4 * standard_error_of(totals.decision_time));
  EXPECT_NEAR(totals.decision_time.variance(), 5 * 49e12, 12e12) << "five independent draws";
}

TEST(Timeout, WithoutALengthOrANameItNeverFires) {
  Scenario scenario = world(1, Latency{});
  EXPECT_EQ(run(scenario, scripted<Rearms>(1), 10).timeouts, 0u);
  scenario.timeouts.push_back({"first", std::nullopt});
  EXPECT_EQ(run(scenario, scripted<Rearms>(1), 10).timeouts, 0u);
  set_timeout(scenario, "second", Latency::constant(1ms));
  EXPECT_EQ(run(scenario, scripted<Rearms>(1), 10).timeouts, 0u);
}

/// Arms `first` twice: only the second arming counts.
struct ArmsAgain : Script {
  static void start(auto& env, auto& self) {
    if (!env.is_coordinator()) return;
    self.arm(0, env);
    self.note(0, 1, env);
  }
  static void receive(int, ProcessId from, auto& env, auto& self) {
    if (env.is_coordinator()) return self.arm(0, env);
    self.note(0, from, env);
  }
  static void timeout(int, auto& env, auto& self) { self.decide(Outcome::abort, env); }
};

TEST(Timeout, ArmedAgainStartsAnew) {
  for (const bool random : {false, true}) {
    Scenario scenario = world(1, Latency::constant(3ms));
    Latency length = random ? Latency::exponential(1ns) : Latency{};
    length.minimum = 10ms;
    set_timeout(scenario, "first", length);
    const Totals totals = run(scenario, scripted<ArmsAgain>(1), 1);
    EXPECT_EQ(totals.timeouts, 1u);
    EXPECT_EQ(totals.transactions, 1u) << "nothing stays armed";
    EXPECT_NEAR(totals.decision_time.mean(), 16e6, 100) << random;
  }
}

TEST(Timeout, ThatIsCancelledKeepsNoTransactionAlive) {
  Scenario scenario = world(2, Latency::constant(10ms));
  scenario.transactions.sites = Sites::shared;
  scenario.transactions.arrivals = {Arrivals::Kind::closed, 0, 1};
  const auto between = [&](const Latency& acks) {
    set_timeout(scenario, "acks", acks);
    const Totals totals = run(scenario, "2pc", 100);
    EXPECT_EQ(totals.timeouts, 0u);
    EXPECT_EQ(totals.commits, 100u);
    return totals.time_per_transaction.mean();
  };
  EXPECT_EQ(between(Latency::constant(10s)), 40e6) << "four messages";
  EXPECT_EQ(between(Latency::constant(20'000'001ns)), 40e6) << "in the event list already";
  Latency random = Latency::exponential(10s);
  random.minimum = 1s;
  EXPECT_EQ(between(random), 40e6);
  Fault clock;
  clock.kind = Fault::Kind::clock;
  clock.sites = {"coordinator"};
  clock.drift = 0.5;
  scenario.faults = {clock};
  EXPECT_EQ(between(Latency::constant(10s)), 40e6);
}

TEST(Timeout, CancelledOnesOfAMillionTransactionsNeverFire) {
  Scenario scenario = overlapping(world(1, Latency::constant(1ms)), 100us);
  set_timeout(scenario, "votes", Latency::constant(2'000'001ns));  // cancelled a nanosecond before
  set_timeout(scenario, "decision", Latency::constant(50ms));
  const Totals totals = run(scenario, "2pc", 100'000);
  EXPECT_EQ(totals.timeouts, 0u);
  EXPECT_EQ(totals.commits, 100'000u);
}

// ---- how a transaction ends --------------------------------------------------------------------

/// YES never reaches the coordinator.
Scenario deaf_coordinator() {
  Scenario scenario = world(2, Latency::constant(1ms));
  link_rule(scenario, "", "coordinator").loss = 1;
  return scenario;
}

TEST(End, WithNothingLeftToHappenATransactionWithoutDecisionIsBlocked) {
  const Totals totals = run(deaf_coordinator(), "2pc", 10);
  EXPECT_EQ(totals.blocked, 10u);
  EXPECT_EQ(totals.unfinished, 0u);
  EXPECT_EQ(totals.stranded, 10u) << "both participants are in doubt";
  EXPECT_EQ(totals.commits + totals.aborts, 0u);
  EXPECT_EQ(totals.none_committed, 10u);
  EXPECT_EQ(totals.all_learnt, 0u);
}

TEST(End, ATransactionThatAsksForEverWithoutHopeIsBlocked) {
  Scenario scenario = deaf_coordinator();
  set_timeout(scenario, "decision", Latency::constant(10ms));
  const Totals totals = run(scenario, "2pc", 10);
  EXPECT_EQ(totals.blocked, 10u);
  EXPECT_EQ(totals.unfinished, 0u);
  EXPECT_LE(totals.timeouts, 10u * 64) << "retired long before its horizon of an hour";
}

// The coordinator has no time-out and a vote is lost: asking it is of no use.
TEST(End, ACoordinatorThatWaitsForALostVoteBlocksTheOthers) {
  Scenario scenario = world(2, Latency::constant(1ms));
  link_rule(scenario, "p2", "coordinator").loss = 1;
  set_timeout(scenario, "decision", Latency::constant(10ms));
  EXPECT_EQ(run(scenario, "2pc", 10).blocked, 10u);
  set_timeout(scenario, "votes", Latency::constant(50ms));
  EXPECT_EQ(run(scenario, "2pc", 10).aborts, 10u);
}

TEST(End, ATransactionThatNobodyWasAskedToPrepareForIsAbandoned) {
  Scenario scenario = world(2, Latency::constant(1ms));
  link_rule(scenario, "coordinator", "").loss = 1;
  const Totals totals = run(scenario, "2pc", 10);
  EXPECT_EQ(totals.abandoned, 10u);
  EXPECT_EQ(totals.blocked, 0u);
}

TEST(End, AtTheHorizonATransactionWithoutDecisionIsUnfinished) {
  Scenario scenario = world(2, Latency::constant(1ms));
  link_rule(scenario, "", "coordinator").latency = Latency::constant(2s);
  set_timeout(scenario, "decision", Latency::constant(10ms));
  scenario.transactions.horizon = 1s;
  const Totals totals = run(scenario, "2pc", 10);
  EXPECT_EQ(totals.unfinished, 10u);
  EXPECT_EQ(totals.blocked, 0u);
  EXPECT_EQ(totals.timeouts, 10u * 2 * 99) << "at 11 ms, 21 ms, ..., 991 ms";
}

TEST(End, AtTheHorizonADecidedTransactionKeepsItsDecision) {
  Scenario scenario = world(2, Latency::constant(1ms));
  link_rule(scenario, "coordinator", "p2").loss = 1;
  set_timeout(scenario, "votes", Latency::constant(5ms));
  set_timeout(scenario, "acks", Latency::constant(10ms));
  scenario.transactions.horizon = 1s;
  const Totals totals = run(scenario, "2pc", 10);
  EXPECT_EQ(totals.aborts, 10u) << "the coordinator resends ABORT to p2 for ever";
  EXPECT_EQ(totals.unfinished, 0u);
}

TEST(End, WhatHappensExactlyAtTheHorizonStillCounts) {
  Scenario scenario = world(2, Latency::constant(10ms));
  const Machine machine = machine_with("2pc", 2);
  const auto times_forgotten = [&](Duration horizon) {
    scenario.transactions.horizon = horizon;
    Recorder recorder(machine);
    SimulationOptions options;
    options.observer = &recorder;
    run(scenario, machine, 1, options);
    return recorder.times(0, "forget");
  };
  EXPECT_EQ(times_forgotten(40ms), 1) << "the last ack arrives then";
  EXPECT_EQ(times_forgotten(39'999'999ns), 0);
  scenario.transactions.horizon = 30ms;  // COMMIT arrives
  const Totals learnt = run(scenario, "2pc", 1);
  EXPECT_EQ(learnt.all_committed, 1u);
  scenario.transactions.horizon = 29ms;
  EXPECT_EQ(run(scenario, "2pc", 1).all_committed, 0u);
  scenario.transactions.horizon = 19ms;
  EXPECT_EQ(run(scenario, "2pc", 1).unfinished, 1u);
}

struct CancelsAtOnce : Script {
  static void start(auto& env, auto& self) {
    self.arm(0, env);
    self.disarm(0, env);
  }
};

TEST(End, ACancelledTimeoutBeyondTheHorizonLeavesATransactionAbandonedAndNotUnfinished) {
  Scenario scenario = deaf_coordinator();
  Latency beyond = Latency::exponential(1ms);
  beyond.minimum = 2h;
  set_timeout(scenario, "first", beyond);
  scenario.transactions.horizon = 1h;
  const Totals totals = run(scenario, scripted<CancelsAtOnce>(2), 1);
  EXPECT_EQ(totals.abandoned, 1u);
  EXPECT_EQ(totals.events, 0u);
}

TEST(End, ExpiredTransactionsGiveTheirRoomBackWhateverTheyWereDoing) {
  Scenario scenario = overlapping(deaf_coordinator(), 100us);
  scenario.disk.force = Latency::exponential(8ms);
  set_timeout(scenario, "decision", Latency::constant(1ms));
  scenario.transactions.horizon = 10ms;
  const Totals totals = run(scenario, "2pc", 20'000);
  EXPECT_EQ(totals.blocked + totals.abandoned, 20'000u) << "no vote ever arrives";
  EXPECT_EQ(totals.transactions, 20'000u);
}

}  // namespace
}  // namespace indoubt
