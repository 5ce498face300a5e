// Goal: cooperative termination resolves what the textbook's table says it does, and no more.
// Bernstein, Hadzilacos & Goodman (1987), ch. 7.4.
#include <gtest/gtest.h>

#include "tests/support/puppet.h"

namespace indoubt {
namespace {

constexpr std::string_view kFamily[] = {"2pc", "2pc-pra", "2pc-prc", "2pc-nprc"};
const std::vector<NamedOption> kCooperative = {{"termination", "cooperative"}};

/// Three participants that were asked; the first `yes` have voted YES.
Puppet asked(std::string_view protocol, int yes,
             const std::vector<NamedOption>& options = kCooperative) {
  Puppet w(protocol, 3, options);
  w.start();
  for (const int p : {1, 2, 3}) w.deliver("PREPARE", 0, p);
  for (int p = 1; p <= yes; ++p) w.prepared(p, true);
  return w;
}

TEST(CooperativeTermination, AnUncertainParticipantAsksAllOthersAndAgain) {
  for (const std::string_view protocol : kFamily) {
    Puppet w = asked(protocol, 2);
    EXPECT_EQ(w.timeout(2, "decision"), "send INQUIRY to 0 1 3; set decision");
    EXPECT_EQ(w.timeout(2, "decision"), "send INQUIRY to 0 1 3; set decision");
  }
}

TEST(CooperativeTermination, IsOffByDefault) {
  Puppet w = asked("2pc", 2, {});
  EXPECT_EQ(w.timeout(2, "decision"), "send INQUIRY to 0; set decision");
}

TEST(CooperativeTermination, OneThatComesBackPreparedAsksAllOthers) {
  Puppet w = asked("2pc", 2);
  EXPECT_EQ(w.recover(2), "send INQUIRY to 0 1 3; set decision");
}

// "some reachable process is committed | commit". S2: "COMMIT reached P1 only, C down, P1 up,
// cooperative termination on | P2, P3 commit by asking P1. Without it they wait for C".
TEST(CooperativeTermination, S2ACommittedOneTellsTheUncertain) {
  for (const std::string_view protocol : kFamily) {
    for (const bool cooperative : {true, false}) {
      Puppet w = asked(protocol, 3, cooperative ? kCooperative : std::vector<NamedOption>{});
      for (const int p : {1, 2, 3}) w.deliver("YES", p, 0);
      w.deliver("COMMIT", 0, 1);
      w.crash(0, ~0ull);
      for (const int p : {2, 3}) {
        w.timeout(p, "decision");
        const std::string from = std::to_string(p);
        if (!cooperative) {
          EXPECT_EQ(w.deliver("INQUIRY", p, 1), "INQUIRY " + from + ">1 is not in flight");
          EXPECT_EQ(w.outcome(p), Outcome::none);
          continue;
        }
        EXPECT_EQ(w.deliver("INQUIRY", p, 1), "send COMMIT to " + from);
        w.deliver("COMMIT", 1, p);
        EXPECT_EQ(w.outcome(p), Outcome::commit);
        EXPECT_EQ(w.deliver("ACK", p, 1), "ACK " + from + ">1 is not in flight")
            << "acks are the coordinator's";
      }
    }
  }
}

// "aborted, or voted NO | abort".
TEST(CooperativeTermination, ANoVoterTellsTheUncertain) {
  for (const std::string_view protocol : kFamily) {
    Puppet w = asked(protocol, 2);
    w.prepared(3, false);
    w.crash(0, ~0ull);
    w.timeout(1, "decision");
    EXPECT_EQ(w.deliver("INQUIRY", 1, 3), "send ABORT to 1");
    w.deliver("ABORT", 3, 1);
    EXPECT_EQ(w.outcome(1), Outcome::abort);
    w.timeout(2, "decision");
    EXPECT_EQ(w.deliver("INQUIRY", 2, 1), "send ABORT to 2") << "and one that was told tells";
  }
}

// "not yet voted | it aborts, all abort". S3: "PREPARE to P3 lost, P1 and P2 uncertain, C down | P3
// has not voted: abort for all, no blocking".
TEST(CooperativeTermination, S3OneThatWasNotAskedAbortsAndTellsTheUncertain) {
  for (const std::string_view protocol : kFamily) {
    Puppet w(protocol, 3, kCooperative);
    w.start();
    w.drop("PREPARE", 0, 3);
    for (const int p : {1, 2}) {
      w.deliver("PREPARE", 0, p);
      w.prepared(p, true);
    }
    w.crash(0, ~0ull);
    w.timeout(1, "decision");
    const std::string record = protocol == "2pc-pra" ? "log" : "force";
    EXPECT_EQ(w.deliver("INQUIRY", 1, 3), record + " aborted; decide abort; send ABORT to 1");
    w.timeout(2, "decision");
    EXPECT_EQ(w.deliver("INQUIRY", 2, 3), "send ABORT to 2") << "decided once";
    for (const int p : {1, 2}) w.deliver("ABORT", 3, p);
    for (const int p : {1, 2, 3}) EXPECT_EQ(w.outcome(p), Outcome::abort);
  }
}

TEST(CooperativeTermination, OneThatStillWorksAbortsAndVotesNoMore) {
  Puppet w = asked("2pc", 2);
  w.timeout(1, "decision");
  EXPECT_EQ(w.deliver("INQUIRY", 1, 3), "force aborted; decide abort; send ABORT to 1");
  EXPECT_EQ(w.prepared(3, true), "nothing");
  EXPECT_EQ(w.again("PREPARE", 0, 3), "send NO to 0");
}

TEST(CooperativeTermination, OneThatAwaitsPrepareAwaitsItNoLonger) {
  Puppet w("2pc", 2, {{"termination", "cooperative"}, {"unasked", "abort"}});
  w.start();
  w.deliver("PREPARE", 0, 1);
  w.prepared(1, true);
  w.timeout(1, "decision");
  EXPECT_EQ(w.deliver("INQUIRY", 1, 2),
            "cancel request; force aborted; decide abort; send ABORT to 1");
}

// "none of these (all uncertain) | blocked".
TEST(CooperativeTermination, IfAllAreUncertainNobodyAnswers) {
  for (const std::string_view protocol : kFamily) {
    Puppet w = asked(protocol, 3);
    w.crash(0, ~0ull);
    for (const int p : {1, 2, 3}) w.timeout(p, "decision");
    while (!w.quiet()) w.deliver_number(0);
    for (const int p : {1, 2, 3}) EXPECT_EQ(w.outcome(p), Outcome::none);
  }
}

TEST(CooperativeTermination, AnUndecidedCoordinatorAnswersNothing) {
  Puppet w = asked("2pc", 2);
  w.timeout(1, "decision");
  EXPECT_EQ(w.deliver("INQUIRY", 1, 0), "nothing");
}

// A reader frees its locks and writes nothing; it does not know the outcome.
TEST(CooperativeTermination, AReaderCannotHelp) {
  Puppet w = asked("2pc", 2);
  w.prepared(3, LocalVote::read_only);
  w.timeout(1, "decision");
  EXPECT_EQ(w.deliver("INQUIRY", 1, 3), "nothing");
}

// Whether it voted READ before its crash it cannot tell; the others may have committed since.
TEST(CooperativeTermination, OneThatComesBackWithoutARecordTellsNoOtherParticipant) {
  for (const std::string_view protocol : kFamily) {
    Puppet w = asked(protocol, 2);
    w.prepared(3, LocalVote::read_only);
    for (const int p : {1, 2}) w.deliver("YES", p, 0);
    w.deliver("READ", 3, 0);
    EXPECT_EQ(w.outcome(0), Outcome::commit);
    w.recover(3);
    w.timeout(1, "decision");
    EXPECT_EQ(w.deliver("INQUIRY", 1, 3), "nothing");
    w.recover(3, "aborted");
    EXPECT_EQ(w.again("INQUIRY", 1, 3), "nothing") << "nor after one more crash";
  }
}

TEST(CooperativeTermination, MakesParticipantsUnlikeAndTheDecisionMoreThanVotes) {
  const Machine machine = machine_with("2pc", 3, kCooperative);
  EXPECT_EQ(machine.exchange, nullptr);
  EXPECT_FALSE(machine.traits.votes_alone_decide);
}

}  // namespace
}  // namespace indoubt
