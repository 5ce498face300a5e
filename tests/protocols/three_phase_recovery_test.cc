// Goal: after a crash 3pc goes on from the last durable record.
// BHG (1987), ch. 7.5: "no YES on disk: abort alone. YES but no decision, with or without
// PRE-COMMIT: ask; never commit alone. A process that is recovering does not take part in a
// termination round with its old state."
#include <gtest/gtest.h>

#include "tests/support/puppet.h"

namespace indoubt {
namespace {

Puppet voted(const std::vector<NamedOption>& options = {}) {
  Puppet w("3pc", 2, options);
  w.start();
  for (const int p : {1, 2}) w.deliver("PREPARE", 0, p);
  for (const int p : {1, 2}) w.prepared(p, true);
  return w;
}

Puppet pre_committing(const std::vector<NamedOption>& options = {}) {
  Puppet w = voted(options);
  for (const int p : {1, 2}) w.deliver("YES", p, 0);
  return w;
}

const std::vector<NamedOption> kForcePreCommit = {{"pre_commit_record", "all"}};

TEST(ThreePhaseRecovery, AParticipantWithoutYesOnDiskAbortsAlone) {
  Puppet w("3pc", 2);
  w.start();
  w.deliver("PREPARE", 0, 1);
  EXPECT_EQ(w.recover(1), "force aborted; decide abort");
}

TEST(ThreePhaseRecovery, AParticipantWithYesAsksEverybodyUntilItIsAnswered) {
  Puppet w = voted();
  EXPECT_EQ(w.recover(1), "send INQUIRY to 0 2; set decision");
  EXPECT_EQ(w.state(1), "recovering");
  EXPECT_EQ(w.timeout(1, "decision"), "send INQUIRY to 0 2; set decision");
}

TEST(ThreePhaseRecovery, AParticipantWithPreCommitAsksToo) {
  Puppet w = pre_committing(kForcePreCommit);
  w.deliver("PRE-COMMIT", 0, 1);
  ASSERT_EQ(w.record(1), "pre-committed");
  EXPECT_EQ(w.recover(1), "send INQUIRY to 0 2; set decision");
  EXPECT_EQ(w.outcome(1), Outcome::none) << "the others may have aborted after it failed";
}

TEST(ThreePhaseRecovery, ARecoveringParticipantTakesNoPartInATerminationRound) {
  Puppet w = pre_committing(kForcePreCommit);
  w.deliver("PRE-COMMIT", 0, 2);
  w.recover(2);
  w.timeout(1, "decision");
  EXPECT_EQ(w.deliver("STATE-REQ", 1, 2), "nothing");
  EXPECT_EQ(w.again("PRE-COMMIT", 0, 2), "nothing");
  EXPECT_EQ(w.timeout(1, "states"), "force aborted; decide abort; send ABORT to 2");
  EXPECT_EQ(w.deliver("ABORT", 1, 2), "cancel decision; force aborted; decide abort");
}

TEST(ThreePhaseRecovery, ARecoveredParticipantAnswersOnceItHasDecided) {
  Puppet w = voted();
  w.recover(2);
  w.timeout(0, "votes");
  w.deliver("ABORT", 0, 2);
  EXPECT_EQ(w.state(2), "aborted");
  w.timeout(1, "decision");
  EXPECT_EQ(w.deliver("STATE-REQ", 1, 2), "send STATE to 1");
  EXPECT_EQ(w.deliver("STATE", 2, 1),
            "cancel states; force aborted; decide abort; send ABORT to 2");
}

TEST(ThreePhaseRecovery, ARecoveringParticipantStandsByItsVote) {
  Puppet w = voted();
  w.recover(1);
  EXPECT_EQ(w.again("PREPARE", 0, 1), "send YES to 0") << "no second local work, no second vote";
  EXPECT_FALSE(w.works(1));
}

TEST(ThreePhaseRecovery, ARecoveringParticipantFollowsTheAnswer) {
  Puppet w = pre_committing({{"ack_rule", "none"}});
  w.recover(1);
  EXPECT_EQ(w.deliver("INQUIRY", 1, 2), "nothing") << "it does not know either";
  EXPECT_EQ(w.deliver("INQUIRY", 1, 0), "send COMMIT to 1");
  EXPECT_EQ(w.deliver("COMMIT", 0, 1), "cancel decision; force committed; decide commit");
  EXPECT_EQ(w.state(1), "committed");
}

TEST(ThreePhaseRecovery, ACoordinatorWithoutADecisionAsksAndNeverDecidesAlone) {
  Puppet nothing_on_disk = voted();
  EXPECT_EQ(nothing_on_disk.recover(0), "send INQUIRY to 1 2; set decision");
  Puppet started = voted({{"start_record", "forced"}});
  EXPECT_EQ(started.recover(0, "started"), "send INQUIRY to 1 2; set decision");
  Puppet sent = pre_committing(kForcePreCommit);
  EXPECT_EQ(sent.recover(0, "pre-committed"), "send INQUIRY to 1 2; set decision");
  EXPECT_EQ(sent.timeout(0, "decision"), "send INQUIRY to 1 2; set decision");
}

// "A coordinator that recovers with a start record, no decision and PRE-COMMIT possibly sent asks";
// C: nothing, or start record only, and PRE-COMMIT certainly not sent: "abort, tell all".
TEST(ThreePhaseRecovery, ACoordinatorThatCannotHaveSentPreCommitAbortsAndTellsAll) {
  Puppet w = voted(kForcePreCommit);
  EXPECT_EQ(w.recover(0), "force aborted; decide abort; send ABORT to 1 2");
  Puppet started = voted({{"pre_commit_record", "all"}, {"start_record", "forced"}});
  EXPECT_EQ(started.recover(0, "started"), "force aborted; decide abort; send ABORT to 1 2");
  Puppet participants_only = voted({{"pre_commit_record", "participants"}});
  EXPECT_EQ(participants_only.recover(0), "send INQUIRY to 1 2; set decision");
}

TEST(ThreePhaseRecovery, ACoordinatorWithADecisionTellsItAgainOnceWithoutAcks) {
  Puppet w = pre_committing({{"ack_rule", "none"}});
  EXPECT_EQ(w.recover(0), "send COMMIT to 1 2");
  EXPECT_EQ(w.armed(0), "");
  EXPECT_EQ(w.deliver("COMMIT", 0, 1), "cancel decision; force committed; decide commit");
  Puppet aborted = voted();
  aborted.timeout(0, "votes");
  EXPECT_EQ(aborted.recover(0), "send ABORT to 1 2");
}

TEST(ThreePhaseRecovery, ACoordinatorWithADecisionResendsItUntilAcknowledgedWithAcks) {
  Puppet w = pre_committing({{"ack_rule", "none"}, {"acks", "yes"}});
  EXPECT_EQ(w.recover(0), "send COMMIT to 1 2; set acks");
  w.deliver("COMMIT", 0, 1);
  EXPECT_EQ(w.deliver("ACK", 1, 0), "nothing");
  EXPECT_EQ(w.timeout(0, "acks"), "send COMMIT to 2; set acks");
  w.deliver("COMMIT", 0, 2);
  EXPECT_EQ(w.deliver("ACK", 2, 0), "cancel acks; forget");
}

TEST(ThreePhaseRecovery, ASilentDecidedCoordinatorAnswersWhenItIsAsked) {
  Puppet w = pre_committing({{"ack_rule", "none"}, {"recover_decided", "silent"}});
  EXPECT_EQ(w.recover(0), "nothing");
  w.recover(1);
  EXPECT_EQ(w.deliver("INQUIRY", 1, 0), "send COMMIT to 1");
}

TEST(ThreePhaseRecovery, ARecoveringCoordinatorCountsNeitherVotesNorAcks) {
  Puppet w = voted();
  w.recover(0);
  EXPECT_EQ(w.deliver("YES", 1, 0), "nothing");
  EXPECT_EQ(w.deliver("YES", 2, 0), "nothing");
  Puppet sent = pre_committing(kForcePreCommit);
  for (const int p : {1, 2}) sent.deliver("PRE-COMMIT", 0, p);
  sent.recover(0);
  for (const int p : {1, 2}) EXPECT_EQ(sent.deliver("PRE-COMMIT-ACK", p, 0), "nothing");
}

TEST(ThreePhaseRecovery, ADecidedProcessKeepsItsDecisionAndAnswers) {
  Puppet w = pre_committing({{"ack_rule", "none"}});
  w.deliver("COMMIT", 0, 1);
  EXPECT_EQ(w.recover(1), "nothing") << "participants tell nobody";
  w.recover(0);
  for (const int p : {0, 1}) EXPECT_EQ(w.outcome(p), Outcome::commit);
  w.recover(2);
  EXPECT_EQ(w.deliver("INQUIRY", 2, 1), "send COMMIT to 2");
  EXPECT_EQ(w.deliver("INQUIRY", 2, 0), "send COMMIT to 2");
}

// Recovery of C: "nothing | abort".
TEST(ThreePhaseRecovery, WhoHasNotVotedAbortsWhenItIsAskedAndSaysSo) {
  for (const std::string_view protocol : {"3pc", "3pc-majority", "3pc-decentralised"}) {
    for (const bool asked : {false, true}) {
      Puppet w(protocol, 2);
      w.start();
      if (asked) w.deliver("PREPARE", 0, 1);
      w.cut({0}, {1, 2});
      w.recover(0);
      EXPECT_EQ(w.deliver("INQUIRY", 0, 1), "force aborted; decide abort; send ABORT to 0")
          << protocol;
      w.deliver("ABORT", 1, 0);
      EXPECT_EQ(w.outcome(0), Outcome::abort) << protocol;
    }
  }
}

}  // namespace
}  // namespace indoubt
