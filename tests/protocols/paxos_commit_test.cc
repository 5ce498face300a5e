// Goal: Paxos Commit step by step when nothing fails, as Gray & Lamport (2006), sections 4 and 5,
// have it: state and input give effects. Two participants 1, 2; F = 1: acceptors 3, 4, 5.
#include <gtest/gtest.h>

#include "tests/support/puppet.h"

namespace indoubt {
namespace {

using Options = std::vector<NamedOption>;

Puppet asked(const Options& options = {}, std::string_view protocol = "paxos-commit") {
  Puppet w(protocol, 2, options);
  w.start();
  for (const int p : {1, 2}) w.deliver("PREPARE", 0, p);
  return w;
}

Puppet voted(const Options& options = {}, std::string_view protocol = "paxos-commit") {
  Puppet w = asked(options, protocol);
  for (const int p : {1, 2}) w.prepared(p, true);
  return w;
}

TEST(PaxosCommit, TheCoordinatorAsksAllParticipants) {
  Puppet w("paxos-commit", 2);
  EXPECT_EQ(w.processes(), 6);
  EXPECT_EQ(w.start(), "send PREPARE to 1 2; set votes");
  EXPECT_EQ(w.deliver("PREPARE", 0, 1), "prepare");
  EXPECT_EQ(w.state(3), "accepting");
}

TEST(PaxosCommit, AYesVoterPreparesAndProposesItToFPlus1Acceptors) {
  Puppet w = asked();
  EXPECT_EQ(w.prepared(1, true), "force prepared; vote YES; send YES to 3 4; set decision");
  EXPECT_EQ(w.state(1), "prepared");
}

TEST(PaxosCommit, ANoVoterAbortsAndProposesIt) {
  Puppet w = asked();
  EXPECT_EQ(w.prepared(1, false), "vote NO; log aborted; decide abort; send NO to 3 4");
}

TEST(PaxosCommit, AnAcceptorWritesOnceForAllInstancesAndReportsThemInOneMessage) {
  Puppet w = voted();
  EXPECT_EQ(w.deliver("YES", 2, 3), "nothing");
  EXPECT_EQ(w.deliver("YES", 1, 3), "force accepted; send PHASE-2B to 0");
  EXPECT_EQ(w.forced(3), 1);
}

TEST(PaxosCommit, TheCoordinatorDecidesOnceFPlus1AcceptorsHaveReported) {
  Puppet w = voted();
  for (const int a : {3, 4})
    for (const int p : {1, 2}) w.deliver("YES", p, a);
  EXPECT_EQ(w.deliver("PHASE-2B", 4, 0), "nothing");
  EXPECT_EQ(w.again("PHASE-2B", 4, 0), "nothing") << "the same one does not count twice";
  EXPECT_EQ(w.deliver("PHASE-2B", 3, 0),
            "cancel votes; log committed; decide commit; send COMMIT to 1 2");
  EXPECT_EQ(w.deliver("COMMIT", 0, 1), "cancel decision; log committed; decide commit");
  EXPECT_EQ(w.armed(1), "");
}

TEST(PaxosCommit, ANoIsReportedAtOnceAndCannotBeOverruled) {
  Puppet w = asked();
  w.prepared(1, false);
  EXPECT_EQ(w.deliver("NO", 1, 4), "force accepted; send PHASE-2B to 0");
  EXPECT_EQ(w.deliver("PHASE-2B", 4, 0),
            "cancel votes; log aborted; decide abort; send ABORT to 2");
  EXPECT_EQ(w.deliver("ABORT", 0, 2), "log aborted; decide abort");
  EXPECT_EQ(w.prepared(2, true), "nothing") << "too late";
}

TEST(PaxosCommit, ANoWaitsForTheOtherVotesIfTheOptionSaysSo) {
  Puppet w = asked({{"at_no", "wait"}, {"decision_to", "all"}});
  w.prepared(1, false);
  EXPECT_EQ(w.deliver("NO", 1, 4), "nothing");
  w.prepared(2, true);
  EXPECT_EQ(w.deliver("YES", 2, 4), "force accepted; send PHASE-2B to 0");
  EXPECT_EQ(w.deliver("PHASE-2B", 4, 0),
            "cancel votes; log aborted; decide abort; send ABORT to 1 2");
}

TEST(PaxosCommit, VotesAfterTheReportChangeNothing) {
  Puppet w = asked();
  w.prepared(1, false);
  w.deliver("NO", 1, 3);
  w.prepared(2, true);
  EXPECT_EQ(w.deliver("YES", 2, 3), "nothing");
}

TEST(PaxosCommit, ACoordinatorAsksAgainAndLeadsWhenItsTriesAreOver) {
  Puppet w = voted({{"prepare_resends", "1"}});
  EXPECT_EQ(w.timeout(0, "votes"), "send PREPARE to 1 2; set votes");
  EXPECT_EQ(w.deliver("PREPARE", 0, 1), "send YES to 3 4 5") << "to all acceptors";
  EXPECT_EQ(w.timeout(0, "votes"), "force leading; send PHASE-1A to 3 4 5; set decision");
}

TEST(PaxosCommit, AnAcceptorThatIsAskedAgainRepeatsItsReport) {
  Puppet w = voted();
  for (const int p : {1, 2}) w.deliver("YES", p, 3);
  EXPECT_EQ(w.again("YES", 1, 3), "send PHASE-2B to 0");
  EXPECT_EQ(w.forced(3), 1);
}

TEST(PaxosCommit, WithAcksTheCoordinatorResendsAndForgets) {
  Puppet w = voted({{"acks", "yes"}, {"faults", "0"}});
  for (const int p : {1, 2}) w.deliver("YES", p, 3);
  EXPECT_EQ(w.deliver("PHASE-2B", 3, 0),
            "cancel votes; log committed; decide commit; send COMMIT to 1 2; set acks");
  EXPECT_EQ(w.deliver("COMMIT", 0, 1),
            "cancel decision; log committed; decide commit; send ACK to 0");
  EXPECT_EQ(w.again("COMMIT", 0, 1), "send ACK to 0");
  w.deliver("ACK", 1, 0);
  EXPECT_EQ(w.timeout(0, "acks"), "send COMMIT to 2; set acks");
  w.deliver("COMMIT", 0, 2);
  EXPECT_EQ(w.deliver("ACK", 2, 0), "cancel acks; forget");
}

TEST(PaxosCommit, AnUnaskedParticipantAbortsAndSaysNoIfItIsAskedAfterAll) {
  Puppet w("paxos-commit", 2, {{"unasked", "abort"}});
  w.start();
  EXPECT_EQ(w.armed(1), "request");
  EXPECT_EQ(w.timeout(1, "request"), "log aborted; decide abort");
  EXPECT_EQ(w.deliver("PREPARE", 0, 1), "send NO to 3 4 5");
}

// ---- the first participant starts -------------------------------------------------------------

TEST(PaxosCommitBegin, TheFirstParticipantPreparesAndTheCoordinatorAsksTheOthers) {
  Puppet w("paxos-commit", 2, {{"first_participant_starts", "yes"}});
  EXPECT_EQ(w.start(), "nothing");
  EXPECT_TRUE(w.works(1));
  EXPECT_EQ(w.prepared(1, true),
            "force prepared; vote YES; send BEGIN to 0; send YES to 3 4; set decision");
  EXPECT_EQ(w.deliver("BEGIN", 1, 0), "send PREPARE to 2; set votes");
  EXPECT_EQ(w.again("BEGIN", 1, 0), "nothing");
}

TEST(PaxosCommitBegin, BeginAndTheVoteAreOneMessageToAnAcceptorAtTheLeadersSite) {
  Puppet w("paxos-commit", 2,
           {{"first_participant_starts", "yes"}, {"placement", "leader-on-acceptor"}});
  w.start();
  EXPECT_EQ(w.prepared(1, true), "force prepared; vote YES; send YES to 3 4; set decision");
  EXPECT_EQ(w.deliver("YES", 1, 4), "nothing");
  EXPECT_EQ(w.deliver("YES", 1, 3), "send BEGIN to 0");
  w.deliver("BEGIN", 3, 0);
  w.deliver("PREPARE", 0, 2);
  w.prepared(2, true);
  EXPECT_EQ(w.deliver("YES", 2, 3), "force accepted; send PHASE-2B to 0");
}

TEST(PaxosCommitBegin, AFirstParticipantThatVotesNoCallsNobody) {
  for (const std::string_view placement : {"none", "leader-on-acceptor"}) {
    Puppet w("paxos-commit", 2, {{"first_participant_starts", "yes"}, {"placement", placement}});
    w.start();
    EXPECT_EQ(w.prepared(1, false), "vote NO; log aborted; decide abort; send NO to 3 4");
    EXPECT_EQ(w.deliver("NO", 1, 3), "force accepted; send PHASE-2B to 0");
    EXPECT_EQ(w.deliver("PHASE-2B", 3, 0), "log aborted; decide abort; send ABORT to 2");
  }
}

TEST(PaxosCommitBegin, AFirstParticipantThatVotesNoCallsTheOthersIfTheirVotesAreAwaited) {
  Puppet w("paxos-commit", 2, {{"first_participant_starts", "yes"}, {"at_no", "wait"}});
  w.start();
  EXPECT_EQ(w.prepared(1, false),
            "vote NO; log aborted; decide abort; send BEGIN to 0; send NO to 3 4");
}

// ---- Faster Paxos Commit ----------------------------------------------------------------------

TEST(FasterPaxosCommit, AcceptorsReportToEverybodyAndEverybodyDecidesAlone) {
  Puppet w = voted({}, "paxos-commit-fast");
  w.deliver("YES", 1, 3);
  EXPECT_EQ(w.deliver("YES", 2, 3), "force accepted; send PHASE-2B to 0 1 2");
  for (const int p : {1, 2}) w.deliver("YES", p, 4);
  EXPECT_EQ(w.deliver("PHASE-2B", 3, 1), "nothing");
  EXPECT_EQ(w.deliver("PHASE-2B", 4, 1), "cancel decision; log committed; decide commit");
  w.deliver("PHASE-2B", 3, 0);
  EXPECT_EQ(w.deliver("PHASE-2B", 4, 0), "cancel votes; log committed; decide commit");
}

TEST(FasterPaxosCommit, ANoVoterIsNotTold) {
  Puppet w = asked({}, "paxos-commit-fast");
  w.prepared(1, false);
  EXPECT_EQ(w.deliver("NO", 1, 3), "force accepted; send PHASE-2B to 0 2");
  EXPECT_EQ(w.deliver("PHASE-2B", 3, 2), "log aborted; decide abort");
}

TEST(FasterPaxosCommit, TheCoordinatorMayBeLeftOut) {
  Puppet w("paxos-commit-fast", 2, {{"coordinator_learns", "no"}});
  EXPECT_EQ(w.start(), "send PREPARE to 1 2");
  for (const int p : {1, 2}) w.deliver("PREPARE", 0, p);
  for (const int p : {1, 2}) w.prepared(p, true);
  w.deliver("YES", 1, 3);
  EXPECT_EQ(w.deliver("YES", 2, 3), "force accepted; send PHASE-2B to 1 2");
}

TEST(FasterPaxosCommit, ALeaderOfAHigherBallotTellsEverybody) {
  Puppet w = voted({}, "paxos-commit-fast");
  w.timeout(2, "decision");
  for (const int a : {3, 4}) w.deliver("PHASE-1A", 2, a);
  for (const int a : {3, 4}) w.deliver("PHASE-1B", a, 2);
  for (const int a : {3, 4}) w.deliver("PHASE-2A", 2, a);
  EXPECT_EQ(w.deliver("PHASE-2B", 3, 2), "nothing");
  EXPECT_EQ(w.deliver("PHASE-2B", 4, 2),
            "cancel decision; log aborted; decide abort; send ABORT to 0 1");
}

}  // namespace
}  // namespace indoubt
