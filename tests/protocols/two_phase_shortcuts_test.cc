// Goal: read-only votes and the one-phase optimisation under every presumption.
// R*: Mohan, Lindsay & Obermarck, ACM TODS 11(4), 1986, section 3.
#include <gtest/gtest.h>

#include "tests/support/puppet.h"

namespace indoubt {
namespace {

constexpr std::string_view kFamily[] = {"2pc", "2pc-pra", "2pc-prc", "2pc-nprc"};

Puppet asked(std::string_view protocol, int participants,
             const std::vector<NamedOption>& options = {}) {
  Puppet w(protocol, participants, options);
  w.start();
  for (int p = 1; p <= participants; ++p) w.deliver("PREPARE", 0, p);
  return w;
}

// ---- read-only ----------------------------------------------------------------------------------

// "Read-only participant: answers READ instead of YES, logs nothing, frees its locks, and is left
// out of phase 2: 2 messages."
TEST(ReadOnly, AReaderAnswersReadLogsNothingAndForgets) {
  for (const std::string_view protocol : kFamily) {
    Puppet w = asked(protocol, 2);
    EXPECT_EQ(w.prepared(1, LocalVote::read_only), "vote READ; send READ to 0; forget");
    EXPECT_EQ(w.state(1), "read-only");
    EXPECT_EQ(w.armed(1), "") << "it is not in doubt";
    EXPECT_EQ(w.outcome(1), Outcome::none) << "the outcome does not matter to it";
  }
}

TEST(ReadOnly, AReaderIsLeftOutOfPhaseTwo) {
  for (const std::string_view protocol : kFamily) {
    for (const auto* to : {"all", "all-but-no-voters"}) {
      Puppet w = asked(protocol, 3, {{"decision_to", to}});
      w.prepared(1, LocalVote::read_only);
      for (const int p : {2, 3}) w.prepared(p, true);
      w.deliver("READ", 1, 0);
      for (const int p : {2, 3}) w.deliver("YES", p, 0);
      EXPECT_EQ(w.in_flight(), "COMMIT 0>2, COMMIT 0>3") << protocol;
    }
  }
}

TEST(ReadOnly, AbortLeavesReadersOutToo) {
  Puppet w = asked("2pc", 3);
  w.prepared(1, LocalVote::read_only);
  w.deliver("READ", 1, 0);
  w.prepared(2, true);
  w.prepared(3, false);
  EXPECT_EQ(w.deliver("NO", 3, 0),
            "cancel votes; force aborted; decide abort; send ABORT to 2; set acks");
}

TEST(ReadOnly, ReadersAndNoVotersOnlyNeedNoAbort) {
  const auto last_vote = [](std::string_view protocol) {
    Puppet w = asked(protocol, 2);
    w.prepared(1, LocalVote::read_only);
    w.deliver("READ", 1, 0);
    w.prepared(2, false);
    return w.deliver("NO", 2, 0);
  };
  EXPECT_EQ(last_vote("2pc"), "cancel votes; force aborted; decide abort; log end; forget");
  EXPECT_EQ(last_vote("2pc-pra"), "cancel votes; decide abort; forget");
  EXPECT_EQ(last_vote("2pc-prc"), "cancel votes; log aborted; decide abort; log end; forget");
  EXPECT_EQ(last_vote("2pc-nprc"), "cancel votes; decide abort; forget");
}

// "If all vote READ there is no phase 2, and the coordinator's closing record, if its presumption
// needs one, is not forced."
TEST(ReadOnly, IfAllAreReadersThereIsNoPhaseTwoAndNothingIsForced) {
  const auto last_vote = [](std::string_view protocol) {
    Puppet w = asked(protocol, 2);
    for (const int p : {1, 2}) w.prepared(p, LocalVote::read_only);
    w.deliver("READ", 1, 0);
    const std::string asked = w.deliver("READ", 2, 0);
    EXPECT_EQ(w.sent(), 4) << "two messages each";
    EXPECT_EQ(w.armed(0), "");
    return asked;
  };
  EXPECT_EQ(last_vote("2pc"), "cancel votes; log end; decide commit; forget");
  EXPECT_EQ(last_vote("2pc-pra"), "cancel votes; decide commit; forget");
  EXPECT_EQ(last_vote("2pc-prc"), "cancel votes; log committed; decide commit; forget")
      << "the list must not stay open";
  EXPECT_EQ(last_vote("2pc-nprc"), "cancel votes; decide commit; forget");
}

TEST(ReadOnly, AskedAgainAReaderGivesTheSameAnswer) {
  Puppet w = asked("2pc", 2);
  w.prepared(1, LocalVote::read_only);
  EXPECT_EQ(w.again("PREPARE", 0, 1), "send READ to 0");
}

TEST(ReadOnly, ARepeatedReadDoesNotCountTwice) {
  Puppet w = asked("2pc", 2);
  w.prepared(1, LocalVote::read_only);
  w.deliver("READ", 1, 0);
  EXPECT_EQ(w.again("READ", 1, 0), "nothing");
  EXPECT_EQ(w.outcome(0), Outcome::none);
}

// Its READ was lost, so the coordinator counts on it.
TEST(ReadOnly, AReaderThatIsToldAcknowledgesAndNothingElse) {
  Puppet w = asked("2pc", 2);
  w.prepared(1, LocalVote::read_only);
  w.drop("READ", 1, 0);
  w.timeout(0, "votes");
  EXPECT_EQ(w.deliver("ABORT", 0, 1), "send ACK to 0");
}

TEST(ReadOnly, ReadCountsAsYesUnderEveryRule) {
  Puppet w = asked("2pc", 3, {{"decision_rule", "at-least"}, {"at_least", "2"}});
  w.prepared(1, LocalVote::read_only);
  w.prepared(2, true);
  w.prepared(3, false);
  w.deliver("READ", 1, 0);
  w.deliver("NO", 3, 0);
  w.deliver("YES", 2, 0);
  EXPECT_EQ(w.outcome(0), Outcome::commit);
}

// ---- one phase ----------------------------------------------------------------------------------

const std::vector<NamedOption> kOnePhase = {{"one_phase", "yes"}};

/// The single participant has been asked and works.
Puppet delegated(std::string_view protocol, std::vector<NamedOption> options = {}) {
  options.push_back(kOnePhase[0]);
  Puppet w(protocol, 1, options);
  w.start();
  w.deliver("ONE-PHASE", 0, 1);
  return w;
}

// "single participant, one-phase optimisation | 2 messages; C writes nothing | 2 delays".
TEST(OnePhase, TheParticipantDecidesAndTheCoordinatorWritesNothing) {
  for (const std::string_view protocol : kFamily) {
    Puppet w(protocol, 1, kOnePhase);
    EXPECT_EQ(w.start(), "send ONE-PHASE to 1; set votes") << protocol;
    EXPECT_EQ(w.deliver("ONE-PHASE", 0, 1), "prepare");
    EXPECT_EQ(w.prepared(1, true), "force committed; vote YES; decide commit; send COMMIT to 0");
    EXPECT_EQ(w.deliver("COMMIT", 1, 0), "cancel votes; decide commit; forget");
    EXPECT_EQ(w.sent(), 2);
  }
}

TEST(OnePhase, ANoAborts) {
  for (const std::string_view protocol : kFamily) {
    Puppet w = delegated(protocol);
    EXPECT_EQ(w.prepared(1, false), "vote NO; log aborted; decide abort; send ABORT to 0");
    EXPECT_EQ(w.deliver("ABORT", 1, 0), "cancel votes; decide abort; forget");
  }
}

TEST(OnePhase, AReaderLeavesNothingToWrite) {
  for (const std::string_view protocol : kFamily) {
    Puppet w = delegated(protocol);
    EXPECT_EQ(w.prepared(1, LocalVote::read_only), "vote READ; send READ to 0; forget");
    EXPECT_EQ(w.deliver("READ", 1, 0), "cancel votes; decide commit; forget");
    EXPECT_EQ(w.again("ONE-PHASE", 0, 1), "send READ to 0");
  }
}

TEST(OnePhase, MeansNothingWithMoreParticipants) {
  Puppet w("2pc", 2, kOnePhase);
  EXPECT_EQ(w.start(), "send PREPARE to 1 2; set votes");
}

TEST(OnePhase, ASilentParticipantIsAskedAndTheCoordinatorNeverDecidesAlone) {
  Puppet w = delegated("2pc", {{"prepare_resends", "1"}});
  EXPECT_EQ(w.timeout(0, "votes"), "send ONE-PHASE to 1; set votes");
  for (int k = 0; k < 3; ++k) {
    EXPECT_EQ(w.timeout(0, "votes"), "send INQUIRY to 1; set votes");
  }
  EXPECT_EQ(w.outcome(0), Outcome::none);
}

TEST(OnePhase, AskedForItsDecisionAParticipantThatHasNoneAborts) {
  Puppet w = delegated("2pc");
  w.timeout(0, "votes");
  EXPECT_EQ(w.deliver("INQUIRY", 0, 1), "force aborted; decide abort; send ABORT to 0");
  EXPECT_EQ(w.prepared(1, true), "nothing");
  EXPECT_EQ(w.deliver("ABORT", 1, 0), "cancel votes; decide abort; forget");
}

TEST(OnePhase, AskedForItsDecisionOneThatHasCommittedSaysSo) {
  Puppet w = delegated("2pc");
  w.prepared(1, true);
  w.drop("COMMIT", 1, 0);
  EXPECT_EQ(w.again("ONE-PHASE", 0, 1), "send COMMIT to 0");
  w.timeout(0, "votes");
  EXPECT_EQ(w.deliver("INQUIRY", 0, 1), "send COMMIT to 0");
}

TEST(OnePhase, ACoordinatorThatComesBackAsks) {
  for (const std::string_view protocol : kFamily) {
    Puppet w = delegated(protocol);
    w.prepared(1, true);
    EXPECT_EQ(w.recover(0), "send INQUIRY to 1; set votes") << protocol;
    EXPECT_EQ(w.deliver("INQUIRY", 0, 1), "send COMMIT to 0");
    EXPECT_EQ(w.deliver("COMMIT", 1, 0), "cancel votes; decide commit; forget");
  }
}

TEST(OnePhase, AParticipantThatComesBackAnswersByItsLog) {
  for (const std::string_view protocol : kFamily) {
    Puppet before = delegated(protocol);
    before.recover(1);
    before.timeout(0, "votes");
    EXPECT_EQ(before.deliver("INQUIRY", 0, 1), "send ABORT to 0");
    Puppet after = delegated(protocol);
    after.prepared(1, true);
    after.recover(1);
    after.timeout(0, "votes");
    EXPECT_EQ(after.deliver("INQUIRY", 0, 1), "send COMMIT to 0");
  }
}

TEST(OnePhase, TheVotesAloneDoNotDecide) {
  EXPECT_FALSE(machine_with("2pc", 1, kOnePhase).traits.votes_alone_decide);
  EXPECT_FALSE(machine_with("2pc", 1, kOnePhase).traits.plain_votes) << "silence is no NO";
  EXPECT_EQ(machine_with("2pc", 2, kOnePhase).traits, machine_with("2pc", 2).traits);
}

TEST(OnePhase, AReaderSaysSoWhenTheCoordinatorIsBackAndAsks) {
  for (const std::string_view protocol : kFamily) {
    Puppet w(protocol, 1, {{"one_phase", "yes"}});
    w.start();
    w.deliver("ONE-PHASE", 0, 1);
    w.prepared(1, LocalVote::read_only);
    w.drop("READ", 1, 0);
    EXPECT_EQ(w.recover(0), "send INQUIRY to 1; set votes");
    EXPECT_EQ(w.deliver("INQUIRY", 0, 1), "send READ to 0");
    EXPECT_EQ(w.deliver("READ", 1, 0), "cancel votes; decide commit; forget") << protocol;
  }
}

}  // namespace
}  // namespace indoubt
