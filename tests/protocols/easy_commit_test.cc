// Goal: easy-commit and 2pc-broadcast, handler by handler: transmit first, then commit; termination
// and recovery row by row; each labelled mistake breaks agreement in a run that the correct
// protocol survives.
// Gupta & Sadoghi (EDBT 2018); Babaoglu & Toueg (1993).
#include <gtest/gtest.h>

#include "tests/support/crash_walk.h"

namespace indoubt {
namespace {

/// Three participants that have voted YES; their votes are on their way.
Puppet voted(std::string_view protocol, const std::vector<NamedOption>& options = {}) {
  Puppet w(protocol, 3, options);
  w.start();
  for (int p = 1; p <= 3; ++p) w.deliver("PREPARE", 0, p);
  for (int p = 1; p <= 3; ++p) w.prepared(p, true);
  return w;
}

/// The coordinator has transmitted COMMIT and decided.
Puppet committed(std::string_view protocol = "easy-commit",
                 const std::vector<NamedOption>& options = {}) {
  Puppet w = voted(protocol, options);
  for (int p = 1; p <= 3; ++p) w.deliver("YES", p, 0);
  return w;
}

// ---- transmit, then commit
// ---------------------------------------------------------------------------

TEST(EasyCommit, TheCoordinatorTransmitsBeforeItDecides) {
  Puppet w = voted("easy-commit");
  w.deliver("YES", 1, 0);
  w.deliver("YES", 2, 0);
  EXPECT_EQ(w.deliver("YES", 3, 0),
            "cancel votes; send COMMIT to 1 2 3; force committed; decide commit");
}

TEST(EasyCommit, AParticipantForwardsBeforeItDecides) {
  Puppet w = committed();
  EXPECT_EQ(w.deliver("COMMIT", 0, 2),
            "cancel decision; send COMMIT to 1 3; force committed; decide commit");
  EXPECT_EQ(w.deliver("COMMIT", 2, 1),
            "cancel decision; send COMMIT to 2 3; force committed; decide commit");
  EXPECT_EQ(w.deliver("COMMIT", 0, 1), "nothing") << "once";
}

TEST(EasyCommit, ForwardingToTheCoordinatorIsAnOption) {
  Puppet w = committed("easy-commit", {{"forward_to_coordinator", "yes"}});
  EXPECT_EQ(w.deliver("COMMIT", 0, 2),
            "cancel decision; send COMMIT to 0 1 3; force committed; decide commit");
  EXPECT_EQ(w.deliver("COMMIT", 2, 0), "nothing");
  EXPECT_EQ(committed("2pc-broadcast").deliver("COMMIT", 0, 2),
            "cancel decision; send COMMIT to 0 1 3; force committed; decide commit")
      << "a broadcast is to all";
}

TEST(EasyCommit, ANoAbortsAndTheNoVoterIsToldByTheOthersOnly) {
  Puppet w("easy-commit", 2);
  w.start();
  for (const int p : {1, 2}) w.deliver("PREPARE", 0, p);
  EXPECT_EQ(w.prepared(1, false), "vote NO; log aborted; decide abort; send NO to 0");
  EXPECT_EQ(w.deliver("NO", 1, 0), "cancel votes; send ABORT to 2; force aborted; decide abort");
  EXPECT_EQ(w.deliver("ABORT", 0, 2), "send ABORT to 1; force aborted; decide abort");
  EXPECT_EQ(w.deliver("ABORT", 2, 1), "nothing");
  EXPECT_EQ(w.prepared(2, true), "nothing");
}

TEST(EasyCommit, MissingVotesAbort) {
  Puppet w = voted("easy-commit");
  EXPECT_EQ(w.timeout(0, "votes"), "send ABORT to 1 2 3; force aborted; decide abort");
  EXPECT_EQ(w.deliver("YES", 1, 0), "nothing");
}

TEST(EasyCommit, ARepeatedPrepareIsAnsweredWithTheSameVote) {
  Puppet w = voted("easy-commit");
  EXPECT_EQ(w.again("PREPARE", 0, 1), "send YES to 0");
}

TEST(EasyCommit, AnUnaskedParticipantAbortsAloneIfToldTo) {
  Puppet w("easy-commit", 2, {{"unasked", "abort"}});
  w.start();
  EXPECT_EQ(w.timeout(1, "request"), "force aborted; decide abort");
  EXPECT_EQ(w.deliver("PREPARE", 0, 1), "send NO to 0");
}

// ---- termination: table 4.1, but all uncertain abort
// ---------------------------------------------------

TEST(EasyCommitTermination, TheLowestParticipantAsksTheOthersAndLeavesTheCoordinatorOut) {
  Puppet w = voted("easy-commit");
  EXPECT_EQ(w.timeout(2, "decision"), "set decision") << "it waits for 1 first";
  EXPECT_EQ(w.timeout(1, "decision"), "send STATE-REQ to 2 3; set states");
}

TEST(EasyCommitTermination, SomebodyCommitted) {
  Puppet w = committed();
  w.deliver("COMMIT", 0, 3);
  for (const int p : {1, 2}) w.drop("COMMIT", 3, p);
  w.timeout(1, "decision");
  EXPECT_EQ(w.deliver("STATE-REQ", 1, 3), "send COMMIT to 1");
  EXPECT_EQ(w.deliver("COMMIT", 3, 1),
            "cancel states; send COMMIT to 2 3; force committed; decide commit");
}

TEST(EasyCommitTermination, SomebodyAborted) {
  Puppet w("easy-commit", 2);
  w.start();
  for (const int p : {1, 2}) w.deliver("PREPARE", 0, p);
  w.prepared(1, true);
  w.prepared(2, false);
  w.timeout(1, "decision");
  EXPECT_EQ(w.deliver("STATE-REQ", 1, 2), "send ABORT to 1");
}

TEST(EasyCommitTermination, SomebodyHasNotVoted) {
  Puppet w("easy-commit", 2);
  w.start();
  w.deliver("PREPARE", 0, 1);
  w.prepared(1, true);
  w.timeout(1, "decision");
  EXPECT_EQ(w.deliver("STATE-REQ", 1, 2), "force aborted; decide abort; send ABORT to 1");
}

TEST(EasyCommitTermination, AllUncertainAbortSinceNobodyCanHaveDecided) {
  Puppet w = voted("easy-commit");
  w.crash(0, 0);
  w.timeout(1, "decision");
  EXPECT_EQ(w.deliver("STATE-REQ", 1, 2), "send UNCERTAIN to 1; set decision");
  EXPECT_EQ(w.deliver("STATE-REQ", 1, 3), "send UNCERTAIN to 1; set decision");
  EXPECT_EQ(w.deliver("UNCERTAIN", 2, 1), "nothing");
  EXPECT_EQ(w.deliver("UNCERTAIN", 3, 1),
            "cancel states; send ABORT to 2 3; force aborted; decide abort");
}

TEST(EasyCommitTermination, ThoseThatDoNotAnswerAreTakenForFailed) {
  Puppet w = voted("easy-commit");
  w.timeout(1, "decision");
  EXPECT_EQ(w.timeout(1, "states"), "send ABORT to 2 3; force aborted; decide abort");
}

TEST(EasyCommitTermination, ABackUpThatFailsIsFollowedByTheNext) {
  Puppet w = voted("easy-commit");
  w.timeout(1, "decision");
  w.deliver("STATE-REQ", 1, 2);
  EXPECT_EQ(w.timeout(2, "decision"), "send STATE-REQ to 0 3; set states")
      << "whom another back-up took for failed is asked";
  EXPECT_EQ(w.deliver("STATE-REQ", 2, 3), "send UNCERTAIN to 2; set decision");
  EXPECT_EQ(w.deliver("STATE-REQ", 1, 3), "nothing") << "an old leader";
}

TEST(EasyCommitTermination, ACoordinatorThatIsAskedHasTransmittedNothingAndAborts) {
  Puppet w = voted("easy-commit");
  w.timeout(1, "decision");
  w.deliver("STATE-REQ", 1, 2);
  w.timeout(2, "decision");
  EXPECT_EQ(w.deliver("STATE-REQ", 2, 0),
            "cancel votes; send ABORT to 1 2 3; force aborted; decide abort");
}

TEST(EasyCommitTermination, WhoTakesAllOthersForFailedAbortsAlone) {
  Puppet w = voted("easy-commit");
  EXPECT_EQ(w.timeout(3, "decision"), "set decision");
  EXPECT_EQ(w.timeout(3, "decision"), "set decision");
  EXPECT_EQ(w.timeout(3, "decision"), "send ABORT to 1 2; force aborted; decide abort");
}

TEST(EasyCommitTermination, AnUncertainParticipantDoesAsItIsTold) {
  const auto late = [](std::string_view policy) {
    return voted("easy-commit", {{"uncertain", policy}}).timeout(1, "decision");
  };
  EXPECT_EQ(late("terminate"), "send STATE-REQ to 2 3; set states");
  EXPECT_EQ(late("ask"), "send INQUIRY to 0 2 3; set decision");
  EXPECT_EQ(late("off"), "decision is not armed at 1");
  EXPECT_EQ(late("abort"), "force aborted; decide abort");
}

// Babaoglu & Toueg: a participant that delivers nothing in time decides abort, without asking.
TEST(BroadcastTermination, WhoWaitsInVainAborts) {
  Puppet w = voted("2pc-broadcast");
  EXPECT_EQ(w.timeout(1, "decision"), "force aborted; decide abort");
}

// ---- recovery
// ------------------------------------------------------------------------------------------

TEST(EasyCommitRecovery, ACoordinatorWithoutADecisionRecordMayHaveTransmittedAndAsks) {
  Puppet w = voted("easy-commit");
  w.deliver("YES", 1, 0);
  w.deliver("YES", 2, 0);
  w.cut_next(0, 1);
  EXPECT_EQ(w.deliver("YES", 3, 0),
            "cancel votes; send COMMIT to 1; crash; send INQUIRY to 1 2 3; set decision");
  EXPECT_EQ(w.state(0), "recovering");
  w.deliver("COMMIT", 0, 1);
  EXPECT_EQ(w.deliver("INQUIRY", 0, 1), "send COMMIT to 0");
  EXPECT_EQ(w.deliver("COMMIT", 1, 0),
            "cancel decision; send COMMIT to 1 2 3; force committed; decide commit");
  EXPECT_EQ(voted("easy-commit", {{"start_record", "forced"}}).recover(0),
            "send INQUIRY to 1 2 3; set decision")
      << "with a start record only, too";
}

TEST(EasyCommitRecovery, ACoordinatorWithADecisionRecordTellsItAgain) {
  EXPECT_EQ(committed().recover(0), "send COMMIT to 1 2 3");
  Puppet w = voted("easy-commit");
  w.timeout(0, "votes");
  EXPECT_EQ(w.recover(0), "send ABORT to 1 2 3");
  EXPECT_EQ(committed("easy-commit", {{"recover_decided", "silent"}}).recover(0), "nothing");
}

TEST(EasyCommitRecovery, AParticipantThatHadNotPreparedAbortsAlone) {
  Puppet w("easy-commit", 2);
  w.start();
  w.deliver("PREPARE", 0, 1);
  EXPECT_EQ(w.recover(1), "force aborted; decide abort");
}

TEST(EasyCommitRecovery, APreparedParticipantAsksAndTakesNoPartInTermination) {
  Puppet w = voted("easy-commit");
  EXPECT_EQ(w.recover(2), "send INQUIRY to 0 1 3; set decision");
  w.timeout(1, "decision");
  EXPECT_EQ(w.deliver("STATE-REQ", 1, 2), "nothing");
  EXPECT_EQ(w.deliver("INQUIRY", 2, 3), "nothing") << "uncertain";
  EXPECT_EQ(w.timeout(2, "decision"), "send INQUIRY to 0 1 3; set decision");
  w.timeout(1, "states");
  EXPECT_EQ(w.deliver("ABORT", 1, 2),
            "cancel decision; send ABORT to 1 3; force aborted; decide abort")
      << "it does not know whom else the sender has told";
}

TEST(EasyCommitRecovery, ADecidedParticipantKeepsItsDecision) {
  Puppet w = committed();
  w.deliver("COMMIT", 0, 1);
  EXPECT_EQ(w.recover(1), "nothing");
  EXPECT_EQ(w.outcome(1), Outcome::commit);
}

// ---- mistakes
// ------------------------------------------------------------------------------------------

/// The coordinator transmits COMMIT to 1 only and stops; 1 stops after `effects` effects of its
/// own; the others time out.
Puppet two_stops(std::string_view protocol, std::string_view mistake, int effects) {
  Puppet w = voted(protocol, {{"mistake", mistake}});
  w.deliver("YES", 1, 0);
  w.deliver("YES", 2, 0);
  w.stop_next(0, mistake == "none" ? 1 : 3);
  w.deliver("YES", 3, 0);
  for (const int p : {2, 3}) w.drop("COMMIT", 0, p);
  w.stop_next(1, effects);
  w.deliver("COMMIT", 0, 1);
  for (const int p : {2, 3, 2}) w.timeout(p, "decision");  // 2 waits for 1 first
  w.timeout(2, "states");
  return w;
}

TEST(EasyCommitMistakes, DeliveringBeforeForwardingLeavesTheOthersToAbort) {
  for (const char* protocol : {"easy-commit", "2pc-broadcast"}) {
    const Puppet wrong = two_stops(protocol, "deliver_before_forward", 2);
    EXPECT_EQ(wrong.decided(1), Outcome::commit);
    EXPECT_EQ(wrong.decided(2), Outcome::abort);
    const Puppet right = two_stops(protocol, "none", 0);
    EXPECT_EQ(right.decided(1), Outcome::none) << "it has not told anybody, nor decided";
    EXPECT_EQ(right.decided(2), Outcome::abort);
    EXPECT_EQ(right.decided(0), Outcome::none);
  }
}

TEST(EasyCommitMistakes, ARecordForcedBeforeForwardingCommitsAfterARestart) {
  for (const bool wrong : {false, true}) {
    Puppet w = voted("easy-commit", {{"mistake", wrong ? "force_before_forward" : "none"}});
    w.deliver("YES", 1, 0);
    w.deliver("YES", 2, 0);
    w.cut_next(0, wrong ? 1 : 0);  // before anything is sent
    w.deliver("YES", 3, 0);
    for (const int p : {1, 2, 3}) w.drop("COMMIT", 0, p);
    w.timeout(1, "decision");
    w.timeout(1, "states");
    EXPECT_EQ(w.outcome(1), Outcome::abort);
    EXPECT_EQ(w.outcome(0), wrong ? Outcome::commit : Outcome::none);
  }
}

TEST(EasyCommitMistakes, AVoteThatWasNotForcedIsForgottenAndTheOthersCommit) {
  for (const bool wrong : {false, true}) {
    Puppet w = committed("easy-commit", {{"mistake", wrong ? "vote_not_forced" : "none"}});
    w.deliver("COMMIT", 0, 2);
    w.recover(1);
    w.deliver("COMMIT", 0, 1);
    EXPECT_EQ(w.decided(1), wrong ? Outcome::abort : Outcome::commit);
    EXPECT_EQ(w.decided(2), Outcome::commit);
  }
}

// ---- random walks
// ----------------------------------------------------------------------------------------

constexpr Hazards kStops{.stops = 4, .synchronous = true};
constexpr Hazards kStopsAndRestarts{.restarts = 3, .stops = 3, .synchronous = true};
constexpr Hazards kRestarts{.restarts = 3, .stops = 1, .synchronous = true};

TEST(EasyCommitWalk, AgreesAndBlocksNobodyIfSitesOnlyStop) {
  for (const char* protocol : {"easy-commit", "2pc-broadcast"}) {
    for (const char* forward : {"no", "yes"}) {
      EXPECT_EQ(first_trouble(protocol, {{"forward_to_coordinator", forward}, {"unasked", "abort"}},
                              kStops, 6'000),
                "");
    }
  }
}

TEST(EasyCommitWalk, AgreesIfSitesRestartToo) {
  for (const char* protocol : {"easy-commit", "2pc-broadcast"}) {
    EXPECT_EQ(first_trouble(protocol, {{"unasked", "abort"}}, kRestarts, 6'000, false), "");
  }
}

TEST(EasyCommitWalk, FindsEveryMistake) {
  for (const char* protocol : {"easy-commit", "2pc-broadcast"}) {
    const auto trouble = [&](const char* mistake, const Hazards& hazards) {
      return first_trouble(protocol, {{"mistake", mistake}}, hazards, 20'000, false);
    };
    EXPECT_NE(trouble("deliver_before_forward", kStops), "");
    EXPECT_NE(trouble("force_before_forward", kStopsAndRestarts), "");
    EXPECT_NE(trouble("vote_not_forced", kRestarts), "");
  }
}

// A lost message can break agreement: the definition asks for reliable links.
TEST(EasyCommitWalk, FindsADisagreementOnceMessagesMayBeLost) {
  constexpr Hazards kLoss{.loss = true};
  EXPECT_NE(first_trouble("easy-commit", {}, kLoss, 3'000, false), "");
}

// ---- back from a crash ------------------------------------------------------------------------

// "The coordinator transmits before it decides": it may have told this one alone and died.
TEST(EasyCommit, WhoIsBackPassesTheDecisionOnToo) {
  for (const std::string_view protocol : {"easy-commit", "2pc-broadcast"}) {
    Puppet w = voted(protocol);
    w.recover(1);
    w.deliver("YES", 1, 0);
    w.deliver("YES", 2, 0);
    w.stop_next(0, 1);
    w.deliver("YES", 3, 0);
    const std::string did = w.deliver("COMMIT", 0, 1);
    EXPECT_NE(did.find("2 3; force committed; decide commit"), std::string::npos) << did;
    EXPECT_EQ(w.decided(0), Outcome::none) << "it has told only this one";
    w.deliver("COMMIT", 1, 2);
    EXPECT_EQ(w.outcome(2), Outcome::commit) << protocol;
  }
}

/// Everybody has voted YES, gone down, and is back.
Puppet all_back(std::string_view protocol) {
  Puppet w = voted(protocol);
  for (int p = 0; p <= 3; ++p) {
    for (int q = 0; q <= 3; ++q) {
      if (p != q) w.cut({p}, {q});
    }
  }
  for (int p = 0; p <= 3; ++p) w.recover(p);
  return w;
}
void deliver_all(Puppet& w) {
  while (!w.quiet()) w.deliver_number(0);
}

TEST(EasyCommit, AfterATotalFailureAllAbortOnceAllHaveSaidTwiceThatTheyAreBack) {
  for (const std::string_view protocol : {"easy-commit", "2pc-broadcast"}) {
    Puppet w = all_back(protocol);
    deliver_all(w);
    for (int p = 0; p <= 3; ++p) EXPECT_EQ(w.outcome(p), Outcome::none);
    w.timeout(0, "decision");
    deliver_all(w);
    EXPECT_EQ(w.outcome(0), Outcome::none) << "a decision may have been on its way";
    w.timeout(0, "decision");
    EXPECT_EQ(w.outcome(0), Outcome::abort) << protocol;
    for (int p = 1; p <= 3; ++p) w.timeout(p, "decision");
    deliver_all(w);
    for (int p = 1; p <= 3; ++p) EXPECT_EQ(w.outcome(p), Outcome::abort) << protocol;
  }
}

TEST(EasyCommit, NobodyAbortsWhileOneIsMissing) {
  Puppet w = all_back("easy-commit");
  w.crash(3, 0);
  for (int round = 0; round < 5; ++round) {
    deliver_all(w);
    for (int p = 0; p <= 2; ++p) w.timeout(p, "decision");
  }
  for (int p = 0; p <= 2; ++p) EXPECT_EQ(w.outcome(p), Outcome::none);
}

TEST(EasyCommit, ADecisionThatWasOnItsWayIsFollowed) {
  Puppet w = voted("easy-commit");
  w.deliver("YES", 1, 0);
  w.deliver("YES", 2, 0);
  w.cut_next(0, 1);
  w.deliver("YES", 3, 0);  // COMMIT to 1 is on its way
  for (int p = 1; p <= 3; ++p) w.recover(p);
  while (w.in_flight() != "COMMIT 0>1") w.deliver_number(w.ends(0) == std::pair(0, 1) ? 1 : 0);
  for (int p = 0; p <= 3; ++p) w.timeout(p, "decision");
  deliver_all(w);
  for (int p = 1; p <= 3; ++p) EXPECT_EQ(w.outcome(p), Outcome::commit) << p;
}

}  // namespace
}  // namespace indoubt
