// Goal: the published counts of three-phase commit. Each test quotes what it checks.
//
// BHG: Bernstein, Hadzilacos & Goodman, Concurrency Control and Recovery in Database Systems, 1987,
// ch. 7.5. Skeen, SIGMOD 1981. GHR: Gupta, Haritsa & Ramamritham, SIGMOD 1997.
#include <gtest/gtest.h>

#include "tests/papers/flow.h"

namespace indoubt {
namespace {

Scenario all_yes(int participants) { return world(participants, Latency::constant(10ms)); }

// BHG: "3PC commit, no final acks: 5N messages; C decides at 4, P learns at 5 delays".
TEST(ThreePhase, CommitTakesFiveMessagesForEachParticipantAndFiveDelays) {
  for (const int n : {1, 2, 3, 10, 100}) {
    const Flow flow(all_yes(n), "3pc");
    EXPECT_EQ(flow.messages(), 5u * static_cast<unsigned>(n));
    EXPECT_EQ(flow.ms(0, "decide commit"), 40);
    EXPECT_EQ(flow.ms(n, "takes COMMIT from 0"), 50);
    EXPECT_EQ(flow.totals().completion_time.mean(), 50e6);
  }
}

// "3PC commit, final acks: 6N".
TEST(ThreePhase, FinalAcksAreOneMoreMessageEach) {
  for (const int n : {1, 3, 10}) {
    const Flow flow(all_yes(n), "3pc", {{"acks", "yes"}});
    EXPECT_EQ(flow.messages(), 6u * static_cast<unsigned>(n));
    EXPECT_EQ(flow.ms(0, "forget"), 60);
  }
}

// BHG: "Abort is as in 2PC": PREPARE, votes, and ABORT to the v YES voters.
TEST(ThreePhase, AbortTakesNoThirdPhase) {
  for (int v = 0; v < 4; ++v) {
    Scenario scenario = all_yes(4);
    for (int p = 0; p < 4 - v; ++p) scenario.services[static_cast<std::size_t>(p)].vote_yes = 0;
    const Flow flow(scenario, "3pc", {{"at_no", "wait"}});
    EXPECT_EQ(flow.messages(), static_cast<unsigned>(2 * 4 + v));
    EXPECT_EQ(flow.ms(0, "decide abort"), 20);
    EXPECT_EQ(flow.ms(0, "send PRE-COMMIT to 1 2 3 4"), -1);
  }
}

// Guerraoui & Wang (PODS 2017): "3PC, n processes with spontaneous votes: 4n-4 messages, 4 delays".
// The coordinator is one of the n, so its own messages to itself are free.
TEST(ThreePhase, SpontaneousVotesOfNProcesses) {
  for (const int n : {2, 3, 5, 10}) {
    Scenario scenario = all_yes(n);
    scenario.services[0].at_coordinator = true;
    const Flow flow(scenario, "3pc", {{"spontaneous_votes", "yes"}});
    EXPECT_EQ(flow.messages(), static_cast<unsigned>(4 * n - 4));
    EXPECT_EQ(flow.ms(n, "takes COMMIT from 0"), 40);
    EXPECT_EQ(flow.ms(1, "takes PREPARE from 0"), -1);
  }
}

// "Pre-commit logging policy is an option: none (one textbook), participants only, or everybody".
TEST(ThreePhase, RecordsFollowThePreCommitPolicy) {
  const auto records = [](std::string_view policy, int p) {
    return Flow(all_yes(3), "3pc", {{"pre_commit_record", policy}}).records(p);
  };
  EXPECT_EQ(records("none", 0), "force committed");
  EXPECT_EQ(records("none", 2), "force prepared, force committed");
  EXPECT_EQ(records("participants", 0), "force committed");
  EXPECT_EQ(records("participants", 2), "force prepared, force pre-committed, force committed");
  EXPECT_EQ(records("all", 0), "force pre-committed, force committed");
  EXPECT_EQ(records("all", 2), "force prepared, force pre-committed, force committed");
}

// GHR: "forced writes / commit messages, one of D cohorts at the master's site: 3PC with all
// pre-commits forced 3D+2 / 6(D-1)"; for D = 3: 11 forced, 12 commit messages.
TEST(ThreePhase, OverheadsWithACohortAtTheMastersSite) {
  for (const int cohorts : {2, 3, 6}) {
    Scenario scenario = all_yes(cohorts);
    scenario.services[0].at_coordinator = true;
    const Flow flow(scenario, "3pc", {{"pre_commit_record", "all"}, {"acks", "yes"}});
    EXPECT_EQ(flow.totals().forced_writes.sum, static_cast<unsigned>(3 * cohorts + 2));
    EXPECT_EQ(flow.messages(), static_cast<unsigned>(6 * (cohorts - 1)));
  }
}

// Skeen (1981), decentralised: votes and PRE-COMMIT from each of n processes to all others. PREPARE
// is the coordinator's vote, so the participants' come one delay later: 2n(n-1) messages, 3 delays.
TEST(DecentralisedThreePhase, CommitTakesTwoBroadcastsOfEverybody) {
  for (const int participants : {1, 2, 3, 5}) {
    const Flow flow(all_yes(participants), "3pc-decentralised");
    const int n = participants + 1;
    EXPECT_EQ(flow.messages(), static_cast<unsigned>(2 * n * (n - 1)));
    EXPECT_EQ(flow.totals().completion_time.mean(), 30e6);
    EXPECT_EQ(flow.records(0), "force committed");
    EXPECT_EQ(flow.records(participants), "force prepared, force committed");
  }
}

// "Decentralised 2PC, C also collects votes: N^2 + N", and here as many PRE-COMMITs again.
TEST(DecentralisedThreePhase, IsTwiceTheDecentralisedTwoPhaseCommit) {
  const int n = 4;
  EXPECT_EQ(Flow(all_yes(n), "3pc-decentralised").messages(), 2u * (n * n + n));
}

TEST(DecentralisedThreePhase, ANoEndsItWithTheVotes) {
  Scenario scenario = all_yes(3);
  scenario.services[0].vote_yes = 0;
  const Flow flow(scenario, "3pc-decentralised");
  EXPECT_LE(flow.messages(), 12u);
  EXPECT_EQ(flow.ms(2, "decide abort"), 20);
  EXPECT_EQ(flow.ms(0, "decide abort"), 20);
}

// Skeen (1982); Keidar & Dolev: "same cost as 3PC when nothing fails", every state forced.
TEST(QuorumThreePhase, CostsWhat3pcCostsWithEveryStateForced) {
  for (const char* protocol : {"3pc-quorum", "e3pc"}) {
    for (const int n : {1, 2, 3, 5, 10}) {
      const Flow flow(all_yes(n), protocol);
      EXPECT_EQ(flow.messages(), 5u * static_cast<unsigned>(n));
      EXPECT_EQ(flow.ms(0, "decide commit"), 40);
      EXPECT_EQ(flow.ms(n, "takes COMMIT from 0"), 50);
      EXPECT_EQ(flow.records(0), "force pre-committed, force committed");
      EXPECT_EQ(flow.records(n), "force prepared, force pre-committed, force committed");
      EXPECT_EQ(Flow(all_yes(n), protocol, {{"acks", "yes"}}).messages(),
                6u * static_cast<unsigned>(n));
    }
  }
}

// The original note: "commits when more than half vote YES"; PRE-COMMIT and decision go to all.
TEST(MajorityThreePhase, ACommitAgainstANoVoterTakesAllFiveMessagesEach) {
  Scenario scenario = all_yes(3);
  scenario.services[1].vote_yes = 0;
  const Flow flow(scenario, "3pc-majority");
  EXPECT_EQ(flow.messages(), 15u);
  EXPECT_EQ(flow.ms(0, "decide commit"), 40);
  EXPECT_EQ(flow.ms(2, "takes COMMIT from 0"), 50);
  EXPECT_EQ(flow.totals().mixed, 1u);
}

}  // namespace
}  // namespace indoubt
