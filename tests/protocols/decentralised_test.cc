// Goal: 2pc-decentralised, handler by handler: everybody votes to everybody and decides alone;
// recovery and questions end as the tables say; each labelled mistake breaks agreement in a run
// that the correct protocol survives.
// Skeen (1981); Bernstein, Hadzilacos & Goodman (1987), ch. 7.4.
#include <gtest/gtest.h>

#include "tests/support/crash_walk.h"

namespace indoubt {
namespace {

/// Three participants that have all been asked; the first `yes` have voted YES.
Puppet asked(int yes, const std::vector<NamedOption>& options = {}) {
  Puppet w("2pc-decentralised", 3, options);
  w.start();
  for (int p = 1; p <= 3; ++p) w.deliver("PREPARE", 0, p);
  for (int p = 1; p <= yes; ++p) w.prepared(p, true);
  return w;
}

// ---- voting and deciding -----------------------------------------------------------------------

TEST(Decentralised, TheCoordinatorOpensAndCollects) {
  Puppet w("2pc-decentralised", 3);
  EXPECT_EQ(w.start(), "send PREPARE to 1 2 3; set votes");
}

TEST(Decentralised, AParticipantVotesToEverybodyElse) {
  Puppet w = asked(0);
  EXPECT_EQ(w.prepared(2, true), "force prepared; vote YES; send YES to 0 1 3; set decision");
  EXPECT_EQ(w.prepared(1, false), "vote NO; log aborted; decide abort; send NO to 0 2 3");
}

TEST(Decentralised, EachOneDecidesAloneWithTheLastVote) {
  Puppet w = asked(3);
  EXPECT_EQ(w.deliver("YES", 2, 1), "nothing");
  EXPECT_EQ(w.deliver("YES", 3, 1), "cancel decision; force committed; decide commit");
  EXPECT_EQ(w.outcome(2), Outcome::none);
  for (int p = 1; p <= 2; ++p) EXPECT_EQ(w.deliver("YES", p, 0), "nothing");
  EXPECT_EQ(w.deliver("YES", 3, 0), "cancel votes; force committed; decide commit");
}

TEST(Decentralised, ItsOwnVoteMayBeTheLast) {
  Puppet w = asked(2);
  w.deliver("YES", 1, 3);
  EXPECT_EQ(w.deliver("YES", 2, 3), "nothing") << "it has not voted";
  EXPECT_EQ(w.prepared(3, true),
            "force prepared; vote YES; send YES to 0 1 2; force committed; decide commit");
}

TEST(Decentralised, ANoAbortsEverybodyAtOnce) {
  Puppet w = asked(1);
  w.prepared(2, false);
  EXPECT_EQ(w.deliver("NO", 2, 0), "cancel votes; force aborted; decide abort");
  EXPECT_EQ(w.deliver("NO", 2, 1), "cancel decision; force aborted; decide abort");
  EXPECT_EQ(w.deliver("NO", 2, 3), "force aborted; decide abort") << "during its local work";
  EXPECT_EQ(w.prepared(3, true), "nothing");
}

TEST(Decentralised, AVoteMayOvertakePrepare) {
  Puppet w("2pc-decentralised", 2);
  w.start();
  w.deliver("PREPARE", 0, 1);
  w.prepared(1, true);
  EXPECT_EQ(w.deliver("YES", 1, 2), "nothing");
  w.deliver("PREPARE", 0, 2);
  w.prepared(2, true);
  EXPECT_EQ(w.outcome(2), Outcome::commit);
}

TEST(Decentralised, ARepeatedVoteDoesNotCountTwice) {
  Puppet w = asked(3);
  w.deliver("YES", 2, 1);
  EXPECT_EQ(w.again("YES", 2, 1), "nothing");
  EXPECT_EQ(w.outcome(1), Outcome::none);
}

TEST(Decentralised, ARepeatedPrepareIsAnsweredWithTheSameVote) {
  Puppet w = asked(1);
  w.prepared(2, false);
  EXPECT_EQ(w.again("PREPARE", 0, 1), "send YES to 0");
  EXPECT_EQ(w.again("PREPARE", 0, 2), "send NO to 0");
  EXPECT_EQ(w.again("PREPARE", 0, 3), "nothing");
}

// ---- options -----------------------------------------------------------------------------------

TEST(DecentralisedOptions, WithoutVotesTheCoordinatorOpensAndIsDone) {
  Puppet w("2pc-decentralised", 2, {{"votes_to_coordinator", "no"}});
  EXPECT_EQ(w.start(), "send PREPARE to 1 2");
  w.deliver("PREPARE", 0, 1);
  EXPECT_EQ(w.prepared(1, true), "force prepared; vote YES; send YES to 2; set decision");
  EXPECT_EQ(w.again("PREPARE", 0, 1), "nothing");
  EXPECT_FALSE(w.machine().traits.decides(0));
  EXPECT_EQ(w.recover(0), "nothing");
}

TEST(DecentralisedOptions, OpenedByNobodyParticipantsVoteAtTheBeginning) {
  Puppet w("2pc-decentralised", 2, {{"opened_by", "nobody"}});
  EXPECT_EQ(w.start(), "set votes");
  EXPECT_TRUE(w.works(1) && w.works(2));
}

TEST(DecentralisedOptions, PrepareGoesAgainToThoseWhoseVoteIsMissing) {
  Puppet w = asked(3, {{"prepare_resends", "1"}});
  w.deliver("YES", 2, 0);
  EXPECT_EQ(w.timeout(0, "votes"), "send PREPARE to 1 3; set votes");
  EXPECT_EQ(w.timeout(0, "votes"), "send INQUIRY to 1 2 3; set votes");
}

TEST(DecentralisedOptions, AnUnaskedParticipantAbortsAloneIfToldTo) {
  Puppet w("2pc-decentralised", 2, {{"unasked", "abort"}});
  w.start();
  EXPECT_EQ(w.timeout(1, "request"), "force aborted; decide abort");
  EXPECT_EQ(w.deliver("PREPARE", 0, 1), "send NO to 0");
}

TEST(DecentralisedOptions, AnUncertainParticipantDoesAsItIsTold) {
  const auto late = [](std::string_view policy) {
    return asked(1, {{"uncertain", policy}}).timeout(1, "decision");
  };
  EXPECT_EQ(late("ask"), "send INQUIRY to 0 2 3; set decision");
  EXPECT_EQ(late("off"), "decision is not armed at 1");
  EXPECT_EQ(late("abort"), "force aborted; decide abort");
  EXPECT_EQ(late("commit"), "force committed; decide commit");
}

// ---- table 4.1: participant 1 is uncertain and asks
// ------------------------------------------------

TEST(DecentralisedTermination, SomebodyCommitted) {  // "committed | commit"
  Puppet w = asked(3);
  for (const int p : {1, 3}) w.deliver("YES", p, 2);
  w.timeout(1, "decision");
  EXPECT_EQ(w.deliver("INQUIRY", 1, 2), "send COMMIT to 1");
  EXPECT_EQ(w.deliver("COMMIT", 2, 1), "cancel decision; force committed; decide commit");
}

TEST(DecentralisedTermination, SomebodyAborted) {  // "aborted, or voted NO | abort"
  Puppet w = asked(2);
  w.prepared(3, false);
  w.drop("NO", 3, 1);
  w.timeout(1, "decision");
  EXPECT_EQ(w.deliver("INQUIRY", 1, 3), "send ABORT to 1");
  EXPECT_EQ(w.deliver("ABORT", 3, 1), "cancel decision; force aborted; decide abort");
}

TEST(DecentralisedTermination, SomebodyHasNotVoted) {  // "not yet voted | it aborts, all abort"
  Puppet w = asked(2);
  w.timeout(1, "decision");
  EXPECT_EQ(w.deliver("INQUIRY", 1, 3), "force aborted; decide abort; send ABORT to 1");
}

TEST(DecentralisedTermination, UncertainOnesAnswerWithTheirVotesSoThatLostVotesDoNotBlock) {
  Puppet w = asked(3);
  w.drop("YES", 2, 1);
  w.deliver("YES", 3, 1);
  w.timeout(1, "decision");
  EXPECT_EQ(w.deliver("INQUIRY", 1, 2), "send YES to 1");
  EXPECT_EQ(w.deliver("YES", 2, 1), "cancel decision; force committed; decide commit");
}

TEST(DecentralisedTermination, AllUncertainStayBlocked) {  // "none of these | blocked"
  Puppet w = asked(3);
  w.crash(3, ~std::uint64_t{0});  // its vote reaches nobody
  w.deliver("YES", 2, 1);
  w.timeout(1, "decision");
  EXPECT_EQ(w.deliver("INQUIRY", 1, 2), "send YES to 1");
  EXPECT_EQ(w.deliver("YES", 2, 1), "nothing");
  EXPECT_EQ(w.deliver("INQUIRY", 1, 0), "nothing") << "the coordinator is uncertain too";
  EXPECT_EQ(w.deliver("INQUIRY", 1, 3), "down");
  EXPECT_EQ(w.armed(1), "decision");
}

// ---- recovery (table 4.4)
// --------------------------------------------------------------------------

TEST(DecentralisedRecovery, ACoordinatorWithoutARecordAsks) {
  Puppet w = asked(3);
  EXPECT_EQ(w.recover(0), "send INQUIRY to 1 2 3; set votes");
  for (const int p : {1, 2}) EXPECT_EQ(w.deliver("INQUIRY", 0, p), "send YES to 0");
  for (const int p : {1, 2}) w.deliver("YES", p, 0);
  EXPECT_EQ(w.deliver("YES", 3, 0), "cancel votes; force committed; decide commit");
  Puppet silent = asked(3, {{"recover_undecided", "silent"}});
  EXPECT_EQ(silent.recover(0), "nothing");
}

TEST(DecentralisedRecovery, WithAForcedStartRecordItsAbsenceMeansThatNobodyWasAsked) {
  Puppet w("2pc-decentralised", 2, {{"start_record", "forced"}});
  w.cut_next(0, 0);
  EXPECT_EQ(w.start(), "crash; force aborted; decide abort") << "it knows nobody to tell";
  Puppet started = asked(3, {{"start_record", "forced"}});
  EXPECT_EQ(started.recover(0), "send INQUIRY to 1 2 3; set votes");
}

TEST(DecentralisedRecovery, AParticipantThatHadNotPreparedAbortsAlone) {
  Puppet w = asked(2);
  EXPECT_EQ(w.recover(3), "force aborted; decide abort");
  EXPECT_EQ(w.again("PREPARE", 0, 3), "send NO to 0");
}

TEST(DecentralisedRecovery, APreparedParticipantAsksAndCollectsTheVotesAgain) {
  Puppet w = asked(3);
  for (const int p : {2, 3}) w.drop("YES", p, 1);
  EXPECT_EQ(w.recover(1), "send INQUIRY to 0 2 3; set decision");
  EXPECT_EQ(w.deliver("INQUIRY", 1, 2), "send YES to 1");
  EXPECT_EQ(w.deliver("INQUIRY", 1, 3), "send YES to 1");
  w.deliver("YES", 2, 1);
  EXPECT_EQ(w.deliver("YES", 3, 1), "cancel decision; force committed; decide commit");
}

TEST(DecentralisedRecovery, ADecidedProcessKeepsItsDecision) {
  Puppet w = asked(3);
  for (const int p : {1, 3}) w.deliver("YES", p, 2);
  EXPECT_EQ(w.recover(2), "nothing");
  EXPECT_EQ(w.outcome(2), Outcome::commit);
  w.timeout(1, "decision");
  EXPECT_EQ(w.deliver("INQUIRY", 1, 2), "send COMMIT to 1");
}

// ---- mistakes
// ----------------------------------------------------------------------------------------

TEST(DecentralisedMistakes, AVoteThatWasNotForcedIsForgottenAndTheOthersCommit) {
  for (const bool wrong : {false, true}) {
    Puppet w = asked(3, {{"mistake", wrong ? "vote_not_forced" : "none"}});
    for (const int p : {1, 3}) w.deliver("YES", p, 2);
    ASSERT_EQ(w.decided(2), Outcome::commit);
    w.recover(1);
    w.deliver("INQUIRY", 1, 2);
    w.deliver("COMMIT", 2, 1);
    EXPECT_EQ(w.decided(1), wrong ? Outcome::abort : Outcome::commit);
  }
}

TEST(DecentralisedMistakes, AbortingWhenUncertainContradictsVotesThatAreLate) {
  for (const bool wrong : {false, true}) {
    Puppet w = asked(3, {{"mistake", wrong ? "abort_when_uncertain" : "none"}});
    for (const int p : {1, 3}) w.deliver("YES", p, 2);
    w.timeout(1, "decision");
    for (const int p : {2, 3}) w.deliver("YES", p, 1);
    EXPECT_EQ(w.decided(1), wrong ? Outcome::abort : Outcome::commit);
    EXPECT_EQ(w.decided(2), Outcome::commit);
  }
}

TEST(DecentralisedMistakes, ACoordinatorThatAbortsForMissingVotesContradictsTheParticipants) {
  for (const bool wrong : {false, true}) {
    Puppet w = asked(3, {{"mistake", wrong ? "abort_on_vote_timeout" : "none"}});
    for (const int p : {1, 3}) w.deliver("YES", p, 2);
    w.timeout(0, "votes");
    for (const int p : {1, 2, 3}) w.deliver("YES", p, 0);
    EXPECT_EQ(w.decided(0), wrong ? Outcome::abort : Outcome::commit);
  }
}

// ---- random walks
// --------------------------------------------------------------------------------------

constexpr Hazards kEverything{.loss = true, .restarts = 3};

TEST(DecentralisedWalk, AgreesAndDecidesWhateverIsLostAndWhoeverRestarts) {
  for (std::vector<NamedOption> options : {std::vector<NamedOption>{},
                                           {{"votes_to_coordinator", "no"}},
                                           {{"opened_by", "nobody"}},
                                           {{"start_record", "forced"}},
                                           {{"prepare_resends", "2"}}}) {
    options.push_back({"unasked", "abort"});  // or who was never asked has nothing to decide
    EXPECT_EQ(first_trouble("2pc-decentralised", options, kEverything, 3'000), "");
  }
}

TEST(DecentralisedWalk, FindsEveryMistake) {
  for (const char* mistake : {"vote_not_forced", "abort_when_uncertain", "abort_on_vote_timeout"}) {
    EXPECT_NE(first_trouble("2pc-decentralised", {{"mistake", mistake}}, kEverything, 3'000, false),
              "")
        << mistake;
  }
}

}  // namespace
}  // namespace indoubt
