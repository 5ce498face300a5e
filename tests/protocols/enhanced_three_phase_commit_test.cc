// Goal: e3pc's elections and its termination table row by row.
// Keidar & Dolev (1995, 1998): "new leader takes 1 + the largest Last_Elected seen, all members
// record it. Any A: abort; any C: commit. If the component is a quorum and all members holding the
// largest Last_Attempt are PC: try to commit; a quorum otherwise: try to abort; each member that
// moves to PC/PA sets Last_Attempt to this election's number. No quorum: block."
#include <gtest/gtest.h>

#include "tests/support/puppet.h"

namespace indoubt {
namespace {

/// All have voted YES; PRE-COMMIT has left, and reached these.
Puppet pre_committing(int participants, const std::vector<int>& reached) {
  Puppet w("e3pc", participants);
  w.start();
  for (int p = 1; p <= participants; ++p) w.deliver("PREPARE", 0, p);
  for (int p = 1; p <= participants; ++p) w.prepared(p, true);
  for (int p = 1; p <= participants; ++p) w.deliver("YES", p, 0);
  for (const int p : reached) w.deliver("PRE-COMMIT", 0, p);
  return w;
}

void stand(Puppet& w, int p) {
  while (w.armed(p) != "states") {
    const std::string timer = w.armed(p);
    w.timeout(p, timer);
  }
}

/// p leads and hears of these; gives what it does when it waits no longer.
std::string lead(Puppet& w, int p, const std::vector<int>& others) {
  stand(w, p);
  std::string last;
  for (const int q : others) {
    w.deliver("STATE-REQ", p, q);
    last = w.deliver("STATE", q, p);
  }
  return w.armed(p) == "states" ? w.timeout(p, "states") : last;
}

TEST(Enhanced, ACommitIsAsIn3pcQuorum) {
  Puppet w = pre_committing(2, {1, 2});
  EXPECT_EQ(w.deliver("PRE-COMMIT-ACK", 2, 0),
            "cancel acks; force committed; decide commit; send COMMIT to 1 2");
}

TEST(EnhancedElections, ALeaderAndItsMembersRecordTheElection) {
  Puppet w = pre_committing(4, {});
  EXPECT_EQ(w.timeout(2, "decision"), "set decision") << "P1 may lead";
  EXPECT_EQ(w.timeout(2, "decision"), "force prepared; send STATE-REQ to 0 1 3 4; set states");
  EXPECT_EQ(w.deliver("STATE-REQ", 2, 3),
            "cancel decision; force prepared; send STATE to 2; set decision");
  EXPECT_EQ(w.again("STATE-REQ", 2, 3), "send REFUSED to 2") << "it has joined that one";
}

TEST(EnhancedElections, TheElectionSurvivesACrash) {
  Puppet w = pre_committing(4, {});
  lead(w, 2, {3, 4});  // election 2
  w.recover(3);
  EXPECT_EQ(w.deliver("PRE-COMMIT", 0, 3), "nothing") << "of election 1";
  stand(w, 1);
  EXPECT_EQ(w.deliver("STATE-REQ", 1, 3), "send REFUSED to 1") << "P1's election is 2 as well";
}

TEST(EnhancedElections, ARefusedLeaderTakesALaterOneAtOnceButOnlyOnce) {
  Puppet w = pre_committing(2, {});
  stand(w, 1);
  w.timeout(1, "states");
  w.timeout(1, "decision");   // election 3
  w.drop("STATE-REQ", 1, 0);  // of election 2
  w.deliver("STATE-REQ", 1, 0);
  stand(w, 2);  // election 2
  w.deliver("STATE-REQ", 2, 0);
  w.deliver("STATE-REQ", 2, 1);
  w.deliver("REFUSED", 0, 2);
  EXPECT_EQ(w.deliver("REFUSED", 1, 2),
            "cancel states; force prepared; send STATE-REQ to 0 1; set states");
  EXPECT_EQ(w.deliver("STATE-REQ", 2, 0),
            "cancel commit; force pre-committed; send STATE to 2; set commit")
      << "election 4";
}

// ---- the table
// -----------------------------------------------------------------------------------

TEST(EnhancedTermination, AnyAbortedAborts) {
  Puppet w("e3pc", 3);
  w.start();
  for (const int p : {1, 2, 3}) w.deliver("PREPARE", 0, p);
  for (const int p : {1, 2, 3}) w.prepared(p, p != 2);
  EXPECT_EQ(lead(w, 1, {2}), "cancel states; force aborted; decide abort; send ABORT to 0 2 3");
}

TEST(EnhancedTermination, AnyCommittedCommits) {
  Puppet w = pre_committing(3, {1, 2});
  for (const int p : {1, 2}) w.deliver("PRE-COMMIT-ACK", p, 0);
  w.deliver("COMMIT", 0, 3);
  EXPECT_EQ(lead(w, 1, {3}), "cancel states; force committed; decide commit; send COMMIT to 0 2 3");
}

TEST(EnhancedTermination, AQuorumWhoseLatestAttemptIsPreCommitTriesToCommit) {
  Puppet w = pre_committing(3, {1});
  EXPECT_EQ(lead(w, 2, {1, 3}), "force pre-committed; send PRE-COMMIT to 1 3; set acks")
      << "also to those that are, for the new election";
  EXPECT_EQ(w.deliver("PRE-COMMIT", 2, 1),
            "cancel commit; force pre-committed; send PRE-COMMIT-ACK to 2; set commit");
  w.deliver("PRE-COMMIT", 2, 3);
  EXPECT_EQ(w.deliver("PRE-COMMIT-ACK", 1, 2), "nothing") << "2 of 4";
  EXPECT_EQ(w.deliver("PRE-COMMIT-ACK", 3, 2),
            "cancel acks; force committed; decide commit; send COMMIT to 0 1 3");
}

TEST(EnhancedTermination, AQuorumWithoutAnAttemptTriesToAbort) {
  Puppet w = pre_committing(3, {});
  EXPECT_EQ(lead(w, 1, {2, 3}), "force pre-aborted; send PRE-ABORT to 2 3; set acks");
  w.deliver("PRE-ABORT", 1, 2);
  w.deliver("PRE-ABORT", 1, 3);
  EXPECT_EQ(w.deliver("PRE-ABORT-ACK", 2, 1), "nothing");
  EXPECT_EQ(w.deliver("PRE-ABORT-ACK", 3, 1),
            "cancel acks; force aborted; decide abort; send ABORT to 0 2 3");
}

TEST(EnhancedTermination, ALaterPreAbortOutweighsPreCommit) {
  Puppet w = pre_committing(4, {1});
  lead(w, 2, {3, 4});  // V = 5: a quorum without an attempt; election 2
  w.deliver("PRE-ABORT", 2, 3);
  EXPECT_EQ(lead(w, 4, {1, 3}), "force pre-aborted; send PRE-ABORT to 1 3; set acks")
      << "P3's attempt is the latest";
  EXPECT_EQ(w.deliver("PRE-ABORT", 4, 1),
            "cancel commit; force pre-aborted; send PRE-ABORT-ACK to 4; set commit")
      << "with elections a pre-committed site may change sides";
}

TEST(EnhancedTermination, ALaterPreCommitOutweighsPreAbort) {
  Puppet w = pre_committing(4, {4});
  lead(w, 1, {2, 3});             // without an attempt; P1 is pre-aborted in election 2
  lead(w, 2, {3, 4});             // P4's attempt is the only one
  w.deliver("PRE-COMMIT", 2, 3);  // of election 3
  EXPECT_EQ(w.state(1), "pre-aborted");
  EXPECT_EQ(lead(w, 3, {1, 4}), "force pre-committed; send PRE-COMMIT to 1 4; set acks")
      << "P3's attempt is the latest";
  EXPECT_EQ(w.deliver("PRE-COMMIT", 3, 1),
            "cancel commit; force pre-committed; send PRE-COMMIT-ACK to 3; set commit");
}

TEST(EnhancedTermination, NoQuorumBlocksAndTriesAgain) {
  Puppet w = pre_committing(4, {1, 2});
  EXPECT_EQ(lead(w, 2, {1}), "set commit") << "2 of 5";
  EXPECT_EQ(w.timeout(2, "commit").find("force pre-committed; send STATE-REQ to 0 1 3 4"), 0u);
}

// Quorum 3PC blocks here: the pre-committed and the pre-aborted are each too few.
TEST(EnhancedTermination, AConnectedQuorumNeverBlocks) {
  for (const char* protocol : {"3pc-quorum", "e3pc"}) {
    Puppet w(protocol, 4);
    w.start();
    for (int p = 1; p <= 4; ++p) w.deliver("PREPARE", 0, p);
    for (int p = 1; p <= 4; ++p) w.prepared(p, true);
    for (int p = 1; p <= 4; ++p) w.deliver("YES", p, 0);
    w.deliver("PRE-COMMIT", 0, 1);
    lead(w, 2, {3, 4});  // P2 is pre-aborted, and is cut off at once
    lead(w, 1, {});      // alone
    for (const int p : {0, 2}) w.drop("STATE-REQ", 1, p);
    const std::string then = lead(w, 1, {0, 2});
    const bool enhanced = std::string_view(protocol) == "e3pc";
    EXPECT_EQ(then, enhanced ? "force pre-aborted; send PRE-ABORT to 0 2; set acks" : "set commit")
        << protocol << ": PC of weight 2, PA of weight 1, 3 needed";
  }
}

// "Stale acks do not count": an answer of an election that is over says nothing about this one.
TEST(EnhancedTermination, StaleAcksDoNotCount) {
  Puppet w = pre_committing(4, {});
  lead(w, 2, {3, 4});
  for (const int p : {3, 4}) w.deliver("PRE-ABORT", 2, p);
  w.timeout(2, "acks");
  for (const int p : {3, 4}) {
    w.drop("STATE-REQ", 2, 0);
    w.deliver("STATE-REQ", 2, p);
    w.deliver("STATE", p, 2);
  }
  w.timeout(2, "states");  // tries to abort again, in election 3
  EXPECT_EQ(w.deliver("PRE-ABORT-ACK", 3, 2), "nothing");
  EXPECT_EQ(w.deliver("PRE-ABORT-ACK", 4, 2), "nothing");
  EXPECT_EQ(w.outcome(2), Outcome::none);
}

TEST(EnhancedTermination, AReportOfAnEarlierElectionDoesNotCount) {
  Puppet w = pre_committing(2, {});
  stand(w, 1);
  w.deliver("STATE-REQ", 1, 2);
  w.timeout(1, "states");
  w.timeout(1, "decision");
  EXPECT_EQ(w.deliver("STATE", 2, 1), "nothing");
}

}  // namespace
}  // namespace indoubt
