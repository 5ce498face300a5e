// Goal: what happens at one instant happens in a stated order: deliveries and completed writes
// before time-outs, and otherwise what was scheduled first.
#include <gtest/gtest.h>

#include "tests/support/recorder.h"
#include "tests/support/scripted.h"
#include "tests/support/world.h"

namespace indoubt {
namespace {

TEST(Order, AVoteThatArrivesAtTheInstantOfTheTimeoutIsInTime) {
  Scenario scenario = world(3, Latency::constant(10ms));
  set_timeout(scenario, "votes", Latency::constant(20ms));
  const Totals exact = run(scenario, "2pc", 10);
  EXPECT_EQ(exact.commits, 10u);
  EXPECT_EQ(exact.timeouts, 0u);
  scenario.timeouts[0].length = Latency::constant(19'999'999ns);
  const Totals late = run(scenario, "2pc", 10);
  EXPECT_EQ(late.aborts, 10u);
  EXPECT_EQ(late.timeouts, 10u);
}

TEST(Order, AVoteForcedAtTheInstantOfTheTimeoutIsInTimeToo) {
  Scenario scenario = world(3, Latency::constant(10ms));
  scenario.disk.force = Latency::constant(5ms);
  set_timeout(scenario, "votes", Latency::constant(25ms));
  EXPECT_EQ(run(scenario, "2pc", 10).commits, 10u);
}

TEST(Order, ARandomTimeoutComesAfterDeliveriesAsWell) {
  Scenario scenario = world(1, Latency::constant(10ms));
  // Uniform between 20 ms and 20 ms: a time-out of a kind that is drawn.
  Latency length = Latency::exponential(1ns);
  length.minimum = 20ms;
  set_timeout(scenario, "votes", length);
  const Totals totals = run(scenario, "2pc", 200);
  EXPECT_EQ(totals.commits, 200u) << "a draw below a nanosecond is cut off: at 20 ms or later";
}

/// Takes a long forced write, then cancels the timer that runs out when the write is done.
struct CancelsAfterWriting : Script {
  static void start(auto& env, auto& self) {
    if (!env.is_coordinator()) return;
    self.arm(0, env);
    env.force(1);
    self.disarm(0, env);
  }
  static void timeout(int, auto& env, auto& self) { self.decide(Outcome::abort, env); }
};

TEST(Order, AWriteThatIsDoneAtTheInstantOfATimeoutComesFirst) {
  Scenario scenario = world(1, Latency::constant(1ms));
  scenario.disk.force = Latency::constant(5ms);
  set_timeout(scenario, "first", Latency::constant(5ms));
  EXPECT_EQ(run(scenario, scripted<CancelsAfterWriting>(1), 1).timeouts, 0u);
}

TEST(Order, ATimeoutThatRanOutDuringAWriteIsHeldBackAndThenCancelled) {
  Scenario scenario = world(1, Latency::constant(1ms));
  scenario.disk.force = Latency::constant(5ms);
  set_timeout(scenario, "first", Latency::constant(3ms));
  const Totals totals = run(scenario, scripted<CancelsAfterWriting>(1), 1);
  EXPECT_EQ(totals.timeouts, 0u);
  EXPECT_EQ(totals.abandoned, 1u);
}

/// P1 sends three numbered notes to P2 at once, P2 decides abort if they come out of order.
struct SendsThree : Script {
  static void start(auto& env, auto& self) {
    if (env.self() != 1) return;
    for (const int k : {1, 2, 3}) self.note(k, 2, env);
  }
  static void receive(int number, ProcessId, auto& env, auto& self) {
    if (number != ++self.seen) self.decide(Outcome::abort, env);
    if (self.seen == 3) self.decide(Outcome::commit, env);
  }
};

TEST(Order, MessagesThatArriveAtOneInstantArriveAsTheyWereSent) {
  for (const EventList list : {EventList::heap, EventList::ladder}) {
    SimulationOptions options;
    options.event_list = list;
    const Totals totals =
        run(world(2, Latency::constant(1ms)), scripted<SendsThree>(2), 50, options);
    EXPECT_EQ(totals.some_committed, 50u);
    EXPECT_EQ(totals.some_aborted, 0u);
  }
}

/// Two timers of different lengths set so that they run out at one instant.
struct TwoTimers : Script {
  static void start(auto& env, auto& self) {
    if (!env.is_coordinator()) return;
    self.arm(1, env);
    self.arm(0, env);
  }
  static void timeout(int timer, auto& env, auto& self) {
    self.decide(timer == 1 ? Outcome::commit : Outcome::abort, env);
  }
};

TEST(Order, TimeoutsOfOneInstantFireInTheOrderOfArming) {
  Scenario scenario = world(1, Latency::constant(1ms));
  set_timeout(scenario, "first", Latency::constant(8ms));
  set_timeout(scenario, "second", Latency::constant(8ms));
  const Machine machine = scripted<TwoTimers>(1);
  Recorder recorder(machine);
  SimulationOptions options;
  options.observer = &recorder;
  run(scenario, machine, 1, options);
  EXPECT_EQ(recorder.story(0),
            "0s start; 0s set second; 0s set first; 8ms time-out second; 8ms decide commit; "
            "8ms time-out first; 8ms decide abort");
}

TEST(Order, ZeroDelaysTakeNoTimeAndStillRunInOrder) {
  const Scenario scenario = world(3, Latency{});
  const Totals totals = run(scenario, "2pc", 100);
  EXPECT_EQ(totals.commits, 100u);
  EXPECT_EQ(totals.completion_time.mean(), 0);
}

}  // namespace
}  // namespace indoubt
