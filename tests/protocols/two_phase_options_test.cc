// Goal: every value of every option of 2pc does what its sentence in the catalogue says.
#include <gtest/gtest.h>

#include "tests/support/puppet.h"

namespace indoubt {
namespace {

Puppet asked(int participants, const std::vector<NamedOption>& options) {
  Puppet w("2pc", participants, options);
  w.start();
  for (int p = 1; p <= participants; ++p) w.deliver("PREPARE", 0, p);
  return w;
}

/// Participant p votes at once; gives what the vote makes the coordinator do.
std::string vote(Puppet& w, int p, bool yes) {
  w.prepared(p, yes);
  return w.deliver(yes ? "YES" : "NO", p, 0);
}

TEST(TwoPhaseOptions, AtNoWaitCollectsEveryVoteBeforeAborting) {
  Puppet w = asked(3, {{"at_no", "wait"}});
  EXPECT_EQ(vote(w, 1, false), "nothing");
  EXPECT_EQ(vote(w, 2, true), "nothing");
  EXPECT_EQ(vote(w, 3, true),
            "cancel votes; force aborted; decide abort; send ABORT to 2 3; set acks");
}

TEST(TwoPhaseOptions, TheMajorityRuleCommitsAgainstOneNoOfThree) {
  Puppet w = asked(3, {{"decision_rule", "majority"}});
  EXPECT_EQ(vote(w, 1, false), "nothing");
  EXPECT_EQ(vote(w, 2, true), "nothing");
  EXPECT_EQ(vote(w, 3, true),
            "cancel votes; force committed; decide commit; send COMMIT to 2 3; set acks");
}

TEST(TwoPhaseOptions, TheMajorityRuleAbortsAsSoonAsAMajorityIsOutOfReach) {
  Puppet w = asked(4, {{"decision_rule", "majority"}});
  EXPECT_EQ(vote(w, 1, false), "nothing") << "three of four may still say YES";
  EXPECT_EQ(vote(w, 2, false),
            "cancel votes; force aborted; decide abort; send ABORT to 3 4; set acks");
}

TEST(TwoPhaseOptions, TheMajorityRuleCountsOnlyTheVotesThatCameInTime) {
  Puppet w = asked(3, {{"decision_rule", "majority"}});
  vote(w, 1, true);
  Puppet enough = w;
  vote(enough, 2, true);
  enough.timeout(0, "votes");
  EXPECT_EQ(enough.outcome(0), Outcome::commit);
  w.timeout(0, "votes");
  EXPECT_EQ(w.outcome(0), Outcome::abort);
}

TEST(TwoPhaseOptions, TheAnyRuleCommitsUnlessAllVoteNo) {
  Puppet w = asked(3, {{"decision_rule", "any"}});
  vote(w, 1, false);
  vote(w, 2, false);
  Puppet one_yes = w;
  vote(one_yes, 3, true);
  EXPECT_EQ(one_yes.outcome(0), Outcome::commit);
  vote(w, 3, false);
  EXPECT_EQ(w.outcome(0), Outcome::abort);
}

TEST(TwoPhaseOptions, TheAtLeastRuleNeedsThatManyYesVotes) {
  const std::vector<NamedOption> two = {{"decision_rule", "at-least"}, {"at_least", "2"}};
  Puppet w = asked(4, two);
  vote(w, 1, false);
  vote(w, 2, false);
  EXPECT_EQ(w.outcome(0), Outcome::none);
  Puppet third_no = w;
  vote(third_no, 3, false);
  EXPECT_EQ(third_no.outcome(0), Outcome::abort);
  vote(w, 3, true);
  vote(w, 4, true);
  EXPECT_EQ(w.outcome(0), Outcome::commit);
}

TEST(TwoPhaseOptions, AskingOneByOneAsksTheNextAfterEachVote) {
  Puppet w("2pc", 3, {{"asking", "one-by-one"}});
  EXPECT_EQ(w.start(), "send PREPARE to 1; set votes");
  w.deliver("PREPARE", 0, 1);
  EXPECT_EQ(vote(w, 1, true), "send PREPARE to 2; set votes");
  w.deliver("PREPARE", 0, 2);
  EXPECT_EQ(vote(w, 2, true), "send PREPARE to 3; set votes");
  w.deliver("PREPARE", 0, 3);
  EXPECT_EQ(vote(w, 3, true),
            "cancel votes; force committed; decide commit; send COMMIT to 1 2 3; set acks");
}

TEST(TwoPhaseOptions, AskingOneByOneIgnoresARepeatedVote) {
  Puppet w("2pc", 3, {{"asking", "one-by-one"}});
  w.start();
  w.deliver("PREPARE", 0, 1);
  vote(w, 1, true);
  EXPECT_EQ(w.again("YES", 1, 0), "nothing") << "the next one was asked already";
}

TEST(TwoPhaseOptions, AskingOneByOneStopsAtTheFirstNo) {
  Puppet w("2pc", 3, {{"asking", "one-by-one"}});
  w.start();
  w.deliver("PREPARE", 0, 1);
  EXPECT_EQ(vote(w, 1, false),
            "cancel votes; force aborted; decide abort; send ABORT to 2 3; set acks");
}

TEST(TwoPhaseOptions, AskingOneByOneGoesOnAfterANoIfToldToWait) {
  Puppet w("2pc", 2, {{"asking", "one-by-one"}, {"at_no", "wait"}});
  w.start();
  w.deliver("PREPARE", 0, 1);
  EXPECT_EQ(vote(w, 1, false), "send PREPARE to 2; set votes");
}

TEST(TwoPhaseOptions, AskingOneByOneGivesUpOnASilentOneAndGoesOn) {
  Puppet w("2pc", 3, {{"asking", "one-by-one"}, {"decision_rule", "majority"}});
  w.start();
  EXPECT_EQ(w.timeout(0, "votes"), "send PREPARE to 2; set votes") << "2 and 3 may still say YES";
  w.deliver("PREPARE", 0, 2);
  EXPECT_EQ(vote(w, 2, true), "send PREPARE to 3; set votes");
  w.deliver("PREPARE", 0, 3);
  EXPECT_EQ(vote(w, 3, true),
            "cancel votes; force committed; decide commit; send COMMIT to 1 2 3; set acks")
      << "the silent one is no known NO voter";
}

TEST(TwoPhaseOptions, AskingOneByOneAbortsOnceTooFewAreLeftToSayYes) {
  for (const auto* at_no : {"decide", "wait"}) {
    Puppet w("2pc", 4, {{"asking", "one-by-one"}, {"decision_rule", "majority"}, {"at_no", at_no}});
    w.start();
    EXPECT_EQ(w.timeout(0, "votes"), "send PREPARE to 2; set votes");
    EXPECT_EQ(w.timeout(0, "votes"), "force aborted; decide abort; send ABORT to 1 2 3 4; set acks")
        << at_no;
  }
}

TEST(TwoPhaseOptions, AskingOneByOneOneSilentParticipantIsOneTooManyIfAllMustSayYes) {
  Puppet w("2pc", 3, {{"asking", "one-by-one"}});
  w.start();
  EXPECT_EQ(w.timeout(0, "votes"), "force aborted; decide abort; send ABORT to 1 2 3; set acks");
}

TEST(TwoPhaseOptions, AskingOneByOneCommitsWhenTheLastOneIsGivenUp) {
  Puppet w("2pc", 2, {{"asking", "one-by-one"}, {"decision_rule", "any"}});
  w.start();
  w.deliver("PREPARE", 0, 1);
  vote(w, 1, true);
  EXPECT_EQ(w.timeout(0, "votes"), "force committed; decide commit; send COMMIT to 1 2; set acks");
}

TEST(TwoPhaseOptions, AskingOneByOneTheNextOneHasTriesOfItsOwnAfterASilentOne) {
  Puppet w("2pc", 2,
           {{"asking", "one-by-one"}, {"decision_rule", "any"}, {"prepare_resends", "1"}});
  w.start();
  EXPECT_EQ(w.timeout(0, "votes"), "send PREPARE to 1; set votes");
  EXPECT_EQ(w.timeout(0, "votes"), "send PREPARE to 2; set votes");
  EXPECT_EQ(w.timeout(0, "votes"), "send PREPARE to 2; set votes");
  w.timeout(0, "votes");
  EXPECT_EQ(w.outcome(0), Outcome::abort);
}

TEST(TwoPhaseOptions, AskingOneByOneALateVoteCountsWhileTheVotingIsOpen) {
  Puppet w("2pc", 3, {{"asking", "one-by-one"}, {"decision_rule", "majority"}});
  w.start();
  w.deliver("PREPARE", 0, 1);
  w.timeout(0, "votes");
  Puppet late_no = w;
  EXPECT_EQ(vote(w, 1, true), "nothing") << "2 was asked already";
  w.timeout(0, "votes");
  w.deliver("PREPARE", 0, 3);
  EXPECT_EQ(vote(w, 3, true),
            "cancel votes; force committed; decide commit; send COMMIT to 1 2 3; set acks");
  EXPECT_EQ(vote(late_no, 1, false), "nothing");
  for (const int p : {2, 3}) {
    late_no.deliver("PREPARE", 0, p);
    vote(late_no, p, true);
  }
  EXPECT_EQ(late_no.in_flight(), "COMMIT 0>2, COMMIT 0>3") << "1 is a known NO voter";
}

TEST(TwoPhaseOptions, PrepareIsSentAgainToTheSilentOnesOnly) {
  Puppet w = asked(3, {{"prepare_resends", "2"}});
  vote(w, 2, true);
  EXPECT_EQ(w.timeout(0, "votes"), "send PREPARE to 1 3; set votes");
  EXPECT_EQ(w.timeout(0, "votes"), "send PREPARE to 1 3; set votes");
  EXPECT_EQ(w.timeout(0, "votes"), "force aborted; decide abort; send ABORT to 1 2 3; set acks");
}

TEST(TwoPhaseOptions, EachParticipantAskedInTurnHasItsOwnTries) {
  Puppet w("2pc", 2, {{"asking", "one-by-one"}, {"prepare_resends", "1"}});
  w.start();
  EXPECT_EQ(w.timeout(0, "votes"), "send PREPARE to 1; set votes");
  w.deliver("PREPARE", 0, 1);
  vote(w, 1, true);
  EXPECT_EQ(w.timeout(0, "votes"), "send PREPARE to 2; set votes") << "a first retry for 2";
  w.timeout(0, "votes");
  EXPECT_EQ(w.outcome(0), Outcome::abort);
}

TEST(TwoPhaseOptions, DecisionToAllTellsNoVotersToo) {
  Puppet w = asked(2, {{"decision_to", "all"}});
  EXPECT_EQ(vote(w, 1, false),
            "cancel votes; force aborted; decide abort; send ABORT to 1 2; set acks");
  EXPECT_EQ(w.deliver("ABORT", 0, 1), "send ACK to 0") << "it has aborted already";
}

TEST(TwoPhaseOptions, WithoutAcksTheCoordinatorNeverForgets) {
  Puppet w = asked(2, {{"acks", "no"}});
  vote(w, 1, true);
  EXPECT_EQ(vote(w, 2, true), "cancel votes; force committed; decide commit; send COMMIT to 1 2");
  EXPECT_EQ(w.deliver("COMMIT", 0, 1), "cancel decision; force committed; decide commit");
  w.deliver("COMMIT", 0, 2);
  EXPECT_TRUE(w.quiet());
  EXPECT_FALSE(w.forgotten(0));
}

TEST(TwoPhaseOptions, TheNoVotersRecordIsWrittenAsAskedFor) {
  const auto no = [](std::string_view policy) {
    return asked(1, {{"no_voter_record", policy}}).prepared(1, false);
  };
  EXPECT_EQ(no("none"), "vote NO; decide abort; send NO to 0");
  EXPECT_EQ(no("unforced"), "vote NO; log aborted; decide abort; send NO to 0");
  EXPECT_EQ(no("forced"), "vote NO; force aborted; decide abort; send NO to 0");
}

TEST(TwoPhaseOptions, TheStartRecordIsWrittenBeforePrepareLeaves) {
  const auto start = [](std::string_view policy) {
    return Puppet("2pc", 1, {{"start_record", policy}}).start();
  };
  EXPECT_EQ(start("none"), "send PREPARE to 1; set votes");
  EXPECT_EQ(start("unforced"), "log started; send PREPARE to 1; set votes");
  EXPECT_EQ(start("forced"), "force started; send PREPARE to 1; set votes");
}

TEST(TwoPhaseOptions, AnUnaskedParticipantAbortsAloneIfToldTo) {
  Puppet w("2pc", 2, {{"unasked", "abort"}});
  w.start();
  EXPECT_EQ(w.armed(1), "request");
  EXPECT_EQ(w.armed(0), "votes");
  EXPECT_EQ(w.timeout(1, "request"), "force aborted; decide abort");
  EXPECT_EQ(w.deliver("PREPARE", 0, 1), "send NO to 0");
  EXPECT_EQ(w.deliver("PREPARE", 0, 2), "cancel request; prepare");
}

TEST(TwoPhaseOptions, AnUncertainParticipantDoesAsItIsTold) {
  const auto late = [](std::string_view policy) {
    Puppet w = asked(1, {{"uncertain", policy}});
    w.prepared(1, true);
    return w.timeout(1, "decision");
  };
  EXPECT_EQ(late("ask"), "send INQUIRY to 0; set decision");
  EXPECT_EQ(late("off"), "decision is not armed at 1");
  EXPECT_EQ(late("abort"), "force aborted; decide abort");
  EXPECT_EQ(late("commit"), "force committed; decide commit");
}

}  // namespace
}  // namespace indoubt
