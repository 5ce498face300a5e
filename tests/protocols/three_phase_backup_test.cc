// Goal: termination by the back-up's own state, and what follows a failure detector's report.
// Skeen (1981): "q, w, a: abort; p, c: commit, after first moving everybody to the back-up's
// state".
#include <gtest/gtest.h>

#include "tests/support/puppet.h"

namespace indoubt {
namespace {

/// All have voted YES, PRE-COMMIT has reached these, and the coordinator is silent from here on.
Puppet silent_coordinator(int participants, const std::vector<int>& reached,
                          std::vector<NamedOption> options = {}) {
  Puppet w("3pc", participants, options);
  w.start();
  for (int p = 1; p <= participants; ++p) w.deliver("PREPARE", 0, p);
  for (int p = 1; p <= participants; ++p) w.prepared(p, true);
  for (int p = 1; p <= participants; ++p) w.deliver("YES", p, 0);
  for (const int p : reached) w.deliver("PRE-COMMIT", 0, p);
  return w;
}

const std::vector<NamedOption> kOwnState = {{"termination", "backup-state"}};

TEST(BackupState, AnUncertainBackupMovesEverybodyBackAndAborts) {
  Puppet w = silent_coordinator(3, {2}, kOwnState);
  EXPECT_EQ(w.timeout(1, "decision"), "log prepared; send MOVE to 2 3; set states");
  EXPECT_EQ(w.deliver("MOVE", 1, 2), "cancel commit; force prepared; send MOVED to 1; set decision")
      << "PRE-COMMIT may be in its log";
  EXPECT_EQ(w.state(2), "uncertain");
  EXPECT_EQ(w.deliver("MOVE", 1, 3), "cancel decision; send MOVED to 1; set decision");
  EXPECT_EQ(w.deliver("MOVED", 2, 1), "nothing");
  EXPECT_EQ(w.deliver("MOVED", 3, 1),
            "cancel states; force aborted; decide abort; send ABORT to 2 3");
  EXPECT_EQ(w.deliver("ABORT", 1, 2), "cancel decision; force aborted; decide abort");
}

TEST(BackupState, APreCommittedBackupMovesEverybodyForthAndCommits) {
  Puppet w = silent_coordinator(3, {1}, kOwnState);
  EXPECT_EQ(w.timeout(1, "commit"), "log pre-committed; send MOVE to 2 3; set states");
  EXPECT_EQ(w.deliver("MOVE", 1, 2), "cancel decision; send MOVED to 1; set commit");
  EXPECT_EQ(w.state(2), "pre-committed");
  w.deliver("MOVE", 1, 3);
  w.deliver("MOVED", 3, 1);
  EXPECT_EQ(w.deliver("MOVED", 2, 1),
            "cancel states; force committed; decide commit; send COMMIT to 2 3");
}

TEST(BackupState, MovingForthIsForcedIfParticipantsForcePreCommit) {
  std::vector<NamedOption> options = kOwnState;
  options.push_back({"pre_commit_record", "participants"});
  Puppet w = silent_coordinator(2, {1}, options);
  w.timeout(1, "commit");
  EXPECT_EQ(w.deliver("MOVE", 1, 2),
            "cancel decision; force pre-committed; send MOVED to 1; set commit");
}

TEST(BackupState, DecidedOnesStayAndAnswer) {
  std::vector<NamedOption> options = kOwnState;
  options.push_back({"ack_rule", "none"});
  Puppet w = silent_coordinator(2, {1}, options);
  w.deliver("COMMIT", 0, 2);
  w.timeout(1, "commit");
  EXPECT_EQ(w.deliver("MOVE", 1, 2), "send MOVED to 1");
  EXPECT_EQ(w.deliver("MOVED", 2, 1),
            "cancel states; force committed; decide commit; send COMMIT to 2");
}

TEST(BackupState, OneThatWasNotAskedIsMovedAndVotesNoMore) {
  Puppet w("3pc", 2, kOwnState);
  w.start();
  w.deliver("PREPARE", 0, 1);
  w.prepared(1, true);
  w.timeout(1, "decision");
  EXPECT_EQ(w.deliver("MOVE", 1, 2), "send MOVED to 1; set decision");
  w.deliver("MOVED", 2, 1);
  EXPECT_EQ(w.outcome(1), Outcome::abort);
  EXPECT_EQ(w.deliver("ABORT", 1, 2), "cancel decision; force aborted; decide abort");
}

TEST(BackupState, ASilentOneIsLeftOut) {
  Puppet w = silent_coordinator(2, {1}, kOwnState);
  w.timeout(1, "commit");
  EXPECT_EQ(w.timeout(1, "states"), "force committed; decide commit; send COMMIT to 2");
}

TEST(BackupState, ARecoveringProcessIsNotMoved) {
  Puppet w = silent_coordinator(2, {1}, kOwnState);
  w.recover(2);
  w.timeout(1, "commit");
  EXPECT_EQ(w.deliver("MOVE", 1, 2), "nothing");
}

TEST(BackupState, ADuplicateMovedCountsOnce) {
  Puppet w = silent_coordinator(3, {1}, kOwnState);
  w.timeout(1, "commit");
  w.deliver("MOVE", 1, 2);
  w.deliver("MOVED", 2, 1);
  EXPECT_EQ(w.again("MOVED", 2, 1), "nothing");
}

TEST(BackupState, TheCoordinatorIsMovedTooIfSilentLeadersAreAsked) {
  std::vector<NamedOption> options = kOwnState;
  options.push_back({"ask_silent_leader", "yes"});
  Puppet w = silent_coordinator(2, {}, options);
  EXPECT_EQ(w.timeout(1, "decision"), "send MOVE to 0 2; set states");
  EXPECT_EQ(w.deliver("MOVE", 1, 0), "cancel acks; force prepared; send MOVED to 1; set decision");
  w.deliver("MOVE", 1, 2);
  w.deliver("MOVED", 0, 1);
  w.deliver("MOVED", 2, 1);
  EXPECT_EQ(w.deliver("ABORT", 1, 0), "cancel decision; force aborted; decide abort");
}

// The two rules differ where the back-up is uncertain and another is pre-committed.
TEST(BackupState, DiffersFromCollectedStatesWhereTheBackupIsBehind) {
  Puppet own = silent_coordinator(2, {2}, kOwnState);
  own.timeout(1, "decision");
  own.deliver("MOVE", 1, 2);
  own.deliver("MOVED", 2, 1);
  EXPECT_EQ(own.outcome(1), Outcome::abort);
  Puppet collected = silent_coordinator(2, {2});
  collected.timeout(1, "decision");
  collected.deliver("STATE-REQ", 1, 2);
  collected.deliver("STATE", 2, 1);
  EXPECT_EQ(collected.outcome(1), Outcome::commit);
}

// ---- a perfect failure detector
// ------------------------------------------------------------------

TEST(FailureDetector, TheNextInLineLeadsAtOnce) {
  Puppet w = silent_coordinator(3, {});
  EXPECT_EQ(w.detect(2, 0), "log prepared; cancel decision; set decision") << "P1 leads";
  EXPECT_EQ(w.detect(1, 0), "log prepared; cancel decision; send STATE-REQ to 2 3; set states");
  EXPECT_EQ(w.detect(1, 0), "nothing") << "known";
}

TEST(FailureDetector, ABackupSkipsThoseThatAreDown) {
  Puppet w = silent_coordinator(4, {});
  w.detect(3, 1);
  w.detect(3, 4);
  EXPECT_EQ(w.detect(3, 0), "log prepared; cancel decision; set decision") << "P2 leads";
  EXPECT_EQ(w.detect(3, 2), "log prepared; cancel decision; force aborted; decide abort")
      << "nobody is left to ask";
  Puppet asks = silent_coordinator(4, {});
  asks.detect(2, 1);
  EXPECT_EQ(asks.detect(2, 0), "log prepared; cancel decision; send STATE-REQ to 3 4; set states");
}

TEST(FailureDetector, TheCoordinatorWaitsForNoVoteOfASiteThatIsDown) {
  Puppet w("3pc", 2);
  w.start();
  EXPECT_EQ(w.detect(0, 2), "cancel votes; force aborted; decide abort; send ABORT to 1");
  Puppet majority("3pc", 3, {{"decision_rule", "majority"}});
  majority.start();
  majority.detect(0, 3);
  for (const int p : {1, 2}) majority.deliver("PREPARE", 0, p);
  for (const int p : {1, 2}) majority.prepared(p, true);
  majority.deliver("YES", 1, 0);
  EXPECT_EQ(majority.deliver("YES", 2, 0), "cancel votes; send PRE-COMMIT to 1 2; set acks")
      << "P3 is skipped";
}

TEST(FailureDetector, AskedOneByOneTheNextIsAskedAtOnce) {
  Puppet w("3pc", 3, {{"asking", "one-by-one"}, {"decision_rule", "majority"}});
  w.start();
  EXPECT_EQ(w.detect(0, 1), "send PREPARE to 2; set votes");
  EXPECT_EQ(w.detect(0, 3), "cancel votes; force aborted; decide abort; send ABORT to 2");
}

TEST(FailureDetector, AVoteThatCameBeforeTheCrashCounts) {
  Puppet w("3pc", 1);
  w.start();
  w.deliver("PREPARE", 0, 1);
  w.prepared(1, true);
  w.deliver("YES", 1, 0);
  EXPECT_EQ(w.detect(0, 1), "log pre-committed; cancel acks; force committed; decide commit");
}

TEST(FailureDetector, ALeaderWaitsForNoAckOfASiteThatIsDown) {
  const auto last = [](std::string_view ack_rule, std::string_view missing) {
    Puppet w = silent_coordinator(3, {1, 2}, {{"ack_rule", ack_rule}, {"ack_missing", missing}});
    w.deliver("PRE-COMMIT-ACK", 1, 0);
    const std::string detected = w.detect(0, 3);
    return detected + " | " + w.deliver("PRE-COMMIT-ACK", 2, 0);
  };
  const std::string commits = "cancel acks; force committed; decide commit; send COMMIT to 1 2";
  EXPECT_EQ(last("all", "commit"), "log pre-committed | " + commits);
  EXPECT_EQ(last("majority", "abort"), "log pre-committed | " + commits) << "two of three";
  EXPECT_EQ(
      last("all", "abort"),
      "log pre-committed; cancel acks; force aborted; decide abort; send ABORT to 1 2 | nothing");
}

TEST(FailureDetector, ABackupWaitsForNoStateAndNoAckOfASiteThatIsDown) {
  Puppet w = silent_coordinator(3, {1});
  w.timeout(1, "commit");
  w.deliver("STATE-REQ", 1, 2);
  w.deliver("STATE", 2, 1);
  EXPECT_EQ(w.detect(1, 3), "log pre-committed; cancel states; send PRE-COMMIT to 2; set acks");
  EXPECT_EQ(w.detect(1, 2), "log pre-committed; cancel acks; force committed; decide commit");
}

// "A decided back-up sends its decision at once".
TEST(FailureDetector, ADecidedBackupTellsWhenItsTurnComes) {
  Puppet w = silent_coordinator(3, {1, 2, 3}, {{"ack_rule", "none"}});
  w.deliver("COMMIT", 0, 2);
  EXPECT_EQ(w.detect(2, 0), "nothing") << "P1 leads";
  EXPECT_EQ(w.detect(2, 1), "send COMMIT to 3");
  EXPECT_EQ(w.deliver("COMMIT", 2, 3), "cancel commit; force committed; decide commit");
  EXPECT_EQ(w.detect(2, 3), "nothing") << "it has told already";
}

TEST(FailureDetector, ASiteThatIsDownIsNotAskedEvenIfSilentLeadersAre) {
  Puppet w = silent_coordinator(2, {}, {{"ask_silent_leader", "yes"}});
  EXPECT_EQ(w.detect(1, 0), "log prepared; cancel decision; send STATE-REQ to 2; set states");
}

TEST(FailureDetector, AParticipantThatVotesAfterItsLeaderHasCrashedDoesNotWaitForIt) {
  Puppet w("3pc", 2);
  w.start();
  for (const int p : {1, 2}) w.deliver("PREPARE", 0, p);
  EXPECT_EQ(w.detect(1, 0), "nothing");
  EXPECT_EQ(w.prepared(1, true),
            "force prepared; vote YES; send YES to 0; send STATE-REQ to 2; set states");
}

TEST(FailureDetector, ChangesNothingForARecoveringProcess) {
  Puppet w = silent_coordinator(2, {});
  w.recover(1);
  EXPECT_EQ(w.detect(1, 0), "nothing");
}

}  // namespace
}  // namespace indoubt
