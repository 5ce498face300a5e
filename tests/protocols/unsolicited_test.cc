// Goal: 2pc-unsolicited, handler by handler, in both forms; recovery as the tables say for presumed
// nothing and presumed commit; each labelled mistake breaks agreement in a run that the correct
// protocol survives.
// Stonebraker (1979); Gray & Lamport (2006); Stamos & Cristian (SRDS 1990).
#include <gtest/gtest.h>

#include "tests/support/crash_walk.h"
#include "tests/support/effort.h"

namespace indoubt {
namespace {

Puppet begun(int participants, const std::vector<NamedOption>& options = {}) {
  Puppet w("2pc-unsolicited", participants, options);
  w.start();
  return w;
}

/// Everybody has voted YES, and the votes are on their way.
Puppet voted(const std::vector<NamedOption>& options = {}) {
  Puppet w = begun(2, options);
  for (const int p : {1, 2}) w.prepared(p, true);
  return w;
}

/// The coordinator has decided commit.
Puppet committed(const std::vector<NamedOption>& options = {}) {
  Puppet w = voted(options);
  for (const int p : {1, 2}) w.deliver("YES", p, 0);
  return w;
}

std::vector<NamedOption> early(std::vector<NamedOption> also = {}) {
  also.insert(also.begin(), {"form", "early-prepare"});
  return also;
}

/// Early prepare: WORK has arrived everywhere.
Puppet working(const std::vector<NamedOption>& also = {}) {
  Puppet w = begun(2, early(also));
  for (const int p : {1, 2}) w.deliver("WORK", 0, p);
  return w;
}

/// Early prepare: 1 is prepared and 2 has refused; ABORT is on its way to 1.
Puppet refused(const std::vector<NamedOption>& also = {}) {
  Puppet w = working(also);
  w.prepared(1, true);
  w.prepared(2, false);
  w.deliver("REFUSED", 2, 0);
  return w;
}

// ---- unsolicited
// ---------------------------------------------------------------------------------

TEST(Unsolicited, ParticipantsPrepareAtTheBeginningAndNobodyIsAsked) {
  Puppet w("2pc-unsolicited", 2);
  EXPECT_EQ(w.start(), "set votes");
  EXPECT_TRUE(w.quiet());
  EXPECT_TRUE(w.works(1) && w.works(2));
}

TEST(Unsolicited, AParticipantForcesItsVoteBeforeSendingIt) {
  Puppet w = begun(2);
  EXPECT_EQ(w.prepared(1, true), "force prepared; vote YES; send YES to 0; set decision");
  EXPECT_EQ(w.prepared(2, false), "vote NO; log aborted; decide abort; send NO to 0");
}

TEST(Unsolicited, TheCoordinatorDecidesAtTheLastYesOrTheFirstNo) {
  Puppet w = voted();
  EXPECT_EQ(w.deliver("YES", 1, 0), "nothing");
  EXPECT_EQ(w.deliver("YES", 2, 0),
            "cancel votes; force committed; decide commit; send COMMIT to 1 2; set acks");
  Puppet no = begun(2);
  no.prepared(1, false);
  EXPECT_EQ(no.deliver("NO", 1, 0),
            "cancel votes; force aborted; decide abort; send ABORT to 2; set acks");
}

TEST(Unsolicited, AcksEndIt) {
  Puppet w = committed();
  EXPECT_EQ(w.deliver("COMMIT", 0, 1),
            "cancel decision; force committed; decide commit; send ACK to 0");
  w.deliver("COMMIT", 0, 2);
  w.deliver("ACK", 1, 0);
  EXPECT_EQ(w.deliver("ACK", 2, 0), "cancel acks; log end; forget");
  EXPECT_EQ(w.again("COMMIT", 0, 1), "send ACK to 0");
}

TEST(Unsolicited, SilentParticipantsAreAskedIfToldSo) {
  Puppet w = begun(2, {{"prepare_resends", "1"}});
  w.prepared(1, true);
  w.drop("YES", 1, 0);
  EXPECT_EQ(w.timeout(0, "votes"), "send PREPARE to 1 2; set votes");
  EXPECT_EQ(w.deliver("PREPARE", 0, 1), "send YES to 0") << "the same vote again";
  EXPECT_EQ(w.deliver("PREPARE", 0, 2), "nothing") << "it works";
  EXPECT_EQ(w.timeout(0, "votes"), "force aborted; decide abort; send ABORT to 1 2; set acks");
}

TEST(Unsolicited, AnAbortDuringLocalWorkLeavesNothingToVote) {
  Puppet w = begun(2);
  w.timeout(0, "votes");
  EXPECT_EQ(w.deliver("ABORT", 0, 1), "force aborted; decide abort; send ACK to 0");
  EXPECT_EQ(w.prepared(1, true), "nothing");
  EXPECT_EQ(w.armed(1), "");
}

TEST(Unsolicited, AnUncertainParticipantDoesAsItIsTold) {
  const auto late = [](std::string_view policy) {
    return voted({{"uncertain", policy}}).timeout(1, "decision");
  };
  EXPECT_EQ(late("ask"), "send INQUIRY to 0; set decision");
  EXPECT_EQ(late("off"), "decision is not armed at 1");
  EXPECT_EQ(late("abort"), "force aborted; decide abort");
  EXPECT_EQ(late("commit"), "force committed; decide commit");
}

TEST(Unsolicited, DecisionRulesAndAddressees) {
  Puppet w = begun(3, {{"decision_rule", "majority"}, {"decision_to", "all"}});
  w.prepared(1, false);
  for (const int p : {2, 3}) w.prepared(p, true);
  w.deliver("NO", 1, 0);
  w.deliver("YES", 2, 0);
  EXPECT_EQ(w.deliver("YES", 3, 0),
            "cancel votes; force committed; decide commit; send COMMIT to 1 2 3; set acks");
}

// ---- recovery, presumed nothing (table 4.4, first column)
// ----------------------------------------

TEST(UnsolicitedRecovery, OfTheCoordinator) {
  EXPECT_EQ(voted().recover(0), "force aborted; decide abort; send ABORT to 1 2; set acks")
      << "nothing: abort";
  EXPECT_EQ(committed().recover(0), "send COMMIT to 1 2; set acks") << "resend until acked";
  Puppet aborted = voted();
  aborted.timeout(0, "votes");
  EXPECT_EQ(aborted.recover(0), "send ABORT to 1 2; set acks");
  EXPECT_EQ(committed({{"recover_decided", "silent"}}).recover(0), "nothing");
}

TEST(UnsolicitedRecovery, ASilentCoordinatorAbortsWhenItIsAsked) {
  Puppet w = voted({{"recover_undecided", "silent"}});
  EXPECT_EQ(w.recover(0), "nothing");
  w.timeout(1, "decision");
  EXPECT_EQ(w.deliver("INQUIRY", 1, 0), "force aborted; decide abort; send ABORT to 1");
}

TEST(UnsolicitedRecovery, OfAParticipant) {
  Puppet none = begun(2);
  EXPECT_EQ(none.recover(1), "force aborted; decide abort") << "no prepared record: abort alone";
  Puppet w = committed();
  EXPECT_EQ(w.recover(1), "send INQUIRY to 0; set decision") << "ask; blocked until answered";
  EXPECT_EQ(w.deliver("INQUIRY", 1, 0), "send COMMIT to 1");
  w.deliver("COMMIT", 0, 1);
  EXPECT_EQ(w.recover(1), "nothing");
  EXPECT_EQ(w.outcome(1), Outcome::commit);
}

TEST(UnsolicitedRecovery, AfterTheEndTheAnswerComesFromTheLog) {
  Puppet w = voted();
  w.timeout(0, "votes");
  for (const int p : {1, 2}) w.deliver("ABORT", 0, p);
  for (const int p : {1, 2}) w.deliver("ACK", p, 0);
  EXPECT_EQ(w.recover(0, "end"), "nothing");
  EXPECT_EQ(w.outcome(0), Outcome::abort);
}

// ---- early prepare
// ---------------------------------------------------------------------------------

TEST(EarlyPrepare, TheListIsForcedBeforeWorkLeaves) {
  Puppet w("2pc-unsolicited", 2, early());
  EXPECT_EQ(w.start(), "force started; send WORK to 1 2; set votes");
  EXPECT_FALSE(w.works(1)) << "it was not asked to work";
  EXPECT_EQ(w.deliver("WORK", 0, 1), "prepare");
}

TEST(EarlyPrepare, DoneCarriesTheVote) {
  Puppet w = working();
  EXPECT_EQ(w.prepared(1, true), "force prepared; vote YES; send DONE to 0; set decision");
  EXPECT_EQ(w.prepared(2, false), "vote NO; log aborted; decide abort; send REFUSED to 0");
}

TEST(EarlyPrepare, CommitIsNeitherAcknowledgedNorRemembered) {
  Puppet w = working();
  for (const int p : {1, 2}) w.prepared(p, true);
  w.deliver("DONE", 1, 0);
  EXPECT_EQ(w.deliver("DONE", 2, 0),
            "cancel votes; force committed; decide commit; send COMMIT to 1 2; forget");
  EXPECT_EQ(w.deliver("COMMIT", 0, 1), "cancel decision; log committed; decide commit");
}

TEST(EarlyPrepare, AbortIsRememberedUntilAllHaveAcknowledged) {
  Puppet w = refused();
  EXPECT_EQ(w.in_flight(), "DONE 1>0, ABORT 0>1");
  EXPECT_EQ(w.timeout(0, "acks"), "send ABORT to 1; set acks");
  EXPECT_EQ(w.deliver("ABORT", 0, 1),
            "cancel decision; force aborted; decide abort; send ACK to 0");
  EXPECT_EQ(w.deliver("ACK", 1, 0), "cancel acks; log end; forget");
}

TEST(EarlyPrepare, SilentParticipantsGetWorkAgain) {
  Puppet w = begun(2, early({{"prepare_resends", "1"}}));
  w.deliver("WORK", 0, 1);
  w.prepared(1, true);
  EXPECT_EQ(w.timeout(0, "votes"), "send WORK to 1 2; set votes");
  EXPECT_EQ(w.deliver("WORK", 0, 1), "send DONE to 0");
}

// Table 4.4, column PrC.
TEST(EarlyPrepareRecovery, OfTheCoordinator) {
  Puppet nothing("2pc-unsolicited", 2, early());
  nothing.cut_next(0, 0);
  EXPECT_EQ(nothing.start(), "crash; nothing") << "nothing: answers commit; nobody was sent WORK";
  Puppet list = working();
  EXPECT_EQ(list.recover(0), "log aborted; decide abort; send ABORT to 1 2; set acks")
      << "list only: abort, tell the listed, until acked";
  EXPECT_EQ(list.timeout(0, "acks"), "send ABORT to 1 2; set acks");
  Puppet commit = working();
  for (const int p : {1, 2}) commit.prepared(p, true);
  for (const int p : {1, 2}) commit.deliver("DONE", p, 0);
  EXPECT_EQ(commit.recover(0), "forget") << "commit without end: forget, answer commit";
  commit.timeout(1, "decision");
  EXPECT_EQ(commit.deliver("INQUIRY", 1, 0), "send COMMIT to 1");
  EXPECT_EQ(refused().recover(0, "aborted"), "send ABORT to 1 2; set acks")
      << "abort without end: resend until acked";
}

TEST(EarlyPrepareRecovery, OfAParticipant) {
  Puppet none = working();
  EXPECT_EQ(none.recover(1), "force aborted; decide abort");
  Puppet w = working();
  for (const int p : {1, 2}) w.prepared(p, true);
  for (const int p : {1, 2}) w.deliver("DONE", p, 0);
  w.deliver("COMMIT", 0, 1);
  EXPECT_EQ(w.recover(1), "send INQUIRY to 0; set decision") << "its commit was not forced";
  EXPECT_EQ(w.deliver("INQUIRY", 1, 0), "send COMMIT to 1") << "\"unknown\" means commit";
}

// S7: "PrC; C logs commit, crashes before sending; P1 asks later | commit, whether C has the record
// or has forgotten".
TEST(EarlyPrepareRecovery, ACommitThatWasNeverSentIsLearntByAsking) {
  Puppet w = working();
  for (const int p : {1, 2}) w.prepared(p, true);
  w.deliver("DONE", 1, 0);
  w.cut_next(0, 1);
  EXPECT_EQ(w.deliver("DONE", 2, 0), "cancel votes; force committed; crash; forget");
  w.timeout(1, "decision");
  w.deliver("INQUIRY", 1, 0);
  w.deliver("COMMIT", 0, 1);
  EXPECT_EQ(w.decided(1), Outcome::commit);
}

// ---- mistakes
// ----------------------------------------------------------------------------------------

TEST(UnsolicitedMistakes, AVoteThatWasNotForcedIsForgottenAndTheOthersCommit) {
  for (const bool wrong : {false, true}) {
    Puppet w = committed({{"mistake", wrong ? "vote_not_forced" : "none"}});
    w.deliver("COMMIT", 0, 2);
    w.recover(1);
    w.deliver("COMMIT", 0, 1);
    EXPECT_EQ(w.decided(1), wrong ? Outcome::abort : Outcome::commit);
    EXPECT_EQ(w.decided(2), Outcome::commit);
  }
}

TEST(UnsolicitedMistakes, AbortingWhenUncertainContradictsACommitThatIsLate) {
  for (const bool wrong : {false, true}) {
    Puppet w = committed({{"mistake", wrong ? "abort_when_uncertain" : "none"}});
    w.timeout(1, "decision");
    w.deliver("COMMIT", 0, 1);
    EXPECT_EQ(w.decided(1), wrong ? Outcome::abort : Outcome::commit);
    EXPECT_EQ(w.decided(0), Outcome::commit);
  }
}

TEST(UnsolicitedMistakes, AnAbortThatIsForgottenEarlyIsPresumedCommitted) {
  for (const bool wrong : {false, true}) {
    Puppet w = refused({{"mistake", wrong ? "forget_abort_early" : "none"}});
    w.drop("ABORT", 0, 1);
    w.timeout(1, "decision");
    EXPECT_EQ(w.deliver("INQUIRY", 1, 0), wrong ? "send COMMIT to 1" : "send ABORT to 1");
    w.deliver(wrong ? "COMMIT" : "ABORT", 0, 1);
    EXPECT_EQ(w.decided(1), wrong ? Outcome::commit : Outcome::abort);
    EXPECT_EQ(w.decided(2), Outcome::abort);
  }
}

// ---- random walks
// --------------------------------------------------------------------------------------

constexpr Hazards kEverything{.loss = true, .restarts = 3};

TEST(UnsolicitedWalk, AgreesAndDecidesWhateverIsLostAndWhoeverRestarts) {
  for (const std::vector<NamedOption>& options : {std::vector<NamedOption>{},
                                                  {{"acks", "no"}},
                                                  {{"prepare_resends", "2"}},
                                                  {{"at_no", "wait"}, {"decision_to", "all"}},
                                                  {{"recover_decided", "silent"}}}) {
    EXPECT_EQ(first_trouble("2pc-unsolicited", options, kEverything, 3'000), "");
  }
  const std::vector<NamedOption> silent = {{"recover_undecided", "silent"}};
  EXPECT_EQ(first_trouble("2pc-unsolicited", silent, kEverything, 3'000, false), "")
      << "one that nobody asks stays undecided";
}

// A coordinator that crashes before its list is durable has no transaction to decide.
TEST(EarlyPrepareWalk, AgreesAndDecidesWhateverIsLostAndWhoeverRestarts) {
  for (std::uint64_t seed = 1; seed <= random_runs(6'000); ++seed) {
    CrashWalk walk("2pc-unsolicited", 2 + static_cast<int>(seed % 3),
                   early({{"decision_to", "all"}}), kEverything, seed);
    walk.run(100);
    ASSERT_EQ(walk.violation(), "") << seed;
    if (walk.world.outcome(0) == Outcome::none) {
      ASSERT_EQ(walk.world.sent(), 0) << seed;
    } else {
      ASSERT_EQ(walk.undecided(), -1) << seed << " " << walk.world.state(walk.undecided());
    }
  }
}

TEST(UnsolicitedWalk, FindsEveryMistake) {
  for (const char* mistake : {"vote_not_forced", "abort_when_uncertain"}) {
    EXPECT_NE(first_trouble("2pc-unsolicited", {{"mistake", mistake}}, kEverything, 3'000, false),
              "")
        << mistake;
  }
  EXPECT_NE(first_trouble("2pc-unsolicited", early({{"mistake", "forget_abort_early"}}),
                          kEverything, 3'000, false),
            "");
}

}  // namespace
}  // namespace indoubt
