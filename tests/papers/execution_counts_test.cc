// Goal: the table of commit overheads with its execution phase, whole: what is sent before the
// commit begins, what after, and what is forced, for D cohorts of which one is at the master's
// site.
//
// GHR: Gupta, Haritsa & Ramamritham, "Revisiting commit processing in distributed database systems"
// (SIGMOD 1997).
#include <gtest/gtest.h>

#include "tests/papers/flow.h"

namespace indoubt {
namespace {

using Options = std::vector<NamedOption>;
constexpr std::int64_t kMs = 1'000'000;  // in nanoseconds

unsigned whole(int n) { return static_cast<unsigned>(n); }

/// One-way delay 10 ms, forced write 5 ms, all YES, an execution phase before the commit.
Scenario executed(int cohorts) {
  Scenario scenario = world(cohorts, Latency::constant(10ms));
  scenario.disk.force = Latency::constant(5ms);
  scenario.services[0].at_coordinator = true;
  scenario.execution = true;
  return scenario;
}

/// A request and a reply for each cohort that is asked to work.
unsigned execution_messages(const Flow& flow, int cohorts) {
  unsigned asked = 0;
  for (int p = 0; p <= cohorts; ++p)
    asked += whole(flow.times(p, "works after 10ms, replies after 10ms"));
  return 2 * asked;
}

struct Overhead {
  unsigned execution, forced, commit;
  bool operator==(const Overhead&) const = default;
};
void PrintTo(const Overhead& o, std::ostream* out) {
  *out << o.execution << " execution messages, " << o.forced << " forced writes, " << o.commit
       << " commit messages";
}

struct Row {
  std::string_view protocol;
  Options options;
  int forced_each, forced_once, messages_each;  ///< D x + y; (D - 1) z
  Overhead of_three;
};

// "Execution messages 2(D-1). Forced writes / commit messages: 2PC and PrA 2D+1 / 4(D-1); PrC D+2 /
// 3(D-1); 3PC with all pre-commits forced 3D+2 / 6(D-1)." "For D=3: 2PC 4 exec, 7 forced, 8 commit;
// PrC 4, 5, 6; 3PC 4, 11, 12".
const Row kRows[] = {
    {"2pc", {}, 2, 1, 4, {4, 7, 8}},
    {"2pc-pra", {}, 2, 1, 4, {4, 7, 8}},
    {"2pc-prc", {}, 1, 2, 3, {4, 5, 6}},
    {"3pc", {{"pre_commit_record", "all"}, {"acks", "yes"}}, 3, 2, 6, {4, 11, 12}}};

Overhead overhead(const Row& row, int cohorts) {
  const Flow flow(executed(cohorts), row.protocol, row.options);
  EXPECT_EQ(flow.totals().commits, 1u) << row.protocol;
  return {execution_messages(flow, cohorts),
          whole(static_cast<int>(flow.totals().forced_writes.sum)),
          whole(static_cast<int>(flow.messages()))};
}

TEST(CommitOverheads, OfThreeCohorts) {
  for (const Row& row : kRows) EXPECT_EQ(overhead(row, 3), row.of_three) << row.protocol;
}

TEST(CommitOverheads, OfAnyNumberOfCohorts) {
  for (const Row& row : kRows) {
    for (const int d : {1, 2, 5, 6, 50}) {
      const Overhead formula = {whole(2 * (d - 1)), whole(row.forced_each * d + row.forced_once),
                                whole(row.messages_each * (d - 1))};
      EXPECT_EQ(overhead(row, d), formula) << row.protocol << " " << d;
    }
  }
}

// "Distributed work with centralised commit 1 / 0": its work messages are the protocol's own, and
// no phase comes before them.
TEST(CommitOverheads, OfACentralisedCommitAfterDistributedWork) {
  for (const int d : {1, 2, 3, 6}) {
    Scenario scenario = executed(d);
    scenario.execution = false;
    const Flow flow(scenario, "centralised-commit");
    const std::uint64_t execution = flow.sent("WORK") + flow.sent("DONE");
    EXPECT_EQ(execution, whole(2 * (d - 1)));
    EXPECT_EQ(flow.totals().forced_writes.sum, 1u);
    EXPECT_EQ(flow.messages() - execution, 0u);
  }
}

// The phase comes before the commit and changes nothing in it: what 2PC does at 0, 30 and 55 ms
// happens one request and one reply later, that of the slowest cohort.
TEST(CommitOverheads, TheCommitBeginsWithTheLastReply) {
  Scenario scenario = executed(3);
  link_rule(scenario, "coordinator", "p2").latency = Latency::constant(13ms);
  link_rule(scenario, "p2", "coordinator").latency = Latency::constant(17ms);
  const Flow flow(scenario, "2pc");
  EXPECT_EQ(flow.times(1, "works after 10ms, replies after 10ms"), 0) << "at the master's site";
  EXPECT_EQ(flow.times(2, "works after 13ms, replies after 17ms"), 1);
  EXPECT_EQ(flow.times(3, "works after 10ms, replies after 10ms"), 1);
  EXPECT_EQ(flow.ns(0, "send PREPARE to 1 2 3"), 30 * kMs);
  EXPECT_EQ(flow.ns(0, "durable committed"), (30 + 13 + 5 + 17 + 5) * kMs);
  scenario.execution = false;
  EXPECT_EQ(Flow(scenario, "2pc").ns(0, "durable committed"), (13 + 5 + 17 + 5) * kMs);
}

}  // namespace
}  // namespace indoubt
