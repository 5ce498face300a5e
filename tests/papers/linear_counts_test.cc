// Goal: the published counts of linear two-phase commit.
//
// BHG: Bernstein, Hadzilacos & Goodman, Concurrency Control and Recovery in Database Systems, 1987.
#include <gtest/gtest.h>

#include "tests/papers/flow.h"

namespace indoubt {
namespace {

/// N participants, one delay 10 ms, forced writes at once; participant `no` votes NO (0: nobody).
Scenario chain(int participants, int no = 0) {
  Scenario scenario = world(participants, Latency::constant(10ms));
  if (no != 0) scenario.services[static_cast<std::size_t>(no - 1)].vote_yes = 0;
  return scenario;
}

// BHG: "linear (chain C, P1..PN) | 2N messages | 2N delays".
TEST(LinearCounts, CommitTakesTwoMessagesForEachParticipantOneAfterAnother) {
  for (const int n : {1, 2, 3, 5, 100}) {
    const Flow flow(chain(n), "2pc-linear");
    EXPECT_EQ(flow.messages(), 2u * static_cast<unsigned>(n));
    EXPECT_EQ(flow.ms(0, "decide commit"), 2 * n * 10) << "2N delays";
    EXPECT_EQ(flow.ms(n, "decide commit"), n * 10) << "the last one decides half-way";
    EXPECT_EQ(flow.totals().commits, 1u);
  }
}

// Definition: "each node forcing its vote first; the last node decides". Derived: 2N forced writes.
TEST(LinearCounts, RecordsOfACommit) {
  for (const int n : {1, 2, 3, 5}) {
    const Flow flow(chain(n), "2pc-linear");
    EXPECT_EQ(flow.records(0), "force committed");
    for (int p = 1; p < n; ++p) EXPECT_EQ(flow.records(p), "force prepared, force committed");
    EXPECT_EQ(flow.records(n), "force committed");
    EXPECT_EQ(flow.totals().forced_writes.sum, 2u * static_cast<unsigned>(n));
  }
}

// Derived: k messages reach participant k, k go back to the coordinator, N - k on to the end.
TEST(LinearCounts, AbortByParticipantKTakesNPlusKMessages) {
  for (const int n : {1, 2, 3, 5}) {
    for (int k = 1; k <= n; ++k) {
      const Flow flow(chain(n, k), "2pc-linear");
      EXPECT_EQ(flow.messages(), static_cast<unsigned>(n + k));
      EXPECT_EQ(flow.ms(0, "decide abort"), 2 * k * 10);
      EXPECT_EQ(flow.records(k), "log aborted");
      EXPECT_EQ(flow.totals().aborts_by_cause[0], 1u) << "because of a NO";
    }
  }
}

// BHG: a process that votes NO passes NO on, and the last one decides: 2N messages as for commit.
TEST(LinearCounts, ANoThatIsPassedOnTakesAsLongAsACommit) {
  for (const int n : {1, 2, 3, 5}) {
    for (int k = 1; k <= n; ++k) {
      const Flow flow(chain(n, k), "2pc-linear", {{"at_no", "wait"}});
      EXPECT_EQ(flow.messages(), 2u * static_cast<unsigned>(n));
      EXPECT_EQ(flow.ms(0, "decide abort"), 2 * n * 10);
    }
  }
}

TEST(LinearCounts, AcksAddOneMessageForEachLink) {
  for (const int n : {1, 3, 5}) {
    const Flow flow(chain(n), "2pc-linear", {{"acks", "yes"}});
    EXPECT_EQ(flow.messages(), 3u * static_cast<unsigned>(n));
    EXPECT_EQ(flow.ms(n, "forget"), (n + 2) * 10);
  }
}

// d = 10 ms, f = 5 ms: each YES waits for its force, and so does each decision on its way back.
TEST(LinearCounts, TimelineWithForces) {
  Scenario scenario = chain(3);
  scenario.disk.force = Latency::constant(5ms);
  const Flow flow(scenario, "2pc-linear");
  EXPECT_EQ(flow.us(1, "send YES to 2"), 15'000);
  EXPECT_EQ(flow.us(2, "send YES to 3"), 30'000);
  EXPECT_EQ(flow.us(3, "decide commit"), 45'000);
  EXPECT_EQ(flow.us(2, "send COMMIT to 1"), 60'000);
  EXPECT_EQ(flow.us(1, "send COMMIT to 0"), 75'000);
  EXPECT_EQ(flow.us(0, "decide commit"), 90'000);
}

}  // namespace
}  // namespace indoubt
