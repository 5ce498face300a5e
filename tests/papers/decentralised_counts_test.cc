// Goal: the published counts of decentralised two-phase commit.
//
// BHG: Bernstein, Hadzilacos & Goodman, Concurrency Control and Recovery in Database Systems, 1987.
// G&W: Guerraoui & Wang, PODS 2017. Coulouris et al., Distributed Systems, exercises.
#include <gtest/gtest.h>

#include "tests/papers/flow.h"

namespace indoubt {
namespace {

/// N participants, of which the first `no` vote NO; one delay 10 ms, forced writes at once.
Scenario peers(int participants, int no = 0) {
  Scenario scenario = world(participants, Latency::constant(10ms));
  for (int p = 0; p < no; ++p) scenario.services[static_cast<std::size_t>(p)].vote_yes = 0;
  return scenario;
}

// BHG: "decentralised 2PC, C also collects votes | N^2 + N | 2 delays".
TEST(DecentralisedCounts, WithVotesToTheCoordinator) {
  for (const int n : {1, 2, 3, 5, 40}) {
    for (const int no : {0, 1, n}) {
      const Flow flow(peers(n, no), "2pc-decentralised");
      EXPECT_EQ(flow.messages(), static_cast<unsigned>(n * n + n)) << "whatever the votes";
      EXPECT_EQ(flow.ms(0, no == 0 ? "decide commit" : "decide abort"), 20);
      if (n == 1 || no == n) continue;
      EXPECT_EQ(flow.ms(n, no == 0 ? "decide commit" : "decide abort"), 20);
    }
  }
}

// Coulouris: "the same if C does not receive the votes | N^2 | 2".
TEST(DecentralisedCounts, WithoutVotesToTheCoordinator) {
  for (const int n : {1, 2, 3, 5, 40}) {
    const Flow flow(peers(n), "2pc-decentralised", {{"votes_to_coordinator", "no"}});
    EXPECT_EQ(flow.messages(), static_cast<unsigned>(n * n));
    EXPECT_EQ(flow.totals().commits, 1u) << "a transaction's decision is the participants'";
    EXPECT_TRUE(flow.totals().findings.empty());
    EXPECT_EQ(flow.ms(0, "decide commit"), -1);
    for (const int p : {1, n}) {
      EXPECT_EQ(flow.ms(p, "decide commit"), n == 1 ? 10 : 20) << "alone it awaits no vote";
    }
  }
}

// G&W: "peer vote broadcast, n processes | n(n-1) | 1 delay".
TEST(DecentralisedCounts, OpenedByNobody) {
  for (const int n : {2, 3, 5, 40}) {
    const Flow flow(peers(n), "2pc-decentralised",
                    {{"votes_to_coordinator", "no"}, {"opened_by", "nobody"}});
    EXPECT_EQ(flow.messages(), static_cast<unsigned>(n * (n - 1)));
    for (const int p : {1, n}) EXPECT_EQ(flow.ms(p, "decide commit"), 10);
  }
}

// "participant: prepared forced, commit forced"; the coordinator forces its decision alone.
TEST(DecentralisedCounts, Records) {
  for (const int n : {1, 2, 3, 5}) {
    const Flow commit(peers(n), "2pc-decentralised");
    EXPECT_EQ(commit.records(0), "force committed");
    for (int p = 1; p <= n; ++p) EXPECT_EQ(commit.records(p), "force prepared, force committed");
    EXPECT_EQ(commit.totals().forced_writes.sum, 2u * static_cast<unsigned>(n) + 1);
    const Flow abort(peers(n, 1), "2pc-decentralised");
    EXPECT_EQ(abort.records(0), "force aborted");
    EXPECT_EQ(abort.records(1), "log aborted");
    EXPECT_EQ(abort.totals().aborts_by_cause[0], 1u) << "because of a NO";
  }
}

// d = 10 ms, f = 5 ms.
TEST(DecentralisedCounts, TimelineWithForces) {
  Scenario scenario = peers(3);
  scenario.disk.force = Latency::constant(5ms);
  const Flow flow(scenario, "2pc-decentralised");
  for (const int p : {1, 2, 3}) {
    EXPECT_EQ(flow.us(p, "durable prepared"), 15'000);
    EXPECT_EQ(flow.us(p, "decide commit"), 30'000) << "votes at 25";
  }
  EXPECT_EQ(flow.us(0, "decide commit"), 30'000);
}

}  // namespace
}  // namespace indoubt
