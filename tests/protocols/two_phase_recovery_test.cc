// Goal: after a crash 2pc goes on from the last durable record as a log of presumed nothing says.
// BHG (1987), ch. 7.4; Mohan, Lindsay & Obermarck (1986):
//   C: nothing or start record only: abort. C: decision without end: resend it until acknowledged.
//   P: no prepared record: abort alone. P: prepared, no outcome: ask; blocked until answered.
#include <gtest/gtest.h>

#include "tests/support/puppet.h"

namespace indoubt {
namespace {

Puppet voted(const std::vector<NamedOption>& options = {}) {
  Puppet w("2pc", 2, options);
  w.start();
  for (const int p : {1, 2}) w.deliver("PREPARE", 0, p);
  for (const int p : {1, 2}) w.prepared(p, true);
  return w;
}

Puppet committed(const std::vector<NamedOption>& options = {}) {
  Puppet w = voted(options);
  for (const int p : {1, 2}) w.deliver("YES", p, 0);
  return w;
}

TEST(TwoPhaseRecovery, ACoordinatorWithoutARecordAbortsAndTellsAll) {
  Puppet w = voted();
  EXPECT_EQ(w.recover(0), "force aborted; decide abort; send ABORT to 1 2; set acks");
}

TEST(TwoPhaseRecovery, ACoordinatorWithAStartRecordOnlyAbortsAndTellsAll) {
  Puppet w = voted({{"start_record", "forced"}});
  EXPECT_EQ(w.record(0), "started");
  EXPECT_EQ(w.recover(0), "force aborted; decide abort; send ABORT to 1 2; set acks");
}

TEST(TwoPhaseRecovery, ASilentCoordinatorAbortsWhenItIsAsked) {
  Puppet w = voted({{"recover_undecided", "silent"}});
  EXPECT_EQ(w.recover(0), "nothing");
  w.timeout(1, "decision");
  EXPECT_EQ(w.deliver("INQUIRY", 1, 0), "force aborted; decide abort; send ABORT to 1");
  w.timeout(2, "decision");
  EXPECT_EQ(w.deliver("INQUIRY", 2, 0), "send ABORT to 2") << "decided once";
}

TEST(TwoPhaseRecovery, ACoordinatorWithADecisionResendsItUntilAcknowledged) {
  Puppet w = committed();
  EXPECT_EQ(w.recover(0), "send COMMIT to 1 2; set acks");
  EXPECT_EQ(w.outcome(0), Outcome::commit);
  EXPECT_EQ(w.timeout(0, "acks"), "send COMMIT to 1 2; set acks");
  w.deliver("COMMIT", 0, 1);
  w.deliver("COMMIT", 0, 2);
  w.deliver("ACK", 1, 0);
  EXPECT_EQ(w.deliver("ACK", 2, 0), "cancel acks; log end; forget");
}

TEST(TwoPhaseRecovery, ACoordinatorResendsAnAbortJustTheSame) {
  Puppet w = voted();
  w.timeout(0, "votes");
  EXPECT_EQ(w.recover(0), "send ABORT to 1 2; set acks");
}

TEST(TwoPhaseRecovery, ASilentDecidedCoordinatorAnswersWhenItIsAsked) {
  Puppet w = committed({{"recover_decided", "silent"}});
  EXPECT_EQ(w.recover(0), "nothing");
  w.timeout(1, "decision");
  EXPECT_EQ(w.deliver("INQUIRY", 1, 0), "send COMMIT to 1");
}

TEST(TwoPhaseRecovery, ACoordinatorThatHadEndedDoesNothing) {
  Puppet w = committed();
  for (const int p : {1, 2}) w.deliver("COMMIT", 0, p);
  for (const int p : {1, 2}) w.deliver("ACK", p, 0);
  EXPECT_EQ(w.recover(0, "end"), "nothing");
  EXPECT_EQ(w.again("ACK", 1, 0), "nothing");
  EXPECT_EQ(w.armed(0), "");
}

// Presumed nothing "behaves like presumed abort towards forgotten aborts but logs everything":
// after the end the answer comes from the log too.
TEST(TwoPhaseRecovery, ACoordinatorThatHadEndedAnswersWithTheOutcomeThatEnded) {
  for (const bool commit : {true, false}) {
    Puppet w = voted();
    const char* decision = commit ? "COMMIT" : "ABORT";
    if (commit) {
      for (const int p : {1, 2}) w.deliver("YES", p, 0);
    } else {
      w.timeout(0, "votes");
    }
    for (const int p : {1, 2}) w.timeout(p, "decision");
    for (const int p : {1, 2}) w.deliver(decision, 0, p);
    for (const int p : {1, 2}) w.deliver("ACK", p, 0);
    w.recover(0, "end");
    EXPECT_EQ(w.outcome(0), commit ? Outcome::commit : Outcome::abort);
    EXPECT_EQ(w.deliver("INQUIRY", 1, 0), std::string("send ") + decision + " to 1");
    EXPECT_EQ(w.deliver(decision, 0, 1), "send ACK to 0");
    EXPECT_EQ(w.deliver("ACK", 1, 0), "nothing") << "it ends once";
  }
}

TEST(TwoPhaseRecovery, AParticipantThatHadNotPreparedAbortsAlone) {
  Puppet w("2pc", 2);
  w.start();
  w.deliver("PREPARE", 0, 1);
  EXPECT_EQ(w.recover(1), "force aborted; decide abort");
  EXPECT_EQ(w.again("PREPARE", 0, 1), "send NO to 0");
}

TEST(TwoPhaseRecovery, APreparedParticipantAsksAndFollows) {
  Puppet w = voted();
  EXPECT_EQ(w.recover(1), "send INQUIRY to 0; set decision");
  EXPECT_EQ(w.state(1), "prepared");
  w.deliver("YES", 1, 0);
  w.deliver("YES", 2, 0);
  EXPECT_EQ(w.deliver("INQUIRY", 1, 0), "send COMMIT to 1");
  EXPECT_EQ(w.deliver("COMMIT", 0, 1),
            "cancel decision; force committed; decide commit; send ACK to 0");
}

TEST(TwoPhaseRecovery, APreparedParticipantGivesTheSameVoteWhenAskedAgain) {
  Puppet w = voted();
  w.recover(1);
  EXPECT_EQ(w.again("PREPARE", 0, 1), "send YES to 0");
}

TEST(TwoPhaseRecovery, WithoutInquiryAPreparedParticipantWaitsToBeTold) {
  Puppet w = voted({{"uncertain", "off"}});
  EXPECT_EQ(w.recover(1), "nothing");
  EXPECT_EQ(w.state(1), "prepared");
}

TEST(TwoPhaseRecovery, ADecisionOfItsOwnIsNotTakenBeforeTheTimeout) {
  Puppet w = voted({{"uncertain", "abort"}});
  EXPECT_EQ(w.recover(1), "set decision") << "the option speaks of the `decision` time-out";
  EXPECT_EQ(w.timeout(1, "decision"), "force aborted; decide abort");
}

TEST(TwoPhaseRecovery, ADecidedParticipantKeepsItsDecision) {
  Puppet w = committed();
  w.deliver("COMMIT", 0, 1);
  EXPECT_EQ(w.recover(1), "nothing");
  EXPECT_EQ(w.outcome(1), Outcome::commit);
  EXPECT_EQ(w.again("COMMIT", 0, 1), "send ACK to 0");
}

TEST(TwoPhaseRecovery, ANoVoterThatForcedNothingStillAborts) {
  Puppet w("2pc", 1);
  w.start();
  w.deliver("PREPARE", 0, 1);
  w.prepared(1, false);
  EXPECT_EQ(w.record(1), "none");
  EXPECT_EQ(w.recover(1), "force aborted; decide abort") << "no prepared record: it never said YES";
}

}  // namespace
}  // namespace indoubt
