// Goal: the published counts of two-phase commit, presumed nothing. Each test quotes what it
// checks.
//
// BHG: Bernstein, Hadzilacos & Goodman, Concurrency Control and Recovery in Database Systems, 1987.
// R*: Mohan, Lindsay & Obermarck, ACM TODS 11(4), 1986. L&L: Lampson & Lomet, VLDB 1993.
// GHR: Gupta, Haritsa & Ramamritham, SIGMOD 1997.
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

const std::vector<NamedOption> kWait = {{"at_no", "wait"}};

// R*, L&L: "presumed nothing (PrN), commit | 4N messages | C: commit forced, end unforced |
// participant: prepared forced, commit forced | C decides / P learns / C forgets: 2 / 3 / 4
// delays".
TEST(PresumedNothing, CommitTakesFourMessagesForEachParticipant) {
  for (const int n : {1, 2, 3, 10, 100}) {
    const Flow flow(votes(n, n), "2pc");
    EXPECT_EQ(flow.messages(), 4u * static_cast<unsigned>(n));
    EXPECT_EQ(flow.records(0), "force committed, log end");
    EXPECT_EQ(flow.records(1), "force prepared, force committed");
    EXPECT_EQ(flow.records(n), "force prepared, force committed");
    EXPECT_EQ(flow.ms(0, "decide commit"), 20);
    EXPECT_EQ(flow.ms(n, "takes COMMIT from 0"), 30);
    EXPECT_EQ(flow.ms(0, "forget"), 40);
  }
}

// "PrN, abort with v YES votes | 2N + 2v messages | C: abort forced, end unforced | YES voter:
// prepared forced, abort forced | 2 / 3 / 4 delays"; a NO voter's record is an option.
TEST(PresumedNothing, AbortTakesTwoMoreMessagesForEachYesVoter) {
  for (const int n : {2, 4, 7}) {
    for (int v = 1; v < n; ++v) {
      const Flow flow(votes(n, v), "2pc", kWait);
      EXPECT_EQ(flow.messages(), static_cast<unsigned>(2 * n + 2 * v)) << n << " " << v;
      EXPECT_EQ(flow.records(0), "force aborted, log end");
      EXPECT_EQ(flow.records(1), "log aborted");
      EXPECT_EQ(flow.records(n), "force prepared, force aborted");
      EXPECT_EQ(flow.ms(0, "decide abort"), 20);
      EXPECT_EQ(flow.ms(n, "takes ABORT from 0"), 30);
      EXPECT_EQ(flow.ms(0, "forget"), 40);
    }
  }
}

TEST(PresumedNothing, AbortWithoutAnyYesVoteEndsWithTheVotes) {
  for (const int n : {1, 4}) {
    const Flow flow(votes(n, 0), "2pc", kWait);
    EXPECT_EQ(flow.messages(), 2u * static_cast<unsigned>(n));
    EXPECT_EQ(flow.records(0), "force aborted, log end");
    EXPECT_EQ(flow.ms(0, "forget"), 20);
  }
}

// BHG, ch. 7.4: "a NO voter has aborted and gets no second message".
TEST(PresumedNothing, ANoVoterGetsNoSecondMessage) {
  const Flow flow(votes(3, 2), "2pc", kWait);
  EXPECT_EQ(flow.ms(1, "decide abort"), 10);
  EXPECT_EQ(flow.ms(1, "takes ABORT from 0"), -1);
}

// L&L: "per-role triples (records, forced, messages sent) for a committing update transaction, C
// per cohort / cohort: PrN (2,1,2)/(2,2,2)".
TEST(PresumedNothing, PerRoleTriplesOfACommit) {
  const int n = 5;
  const Flow flow(votes(n, n), "2pc");
  EXPECT_EQ(flow.records(0), "force committed, log end") << "two records, one of them forced";
  EXPECT_EQ(flow.records(3), "force prepared, force committed") << "two records, both forced";
  const auto sum = [](const std::vector<std::uint64_t>& by_type) {
    std::uint64_t all = 0;
    for (const std::uint64_t count : by_type) all += count;
    return all;
  };
  EXPECT_EQ(sum(flow.totals().sent[0]), 2u * n);
  EXPECT_EQ(sum(flow.totals().sent[1]), 2u * n);
  EXPECT_EQ(flow.totals().forced_writes.sum, 1u + 2u * n);
  EXPECT_EQ(flow.totals().unforced_writes.sum, 1u);
}

// Conventions: "final acks not counted: 3N messages, 3 delays; final acks counted (C needs them to
// forget): 4N, 4 delays".
TEST(Conventions, WithoutFinalAcksACommitIsThreeMessagesAndThreeDelays) {
  for (const int n : {1, 3, 8}) {
    const Flow flow(votes(n, n), "2pc", {{"acks", "no"}});
    EXPECT_EQ(flow.messages(), 3u * static_cast<unsigned>(n));
    EXPECT_EQ(flow.totals().completion_time.mean(), 30e6);
    EXPECT_EQ(flow.ms(0, "forget"), -1) << "C never forgets";
  }
}

// Conventions: "one of D cohorts shares C's site and its messages are free: 4(D-1)".
// GHR: "forced writes / commit messages: 2PC 2D+1 / 4(D-1)"; for D = 3: 7 forced, 8 commit.
TEST(Conventions, ACohortAtTheCoordinatorsSiteSavesFourMessages) {
  for (const int cohorts : {2, 3, 6}) {
    Scenario scenario = votes(cohorts, cohorts);
    scenario.services[0].at_coordinator = true;
    const Flow flow(scenario, "2pc");
    EXPECT_EQ(flow.messages(), static_cast<unsigned>(4 * (cohorts - 1)));
    EXPECT_EQ(flow.totals().forced_writes.sum, static_cast<unsigned>(2 * cohorts + 1));
  }
}

}  // namespace
}  // namespace indoubt
