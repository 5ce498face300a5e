// Goal: the same results whichever event list is used, and whether transactions run one by one or
// overlap. The fingerprint of a run is the sum of its transactions' own, modulo 2^64.
#include <gtest/gtest.h>

#include "tests/latency/make_latency.h"
#include "tests/support/same_totals.h"
#include "tests/support/world.h"

namespace indoubt {
namespace {

/// Everything that can go on in a run: losses, duplicates, NO votes, time-outs that fire or are
/// cancelled at the last moment, forces that take time.
Scenario busy_world() {
  Scenario scenario = world(3, Latency::exponential(2ms));
  scenario.network.loss = 0.05;
  scenario.network.duplication = 0.1;
  scenario.disk.force = Latency::exponential(500us);
  for (Service& service : scenario.services) {
    service.vote_yes = 0.9;
    service.prepare = make_latency("uniform", {0.5e6, 3e6});
  }
  set_timeout(scenario, "votes", Latency::constant(12ms));
  set_timeout(scenario, "decision", Latency::constant(9ms));
  set_timeout(scenario, "commit", Latency::exponential(15ms));
  set_timeout(scenario, "states", Latency::constant(6ms));
  set_timeout(scenario, "acks", Latency::constant(8ms));
  scenario.transactions.horizon = 2s;
  return scenario;
}

constexpr std::uint64_t kCount = 3'000;

class EachProtocol : public testing::TestWithParam<const char*> {
 protected:
  Totals run_with(const Scenario& scenario, EventList list, std::uint64_t count = kCount,
                  std::uint64_t first = 1, std::uint64_t seed = 1) const {
    SimulationOptions options;
    options.event_list = list;
    options.first = first;
    options.seed = seed;
    return run(scenario, GetParam(), count, {{"acks", "yes"}}, options);
  }
};

INSTANTIATE_TEST_SUITE_P(Catalogue, EachProtocol, testing::Values("2pc", "3pc", "3pc-majority"),
                         [](const auto& name) {
                           std::string text(name.param);
                           for (char& c : text) c = c == '-' ? '_' : c;
                           return text;
                         });

TEST_P(EachProtocol, GivesTheSameResultsOnHeapAndLadder) {
  for (const Scenario& scenario : {busy_world(), overlapping(busy_world(), 100us)}) {
    const Totals heap = run_with(scenario, EventList::heap);
    const Totals ladder = run_with(scenario, EventList::ladder);
    expect_same_results(heap, ladder);
    EXPECT_EQ(heap.events, ladder.events);
    expect_same_results(heap, run_with(scenario, EventList::standard));
  }
}

TEST_P(EachProtocol, GivesTheSameResultsOneByOneAndOverlapping) {
  const Totals alone = run_with(busy_world(), EventList::heap);
  EXPECT_EQ(alone.transactions, kCount);
  for (const Duration gap : {Duration(10ms), Duration(100us), Duration(1us)}) {
    const Totals together = run_with(overlapping(busy_world(), gap), EventList::ladder);
    expect_same_results(alone, together);
    EXPECT_EQ(together.events, alone.events + kCount) << "one arrival each";
  }
}

TEST_P(EachProtocol, ARunIsTheSumOfItsParts) {
  for (const Scenario& scenario : {busy_world(), overlapping(busy_world(), 200us)}) {
    const Totals whole = run_with(scenario, EventList::standard, 1'000);
    Totals sum = run_with(scenario, EventList::standard, 777);
    sum.merge(run_with(scenario, EventList::standard, 223, 778));
    expect_same_results(whole, sum);
  }
}

TEST_P(EachProtocol, ATransactionIsTheSameAloneAsInALongRun) {
  const Scenario scenario = busy_world();
  std::uint64_t sum = 0;
  for (std::uint64_t k = 1; k <= 300; ++k) {
    sum += run_with(scenario, EventList::standard, 1, k).fingerprint;
  }
  EXPECT_EQ(run_with(scenario, EventList::standard, 300).fingerprint, sum);
  const std::uint64_t up_to_299 = run_with(scenario, EventList::standard, 299).fingerprint;
  EXPECT_EQ(sum - up_to_299, run_with(scenario, EventList::standard, 1, 300).fingerprint);
}

TEST_P(EachProtocol, AnotherSeedOrReplicationIsAnotherRun) {
  const Scenario scenario = busy_world();
  const Totals first = run_with(scenario, EventList::standard, 100);
  EXPECT_NE(first.fingerprint, run_with(scenario, EventList::standard, 100, 1, 2).fingerprint);
  SimulationOptions options;
  options.replication = 1;
  EXPECT_NE(first.fingerprint,
            run(scenario, GetParam(), 100, {{"acks", "yes"}}, options).fingerprint);
  EXPECT_EQ(first.fingerprint, run_with(scenario, EventList::standard, 100).fingerprint);
}

TEST(Fingerprint, ChangesWithEveryPartOfTheScenarioThatMovesAnEvent) {
  Scenario scenario = world(2, Latency::constant(5ms));
  const std::uint64_t plain = run(scenario, "2pc", 10).fingerprint;
  Scenario slower = scenario;
  slower.network.latency = Latency::constant(5'000'001ns);
  EXPECT_NE(run(slower, "2pc", 10).fingerprint, plain);
  Scenario refused = scenario;
  refused.services[1].vote_yes = 0;
  EXPECT_NE(run(refused, "2pc", 10).fingerprint, plain);
  EXPECT_NE(run(scenario, "3pc", 10).fingerprint, plain);
  EXPECT_NE(run(scenario, "2pc", 10, {{"acks", "no"}}).fingerprint, plain);
}

TEST(Fingerprint, WideTransactionsAreTheSameOnBothLists) {
  Scenario scenario = world(200, Latency::exponential(2ms));
  SimulationOptions heap, ladder;
  heap.event_list = EventList::heap;
  ladder.event_list = EventList::ladder;
  expect_same_results(run(scenario, "3pc", 50, {}, heap), run(scenario, "3pc", 50, {}, ladder));
}

}  // namespace
}  // namespace indoubt
