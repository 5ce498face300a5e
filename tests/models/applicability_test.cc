// Goal: a model refuses every scenario that its formula does not describe, and says what breaks it.
// Here: the models of losses, deadlines and times.
#include <gtest/gtest.h>

#include "tests/models/make_scenario.h"

namespace indoubt {
namespace {

using namespace std::chrono_literals;

// ---- loss and retries ---------------------------------------------------------------------------

TEST(LossyRetries, AppliesWhereEachTryFitsIntoATimeout) {
  EXPECT_EQ(refusal("lossy-retries", lossy_scenario(), {.prepare_tries = 3}), "");
  EXPECT_EQ(refusal("lossy-retries", lossy_scenario(), kMajorityRule), "");
  Scenario scenario = lossy_scenario();
  scenario.network.latency = uniform(1ms, 10ms);
  EXPECT_EQ(refusal("lossy-retries", scenario), "");
}

TEST(LossyRetries, AppliesWithoutLossToo) {
  Scenario scenario = constant_scenario();
  EXPECT_EQ(refusal("lossy-retries", scenario), "");
  EXPECT_EQ(refusal("lossy-retries", scenario, kMoreRounds), "");
}

TEST(LossyRetries, RefusesATryThatDoesNotFit) {
  Scenario scenario = lossy_scenario();
  scenario.network.links = {{"coordinator", "s2", Latency::constant(11ms), {}, {}}};
  EXPECT_EQ(refusal("lossy-retries", scenario, {.prepare_tries = 2}),
            "a request to s2 and its reply may not fit into one time-out `votes` (45ms)");
  scenario.network.links.clear();
  scenario.network.latency = Latency::exponential(1ms);
  EXPECT_EQ(refusal("lossy-retries", scenario),
            "a request to s1 and its reply may not fit into one time-out `votes` (45ms)");
}

TEST(LossyRetries, RefusesLossThatNobodyNotices) {
  Scenario scenario = lossy_scenario();
  scenario.timeouts.clear();
  EXPECT_EQ(refusal("lossy-retries", scenario),
            "messages are lost with probability 0.05, but the time-out `votes` never fires: no "
            "message is sent again");
}

TEST(LossyRetries, RefusesLossOfMessagesThatAreNotVotes) {
  EXPECT_EQ(refusal("lossy-retries", lossy_scenario(), kMoreRounds),
            "messages are lost with probability 0.05, and here not only PREPARE and votes lead to "
            "a decision: questions or other messages do too, whose loss the formula does not know");
}

TEST(LossyRetries, RefusesDuplicationSharedSitesAndSerialAsking) {
  Scenario scenario = lossy_scenario();
  EXPECT_EQ(refusal("lossy-retries", scenario, kOneByOne),
            "participants are asked one after another, and the formula has all asked at once");
  scenario.network.duplication = 0.1;
  EXPECT_EQ(refusal("lossy-retries", scenario), "messages are duplicated with probability 0.1");
  scenario.transactions.sites = Sites::shared;
  EXPECT_NE(refusal("lossy-retries", scenario).find("share their sites"), std::string::npos);
}

TEST(LossyRetries, RefusesAHorizonBeforeTheLastTry) {
  Scenario scenario = lossy_scenario();
  scenario.transactions.horizon = 1s;
  EXPECT_EQ(refusal("lossy-retries", scenario, {.prepare_tries = 3}), "");
  EXPECT_EQ(refusal("lossy-retries", scenario, {.prepare_tries = 100}),
            "the horizon (1s) can end a transaction before it is decided");
}

TEST(LossyRetries, RefusesVotesThatPassThroughOtherProcesses) {
  EXPECT_EQ(refusal("lossy-retries", constant_scenario(), kRelayed),
            "votes pass through other processes, and the formula has them sent to the coordinator");
}

// ---- exponential delays against a deadline ------------------------------------------------------

Scenario deadline_scenario() {
  Scenario scenario = scenario_of({0.9, 0.8, 0.7});
  set_timeout(scenario, "votes", Latency::constant(30ms));
  return scenario;
}

TEST(ExponentialDeadline, AppliesToExponentialDelaysAndAConstantTimeout) {
  EXPECT_EQ(refusal("exponential-deadline", deadline_scenario()), "");
  EXPECT_EQ(refusal("exponential-deadline", deadline_scenario(), kMajorityRule), "");
  EXPECT_EQ(refusal("exponential-deadline", deadline_scenario(), kMoreRounds), "");
}

TEST(ExponentialDeadline, RefusesAnythingButOneConstantDeadline) {
  Scenario scenario = deadline_scenario();
  EXPECT_EQ(refusal("exponential-deadline", scenario, {.prepare_tries = 2}),
            "PREPARE is sent up to 2 times, and the formula has one try");
  scenario.timeouts[0].length = Latency::exponential(30ms);
  EXPECT_EQ(refusal("exponential-deadline", scenario),
            "the time-out `votes` is exponential 30ms, and the formula has a constant one");
  scenario.timeouts.clear();
  EXPECT_EQ(refusal("exponential-deadline", scenario),
            "the time-out `votes` never fires, so there is no deadline");
}

TEST(ExponentialDeadline, RefusesVotesThatAreNone) {
  EXPECT_EQ(refusal("exponential-deadline", deadline_scenario(), {.plain_votes = false}),
            "participants do not force a vote and send it, or silence is not taken for a NO");
}

TEST(ExponentialDeadline, RefusesVotesThatPassThroughOtherProcesses) {
  EXPECT_EQ(refusal("exponential-deadline", deadline_scenario(), kRelayed),
            "votes pass through other processes, and the formula has them sent to the coordinator");
}

TEST(ExponentialDeadline, RefusesOtherDelays) {
  Scenario scenario = deadline_scenario();
  scenario.network.links = {{"s2", "", Latency::constant(5ms), {}, {}}};
  EXPECT_EQ(refusal("exponential-deadline", scenario),
            "messages between coordinator and s2 take 5ms, and the formula has exponential times");
  scenario.network.links = {{"s2", "", Latency::exponential(6ms), {}, {}}};
  EXPECT_EQ(refusal("exponential-deadline", scenario),
            "messages to s2 take exponential 5ms, those back exponential 6ms, and the formula has "
            "one mean");
  scenario.network.links.clear();
  scenario.services[2].at_coordinator = true;
  EXPECT_EQ(refusal("exponential-deadline", scenario),
            "messages between coordinator and s3 take 0s, and the formula has exponential times");
}

TEST(ExponentialDeadline, RefusesRandomWork) {
  Scenario scenario = deadline_scenario();
  scenario.services[1].prepare = Latency::exponential(1ms);
  EXPECT_EQ(refusal("exponential-deadline", scenario),
            "s2 prepares for exponential 1ms, and the formula has a constant time");
  scenario.services[1].prepare = Latency::constant(1ms);
  EXPECT_EQ(refusal("exponential-deadline", scenario), "");
  scenario.disk.force = uniform(1ms, 2ms);
  EXPECT_EQ(refusal("exponential-deadline", scenario),
            "a forced write takes uniform 1ms 2ms, and the formula has a constant time");
}

TEST(ExponentialDeadline, RefusesACoordinatorThatWaitsForLateNoVoters) {
  const ProtocolTraits waits{.rule = DecisionRule::majority,
                             .votes_alone_decide = false,
                             .stalled_by_no = StalledByNo::if_late};
  EXPECT_EQ(refusal("exponential-deadline", deadline_scenario(), waits),
            "the coordinator may have enough YES votes and still wait without end for a NO voter "
            "to answer");
}

TEST(ExponentialDeadline, RefusesLossDuplicationSerialAskingAndOtherTimeouts) {
  Scenario scenario = deadline_scenario();
  EXPECT_EQ(refusal("exponential-deadline", scenario, kOneByOne),
            "participants are asked one after another, and the formula has all asked at once");
  scenario.network.duplication = 0.1;
  EXPECT_EQ(refusal("exponential-deadline", scenario),
            "messages are duplicated with probability 0.1");
  scenario.network.loss = 0.1;
  EXPECT_EQ(refusal("exponential-deadline", scenario), "messages are lost with probability 0.1");
  scenario = deadline_scenario();
  set_timeout(scenario, "commit", Latency::constant(1s));
  EXPECT_EQ(refusal("exponential-deadline", scenario, kMoreRounds),
            "the time-out `commit` (1s) can fire, and may then change the decision that the votes "
            "imply");
  EXPECT_EQ(refusal("exponential-deadline", scenario), "");
}

// ---- times --------------------------------------------------------------------------------------

TEST(VoteCollectionTime, AppliesWhereOnlyMessageDelaysTakeTime) {
  EXPECT_EQ(refusal("vote-collection-time", scenario_of(3, 1)), "");
  EXPECT_EQ(refusal("vote-collection-time", scenario_of(3, 0.9), kAnyRule), "");
}

TEST(VoteCollectionTime, RefusesEverythingElse) {
  const auto why = [](const Scenario& s, ProtocolTraits t = {}) {
    return refusal("vote-collection-time", s, t);
  };
  EXPECT_EQ(why(scenario_of({1, 0.9, 1})),
            "s2 may vote NO, which can settle the outcome before the last vote is in");
  EXPECT_EQ(why(scenario_of(3, 1), kMoreRounds),
            "the coordinator does not decide as soon as the votes are in");
  EXPECT_EQ(why(scenario_of(3, 1), kOneByOne),
            "participants are asked one after another, and the formula has all asked at once");
  Scenario scenario = scenario_of(3, 1);
  scenario.disk.force = Latency::constant(1ms);
  EXPECT_EQ(why(scenario), "a forced write takes 1ms, and the formula knows none");
  scenario = scenario_of(3, 1);
  scenario.services[2].prepare = Latency::constant(1ms);
  EXPECT_EQ(why(scenario), "s3 prepares for 1ms, and the formula has message delays alone");
  scenario = scenario_of(3, 1);
  scenario.network.latency.minimum = 1ms;
  EXPECT_EQ(why(scenario),
            "delays to and from s1 have a minimum, and the formula's exponential times have none");
  scenario = scenario_of(3, 1);
  scenario.network.send_gap = 1ms;
  EXPECT_EQ(why(scenario), "PREPARE does not leave to all participants at one instant");
  scenario = scenario_of(3, 1);
  scenario.network.latency = Latency::constant(1ms);
  EXPECT_EQ(why(scenario),
            "messages between coordinator and s1 take 1ms, and the formula has exponential times");
  scenario = scenario_of(3, 1);
  scenario.network.duplication = 0.5;
  EXPECT_EQ(why(scenario), "messages are duplicated with probability 0.5");
  scenario = scenario_of(3, 1);
  set_timeout(scenario, "votes", Latency::constant(1s));
  EXPECT_EQ(why(scenario),
            "the time-out `votes` (1s) can fire before the vote of s1 arrives, which has no upper "
            "bound");
}

TEST(SerialVotes, AppliesToAnyDelaysAskedOneAfterAnother) {
  Scenario scenario = scenario_of(3, 1);
  scenario.services[0].prepare = uniform(1ms, 5ms);
  EXPECT_EQ(refusal("serial-votes", scenario, kOneByOne), "");
}

TEST(ModelsOfTimes, RefuseWorkBeforeTheCommit) {
  Scenario scenario = scenario_of(3, 1);
  scenario.execution = true;
  const std::string why =
      "the participants work before the commit begins, and the formula begins with PREPARE; set "
      "`execution: no`";
  EXPECT_EQ(refusal("serial-votes", scenario, kOneByOne), why);
  EXPECT_EQ(refusal("vote-collection-time", scenario), why);
}

TEST(ModelsOfVotes, RefuseReaders) {
  Scenario scenario = lossy_scenario();
  scenario.services[1].read_only = 0.5;
  const std::string why =
      "s2 may vote READ, and the formula knows YES and NO only; set `read_only: 0`";
  EXPECT_EQ(refusal("lossy-retries", scenario), why);
  EXPECT_EQ(refusal("exponential-deadline", scenario), why);
  EXPECT_EQ(refusal("unanimous", scenario), why);
}

TEST(SerialVotes, RefusesEverythingElse) {
  EXPECT_EQ(refusal("serial-votes", scenario_of(3, 1)),
            "participants are asked all at once, and the formula asks one after another");
  EXPECT_EQ(refusal("serial-votes", scenario_of(3, 0.9), kOneByOne),
            "s1 may vote NO, which can settle the outcome before the last vote is in");
  Scenario scenario = scenario_of(3, 1);
  EXPECT_EQ(refusal("serial-votes", scenario, {.one_by_one = true, .votes_alone_decide = false}),
            "the coordinator does not decide as soon as the votes are in");
  scenario.disk.force = Latency::constant(1ms);
  EXPECT_EQ(refusal("serial-votes", scenario, kOneByOne),
            "a forced write takes 1ms, and the formula knows none");
  scenario = scenario_of(3, 1);
  scenario.network.loss = 0.5;
  EXPECT_EQ(refusal("serial-votes", scenario, kOneByOne), "messages are lost with probability 0.5");
  scenario = scenario_of(3, 1);
  scenario.network.duplication = 0.5;
  EXPECT_EQ(refusal("serial-votes", scenario, kOneByOne),
            "messages are duplicated with probability 0.5");
}

}  // namespace
}  // namespace indoubt
