// Goal: 2pc-linear, handler by handler: votes travel right, the decision travels back, and every
// recovery and question ends as the tables say; each labelled mistake breaks agreement in a run
// that the correct protocol survives.
// Gray (1978); Bernstein, Hadzilacos & Goodman (1987), ch. 7.4.
#include <gtest/gtest.h>

#include "tests/support/crash_walk.h"

namespace indoubt {
namespace {

/// The first `yes` participants of `n` have voted YES, and the last YES is on its way.
Puppet chain(int n, int yes, const std::vector<NamedOption>& options = {}) {
  Puppet w("2pc-linear", n, options);
  w.start();
  for (int p = 1; p <= yes; ++p) {
    w.deliver(p == 1 ? "PREPARE" : "YES", p - 1, p);
    w.prepared(p, true);
  }
  return w;
}

// ---- voting ------------------------------------------------------------------------------------

TEST(Linear, TheCoordinatorAsksTheFirstParticipantOnly) {
  Puppet w("2pc-linear", 3);
  EXPECT_EQ(w.start(), "send PREPARE to 1; set votes");
  EXPECT_EQ(w.in_flight(), "PREPARE 0>1");
  EXPECT_EQ(w.state(0), "waiting");
}

TEST(Linear, AYesVoterForcesItsVoteAndPassesItToTheRight) {
  Puppet w = chain(3, 0);
  EXPECT_EQ(w.deliver("PREPARE", 0, 1), "prepare");
  EXPECT_EQ(w.prepared(1, true), "force prepared; vote YES; send YES to 2; set decision");
  EXPECT_EQ(w.deliver("YES", 1, 2), "prepare");
  EXPECT_EQ(w.prepared(2, true), "force prepared; vote YES; send YES to 3; set decision");
}

TEST(Linear, TheLastYesIsTheDecision) {
  Puppet w = chain(3, 2);
  w.deliver("YES", 2, 3);
  EXPECT_EQ(w.prepared(3, true), "force committed; vote YES; decide commit; send COMMIT to 2");
}

TEST(Linear, TheDecisionTravelsBackToTheCoordinator) {
  Puppet w = chain(3, 3);
  EXPECT_EQ(w.deliver("COMMIT", 3, 2),
            "cancel decision; force committed; decide commit; send COMMIT to 1");
  EXPECT_EQ(w.deliver("COMMIT", 2, 1),
            "cancel decision; force committed; decide commit; send COMMIT to 0");
  EXPECT_EQ(w.deliver("COMMIT", 1, 0), "cancel votes; force committed; decide commit");
  EXPECT_TRUE(w.quiet());
}

TEST(Linear, ANoAbortsAtOnceAndBothSidesAreTold) {
  Puppet w = chain(4, 1);
  w.deliver("YES", 1, 2);
  EXPECT_EQ(w.prepared(2, false),
            "vote NO; log aborted; decide abort; send ABORT to 1; send ABORT to 3");
  EXPECT_EQ(w.deliver("ABORT", 2, 3), "force aborted; decide abort; send ABORT to 4");
  EXPECT_EQ(w.deliver("ABORT", 3, 4), "force aborted; decide abort");
  EXPECT_EQ(w.deliver("ABORT", 2, 1),
            "cancel decision; force aborted; decide abort; send ABORT to 0");
  EXPECT_EQ(w.deliver("ABORT", 1, 0), "cancel votes; force aborted; decide abort");
}

TEST(Linear, ANoThatIsPassedOnComesBackAsAbortFromTheLast) {
  Puppet w = chain(4, 1, {{"at_no", "wait"}});
  w.deliver("YES", 1, 2);
  EXPECT_EQ(w.prepared(2, false), "vote NO; log aborted; decide abort; send NO to 3");
  EXPECT_EQ(w.deliver("NO", 2, 3), "force aborted; decide abort; send NO to 4");
  EXPECT_EQ(w.deliver("NO", 3, 4), "force aborted; decide abort; send ABORT to 3");
  EXPECT_EQ(w.deliver("ABORT", 4, 3), "send ABORT to 2") << "it has aborted and passes it on";
  EXPECT_EQ(w.deliver("ABORT", 3, 2), "send ABORT to 1");
  EXPECT_EQ(w.again("ABORT", 3, 2), "nothing") << "once";
}

TEST(Linear, ALastNoIsAbortUnderBothRules) {
  for (const char* at_no : {"decide", "wait"}) {
    Puppet w = chain(2, 1, {{"at_no", at_no}});
    w.deliver("YES", 1, 2);
    EXPECT_EQ(w.prepared(2, false), "vote NO; log aborted; decide abort; send ABORT to 1");
  }
}

TEST(Linear, OneParticipantAloneDecidesInOneRoundTrip) {
  Puppet w = chain(1, 0);
  w.deliver("PREPARE", 0, 1);
  EXPECT_EQ(w.prepared(1, true), "force committed; vote YES; decide commit; send COMMIT to 0");
  w.deliver("COMMIT", 1, 0);
  EXPECT_EQ(w.sent(), 2);
}

// ---- acks: each link on its own ----------------------------------------------------------------

TEST(LinearAcks, EachNeighbourIsToldUntilItAcknowledges) {
  Puppet w = chain(2, 2, {{"acks", "yes"}});
  EXPECT_EQ(w.armed(2), "acks");
  EXPECT_EQ(w.timeout(2, "acks"), "send COMMIT to 1; set acks");
  EXPECT_EQ(w.deliver("COMMIT", 2, 1),
            "cancel decision; force committed; decide commit; send COMMIT to 0; set acks; "
            "send ACK to 2");
  EXPECT_EQ(w.deliver("ACK", 1, 2), "cancel acks; log end; forget");
  EXPECT_EQ(w.deliver("COMMIT", 2, 1), "send ACK to 2") << "a repeated decision";
  EXPECT_EQ(w.deliver("COMMIT", 1, 0),
            "cancel votes; force committed; decide commit; log end; forget; send ACK to 1");
  EXPECT_EQ(w.deliver("ACK", 0, 1), "cancel acks; log end; forget");
}

TEST(LinearAcks, ANoVoterWaitsForBothNeighbours) {
  Puppet w = chain(3, 1, {{"acks", "yes"}});
  w.deliver("YES", 1, 2);
  w.prepared(2, false);
  w.deliver("ABORT", 2, 1);
  EXPECT_EQ(w.deliver("ACK", 1, 2), "nothing");
  EXPECT_EQ(w.timeout(2, "acks"), "send ABORT to 3; set acks");
  w.deliver("ABORT", 2, 3);
  EXPECT_EQ(w.deliver("ACK", 3, 2), "cancel acks; log end; forget");
}

// ---- duplicates and time-outs ------------------------------------------------------------------

TEST(LinearLate, ARepeatedPrepareMovesTheVotesOnAgain) {
  Puppet w = chain(3, 2, {{"prepare_resends", "1"}});
  w.drop("YES", 2, 3);
  EXPECT_EQ(w.timeout(0, "votes"), "send PREPARE to 1; set votes");
  EXPECT_EQ(w.deliver("PREPARE", 0, 1), "send YES to 2") << "neither forced nor timed again";
  EXPECT_EQ(w.deliver("YES", 1, 2), "send YES to 3");
  EXPECT_EQ(w.deliver("YES", 2, 3), "prepare");
  EXPECT_EQ(w.timeout(0, "votes"), "send INQUIRY to 1 2 3; set votes");
}

TEST(LinearLate, ARepeatedVoteMeetsTheDecision) {
  Puppet w = chain(2, 2);
  w.drop("COMMIT", 2, 1);
  EXPECT_EQ(w.again("YES", 1, 2), "send COMMIT to 1");
}

TEST(LinearLate, TheCoordinatorNeverAbortsAlone) {
  Puppet w = chain(2, 2);
  EXPECT_EQ(w.timeout(0, "votes"), "send INQUIRY to 1 2; set votes");
  EXPECT_EQ(w.outcome(0), Outcome::none);
  EXPECT_EQ(w.deliver("INQUIRY", 0, 2), "send COMMIT to 0");
  EXPECT_EQ(w.deliver("COMMIT", 2, 0), "cancel votes; force committed; decide commit");
}

TEST(LinearLate, AnUnaskedParticipantAbortsAloneIfToldTo) {
  Puppet w("2pc-linear", 2, {{"unasked", "abort"}});
  w.start();
  EXPECT_EQ(w.timeout(2, "request"), "force aborted; decide abort");
  w.deliver("PREPARE", 0, 1);
  w.prepared(1, true);
  EXPECT_EQ(w.deliver("YES", 1, 2), "send ABORT to 1");
}

TEST(LinearLate, AnUncertainParticipantDoesAsItIsTold) {
  const auto late = [](std::string_view policy) {
    return chain(2, 1, {{"uncertain", policy}}).timeout(1, "decision");
  };
  EXPECT_EQ(late("ask"), "send INQUIRY to 0 2; set decision");
  EXPECT_EQ(late("off"), "decision is not armed at 1");
  EXPECT_EQ(late("abort"), "force aborted; decide abort");
  EXPECT_EQ(late("commit"), "force committed; decide commit");
}

// ---- table 4.1: the participant 1 is uncertain and asks
// ------------------------------------------

TEST(LinearTermination, SomebodyCommitted) {  // "committed | commit"
  Puppet w = chain(3, 3);
  w.timeout(1, "decision");
  EXPECT_EQ(w.deliver("INQUIRY", 1, 3), "send COMMIT to 1");
  EXPECT_EQ(w.deliver("COMMIT", 3, 1), "cancel decision; force committed; decide commit")
      << "no neighbour told it: nobody is told";
}

TEST(LinearTermination, SomebodyAborted) {  // "aborted, or voted NO | abort"
  Puppet w = chain(2, 1);
  w.deliver("YES", 1, 2);
  w.prepared(2, false);
  w.drop("ABORT", 2, 1);
  w.timeout(1, "decision");
  EXPECT_EQ(w.deliver("INQUIRY", 1, 2), "send ABORT to 1");
}

TEST(LinearTermination, SomebodyHasNotVoted) {  // "not yet voted | it aborts, all abort"
  Puppet w = chain(3, 1);
  w.timeout(1, "decision");
  EXPECT_EQ(w.deliver("INQUIRY", 1, 3), "force aborted; decide abort; send ABORT to 1");
  w.deliver("YES", 1, 2);
  EXPECT_EQ(w.deliver("INQUIRY", 1, 2), "force aborted; decide abort; send ABORT to 1");
  EXPECT_EQ(w.prepared(2, true), "nothing") << "its local work comes too late";
}

TEST(LinearTermination, AllUncertainStayBlocked) {  // "none of these (all uncertain) | blocked"
  Puppet w = chain(3, 2);
  w.crash(3, 0);
  w.timeout(1, "decision");
  EXPECT_EQ(w.deliver("INQUIRY", 1, 0), "nothing") << "the coordinator is uncertain too";
  EXPECT_EQ(w.deliver("INQUIRY", 1, 2), "nothing");
  EXPECT_EQ(w.deliver("INQUIRY", 1, 3), "down");
  EXPECT_EQ(w.armed(1), "decision") << "it asks again";
}

// ---- recovery (table 4.4)
// ------------------------------------------------------------------------

TEST(LinearRecovery, ACoordinatorWithoutARecordMayHaveAskedAndAsks) {
  Puppet w = chain(2, 2);
  EXPECT_EQ(w.recover(0), "send INQUIRY to 1 2; set votes");
  EXPECT_EQ(w.deliver("INQUIRY", 0, 2), "send COMMIT to 0");
  Puppet silent = chain(2, 2, {{"recover_undecided", "silent"}});
  EXPECT_EQ(silent.recover(0), "nothing");
}

TEST(LinearRecovery, WithAForcedStartRecordItsAbsenceMeansThatNobodyWasAsked) {
  Puppet w("2pc-linear", 2, {{"start_record", "forced"}});
  w.cut_next(0, 0);
  EXPECT_EQ(w.start(), "crash; force aborted; decide abort") << "it knows nobody to tell";
  Puppet asked = chain(2, 1, {{"start_record", "forced"}});
  EXPECT_EQ(asked.recover(0), "send INQUIRY to 1 2; set votes");
}

TEST(LinearRecovery, AParticipantThatHadNotPreparedAbortsAlone) {
  Puppet w = chain(2, 1);
  w.deliver("YES", 1, 2);
  EXPECT_EQ(w.recover(2), "force aborted; decide abort");
  EXPECT_EQ(w.again("YES", 1, 2), "send ABORT to 1");
}

TEST(LinearRecovery, APreparedParticipantAsksAndFollows) {
  Puppet w = chain(2, 2);
  EXPECT_EQ(w.recover(1), "send INQUIRY to 0 2; set decision");
  EXPECT_EQ(w.deliver("COMMIT", 2, 1),
            "cancel decision; force committed; decide commit; send COMMIT to 0");
}

TEST(LinearRecovery, WhoHasDecidedTellsItsNeighbourAgain) {
  Puppet w = chain(3, 3);
  EXPECT_EQ(w.recover(3), "send COMMIT to 2");
  w.deliver("COMMIT", 3, 2);
  EXPECT_EQ(w.recover(2), "send COMMIT to 1");
  w.deliver("COMMIT", 2, 1);
  w.deliver("COMMIT", 1, 0);
  EXPECT_EQ(w.recover(0), "nothing") << "it has no left neighbour";
  EXPECT_EQ(w.outcome(0), Outcome::commit);
  Puppet silent = chain(3, 3, {{"recover_decided", "silent"}});
  EXPECT_EQ(silent.recover(3), "nothing");
}

TEST(LinearRecovery, AfterTheEndTheAnswerComesFromTheLog) {
  Puppet w = chain(1, 1, {{"acks", "yes"}});
  w.deliver("COMMIT", 1, 0);
  w.deliver("ACK", 0, 1);
  EXPECT_EQ(w.recover(1, "end"), "nothing");
  EXPECT_EQ(w.outcome(1), Outcome::commit);
}

// ---- mistakes
// ------------------------------------------------------------------------------------

TEST(LinearMistakes, AVoteThatWasNotForcedIsForgottenAndTheOthersCommit) {
  for (const bool wrong : {false, true}) {
    Puppet w = chain(2, 2, {{"mistake", wrong ? "vote_not_forced" : "none"}});
    ASSERT_EQ(w.decided(2), Outcome::commit);
    w.recover(1);
    EXPECT_EQ(w.decided(1), wrong ? Outcome::abort : Outcome::none);
    w.deliver("COMMIT", 2, 1);
    EXPECT_EQ(w.decided(1), wrong ? Outcome::abort : Outcome::commit);
  }
}

TEST(LinearMistakes, ALastParticipantThatTellsBeforeItForcesCanReverseItself) {
  for (const bool wrong : {false, true}) {
    Puppet w = chain(2, 1, {{"mistake", wrong ? "decide_before_force" : "none"}});
    w.deliver("YES", 1, 2);
    w.cut_next(2, wrong ? 3 : 0);  // the last instant before the force
    w.prepared(2, true);
    EXPECT_EQ(w.decided(2), Outcome::abort) << "back from the crash without a record";
    w.deliver("COMMIT", 2, 1);
    w.timeout(1, "decision");
    w.deliver("INQUIRY", 1, 2);
    w.deliver("ABORT", 2, 1);
    EXPECT_EQ(w.decided(1), wrong ? Outcome::commit : Outcome::abort);
  }
}

TEST(LinearMistakes, AbortingWhenUncertainContradictsACommitThatIsLate) {
  for (const bool wrong : {false, true}) {
    Puppet w = chain(2, 2, {{"mistake", wrong ? "abort_when_uncertain" : "none"}});
    w.timeout(1, "decision");
    w.deliver("COMMIT", 2, 1);
    EXPECT_EQ(w.decided(1), wrong ? Outcome::abort : Outcome::commit);
  }
}

// ---- random walks
// ----------------------------------------------------------------------------------

constexpr Hazards kEverything{.loss = true, .restarts = 3};

TEST(LinearWalk, AgreesAndDecidesWhateverIsLostAndWhoeverRestarts) {
  for (std::vector<NamedOption> options :
       {std::vector<NamedOption>{},
        {{"acks", "yes"}},
        {{"at_no", "wait"}},
        {{"at_no", "wait"}, {"acks", "yes"}, {"prepare_resends", "2"}},
        {{"start_record", "forced"}},
        {{"no_voter_record", "none"}}}) {
    options.push_back({"unasked", "abort"});  // or who was never asked has nothing to decide
    EXPECT_EQ(first_trouble("2pc-linear", options, kEverything, 3'000), "");
  }
}

TEST(LinearWalk, FindsEveryMistake) {
  for (const char* mistake : {"vote_not_forced", "decide_before_force", "abort_when_uncertain"}) {
    EXPECT_NE(first_trouble("2pc-linear", {{"mistake", mistake}}, kEverything, 3'000, false), "")
        << mistake;
  }
}

}  // namespace
}  // namespace indoubt
