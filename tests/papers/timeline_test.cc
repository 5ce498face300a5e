// Goal: instants of a fault-free run follow from delays and forced writes as derived by hand from
// the protocol definitions. Each test quotes the row or formula it checks.
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/papers/flow.h"

namespace indoubt {
namespace {

/// One-way delay d = 10 ms, forced write f = 5 ms, three participants, all YES.
Scenario d10_f5() {
  Scenario scenario = world(3, Latency::constant(10ms));
  scenario.disk.force = Latency::constant(5ms);
  return scenario;
}

// Timeline for d = 10 ms, f = 5 ms, all YES, presumed nothing: "PREPARE leaves 0 | YES leaves 15 |
// votes at C 25 | decision durable, COMMIT leaves 30 | COMMIT arrives 40 | participant's locks free
// 45 (commit record forced) | C may forget 55".
TEST(Timeline, OfPresumedNothing) {
  const Flow flow(d10_f5(), "2pc");
  EXPECT_EQ(flow.us(0, "send PREPARE to 1 2 3"), 0);
  for (const int p : {1, 2, 3}) {
    EXPECT_EQ(flow.us(p, "takes PREPARE from 0"), 10'000);
    EXPECT_EQ(flow.us(p, "durable prepared"), 15'000);
    EXPECT_EQ(flow.us(p, "send YES to 0"), 15'000);
    EXPECT_EQ(flow.us(p, "takes COMMIT from 0"), 40'000);
    EXPECT_EQ(flow.us(p, "decide commit"), 45'000) << "locks are free";
    EXPECT_EQ(flow.us(p, "send ACK to 0"), 45'000);
  }
  EXPECT_EQ(flow.us(0, "takes YES from 3"), 25'000);
  EXPECT_EQ(flow.us(0, "durable committed"), 30'000);
  EXPECT_EQ(flow.us(0, "send COMMIT to 1 2 3"), 30'000);
  EXPECT_EQ(flow.us(0, "forget"), 55'000);
}

// M10: "uncertain time without failure: 2d + fc with equal delays: 25 ms" in this timeline.
TEST(Timeline, UncertaintyLastsTwoDelaysAndTheCoordinatorsForce) {
  const Flow flow(d10_f5(), "2pc");
  EXPECT_EQ(flow.totals().in_doubt_time.mean(), 25e6);
  EXPECT_EQ(flow.totals().in_doubt_time.count, 1u);
}

// M17: "hot record throughput: 1 / lock hold; hold fp + 2d + fc + f for PrN, PrN's plus 2d + 2f for
// 3PC with forced pre-commits; d = f = 1 ms: 200, 111.1 per second", held from PREPARE's arrival.
TEST(Timeline, LocksAreHeldFromPrepareToTheDecision) {
  Scenario scenario = world(3, Latency::constant(1ms));
  scenario.disk.force = Latency::constant(1ms);
  const Flow two(scenario, "2pc");
  const Flow three(scenario, "3pc", {{"pre_commit_record", "all"}});
  const auto hold = [](const Flow& f) {
    return static_cast<double>(f.us(1, "decide commit") - f.us(1, "takes PREPARE from 0"));
  };
  EXPECT_NEAR(1e6 / hold(two), 200, 1e-9);
  EXPECT_NEAR(1e6 / hold(three), 111.1, 0.05);
}

// "3PC adds one more round trip max_i(2 d_i) plus the forces of the chosen pre-commit policy."
TEST(Timeline, OfThreePhasesWithoutPreCommitRecords) {
  const Flow flow(d10_f5(), "3pc");
  EXPECT_EQ(flow.us(0, "send PRE-COMMIT to 1 2 3"), 25'000);
  EXPECT_EQ(flow.us(1, "send PRE-COMMIT-ACK to 0"), 35'000);
  EXPECT_EQ(flow.us(0, "takes PRE-COMMIT-ACK from 1"), 45'000);
  EXPECT_EQ(flow.us(0, "send COMMIT to 1 2 3"), 50'000) << "30 ms and one round trip";
  EXPECT_EQ(flow.us(1, "takes COMMIT from 0"), 60'000);
  EXPECT_EQ(flow.us(1, "decide commit"), 65'000);
}

TEST(Timeline, OfThreePhasesWithEveryPreCommitForced) {
  const Flow flow(d10_f5(), "3pc", {{"pre_commit_record", "all"}});
  EXPECT_EQ(flow.us(0, "send PRE-COMMIT to 1 2 3"), 30'000);
  EXPECT_EQ(flow.us(1, "send PRE-COMMIT-ACK to 0"), 45'000);
  EXPECT_EQ(flow.us(0, "send COMMIT to 1 2 3"), 60'000) << "two forces more";
  EXPECT_EQ(flow.us(1, "takes COMMIT from 0"), 70'000);
}

/// A link of its own length to each participant, the same in both directions.
Scenario unequal_links(const std::vector<Duration>& delays) {
  Scenario scenario = world(static_cast<int>(delays.size()), Latency{});
  scenario.disk.force = Latency::constant(5ms);
  for (std::size_t i = 0; i < delays.size(); ++i) {
    const std::string name = scenario.services[i].name;
    link_rule(scenario, "coordinator", name).latency = Latency::constant(delays[i]);
    link_rule(scenario, name, "coordinator").latency = Latency::constant(delays[i]);
  }
  return scenario;
}

// "General: with per-link delays C decides at fc + max_i(2 d_i + fp_i); participant i learns d_i
// later. 3PC adds one more round trip max_i(2 d_i)."
TEST(Timeline, WithUnequalLinksTheSlowestDecides) {
  for (const std::vector<Duration>& d :
       {std::vector<Duration>{3ms, 7ms, 11ms}, {1ms, 1ms}, {20ms, 2ms, 2ms, 19ms}}) {
    const Scenario scenario = unequal_links(d);
    const std::int64_t slowest = std::max_element(d.begin(), d.end())->count() / 1'000;
    const std::int64_t two_decides = 5'000 + 2 * slowest + 5'000;
    const std::int64_t three_decides = two_decides + 2 * slowest;
    const Flow two(scenario, "2pc"), three(scenario, "3pc");
    EXPECT_EQ(two.us(0, "decide commit"), two_decides);
    EXPECT_EQ(three.us(0, "decide commit"), three_decides);
    for (std::size_t i = 0; i < d.size(); ++i) {
      const int p = static_cast<int>(i) + 1;
      EXPECT_EQ(two.us(p, "takes COMMIT from 0"), two_decides + d[i].count() / 1'000);
      EXPECT_EQ(three.us(p, "takes COMMIT from 0"), three_decides + d[i].count() / 1'000);
    }
  }
}

// The original note calls prepare one service after another: with 1 s of local work each, "its vote
// phase lasts 3 s, and 1 s when asked in parallel".
TEST(Timeline, AskingOneAfterAnotherAddsUpTheLocalWork) {
  Scenario scenario = world(3, Latency{});
  for (Service& service : scenario.services) service.prepare = Latency::constant(1s);
  EXPECT_EQ(Flow(scenario, "3pc-majority", {{"asking", "one-by-one"}}).ms(0, "decide commit"),
            3'000);
  EXPECT_EQ(Flow(scenario, "3pc-majority").ms(0, "decide commit"), 1'000);
}

// M8: "mean time to collect n votes, exponential delays of mean m: m E_n; E_1 2, E_2 2.75,
// E_5 3.808272": each vote takes a request and a reply.
TEST(CollectingVotes, TakesTheExpectedLargestOfNRoundTrips) {
  const std::pair<int, double> expected[] = {{1, 2.0}, {2, 2.75}, {5, 3.808272}};
  for (const auto& [n, e] : expected) {
    const Totals totals = run(world(n, Latency::exponential(10ms)), "2pc", 200'000);
    EXPECT_EQ(totals.commits, 200'000u);
    EXPECT_NEAR(totals.decision_time.mean() / 10e6, e,
                4 * standard_error_of(totals.decision_time) / 10e6)
        << "n = " << n;
  }
}

}  // namespace
}  // namespace indoubt
