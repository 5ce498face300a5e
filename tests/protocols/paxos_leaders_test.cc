// Goal: leaders of higher ballots, acceptors' promises and recovery in Paxos Commit, and what each
// known mistake breaks. Two participants 1, 2; F = 1: acceptors 3, 4, 5.
//
// G&L: Gray & Lamport, ACM TODS 31(1), 2006, sections 3 and 4. Ballots of six processes:
// participant p leads p, p + 6, ...; the coordinator 6, 12, ...
#include <gtest/gtest.h>

#include "tests/support/puppet.h"

namespace indoubt {
namespace {

using Options = std::vector<NamedOption>;

/// Both have voted YES; their votes are in flight to acceptors 3 and 4.
Puppet voted(const Options& options = {}) {
  Puppet w("paxos-commit", 2, options);
  w.start();
  for (const int p : {1, 2}) w.deliver("PREPARE", 0, p);
  for (const int p : {1, 2}) w.prepared(p, true);
  return w;
}

/// Both acceptors have all votes; their reports are in flight.
Puppet accepted(const Options& options = {}) {
  Puppet w = voted(options);
  for (const int a : {3, 4})
    for (const int p : {1, 2}) w.deliver("YES", p, a);
  return w;
}

void exchange(Puppet& w, int leader, std::string_view phase, const std::vector<int>& acceptors) {
  const std::string name = "PHASE-" + std::string(phase);
  for (const int a : acceptors) w.deliver(name + "A", leader, a);
  for (const int a : acceptors) w.deliver(name + "B", a, leader);
}

// ---- a ballot ---------------------------------------------------------------------------------

TEST(PaxosLeader, WritesItsBallotAndAsksAllAcceptors) {
  Puppet w = voted();
  EXPECT_EQ(w.timeout(1, "decision"), "force prepared; send PHASE-1A to 3 4 5; set decision");
  EXPECT_EQ(w.deliver("PHASE-1A", 1, 3), "force promised; send PHASE-1B to 1");
  EXPECT_EQ(w.again("PHASE-1A", 1, 3), "send PHASE-1B to 1") << "already promised";
}

// G&L, section 4.2: "if no value was accepted, the leader is free to propose any: Aborted".
TEST(PaxosLeader, ProposesAbortedWhereNothingWasAccepted) {
  Puppet w = voted();
  w.deliver("YES", 1, 3);
  w.timeout(1, "decision");
  for (const int a : {3, 4}) w.deliver("PHASE-1A", 1, a);
  EXPECT_EQ(w.deliver("PHASE-1B", 3, 1), "nothing");
  EXPECT_EQ(w.deliver("PHASE-1B", 4, 1), "send PHASE-2A to 3 4 5; set decision");
  EXPECT_EQ(w.deliver("PHASE-2A", 1, 5), "force accepted; send PHASE-2B to 1");
  EXPECT_EQ(w.deliver("PHASE-2A", 1, 3), "force accepted; send PHASE-2B to 1");
  EXPECT_EQ(w.deliver("PHASE-2B", 5, 1), "nothing");
  EXPECT_EQ(w.deliver("PHASE-2B", 3, 1),
            "cancel decision; log aborted; decide abort; send ABORT to 0 2");
}

TEST(PaxosLeader, ProposesWhatWasAccepted) {
  Puppet w = accepted();
  w.timeout(2, "decision");
  exchange(w, 2, "1", {4, 5});
  for (const int a : {4, 5}) w.deliver("PHASE-2A", 2, a);
  w.deliver("PHASE-2B", 4, 2);
  EXPECT_EQ(w.deliver("PHASE-2B", 5, 2),
            "cancel decision; log committed; decide commit; send COMMIT to 0 1");
  EXPECT_EQ(w.deliver("COMMIT", 2, 0), "cancel votes; log committed; decide commit");
}

TEST(PaxosLeader, PutsTogetherVotesThatReachedDifferentAcceptors) {
  Puppet w = voted();
  w.deliver("YES", 1, 3);
  w.deliver("YES", 2, 4);
  w.timeout(1, "decision");
  exchange(w, 1, "1", {3, 4});
  exchange(w, 1, "2", {3, 4});
  EXPECT_EQ(w.outcome(1), Outcome::commit);
}

TEST(PaxosLeader, FollowsTheHighestBallotThatItFinds) {
  Puppet w = accepted();  // ballot 0: all prepared, at 3 and 4
  Puppet late = voted();
  late.timeout(1, "decision");  // ballot 1: nothing found at 4 and 5, Aborted accepted at 5
  exchange(late, 1, "1", {4, 5});
  late.deliver("PHASE-2A", 1, 5);
  for (const int p : {1, 2}) late.deliver("YES", p, 3);  // ballot 0 at 3, which has not promised
  late.timeout(2, "decision");                           // ballot 2
  exchange(late, 2, "1", {3, 5});
  exchange(late, 2, "2", {3, 5});
  EXPECT_EQ(late.outcome(2), Outcome::abort);
}

TEST(PaxosLeader, AsksThoseAgainThatDidNotAnswer) {
  Puppet w = voted();
  w.timeout(1, "decision");
  exchange(w, 1, "1", {4});
  EXPECT_EQ(w.timeout(1, "decision"), "send PHASE-1A to 3 5; set decision") << "the same ballot";
  exchange(w, 1, "1", {5});
  exchange(w, 1, "2", {3});
  EXPECT_EQ(w.timeout(1, "decision"), "send PHASE-2A to 4 5; set decision");
  EXPECT_EQ(w.again("PHASE-2A", 1, 3), "send PHASE-2B to 1") << "written once";
}

TEST(PaxosLeader, GivesUpABallotThatIsRefusedAndLeadsAHigherOneLater) {
  Puppet w = voted();
  w.timeout(1, "decision");
  w.timeout(2, "decision");
  w.deliver("PHASE-1A", 2, 3);
  EXPECT_EQ(w.deliver("PHASE-1A", 1, 3), "send PHASE-1B to 1") << "refused";
  EXPECT_EQ(w.deliver("PHASE-1B", 3, 1), "nothing");
  EXPECT_EQ(w.timeout(1, "decision"), "force prepared; send PHASE-1A to 3 4 5; set decision");
  EXPECT_EQ(w.deliver("PHASE-1A", 1, 3), "force promised; send PHASE-1B to 1");
}

TEST(PaxosLeader, RunsOutOfBallotsAfterHundredsAndThenFollows) {
  Puppet w = voted();
  int ballots = 0;
  while (ballots < 5'000 && w.recover(1) != "nothing") ++ballots;  // a new one after each crash
  EXPECT_EQ(ballots, 4095 / 6 + 1);
  EXPECT_EQ(w.armed(1), "");
}

// ---- acceptors --------------------------------------------------------------------------------

TEST(PaxosAcceptor, IgnoresVotesAfterAPromise) {
  Puppet w = voted();
  w.deliver("YES", 1, 3);
  w.timeout(1, "decision");
  w.deliver("PHASE-1A", 1, 3);
  EXPECT_EQ(w.deliver("YES", 2, 3), "nothing");
}

TEST(PaxosAcceptor, RefusesAProposalBelowItsPromise) {
  Puppet w = voted();
  w.timeout(1, "decision");
  exchange(w, 1, "1", {3, 4});
  w.timeout(2, "decision");
  w.deliver("PHASE-1A", 2, 3);
  EXPECT_EQ(w.deliver("PHASE-2A", 1, 3), "send PHASE-1B to 1") << "refused";
  EXPECT_EQ(w.deliver("PHASE-2A", 1, 4), "force accepted; send PHASE-2B to 1");
}

TEST(PaxosAcceptor, KeepsItsPromiseOverACrash) {
  Puppet w = voted();
  w.timeout(2, "decision");
  w.deliver("PHASE-1A", 2, 3);
  EXPECT_EQ(w.record(3), "promised");
  w.recover(3);
  w.timeout(1, "decision");
  EXPECT_EQ(w.deliver("PHASE-1A", 1, 3), "send PHASE-1B to 1") << "no new promise";
  EXPECT_EQ(w.deliver("YES", 1, 3), "nothing");
}

TEST(PaxosAcceptor, KeepsWhatItReportedOverACrashAndLosesWhatItDidNot) {
  Puppet w = accepted();
  EXPECT_EQ(w.record(4), "accepted");
  w.recover(4);
  w.timeout(1, "decision");
  exchange(w, 1, "1", {4, 5});
  exchange(w, 1, "2", {4, 5});
  EXPECT_EQ(w.outcome(1), Outcome::commit);

  Puppet lost = voted();
  lost.deliver("YES", 1, 3);
  lost.recover(3);
  EXPECT_EQ(lost.deliver("YES", 2, 3), "nothing") << "the first vote is gone";
}

// ---- recovery ---------------------------------------------------------------------------------

TEST(PaxosRecovery, AParticipantThatHasNotVotedYesAbortsAlone) {
  Puppet w = voted();
  EXPECT_EQ(w.recover(1, "none"), "log aborted; decide abort");
}

TEST(PaxosRecovery, APreparedParticipantLeadsOrAsksOrWaits) {
  Puppet w = voted();
  EXPECT_EQ(w.recover(1), "force prepared; send PHASE-1A to 3 4 5; set decision");
  EXPECT_EQ(voted({{"uncertain", "ask"}}).recover(1), "send INQUIRY to 0; set decision");
  EXPECT_EQ(voted({{"uncertain", "off"}}).recover(1), "nothing");
}

TEST(PaxosRecovery, ALeaderNeverLeadsTheSameBallotTwice) {
  Puppet w = voted();
  w.timeout(1, "decision");
  w.deliver("PHASE-1A", 1, 3);
  w.recover(1);
  for (const int a : {4, 5}) w.drop("PHASE-1A", 1, a);
  EXPECT_EQ(w.deliver("PHASE-1A", 1, 3), "force promised; send PHASE-1B to 1") << "a higher one";
}

TEST(PaxosRecovery, ACoordinatorWithoutADecisionLeads) {
  Puppet w = voted();
  EXPECT_EQ(w.recover(0), "force leading; send PHASE-1A to 3 4 5; set decision");
  EXPECT_EQ(w.recover(0), "force leading; send PHASE-1A to 3 4 5; set decision");
}

TEST(PaxosRecovery, ASilentCoordinatorLeadsWhenItIsAsked) {
  Puppet w = voted({{"recover_undecided", "silent"}, {"uncertain", "ask"}});
  EXPECT_EQ(w.recover(0), "nothing");
  EXPECT_EQ(w.timeout(1, "decision"), "send INQUIRY to 0; set decision");
  EXPECT_EQ(w.deliver("INQUIRY", 1, 0), "force leading; send PHASE-1A to 3 4 5; set decision");
  w.timeout(2, "decision");
  EXPECT_EQ(w.deliver("INQUIRY", 2, 0), "nothing") << "it leads already";
  exchange(w, 0, "1", {3, 4});
  exchange(w, 0, "2", {3, 4});
  w.deliver("ABORT", 0, 1);
  EXPECT_EQ(w.again("INQUIRY", 2, 0), "send ABORT to 2");
}

TEST(PaxosRecovery, ACoordinatorWithADecisionRecordTellsItAgain) {
  Puppet w = accepted({{"decision_record", "forced"}});
  for (const int a : {3, 4}) w.deliver("PHASE-2B", a, 0);
  EXPECT_EQ(w.recover(0), "send COMMIT to 1 2");
  Puppet silent = accepted({{"decision_record", "forced"}, {"recover_decided", "silent"}});
  for (const int a : {3, 4}) silent.deliver("PHASE-2B", a, 0);
  EXPECT_EQ(silent.recover(0), "nothing");
  EXPECT_EQ(silent.outcome(0), Outcome::commit);
}

TEST(PaxosRecovery, AProcessThatLostItsDecisionComesToTheSameOneAgain) {
  Puppet w = accepted();
  for (const int a : {3, 4}) w.deliver("PHASE-2B", a, 0);
  w.deliver("COMMIT", 0, 1);
  w.recover(1);
  EXPECT_EQ(w.outcome(1), Outcome::none);
  exchange(w, 1, "1", {4, 5});
  exchange(w, 1, "2", {4, 5});
  EXPECT_EQ(w.outcome(1), Outcome::commit);
}

// ---- scenarios --------------------------------------------------------------------------------

// S15: "Paxos Commit, F=1; leader crashes after all prepared: another leader finishes: commit".
TEST(PaxosScenario, S15AnotherLeaderFinishesWhenTheFirstCrashesAfterAllPrepared) {
  for (const int acceptor_down : {0, 3, 4, 5}) {  // 0: none
    Puppet w = accepted();
    w.crash(0, ~0ull);
    if (acceptor_down != 0) w.crash(acceptor_down, ~0ull);
    w.timeout(1, "decision");
    for (int k = 0; k < 40 && !w.quiet(); ++k) w.deliver_number(0);
    EXPECT_EQ(w.outcome(1), Outcome::commit) << acceptor_down;
    EXPECT_EQ(w.outcome(2), Outcome::commit) << acceptor_down;
  }
}

// S16: "Paxos Commit, two processes both act as leader: possibly slower, never a split".
TEST(PaxosScenario, S16TwoLeadersAreSlowerAndNeverSplit) {
  Puppet w = accepted();
  w.timeout(1, "decision");  // ballot 1
  exchange(w, 1, "1", {3, 5});
  w.drop("PHASE-1A", 1, 4);
  w.timeout(0, "votes");  // ballot 6
  exchange(w, 0, "1", {3, 4});
  EXPECT_EQ(w.deliver("PHASE-2A", 1, 3), "send PHASE-1B to 1") << "refused";
  EXPECT_EQ(w.deliver("PHASE-2A", 1, 5), "force accepted; send PHASE-2B to 1");
  w.deliver("PHASE-2B", 5, 1);
  EXPECT_EQ(w.outcome(1), Outcome::none) << "one acceptor is not enough";
  w.deliver("PHASE-1B", 3, 1);
  w.drop("PHASE-2A", 1, 4);
  w.timeout(1, "decision");  // ballot 7: outbids the coordinator in turn
  exchange(w, 1, "1", {3, 4});
  EXPECT_EQ(w.deliver("PHASE-2A", 0, 3), "send PHASE-1B to 0");
  EXPECT_EQ(w.deliver("PHASE-2A", 0, 4), "send PHASE-1B to 0");
  exchange(w, 1, "2", {3, 4});
  EXPECT_EQ(w.outcome(1), Outcome::commit);
  for (int k = 0; k < 60 && !w.quiet(); ++k) w.deliver_number(0);
  EXPECT_EQ(w.outcome(0), Outcome::commit);
  EXPECT_EQ(w.outcome(2), Outcome::commit);
}

// ---- mistakes ---------------------------------------------------------------------------------

/// A leader finds one vote of two and proposes Aborted; the other vote arrives after its promises.
std::pair<Outcome, Outcome> late_vote(std::string_view mistake) {
  Puppet w = voted({{"mistake", mistake}});
  for (const int a : {3, 4}) w.deliver("YES", 1, a);
  w.timeout(1, "decision");
  exchange(w, 1, "1", {3, 4});
  for (const int a : {3, 4}) w.deliver("YES", 2, a);
  for (const int a : {3, 4}) w.deliver("PHASE-2B", a, 0);
  exchange(w, 1, "2", {3, 4});
  return {w.outcome(0), w.outcome(1)};
}

TEST(PaxosMistakes, AnAcceptorThatTakesLowerBallotsSplitsTheDecision) {
  EXPECT_EQ(late_vote("none"), std::pair(Outcome::none, Outcome::abort));
  EXPECT_EQ(late_vote("ballot_ignored"), std::pair(Outcome::commit, Outcome::abort));
}

/// One acceptor has all votes and has reported them; a leader asks the two others.
std::pair<Outcome, Outcome> one_report(std::string_view mistake) {
  Puppet w = voted({{"mistake", mistake}});
  for (const int p : {1, 2}) w.deliver("YES", p, 3);
  w.deliver("PHASE-2B", 3, 0);
  w.timeout(1, "decision");
  exchange(w, 1, "1", {4, 5});
  exchange(w, 1, "2", {4, 5});
  return {w.outcome(0), w.outcome(1)};
}

TEST(PaxosMistakes, OneAcceptorIsNotEnough) {
  EXPECT_EQ(one_report("none"), std::pair(Outcome::none, Outcome::abort));
  EXPECT_EQ(one_report("one_acceptor_is_enough"), std::pair(Outcome::commit, Outcome::abort));
}

}  // namespace
}  // namespace indoubt
