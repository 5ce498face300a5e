// Goal: INBAC step by step as Guerraoui & Wang (2017) have it, with its help and its consensus.
// Three participants; f = 1: 1 is the backup, 2 the one after it, 3 any other. Ballots of four
// processes: p, p + 4, ...
#include <gtest/gtest.h>

#include "tests/support/puppet.h"

namespace indoubt {
namespace {

using Options = std::vector<NamedOption>;

Puppet asked(const Options& options = {}) {
  Puppet w("inbac", 3, options);
  w.start();
  for (const int p : {1, 2, 3}) w.deliver("PREPARE", 0, p);
  return w;
}
Puppet voted(const Options& options = {}) {
  Puppet w = asked(options);
  for (const int p : {1, 2, 3}) w.prepared(p, true);
  return w;
}
/// The backup has all votes; its report is in flight, and that of 2 to it.
Puppet reported(const Options& options = {}) {
  Puppet w = voted(options);
  w.deliver("YES", 1, 2);
  for (const int p : {2, 3}) w.deliver("YES", p, 1);
  return w;
}

// ---- the two rounds ---------------------------------------------------------------------------

TEST(Inbac, VotesGoToTheBackupsAndABackupsVoteToTheOneAfterThem) {
  Puppet w = asked();
  EXPECT_EQ(w.prepared(1, true),
            "force prepared; vote YES; send YES to 2; set votes; set decision");
  EXPECT_EQ(w.prepared(2, true),
            "force prepared; vote YES; send YES to 1; set votes; set decision");
  EXPECT_EQ(w.prepared(3, true), "force prepared; vote YES; send YES to 1; set decision");
}

TEST(Inbac, ABackupReportsAllVotesToAllAndTheOneAfterThemItsVotesToTheBackups) {
  Puppet w = voted();
  EXPECT_EQ(w.deliver("YES", 1, 2), "cancel votes; send REPORT to 1");
  EXPECT_EQ(w.deliver("YES", 3, 1), "nothing");
  EXPECT_EQ(w.deliver("YES", 2, 1), "cancel votes; send REPORT to 2 3");
}

TEST(Inbac, ReportsOfAllBackupsWithAllVotesCommit) {
  Puppet w = reported();
  EXPECT_EQ(w.deliver("REPORT", 1, 3), "cancel decision; force committed; decide commit");
  EXPECT_EQ(w.outcome(1), Outcome::none) << "a backup waits for the report of 2";
  EXPECT_EQ(w.deliver("REPORT", 2, 1),
            "cancel decision; force committed; decide commit; send COMMIT to 0");
  EXPECT_EQ(w.deliver("COMMIT", 1, 0), "cancel decision; force committed; decide commit");
}

TEST(Inbac, WithTwoBackupsOneReportIsNotEnough) {
  Puppet w("inbac", 4, {{"faults", "2"}});
  w.start();
  for (const int p : {1, 2, 3, 4}) w.deliver("PREPARE", 0, p);
  EXPECT_EQ(w.prepared(1, true),
            "force prepared; vote YES; send YES to 2 3; set votes; set decision");
  for (const int p : {2, 3}) w.prepared(p, true);
  EXPECT_EQ(w.prepared(4, true), "force prepared; vote YES; send YES to 1 2; set decision");
  for (const int b : {1, 2})
    for (int p = 1; p <= 4; ++p)
      if (p != b) w.deliver("YES", p, b);
  EXPECT_EQ(w.deliver("REPORT", 2, 4), "nothing");
  EXPECT_EQ(w.deliver("REPORT", 1, 4), "cancel decision; force committed; decide commit");
}

TEST(Inbac, ANoSettlesItAndABackupTellsEverybody) {
  Puppet w = asked();
  EXPECT_EQ(w.prepared(3, false), "vote NO; log aborted; decide abort; send NO to 1");
  EXPECT_EQ(w.deliver("NO", 3, 1),
            "force aborted; decide abort; send ABORT to 0; send REPORT to 2 3");
  w.prepared(2, true);
  EXPECT_EQ(w.deliver("REPORT", 1, 2),
            "cancel votes; cancel decision; force aborted; decide abort");
  EXPECT_EQ(w.deliver("ABORT", 1, 0), "cancel decision; force aborted; decide abort");
}

TEST(Inbac, ABackupsOwnNoGoesToEverybody) {
  Puppet w = asked();
  EXPECT_EQ(w.prepared(1, false),
            "vote NO; log aborted; decide abort; send ABORT to 0; send REPORT to 2 3");
}

TEST(Inbac, ASingleParticipantIsItsOwnBackup) {
  Puppet w("inbac", 1);
  w.start();
  w.deliver("PREPARE", 0, 1);
  EXPECT_EQ(w.prepared(1, true),
            "force prepared; vote YES; set votes; set decision; cancel votes; cancel decision; "
            "force committed; decide commit; send COMMIT to 0");
}

TEST(Inbac, VotesMayBeSpontaneousAndTheCoordinatorLeftOut) {
  Puppet w("inbac", 3, {{"spontaneous_votes", "yes"}, {"coordinator_learns", "no"}});
  EXPECT_EQ(w.start(), "nothing");
  for (const int p : {1, 2, 3}) EXPECT_TRUE(w.works(p));
}

// ---- time-outs --------------------------------------------------------------------------------

TEST(InbacLate, ABackupReportsOnceAndNoVoteThatComesLater) {
  Puppet w = voted();
  w.deliver("YES", 2, 1);
  EXPECT_EQ(w.timeout(1, "votes"), "send REPORT to 2 3");
  EXPECT_EQ(w.deliver("YES", 3, 1), "nothing");
  w.deliver("YES", 1, 2);
  w.deliver("REPORT", 2, 1);
  EXPECT_EQ(w.outcome(1), Outcome::none);
  EXPECT_EQ(w.deliver("REPORT", 1, 3), "nothing") << "it lacks a vote";
}

TEST(InbacLate, WhoHasHeardABackupProposes) {
  Puppet w = voted();
  w.deliver("YES", 2, 1);
  w.timeout(1, "votes");
  w.deliver("REPORT", 1, 2);
  EXPECT_EQ(w.timeout(2, "decision"),
            "cancel votes; send REPORT to 1; force promised; send PHASE-1A to 1 3; set decision");
  EXPECT_EQ(w.deliver("PHASE-1A", 2, 3), "force promised; send PHASE-1B to 2");
  EXPECT_EQ(w.deliver("PHASE-1B", 3, 2), "force accepted; send PHASE-2A to 1 3; set decision");
  EXPECT_EQ(w.deliver("PHASE-2A", 2, 3), "force accepted; send PHASE-2B to 2");
  EXPECT_EQ(w.deliver("PHASE-2B", 3, 2),
            "cancel decision; force aborted; decide abort; send ABORT to 1 3; send ABORT to 0");
}

TEST(InbacLate, WhoHasHeardNoBackupAsksForHelpAndWaits) {
  Puppet w = reported();
  EXPECT_EQ(w.timeout(3, "decision"), "send HELP to 1 2; set decision");
  EXPECT_EQ(w.deliver("HELP", 3, 2), "nothing") << "its own rounds are not over";
  EXPECT_EQ(w.timeout(2, "decision"), "send HELPED to 3; send HELP to 1 3; set decision");
  EXPECT_EQ(w.deliver("HELPED", 2, 3), "force promised; send PHASE-1A to 1 2; set decision")
      << "all that are no backups have answered";
}

TEST(InbacLate, ABackupHelpsWithItsReport) {
  Puppet w = reported();
  w.timeout(3, "decision");
  EXPECT_EQ(w.deliver("HELP", 3, 1), "send REPORT to 3");
  EXPECT_EQ(w.deliver("REPORT", 1, 3), "force promised; send PHASE-1A to 1 2; set decision");
  w.deliver("PHASE-1A", 3, 1);
  w.deliver("PHASE-1B", 1, 3);
  w.deliver("PHASE-2A", 3, 1);
  w.deliver("PHASE-2B", 1, 3);
  EXPECT_EQ(w.outcome(3), Outcome::commit) << "all votes were YES";
}

TEST(InbacLate, ADecidedProcessAnswersEverythingWithItsDecision) {
  Puppet w = reported();
  w.deliver("REPORT", 1, 2);
  w.timeout(3, "decision");
  EXPECT_EQ(w.deliver("HELP", 3, 2), "send COMMIT to 3");
  EXPECT_EQ(w.timeout(0, "decision"), "send INQUIRY to 1 2 3; set decision");
  EXPECT_EQ(w.deliver("INQUIRY", 0, 2), "send COMMIT to 0");
  EXPECT_EQ(w.deliver("INQUIRY", 0, 1), "nothing");
}

TEST(InbacLate, WhoWasNeverAskedSaysNo) {
  Puppet w("inbac", 3);
  w.start();
  for (const int p : {2, 3}) w.deliver("PREPARE", 0, p);
  for (const int p : {2, 3}) w.prepared(p, true);
  w.timeout(3, "decision");
  EXPECT_EQ(w.deliver("HELP", 3, 1),
            "force aborted; decide abort; send ABORT to 0; send REPORT to 2 3; send ABORT to 3");
}

// ---- consensus and recovery -------------------------------------------------------------------

/// 2 has proposed abort in ballot 2, and 3 has accepted it.
Puppet accepted_by_3() {
  Puppet w = voted();
  w.deliver("YES", 2, 1);
  w.timeout(1, "votes");
  for (const int p : {2, 3}) w.deliver("REPORT", 1, p);
  w.timeout(2, "decision");
  w.deliver("PHASE-1A", 2, 3);
  w.deliver("PHASE-1B", 3, 2);
  w.deliver("PHASE-2A", 2, 3);
  return w;
}

TEST(InbacConsensus, AnAcceptorKeepsItsPromiseOverACrash) {
  Puppet w = voted();
  w.deliver("YES", 2, 1);
  w.timeout(1, "votes");
  for (const int p : {2, 3}) w.deliver("REPORT", 1, p);
  w.timeout(3, "decision");  // ballot 3
  w.deliver("PHASE-1A", 3, 1);
  EXPECT_EQ(w.record(1), "promised");
  w.recover(1);
  w.timeout(2, "decision");  // ballot 2
  EXPECT_EQ(w.deliver("PHASE-1A", 2, 1), "send PHASE-1B to 2");
  EXPECT_EQ(w.deliver("PHASE-1B", 1, 2), "nothing") << "refused";
  EXPECT_EQ(w.timeout(2, "decision"), "force promised; send PHASE-1A to 1 3; set decision");
}

TEST(InbacConsensus, AnAcceptorKeepsWhatItAcceptedOverACrash) {
  Puppet w = accepted_by_3();
  EXPECT_EQ(w.record(3), "accepted");
  w.recover(3);
  EXPECT_EQ(w.state(3), "recovering");
  EXPECT_EQ(w.deliver("PHASE-2B", 3, 2),
            "cancel decision; force aborted; decide abort; send ABORT to 1 3; send ABORT to 0");
  w.timeout(1, "decision");
  w.deliver("PHASE-1A", 1, 3);
  w.deliver("PHASE-1B", 3, 1);
  w.timeout(1, "decision");
  w.deliver("PHASE-1A", 1, 3);
  w.deliver("PHASE-1B", 3, 1);
  w.deliver("PHASE-2A", 1, 3);
  w.deliver("PHASE-2B", 3, 1);
  EXPECT_EQ(w.outcome(1), Outcome::abort);
}

TEST(InbacConsensus, ALeaderProposesWhatItFinds) {
  Puppet w = voted();
  // The report lacks the vote of 3 only: 3 proposes commit in ballot 3, and 2 accepts.
  w.deliver("YES", 2, 1);
  w.timeout(1, "votes");
  w.deliver("REPORT", 1, 3);
  w.timeout(3, "decision");
  w.deliver("PHASE-1A", 3, 2);
  w.deliver("PHASE-1B", 2, 3);
  w.deliver("PHASE-2A", 3, 2);
  // 2, which knows two votes only, leads a higher ballot with 1.
  w.deliver("REPORT", 1, 2);
  w.timeout(2, "decision");
  w.deliver("PHASE-1A", 2, 1);
  w.deliver("PHASE-1B", 1, 2);
  w.deliver("PHASE-2A", 2, 1);
  w.deliver("PHASE-2B", 1, 2);
  EXPECT_EQ(w.outcome(2), Outcome::commit);
  w.deliver("PHASE-2B", 2, 3);
  EXPECT_EQ(w.outcome(3), Outcome::commit);
}

TEST(InbacRecovery, AParticipantAsksAndProposesNothing) {
  Puppet w = reported();
  EXPECT_EQ(w.recover(3), "send INQUIRY to 0 1 2; set decision");
  EXPECT_EQ(w.deliver("REPORT", 1, 3), "nothing") << "what it knew is lost";
  EXPECT_EQ(w.timeout(3, "decision"), "send INQUIRY to 0 1 2; set decision");
  w.deliver("REPORT", 2, 1);
  w.drop("INQUIRY", 3, 1);
  EXPECT_EQ(w.deliver("INQUIRY", 3, 1), "send COMMIT to 3");
  EXPECT_EQ(w.deliver("COMMIT", 1, 3), "cancel decision; force committed; decide commit");
}

TEST(InbacRecovery, AParticipantThatHasNotVotedYesAbortsAndSaysSo) {
  Puppet w = asked();
  EXPECT_EQ(w.recover(3), "force aborted; decide abort; send NO to 1");
}

TEST(InbacRecovery, TheCoordinatorAsks) {
  Puppet w = voted();
  EXPECT_EQ(w.recover(0), "send INQUIRY to 1 2 3; set decision");
}

// ---- the mistake ------------------------------------------------------------------------------

/// 2 has committed by the backup's report; 3 hears nobody in time and gets a majority with 1.
std::pair<Outcome, Outcome> alone(std::string_view mistake) {
  Puppet w = reported({{"mistake", mistake}});
  w.deliver("REPORT", 1, 2);
  w.timeout(3, "decision");
  w.deliver("PHASE-1A", 3, 1);
  w.deliver("PHASE-1B", 1, 3);
  w.deliver("PHASE-2A", 3, 1);
  w.deliver("PHASE-2B", 1, 3);
  w.deliver("HELP", 3, 2);
  w.deliver("COMMIT", 2, 3);
  return {w.outcome(2), w.outcome(3)};
}

TEST(InbacMistakes, ProposingWithoutHelpSplitsTheDecision) {
  EXPECT_EQ(alone("none"), std::pair(Outcome::commit, Outcome::commit));
  EXPECT_EQ(alone("no_help"), std::pair(Outcome::commit, Outcome::abort));
}

// ---- more crashes than f ----------------------------------------------------------------------

void deliver_all(Puppet& w) {
  while (!w.quiet()) w.deliver_number(0);
}

/// `who` have gone down with what they had heard, and are back.
Puppet back(std::initializer_list<int> who, const Options& options = {}) {
  Puppet w = voted(options);
  for (const int p : {1, 2, 3}) w.cut({p}, {p == 1 ? 2 : 1});
  for (const int p : who) w.recover(p);
  deliver_all(w);
  return w;
}

TEST(Inbac, OneThatIsUpProposesWhenAllOthersAreBackUndecided) {
  Puppet w = back({1, 2});
  EXPECT_EQ(w.timeout(3, "decision"), "send HELP to 1 2; set decision");
  EXPECT_EQ(w.deliver("HELP", 3, 1), "send RECOVERING to 3");
  w.deliver("HELP", 3, 2);
  EXPECT_EQ(w.deliver("RECOVERING", 1, 3), "nothing") << "2 may have committed";
  w.deliver("RECOVERING", 2, 3);
  deliver_all(w);
  for (const int p : {1, 2, 3}) EXPECT_EQ(w.outcome(p), Outcome::abort) << p;
}

TEST(Inbac, IfAllAreBackUndecidedTheFirstProposesAbort) {
  Puppet w = back({1, 2, 3});
  for (const int p : {1, 2, 3}) w.timeout(p, "decision");
  deliver_all(w);
  for (const int p : {1, 2, 3}) EXPECT_EQ(w.outcome(p), Outcome::abort) << p;
}

TEST(Inbac, WhoMayHaveLostADecisionSaysNothing) {
  for (const auto* record : {"none", "unforced"}) {
    Puppet w = back({1, 2, 3}, {{"decision_record", record}});
    for (const int p : {1, 2, 3}) w.timeout(p, "decision");
    deliver_all(w);
    for (const int p : {1, 2, 3}) EXPECT_EQ(w.outcome(p), Outcome::none) << p;
  }
}

}  // namespace
}  // namespace indoubt
