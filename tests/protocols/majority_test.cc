// Goal: 3pc-majority is the original note's rule: commit when more than half vote YES, and
// PRE-COMMIT and the decision go to all participants whatever they voted.
#include <gtest/gtest.h>

#include "tests/support/puppet.h"

namespace indoubt {
namespace {

Puppet asked(int participants) {
  Puppet w("3pc-majority", participants);
  w.start();
  for (int p = 1; p <= participants; ++p) w.deliver("PREPARE", 0, p);
  return w;
}

std::string vote(Puppet& w, int p, bool yes) {
  w.prepared(p, yes);
  return w.deliver(yes ? "YES" : "NO", p, 0);
}

/// P1 has voted NO, the two others YES; PRE-COMMIT is on its way.
Puppet outvoted() {
  Puppet w = asked(3);
  vote(w, 1, false);
  for (const int p : {2, 3}) vote(w, p, true);
  return w;
}

TEST(MajorityThreePhaseCommit, TwoYesOfThreePreCommitEverybody) {
  Puppet w = asked(3);
  EXPECT_EQ(vote(w, 1, false), "nothing");
  EXPECT_EQ(vote(w, 2, true), "nothing");
  EXPECT_EQ(vote(w, 3, true), "cancel votes; send PRE-COMMIT to 1 2 3; set acks");
}

TEST(MajorityThreePhaseCommit, HalfIsNotAMajority) {
  Puppet w = asked(4);
  vote(w, 1, false);
  EXPECT_EQ(vote(w, 2, false), "cancel votes; force aborted; decide abort; send ABORT to 1 2 3 4");
}

TEST(MajorityThreePhaseCommit, WaitsForEveryVoteEvenWithAMajorityOfYes) {
  Puppet w = asked(3);
  vote(w, 1, true);
  EXPECT_EQ(vote(w, 2, true), "nothing");
  EXPECT_EQ(w.timeout(0, "votes"), "send PRE-COMMIT to 1 2 3; set acks") << "or for the time-out";
}

TEST(MajorityThreePhaseCommit, AMajorityOfAcksDecidesCommit) {
  Puppet w = outvoted();
  w.deliver("PRE-COMMIT", 0, 2);
  EXPECT_EQ(w.deliver("PRE-COMMIT-ACK", 2, 0), "nothing");
  EXPECT_EQ(w.deliver("PRE-COMMIT", 0, 1), "send PRE-COMMIT-ACK to 0") << "the NO voter acks too";
  EXPECT_EQ(w.deliver("PRE-COMMIT-ACK", 1, 0),
            "cancel acks; force committed; decide commit; send COMMIT to 1 2 3");
}

TEST(MajorityThreePhaseCommit, TheNoVoterStaysAbortedSoThatAgreementIsBroken) {
  Puppet w = outvoted();
  for (const int p : {1, 2, 3}) w.deliver("PRE-COMMIT", 0, p);
  for (const int p : {1, 2, 3}) w.deliver("PRE-COMMIT-ACK", p, 0);
  EXPECT_EQ(w.deliver("COMMIT", 0, 1), "nothing");
  EXPECT_EQ(w.outcome(1), Outcome::abort);
  w.deliver("COMMIT", 0, 2);
  EXPECT_EQ(w.outcome(2), Outcome::commit);
}

TEST(MajorityThreePhaseCommit, AnUnaskedParticipantFollowsPreCommitAndNeverVotes) {
  Puppet w("3pc-majority", 3);
  w.start();
  w.drop("PREPARE", 0, 1);
  for (const int p : {2, 3}) w.deliver("PREPARE", 0, p);
  for (const int p : {2, 3}) vote(w, p, true);
  w.timeout(0, "votes");
  EXPECT_EQ(w.deliver("PRE-COMMIT", 0, 1), "send PRE-COMMIT-ACK to 0; set commit");
  EXPECT_EQ(w.state(1), "pre-committed");
}

TEST(MajorityThreePhaseCommit, LocalWorkThatEndsAfterPreCommitVotesNoMore) {
  Puppet w = asked(3);
  for (const int p : {2, 3}) vote(w, p, true);
  w.timeout(0, "votes");
  w.deliver("PRE-COMMIT", 0, 1);
  EXPECT_EQ(w.prepared(1, false), "nothing");
  EXPECT_EQ(w.state(1), "pre-committed");
}

}  // namespace
}  // namespace indoubt
