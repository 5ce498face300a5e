// Goal: every value of every option of 3pc does what its sentence in the catalogue says. The voting
// options are shared with 2pc, whose tests cover them; here only that 3pc heeds them.
#include <gtest/gtest.h>

#include "tests/support/puppet.h"

namespace indoubt {
namespace {

Puppet asked(int participants, const std::vector<NamedOption>& options) {
  Puppet w("3pc", participants, options);
  w.start();
  for (int p = 1; p <= participants; ++p) w.deliver("PREPARE", 0, p);
  return w;
}

std::string vote(Puppet& w, int p, bool yes) {
  w.prepared(p, yes);
  return w.deliver(yes ? "YES" : "NO", p, 0);
}

/// All have voted YES, and PRE-COMMIT is on its way.
Puppet pre_committing(int participants, const std::vector<NamedOption>& options) {
  Puppet w = asked(participants, options);
  for (int p = 1; p <= participants; ++p) vote(w, p, true);
  return w;
}

std::string acknowledge(Puppet& w, int p) {
  w.deliver("PRE-COMMIT", 0, p);
  return w.deliver("PRE-COMMIT-ACK", p, 0);
}

TEST(ThreePhaseOptions, VotingOptionsAreHeeded) {
  Puppet waits = asked(2, {{"at_no", "wait"}});
  EXPECT_EQ(vote(waits, 1, false), "nothing");
  Puppet majority = asked(3, {{"decision_rule", "majority"}});
  vote(majority, 1, false);
  vote(majority, 2, true);
  EXPECT_EQ(vote(majority, 3, true), "cancel votes; send PRE-COMMIT to 2 3; set acks");
  Puppet two = asked(2, {{"decision_rule", "at-least"}, {"at_least", "1"}});
  vote(two, 1, false);
  EXPECT_EQ(vote(two, 2, true), "cancel votes; send PRE-COMMIT to 2; set acks");
  Puppet again = asked(2, {{"prepare_resends", "1"}});
  EXPECT_EQ(again.timeout(0, "votes"), "send PREPARE to 1 2; set votes");
  again.timeout(0, "votes");
  EXPECT_EQ(again.outcome(0), Outcome::abort);
}

TEST(ThreePhaseOptions, AskingOneByOneGivesEachItsOwnTries) {
  Puppet w("3pc", 2, {{"asking", "one-by-one"}, {"prepare_resends", "1"}});
  EXPECT_EQ(w.start(), "send PREPARE to 1; set votes");
  w.timeout(0, "votes");
  w.deliver("PREPARE", 0, 1);
  EXPECT_EQ(vote(w, 1, true), "send PREPARE to 2; set votes");
  EXPECT_EQ(w.timeout(0, "votes"), "send PREPARE to 2; set votes");
}

TEST(ThreePhaseOptions, AskingOneByOneGivesUpOnASilentOneAndGoesOn) {
  Puppet w("3pc", 3, {{"asking", "one-by-one"}, {"decision_rule", "majority"}});
  w.start();
  EXPECT_EQ(w.timeout(0, "votes"), "send PREPARE to 2; set votes");
  w.deliver("PREPARE", 0, 2);
  EXPECT_EQ(vote(w, 2, true), "send PREPARE to 3; set votes");
  w.deliver("PREPARE", 0, 3);
  EXPECT_EQ(vote(w, 3, true), "cancel votes; send PRE-COMMIT to 1 2 3; set acks");
}

TEST(ThreePhaseOptions, AckRuleMajorityCommitsAtMoreThanHalf) {
  Puppet w = pre_committing(4, {{"ack_rule", "majority"}});
  EXPECT_EQ(acknowledge(w, 1), "nothing");
  EXPECT_EQ(acknowledge(w, 2), "nothing") << "two of four are not more than half";
  EXPECT_EQ(acknowledge(w, 3),
            "cancel acks; force committed; decide commit; send COMMIT to 1 2 3 4");
  EXPECT_EQ(acknowledge(w, 4), "nothing");
}

TEST(ThreePhaseOptions, AckRuleNoneCommitsWithoutWaiting) {
  Puppet w = asked(2, {{"ack_rule", "none"}});
  vote(w, 1, true);
  EXPECT_EQ(vote(w, 2, true),
            "cancel votes; send PRE-COMMIT to 1 2; force committed; decide commit; "
            "send COMMIT to 1 2");
}

TEST(ThreePhaseOptions, AMissingAckCommitsOrAborts) {
  const auto late = [](std::string_view policy) {
    Puppet w = pre_committing(2, {{"ack_missing", policy}});
    acknowledge(w, 1);
    return w.timeout(0, "acks");
  };
  EXPECT_EQ(late("commit"), "force committed; decide commit; send COMMIT to 1 2");
  EXPECT_EQ(late("abort"), "force aborted; decide abort; send ABORT to 1 2");
}

TEST(ThreePhaseOptions, DecisionToAllAddressesNoVotersToo) {
  Puppet w = asked(3, {{"decision_to", "all"}, {"decision_rule", "majority"}});
  vote(w, 1, false);
  vote(w, 2, true);
  EXPECT_EQ(vote(w, 3, true), "cancel votes; send PRE-COMMIT to 1 2 3; set acks");
}

TEST(ThreePhaseOptions, FinalAcksAreSentAndTheCoordinatorForgetsAtTheLast) {
  Puppet w = pre_committing(2, {{"acks", "yes"}});
  acknowledge(w, 1);
  EXPECT_EQ(acknowledge(w, 2),
            "cancel acks; force committed; decide commit; send COMMIT to 1 2; set acks");
  EXPECT_EQ(w.deliver("COMMIT", 0, 1),
            "cancel commit; force committed; decide commit; send ACK to 0");
  EXPECT_EQ(w.deliver("ACK", 1, 0), "nothing");
  EXPECT_EQ(w.timeout(0, "acks"), "send COMMIT to 2; set acks");
  w.deliver("COMMIT", 0, 2);
  EXPECT_EQ(w.deliver("ACK", 2, 0), "cancel acks; forget");
  EXPECT_EQ(w.again("ACK", 2, 0), "nothing");
  EXPECT_EQ(w.again("COMMIT", 0, 2), "send ACK to 0");
}

TEST(ThreePhaseOptions, ADecidedParticipantAcknowledgesPreCommitIfToldTo) {
  const auto pre_commit_a_no_voter = [](std::string_view policy) {
    Puppet w = asked(3, {{"decision_to", "all"},
                         {"decision_rule", "majority"},
                         {"decided_ack_pre_commit", policy}});
    vote(w, 1, false);
    vote(w, 2, true);
    vote(w, 3, true);
    return w.deliver("PRE-COMMIT", 0, 1);
  };
  EXPECT_EQ(pre_commit_a_no_voter("yes"), "send PRE-COMMIT-ACK to 0");
  EXPECT_EQ(pre_commit_a_no_voter("no"), "nothing");
}

TEST(ThreePhaseOptions, TheNoVotersRecordIsWrittenAsAskedFor) {
  const auto no = [](std::string_view policy) {
    return asked(1, {{"no_voter_record", policy}}).prepared(1, false);
  };
  EXPECT_EQ(no("none"), "vote NO; decide abort; send NO to 0");
  EXPECT_EQ(no("unforced"), "vote NO; log aborted; decide abort; send NO to 0");
  EXPECT_EQ(no("forced"), "vote NO; force aborted; decide abort; send NO to 0");
}

TEST(ThreePhaseOptions, TheStartRecordIsWrittenBeforePrepareLeaves) {
  const auto start = [](std::string_view policy) {
    return Puppet("3pc", 1, {{"start_record", policy}}).start();
  };
  EXPECT_EQ(start("none"), "send PREPARE to 1; set votes");
  EXPECT_EQ(start("unforced"), "log started; send PREPARE to 1; set votes");
  EXPECT_EQ(start("forced"), "force started; send PREPARE to 1; set votes");
}

TEST(ThreePhaseOptions, PreCommitIsForcedByNobodyByParticipantsOrByAll) {
  const auto records = [](std::string_view policy) {
    Puppet w = asked(1, {{"pre_commit_record", policy}});
    const std::string coordinator = vote(w, 1, true);
    return coordinator + " | " + w.deliver("PRE-COMMIT", 0, 1);
  };
  EXPECT_EQ(records("none"),
            "cancel votes; send PRE-COMMIT to 1; set acks | "
            "cancel decision; send PRE-COMMIT-ACK to 0; set commit");
  EXPECT_EQ(records("participants"),
            "cancel votes; send PRE-COMMIT to 1; set acks | "
            "cancel decision; force pre-committed; send PRE-COMMIT-ACK to 0; set commit");
  EXPECT_EQ(records("all"),
            "cancel votes; force pre-committed; send PRE-COMMIT to 1; set acks | "
            "cancel decision; force pre-committed; send PRE-COMMIT-ACK to 0; set commit");
}

TEST(ThreePhaseOptions, AnUnaskedParticipantAbortsAloneIfToldTo) {
  Puppet w("3pc", 2, {{"unasked", "abort"}});
  w.start();
  EXPECT_EQ(w.timeout(1, "request"), "force aborted; decide abort");
  EXPECT_EQ(w.deliver("PREPARE", 0, 1), "send NO to 0");
  EXPECT_EQ(w.deliver("PREPARE", 0, 2), "cancel request; prepare");
}

TEST(ThreePhaseOptions, AnUncertainParticipantDoesAsItIsTold) {
  const auto late = [](std::string_view policy) {
    Puppet w = asked(2, {{"uncertain", policy}});
    w.prepared(1, true);
    return w.timeout(1, "decision");
  };
  EXPECT_EQ(late("terminate"), "log prepared; send STATE-REQ to 2; set states");
  EXPECT_EQ(late("off"), "decision is not armed at 1");
  EXPECT_EQ(late("abort"), "force aborted; decide abort");
  EXPECT_EQ(late("commit"), "force committed; decide commit");
}

TEST(ThreePhaseOptions, APreCommittedParticipantDoesAsItIsTold) {
  const auto late = [](std::string_view policy) {
    Puppet w = pre_committing(2, {{"pre_committed", policy}});
    w.deliver("PRE-COMMIT", 0, 1);
    return w.timeout(1, "commit");
  };
  EXPECT_EQ(late("terminate"), "log pre-committed; send STATE-REQ to 2; set states");
  EXPECT_EQ(late("off"), "commit is not armed at 1");
  EXPECT_EQ(late("abort"), "force aborted; decide abort");
  EXPECT_EQ(late("commit"), "force committed; decide commit");
}

// S14 of the failure catalogue: "the outcome hangs on time-out order".
TEST(ThreePhaseOptions, TimeoutOnlyThreePhaseCommitSplitsWhenOnePreCommitIsLost) {
  Puppet w = pre_committing(
      3, {{"uncertain", "abort"}, {"pre_committed", "commit"}, {"ack_missing", "abort"}});
  acknowledge(w, 1);
  acknowledge(w, 2);
  w.drop("PRE-COMMIT", 0, 3);
  Puppet short_ack_timeout = w;
  for (const int p : {1, 2}) w.timeout(p, "commit");
  w.timeout(3, "decision");
  w.timeout(0, "acks");
  EXPECT_EQ(w.outcome(1), Outcome::commit);
  EXPECT_EQ(w.outcome(3), Outcome::abort);
  EXPECT_EQ(w.outcome(0), Outcome::abort);
  short_ack_timeout.timeout(0, "acks");
  for (const int p : {1, 2, 3}) short_ack_timeout.deliver("ABORT", 0, p);
  EXPECT_EQ(short_ack_timeout.outcome(1), Outcome::abort);
  EXPECT_EQ(short_ack_timeout.outcome(3), Outcome::abort);
}

}  // namespace
}  // namespace indoubt
