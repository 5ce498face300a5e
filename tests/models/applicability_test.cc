// Goal: a model refuses every scenario that its formula does not describe, and says what breaks it.
#include <gtest/gtest.h>

#include "sim/measures/measure.h"
#include "tests/models/make_scenario.h"

namespace indoubt {
namespace {

using namespace std::chrono_literals;

/// Models of the votes alone, each with a decision rule that it describes.
struct VoteModel {
  std::string_view name;
  ProtocolTraits traits;
};
constexpr VoteModel kVoteModels[] = {{"unanimous", kAll},
                                     {"at-least-one", kAnyRule},
                                     {"majority", kMajorityRule},
                                     {"at-least-k", kAll},
                                     {"majority-without-unanimity", kMajorityRule}};

void expect_refused_by_all(const Scenario& scenario, const std::string& why,
                           bool one_by_one = false, bool votes_alone = true) {
  for (VoteModel model : kVoteModels) {
    model.traits.one_by_one = one_by_one;
    model.traits.votes_alone_decide = votes_alone;
    EXPECT_EQ(refusal(model.name, scenario, model.traits), why) << model.name;
  }
}

Latency uniform(Duration low, Duration high) {
  Latency latency;
  latency.kind = find_latency("uniform");
  latency.shape = latency.kind->shape;
  latency.parameter = {static_cast<double>(low.count()), static_cast<double>(high.count())};
  return latency;
}

/// Constant delays of 10 ms, 20 ms of work, 5 ms for a forced write: a YES takes 45 ms.
Scenario constant_scenario() {
  Scenario scenario = scenario_of({0.9, 0.8, 0.7});
  scenario.network.latency = Latency::constant(10ms);
  scenario.disk.force = Latency::constant(5ms);
  for (Service& service : scenario.services) service.prepare = Latency::constant(20ms);
  return scenario;
}

// ---- the catalogue ------------------------------------------------------------------------------

TEST(ModelCatalogue, FindsEveryRowAndPredictsMeasuresThatExist) {
  EXPECT_EQ(model_catalogue().size(), 9u);
  for (const Model* model : model_catalogue()) {
    EXPECT_EQ(find_model(model->name), model);
    EXPECT_NE(find_measure(model->measure), nullptr) << model->name;
    EXPECT_FALSE(model->formula.empty() || model->source.empty()) << model->name;
    EXPECT_EQ(model->doc.back(), '.') << model->name;
  }
  EXPECT_EQ(find_model("p^n"), nullptr);
}

TEST(ModelCatalogue, AllButTheTimesAndTheViolationPredictCommit) {
  for (const Model* model : model_catalogue()) {
    const bool time = model->name == "vote-collection-time" || model->name == "serial-votes";
    const bool violation = model->name == "majority-without-unanimity";
    EXPECT_EQ(model->measure, time ? "decision_time" : violation ? "violation.validity" : "commit");
  }
}

// ---- models of the votes alone ------------------------------------------------------------------

TEST(VoteModels, ApplyWhereEveryVoteArrives) {
  expect_refused_by_all(scenario_of({0.9, 0.8, 0.7}), "");
  expect_refused_by_all(constant_scenario(), "");
  expect_refused_by_all(scenario_of({0.9, 0.8, 0.7}), "", true, false);
}

TEST(VoteModels, RefuseAnotherDecisionRule) {
  const Scenario three = scenario_of(3, 0.9);
  EXPECT_EQ(refusal("unanimous", three, kMajorityRule),
            "commit needs 2 of 3 YES votes, and the formula's rule 3");
  EXPECT_EQ(refusal("at-least-one", three, kAll),
            "commit needs 3 of 3 YES votes, and the formula's rule 1");
  EXPECT_EQ(refusal("majority", three, kAll),
            "commit needs 3 of 3 YES votes, and the formula's rule 2");
  EXPECT_EQ(refusal("majority-without-unanimity", three, kAll),
            "commit needs 3 of 3 YES votes, and the formula's rule 2");
  EXPECT_EQ(refusal("at-least-k", three, kAnyRule), "");
}

TEST(VoteModels, AskForTheNumberOfVotesAndNotForTheNameOfTheRule) {
  EXPECT_EQ(refusal("unanimous", scenario_of(2, 0.9), kMajorityRule), "");
  EXPECT_EQ(refusal("majority", scenario_of(2, 0.9), kAll), "");
  EXPECT_EQ(refusal("at-least-one", scenario_of(1, 0.9), kAll), "");
  EXPECT_EQ(
      refusal("majority", scenario_of(3, 0.9), {.rule = DecisionRule::at_least, .at_least = 2}),
      "");
}

TEST(VoteModels, RefuseSharedSites) {
  Scenario scenario = scenario_of({0.9, 0.8, 0.7});
  scenario.transactions.sites = Sites::shared;
  expect_refused_by_all(
      scenario, "transactions share their sites, and the formula describes one transaction alone");
}

TEST(VoteModels, RefuseLoss) {
  Scenario scenario = scenario_of({0.9, 0.8, 0.7});
  scenario.network.loss = 0.01;
  expect_refused_by_all(scenario, "messages from coordinator to s1 are lost with probability 0.01");
  scenario.network.loss = 0;
  scenario.network.links = {{"s2", "coordinator", {}, 0.2, {}}};
  expect_refused_by_all(scenario, "messages from s2 to coordinator are lost with probability 0.2");
}

TEST(VoteModels, IgnoreLossWhereNoVoteTravels) {
  Scenario scenario = scenario_of({0.9, 0.8, 0.7});
  scenario.network.links = {{"s1", "s2", {}, 0.5, {}}};
  expect_refused_by_all(scenario, "");
}

TEST(VoteModels, AcceptDuplication) {
  Scenario scenario = scenario_of({0.9, 0.8, 0.7});
  scenario.network.duplication = 0.1;
  expect_refused_by_all(scenario, "");
}

TEST(VoteModels, AcceptATimeoutExactlyAsLongAsTheSlowestVote) {
  Scenario scenario = constant_scenario();
  set_timeout(scenario, "votes", Latency::constant(45ms));
  expect_refused_by_all(scenario, "");
  scenario.network.links = {{"s3", "coordinator", Latency::constant(11ms), {}, {}}};
  expect_refused_by_all(scenario,
                        "the time-out `votes` (45ms) can fire before the vote of s3 arrives, which "
                        "takes up to 46ms");
}

TEST(VoteModels, CountEveryPartOfAVoteAgainstTheTimeout) {
  const Scenario base = constant_scenario();
  const std::string why =
      "the time-out `votes` (45ms) can fire before the vote of s1 arrives, which takes up to ";
  Scenario scenario = base;
  set_timeout(scenario, "votes", Latency::constant(45ms));
  scenario.disk.force = Latency::constant(6ms);
  expect_refused_by_all(scenario, why + "46ms");
  scenario.disk = base.disk;
  scenario.services[0].prepare = uniform(1ms, 22ms);
  expect_refused_by_all(scenario, why + "47ms");
  scenario.services = base.services;
  scenario.network.latency.minimum = 1ms;
  expect_refused_by_all(scenario, why + "47ms");
}

TEST(VoteModels, CountTheSendGapAgainstTheTimeout) {
  Scenario scenario = constant_scenario();
  set_timeout(scenario, "votes", Latency::constant(46ms));
  scenario.network.send_gap = 1ms;
  expect_refused_by_all(scenario,
                        "the time-out `votes` (46ms) can fire before the vote of s3 arrives, which "
                        "takes up to 47ms");
  expect_refused_by_all(scenario, "", true);  // one by one, each question starts its own time-out
}

TEST(VoteModels, RefuseAnyVoteTimeoutIfDelaysAreUnbounded) {
  Scenario scenario = scenario_of({0.9, 0.8, 0.7});
  set_timeout(scenario, "votes", Latency::constant(1min));
  expect_refused_by_all(scenario,
                        "the time-out `votes` (1min) can fire before the vote of s1 arrives, which "
                        "has no upper bound");
}

TEST(VoteModels, RefuseARandomTimeoutByItsShortestLength) {
  Scenario scenario = constant_scenario();
  set_timeout(scenario, "votes", uniform(44ms, 100ms));
  expect_refused_by_all(scenario,
                        "the time-out `votes` (uniform 44ms 100ms) can fire before the vote of s1 "
                        "arrives, which takes up to 45ms");
  scenario.timeouts[0].length = uniform(45ms, 100ms);
  expect_refused_by_all(scenario, "");
}

TEST(VoteModels, ATimeoutThatIsNeverDoesNotFire) {
  Scenario scenario = scenario_of({0.9, 0.8, 0.7});
  scenario.timeouts.push_back({"votes", std::nullopt});
  expect_refused_by_all(scenario, "");
}

TEST(VoteModels, SeveralTriesWaitLonger) {
  Scenario scenario = constant_scenario();
  set_timeout(scenario, "votes", Latency::constant(23ms));
  EXPECT_NE(refusal("unanimous", scenario), "");
  EXPECT_EQ(refusal("unanimous", scenario, {.prepare_tries = 2}), "");
  EXPECT_NE(refusal("unanimous", scenario, {.prepare_tries = 2, .one_by_one = true}), "");
}

TEST(VoteModels, OtherTimeoutsMatterOnlyToProtocolsThatDecideByMore) {
  Scenario scenario = scenario_of({0.9, 0.8, 0.7});
  set_timeout(scenario, "decision", Latency::constant(200ms));
  expect_refused_by_all(scenario, "");
  expect_refused_by_all(scenario,
                        "the time-out `decision` (200ms) can fire, and may then change the "
                        "decision that the votes imply",
                        false, false);
}

TEST(VoteModels, OtherTimeoutsDoNotMatterIfTheyAreLongerThanTheTransaction) {
  Scenario scenario = constant_scenario();
  set_timeout(scenario, "decision", Latency::constant(1s));
  expect_refused_by_all(scenario, "", false, false);
  scenario.timeouts[0].length = Latency::constant(50ms);
  EXPECT_NE(refusal("unanimous", scenario, kMoreRounds), "");
}

TEST(VoteModels, RefuseAHorizonThatCutsTransactionsOff) {
  Scenario scenario = scenario_of({0.9, 0.8, 0.7});
  const std::string why = "the horizon (100ms) can end a transaction before it is decided";
  scenario.transactions.horizon = 100ms;
  expect_refused_by_all(scenario, why);
  scenario = constant_scenario();
  scenario.transactions.horizon = 100ms;
  expect_refused_by_all(scenario, why);
  scenario.transactions.horizon = 500ms;
  expect_refused_by_all(scenario, "");
}

TEST(VoteModels, RefuseADelayWithoutMeanUnderAnyHorizon) {
  Scenario scenario = scenario_of({0.9, 0.8, 0.7});
  Latency pareto;
  pareto.kind = find_latency("pareto");
  pareto.shape = pareto.kind->shape;
  pareto.parameter = {1e6, 0.9};
  scenario.network.latency = pareto;
  expect_refused_by_all(scenario, "the horizon (1h) can end a transaction before it is decided");
}

// ---- loss and retries ---------------------------------------------------------------------------

Scenario lossy_scenario() {
  Scenario scenario = constant_scenario();
  scenario.network.loss = 0.05;
  set_timeout(scenario, "votes", Latency::constant(45ms));
  return scenario;
}

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
            "messages from coordinator to s1 are lost with probability 0.05, but the time-out "
            "`votes` never fires: no message is sent again");
}

