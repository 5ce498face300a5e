// Goal: inquiries in rounds leave at the same instants in every engine: the multiples of the
// `decision` time-out since the transaction's beginning, whenever a participant came to be in doubt
// and whatever crashed meanwhile.
#include <gtest/gtest.h>

#include "analysis/explore/explorer.h"
#include "tests/agreement/chain_agreement.h"
#include "tests/support/effort.h"
#include "tests/support/world.h"

namespace indoubt {
namespace {

/// p2 gets PREPARE after 30 ms, p1 after 10 ms and is in doubt from then on; `decision` is 12 ms.
/// By its own period p1 asks p2 at 22 ms, which has voted YES when that arrives, and both commit.
/// In rounds it asks at 12 ms already, and p2, not asked to vote yet, aborts.
Scenario late_prepare() {
  Scenario scenario = world(2, Latency::constant(10ms));
  link_rule(scenario, "coordinator", "p2").latency = Latency::constant(30ms);
  set_timeout(scenario, "decision", Latency::constant(12ms));
  return scenario;
}

Machine asking(const Scenario& scenario, const char* uncertain, std::string_view protocol = "2pc") {
  return machine_with(
      protocol, scenario.group(),
      known_options(protocol, {{"termination", "cooperative"}, {"uncertain", uncertain}}));
}

double commits_in_a_run(const Scenario& scenario, const Machine& machine) {
  SimulationOptions options;
  options.count = 10;
  return static_cast<double>(simulate(scenario, machine, options).commits) / 10;
}

double commits_in_the_chain(const Scenario& scenario, const Machine& machine) {
  const auto built = markov::build_chain(scenario, machine, {});
  if (built.index() != 0) return -1;
  return *markov::ChainMeasures(std::get<0>(built)).answer("commit").value;
}

/// 1: every way with these delays leads to commit; 0: none does.
double commits_in_an_exploration(const Scenario& scenario, const Machine& machine) {
  Exploration budget;
  budget.timing = Timing::timed;
  budget.properties = {{PropertyForm::sometimes, "all_committed"},
                       {PropertyForm::sometimes, "all_aborted"}};
  const ExploreReport r = explore(scenario, budget, machine, {}, {});
  EXPECT_TRUE(r.problems.empty());
  EXPECT_EQ(r.search.stop, Stop::complete);
  if (r.answers.size() != 2 || r.answers[0].met == r.answers[1].met) return -1;
  return r.answers[0].met ? 1 : 0;
}

TEST(Rounds, StrikeBeforeAPeriodOfOnesOwnInEveryEngine) {
  const Scenario scenario = late_prepare();
  for (const bool rounds : {false, true}) {
    const Machine machine = asking(scenario, rounds ? "ask-in-rounds" : "ask");
    const double expected = rounds ? 0 : 1;
    EXPECT_EQ(commits_in_a_run(scenario, machine), expected);
    EXPECT_EQ(commits_in_the_chain(scenario, machine), expected);
    EXPECT_EQ(commits_in_an_exploration(scenario, machine), expected);
  }
}

// The next round counts from the beginning after a crash too, whenever the site is back: p1 is down
// from 11 to 13 ms. By its own period it asks at once then; in rounds at 24 ms, which arrives after
// PREPARE.
TEST(Rounds, AreKeptOverACrashInRunAndChain) {
  Scenario scenario = late_prepare();
  Fault crash;
  crash.name = "crash";
  crash.sites = {"p1"};
  crash.when.kind = Trigger::Kind::at_time;
  crash.when.time = 11ms;
  crash.lasts = Latency::constant(2ms);
  scenario.faults = {crash};
  for (const bool rounds : {false, true}) {
    const Machine machine = asking(scenario, rounds ? "ask-in-rounds" : "ask");
    EXPECT_EQ(commits_in_a_run(scenario, machine), rounds ? 1 : 0);
    EXPECT_EQ(commits_in_the_chain(scenario, machine), rounds ? 1 : 0);
  }
}

// Rounds of five ticks. In doubt after two of them, down for one, back with two left.
TEST(Rounds, AreKeptOverACrashByTheClocksOfAnExploration) {
  const Machine machine = machine_with("2pc", 1, {{"uncertain", "ask-in-rounds"}});
  constexpr std::size_t kDecision = 1;
  LocalSteps::Setting setting;
  setting.timers_that_fire = setting.round_timers = 1u << kDecision;
  setting.timer_ticks = {0, 5, 0, 0};
  setting.round_ticks = 5;
  const LocalSteps steps(machine, setting);
  const auto after = [&](const Local& from, const Input& in) {
    return steps.whole(from, Act::of(in)).next;
  };
  const Message prepare = steps.whole(steps.fresh(), Act::of(Input::start(0))).sends[0].message;
  Local p = steps.ticked(steps.ticked(after(steps.fresh(), Input::start(1))));
  p = after(after(p, Input::message(prepare, 0, 1)), Input::prepared(LocalVote::yes, 1));
  EXPECT_EQ(p.timers[kDecision], 1 + 3);
  Local down = steps.ticked(steps.crashed(p).front());
  EXPECT_EQ(down.timers[kDecision], 0);
  p = after(down, Input::recovery(down.durable, 1));
  EXPECT_EQ(p.timers[kDecision], 1 + 2);
  p = steps.ticked(steps.ticked(p));
  EXPECT_FALSE(steps.can_tick(p));
  const Stepped asks = steps.whole(p, Act::of(Input::timeout(kDecision, 1)));
  EXPECT_EQ(asks.sends.size(), 1u);
  EXPECT_EQ(asks.next.timers[kDecision], 1 + 5) << "strictly after this one";
}

// Losses, NO votes and crashes, all times constant: run and chain agree on every measure.
TEST(Rounds, AgreeInRunAndChainWithLossesAndCrashes) {
  const std::vector<std::string_view> protocols = {
      "2pc", "2pc-pra", "2pc-prc", "2pc-linear", "2pc-decentralised", "implicit-yes"};
  for (const std::string_view protocol : some_of(protocols)) {
    Scenario scenario = world(2, Latency::constant(10ms));
    scenario.network.loss = 0.2;
    scenario.services[0].vote_yes = 0.8;
    scenario.services[1].prepare = Latency::constant(7ms);
    set_timeout(scenario, "votes", Latency::constant(35ms));
    set_timeout(scenario, "decision", Latency::constant(24ms));
    set_timeout(scenario, "acks", Latency::constant(30ms));
    set_timeout(scenario, "request", Latency::constant(90ms));
    Fault crash;
    crash.name = "crash";
    crash.sites = {"coordinator"};
    crash.when.kind = Trigger::Kind::at_time;
    crash.when.time = 25ms;
    crash.when.probability = 0.5;
    crash.lasts = Latency::constant(50ms);
    scenario.faults = {crash};
    const Machine machine = asking(scenario, "ask-in-rounds", protocol);
    ASSERT_NE(machine.round_timers, 0u) << protocol;
    const auto built = markov::build_chain(scenario, machine, {});
    ASSERT_EQ(built.index(), 0u) << protocol << ": " << std::get<1>(built).sentences.front();
    SimulationOptions options;
    options.count = 20'000;
    const Totals totals = simulate(scenario, machine, options);
    for (const std::string& what : disagreements(scenario, std::get<0>(built), totals))
      ADD_FAILURE() << what << " under " << protocol;
  }
}

}  // namespace
}  // namespace indoubt
