// Goal: in decentralised three-phase commit "each peer sends its vote to all others, with all YES
// then PRE-COMMIT to all others, and commits when it has all of these" (Skeen 1981).
#include <gtest/gtest.h>

#include "tests/support/puppet.h"

namespace indoubt {
namespace {

constexpr const char* kName = "3pc-decentralised";

/// All have been asked, and have voted YES; the votes are on their way.
Puppet voting(int participants, const std::vector<NamedOption>& options = {}) {
  Puppet w(kName, participants, options);
  w.start();
  for (int p = 1; p <= participants; ++p) w.deliver("PREPARE", 0, p);
  for (int p = 1; p <= participants; ++p) w.prepared(p, true);
  return w;
}

void everything_arrives(Puppet& w) {
  while (!w.quiet()) w.deliver_number(0);
}

TEST(Decentralised, PrepareIsTheCoordinatorsVote) {
  Puppet w(kName, 3);
  EXPECT_EQ(w.start(), "send PREPARE to 1 2 3; set decision");
  EXPECT_EQ(w.state(0), "uncertain");
}

TEST(Decentralised, AVoteGoesToAllOthers) {
  Puppet w(kName, 3);
  w.start();
  EXPECT_EQ(w.deliver("PREPARE", 0, 2), "prepare");
  EXPECT_EQ(w.prepared(2, true), "force prepared; vote YES; send YES to 0 1 3; set decision");
  w.deliver("PREPARE", 0, 3);
  EXPECT_EQ(w.prepared(3, false), "vote NO; log aborted; decide abort; send NO to 0 1 2");
  EXPECT_EQ(w.again("PREPARE", 0, 3), "nothing");
}

TEST(Decentralised, AllYesLeadsToPreCommitToAllOthers) {
  Puppet w = voting(2);
  EXPECT_EQ(w.deliver("YES", 2, 1), "cancel decision; send PRE-COMMIT to 0 2; set commit");
  EXPECT_EQ(w.deliver("YES", 1, 0), "nothing");
  EXPECT_EQ(w.deliver("YES", 2, 0), "cancel decision; send PRE-COMMIT to 1 2; set commit");
  EXPECT_EQ(w.state(0), "pre-committed");
}

TEST(Decentralised, EverybodyCommitsAloneAtTheLastPreCommit) {
  Puppet w = voting(2);
  w.deliver("YES", 2, 1);
  w.deliver("YES", 1, 2);
  w.deliver("YES", 1, 0);
  w.deliver("YES", 2, 0);
  EXPECT_EQ(w.deliver("PRE-COMMIT", 2, 1), "nothing") << "the coordinator's is missing";
  EXPECT_EQ(w.deliver("PRE-COMMIT", 0, 1), "cancel commit; force committed; decide commit");
  EXPECT_EQ(w.armed(1), "");
  EXPECT_EQ(w.again("PRE-COMMIT", 0, 1), "nothing");
}

TEST(Decentralised, ARepeatedVoteOrPreCommitDoesNotCountTwice) {
  Puppet w = voting(3);
  w.deliver("YES", 2, 1);
  EXPECT_EQ(w.again("YES", 2, 1), "nothing");
  w.deliver("YES", 3, 1);
  w.deliver("YES", 1, 2);
  w.deliver("YES", 3, 2);
  w.deliver("PRE-COMMIT", 2, 1);
  EXPECT_EQ(w.again("PRE-COMMIT", 2, 1), "nothing");
}

TEST(Decentralised, PreCommitSaysThatAllHaveVotedYes) {
  Puppet w = voting(2);
  w.deliver("YES", 2, 1);
  w.drop("YES", 1, 2);
  EXPECT_EQ(w.deliver("PRE-COMMIT", 1, 2), "cancel decision; send PRE-COMMIT to 0 1; set commit");
}

TEST(Decentralised, ANoEndsItWhereverItArrives) {
  Puppet w(kName, 3);
  w.start();
  for (const int p : {1, 2}) w.deliver("PREPARE", 0, p);
  w.prepared(2, false);
  EXPECT_EQ(w.deliver("NO", 2, 0), "cancel decision; force aborted; decide abort");
  EXPECT_EQ(w.deliver("NO", 2, 1), "force aborted; decide abort");
  EXPECT_EQ(w.prepared(1, true), "nothing") << "it votes no more";
  EXPECT_EQ(w.deliver("NO", 2, 3), "force aborted; decide abort");
  EXPECT_EQ(w.deliver("PREPARE", 0, 3), "nothing");
}

TEST(Decentralised, RecordsOfPreCommitFollowThePolicy) {
  const auto records = [](std::string_view policy) {
    Puppet w = voting(1, {{"pre_commit_record", policy}});
    const std::string coordinator = w.deliver("YES", 1, 0);
    return coordinator + " | " + w.deliver("PRE-COMMIT", 0, 1);
  };
  EXPECT_EQ(records("none"),
            "cancel decision; send PRE-COMMIT to 1; set commit | "
            "cancel commit; force committed; decide commit");
  Puppet w = voting(2, {{"pre_commit_record", "participants"}});
  EXPECT_EQ(w.deliver("YES", 2, 1),
            "cancel decision; force pre-committed; send PRE-COMMIT to 0 2; set commit");
  w.deliver("YES", 1, 0);
  EXPECT_EQ(w.deliver("YES", 2, 0), "cancel decision; send PRE-COMMIT to 1 2; set commit");
  Puppet all = voting(1, {{"pre_commit_record", "all"}});
  EXPECT_EQ(all.deliver("YES", 1, 0),
            "cancel decision; force pre-committed; send PRE-COMMIT to 1; set commit");
}

// ---- termination, by the rules of 3pc
// ------------------------------------------------------------

TEST(DecentralisedTermination, AFirstTimeoutWaitsForTheCoordinatorToLead) {
  Puppet w = voting(2);
  EXPECT_EQ(w.timeout(1, "decision"), "set decision");
  EXPECT_EQ(w.timeout(0, "decision"), "send STATE-REQ to 1 2; set states");
  EXPECT_EQ(w.deliver("STATE-REQ", 0, 1), "send STATE to 0; cancel decision; set decision");
  EXPECT_EQ(w.timeout(1, "decision"), "log prepared; send STATE-REQ to 2; set states")
      << "the coordinator is silent";
}

TEST(DecentralisedTermination, AllUncertainAbort) {
  Puppet w = voting(2);
  w.timeout(0, "decision");
  for (const int p : {1, 2}) w.deliver("STATE-REQ", 0, p);
  w.deliver("STATE", 1, 0);
  EXPECT_EQ(w.deliver("STATE", 2, 0),
            "cancel states; force aborted; decide abort; send ABORT to 1 2");
  EXPECT_EQ(w.deliver("ABORT", 0, 1), "cancel decision; force aborted; decide abort");
}

TEST(DecentralisedTermination, OneThatHasNotVotedMeansAbort) {
  Puppet w(kName, 2);
  w.start();
  w.deliver("PREPARE", 0, 1);
  w.prepared(1, true);
  w.timeout(0, "decision");
  for (const int p : {1, 2}) w.deliver("STATE-REQ", 0, p);
  w.deliver("STATE", 1, 0);
  EXPECT_EQ(w.deliver("STATE", 2, 0),
            "cancel states; force aborted; decide abort; send ABORT to 1 2");
}

TEST(DecentralisedTermination, TheUncertainAreMovedAndTheirPreCommitsAreTheAnswer) {
  Puppet w = voting(3);
  w.deliver("YES", 2, 1);
  w.deliver("YES", 3, 1);  // P1 is pre-committed
  w.timeout(0, "decision");
  for (const int p : {1, 2, 3}) w.deliver("STATE-REQ", 0, p);
  for (const int p : {1, 2}) w.deliver("STATE", p, 0);
  EXPECT_EQ(w.deliver("STATE", 3, 0), "cancel states; send PRE-COMMIT to 2 3; set acks");
  EXPECT_EQ(w.deliver("PRE-COMMIT", 0, 2), "cancel decision; send PRE-COMMIT to 0 1 3; set commit");
  EXPECT_EQ(w.deliver("PRE-COMMIT", 2, 0), "nothing");
  w.deliver("PRE-COMMIT", 0, 3);
  EXPECT_EQ(w.deliver("PRE-COMMIT", 3, 0),
            "cancel acks; force committed; decide commit; send COMMIT to 1 2 3");
}

TEST(DecentralisedTermination, WhoHasToldItsStateObeysTheBackupOnly) {
  Puppet w = voting(2);
  w.timeout(0, "decision");
  w.deliver("STATE-REQ", 0, 2);
  w.deliver("YES", 2, 1);  // P1 is pre-committed late
  EXPECT_EQ(w.deliver("PRE-COMMIT", 1, 2), "nothing") << "it is uncertain for the coordinator";
  EXPECT_EQ(w.deliver("YES", 1, 2), "nothing");
}

TEST(DecentralisedTermination, TheBackupMayGoByItsOwnState) {
  Puppet w = voting(2, {{"termination", "backup-state"}});
  w.deliver("YES", 2, 1);
  EXPECT_EQ(w.timeout(0, "decision"), "send MOVE to 1 2; set states");
  EXPECT_EQ(w.deliver("MOVE", 0, 1),
            "cancel commit; force prepared; send MOVED to 0; set decision");
  w.deliver("MOVE", 0, 2);
  w.deliver("MOVED", 1, 0);
  EXPECT_EQ(w.deliver("MOVED", 2, 0),
            "cancel states; force aborted; decide abort; send ABORT to 1 2");
}

TEST(DecentralisedTermination, AReportedCrashBeginsIt) {
  Puppet w = voting(3);
  EXPECT_EQ(w.detect(1, 3), "log prepared; cancel decision; set decision")
      << "the coordinator leads";
  EXPECT_EQ(w.detect(0, 3), "log prepared; cancel decision; send STATE-REQ to 1 2; set states");
  EXPECT_EQ(w.detect(1, 0), "log prepared; cancel decision; send STATE-REQ to 2; set states");
}

// ---- recovery ----------------------------------------------------------------------------------

TEST(DecentralisedRecovery, WithoutYesOnDiskAParticipantAbortsAlone) {
  Puppet w(kName, 2);
  w.start();
  w.deliver("PREPARE", 0, 1);
  EXPECT_EQ(w.recover(1), "force aborted; decide abort");
}

TEST(DecentralisedRecovery, WhoHasVotedAsksEverybody) {
  Puppet w = voting(2);
  EXPECT_EQ(w.recover(1), "send INQUIRY to 0 2; set decision");
  EXPECT_EQ(w.deliver("YES", 2, 1), "nothing") << "its votes are gone, it takes no part";
  EXPECT_EQ(w.recover(0), "send INQUIRY to 1 2; set decision") << "PREPARE was its vote";
}

TEST(DecentralisedRecovery, ADecidedProcessTellsNobodyUntilItIsAsked) {
  Puppet w = voting(2);
  everything_arrives(w);
  EXPECT_EQ(w.recover(0), "nothing");
  EXPECT_EQ(w.recover(1), "nothing");
  for (const int p : {0, 1, 2}) EXPECT_EQ(w.outcome(p), Outcome::commit);
}

TEST(DecentralisedRecovery, ARecoveringProcessFollowsTheAnswer) {
  Puppet w = voting(2);
  w.deliver("YES", 2, 1);
  w.deliver("YES", 1, 2);
  w.deliver("YES", 1, 0);
  w.deliver("YES", 2, 0);
  for (const int from : {0, 2}) w.deliver("PRE-COMMIT", from, 1);
  w.recover(2);
  EXPECT_EQ(w.deliver("INQUIRY", 2, 1), "send COMMIT to 2");
  EXPECT_EQ(w.deliver("COMMIT", 1, 2), "cancel decision; force committed; decide commit");
}

// ---- mistakes ----------------------------------------------------------------------------------

TEST(DecentralisedMistakes, AMajorityOfVotesSplits) {
  for (const char* mistake : {"none", "decide_on_majority"}) {
    Puppet w(kName, 3, {{"mistake", mistake}});
    w.start();
    for (const int p : {1, 2, 3}) w.deliver("PREPARE", 0, p);
    for (const int p : {1, 2, 3}) w.prepared(p, p != 1);
    everything_arrives(w);
    EXPECT_EQ(w.outcome(1), Outcome::abort);
    const bool correct = std::string_view(mistake) == "none";
    EXPECT_EQ(w.outcome(2), correct ? Outcome::abort : Outcome::commit);
  }
}

TEST(DecentralisedMistakes, DecidingAloneOnATimeoutSplits) {
  for (const char* mistake : {"none", "timeout_only"}) {
    Puppet w = voting(2, {{"mistake", mistake}});
    w.deliver("YES", 2, 1);  // P1 is pre-committed, the others hear nothing
    while (!w.quiet()) w.deliver_number(0, 0);
    w.timeout(1, "commit");
    w.timeout(2, "decision");
    const bool correct = std::string_view(mistake) == "none";
    EXPECT_EQ(w.outcome(1), correct ? Outcome::none : Outcome::commit);
    EXPECT_EQ(w.outcome(2), correct ? Outcome::none : Outcome::abort);
  }
}

}  // namespace
}  // namespace indoubt
