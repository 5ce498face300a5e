// Goal: the simulator treats messages as the scenario's network says: loss, duplication, order,
// spacing, per-link rules.
#include <gtest/gtest.h>

#include <map>

#include <cmath>

#include "tests/support/recorder.h"
#include "tests/support/scripted.h"
#include "tests/support/world.h"

namespace indoubt {
namespace {

/// P1 sends twenty numbered notes to P2 at once; P2 counts the inversions and decides abort if a
/// note comes after a later one.
struct TwentyNotes : Script {
  static void start(auto& env, auto& self) {
    if (env.self() != 1) return;
    for (int k = 1; k <= 20; ++k) self.note(k, 2, env);
  }
  static void receive(int number, ProcessId, auto& env, auto& self) {
    if (number < self.seen) self.decide(Outcome::abort, env);
    self.seen = static_cast<std::uint16_t>(number);
  }
};

TEST(Delivery, LinksDoNotKeepOrderUnlessAskedTo) {
  Scenario scenario = world(2, Latency::exponential(5ms));
  const Machine machine = scripted<TwentyNotes>(2);
  EXPECT_EQ(run(scenario, machine, 200).some_aborted, 200u);
  scenario.network.fifo = true;
  EXPECT_EQ(run(scenario, machine, 200).some_aborted, 0u);
}

TEST(Delivery, ALinkThatKeepsOrderKeepsItForDuplicatesToo) {
  Scenario scenario = world(2, Latency::exponential(5ms));
  scenario.network.fifo = true;
  scenario.network.duplication = 0.5;
  const Totals totals = run(scenario, scripted<TwentyNotes>(2), 200);
  EXPECT_GT(totals.duplicated, 1'500u);
  EXPECT_EQ(totals.some_aborted, 0u);
}

/// The first and the last note to P1, and one to P2 between them.
struct Interleaved : Script {
  static void start(auto& env, auto& self) {
    if (!env.is_coordinator()) return;
    self.note(1, 1, env);
    self.note(2, 2, env);
    self.note(3, 1, env);
  }
};

TEST(Delivery, OrderIsKeptOnEachLinkApart) {
  Scenario scenario = world(2, Latency::exponential(5ms));
  scenario.network.fifo = true;
  link_rule(scenario, "coordinator", "p2").latency = Latency::constant(1ns);
  const Machine machine = scripted<Interleaved>(2);
  Recorder recorder(machine);
  SimulationOptions options;
  options.observer = &recorder;
  run(scenario, machine, 1, options);
  EXPECT_EQ(recorder.when(2, "takes NOTE from 0"), Duration(1ns)) << "not held up by P1's link";
}

TEST(Delivery, TheSendsOfABroadcastLeaveOneGapApart) {
  Scenario scenario = world(3, Latency::constant(10ms));
  scenario.network.send_gap = 1ms;
  const Machine machine = machine_with("2pc", 3);
  Recorder recorder(machine);
  SimulationOptions options;
  options.observer = &recorder;
  run(scenario, machine, 1, options);
  EXPECT_EQ(recorder.when(1, "takes PREPARE from 0"), Duration(10ms));
  EXPECT_EQ(recorder.when(2, "takes PREPARE from 0"), Duration(11ms));
  EXPECT_EQ(recorder.when(3, "takes PREPARE from 0"), Duration(12ms));
  EXPECT_EQ(recorder.when(0, "decide commit"), Duration(22ms));
  EXPECT_EQ(recorder.when(3, "takes COMMIT from 0"), Duration(34ms));
}

TEST(Delivery, ALostMessageIsSentAndCountedButNeverArrives) {
  Scenario scenario = world(3, Latency::constant(10ms));
  link_rule(scenario, "coordinator", "p2").loss = 1;
  const Machine machine = machine_with("2pc", 3);
  Recorder recorder(machine);
  SimulationOptions options;
  options.observer = &recorder;
  const Totals totals = run(scenario, machine, 1, options);
  EXPECT_EQ(totals.lost, 1u);
  EXPECT_EQ(totals.messages.sum, 5u) << "three PREPARE, two YES";
  EXPECT_EQ(recorder.times(0, "loses PREPARE to 2"), 1);
  EXPECT_EQ(recorder.times(2, "takes PREPARE from 0"), 0);
  EXPECT_EQ(totals.asked.sum, 2u);
}

TEST(Delivery, LossHasItsProbability) {
  Scenario scenario = world(1, Latency::constant(1ms));
  scenario.network.loss = 0.3;
  const Totals totals = run(scenario, "2pc", 100'000);
  const double sent = static_cast<double>(totals.messages.sum);
  EXPECT_NEAR(static_cast<double>(totals.lost) / sent, 0.3, 4 * std::sqrt(0.21 / sent));
}

TEST(Delivery, WhatIsNotLostTakesAsLongAsEver) {
  Scenario scenario = world(1, Latency::exponential(10ms));
  scenario.network.loss = 0.5;
  const Totals totals = run(scenario, "2pc", 100'000);
  EXPECT_NEAR(static_cast<double>(totals.decision_time.count), 25'000, 4 * 137);
  EXPECT_NEAR(totals.decision_time.mean(), 20e6, 4 * standard_error_of(totals.decision_time));
}

TEST(Delivery, ADuplicateArrivesTwiceAndIsSentOnce) {
  Scenario scenario = world(3, Latency::exponential(10ms));
  scenario.network.duplication = 1;
  const Totals totals = run(scenario, "2pc", 500);
  EXPECT_EQ(totals.commits, 500u);
  EXPECT_EQ(totals.all_committed, 500u);
  EXPECT_EQ(totals.duplicated, static_cast<std::uint64_t>(totals.messages.sum));
  EXPECT_GE(totals.messages.sum, 500u * 12);
}

TEST(Delivery, ADuplicateHasADelayOfItsOwn) {
  Scenario scenario = world(1, Latency::exponential(10ms));
  scenario.network.duplication = 1;
  const Machine machine = machine_with("2pc", 1);
  Recorder recorder(machine);
  SimulationOptions options;
  options.observer = &recorder;
  run(scenario, machine, 1, options);
  std::vector<Duration> arrivals;
  for (const Recorder::Line& line : recorder.lines()) {
    if (line.text == "takes PREPARE from 0") arrivals.push_back(line.time);
  }
  ASSERT_EQ(arrivals.size(), 2u);
  EXPECT_NE(arrivals[0], arrivals[1]);
}

std::map<std::string, std::uint64_t> by_name(const Machine& machine,
                                             const std::vector<std::uint64_t>& sent) {
  std::map<std::string, std::uint64_t> counts;
  for (std::size_t v = 0; v < sent.size(); ++v) {
    if (sent[v] != 0) counts[std::string(machine.message_name(message_of_variant(v)))] += sent[v];
  }
  return counts;
}

TEST(Delivery, SentIsCountedByRoleAndByWhatAMessageSays) {
  Scenario scenario = world(3, Latency::constant(1ms));
  const Machine machine = machine_with("2pc", 3);
  using Counts = std::map<std::string, std::uint64_t>;
  const Totals committed = run(scenario, machine, 10);
  EXPECT_EQ(by_name(machine, committed.sent[0]), (Counts{{"PREPARE", 30}, {"COMMIT", 30}}));
  EXPECT_EQ(by_name(machine, committed.sent[1]), (Counts{{"YES", 30}, {"ACK", 30}}));
  scenario.services[0].vote_yes = 0;
  const Totals aborted = run(scenario, machine, 10);
  EXPECT_EQ(by_name(machine, aborted.sent[0]), (Counts{{"PREPARE", 30}, {"ABORT", 20}}));
  EXPECT_EQ(by_name(machine, aborted.sent[1]), (Counts{{"NO", 10}, {"YES", 20}, {"ACK", 20}}));
}

TEST(Delivery, InsideASiteMessagesAreFreeInstantAndNeverLost) {
  Scenario scenario = world(3, Latency::constant(10ms));
  scenario.network.loss = 0;
  scenario.services[0].at_coordinator = true;
  link_rule(scenario, "", "p1").loss = 1;
  const Machine machine = machine_with("2pc", 3);
  Recorder recorder(machine);
  SimulationOptions options;
  options.observer = &recorder;
  const Totals totals = run(scenario, machine, 1, options);
  EXPECT_EQ(recorder.when(1, "takes PREPARE from 0"), Duration(0));
  EXPECT_EQ(recorder.when(0, "takes YES from 1"), Duration(0));
  EXPECT_EQ(totals.messages.sum, 8u) << "four for each of the two that are elsewhere";
  EXPECT_EQ(totals.commits, 1u);
}

}  // namespace
}  // namespace indoubt
