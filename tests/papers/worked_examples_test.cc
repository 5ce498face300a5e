// Goal: the worked examples that published tables are quoted with, number by number: commit costs
// of three cohorts, Paxos Commit beside 2PC, and the timelines for d = 10 ms, f = 5 ms. The general
// formulas are in the tests of each protocol.
//
// GHR: Gupta, Haritsa & Ramamritham, SIGMOD 1997. G&L: Gray & Lamport, ACM TODS 31(1), 2006.
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/papers/flow.h"

namespace indoubt {
namespace {

using Options = std::vector<NamedOption>;
constexpr std::int64_t kMs = 1'000'000;  // in nanoseconds

Scenario d10_f5(int participants) {
  Scenario scenario = world(participants, Latency::constant(10ms));
  scenario.disk.force = Latency::constant(5ms);
  return scenario;
}

// GHR: "For D=3: 2PC 4 exec, 7 forced, 8 commit; PrC 4, 5, 6; 3PC 4, 11, 12"; PrA as 2PC;
// distributed work with centralised commit 1 forced, 0 commit, 4 exec. One cohort at the master's.
TEST(WorkedExamples, ThreeCohortsOneOfThemAtTheMastersSite) {
  Scenario scenario = d10_f5(3);
  scenario.services[0].at_coordinator = true;
  struct Row {
    std::string_view protocol;
    Options options;
    unsigned forced, commit_messages;
  };
  const Row rows[] = {{"2pc", {}, 7, 8},
                      {"2pc-pra", {}, 7, 8},
                      {"2pc-prc", {}, 5, 6},
                      {"3pc", {{"pre_commit_record", "all"}, {"acks", "yes"}}, 11, 12}};
  for (const Row& row : rows) {
    const Flow flow(scenario, row.protocol, row.options);
    EXPECT_EQ(flow.totals().forced_writes.sum, row.forced) << row.protocol;
    EXPECT_EQ(flow.messages(), row.commit_messages) << row.protocol;
    EXPECT_EQ(flow.totals().commits, 1u);
  }
  const Flow centralised(scenario, "centralised-commit");
  EXPECT_EQ(centralised.totals().forced_writes.sum, 1u);
  EXPECT_EQ(centralised.messages(), 4u) << "all of them execution";
}

Options begun_by_the_first(std::string_view faults) {
  return {
      {"faults", faults}, {"placement", "leader-on-acceptor"}, {"first_participant_starts", "yes"}};
}

// G&L, figure 4: "N=3, F=1: 8, 12, 14. N=5, F=2: 14, 26, 34" messages of 2PC, Paxos Commit and its
// faster form; "delays 4, 5, 4"; "stable writes N+1, N+F+1, N+F+1". 2PC is Paxos Commit with F=0.
TEST(WorkedExamples, TwoPhaseCommitBesidePaxosCommit) {
  struct Row {
    int n;
    std::string_view f;
    unsigned faults, messages[3];
  };
  for (const Row& row : {Row{3, "1", 1, {8, 12, 14}}, Row{5, "2", 2, {14, 26, 34}}}) {
    const Scenario scenario = world(row.n, Latency::constant(10ms));
    Options fast_options = begun_by_the_first(row.f);
    fast_options.push_back({"coordinator_learns", "no"});
    const Flow flows[] = {Flow(scenario, "paxos-commit", begun_by_the_first("0")),
                          Flow(scenario, "paxos-commit", begun_by_the_first(row.f)),
                          Flow(scenario, "paxos-commit-fast", fast_options)};
    const std::int64_t delays[] = {4, 5, 4};
    for (int i = 0; i < 3; ++i) {
      EXPECT_EQ(flows[i].messages(), row.messages[i]);
      EXPECT_EQ(flows[i].totals().completion_time.mean(),
                static_cast<double>(delays[i] * 10 * kMs));
      const unsigned acceptors = i == 0 ? 1 : row.faults + 1;
      EXPECT_EQ(flows[i].totals().forced_writes.sum, static_cast<unsigned>(row.n) + acceptors);
    }
  }
}

// G&L: "stable writes on the critical path 2 in each case", all prepared concurrently.
TEST(WorkedExamples, TwoStableWritesLieOnTheCriticalPathOf2pcToo) {
  const Flow degenerate(d10_f5(3), "paxos-commit", {{"faults", "0"}});
  EXPECT_EQ(degenerate.ns(2, "takes COMMIT from 0"), (4 * 10 + 2 * 5) * kMs);
  const Flow two(d10_f5(3), "2pc");
  EXPECT_EQ(two.ns(2, "takes COMMIT from 0"), (3 * 10 + 2 * 5) * kMs) << "C is the acceptor";
}

// Conventions: "first participant starts by sending its vote, C on that participant's node | 3N-3
// messages, 3 delays".
TEST(WorkedExamples, TheFirstParticipantStartsOnTheCoordinatorsNode) {
  for (const int n : {2, 3, 5}) {
    Scenario scenario = world(n, Latency::constant(10ms));
    scenario.services[0].at_coordinator = true;
    const Flow flow(scenario, "paxos-commit", begun_by_the_first("0"));
    EXPECT_EQ(flow.messages(), static_cast<unsigned>(3 * n - 3)) << n;
    EXPECT_EQ(flow.totals().completion_time.mean(), static_cast<double>(30 * kMs));
  }
}

// "Timelines, d=10 ms, f=5 ms, all YES | PrN / PrA | PrC": each line, for each participant. NPrC is
// PrC without the list.
TEST(WorkedExamples, TimelinesToTheNanosecond) {
  struct Column {
    std::string_view protocol;
    std::int64_t prepare_leaves, yes_leaves, votes_at_c, commit_leaves, commit_arrives, locks_free,
        forgets;
  };
  const Column columns[] = {{"2pc", 0, 15, 25, 30, 40, 45, 55},
                            {"2pc-pra", 0, 15, 25, 30, 40, 45, 55},
                            {"2pc-prc", 5, 20, 30, 35, 45, 45, 35},
                            {"2pc-nprc", 0, 15, 25, 30, 40, 40, 30}};
  for (const Column& c : columns) {
    SCOPED_TRACE(c.protocol);
    const Flow flow(d10_f5(3), c.protocol);
    EXPECT_EQ(flow.ns(0, "send PREPARE to 1 2 3"), c.prepare_leaves * kMs);
    EXPECT_EQ(flow.ns(0, "durable committed"), c.commit_leaves * kMs);
    EXPECT_EQ(flow.ns(0, "send COMMIT to 1 2 3"), c.commit_leaves * kMs);
    EXPECT_EQ(flow.ns(0, "forget"), c.forgets * kMs);
    for (const int p : {1, 2, 3}) {
      EXPECT_EQ(flow.ns(p, "send YES to 0"), c.yes_leaves * kMs);
      EXPECT_EQ(flow.ns(0, "takes YES from " + std::to_string(p)), c.votes_at_c * kMs);
      EXPECT_EQ(flow.ns(p, "takes COMMIT from 0"), c.commit_arrives * kMs);
      EXPECT_EQ(flow.ns(p, "decide commit"), c.locks_free * kMs);
    }
  }
}

/// d = 3, 7, 11 ms on the links; local work of 1, 8, 2 ms before the force stands for unequal fp.
Scenario unequal() {
  Scenario scenario = world(3, Latency{});
  scenario.disk.force = Latency::constant(5ms);
  const Duration delays[] = {3ms, 7ms, 11ms}, work[] = {1ms, 8ms, 2ms};
  for (std::size_t i = 0; i < 3; ++i) {
    Service& service = scenario.services[i];
    service.prepare = Latency::constant(work[i]);
    link_rule(scenario, "coordinator", service.name).latency = Latency::constant(delays[i]);
    link_rule(scenario, service.name, "coordinator").latency = Latency::constant(delays[i]);
  }
  return scenario;
}

// "General: with per-link delays C decides at fc + max_i(2 d_i + fp_i); participant i learns d_i
// later. 3PC adds one more round trip max_i(2 d_i) plus the forces of the chosen pre-commit
// policy." The largest sums here: 2*11 + 2 + 5 = 29, 2*7 + 8 + 5 = 27; with fc: 34.
TEST(WorkedExamples, InGeneralTheSlowestParticipantDecides) {
  struct Row {
    std::string_view protocol;
    Options options;
    std::int64_t decides;
  };
  const Row rows[] = {{"2pc", {}, 34},
                      {"2pc-pra", {}, 34},
                      {"2pc-prc", {}, 39},  // and fc for the list
                      {"3pc", {}, 34 + 22},
                      {"3pc", {{"pre_commit_record", "participants"}}, 34 + 22 + 5},
                      {"3pc", {{"pre_commit_record", "all"}}, 34 + 22 + 10}};
  for (const Row& row : rows) {
    SCOPED_TRACE(row.protocol);
    const Flow flow(unequal(), row.protocol, row.options);
    EXPECT_EQ(flow.ns(0, "decide commit"), row.decides * kMs);
    const std::int64_t delays[] = {3, 7, 11};
    for (int p = 1; p <= 3; ++p)
      EXPECT_EQ(flow.ns(p, "takes COMMIT from 0"), (row.decides + delays[p - 1]) * kMs);
  }
}

}  // namespace
}  // namespace indoubt
