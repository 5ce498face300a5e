// Goal: in steady state nothing is allocated per event, memory follows the transactions in flight
// and not their number, and a caller can watch and stop a run.
#include <gtest/gtest.h>

#include "tests/support/allocations.h"
#include "tests/support/world.h"

namespace indoubt {
namespace {

struct Cost {
  std::uint64_t calls, bytes;
};

Cost cost_of(const Scenario& scenario, const Machine& machine, std::uint64_t count,
             EventList list = EventList::standard) {
  SimulationOptions options;
  options.event_list = list;
  const std::uint64_t calls = allocations(), bytes = allocated_bytes();
  run(scenario, machine, count, options);
  return {allocations() - calls, allocated_bytes() - bytes};
}

/// Losses, duplicates, NO votes, time-outs that fire, forces that take time.
Scenario rough_world() {
  Scenario scenario = world(3, Latency::exponential(2ms));
  scenario.network.loss = 0.05;
  scenario.network.duplication = 0.05;
  scenario.disk.force = Latency::exponential(500us);
  scenario.services[0].vote_yes = 0.7;
  for (const auto* timer : {"votes", "decision", "commit", "states", "acks"}) {
    set_timeout(scenario, timer, Latency::constant(20ms));
  }
  scenario.transactions.horizon = 1s;
  return scenario;
}

/// A long run may need a little more room at its peak; that is all it may allocate beyond a short
/// one.
void expect_steady(const Scenario& scenario, const Machine& machine, EventList list) {
  const Cost small = cost_of(scenario, machine, 2'000, list);
  const Cost large = cost_of(scenario, machine, 20'000, list);
  EXPECT_LE(large.calls, small.calls + 40);
  EXPECT_LE(large.bytes, 2 * small.bytes + 256 * 1024);
}

/// The same where each transaction that its horizon cuts off is looked at with memory of its own.
void expect_same_peak(const Scenario& scenario, const Machine& machine, EventList list) {
  const auto peak_of = [&](std::uint64_t count) {
    const std::uint64_t before = take_peak_bytes(), base = take_peak_bytes();
    cost_of(scenario, machine, count, list);
    return take_peak_bytes() - std::min(before, base);
  };
  peak_of(2'000);
  const std::uint64_t small = peak_of(20'000), large = peak_of(80'000);
  EXPECT_LE(large, 2 * small);
}

class Steady : public testing::TestWithParam<const char*> {};
INSTANTIATE_TEST_SUITE_P(Catalogue, Steady, testing::Values("2pc", "3pc", "3pc-majority"),
                         [](const auto& name) {
                           return std::string(name.param) == "3pc-majority"
                                      ? "majority"
                                      : "p" + std::string(name.param);
                         });

TEST_P(Steady, ALongRunAllocatesNoMoreThanAShortOne) {
  const Machine machine = machine_with(GetParam(), 3);
  for (const EventList list : {EventList::heap, EventList::ladder}) {
    expect_steady(rough_world(), machine, list);
    expect_steady(overlapping(rough_world(), 1ms), machine, list);
    expect_steady(overlapping(rough_world(), 100us), machine, list);
  }
}

TEST(Resources, TransactionsThatLossesBlockAllocateNothingEach) {
  Scenario scenario = world(3, Latency::exponential(2ms));
  scenario.network.loss = 0.05;
  for (const auto* protocol : {"2pc", "3pc"}) {
    const Machine machine = machine_with(protocol, 3);
    const Cost small = cost_of(scenario, machine, 20'000);
    const Cost large = cost_of(scenario, machine, 80'000);
    EXPECT_LE(large.calls, small.calls + 200) << "a few situations come up seldom";
  }
}

TEST(Resources, TimeoutsOfHoursCostNoMemoryOnceCancelled) {
  Scenario scenario = overlapping(world(3, Latency::exponential(1ms)), 100us);
  for (const auto* timer : {"votes", "decision", "acks"}) {
    set_timeout(scenario, timer, Latency::constant(24h));
  }
  expect_steady(scenario, machine_with("2pc", 3), EventList::ladder);
}

TEST(Resources, TransactionsThatEndAtTheirHorizonGiveEverythingBack) {
  Scenario scenario = world(3, Latency::exponential(1ms));
  scenario.network.duplication = 0.9;  // the second PREPARE waits for the force of the first
  scenario.disk.force = Latency::exponential(8ms);
  set_timeout(scenario, "decision", Latency::constant(1ms));
  scenario.transactions.horizon = 10ms;
  expect_same_peak(scenario, machine_with("2pc", 3), EventList::heap);
  expect_same_peak(overlapping(scenario, 1ms), machine_with("2pc", 3), EventList::ladder);
}

TEST(Resources, WideTransactionsCostTheirWidth) {
  const Cost one = cost_of(world(256, Latency::constant(1ms)), machine_with("2pc", 256), 1);
  const Cost many = cost_of(world(256, Latency::constant(1ms)), machine_with("2pc", 256), 200);
  EXPECT_LE(many.calls, one.calls + 10);
}

// ---- progress ----------------------------------------------------------------------------------

TEST(Progress, IsReportedWithTheResultsSoFar) {
  std::uint64_t calls = 0, last = 0;
  SimulationOptions options;
  options.progress = [&](const Totals& so_far) {
    ++calls;
    EXPECT_GT(so_far.transactions, last);
    last = so_far.transactions;
    return true;
  };
  const Totals totals = run(world(3, Latency::constant(1ms)), "2pc", 50'000, {}, options);
  EXPECT_EQ(totals.transactions, 50'000u);
  EXPECT_GE(calls, totals.events / 70'000);
  EXPECT_LE(calls, totals.events / 40'000);
}

TEST(Progress, CanStopARunAndWhatThereIsIsConsistent) {
  for (const Scenario& scenario : {world(3, Latency::exponential(1ms)),
                                   overlapping(world(3, Latency::exponential(1ms)), 10us)}) {
    SimulationOptions options;
    int calls = 0;
    options.progress = [&](const Totals&) { return ++calls < 3; };
    const Totals totals = run(scenario, "2pc", 1'000'000, {}, options);
    EXPECT_EQ(calls, 3) << "not called again";
    EXPECT_GT(totals.transactions, 1'000u);
    EXPECT_LT(totals.transactions, 100'000u);
    EXPECT_EQ(totals.commits, totals.transactions);
    EXPECT_EQ(totals.decision_time.count, totals.transactions) << "whole transactions only";
    EXPECT_EQ(totals.sent[0][0], 3 * totals.transactions) << "PREPARE";
  }
}

TEST(Progress, WatchingChangesNothing) {
  SimulationOptions watched;
  watched.progress = [](const Totals&) { return true; };
  const Scenario scenario = rough_world();
  EXPECT_EQ(run(scenario, "2pc", 20'000, {}, watched).fingerprint,
            run(scenario, "2pc", 20'000).fingerprint);
}

TEST(Simulate, NoTransactionsGiveEmptyResults) {
  const Totals totals = run(world(3, Latency::constant(1ms)), "2pc", 0);
  EXPECT_EQ(totals.transactions, 0u);
  EXPECT_EQ(totals.events, 0u);
  EXPECT_EQ(totals.fingerprint, 0u);
}

}  // namespace
}  // namespace indoubt
