// Goal: what a run counts is what happened: outcomes by cause, votes, doubt, predicates.
#include <gtest/gtest.h>

#include "tests/support/world.h"

namespace indoubt {
namespace {

std::uint64_t by(const Totals& totals, AbortCause cause) {
  return totals.aborts_by_cause[static_cast<std::size_t>(cause)];
}

Scenario three() { return world(3, Latency::constant(10ms)); }

TEST(Tally, ANoVoteIsTheCauseOfAnAbort) {
  Scenario scenario = three();
  scenario.services[2].vote_yes = 0;
  for (const auto* protocol : {"2pc", "3pc"}) {
    const Totals totals = run(scenario, protocol, 10);
    EXPECT_EQ(by(totals, AbortCause::no_vote), 10u);
    EXPECT_EQ(totals.aborts, 10u);
    EXPECT_EQ(totals.all_aborted, 10u);
    EXPECT_EQ(totals.some_committed, 0u);
  }
}

TEST(Tally, TheVoteTimeoutIsTheCauseOfAnAbort) {
  Scenario scenario = three();
  set_timeout(scenario, "votes", Latency::constant(15ms));
  for (const auto* protocol : {"2pc", "3pc", "3pc-majority"}) {
    const Totals totals = run(scenario, protocol, 10);
    EXPECT_EQ(by(totals, AbortCause::vote_timeout), 10u);
    EXPECT_EQ(totals.timeouts, 10u);
  }
}

TEST(Tally, AnotherTimeoutIsNotTheVoteTimeout) {
  Scenario scenario = three();
  set_timeout(scenario, "acks", Latency::constant(5ms));
  const Totals totals = run(scenario, "3pc", 10, {{"ack_missing", "abort"}});
  EXPECT_EQ(totals.aborts, 10u);
  EXPECT_EQ(by(totals, AbortCause::vote_timeout), 0u);
  EXPECT_EQ(by(totals, AbortCause::ack_timeout), 10u);
}

TEST(Tally, TheCauseIsKnownWhenTheDecisionWaitsForTheDisk) {
  Scenario scenario = three();
  scenario.disk.force = Latency::constant(5ms);
  scenario.services[2].vote_yes = 0;
  EXPECT_EQ(by(run(scenario, "2pc", 10), AbortCause::no_vote), 10u);
  set_timeout(scenario, "votes", Latency::constant(12ms));
  EXPECT_EQ(by(run(scenario, "2pc", 10), AbortCause::vote_timeout), 10u);
}

TEST(Tally, WhenTheCoordinatorNeverDecidesAllNoIsStillAnAbort) {
  Scenario scenario = world(1, Latency::constant(1ms));
  scenario.services[0].vote_yes = 0;
  link_rule(scenario, "p1", "coordinator").loss = 1;
  const Totals totals = run(scenario, "2pc", 10);
  EXPECT_EQ(totals.aborts, 10u);
  EXPECT_EQ(by(totals, AbortCause::no_vote), 10u);
  EXPECT_EQ(totals.decision_time.count, 0u);
}

TEST(Tally, DoubtLastsFromYesToTheArrivalOfTheDecision) {
  Scenario scenario = three();
  const Totals plain = run(scenario, "2pc", 10);
  EXPECT_EQ(plain.in_doubt_time.count, 10u);
  EXPECT_EQ(plain.in_doubt_time.mean(), 20e6);
  EXPECT_EQ(plain.in_doubt_time.variance(), 0);
  scenario.disk.force = Latency::constant(5ms);
  EXPECT_EQ(run(scenario, "2pc", 10).in_doubt_time.mean(), 25e6)
      << "from the end of the forced YES, through the coordinator's force, to the arrival";
}

TEST(Tally, ANoVoterIsNeverInDoubt) {
  Scenario scenario = three();
  scenario.services[0].vote_yes = 0;
  const Totals totals = run(scenario, "2pc", 10);
  EXPECT_EQ(totals.in_doubt_time.count, 10u);
  EXPECT_EQ(totals.stranded, 0u);
}

TEST(Tally, AParticipantThatLearntAbortBeforeItsVoteIsNotInDoubtAndHasNotVoted) {
  Scenario scenario = three();
  scenario.services[0].vote_yes = 0;
  scenario.services[1].prepare = Latency::constant(100ms);
  const Totals totals = run(scenario, "2pc", 10);
  EXPECT_EQ(totals.in_doubt_time.count, 10u) << "p3 only";
  EXPECT_EQ(totals.yes_votes.sum, 10u) << "p3 only: p2 never sent its vote";
  EXPECT_EQ(totals.asked.sum, 30u);
  EXPECT_EQ(totals.all_aborted, 10u);
}

TEST(Tally, AnAbortThatArrivesDuringTheForceOfYesFindsTheParticipantInDoubtForNoTime) {
  Scenario scenario = three();
  scenario.disk.force = Latency::constant(50ms);
  scenario.services[0].vote_yes = 0;
  const Totals totals = run(scenario, "2pc", 10, {{"no_voter_record", "none"}});
  // p1's NO is at the coordinator at 20 ms; ABORT, forced until 70 ms, arrives at 80 ms.
  EXPECT_EQ(totals.in_doubt_time.count, 10u);
  EXPECT_EQ(totals.in_doubt_time.mean(), 20e6) << "YES durable at 60 ms, ABORT at 80 ms";
}

TEST(Tally, CountsYesVotesOfAllAskedAndNotTwice) {
  Scenario scenario = three();
  scenario.network.duplication = 1;
  const Totals totals = run(scenario, "2pc", 10);
  EXPECT_EQ(totals.yes_votes.sum, 30u);
  EXPECT_EQ(totals.asked.sum, 30u);
}

TEST(Tally, AskedOneByOneStopsAtTheFirstNo) {
  Scenario scenario = three();
  scenario.services[1].vote_yes = 0;
  const Totals totals = run(scenario, "2pc", 10, {{"asking", "one-by-one"}});
  EXPECT_EQ(totals.asked.sum, 20u);
  EXPECT_EQ(totals.yes_votes.sum, 10u);
}

TEST(Tally, PredicatesDescribeTheEndOfEachTransaction) {
  Scenario scenario = three();
  scenario.services[0].vote_yes = 0;
  const Totals totals = run(scenario, "3pc-majority", 10);
  EXPECT_EQ(totals.some_committed, 10u);
  EXPECT_EQ(totals.some_aborted, 10u);
  EXPECT_EQ(totals.mixed, 10u);
  EXPECT_EQ(totals.all_committed, 0u);
  EXPECT_EQ(totals.none_committed, 0u);
  EXPECT_EQ(totals.all_learnt, 10u);
  EXPECT_EQ(totals.stranded, 0u);
}

TEST(Tally, TimesAreMeasuredFromTheStartOfEachTransaction) {
  const Totals alone = run(three(), "2pc", 5);
  EXPECT_EQ(alone.decision_time.mean(), 20e6);
  EXPECT_EQ(alone.completion_time.mean(), 30e6);
  const Totals together = run(overlapping(three(), 7ms), "2pc", 5);
  EXPECT_EQ(together.decision_time, alone.decision_time);
  EXPECT_EQ(together.completion_time, alone.completion_time);
}

// The coordinator dies with the votes under way; who is in doubt stays so.
TEST(Tally, TimesThatDoNotEndWithTheirTransactionAreCounted) {
  Scenario scenario = three();
  Fault crash;
  crash.sites = {"coordinator"};
  crash.when.kind = Trigger::Kind::at_time;
  crash.when.time = 15ms;
  scenario.faults = {crash};
  const Totals blocked = run(scenario, "2pc", 10);
  EXPECT_EQ(blocked.in_doubt_time.count, 10u);
  EXPECT_EQ(blocked.stranded, 10u);
  EXPECT_EQ(blocked.locked_at_end, 10u);
  EXPECT_EQ(blocked.blocked_time.count, 10u);
  EXPECT_EQ(blocked.blocked_to_end, 10u);

  scenario.faults[0].lasts = Latency::constant(100ms);
  set_timeout(scenario, "decision", Latency::constant(30ms));
  const Totals freed = run(scenario, "2pc", 10);
  EXPECT_EQ(freed.blocked_time.count, 10u);
  EXPECT_EQ(freed.blocked_to_end, 0u) << "the coordinator is back";
  EXPECT_EQ(freed.stranded, 0u);
  EXPECT_EQ(freed.locked_at_end, 0u);
}

TEST(Tally, ATransactionEndsInExactlyOneWay) {
  Scenario scenario = world(3, Latency::exponential(3ms));
  scenario.network.loss = 0.3;
  scenario.services[0].vote_yes = 0.9;
  set_timeout(scenario, "decision", Latency::constant(5ms));
  scenario.transactions.horizon = 20ms;
  const Totals totals = run(scenario, "2pc", 5'000);
  EXPECT_EQ(totals.transactions, 5'000u);
  EXPECT_EQ(totals.commits + totals.aborts + totals.blocked + totals.abandoned + totals.unfinished,
            5'000u);
  EXPECT_GT(totals.commits, 0u);
  EXPECT_GT(totals.aborts, 0u);
  EXPECT_GT(totals.blocked, 0u) << "a vote is lost: the others ask for ever";
  EXPECT_GT(totals.abandoned, 0u) << "nobody was asked";
  EXPECT_GT(totals.unfinished, 0u) << "something is still under way";
}

}  // namespace
}  // namespace indoubt
