// Goal: a model refuses every scenario that its formula does not describe, and says what breaks it.
// Here: the models of the votes alone.
#include <gtest/gtest.h>

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

TEST(VoteModels, ApplyWhereEveryVoteArrives) {
  expect_refused_by_all(scenario_of({0.9, 0.8, 0.7}), "");
  expect_refused_by_all(constant_scenario(), "");
  expect_refused_by_all(scenario_of({0.9, 0.8, 0.7}), "", true, false);
}

// A vote takes 45 ms to the coordinator if it is sent straight; a relay adds a delay and a write.
TEST(VoteModels, TakeTheVoteTimeoutForAnyOtherWhereVotesPassThroughOtherProcesses) {
  Scenario scenario = constant_scenario();
  EXPECT_EQ(refusal("unanimous", scenario, kRelayed), "");
  set_timeout(scenario, "votes", Latency::constant(45ms));
  EXPECT_EQ(refusal("unanimous", scenario), "");
  EXPECT_EQ(refusal("unanimous", scenario, kRelayed),
            "the time-out `votes` (45ms) can fire, and may then change the decision that the votes "
            "imply");
  scenario.timeouts[0].length = Latency::constant(200ms);
  EXPECT_EQ(refusal("unanimous", scenario, kRelayed), "");
  for (Service& service : scenario.services) service.at_coordinator = true;
  scenario.network.loss = 0.1;
  EXPECT_EQ(refusal("unanimous", scenario), "");
  EXPECT_EQ(refusal("unanimous", scenario, kRelayed), "messages are lost with probability 0.1");
  scenario.network.links = {{"coordinator", "s2", Latency::constant(5ms), {}, {}}};
  EXPECT_EQ(refusal("unanimous", scenario, kRelayed),
            "votes pass through other processes, and not all links are alike");
}

TEST(VoteModels, RefuseAnotherDecisionRule) {
  const Scenario three = scenario_of(3, 0.9);
  EXPECT_EQ(refusal("unanimous", three, kMajorityRule),
            "commit needs 2 of 3 YES votes, and the formula's rule needs 3");
  EXPECT_EQ(refusal("at-least-one", three, kAll),
            "commit needs 3 of 3 YES votes, and the formula's rule needs 1");
  EXPECT_EQ(refusal("majority", three, kAll),
            "commit needs 3 of 3 YES votes, and the formula's rule needs 2");
  EXPECT_EQ(refusal("majority-without-unanimity", three, kAll),
            "commit needs 3 of 3 YES votes, and the formula's rule needs 2");
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
  expect_refused_by_all(scenario, "messages are lost with probability 0.01");
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

TEST(VoteModels, RefuseACoordinatorThatWaitsForNoVoters) {
  const ProtocolTraits waits{.rule = DecisionRule::majority,
                             .votes_alone_decide = false,
                             .stalled_by_no = StalledByNo::always};
  EXPECT_EQ(refusal("majority", scenario_of(3, 0.9), waits),
            "the coordinator may have enough YES votes and still wait without end for a NO voter "
            "to answer");
  EXPECT_EQ(refusal("majority", scenario_of(3, 1), waits), "");    // nobody votes NO
  EXPECT_EQ(refusal("majority", scenario_of(2, 0.9), waits), "");  // a NO aborts
  ProtocolTraits late = waits;
  late.stalled_by_no = StalledByNo::if_late;
  EXPECT_EQ(refusal("majority", scenario_of(3, 0.9), late), "");
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

}  // namespace
}  // namespace indoubt
