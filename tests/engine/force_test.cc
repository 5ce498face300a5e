// Goal: a forced write that takes time holds back the effects after it and the inputs that come
// meanwhile, in order; an unforced one holds back nothing.
#include <gtest/gtest.h>

#include "tests/support/recorder.h"
#include "tests/support/scripted.h"
#include "tests/support/world.h"

namespace indoubt {
namespace {

/// The coordinator sends four notes at once; P1 forces a record for each before it answers.
struct WritesForEach : Script {
  static void start(auto& env, auto& self) {
    if (!env.is_coordinator()) return;
    for (const int k : {1, 2, 3, 4}) self.note(k, 1, env);
  }
  static void receive(int number, ProcessId from, auto& env, auto& self) {
    if (env.is_coordinator()) return;
    if (number != ++self.seen) self.decide(Outcome::abort, env);  // not in the order of arrival
    env.force(static_cast<std::uint8_t>(number));
    env.log(9);
    self.note(10 + number, from, env);
  }
};

struct Recorded {
  Scenario scenario = world(1, Latency::constant(1ms));
  Machine machine;
  Recorder recorder;
  Totals totals;
  explicit Recorded(Machine m, const Latency& force) : machine(m), recorder(machine) {
    scenario.disk.force = force;
    SimulationOptions options;
    options.observer = &recorder;
    totals = run(scenario, machine, 1, options);
  }
};

TEST(Force, HoldsBackLaterEffectsAndInputsInOrder) {
  const Recorded r(scripted<WritesForEach>(1), Latency::constant(5ms));
  EXPECT_EQ(r.recorder.story(1),
            "0s start; "
            "1ms takes NOTE from 0; 1ms force record; "
            "6ms durable record; 6ms log record; 6ms send NOTE to 0; "
            "6ms takes NOTE from 0; 6ms force record; "
            "11ms durable record; 11ms log record; 11ms send NOTE to 0; "
            "11ms takes NOTE from 0; 11ms force record; "
            "16ms durable record; 16ms log record; 16ms send NOTE to 0; "
            "16ms takes NOTE from 0; 16ms force record; "
            "21ms durable record; 21ms log record; 21ms send NOTE to 0")
      << "no decision: they were taken in the order of arrival";
}

TEST(Force, WithoutDurationHoldsBackNothing) {
  const Recorded r(scripted<WritesForEach>(1), Latency{});
  EXPECT_EQ(r.recorder.times(1, "durable record"), 4);
  EXPECT_EQ(r.recorder.when(1, "send NOTE to 0"), Duration(1ms));
}

TEST(Force, IsCountedApartFromUnforcedWrites) {
  for (const Latency& force : {Latency{}, Latency::constant(5ms)}) {
    const Recorded r(scripted<WritesForEach>(1), force);
    EXPECT_EQ(r.totals.forced_writes.mean(), 4);
    EXPECT_EQ(r.totals.unforced_writes.mean(), 4);
  }
}

/// Two forces in one handler: the second begins when the first is durable.
struct WritesTwice : Script {
  static void start(auto& env, auto& self) {
    if (!env.is_coordinator()) return;
    env.force(1);
    env.force(2);
    self.decide(Outcome::commit, env);
  }
};

TEST(Force, TwoInOneHandlerFollowOneAnother) {
  const Recorded r(scripted<WritesTwice>(1), Latency::constant(5ms));
  EXPECT_EQ(r.recorder.when(0, "decide commit"), Duration(10ms));
  EXPECT_EQ(r.recorder.story(0),
            "0s start; 0s force record; 5ms durable record; 5ms force record; "
            "10ms durable record; 10ms decide commit");
}

TEST(Force, EachTakesADrawOfItsOwn) {
  Scenario scenario = world(1, Latency::constant(1ms));
  scenario.disk.force = Latency::exponential(5ms);
  const Totals totals = run(scenario, scripted<WritesTwice>(1), 40'000);
  const double error = standard_error_of(totals.decision_time);
  EXPECT_NEAR(totals.decision_time.mean(), 10e6, 4 * error);
  // Independent draws: the variances add, 2 x (5 ms)^2; one draw used twice would give 4 x.
  EXPECT_NEAR(totals.decision_time.variance(), 50e12, 3e12);
}

TEST(Force, WritesOfDifferentProcessesDoNotQueue) {
  Scenario scenario = world(3, Latency::constant(10ms));
  scenario.disk.force = Latency::constant(5ms);
  const Machine machine = machine_with("2pc", 3);
  Recorder recorder(machine);
  SimulationOptions options;
  options.observer = &recorder;
  run(scenario, machine, 1, options);
  for (const int p : {1, 2, 3}) {
    EXPECT_EQ(recorder.when(p, "durable prepared"), Duration(15ms)) << p;
  }
}

TEST(Force, ManyTransactionsWriteAtOnceWithoutMixingUp) {
  Scenario scenario = overlapping(world(3, Latency::exponential(1ms)), 10us);
  scenario.disk.force = Latency::exponential(3ms);
  const Totals totals = run(scenario, "2pc", 5'000);
  EXPECT_EQ(totals.commits, 5'000u);
  EXPECT_EQ(totals.all_committed, 5'000u);
  EXPECT_EQ(totals.forced_writes.sum, 7u * 5'000u);
  EXPECT_EQ(totals.messages.sum, 12u * 5'000u);
}

}  // namespace
}  // namespace indoubt
