// Goal: 3pc-quorum step by step, and its termination table row by row.
// Skeen (1982), per connected component: "any A / any C: abort / commit | some PC, and weight of (W
// or PC) >= Vc: PRE-COMMIT; COMMIT after acks worth Vc | otherwise weight of (W or PA) >= Va:
// PRE-ABORT; ABORT after acks worth Va | otherwise: block".
#include <gtest/gtest.h>

#include "tests/support/puppet.h"

namespace indoubt {
namespace {

constexpr const char* kName = "3pc-quorum";

Puppet asked(const Group& group, const std::vector<NamedOption>& options = {}) {
  Puppet w(kName, group, options);
  w.start();
  for (int p = 1; p <= group.participants; ++p) w.deliver("PREPARE", 0, p);
  return w;
}

/// All have voted YES; PRE-COMMIT has left, and reached these.
Puppet pre_committing(const Group& group, const std::vector<int>& reached,
                      const std::vector<NamedOption>& options = {}) {
  Puppet w = asked(group, options);
  for (int p = 1; p <= group.participants; ++p) w.prepared(p, true);
  for (int p = 1; p <= group.participants; ++p) w.deliver("YES", p, 0);
  for (const int p : reached) w.deliver("PRE-COMMIT", 0, p);
  return w;
}

/// p leads and hears of these; gives what it does when it waits no longer.
std::string lead(Puppet& w, int p, const std::vector<int>& others) {
  while (w.armed(p) != "states") {
    const std::string timer = w.armed(p);
    w.timeout(p, timer);
  }
  std::string last;
  for (const int q : others) {
    w.deliver("STATE-REQ", p, q);
    last = w.deliver("STATE", q, p);
  }
  return w.armed(p) == "states" ? w.timeout(p, "states") : last;
}

TEST(Quorum, EveryStateIsForcedAndCommitNeedsAQuorumOfAcks) {
  Puppet w = asked({3, {}});
  EXPECT_EQ(w.prepared(1, true), "force prepared; vote YES; send YES to 0; set decision");
  for (const int p : {2, 3}) w.prepared(p, true);
  for (const int p : {1, 2}) w.deliver("YES", p, 0);
  EXPECT_EQ(w.deliver("YES", 3, 0),
            "cancel votes; force pre-committed; send PRE-COMMIT to 1 2 3; set acks");
  EXPECT_EQ(w.deliver("PRE-COMMIT", 0, 1),
            "cancel decision; force pre-committed; send PRE-COMMIT-ACK to 0; set commit");
  w.deliver("PRE-COMMIT", 0, 2);
  EXPECT_EQ(w.deliver("PRE-COMMIT-ACK", 1, 0), "nothing") << "its own and P1's: 2 of 4";
  EXPECT_EQ(w.again("PRE-COMMIT-ACK", 1, 0), "nothing") << "a duplicate";
  EXPECT_EQ(w.deliver("PRE-COMMIT-ACK", 2, 0),
            "cancel acks; force committed; decide commit; send COMMIT to 1 2 3");
  EXPECT_EQ(w.deliver("COMMIT", 0, 1), "cancel commit; force committed; decide commit");
  EXPECT_EQ(w.deliver("COMMIT", 0, 3), "cancel decision; force committed; decide commit");
  EXPECT_EQ(w.deliver("PRE-COMMIT", 0, 3), "nothing") << "too late";
}

TEST(Quorum, ARepeatedPreCommitIsAcknowledgedAgainAndForcedOnce) {
  Puppet w = pre_committing({2, {}}, {1});
  EXPECT_EQ(w.again("PRE-COMMIT", 0, 1), "cancel commit; send PRE-COMMIT-ACK to 0; set commit");
}

TEST(Quorum, AbortInTheVotingNeedsNoQuorum) {
  Puppet w = asked({2, {}});
  EXPECT_EQ(w.prepared(1, false), "vote NO; log aborted; decide abort; send NO to 0");
  EXPECT_EQ(w.deliver("NO", 1, 0), "cancel votes; force aborted; decide abort; send ABORT to 2");
  Puppet late = asked({2, {}});
  EXPECT_EQ(late.timeout(0, "votes"), "force aborted; decide abort; send ABORT to 1 2");
}

TEST(Quorum, WithoutEnoughAcksTheCoordinatorAsksAndDoesNotDecide) {
  Puppet w = pre_committing({3, {}}, {1});
  w.deliver("PRE-COMMIT-ACK", 1, 0);
  EXPECT_EQ(w.timeout(0, "acks"), "send STATE-REQ to 1 2 3; set states");
  EXPECT_EQ(w.outcome(0), Outcome::none);
}

TEST(Quorum, WeightsCountAndTheCoordinatorsToo) {
  Puppet w = pre_committing({3, {1, 3, 1, 1}}, {1, 2, 3});  // V = 6, Vc = 4
  EXPECT_EQ(w.deliver("PRE-COMMIT-ACK", 2, 0), "nothing");
  EXPECT_EQ(w.deliver("PRE-COMMIT-ACK", 1, 0),
            "cancel acks; force committed; decide commit; send COMMIT to 1 2 3");
  Puppet heavy = asked({2, {5, 1, 1}});
  heavy.prepared(1, true);
  heavy.prepared(2, true);
  heavy.deliver("YES", 1, 0);
  EXPECT_EQ(heavy.deliver("YES", 2, 0),
            "cancel votes; force pre-committed; send PRE-COMMIT to 1 2; set acks; cancel acks; "
            "force committed; decide commit; send COMMIT to 1 2")
      << "it is a quorum by itself";
}

TEST(Quorum, QuorumsAreTheSmallestSafeOnesUnlessGiven) {
  // V = 4: Vc = 3. With Va = 3 the smallest safe Vc is 2, with Vc = 4 the smallest safe Va is 1.
  Puppet w = pre_committing({3, {}}, {1}, {{"abort_quorum", "3"}});
  EXPECT_EQ(w.deliver("PRE-COMMIT-ACK", 1, 0),
            "cancel acks; force committed; decide commit; send COMMIT to 1 2 3");
  Puppet all = pre_committing({3, {}}, {1, 2}, {{"commit_quorum", "4"}});
  for (const int p : {1, 2}) EXPECT_EQ(all.deliver("PRE-COMMIT-ACK", p, 0), "nothing");
  EXPECT_EQ(lead(all, 3, {}),
            "force pre-aborted; set acks; cancel acks; force aborted; decide abort; "
            "send ABORT to 0 1 2")
      << "Va = 1";
}

// ---- termination, row by row
// ---------------------------------------------------------------------

TEST(QuorumTermination, AnyAbortedAborts) {
  Puppet w = asked({3, {}});
  w.prepared(1, true);
  w.prepared(2, false);
  w.prepared(3, true);
  EXPECT_EQ(lead(w, 1, {2}), "cancel states; force aborted; decide abort; send ABORT to 0 2 3");
}

TEST(QuorumTermination, AnyCommittedCommits) {
  Puppet w = pre_committing({3, {}}, {1, 2});
  for (const int p : {1, 2}) w.deliver("PRE-COMMIT-ACK", p, 0);
  w.deliver("COMMIT", 0, 3);
  EXPECT_EQ(lead(w, 1, {3}), "cancel states; force committed; decide commit; send COMMIT to 0 2 3");
}

TEST(QuorumTermination, OneThatHasNotVotedAbortsWhenItIsAsked) {
  Puppet w(kName, 2);
  w.start();
  w.deliver("PREPARE", 0, 1);
  w.prepared(1, true);
  w.timeout(1, "decision");
  EXPECT_EQ(w.deliver("STATE-REQ", 1, 2), "force aborted; decide abort; send STATE to 1");
  EXPECT_EQ(w.deliver("STATE", 2, 1),
            "cancel states; force aborted; decide abort; send ABORT to 0 2");
  EXPECT_EQ(w.deliver("STATE-REQ", 1, 0),
            "cancel votes; force aborted; decide abort; send ABORT to 1 2; send STATE to 1")
      << "a coordinator that is voting";
}

TEST(QuorumTermination, SomePreCommittedAndEnoughThatCanBe) {
  Puppet w = pre_committing({3, {}}, {1});
  EXPECT_EQ(lead(w, 2, {1, 3}), "force pre-committed; send PRE-COMMIT to 3; set acks")
      << "W or PC: 3 of 4; P1 is pre-committed already";
  EXPECT_EQ(w.deliver("PRE-COMMIT", 2, 3),
            "cancel decision; force pre-committed; send PRE-COMMIT-ACK to 2; set commit");
  EXPECT_EQ(w.deliver("PRE-COMMIT-ACK", 3, 2),
            "cancel acks; force committed; decide commit; send COMMIT to 0 1 3");
}

TEST(QuorumTermination, ThePreCommittedAreEnoughAtOnce) {
  Puppet w = pre_committing({3, {}}, {1, 2, 3});
  EXPECT_EQ(lead(w, 1, {2, 3}),
            "set acks; cancel acks; force committed; decide commit; "
            "send COMMIT to 0 2 3");
}

TEST(QuorumTermination, SomePreCommittedButTooFewThatCanBeAborts) {
  Puppet w = pre_committing({3, {}}, {1}, {{"commit_quorum", "4"}});  // Va = 1
  EXPECT_EQ(lead(w, 2, {1}),
            "force pre-aborted; set acks; cancel acks; force aborted; decide abort; "
            "send ABORT to 0 1 3");
}

TEST(QuorumTermination, NonePreCommittedAndEnoughThatCanBePreAborted) {
  Puppet w = pre_committing({4, {}}, {});  // V = 5: Vc = Va = 3
  EXPECT_EQ(lead(w, 2, {3, 4}), "force pre-aborted; send PRE-ABORT to 3 4; set acks");
  EXPECT_EQ(w.deliver("PRE-ABORT", 2, 3),
            "cancel decision; force pre-aborted; send PRE-ABORT-ACK to 2; set commit");
  EXPECT_EQ(w.state(3), "pre-aborted");
  EXPECT_EQ(w.deliver("PRE-ABORT-ACK", 3, 2), "nothing") << "2 of 3";
  w.deliver("PRE-ABORT", 2, 4);
  EXPECT_EQ(w.deliver("PRE-ABORT-ACK", 4, 2),
            "cancel acks; force aborted; decide abort; send ABORT to 0 1 3 4");
  EXPECT_EQ(w.deliver("ABORT", 2, 3), "cancel commit; force aborted; decide abort");
}

TEST(QuorumTermination, PreAbortedOnesCountForAbortAndAreNotAskedAgain) {
  Puppet w = pre_committing({4, {}}, {});
  lead(w, 2, {3, 4});
  w.deliver("PRE-ABORT", 2, 3);
  EXPECT_EQ(lead(w, 4, {2, 3}),
            "force pre-aborted; set acks; cancel acks; force aborted; decide abort; "
            "send ABORT to 0 1 2 3");
}

TEST(QuorumTermination, OtherwiseItBlocksAndTriesAgain) {
  Puppet w = pre_committing({4, {}}, {1});
  EXPECT_EQ(lead(w, 3, {4}), "set decision") << "weight 2";
  EXPECT_EQ(w.state(3), "uncertain");
  EXPECT_EQ(w.timeout(3, "decision"), "send STATE-REQ to 0 1 2 4; set states");
}

TEST(QuorumTermination, ABlockedPreCommittedSiteTriesAgainToo) {
  Puppet w = pre_committing({4, {}}, {1});
  EXPECT_EQ(lead(w, 1, {}), "set commit");
  EXPECT_EQ(w.timeout(1, "commit"), "send STATE-REQ to 0 2 3 4; set states");
}

TEST(QuorumTermination, ALeaderThatGetsTooFewAcksAsksAgain) {
  Puppet w = pre_committing({4, {}}, {});
  lead(w, 2, {3, 4});
  EXPECT_EQ(w.timeout(2, "acks"), "send STATE-REQ to 0 1 3 4; set states");
}

// "A site ignores PRE-COMMIT and PRE-ABORT of an election below its Last_Elected; stale acks do not
// count; in quorum 3PC a pre-committed site never becomes pre-aborted or the other way round."
TEST(QuorumTermination, MovesOfAnEarlierElectionAreIgnored) {
  Puppet w = pre_committing({4, {}}, {});
  lead(w, 2, {3, 4});
  EXPECT_EQ(w.deliver("PRE-COMMIT", 0, 3), "nothing") << "P3 follows P2's election";
}

TEST(QuorumTermination, StaleAcksDoNotCount) {
  Puppet w = pre_committing({4, {}}, {});
  lead(w, 2, {3, 4});
  for (const int p : {3, 4}) w.deliver("PRE-ABORT", 2, p);
  w.timeout(2, "acks");
  w.deliver("STATE-REQ", 2, 0);
  EXPECT_EQ(w.deliver("PRE-ABORT-ACK", 3, 2), "nothing");
  w.deliver("STATE", 0, 2);
  EXPECT_EQ(w.deliver("PRE-ABORT-ACK", 4, 2), "nothing");
}

TEST(QuorumTermination, APreCommittedSiteNeverBecomesPreAborted) {
  Puppet w = pre_committing({4, {}}, {3});
  w.recover(3);  // its numbers are gone, its state is not
  lead(w, 2, {4});
  lead(w, 1, {2, 4});
  ASSERT_EQ(w.state(3), "pre-committed");
  Puppet race = pre_committing({4, {}}, {});
  while (race.armed(2) != "states") race.timeout(2, "decision");
  for (const int p : {3, 4, 1}) race.deliver("STATE-REQ", 2, p);
  race.recover(3);
  EXPECT_EQ(race.deliver("PRE-COMMIT", 0, 3),
            "cancel decision; force pre-committed; send PRE-COMMIT-ACK to 0; set commit");
  for (const int p : {3, 4, 1}) race.deliver("STATE", p, 2);
  race.timeout(2, "states");
  EXPECT_EQ(race.deliver("PRE-ABORT", 2, 3), "nothing");
  EXPECT_EQ(race.state(3), "pre-committed");
}

TEST(QuorumTermination, OfTwoLeadersOfOneNumberTheHigherNumberedGivesWay) {
  Puppet w = pre_committing({4, {}}, {});
  while (w.armed(1) != "states") w.timeout(1, "decision");
  while (w.armed(2) != "states") w.timeout(2, "decision");
  EXPECT_EQ(w.deliver("STATE-REQ", 2, 1), "send REFUSED to 2");
  EXPECT_EQ(w.deliver("STATE-REQ", 1, 2), "cancel states; send STATE to 1; set decision");
  EXPECT_EQ(w.deliver("REFUSED", 1, 2), "nothing");
}

TEST(QuorumTermination, ARefusedLeaderAsksAgainWithALaterElection) {
  Puppet w = pre_committing({2, {}}, {});
  while (w.armed(1) != "states") w.timeout(1, "decision");
  w.timeout(1, "states");
  w.timeout(1, "decision");  // its second election
  w.deliver("STATE-REQ", 1, 0);
  w.deliver("STATE-REQ", 1, 0);
  while (w.armed(2) != "states") w.timeout(2, "decision");
  w.deliver("STATE-REQ", 2, 0);
  w.deliver("STATE-REQ", 2, 1);
  w.deliver("REFUSED", 0, 2);
  EXPECT_EQ(w.deliver("REFUSED", 1, 2), "cancel states; send STATE-REQ to 0 1; set states");
}

TEST(QuorumTermination, AnUncutComponentAfterAPartitionDecides) {
  Puppet w = pre_committing({4, {}}, {1});
  lead(w, 3, {4});  // blocked
  for (const int p : {0, 1, 2}) w.drop("STATE-REQ", 3, p);
  EXPECT_EQ(lead(w, 3, {0, 1, 2, 4}),
            "cancel states; force pre-committed; send PRE-COMMIT to 2 4; set acks; cancel acks; "
            "force committed; decide commit; send COMMIT to 0 1 2 4");
}

// ---- a perfect failure detector, recovery
// ----------------------------------------------------------

TEST(QuorumDetector, LeadersSkipSitesKnownToBeDown) {
  Puppet w = pre_committing({3, {}}, {});
  EXPECT_EQ(w.detect(2, 0), "cancel decision; set decision") << "P1 leads";
  EXPECT_EQ(w.detect(2, 1), "cancel decision; send STATE-REQ to 3; set states");
  EXPECT_EQ(w.detect(2, 3), "cancel states; set decision") << "alone: blocked";
  w.recover(3);
  w.deliver("INQUIRY", 3, 2);
  EXPECT_EQ(w.timeout(2, "decision"), "send STATE-REQ to 3; set states") << "it is back";
}

TEST(QuorumDetector, TheCoordinatorWaitsForNoVoteOfASiteThatIsDown) {
  Puppet w = asked({2, {}});
  EXPECT_EQ(w.detect(0, 2), "cancel votes; force aborted; decide abort; send ABORT to 1");
}

TEST(QuorumRecovery, AParticipantWithoutYesAbortsAlone) {
  Puppet w = asked({2, {}});
  EXPECT_EQ(w.recover(1), "force aborted; decide abort");
}

TEST(QuorumRecovery, ACoordinatorWithoutPreCommitOnDiskAbortsAndTellsAll) {
  Puppet w = asked({2, {}});
  EXPECT_EQ(w.recover(0), "force aborted; decide abort; send ABORT to 1 2");
}

TEST(QuorumRecovery, EveryOtherStateIsAsItWas) {
  Puppet w = pre_committing({4, {}}, {1});
  EXPECT_EQ(w.recover(0), "send INQUIRY to 1 2 3 4; set commit");
  EXPECT_EQ(w.state(0), "pre-committed");
  EXPECT_EQ(w.recover(1), "send INQUIRY to 0 2 3 4; set commit");
  EXPECT_EQ(w.recover(2), "send INQUIRY to 0 1 3 4; set decision");
  lead(w, 4, {3, 2});
  w.deliver("PRE-ABORT", 4, 3);
  EXPECT_EQ(w.recover(3), "send INQUIRY to 0 1 2 4; set commit");
  EXPECT_EQ(w.state(3), "pre-aborted");
}

TEST(QuorumRecovery, ADecidedCoordinatorTellsAgainIfToldTo) {
  for (const char* policy : {"resend", "silent"}) {
    Puppet w = pre_committing({1, {}}, {1}, {{"recover_decided", policy}});
    w.deliver("PRE-COMMIT-ACK", 1, 0);
    const bool resends = std::string_view(policy) == "resend";
    EXPECT_EQ(w.recover(0), resends ? "send COMMIT to 1" : "nothing");
    w.recover(1);
    EXPECT_EQ(w.deliver("INQUIRY", 1, 0), "send COMMIT to 1");
  }
}

TEST(QuorumOptions, FinalAcksAreCollectedUntilAllAreIn) {
  Puppet w = pre_committing({1, {}}, {1}, {{"acks", "yes"}});
  EXPECT_EQ(w.deliver("PRE-COMMIT-ACK", 1, 0),
            "cancel acks; force committed; decide commit; send COMMIT to 1; set acks");
  EXPECT_EQ(w.timeout(0, "acks"), "send COMMIT to 1; set acks");
  EXPECT_EQ(w.deliver("COMMIT", 0, 1),
            "cancel commit; force committed; decide commit; send ACK to 0");
  EXPECT_EQ(w.deliver("ACK", 1, 0), "cancel acks; forget");
}

TEST(QuorumOptions, NoVotersAreToldIfTheDecisionGoesToAll) {
  Puppet w = asked({2, {}}, {{"decision_to", "all"}});
  w.prepared(1, false);
  EXPECT_EQ(w.deliver("NO", 1, 0), "cancel votes; force aborted; decide abort; send ABORT to 1 2");
}

// "V = 4, Vc = 3, Va = 2", and the mistake "Vc + Va <= V".
TEST(QuorumMistakes, QuorumsThatAreTooSmallSplit) {
  for (const bool small : {false, true}) {
    std::vector<NamedOption> options;
    if (small) {
      options = {{"commit_quorum", "2"}, {"abort_quorum", "2"}, {"mistake", "small_quorums"}};
    }
    Puppet w = pre_committing({3, {}}, {1}, options);  // {C, P1} and {P2, P3} are cut apart
    w.deliver("PRE-COMMIT-ACK", 1, 0);
    lead(w, 2, {3});
    w.deliver("PRE-ABORT", 2, 3);
    w.deliver("PRE-ABORT-ACK", 3, 2);
    EXPECT_EQ(w.outcome(0), small ? Outcome::commit : Outcome::none);
    EXPECT_EQ(w.outcome(2), Outcome::abort);
  }
}

}  // namespace
}  // namespace indoubt
