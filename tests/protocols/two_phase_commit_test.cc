// Goal: each handler of 2pc asks for what the textbook says, under the standard options.
// Bernstein, Hadzilacos & Goodman (1987), ch. 7.4; acks and end record as in R* (1986).
#include <gtest/gtest.h>

#include <cstring>

#include "tests/support/puppet.h"

namespace indoubt {
namespace {

/// Everybody has been asked and has begun local work.
Puppet asked(int participants, const std::vector<NamedOption>& options = {}) {
  Puppet w("2pc", participants, options);
  w.start();
  for (int p = 1; p <= participants; ++p) w.deliver("PREPARE", 0, p);
  return w;
}

/// Everybody has voted YES, and the votes are on their way.
Puppet voted(int participants, const std::vector<NamedOption>& options = {}) {
  Puppet w = asked(participants, options);
  for (int p = 1; p <= participants; ++p) w.prepared(p, true);
  return w;
}

/// The coordinator has decided commit, and COMMIT is on its way.
Puppet committed(int participants, const std::vector<NamedOption>& options = {}) {
  Puppet w = voted(participants, options);
  for (int p = 1; p <= participants; ++p) w.deliver("YES", p, 0);
  return w;
}

TEST(TwoPhaseCommit, TheCoordinatorAsksEverybodyAndAwaitsTheVotes) {
  Puppet w("2pc", 3);
  EXPECT_EQ(w.state(0), "initial");
  EXPECT_EQ(w.start(), "send PREPARE to 1 2 3; set votes");
  EXPECT_EQ(w.state(0), "voting");
  EXPECT_EQ(w.state(1), "initial");
  EXPECT_EQ(w.armed(1), "") << "a participant that was not asked waits for nothing";
}

TEST(TwoPhaseCommit, APreparedParticipantForcesItsVoteBeforeSendingIt) {
  Puppet w("2pc", 3);
  w.start();
  EXPECT_EQ(w.deliver("PREPARE", 0, 2), "prepare");
  EXPECT_EQ(w.state(2), "preparing");
  EXPECT_EQ(w.prepared(2, true), "force prepared; vote YES; send YES to 0; set decision");
  EXPECT_EQ(w.state(2), "prepared");
  EXPECT_EQ(w.outcome(2), Outcome::none);
}

TEST(TwoPhaseCommit, ANoVoterAbortsAtOnceWithoutForcing) {
  Puppet w = asked(3);
  EXPECT_EQ(w.prepared(2, false), "vote NO; log aborted; decide abort; send NO to 0");
  EXPECT_EQ(w.outcome(2), Outcome::abort);
  EXPECT_EQ(w.armed(2), "") << "it is not in doubt";
}

TEST(TwoPhaseCommit, TheCoordinatorDecidesCommitAtTheLastYesAndNotBefore) {
  Puppet w = voted(3);
  EXPECT_EQ(w.deliver("YES", 3, 0), "nothing");
  EXPECT_EQ(w.deliver("YES", 1, 0), "nothing");
  EXPECT_EQ(w.outcome(0), Outcome::none);
  EXPECT_EQ(w.deliver("YES", 2, 0),
            "cancel votes; force committed; decide commit; send COMMIT to 1 2 3; set acks");
}

TEST(TwoPhaseCommit, TheFirstNoDecidesAbortAndTheNoVoterIsNotTold) {
  Puppet w = asked(3);
  w.prepared(2, false);
  EXPECT_EQ(w.deliver("NO", 2, 0),
            "cancel votes; force aborted; decide abort; send ABORT to 1 3; set acks");
}

TEST(TwoPhaseCommit, TheDecisionIsForcedThenTakenThenAcknowledged) {
  Puppet w = committed(3);
  EXPECT_EQ(w.deliver("COMMIT", 0, 1),
            "cancel decision; force committed; decide commit; send ACK to 0");
  EXPECT_EQ(w.state(1), "committed");
}

TEST(TwoPhaseCommit, TheCoordinatorForgetsAtTheLastAckAndNotBefore) {
  Puppet w = committed(3);
  for (const int p : {1, 2, 3}) w.deliver("COMMIT", 0, p);
  EXPECT_EQ(w.deliver("ACK", 1, 0), "nothing");
  EXPECT_EQ(w.deliver("ACK", 2, 0), "nothing");
  EXPECT_FALSE(w.forgotten(0));
  EXPECT_EQ(w.deliver("ACK", 3, 0), "cancel acks; log end; forget");
  EXPECT_TRUE(w.quiet());
}

TEST(TwoPhaseCommit, AbortNeedsNoAckOfTheNoVoter) {
  Puppet w = asked(2);
  w.prepared(1, false);
  w.prepared(2, true);
  w.deliver("YES", 2, 0);
  w.deliver("NO", 1, 0);
  EXPECT_EQ(w.deliver("ABORT", 0, 2),
            "cancel decision; force aborted; decide abort; send ACK to 0");
  EXPECT_EQ(w.deliver("ACK", 2, 0), "cancel acks; log end; forget");
}

TEST(TwoPhaseCommit, WhenAllVoteNoTheCoordinatorForgetsAtOnce) {
  Puppet w = asked(1);
  w.prepared(1, false);
  EXPECT_EQ(w.deliver("NO", 1, 0), "cancel votes; force aborted; decide abort; log end; forget");
}

// ---- duplicates (S9: "same answer again, no second effect") ------------------------------------

TEST(TwoPhaseCommitDuplicates, ARepeatedPrepareStartsNoSecondWork) {
  Puppet w("2pc", 2);
  w.start();
  w.deliver("PREPARE", 0, 1);
  EXPECT_EQ(w.again("PREPARE", 0, 1), "nothing");
}

TEST(TwoPhaseCommitDuplicates, ARepeatedPrepareIsAnsweredWithTheSameVote) {
  Puppet w = asked(2);
  w.prepared(1, true);
  w.prepared(2, false);
  EXPECT_EQ(w.again("PREPARE", 0, 1), "send YES to 0") << "neither forced nor timed again";
  EXPECT_EQ(w.again("PREPARE", 0, 2), "send NO to 0");
}

TEST(TwoPhaseCommitDuplicates, ARepeatedVoteDoesNotCountTwice) {
  Puppet w = voted(3);
  w.deliver("YES", 1, 0);
  for (int k = 0; k < 5; ++k) EXPECT_EQ(w.again("YES", 1, 0), "nothing");
  EXPECT_EQ(w.outcome(0), Outcome::none);
}

TEST(TwoPhaseCommitDuplicates, ARepeatedDecisionIsOnlyAcknowledgedAgain) {
  Puppet w = committed(2);
  w.deliver("COMMIT", 0, 1);
  EXPECT_EQ(w.again("COMMIT", 0, 1), "send ACK to 0");
}

TEST(TwoPhaseCommitDuplicates, ARepeatedAckNeitherCountsTwiceNorEndsTwice) {
  Puppet w = committed(2);
  for (const int p : {1, 2}) w.deliver("COMMIT", 0, p);
  w.deliver("ACK", 1, 0);
  EXPECT_EQ(w.again("ACK", 1, 0), "nothing");
  w.deliver("ACK", 2, 0);
  EXPECT_EQ(w.again("ACK", 2, 0), "nothing");
}

// ---- late messages -----------------------------------------------------------------------------

TEST(TwoPhaseCommitLate, AVoteAfterTheDecisionChangesNothing) {
  Puppet w = voted(2);
  w.timeout(0, "votes");
  EXPECT_EQ(w.deliver("YES", 1, 0), "nothing");
  EXPECT_EQ(w.deliver("YES", 2, 0), "nothing");
  EXPECT_EQ(w.outcome(0), Outcome::abort);
}

TEST(TwoPhaseCommitLate, AnAbortThatOvertakesPrepareIsFollowedAndPrepareAnsweredNo) {
  Puppet w("2pc", 2);
  w.start();
  w.timeout(0, "votes");
  EXPECT_EQ(w.deliver("ABORT", 0, 1), "force aborted; decide abort; send ACK to 0");
  EXPECT_EQ(w.deliver("PREPARE", 0, 1), "send NO to 0");
  EXPECT_FALSE(w.works(1));
}

TEST(TwoPhaseCommitLate, AnAbortDuringLocalWorkLeavesNothingToVote) {
  Puppet w = asked(2);
  w.timeout(0, "votes");
  w.deliver("ABORT", 0, 1);
  EXPECT_EQ(w.prepared(1, true), "nothing");
  EXPECT_EQ(w.outcome(1), Outcome::abort);
}

TEST(TwoPhaseCommitLate, APrepareAfterCommitIsNotAnswered) {
  Puppet w = committed(2);
  w.deliver("COMMIT", 0, 1);
  EXPECT_EQ(w.again("PREPARE", 0, 1), "nothing");
}

// ---- time-outs ---------------------------------------------------------------------------------

TEST(TwoPhaseCommitTimeouts, MissingVotesAbortAndEverybodyButKnownNoVotersIsTold) {
  Puppet w = asked(3, {{"at_no", "wait"}});
  w.prepared(1, true);
  w.prepared(2, false);
  w.deliver("YES", 1, 0);
  w.deliver("NO", 2, 0);
  EXPECT_EQ(w.timeout(0, "votes"), "force aborted; decide abort; send ABORT to 1 3; set acks");
}

TEST(TwoPhaseCommitTimeouts, TheDecisionIsSentAgainToThoseThatDidNotAcknowledgeForEver) {
  Puppet w = committed(3);
  w.deliver("COMMIT", 0, 2);
  w.deliver("ACK", 2, 0);
  for (int k = 0; k < 3; ++k) {
    EXPECT_EQ(w.timeout(0, "acks"), "send COMMIT to 1 3; set acks");
  }
}

TEST(TwoPhaseCommitTimeouts, AnUncertainParticipantAsksTheCoordinatorPeriodically) {
  Puppet w = voted(2);
  for (int k = 0; k < 3; ++k) {
    EXPECT_EQ(w.timeout(1, "decision"), "send INQUIRY to 0; set decision");
  }
  EXPECT_EQ(w.outcome(1), Outcome::none);
}

TEST(TwoPhaseCommitTimeouts, AnInquiryIsAnsweredOnceThereIsADecision) {
  Puppet w = voted(2);
  w.timeout(1, "decision");
  w.timeout(1, "decision");
  EXPECT_EQ(w.deliver("INQUIRY", 1, 0), "nothing") << "undecided";
  w.deliver("YES", 1, 0);
  w.deliver("YES", 2, 0);
  EXPECT_EQ(w.deliver("INQUIRY", 1, 0), "send COMMIT to 1");
}

TEST(TwoPhaseCommitTimeouts, AnAnswerToAnInquiryIsADecisionLikeAnyOther) {
  Puppet w = committed(2);
  w.timeout(1, "decision");
  w.drop("COMMIT", 0, 1);
  w.deliver("INQUIRY", 1, 0);
  EXPECT_EQ(w.deliver("COMMIT", 0, 1),
            "cancel decision; force committed; decide commit; send ACK to 0");
}

TEST(TwoPhaseCommitTimeouts, ADecidedProcessHasNoTimerThatCouldReverseIt) {
  Puppet w = committed(2);
  w.deliver("COMMIT", 0, 1);
  EXPECT_EQ(w.armed(1), "");
  EXPECT_EQ(w.armed(0), "acks");
}

// ---- symmetry ----------------------------------------------------------------------------------

/// The coordinator's state as bytes, with participants 1 and 2 renamed if asked to.
std::string coordinator(const Puppet& w, bool renamed) {
  std::vector<std::uint64_t> state(w.machine().state_size / 8u + 1);
  std::memcpy(state.data(), w.bytes(0), w.machine().state_size);
  if (renamed) w.machine().exchange(state.data(), 1, 2);
  return {reinterpret_cast<const char*>(state.data()), w.machine().state_size};
}

TEST(TwoPhaseCommitSymmetry, RenamingTwoParticipantsRenamesThemInEverySet) {
  Puppet voted_1 = voted(3), voted_2 = voted(3);
  voted_1.deliver("YES", 1, 0);
  voted_2.deliver("YES", 2, 0);
  EXPECT_NE(coordinator(voted_1, false), coordinator(voted_2, false));
  EXPECT_EQ(coordinator(voted_1, true), coordinator(voted_2, false)) << "votes that are missing";
  Puppet acked_1 = committed(3), acked_2 = committed(3);
  acked_1.deliver("COMMIT", 0, 1);
  acked_1.deliver("ACK", 1, 0);
  acked_2.deliver("COMMIT", 0, 2);
  acked_2.deliver("ACK", 2, 0);
  EXPECT_NE(coordinator(acked_1, false), coordinator(acked_2, false));
  EXPECT_EQ(coordinator(acked_1, true), coordinator(acked_2, false)) << "acks that are missing";
}

// ---- width -------------------------------------------------------------------------------------

TEST(TwoPhaseCommit, WorksWith256Participants) {
  Puppet w = committed(256);
  EXPECT_EQ(w.outcome(0), Outcome::commit);
  for (int p = 1; p <= 256; ++p) w.deliver("COMMIT", 0, p);
  for (int p = 1; p < 256; ++p) EXPECT_EQ(w.deliver("ACK", p, 0), "nothing");
  EXPECT_EQ(w.deliver("ACK", 256, 0), "cancel acks; log end; forget");
  EXPECT_EQ(w.sent(), 4 * 256);
}

}  // namespace
}  // namespace indoubt
