// Goal: the counts of easy commit and of two-phase commit over a reliable broadcast, derived from
// their definitions.
//
// G&S: Gupta & Sadoghi, EDBT 2018: "2PC whose participants forward the decision to the other
// participants before they act on it". B&T: Babaoglu & Toueg, 1993: "on receiving the decision,
// forward it to all, then decide".
#include <gtest/gtest.h>

#include "tests/papers/flow.h"

namespace indoubt {
namespace {

/// N participants of which the last `yes` vote YES, one delay 10 ms, forced writes at once.
Scenario votes(int participants, int yes) {
  Scenario scenario = world(participants, Latency::constant(10ms));
  for (int p = 0; p < participants - yes; ++p) {
    scenario.services[static_cast<std::size_t>(p)].vote_yes = 0;
  }
  return scenario;
}

unsigned count(int n) { return static_cast<unsigned>(n); }

// PREPARE N, votes N, decision N, forwards N (N - 1): N^2 + 2N.
TEST(EasyCommitCounts, Commit) {
  for (const int n : {1, 2, 3, 5, 40}) {
    const Flow flow(votes(n, n), "easy-commit");
    EXPECT_EQ(flow.sent("PREPARE"), count(n));
    EXPECT_EQ(flow.sent("YES"), count(n));
    EXPECT_EQ(flow.sent("COMMIT"), count(n * n));
    EXPECT_EQ(flow.messages(), count(n * n + 2 * n));
    EXPECT_EQ(flow.ms(0, "decide commit"), 20);
    EXPECT_EQ(flow.ms(n, "decide commit"), 30);
    EXPECT_EQ(flow.records(0), "force committed");
    EXPECT_EQ(flow.records(n), "force prepared, force committed");
    EXPECT_EQ(flow.totals().forced_writes.sum, count(2 * n + 1));
  }
}

// Forwarded to all, the coordinator included: N more.
TEST(BroadcastCounts, Commit) {
  for (const int n : {1, 2, 3, 5, 40}) {
    const Flow flow(votes(n, n), "2pc-broadcast");
    EXPECT_EQ(flow.messages(), count(n * n + 3 * n));
    EXPECT_EQ(flow.ms(n, "decide commit"), 30);
    EXPECT_EQ(Flow(votes(n, n), "easy-commit", {{"forward_to_coordinator", "yes"}}).messages(),
              count(n * n + 3 * n));
  }
}

// With v YES votes, v are told abort and each forwards it to the N - 1 others.
TEST(EasyCommitCounts, Abort) {
  for (const int n : {2, 3, 5}) {
    for (int v = 0; v < n; ++v) {
      const Flow flow(votes(n, v), "easy-commit", {{"at_no", "wait"}});
      EXPECT_EQ(flow.sent("ABORT"), count(v + v * (n - 1)));
      EXPECT_EQ(flow.messages(), count(2 * n + v * n));
      EXPECT_EQ(flow.records(0), "force aborted");
      EXPECT_EQ(flow.records(1), "log aborted");
      EXPECT_EQ(flow.totals().aborts_by_cause[0], 1u);
    }
  }
}

// d = 10 ms, f = 5 ms: the decision leaves before its record is forced, so participants learn it
// one force earlier than under 2PC (40) and free their locks at 40 instead of 45.
TEST(EasyCommitCounts, TimelineWithForces) {
  Scenario scenario = votes(3, 3);
  scenario.disk.force = Latency::constant(5ms);
  for (const char* protocol : {"easy-commit", "2pc-broadcast"}) {
    const Flow flow(scenario, protocol);
    EXPECT_EQ(flow.us(0, "send COMMIT to 1 2 3"), 25'000);
    EXPECT_EQ(flow.us(0, "decide commit"), 30'000);
    EXPECT_EQ(flow.us(1, "takes COMMIT from 0"), 35'000);
    EXPECT_EQ(flow.us(1, "decide commit"), 40'000);
  }
}

}  // namespace
}  // namespace indoubt
