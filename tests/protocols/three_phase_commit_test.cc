// Goal: each handler of 3pc asks for what the textbook says, under the standard options.
// Skeen (1981); Bernstein, Hadzilacos & Goodman (1987), ch. 7.5.
#include <gtest/gtest.h>

#include "tests/support/puppet.h"

namespace indoubt {
namespace {

Puppet asked(int participants, const std::vector<NamedOption>& options = {}) {
  Puppet w("3pc", participants, options);
  w.start();
  for (int p = 1; p <= participants; ++p) w.deliver("PREPARE", 0, p);
  return w;
}

Puppet voted(int participants, const std::vector<NamedOption>& options = {}) {
  Puppet w = asked(participants, options);
  for (int p = 1; p <= participants; ++p) w.prepared(p, true);
  return w;
}

/// PRE-COMMIT is on its way.
Puppet pre_committing(int participants, const std::vector<NamedOption>& options = {}) {
  Puppet w = voted(participants, options);
  for (int p = 1; p <= participants; ++p) w.deliver("YES", p, 0);
  return w;
}

/// COMMIT is on its way.
Puppet committed(int participants, const std::vector<NamedOption>& options = {}) {
  Puppet w = pre_committing(participants, options);
  for (int p = 1; p <= participants; ++p) w.deliver("PRE-COMMIT", 0, p);
  for (int p = 1; p <= participants; ++p) w.deliver("PRE-COMMIT-ACK", p, 0);
  return w;
}

TEST(ThreePhaseCommit, TheCoordinatorAsksEverybodyAndAwaitsTheVotes) {
  Puppet w("3pc", 3);
  EXPECT_EQ(w.start(), "send PREPARE to 1 2 3; set votes");
  EXPECT_EQ(w.state(0), "voting");
}

TEST(ThreePhaseCommit, AParticipantForcesItsYesAndIsUncertain) {
  Puppet w = asked(2);
  EXPECT_EQ(w.state(1), "preparing");
  EXPECT_EQ(w.prepared(1, true), "force prepared; vote YES; send YES to 0; set decision");
  EXPECT_EQ(w.state(1), "uncertain");
}

TEST(ThreePhaseCommit, ANoVoterAbortsAtOnceWithoutForcing) {
  Puppet w = asked(2);
  EXPECT_EQ(w.prepared(1, false), "vote NO; log aborted; decide abort; send NO to 0");
  EXPECT_EQ(w.armed(1), "");
}

TEST(ThreePhaseCommit, AllYesLeadsToPreCommitAndToNoDecisionYet) {
  Puppet w = voted(3);
  EXPECT_EQ(w.deliver("YES", 1, 0), "nothing");
  EXPECT_EQ(w.deliver("YES", 3, 0), "nothing");
  EXPECT_EQ(w.deliver("YES", 2, 0), "cancel votes; send PRE-COMMIT to 1 2 3; set acks");
  EXPECT_EQ(w.state(0), "pre-committed");
  EXPECT_EQ(w.outcome(0), Outcome::none);
}

TEST(ThreePhaseCommit, AnAbortIsAsInTwoPhases) {
  Puppet w = asked(3);
  w.prepared(2, false);
  EXPECT_EQ(w.deliver("NO", 2, 0), "cancel votes; force aborted; decide abort; send ABORT to 1 3");
  w.prepared(1, true);
  EXPECT_EQ(w.deliver("ABORT", 0, 1), "cancel decision; force aborted; decide abort");
}

TEST(ThreePhaseCommit, APreCommittedParticipantAcknowledgesAndAwaitsCommit) {
  Puppet w = pre_committing(2);
  EXPECT_EQ(w.deliver("PRE-COMMIT", 0, 1), "cancel decision; send PRE-COMMIT-ACK to 0; set commit");
  EXPECT_EQ(w.state(1), "pre-committed");
  EXPECT_EQ(w.outcome(1), Outcome::none);
}

TEST(ThreePhaseCommit, TheCoordinatorCommitsAtTheLastAckAndNotBefore) {
  Puppet w = pre_committing(2);
  for (const int p : {1, 2}) w.deliver("PRE-COMMIT", 0, p);
  EXPECT_EQ(w.deliver("PRE-COMMIT-ACK", 2, 0), "nothing");
  EXPECT_EQ(w.deliver("PRE-COMMIT-ACK", 1, 0),
            "cancel acks; force committed; decide commit; send COMMIT to 1 2");
}

TEST(ThreePhaseCommit, CommitIsForcedThenTaken) {
  Puppet w = committed(2);
  EXPECT_EQ(w.deliver("COMMIT", 0, 1), "cancel commit; force committed; decide commit");
  EXPECT_EQ(w.armed(1), "");
}

TEST(ThreePhaseCommit, AFaultFreeCommitIsFiveMessagesForEachParticipant) {
  Puppet w = committed(3);
  for (const int p : {1, 2, 3}) w.deliver("COMMIT", 0, p);
  EXPECT_TRUE(w.quiet());
  EXPECT_EQ(w.sent(), 5 * 3);
}

// ---- duplicates --------------------------------------------------------------------------------

TEST(ThreePhaseCommitDuplicates, ARepeatedPrepareStartsNoSecondWorkAndRepeatsTheVote) {
  Puppet w = asked(2);
  EXPECT_EQ(w.again("PREPARE", 0, 1), "nothing");
  w.prepared(1, true);
  w.prepared(2, false);
  EXPECT_EQ(w.again("PREPARE", 0, 1), "send YES to 0");
  EXPECT_EQ(w.again("PREPARE", 0, 2), "send NO to 0");
}

TEST(ThreePhaseCommitDuplicates, ARepeatedVoteOrAckDoesNotCountTwice) {
  Puppet w = voted(2);
  w.deliver("YES", 1, 0);
  EXPECT_EQ(w.again("YES", 1, 0), "nothing");
  w.deliver("YES", 2, 0);
  for (const int p : {1, 2}) w.deliver("PRE-COMMIT", 0, p);
  w.deliver("PRE-COMMIT-ACK", 1, 0);
  EXPECT_EQ(w.again("PRE-COMMIT-ACK", 1, 0), "nothing");
  EXPECT_EQ(w.outcome(0), Outcome::none);
}

TEST(ThreePhaseCommitDuplicates, ARepeatedPreCommitIsAcknowledgedAgain) {
  Puppet w = pre_committing(2, {{"pre_commit_record", "participants"}});
  w.deliver("PRE-COMMIT", 0, 1);
  EXPECT_EQ(w.again("PRE-COMMIT", 0, 1), "cancel commit; send PRE-COMMIT-ACK to 0; set commit")
      << "not forced a second time";
}

TEST(ThreePhaseCommitDuplicates, ADecidedParticipantIgnoresPreCommitAndDecisions) {
  Puppet w = committed(2);
  w.deliver("COMMIT", 0, 1);
  EXPECT_EQ(w.again("COMMIT", 0, 1), "nothing");
  EXPECT_EQ(w.again("PRE-COMMIT", 0, 1), "nothing");
  EXPECT_EQ(w.again("PREPARE", 0, 1), "nothing");
}

TEST(ThreePhaseCommitDuplicates, AcksAfterTheDecisionChangeNothing) {
  Puppet w = committed(2);
  EXPECT_EQ(w.again("PRE-COMMIT-ACK", 1, 0), "nothing");
  EXPECT_EQ(w.again("YES", 1, 0), "nothing");
}

// ---- late messages and time-outs ---------------------------------------------------------------

TEST(ThreePhaseCommitLate, AnAbortThatOvertakesPrepareIsFollowed) {
  Puppet w("3pc", 2);
  w.start();
  EXPECT_EQ(w.timeout(0, "votes"), "force aborted; decide abort; send ABORT to 1 2");
  EXPECT_EQ(w.deliver("ABORT", 0, 1), "force aborted; decide abort");
  EXPECT_EQ(w.deliver("PREPARE", 0, 1), "send NO to 0");
  EXPECT_EQ(w.deliver("NO", 1, 0), "nothing");
}

TEST(ThreePhaseCommitLate, AnAbortDuringLocalWorkLeavesNothingToVote) {
  Puppet w = asked(2);
  w.timeout(0, "votes");
  w.deliver("ABORT", 0, 1);
  EXPECT_EQ(w.prepared(1, true), "nothing");
}

TEST(ThreePhaseCommitLate, ACommitThatOvertakesPreCommitIsFollowedAndPreCommitIgnored) {
  Puppet w = pre_committing(2, {{"ack_rule", "none"}});
  EXPECT_EQ(w.deliver("COMMIT", 0, 1), "cancel decision; force committed; decide commit");
  EXPECT_EQ(w.deliver("PRE-COMMIT", 0, 1), "nothing");
}

TEST(ThreePhaseCommitLate, MissingAcksAreTakenForFailedParticipants) {
  Puppet w = pre_committing(3);
  w.deliver("PRE-COMMIT", 0, 1);
  w.deliver("PRE-COMMIT-ACK", 1, 0);
  EXPECT_EQ(w.timeout(0, "acks"), "force committed; decide commit; send COMMIT to 1 2 3");
}

TEST(ThreePhaseCommitLate, AnInquiryIsAnsweredByEverybodyThatHasDecided) {
  Puppet w = committed(2);
  w.recover(2);
  EXPECT_EQ(w.deliver("INQUIRY", 2, 1), "nothing") << "pre-committed";
  EXPECT_EQ(w.deliver("INQUIRY", 2, 0), "send COMMIT to 2");
  w.deliver("COMMIT", 0, 1);
  EXPECT_EQ(w.again("INQUIRY", 2, 1), "send COMMIT to 2");
}

TEST(ThreePhaseCommit, WorksWith256Participants) {
  Puppet w = committed(256);
  EXPECT_EQ(w.outcome(0), Outcome::commit);
  for (int p = 1; p <= 256; ++p) w.deliver("COMMIT", 0, p);
  EXPECT_EQ(w.outcome(256), Outcome::commit);
  EXPECT_EQ(w.sent(), 5 * 256);
}

}  // namespace
}  // namespace indoubt