TEST(LossyRetries, RefusesLossOfMessagesThatAreNotVotes) {
  EXPECT_EQ(refusal("lossy-retries", lossy_scenario(), kMoreRounds),
            "messages from coordinator to s1 are lost with probability 0.05, and this protocol "
            "exchanges more messages than votes before it decides");
}

TEST(LossyRetries, RefusesDuplicationSharedSitesAndSerialAsking) {
  Scenario scenario = lossy_scenario();
  EXPECT_EQ(refusal("lossy-retries", scenario, kOneByOne),
            "participants are asked one after another, and the formula has all asked at once");
  scenario.network.duplication = 0.1;
  EXPECT_EQ(refusal("lossy-retries", scenario),
            "messages from coordinator to s1 are duplicated with probability 0.1");
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

TEST(ExponentialDeadline, RefusesLossDuplicationSerialAskingAndOtherTimeouts) {
  Scenario scenario = deadline_scenario();
  EXPECT_EQ(refusal("exponential-deadline", scenario, kOneByOne),
            "participants are asked one after another, and the formula has all asked at once");
  scenario.network.duplication = 0.1;
  EXPECT_EQ(refusal("exponential-deadline", scenario),
            "messages from coordinator to s1 are duplicated with probability 0.1");
  scenario.network.loss = 0.1;
  EXPECT_EQ(refusal("exponential-deadline", scenario),
            "messages from coordinator to s1 are lost with probability 0.1");
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
  EXPECT_EQ(why(scenario), "messages from coordinator to s1 are duplicated with probability 0.5");
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
  EXPECT_EQ(refusal("serial-votes", scenario, kOneByOne),
            "messages from coordinator to s1 are lost with probability 0.5");
  scenario = scenario_of(3, 1);
  scenario.network.duplication = 0.5;
  EXPECT_EQ(refusal("serial-votes", scenario, kOneByOne),
            "messages from coordinator to s1 are duplicated with probability 0.5");
}

// ---- shown wrong --------------------------------------------------------------------------------

TEST(Models, PredictEvenWhereTheyDoNotApplySoThatTheyMayBeShownWrong) {
  Scenario scenario = lossy_scenario();
  for (const Model* model : model_catalogue()) {
    EXPECT_TRUE(model->predict({scenario, kAll})) << model->name;
  }
  EXPECT_NEAR(prediction("at-least-one", scenario_of({0.99, 0.98, 0.97}), kAll), 0.999994, 1e-12);
}

}  // namespace
}  // namespace indoubt
