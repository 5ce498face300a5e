// Goal: the published counts of the one-phase forms. Execution messages (WORK, DONE, REFUSED) are
// told apart from commit messages.
//
// S&C: Stamos & Cristian, SRDS 1990 and DAPD 1993. GHR: Gupta, Haritsa & Ramamritham, SIGMOD 1997.
#include <gtest/gtest.h>

#include "tests/papers/flow.h"

namespace indoubt {
namespace {

/// N participants of which the last `yes` promise, one delay 10 ms, forced writes at once.
Scenario replies(int participants, int yes) {
  Scenario scenario = world(participants, Latency::constant(10ms));
  for (int p = 0; p < participants - yes; ++p) {
    scenario.services[static_cast<std::size_t>(p)].vote_yes = 0;
  }
  return scenario;
}

std::uint64_t execution(const Flow& flow) {
  return flow.sent("WORK") + flow.sent("DONE") + flow.sent("REFUSED");
}
std::uint64_t commit_messages(const Flow& flow) { return flow.messages() - execution(flow); }
unsigned count(int n) { return static_cast<unsigned>(n); }

// S&C: "coordinator log | N; participants write no log; C forces once | 1 delay".
TEST(CoordinatorLogCounts, Commit) {
  for (const int n : {1, 2, 3, 5, 100}) {
    const Flow flow(replies(n, n), "coordinator-log");
    EXPECT_EQ(execution(flow), count(2 * n));
    EXPECT_EQ(commit_messages(flow), count(n));
    EXPECT_EQ(flow.records(0), "force committed");
    for (const int p : {1, n}) EXPECT_EQ(flow.records(p), "");
    EXPECT_EQ(flow.totals().forced_writes.sum, 1u);
    EXPECT_EQ(flow.ms(0, "decide commit"), 20) << "with the last DONE";
    EXPECT_EQ(flow.ms(n, "decide commit"), 30) << "1 delay later";
  }
}

TEST(CoordinatorLogCounts, Abort) {
  for (const int n : {1, 2, 3, 5}) {
    for (int v = 0; v < n; ++v) {
      const Flow flow(replies(n, v), "coordinator-log", {{"at_no", "wait"}});
      EXPECT_EQ(execution(flow), count(2 * n));
      EXPECT_EQ(commit_messages(flow), count(v));
      EXPECT_EQ(flow.records(0), "log aborted");
      EXPECT_EQ(flow.totals().forced_writes.sum, 0u);
      EXPECT_EQ(flow.totals().aborts_by_cause[0], 1u);
    }
  }
}

// Definition: "each operation reply is a promise to commit"; derived: as coordinator log, and one
// unforced record at each participant.
TEST(ImplicitYesCounts, Commit) {
  for (const int n : {1, 2, 3, 5}) {
    const Flow flow(replies(n, n), "implicit-yes");
    EXPECT_EQ(execution(flow), count(2 * n));
    EXPECT_EQ(commit_messages(flow), count(n));
    EXPECT_EQ(flow.records(n), "log committed");
    EXPECT_EQ(flow.totals().forced_writes.sum, 1u);
    EXPECT_EQ(flow.ms(n, "decide commit"), 30);
    const Flow acks(replies(n, n), "implicit-yes", {{"acks", "yes"}});
    EXPECT_EQ(commit_messages(acks), count(2 * n));
    EXPECT_EQ(acks.records(n), "force committed");
    EXPECT_EQ(acks.records(0), "force committed, log end");
    EXPECT_EQ(acks.ms(0, "forget"), 40);
  }
}

TEST(ImplicitYesCounts, AbortIsPresumed) {
  for (const char* acks : {"no", "yes"}) {
    const Flow flow(replies(3, 2), "implicit-yes", {{"at_no", "wait"}, {"acks", acks}});
    EXPECT_EQ(commit_messages(flow), 2u);
    EXPECT_EQ(flow.totals().forced_writes.sum, 0u);
    EXPECT_EQ(flow.records(3), "");
  }
}

// GHR: "distributed work with centralised commit 1 / 0" forced writes and commit messages;
// "execution messages 2(D-1)", with one of D cohorts at the master's site. For D = 3: 4 execution.
TEST(CentralisedCommitCounts, WithOneCohortAtTheMastersSite) {
  for (const int d : {1, 2, 3, 5, 6}) {
    Scenario scenario = replies(d, d);
    scenario.services[0].at_coordinator = true;
    const Flow flow(scenario, "centralised-commit");
    EXPECT_EQ(execution(flow), count(2 * (d - 1)));
    EXPECT_EQ(commit_messages(flow), 0u);
    EXPECT_EQ(flow.totals().forced_writes.sum, 1u);
    EXPECT_EQ(flow.totals().commits, 1u);
    EXPECT_TRUE(flow.totals().findings.empty());
    EXPECT_EQ(flow.totals().stranded, 0u) << "nobody is ever in doubt";
  }
}

TEST(CentralisedCommitCounts, WithoutOne) {
  for (const int n : {1, 2, 3, 5}) {
    const Flow flow(replies(n, n), "centralised-commit");
    EXPECT_EQ(execution(flow), count(2 * n));
    EXPECT_EQ(flow.messages(), count(2 * n));
    EXPECT_EQ(flow.ms(0, "decide commit"), 20);
    const Flow abort(replies(n, n - 1), "centralised-commit");
    EXPECT_EQ(abort.messages(), count(2 * n));
    EXPECT_EQ(abort.totals().forced_writes.sum, 0u);
    EXPECT_EQ(abort.totals().aborts_by_cause[0], 1u);
  }
}

// d = 10 ms, f = 5 ms: no force lies on a participant's way.
TEST(OnePhaseCounts, TimelineWithForces) {
  Scenario scenario = replies(3, 3);
  scenario.disk.force = Latency::constant(5ms);
  for (const char* protocol : {"coordinator-log", "implicit-yes"}) {
    const Flow flow(scenario, protocol);
    EXPECT_EQ(flow.us(1, "send DONE to 0"), 10'000);
    EXPECT_EQ(flow.us(0, "send COMMIT to 1 2 3"), 25'000);
    EXPECT_EQ(flow.us(1, "decide commit"), 35'000);
    EXPECT_EQ(flow.totals().in_doubt_time.mean(), 25e6) << "from DONE to COMMIT: 2d + fc";
  }
  EXPECT_EQ(Flow(scenario, "centralised-commit").us(0, "decide commit"), 25'000);
}

}  // namespace
}  // namespace indoubt
