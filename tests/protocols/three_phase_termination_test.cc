// Goal: the termination protocol by collected states, row by row.
// BHG (1987), ch. 7.5, rules applied in this order by an elected back-up over the processes it can
// reach: "any aborted: abort" (TR1); "any committed: commit" (TR2); "any not voted, or all
// uncertain: abort" (TR3); "some committable, rest uncertain: PRE-COMMIT to the uncertain ones,
// wait for their acks or time-outs, then commit" (TR4).
#include <gtest/gtest.h>

#include "tests/support/puppet.h"

namespace indoubt {
namespace {

enum State { not_asked, preparing, uncertain, pre_committed, committed, aborted };

/// A world in which the coordinator has fallen silent and participant k + 1 has reached
/// `reached[k]`. Not asked, preparing or aborted ones exclude committable ones, as in a run without
/// faults.
Puppet silent_coordinator(const std::vector<State>& reached,
                          std::vector<NamedOption> options = {}) {
  const int n = static_cast<int>(reached.size());
  const auto is = [&](int p, State s) { return reached[static_cast<std::size_t>(p - 1)] == s; };
  options.push_back(
      {"ack_rule", "none"});  // so that COMMIT can reach some before PRE-COMMIT others
  Puppet w("3pc", n, options);
  w.start();
  for (int p = 1; p <= n; ++p) {
    if (is(p, not_asked)) continue;
    w.deliver("PREPARE", 0, p);
    if (!is(p, preparing)) w.prepared(p, !is(p, aborted));
  }
  for (int p = 1; p <= n; ++p) w.deliver("YES", p, 0);
  for (int p = 1; p <= n; ++p) {
    if (is(p, pre_committed)) w.deliver("PRE-COMMIT", 0, p);
    if (is(p, committed)) w.deliver("COMMIT", 0, p);
  }
  return w;
}

/// P1 times out, takes the coordinator for failed and asks the others for their states.
std::string elect_first(Puppet& w) {
  return w.timeout(1, w.state(1) == "uncertain" ? "decision" : "commit");
}

/// The states of 2..n arrive at P1, in this order; gives what the last one makes it do.
std::string collect(Puppet& w) {
  std::string last;
  for (int p = 2; p < w.processes(); ++p) w.deliver("STATE-REQ", 1, p);
  for (int p = 2; p < w.processes(); ++p) last = w.deliver("STATE", p, 1);
  return last;
}

TEST(ThreePhaseTermination, TheLowestNumberedParticipantAsksAllAboveIt) {
  Puppet w = silent_coordinator({uncertain, uncertain, uncertain});
  EXPECT_EQ(elect_first(w), "log prepared; send STATE-REQ to 2 3; set states") << "its up-set";
}

TEST(ThreePhaseTermination, Tr1AnyAbortedAborts) {
  Puppet w = silent_coordinator({uncertain, aborted, uncertain});
  elect_first(w);
  w.deliver("STATE-REQ", 1, 2);
  EXPECT_EQ(w.deliver("STATE", 2, 1),
            "cancel states; force aborted; decide abort; send ABORT to 2 3")
      << "one aborted one settles it, whatever the others say";
}

TEST(ThreePhaseTermination, Tr2AnyCommittedCommits) {
  Puppet w = silent_coordinator({pre_committed, committed, pre_committed});
  elect_first(w);
  w.deliver("STATE-REQ", 1, 2);
  EXPECT_EQ(w.deliver("STATE", 2, 1),
            "cancel states; force committed; decide commit; send COMMIT to 2 3");
}

TEST(ThreePhaseTermination, Tr2AlsoForAnUncertainBackup) {
  Puppet w = silent_coordinator({uncertain, committed});
  elect_first(w);
  EXPECT_EQ(collect(w), "cancel states; force committed; decide commit; send COMMIT to 2");
}

TEST(ThreePhaseTermination, Tr3AnyNotAskedAborts) {
  Puppet w = silent_coordinator({uncertain, not_asked, uncertain});
  elect_first(w);
  EXPECT_EQ(collect(w), "cancel states; force aborted; decide abort; send ABORT to 2 3");
  EXPECT_EQ(w.deliver("ABORT", 1, 2), "force aborted; decide abort");
  EXPECT_EQ(w.deliver("PREPARE", 0, 2), "send NO to 0");
}

TEST(ThreePhaseTermination, Tr3AnyStillPreparingAborts) {
  Puppet w = silent_coordinator({uncertain, preparing});
  elect_first(w);
  EXPECT_EQ(collect(w), "cancel states; force aborted; decide abort; send ABORT to 2");
  w.deliver("ABORT", 1, 2);
  EXPECT_EQ(w.prepared(2, true), "nothing");
}

TEST(ThreePhaseTermination, Tr3ComesBeforeTr4) {
  // Under another decision rule PRE-COMMIT may be sent while somebody has not voted.
  Puppet w("3pc", 3, {{"decision_rule", "majority"}});
  w.start();
  w.drop("PREPARE", 0, 3);
  for (const int p : {1, 2}) {
    w.deliver("PREPARE", 0, p);
    w.prepared(p, true);
    w.deliver("YES", p, 0);
  }
  w.timeout(0, "votes");
  w.deliver("PRE-COMMIT", 0, 1);
  elect_first(w);
  EXPECT_EQ(collect(w), "cancel states; force aborted; decide abort; send ABORT to 2 3");
}

TEST(ThreePhaseTermination, Tr3AllUncertainAbort) {  // S10: "all uncertain: abort, no blocking"
  Puppet w = silent_coordinator({uncertain, uncertain, uncertain});
  elect_first(w);
  EXPECT_EQ(collect(w), "cancel states; force aborted; decide abort; send ABORT to 2 3");
  EXPECT_EQ(w.deliver("ABORT", 1, 2), "cancel decision; force aborted; decide abort");
}

TEST(ThreePhaseTermination, Tr4ACommittableBackupPreCommitsTheUncertainOnesOnly) {  // S11
  Puppet w = silent_coordinator({pre_committed, pre_committed, uncertain});
  elect_first(w);
  EXPECT_EQ(collect(w), "cancel states; send PRE-COMMIT to 3; set acks");
  EXPECT_EQ(w.deliver("PRE-COMMIT", 1, 3), "cancel decision; send PRE-COMMIT-ACK to 1; set commit");
  EXPECT_EQ(w.deliver("PRE-COMMIT-ACK", 3, 1),
            "cancel acks; force committed; decide commit; send COMMIT to 2 3");
  EXPECT_EQ(w.deliver("COMMIT", 1, 2), "cancel commit; force committed; decide commit");
}

TEST(ThreePhaseTermination, Tr4AnUncertainBackupFollowsACommittableOne) {
  Puppet w = silent_coordinator({uncertain, pre_committed, uncertain});
  elect_first(w);
  EXPECT_EQ(collect(w), "cancel states; send PRE-COMMIT to 3; set acks");
  EXPECT_EQ(w.state(1), "pre-committed");
}

TEST(ThreePhaseTermination, Tr4AnUncertainBackupForcesPreCommitIfParticipantsDo) {
  Puppet w = silent_coordinator({uncertain, pre_committed, uncertain},
                                {{"pre_commit_record", "participants"}});
  elect_first(w);
  EXPECT_EQ(collect(w), "cancel states; force pre-committed; send PRE-COMMIT to 3; set acks");
}

TEST(ThreePhaseTermination, Tr4AMissingAckIsAFailedParticipantAndTheRestCommits) {
  Puppet w = silent_coordinator({pre_committed, uncertain, uncertain});
  elect_first(w);
  collect(w);
  w.deliver("PRE-COMMIT", 1, 2);
  EXPECT_EQ(w.deliver("PRE-COMMIT-ACK", 2, 1), "nothing");
  EXPECT_EQ(w.timeout(1, "acks"), "force committed; decide commit; send COMMIT to 2 3");
}

TEST(ThreePhaseTermination, Tr4ABackupCommitsWhateverTheCoordinatorDoesAboutMissingAcks) {
  Puppet w = silent_coordinator({pre_committed, uncertain}, {{"ack_missing", "abort"}});
  elect_first(w);
  collect(w);
  EXPECT_EQ(w.timeout(1, "acks"), "force committed; decide commit; send COMMIT to 2");
}

TEST(ThreePhaseTermination, Tr4AllCommittableCommitAtOnce) {  // S12
  Puppet w = silent_coordinator({pre_committed, pre_committed});
  elect_first(w);
  EXPECT_EQ(collect(w), "cancel states; force committed; decide commit; send COMMIT to 2");
}

TEST(ThreePhaseTermination, ASilentParticipantIsLeftOutOfTheRound) {
  Puppet w = silent_coordinator({uncertain, uncertain, pre_committed});
  elect_first(w);
  w.deliver("STATE-REQ", 1, 2);
  EXPECT_EQ(w.deliver("STATE", 2, 1), "nothing");
  EXPECT_EQ(w.timeout(1, "states"), "force aborted; decide abort; send ABORT to 2 3")
      << "P3, pre-committed, was not heard in time: consistent only if it has crashed";
}

TEST(ThreePhaseTermination, TheLastSurvivorDecidesByItsOwnState) {
  Puppet w = silent_coordinator({uncertain});
  EXPECT_EQ(elect_first(w), "log prepared; force aborted; decide abort");
  Puppet committable = silent_coordinator({pre_committed});
  EXPECT_EQ(elect_first(committable), "log pre-committed; force committed; decide commit");
}

TEST(ThreePhaseTermination, AStateReportOutsideTheRoundChangesNothing) {
  Puppet w = silent_coordinator({uncertain, uncertain, uncertain});
  elect_first(w);
  w.deliver("STATE-REQ", 1, 2);
  w.deliver("STATE", 2, 1);
  EXPECT_EQ(w.again("STATE", 2, 1), "nothing") << "a duplicate";
  w.timeout(1, "states");
  w.deliver("STATE-REQ", 1, 3);
  EXPECT_EQ(w.deliver("STATE", 3, 1), "nothing") << "too late";
}

// ---- who leads ---------------------------------------------------------------------------------

TEST(ThreePhaseElection, AParticipantWaitsForEachLeaderBeforeItInTurn) {
  Puppet w = silent_coordinator({uncertain, uncertain, uncertain, uncertain});
  EXPECT_EQ(w.timeout(3, "decision"), "log prepared; set decision") << "P1 may lead";
  EXPECT_EQ(w.timeout(3, "decision"), "log prepared; set decision") << "P2 may lead";
  EXPECT_EQ(w.timeout(3, "decision"), "log prepared; send STATE-REQ to 4; set states");
}

TEST(ThreePhaseElection, AQuestionOfTheLeaderStartsTheWaitAnew) {
  Puppet w = silent_coordinator({uncertain, uncertain, pre_committed});
  elect_first(w);
  EXPECT_EQ(w.deliver("STATE-REQ", 1, 2), "send STATE to 1; cancel decision; set decision");
  EXPECT_EQ(w.deliver("STATE-REQ", 1, 3), "send STATE to 1; cancel commit; set commit");
  EXPECT_EQ(w.timeout(2, "decision"), "log prepared; send STATE-REQ to 0 3; set states")
      << "P1 is silent too; for the coordinator P2 has not waited itself";
}

TEST(ThreePhaseElection, ABackupLeavesOutThoseOnlyThatItHasWaitedForItself) {
  Puppet w = silent_coordinator({pre_committed, uncertain, uncertain, uncertain});
  for (int k = 0; k < 2; ++k) w.timeout(2, "decision");  // P2 takes C and P1 for failed
  w.deliver("STATE-REQ", 2, 3);
  w.deliver("STATE-REQ", 2, 4);
  EXPECT_EQ(w.timeout(3, "decision"), "log prepared; send STATE-REQ to 0 1 4; set states")
      << "P2 is silent";
  w.deliver("STATE-REQ", 3, 1);
  w.deliver("STATE-REQ", 3, 4);
  w.deliver("STATE", 1, 3);
  w.deliver("STATE", 4, 3);
  EXPECT_EQ(w.timeout(3, "states"), "send PRE-COMMIT to 4; set acks") << "P1 is pre-committed";
  EXPECT_EQ(w.timeout(3, "acks"), "force committed; decide commit; send COMMIT to 0 1 4");
  EXPECT_EQ(w.deliver("COMMIT", 3, 1), "cancel commit; force committed; decide commit");
}

TEST(ThreePhaseElection, ASilentLeaderIsAskedAndToldIfTheOptionSaysSo) {
  Puppet w =
      silent_coordinator({pre_committed, uncertain, uncertain}, {{"ask_silent_leader", "yes"}});
  w.timeout(2, "decision");
  EXPECT_EQ(w.timeout(2, "decision"), "send STATE-REQ to 0 1 3; set states");
  EXPECT_EQ(w.deliver("STATE-REQ", 2, 1), "send STATE to 2; cancel commit; set commit");
  w.deliver("STATE-REQ", 2, 3);
  w.deliver("STATE", 1, 2);
  w.deliver("STATE", 3, 2);
  EXPECT_EQ(w.timeout(2, "states"), "send PRE-COMMIT to 3; set acks");
  w.deliver("PRE-COMMIT", 2, 3);
  EXPECT_EQ(w.deliver("PRE-COMMIT-ACK", 3, 2),
            "cancel acks; force committed; decide commit; send COMMIT to 0 1 3");
}

TEST(ThreePhaseElection, ACoordinatorStillVotingAbortsWhenABackupAsksIt) {
  Puppet w("3pc", 2, {{"ask_silent_leader", "yes"}});
  w.start();
  w.deliver("PREPARE", 0, 1);
  w.prepared(1, true);
  EXPECT_EQ(w.timeout(1, "decision"), "send STATE-REQ to 0 2; set states");
  EXPECT_EQ(w.deliver("STATE-REQ", 1, 0),
            "cancel votes; force aborted; decide abort; send ABORT to 1 2; send STATE to 1")
      << "nobody can be pre-committed";
  EXPECT_EQ(w.deliver("YES", 1, 0), "nothing");
}

/// PRE-COMMIT has left, and reached these.
Puppet pre_committing(int participants, const std::vector<int>& reached) {
  Puppet w("3pc", participants, {{"ask_silent_leader", "yes"}});
  w.start();
  for (int p = 1; p <= participants; ++p) w.deliver("PREPARE", 0, p);
  for (int p = 1; p <= participants; ++p) w.prepared(p, true);
  for (int p = 1; p <= participants; ++p) w.deliver("YES", p, 0);
  for (const int p : reached) w.deliver("PRE-COMMIT", 0, p);
  return w;
}

/// The coordinator waits for acknowledgements when P1 asks it.
Puppet coordinator_asked_by_first() {
  Puppet w = pre_committing(2, {});
  w.timeout(1, "decision");
  return w;
}

TEST(ThreePhaseElection, APreCommittedCoordinatorStepsDownWhenABackupAsksIt) {
  Puppet w = coordinator_asked_by_first();
  EXPECT_EQ(w.deliver("STATE-REQ", 1, 0), "send STATE to 1; cancel acks; set commit");
  w.deliver("PRE-COMMIT", 0, 2);
  EXPECT_EQ(w.deliver("PRE-COMMIT-ACK", 2, 0), "nothing") << "two must not lead at once";
  w.deliver("STATE-REQ", 1, 2);
  w.deliver("STATE", 0, 1);
  EXPECT_EQ(w.deliver("STATE", 2, 1),
            "cancel states; force committed; decide commit; send COMMIT to 0 2");
  EXPECT_EQ(w.deliver("COMMIT", 1, 0), "cancel commit; force committed; decide commit");
}

TEST(ThreePhaseElection, ACoordinatorThatOutlivesEveryBackupLeadsAgain) {
  Puppet w = coordinator_asked_by_first();
  w.deliver("STATE-REQ", 1, 0);
  EXPECT_EQ(w.timeout(0, "commit"), "set commit") << "P1 is silent, P2 may lead";
  EXPECT_EQ(w.timeout(0, "commit"), "send STATE-REQ to 1 2; set states");
  EXPECT_EQ(w.timeout(0, "states"), "force committed; decide commit; send COMMIT to 1 2");
}

TEST(ThreePhaseElection, AParticipantThatWasPassedOverLeadsWhenAllAboveItAreSilent) {
  Puppet w = silent_coordinator({uncertain, uncertain, uncertain}, {{"ask_silent_leader", "yes"}});
  for (int k = 0; k < 2; ++k) w.timeout(2, "decision");
  EXPECT_EQ(w.deliver("STATE-REQ", 2, 1), "send STATE to 2; cancel decision; set decision");
  EXPECT_EQ(w.timeout(1, "decision"), "set decision") << "P2 is silent, P3 may lead";
  EXPECT_EQ(w.timeout(1, "decision"), "send STATE-REQ to 0 2 3; set states");
}

TEST(ThreePhaseElection, AnAckOfAnEarlierRoundIsNoStateReport) {
  Puppet w = pre_committing(3, {1});
  elect_first(w);
  for (const int p : {0, 2, 3}) w.deliver("STATE-REQ", 1, p);
  for (const int p : {0, 2, 3}) w.deliver("STATE", p, 1);
  for (const int p : {2, 3}) w.deliver("PRE-COMMIT", 1, p);
  w.timeout(2, "commit");  // P2 takes P1 for failed, and asks it
  w.deliver("STATE-REQ", 2, 1);
  for (int k = 0; k < 2; ++k) w.timeout(1, "commit");
  ASSERT_EQ(w.armed(1), "states") << "P1 leads again";
  w.deliver("STATE-REQ", 1, 0);
  w.deliver("STATE", 0, 1);
  for (const int p : {2, 3}) EXPECT_EQ(w.deliver("PRE-COMMIT-ACK", p, 1), "nothing");
}

TEST(ThreePhaseElection, ABackupThatIsPreCommittedByAnotherLeadsNoMore) {
  Puppet w = pre_committing(3, {3});
  w.timeout(1, "decision");
  for (const int p : {0, 2, 3}) w.deliver("STATE-REQ", 1, p);
  w.timeout(2, "decision");
  for (const int p : {0, 1, 3}) w.deliver("STATE-REQ", 2, p);
  for (const int p : {0, 1, 3}) w.deliver("STATE", p, 2);
  for (int k = 0; k < 2; ++k) w.timeout(1, "decision");
  ASSERT_EQ(w.armed(1), "states") << "P1 leads again";
  EXPECT_EQ(w.deliver("PRE-COMMIT", 2, 1), "cancel states; send PRE-COMMIT-ACK to 2; set commit");
  for (const int p : {0, 2, 3}) EXPECT_EQ(w.deliver("STATE", p, 1), "nothing") << "its old round";
}

TEST(ThreePhaseElection, AProcessThatWasToldTheDecisionEndsNothingWhenItsAnswerIsAcknowledged) {
  Puppet w = silent_coordinator({uncertain, uncertain}, {{"acks", "yes"}});
  elect_first(w);  // P1 waits for the state of P2
  w.deliver("COMMIT", 0, 1);
  w.recover(2);
  w.deliver("INQUIRY", 2, 1);
  w.deliver("COMMIT", 1, 2);
  EXPECT_EQ(w.deliver("ACK", 2, 1), "nothing");
}

TEST(ThreePhaseElection, AnUnaskedParticipantStillAbortsAloneAfterABackupsQuestion) {
  Puppet w = silent_coordinator({uncertain, not_asked}, {{"unasked", "abort"}});
  elect_first(w);
  EXPECT_EQ(w.deliver("STATE-REQ", 1, 2), "send STATE to 1");
  EXPECT_EQ(w.timeout(2, "request"), "force aborted; decide abort")
      << "P1 may fail before it tells";
}

TEST(ThreePhaseElection, AnOldLeadersMessagesAreIgnored) {
  Puppet w = silent_coordinator({uncertain, uncertain, uncertain});
  elect_first(w);
  w.deliver("STATE-REQ", 1, 3);
  EXPECT_EQ(w.deliver("PRE-COMMIT", 0, 3), "nothing") << "the coordinator was given up";
  w.timeout(2, "decision");
  w.timeout(2, "decision");
  w.deliver("STATE-REQ", 2, 3);
  EXPECT_EQ(w.again("STATE-REQ", 1, 3), "nothing") << "P1 was given up";
}

TEST(ThreePhaseElection, ADecisionIsFollowedFromAnyLeader) {
  Puppet w = silent_coordinator({uncertain, uncertain});
  elect_first(w);
  w.deliver("STATE-REQ", 1, 2);
  EXPECT_EQ(w.deliver("COMMIT", 0, 2), "cancel decision; force committed; decide commit");
  EXPECT_EQ(w.deliver("COMMIT", 0, 1), "cancel states; force committed; decide commit")
      << "also by a back-up that is collecting";
}

TEST(ThreePhaseElection, ADecidedProcessAnswersEveryLeader) {
  Puppet w = silent_coordinator({uncertain, uncertain, uncertain});
  w.timeout(3, "decision");
  w.timeout(3, "decision");  // P3 takes C and P1 for failed
  EXPECT_EQ(w.deliver("COMMIT", 0, 3), "cancel decision; force committed; decide commit");
  elect_first(w);
  EXPECT_EQ(w.deliver("STATE-REQ", 1, 3), "send STATE to 1") << "knowing can only help";
  EXPECT_EQ(w.deliver("STATE", 3, 1),
            "cancel states; force committed; decide commit; send COMMIT to 2 3");
}

}  // namespace
}  // namespace indoubt
