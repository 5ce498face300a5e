// Goal: the one-phase forms, handler by handler: the reply to WORK is the vote, only the
// coordinator forces; recovery row by row; each labelled mistake breaks agreement or stability in a
// run that the correct protocol survives. Stamos & Cristian (SRDS 1990); Al-Houmaily & Chrysanthis
// (1995); Gupta, Haritsa & Ramamritham (SIGMOD 1997).
#include <gtest/gtest.h>

#include "tests/support/crash_walk.h"

namespace indoubt {
namespace {

/// Two participants that have promised; their replies are on their way.
Puppet promised(std::string_view protocol, const std::vector<NamedOption>& options = {}) {
  Puppet w(protocol, 2, options);
  w.start();
  for (const int p : {1, 2}) w.deliver("WORK", 0, p);
  for (const int p : {1, 2}) w.prepared(p, true);
  return w;
}

Puppet committed(std::string_view protocol, const std::vector<NamedOption>& options = {}) {
  Puppet w = promised(protocol, options);
  for (const int p : {1, 2}) w.deliver("DONE", p, 0);
  return w;
}

// ---- voting and deciding
// -------------------------------------------------------------------------

TEST(CoordinatorLog, DoneIsAPromiseAndNothingIsWritten) {
  Puppet w("coordinator-log", 2);
  EXPECT_EQ(w.start(), "send WORK to 1 2; set votes");
  EXPECT_EQ(w.deliver("WORK", 0, 1), "prepare");
  EXPECT_EQ(w.prepared(1, true), "vote YES; send DONE to 0; set decision");
  w.deliver("WORK", 0, 2);
  EXPECT_EQ(w.prepared(2, false), "vote NO; decide abort; send REFUSED to 0");
}

TEST(CoordinatorLog, TheCoordinatorForcesOnceAndTells) {
  Puppet w = promised("coordinator-log");
  EXPECT_EQ(w.deliver("DONE", 1, 0), "nothing");
  EXPECT_EQ(w.deliver("DONE", 2, 0),
            "cancel votes; force committed; decide commit; send COMMIT to 1 2");
  EXPECT_EQ(w.deliver("COMMIT", 0, 1), "cancel decision; decide commit");
  EXPECT_EQ(w.again("COMMIT", 0, 1), "nothing");
}

TEST(CoordinatorLog, ARefusalAbortsWithoutAForcedWrite) {
  Puppet w("coordinator-log", 2);
  w.start();
  for (const int p : {1, 2}) w.deliver("WORK", 0, p);
  w.prepared(1, false);
  EXPECT_EQ(w.deliver("REFUSED", 1, 0), "cancel votes; log aborted; decide abort; send ABORT to 2");
  EXPECT_EQ(w.deliver("ABORT", 0, 2), "decide abort");
  EXPECT_EQ(w.prepared(2, true), "nothing");
}

TEST(CoordinatorLog, WorkGoesAgainToSilentOnesAndThenItAborts) {
  Puppet w = promised("coordinator-log", {{"prepare_resends", "1"}});
  w.deliver("DONE", 1, 0);
  EXPECT_EQ(w.timeout(0, "votes"), "send WORK to 2; set votes");
  EXPECT_EQ(w.deliver("WORK", 0, 2), "send DONE to 0") << "the same promise again";
  EXPECT_EQ(w.timeout(0, "votes"), "log aborted; decide abort; send ABORT to 1 2");
}

TEST(CoordinatorLog, AnUnaskedParticipantAbortsAloneIfToldTo) {
  Puppet w("coordinator-log", 2, {{"unasked", "abort"}});
  w.start();
  EXPECT_EQ(w.timeout(1, "request"), "decide abort");
  EXPECT_EQ(w.deliver("WORK", 0, 1), "send REFUSED to 0");
}

TEST(CoordinatorLog, AnUncertainParticipantDoesAsItIsTold) {
  const auto late = [](std::string_view policy) {
    return promised("coordinator-log", {{"uncertain", policy}}).timeout(1, "decision");
  };
  EXPECT_EQ(late("ask"), "send INQUIRY to 0; set decision");
  EXPECT_EQ(late("off"), "decision is not armed at 1");
  EXPECT_EQ(late("abort"), "decide abort");
  EXPECT_EQ(late("commit"), "decide commit");
}

TEST(CoordinatorLog, AnInquiryIsNoSignOfLostWork) {
  Puppet w = promised("coordinator-log");
  w.timeout(1, "decision");
  EXPECT_EQ(w.deliver("INQUIRY", 1, 0), "nothing") << "its promise may still come";
  for (const int p : {1, 2}) w.deliver("DONE", p, 0);
  w.timeout(1, "decision");
  EXPECT_EQ(w.deliver("INQUIRY", 1, 0), "send COMMIT to 1");
}

TEST(ImplicitYes, AParticipantNotesTheCommitUnforced) {
  Puppet w = committed("implicit-yes");
  EXPECT_EQ(w.deliver("COMMIT", 0, 1), "cancel decision; log committed; decide commit");
  EXPECT_EQ(w.armed(0), "");
  EXPECT_FALSE(w.forgotten(0));
}

TEST(ImplicitYes, WithAcksTheRecordIsForcedFirstAndTheCoordinatorForgets) {
  Puppet w = committed("implicit-yes", {{"acks", "yes"}});
  EXPECT_EQ(w.timeout(0, "acks"), "send COMMIT to 1 2; set acks");
  EXPECT_EQ(w.deliver("COMMIT", 0, 1),
            "cancel decision; force committed; decide commit; send ACK to 0");
  w.deliver("COMMIT", 0, 2);
  EXPECT_EQ(w.deliver("ACK", 1, 0), "nothing");
  EXPECT_EQ(w.deliver("ACK", 2, 0), "cancel acks; log end; forget");
  EXPECT_EQ(w.deliver("COMMIT", 0, 1), "send ACK to 0");
}

TEST(ImplicitYes, AbortsArePresumed) {
  Puppet w("implicit-yes", 2, {{"acks", "yes"}});
  w.start();
  for (const int p : {1, 2}) w.deliver("WORK", 0, p);
  w.prepared(1, true);
  w.prepared(2, false);
  EXPECT_EQ(w.deliver("REFUSED", 2, 0),
            "cancel votes; log aborted; decide abort; send ABORT to 1; forget");
  w.timeout(1, "decision");
  EXPECT_EQ(w.deliver("INQUIRY", 1, 0), "send ABORT to 1") << "what is not remembered";
  EXPECT_EQ(w.deliver("ABORT", 0, 1), "cancel decision; decide abort") << "no ack";
}

// ---- recovery
// --------------------------------------------------------------------------------------

TEST(OnePhaseRecovery, OfTheCoordinator) {
  for (const char* protocol : {"coordinator-log", "implicit-yes"}) {
    EXPECT_EQ(promised(protocol).recover(0), "log aborted; decide abort; send ABORT to 1 2");
    EXPECT_EQ(committed(protocol).recover(0), "send COMMIT to 1 2");
    EXPECT_EQ(committed(protocol, {{"recover_decided", "silent"}}).recover(0), "nothing");
    Puppet silent = promised(protocol, {{"recover_undecided", "silent"}});
    EXPECT_EQ(silent.recover(0), "nothing");
    silent.timeout(1, "decision");
    EXPECT_EQ(silent.deliver("INQUIRY", 1, 0), "log aborted; decide abort; send ABORT to 1");
  }
}

TEST(OnePhaseRecovery, AParticipantWithoutARecordDoesNotKnowWhetherItPromisedAndAsks) {
  Puppet w = committed("coordinator-log");
  EXPECT_EQ(w.recover(1), "send LOG-REQ to 0; set decision");
  EXPECT_EQ(w.deliver("LOG-REQ", 1, 0), "send COMMIT to 1") << "with the redo records";
  EXPECT_EQ(w.deliver("COMMIT", 0, 1), "cancel decision; decide commit");
  EXPECT_EQ(w.recover(1), "send LOG-REQ to 0; set decision") << "again: it has no log";
  EXPECT_EQ(w.deliver("LOG-REQ", 1, 0), "send COMMIT to 1");
}

TEST(OnePhaseRecovery, WorkThatWasNotPromisedIsLostAndTheCoordinatorAborts) {
  Puppet w("coordinator-log", 2);
  w.start();
  for (const int p : {1, 2}) w.deliver("WORK", 0, p);
  w.prepared(2, true);
  w.recover(1);
  EXPECT_EQ(w.again("WORK", 0, 1), "nothing") << "it may have promised";
  EXPECT_EQ(w.deliver("LOG-REQ", 1, 0),
            "cancel votes; log aborted; decide abort; send ABORT to 2; send ABORT to 1");
}

TEST(OnePhaseRecovery, APromiseThatHasArrivedIsKeptForTheParticipant) {
  Puppet w = promised("coordinator-log");
  w.deliver("DONE", 1, 0);
  w.recover(1);
  EXPECT_EQ(w.deliver("LOG-REQ", 1, 0), "nothing") << "undecided";
  w.deliver("DONE", 2, 0);
  EXPECT_EQ(w.deliver("COMMIT", 0, 1), "cancel decision; decide commit");
}

TEST(OnePhaseRecovery, AParticipantWithALogOfItsOwnKeepsWhatIsDurable) {
  Puppet forced = committed("implicit-yes", {{"acks", "yes"}});
  forced.deliver("COMMIT", 0, 1);
  EXPECT_EQ(forced.recover(1), "nothing");
  EXPECT_EQ(forced.outcome(1), Outcome::commit);
  Puppet lost = committed("implicit-yes");
  lost.deliver("COMMIT", 0, 1);
  EXPECT_EQ(lost.recover(1), "send LOG-REQ to 0; set decision");
}

TEST(OnePhaseRecovery, ACoordinatorThatHadEndedPresumesAbort) {
  Puppet w = committed("implicit-yes", {{"acks", "yes"}});
  for (const int p : {1, 2}) w.deliver("COMMIT", 0, p);
  for (const int p : {1, 2}) w.deliver("ACK", p, 0);
  EXPECT_EQ(w.recover(0, "end"), "nothing");
  EXPECT_EQ(w.outcome(0), Outcome::commit);
}

// ---- mistakes
// --------------------------------------------------------------------------------------

TEST(OnePhaseMistakes, ACoordinatorThatTellsBeforeItForcesCanReverseItself) {
  for (const char* protocol : {"coordinator-log", "implicit-yes"}) {
    for (const bool wrong : {false, true}) {
      Puppet w = promised(protocol, {{"mistake", wrong ? "decide_before_force" : "none"}});
      w.deliver("DONE", 1, 0);
      w.cut_next(0, wrong ? 3 : 0);  // the last instant before the force
      w.deliver("DONE", 2, 0);
      EXPECT_EQ(w.decided(0), Outcome::abort) << "back from the crash without a record";
      w.deliver("COMMIT", 0, 1);
      w.deliver("ABORT", 0, 1);
      EXPECT_EQ(w.decided(1), wrong ? Outcome::commit : Outcome::abort);
    }
  }
}

TEST(OnePhaseMistakes, AbortingAloneAfterARestartBreaksAPromise) {
  for (const char* protocol : {"coordinator-log", "implicit-yes"}) {
    for (const bool wrong : {false, true}) {
      Puppet w = committed(protocol, {{"mistake", wrong ? "abort_on_recovery" : "none"}});
      w.recover(1);
      w.deliver("COMMIT", 0, 1);
      EXPECT_EQ(w.decided(1), wrong ? Outcome::abort : Outcome::commit);
      EXPECT_EQ(w.decided(0), Outcome::commit);
    }
  }
}

TEST(OnePhaseMistakes, AbortingWhenUncertainContradictsACommitThatIsLate) {
  for (const char* protocol : {"coordinator-log", "implicit-yes"}) {
    for (const bool wrong : {false, true}) {
      Puppet w = committed(protocol, {{"mistake", wrong ? "abort_when_uncertain" : "none"}});
      w.timeout(1, "decision");
      w.deliver("COMMIT", 0, 1);
      EXPECT_EQ(w.decided(1), wrong ? Outcome::abort : Outcome::commit);
    }
  }
}

TEST(OnePhaseMistakes, AnAckOfAnUnforcedRecordLetsTheCommitBeForgotten) {
  for (const bool wrong : {false, true}) {
    Puppet w = committed("implicit-yes",
                         {{"acks", "yes"}, {"mistake", wrong ? "ack_before_force" : "none"}});
    for (const int p : {1, 2}) w.deliver("COMMIT", 0, p);
    for (const int p : {1, 2}) w.deliver("ACK", p, 0);
    w.recover(1);
    w.deliver("LOG-REQ", 1, 0);
    w.deliver("ABORT", 0, 1);
    EXPECT_EQ(w.outcome(1), wrong ? Outcome::abort : Outcome::commit);
    EXPECT_EQ(w.outcome(2), Outcome::commit);
  }
}

// ---- centralised commit
// ------------------------------------------------------------------------------

TEST(CentralisedCommit, ParticipantsReportAndKeepNothing) {
  Puppet w("centralised-commit", 2);
  EXPECT_EQ(w.start(), "send WORK to 1 2; set votes");
  EXPECT_EQ(w.deliver("WORK", 0, 1), "prepare");
  EXPECT_EQ(w.prepared(1, true), "vote READ; send DONE to 0") << "never in doubt";
  w.deliver("WORK", 0, 2);
  EXPECT_EQ(w.prepared(2, true), "vote READ; send DONE to 0");
  w.deliver("DONE", 1, 0);
  EXPECT_EQ(w.deliver("DONE", 2, 0), "cancel votes; force committed; decide commit");
  EXPECT_TRUE(w.quiet());
}

TEST(CentralisedCommit, ARefusalOrSilenceAborts) {
  Puppet w("centralised-commit", 2, {{"prepare_resends", "1"}});
  w.start();
  for (const int p : {1, 2}) w.deliver("WORK", 0, p);
  Puppet silent = w;
  EXPECT_EQ(w.prepared(1, false), "vote NO; decide abort; send REFUSED to 0");
  EXPECT_EQ(w.deliver("REFUSED", 1, 0), "cancel votes; log aborted; decide abort");
  silent.prepared(1, true);
  silent.deliver("DONE", 1, 0);
  EXPECT_EQ(silent.timeout(0, "votes"), "send WORK to 2; set votes");
  EXPECT_EQ(silent.timeout(0, "votes"), "log aborted; decide abort");
}

TEST(CentralisedCommit, Recovery) {
  Puppet w("centralised-commit", 1);
  w.start();
  w.deliver("WORK", 0, 1);
  w.prepared(1, true);
  Puppet undecided = w, silent("centralised-commit", 1, {{"recover_undecided", "silent"}});
  EXPECT_EQ(undecided.recover(0), "log aborted; decide abort");
  EXPECT_EQ(silent.recover(0), "nothing");
  w.deliver("DONE", 1, 0);
  EXPECT_EQ(w.recover(0), "nothing");
  EXPECT_EQ(w.outcome(0), Outcome::commit);
  EXPECT_EQ(undecided.recover(1), "nothing");
  EXPECT_EQ(undecided.again("WORK", 0, 1), "send REFUSED to 0") << "its work is lost";
}

TEST(CentralisedCommit, DecidingBeforeTheForceCanBeReversed) {
  for (const bool wrong : {false, true}) {
    Puppet w("centralised-commit", 1, {{"mistake", wrong ? "decide_before_force" : "none"}});
    w.start();
    w.deliver("WORK", 0, 1);
    w.prepared(1, true);
    w.cut_next(0, wrong ? 1 : 0);
    EXPECT_EQ(w.deliver("DONE", 1, 0),
              wrong ? "cancel votes; decide commit; crash; log aborted; decide abort"
                    : "crash; log aborted; decide abort");
  }
}

// ---- random walks
// --------------------------------------------------------------------------------------

constexpr Hazards kEverything{.loss = true, .restarts = 3};

TEST(OnePhaseWalk, AgreesAndDecidesWhateverIsLostAndWhoeverRestarts) {
  for (const char* protocol : {"coordinator-log", "implicit-yes"}) {
    for (std::vector<NamedOption> options : {std::vector<NamedOption>{},
                                             {{"prepare_resends", "2"}},
                                             {{"acks", "yes"}},
                                             {{"at_no", "wait"}, {"decision_to", "all"}},
                                             {{"recover_decided", "silent"}}}) {
      options.push_back({"unasked", "abort"});  // or who was never asked has nothing to decide
      EXPECT_EQ(first_trouble(protocol, known_options(protocol, options), kEverything, 3'000), "")
          << protocol;
    }
  }
}

TEST(OnePhaseWalk, FindsEveryMistake) {
  for (const char* protocol : {"coordinator-log", "implicit-yes"}) {
    for (const char* mistake :
         {"decide_before_force", "abort_on_recovery", "abort_when_uncertain"}) {
      EXPECT_NE(first_trouble(protocol, {{"mistake", mistake}}, kEverything, 3'000, false), "")
          << protocol << " " << mistake;
    }
  }
  EXPECT_NE(first_trouble("implicit-yes", {{"acks", "yes"}, {"mistake", "ack_before_force"}},
                          kEverything, 3'000, false),
            "");
}

// Its promise is void, but it has not refused: it does not know how the transaction ends.
TEST(CoordinatorLog, OneThatRestartsIsToldAlthoughTheCoordinatorWaits) {
  for (const std::string_view protocol : {"coordinator-log", "implicit-yes"}) {
    Puppet w(protocol, 2, {{"at_no", "wait"}});
    w.start();
    for (const int p : {1, 2}) w.deliver("WORK", 0, p);
    w.recover(1);
    EXPECT_EQ(w.deliver("LOG-REQ", 1, 0), "nothing");
    w.prepared(2, true);
    EXPECT_EQ(w.deliver("DONE", 2, 0), "cancel votes; log aborted; decide abort; send ABORT to 1 2")
        << protocol;
    w.deliver("ABORT", 0, 1);
    EXPECT_EQ(w.outcome(1), Outcome::abort) << protocol;
  }
}

}  // namespace
}  // namespace indoubt
