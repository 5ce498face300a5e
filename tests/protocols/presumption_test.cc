// Goal: the four presumptions differ in records, acks, answers and recovery exactly as their
// sources say, step by step.
//
// R*: Mohan, Lindsay & Obermarck, ACM TODS 11(4), 1986. L&L: Lampson & Lomet, VLDB 1993.
#include <gtest/gtest.h>

#include "tests/support/puppet.h"

namespace indoubt {
namespace {

/// Both participants have voted YES, and the votes are on their way.
Puppet voted(std::string_view protocol, const std::vector<NamedOption>& options = {}) {
  Puppet w(protocol, 2, options);
  w.start();
  for (const int p : {1, 2}) w.deliver("PREPARE", 0, p);
  for (const int p : {1, 2}) w.prepared(p, true);
  return w;
}
/// The second YES is about to arrive.
Puppet one_vote_missing(std::string_view protocol, const std::vector<NamedOption>& options = {}) {
  Puppet w = voted(protocol, options);
  w.deliver("YES", 1, 0);
  return w;
}
Puppet committed(std::string_view protocol, const std::vector<NamedOption>& options = {}) {
  Puppet w = one_vote_missing(protocol, options);
  w.deliver("YES", 2, 0);
  return w;
}
Puppet aborted(std::string_view protocol, const std::vector<NamedOption>& options = {}) {
  Puppet w = voted(protocol, options);
  w.timeout(0, "votes");
  return w;
}
/// Everybody has been told, and every ack has arrived.
Puppet over(Puppet w, const char* decision) {
  for (const int p : {1, 2}) w.deliver(decision, 0, p);
  for (const int p : {1, 2}) w.deliver("ACK", p, 0);
  return w;
}
/// What participant p is answered when it asks.
std::string asks(Puppet w, int p) {
  w.timeout(p, "decision");
  return w.deliver("INQUIRY", p, 0);
}

// ---- "C under PrC must force the participant list before PREPARE" ------------------------------

TEST(Presumption, OnlyPresumedCommitForcesAListBeforePrepare) {
  EXPECT_EQ(Puppet("2pc-pra", 2).start(), "send PREPARE to 1 2; set votes");
  EXPECT_EQ(Puppet("2pc-prc", 2).start(), "force started; send PREPARE to 1 2; set votes");
  EXPECT_EQ(Puppet("2pc-nprc", 2).start(), "send PREPARE to 1 2; set votes");
}

// ---- records and acks of a commit ---------------------------------------------------------------

TEST(Presumption, PresumedAbortCommitsLikePresumedNothing) {
  Puppet w = one_vote_missing("2pc-pra");
  EXPECT_EQ(w.deliver("YES", 2, 0),
            "cancel votes; force committed; decide commit; send COMMIT to 1 2; set acks");
  EXPECT_EQ(w.deliver("COMMIT", 0, 1),
            "cancel decision; force committed; decide commit; send ACK to 0");
  w.deliver("COMMIT", 0, 2);
  w.deliver("ACK", 1, 0);
  EXPECT_EQ(w.deliver("ACK", 2, 0), "cancel acks; log end; forget");
}

TEST(Presumption, PresumedCommitForgetsACommitAsSoonAsItIsForcedAndSent) {
  for (const auto* protocol : {"2pc-prc", "2pc-nprc"}) {
    Puppet w = one_vote_missing(protocol);
    EXPECT_EQ(w.deliver("YES", 2, 0),
              "cancel votes; force committed; decide commit; send COMMIT to 1 2; forget");
    EXPECT_EQ(w.deliver("COMMIT", 0, 1), "cancel decision; log committed; decide commit");
    EXPECT_EQ(w.armed(0), "");
  }
}

// ---- records and acks of an abort ---------------------------------------------------------------

TEST(Presumption, PresumedAbortForcesNothingForAnAbortAndForgetsItAtOnce) {
  Puppet w = voted("2pc-pra");
  EXPECT_EQ(w.timeout(0, "votes"), "decide abort; send ABORT to 1 2; forget");
  EXPECT_EQ(w.deliver("ABORT", 0, 1), "cancel decision; log aborted; decide abort");
}

TEST(Presumption, PresumedCommitKeepsAnAbortUntilAllHaveForcedAndAcknowledgedIt) {
  Puppet w = voted("2pc-prc");
  EXPECT_EQ(w.timeout(0, "votes"), "log aborted; decide abort; send ABORT to 1 2; set acks");
  EXPECT_EQ(w.deliver("ABORT", 0, 1),
            "cancel decision; force aborted; decide abort; send ACK to 0");
  EXPECT_EQ(w.deliver("ACK", 1, 0), "nothing");
  EXPECT_EQ(w.timeout(0, "acks"), "send ABORT to 2; set acks");
  w.deliver("ABORT", 0, 2);
  EXPECT_EQ(w.deliver("ACK", 2, 0), "cancel acks; log end; forget");
}

TEST(Presumption, NewPresumedCommitAbortsWithoutARecordOfTheCoordinator) {
  Puppet w = voted("2pc-nprc");
  EXPECT_EQ(w.timeout(0, "votes"), "decide abort; send ABORT to 1 2; set acks");
  EXPECT_EQ(w.deliver("ABORT", 0, 1),
            "cancel decision; force aborted; decide abort; send ACK to 0");
  w.deliver("ABORT", 0, 2);
  w.deliver("ACK", 1, 0);
  EXPECT_EQ(w.deliver("ACK", 2, 0), "cancel acks; forget");
}

TEST(Presumption, TheCoordinatorsAbortRecordIsWrittenAsAskedFor) {
  const auto record = [](std::string_view protocol, std::string_view policy) {
    Puppet w = voted(protocol, {{"abort_record", policy}});
    const std::string asked = w.timeout(0, "votes");
    return asked.substr(0, asked.find("; send"));
  };
  for (const auto* protocol : {"2pc", "2pc-pra", "2pc-prc", "2pc-nprc"}) {
    EXPECT_EQ(record(protocol, "none"), "decide abort");
    EXPECT_EQ(record(protocol, "unforced"), "log aborted; decide abort");
    EXPECT_EQ(record(protocol, "forced"), "force aborted; decide abort");
  }
}

TEST(Presumption, WithoutAcksOnlyWhatNeedsNoneIsForgotten) {
  const std::vector<NamedOption> no_acks = {{"acks", "no"}};
  EXPECT_FALSE(committed("2pc-pra", no_acks).forgotten(0));
  EXPECT_TRUE(aborted("2pc-pra", no_acks).forgotten(0));
  EXPECT_TRUE(committed("2pc-prc", no_acks).forgotten(0));
  EXPECT_FALSE(aborted("2pc-prc", no_acks).forgotten(0));
  EXPECT_EQ(aborted("2pc-prc", no_acks).armed(0), "");
}

// ---- "Presumption = the answer C gives about a transaction it has no record of" -----------------

TEST(Presumption, AnUndecidedCoordinatorAnswersNothing) {
  for (const auto* protocol : {"2pc-pra", "2pc-prc", "2pc-nprc"}) {
    EXPECT_EQ(asks(voted(protocol), 1), "nothing") << protocol;
  }
}

TEST(Presumption, AForgottenTransactionIsAnsweredByThePresumption) {
  EXPECT_EQ(asks(aborted("2pc-pra"), 1), "send ABORT to 1");
  EXPECT_EQ(asks(committed("2pc-prc"), 1), "send COMMIT to 1");
  EXPECT_EQ(asks(committed("2pc-nprc"), 1), "send COMMIT to 1");
}

TEST(Presumption, ARememberedTransactionIsAnsweredByItsOutcome) {
  EXPECT_EQ(asks(committed("2pc-pra"), 1), "send COMMIT to 1");
  EXPECT_EQ(asks(aborted("2pc-prc"), 1), "send ABORT to 1");
  EXPECT_EQ(asks(aborted("2pc-nprc"), 1), "send ABORT to 1");
}

TEST(Presumption, AQuestionThatComesTooLateGetsThePresumedAnswerAndChangesNothing) {
  for (const auto& [protocol, decision, answer] :
       {std::tuple{"2pc-pra", "COMMIT", "ABORT"}, std::tuple{"2pc-prc", "ABORT", "COMMIT"},
        std::tuple{"2pc-nprc", "ABORT", "COMMIT"}}) {
    const bool commits = std::string(decision) == "COMMIT";
    Puppet w = voted(protocol);
    w.timeout(1, "decision");
    if (commits) {
      for (const int p : {1, 2}) w.deliver("YES", p, 0);
    } else {
      w.timeout(0, "votes");
    }
    w = over(w, decision);
    EXPECT_EQ(w.deliver("INQUIRY", 1, 0), std::string("send ") + answer + " to 1");
    EXPECT_EQ(w.deliver(answer, 0, 1), "nothing") << "it has decided";
    EXPECT_EQ(w.outcome(1), commits ? Outcome::commit : Outcome::abort);
  }
}

// S7: "PrC; C logs commit, crashes before sending; P1 asks later | commit, whether C has the record
// or has forgotten".
TEST(Presumption, S7ACommitUnderPresumedCommitIsAnsweredWithAndWithoutItsRecord) {
  for (const auto* record : {"committed", "none"}) {
    Puppet w = committed("2pc-prc");
    for (const int p : {1, 2}) w.drop("COMMIT", 0, p);
    w.recover(0, record);
    EXPECT_EQ(asks(w, 1), "send COMMIT to 1") << record;
  }
}

// ---- recovery of the coordinator ----------------------------------------------------------------

// "C: nothing | PrN abort | PrA abort | PrC answer commit".
TEST(PresumptionRecovery, OfACoordinatorWithNothing) {
  Puppet nothing = voted("2pc");
  EXPECT_EQ(nothing.recover(0), "force aborted; decide abort; send ABORT to 1 2; set acks");
  Puppet abort = voted("2pc-pra");
  EXPECT_EQ(abort.recover(0), "decide abort") << "it has no list: it tells nobody";
  EXPECT_EQ(asks(abort, 1), "send ABORT to 1");
  Puppet commit = voted("2pc-prc");
  EXPECT_EQ(commit.recover(0, "none"), "nothing");
  EXPECT_EQ(commit.outcome(0), Outcome::none) << "it knows nothing";
  EXPECT_EQ(asks(commit, 1), "send COMMIT to 1");
}

TEST(PresumptionRecovery, PresumedAbortTellsAllIfToldToAndForgets) {
  Puppet w = voted("2pc-pra", {{"recover_undecided", "abort"}, {"start_record", "free"}});
  EXPECT_EQ(w.recover(0), "decide abort; send ABORT to 1 2; forget");
}

// "C: start or participant list only | PrN abort, tell all | PrA - | PrC abort, tell the listed,
// until acked".
TEST(PresumptionRecovery, OfACoordinatorWithItsListOnly) {
  Puppet w = voted("2pc-prc");
  EXPECT_EQ(w.record(0), "started");
  EXPECT_EQ(w.recover(0), "log aborted; decide abort; send ABORT to 1 2; set acks");
  EXPECT_EQ(w.timeout(0, "acks"), "send ABORT to 1 2; set acks");
  EXPECT_TRUE(over(w, "ABORT").forgotten(0));
  Puppet nothing = voted("2pc", {{"start_record", "forced"}});
  EXPECT_EQ(nothing.recover(0), "force aborted; decide abort; send ABORT to 1 2; set acks");
}

TEST(PresumptionRecovery, ASilentOneWithItsListOnlyAnswersAbort) {
  Puppet w = voted("2pc-prc", {{"recover_undecided", "silent"}});
  EXPECT_EQ(w.recover(0), "log aborted; decide abort");
  EXPECT_EQ(asks(w, 1), "send ABORT to 1");
}

// "C: commit without end | PrN resend commit until acked | PrA same | PrC forget, answer commit".
TEST(PresumptionRecovery, OfACoordinatorThatHasCommitted) {
  for (const auto* protocol : {"2pc", "2pc-pra"}) {
    Puppet w = committed(protocol);
    EXPECT_EQ(w.recover(0), "send COMMIT to 1 2; set acks") << protocol;
    EXPECT_EQ(w.timeout(0, "acks"), "send COMMIT to 1 2; set acks");
    EXPECT_TRUE(over(w, "COMMIT").forgotten(0));
  }
  for (const auto* protocol : {"2pc-prc", "2pc-nprc"}) {
    Puppet w = committed(protocol);
    EXPECT_EQ(w.recover(0), "forget") << protocol;
    EXPECT_EQ(w.outcome(0), Outcome::commit);
    EXPECT_EQ(asks(w, 1), "send COMMIT to 1");
  }
}

// "C: abort without end | PrN resend abort until acked | PrA nothing to do | PrC resend abort until
// acked".
TEST(PresumptionRecovery, OfACoordinatorThatHasAborted) {
  Puppet nothing = aborted("2pc");
  EXPECT_EQ(nothing.recover(0), "send ABORT to 1 2; set acks");
  Puppet abort = aborted("2pc-pra", {{"abort_record", "unforced"}});
  EXPECT_EQ(abort.recover(0, "aborted"), "forget");
  EXPECT_EQ(asks(abort, 1), "send ABORT to 1");
  Puppet commit = aborted("2pc-prc");
  EXPECT_EQ(commit.recover(0, "aborted"), "send ABORT to 1 2; set acks");
  EXPECT_EQ(commit.timeout(0, "acks"), "send ABORT to 1 2; set acks");
  EXPECT_TRUE(over(commit, "ABORT").forgotten(0));
}

// NPrC: "after a crash it takes every id in the open interval that is not known committed as
// aborted, tells the participants, and remembers that gap permanently".
TEST(PresumptionRecovery, NewPresumedCommitRemembersForEverWhatWasUnderWay) {
  Puppet w = voted("2pc-nprc");
  EXPECT_EQ(w.recover(0), "decide abort; send ABORT to 1 2; set acks");
  w.timeout(1, "decision");
  w = over(w, "ABORT");
  EXPECT_EQ(w.armed(0), "");
  EXPECT_FALSE(w.forgotten(0));
  EXPECT_EQ(w.deliver("INQUIRY", 1, 0), "send ABORT to 1") << "acks do not end it";
}

TEST(PresumptionRecovery, NewPresumedCommitWithoutItsParticipantsAnswersThoseThatAsk) {
  Puppet w = voted("2pc-nprc", {{"recover_undecided", "silent"}});
  EXPECT_EQ(w.recover(0), "decide abort");
  EXPECT_EQ(asks(w, 1), "send ABORT to 1");
}

TEST(PresumptionRecovery, OneThatHadEndedDoesNothing) {
  for (const auto& [protocol, commits] :
       {std::pair{"2pc-pra", true}, std::pair{"2pc-prc", false}}) {
    Puppet w =
        over(commits ? committed(protocol) : aborted(protocol), commits ? "COMMIT" : "ABORT");
    EXPECT_EQ(w.recover(0, "end"), "nothing");
    EXPECT_EQ(w.outcome(0), commits ? Outcome::commit : Outcome::abort);
    EXPECT_EQ(w.armed(0), "");
  }
}

// ---- recovery of a participant ------------------------------------------------------------------

// "P: no prepared record: abort alone | same | same".
TEST(PresumptionRecovery, AParticipantThatHadNotPreparedAbortsAlone) {
  for (const auto& [protocol, record] :
       {std::pair{"2pc", "force"}, std::pair{"2pc-pra", "log"}, std::pair{"2pc-prc", "force"},
        std::pair{"2pc-nprc", "force"}}) {
    Puppet w(protocol, 2);
    w.start();
    w.deliver("PREPARE", 0, 1);
    EXPECT_EQ(w.recover(1), std::string(record) + " aborted; decide abort");
    EXPECT_EQ(w.again("PREPARE", 0, 1), "send NO to 0");
  }
}

// "P: prepared, no outcome | PrN ask; blocked until answered | PrA ask; 'unknown' means abort | PrC
// ask; 'unknown' means commit".
TEST(PresumptionRecovery, APreparedParticipantAsksAndIsAnsweredByThePresumption) {
  for (const auto& [protocol, commits] :
       {std::pair{"2pc-pra", false}, std::pair{"2pc-prc", true}, std::pair{"2pc-nprc", true}}) {
    Puppet w = commits ? committed(protocol) : aborted(protocol);
    const char* decision = commits ? "COMMIT" : "ABORT";
    EXPECT_TRUE(w.forgotten(0));
    w.deliver(decision, 0, 1);
    EXPECT_EQ(w.record(1), "prepared") << "the outcome was not forced";
    EXPECT_EQ(w.recover(1), "send INQUIRY to 0; set decision");
    EXPECT_EQ(w.deliver("INQUIRY", 1, 0), std::string("send ") + decision + " to 1");
    w.deliver(decision, 0, 1);
    EXPECT_EQ(w.outcome(1), commits ? Outcome::commit : Outcome::abort);
  }
}

// S1: "PrA; C crashes (all votes in, nothing logged) | all block; the question sent [while C is
// down] is lost, the one sent [after its restart] is answered" with ABORT.
TEST(PresumptionRecovery, S1AllBlockUntilTheCoordinatorIsBackAndAsked) {
  Puppet w = voted("2pc-pra");
  Puppet down = w;
  down.crash(0, ~0ull);
  for (const int p : {1, 2}) {
    EXPECT_EQ(down.timeout(p, "decision"), "send INQUIRY to 0; set decision");
    EXPECT_EQ(down.deliver("INQUIRY", p, 0), "down");
  }
  EXPECT_EQ(w.recover(0), "decide abort") << "it tells nobody";
  for (const int p : {1, 2}) {
    w.timeout(p, "decision");
    EXPECT_EQ(w.deliver("INQUIRY", p, 0), "send ABORT to " + std::to_string(p));
    w.deliver("ABORT", 0, p);
    EXPECT_EQ(w.outcome(p), Outcome::abort);
  }
}

// S4: "P1 crashes before its prepared record is durable | C times out: abort; P1 aborts alone".
TEST(PresumptionRecovery, S4AParticipantThatNeverPreparedAndItsCoordinatorBothAbort) {
  for (const auto* protocol : {"2pc", "2pc-pra", "2pc-prc", "2pc-nprc"}) {
    Puppet w(protocol, 2);
    w.start();
    w.deliver("PREPARE", 0, 1);
    w.recover(1);
    w.timeout(0, "votes");
    EXPECT_EQ(w.outcome(0), Outcome::abort);
    EXPECT_EQ(w.outcome(1), Outcome::abort);
  }
}

// ---- what is common to all ----------------------------------------------------------------------

TEST(Presumption, NarrowStatesTakeSixteenBytes) {
  for (const auto* protocol : {"2pc", "2pc-pra", "2pc-prc", "2pc-nprc"}) {
    EXPECT_EQ(Puppet(protocol, 3).machine().state_size, 16);
    EXPECT_EQ(Puppet(protocol, 31).machine().state_size, 16);
  }
}

// S9: "duplicate PREPARE or duplicate decision | same answer again, no second effect".
TEST(Presumption, S9ARepeatedDecisionIsOnlyAcknowledgedAgainIfAtAll) {
  const auto again = [](Puppet w, const char* decision) {
    w.deliver(decision, 0, 1);
    return w.again(decision, 0, 1);
  };
  EXPECT_EQ(again(committed("2pc-pra"), "COMMIT"), "send ACK to 0");
  EXPECT_EQ(again(aborted("2pc-pra"), "ABORT"), "nothing");
  EXPECT_EQ(again(committed("2pc-prc"), "COMMIT"), "nothing");
  EXPECT_EQ(again(aborted("2pc-prc"), "ABORT"), "send ACK to 0");
}

}  // namespace
}  // namespace indoubt
