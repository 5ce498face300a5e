// Goal: chains of the shipped protocols have the values that theory gives.
#include "analysis/chain/build.h"

#include <gtest/gtest.h>

#include <cmath>

#include "analysis/chain/measures.h"
#include "protocols/catalogue.h"

namespace indoubt::markov {
namespace {

using namespace std::chrono_literals;

Scenario scenario_of(int participants, double vote_yes, Latency latency) {
  Scenario scenario;
  Service service;
  service.name = "shard";
  service.count = participants;
  service.vote_yes = vote_yes;
  scenario.services.push_back(service);
  scenario.network.latency = latency;
  return scenario;
}

Machine two_phase(const Scenario& scenario) {
  const ProtocolEntry& entry = *find_protocol("2pc");
  return entry.make(scenario.group(), standard_options(entry));
}

BuiltChain built(const Scenario& scenario, bool until_decided = false) {
  auto result = build_chain(scenario, two_phase(scenario), {.until_decided = until_decided});
  if (result.index() == 1) throw std::runtime_error(std::get<1>(result).sentences.front());
  return std::get<0>(std::move(result));
}

double value(const Scenario& scenario, const char* measure) {
  const BuiltChain chain = built(scenario);
  return ChainMeasures(chain).answer(measure).value.value();
}

TEST(Build, AllHaveDecidedAfterThreeDelaysAndTheirMaxima) {
  const double seconds[] = {3, 4.25, 3 + 2.0462962962962963};
  for (int n = 1; n <= 3; ++n) {
    const Scenario s = scenario_of(n, 1, Latency::exponential(1s));
    EXPECT_NEAR(value(s, "completion_time") / 1e9, seconds[n - 1], 1e-12) << n;
  }
}

TEST(Build, CommitIsUnanimous) {
  EXPECT_NEAR(value(scenario_of(3, 0.99, Latency::constant(1ms)), "commit"), 0.970299, 1e-15);
  EXPECT_NEAR(value(scenario_of(3, 0.99, Latency::exponential(1ms)), "commit"), 0.970299, 1e-15);
}

TEST(Build, ConstantVoteTimeoutOverExponentialDelaysIsASwitch) {
  Scenario s = scenario_of(3, 1, Latency::exponential(1s));
  s.timeouts.push_back({"votes", Latency::constant(5s)});
  const BuiltChain chain = built(s);
  EXPECT_EQ(chain.clocks, Clocks::mixed);
  const Answer commit = ChainMeasures(chain).answer("commit");
  EXPECT_NEAR(*commit.value, std::pow(1 - 6 * std::exp(-5.0), 3), 1e-12);
  EXPECT_LT(commit.error, 1e-12);
}

TEST(Build, TimePassesWhileOnlyAnInstantIsToCome) {
  Scenario s = scenario_of(1, 1, Latency::exponential(1s));
  s.network.loss = 1;
  s.timeouts.push_back({"votes", Latency::constant(5s)});
  const BuiltChain chain = built(s);
  EXPECT_EQ(chain.clocks, Clocks::mixed);
  ChainMeasures measures(chain);
  EXPECT_NEAR(*measures.answer("abort.vote_timeout").value, 1, 1e-12);
  EXPECT_NEAR(*measures.answer("decision_time").value / 1e9, 5, 1e-9);
}

TEST(Build, TimeoutsFromRandomInstantsAreRefusedUnlessTheyDoNotMatter) {
  Scenario s = scenario_of(3, 1, Latency::exponential(1s));
  s.timeouts.push_back({"votes", Latency::constant(5s)});
  s.timeouts.push_back({"decision", Latency::constant(3s)});
  const auto all = build_chain(s, two_phase(s));
  ASSERT_EQ(all.index(), 1u);
  EXPECT_NE(std::get<1>(all).sentences.front().find("timeouts.decision is constant 3s"),
            std::string::npos)
      << std::get<1>(all).sentences.front();
  const BuiltChain chain = built(s, true);
  EXPECT_NEAR(*ChainMeasures(chain).answer("commit").value, std::pow(1 - 6 * std::exp(-5.0), 3),
              1e-12);
  EXPECT_FALSE(ChainMeasures(chain).answer("messages").value.has_value());
}

TEST(Build, LognormalDelaysAreRefusedByName) {
  Latency latency = Latency::exponential(1s);
  latency.minimum = 1ms;
  const Scenario s = scenario_of(2, 1, latency);
  const auto result = build_chain(s, two_phase(s));
  ASSERT_EQ(result.index(), 1u);
  EXPECT_EQ(std::get<1>(result).sentences.front().find("network.latency is "), 0u);
}

TEST(Build, EverythingThatMattersHasASlope) {
  Scenario s = scenario_of(2, 0.9, Latency::constant(1ms));
  s.network.loss = 0.01;
  s.timeouts.push_back({"votes", Latency::constant(10ms)});
  const BuiltChain chain = built(s);
  ChainMeasures measures(chain);
  const auto effects = measures.sensitivities("commit");
  ASSERT_EQ(effects.size(), 2u);
  EXPECT_EQ(effects[0].parameter, "services.shard.vote_yes");
  const double arrives = std::pow(0.99, 4);  // PREPARE and vote of both
  EXPECT_NEAR(*measures.answer("commit").value, 0.81 * arrives, 1e-15);
  EXPECT_NEAR(effects[0].slope, 2 * 0.9 * arrives, 1e-13);
  EXPECT_NEAR(effects[1].slope, -4 * 0.81 * std::pow(0.99, 3), 1e-13);
}

TEST(Build, DecisionsByATimeAreExact) {
  const BuiltChain random = built(scenario_of(1, 1, Latency::exponential(1s)));
  const double two = 1 - std::exp(-4.0) * (1 + 4);  // Erlang of two stages
  EXPECT_NEAR(*ChainMeasures(random).by("commit", 4'000'000'000).value, two, 1e-12);
  const BuiltChain constant = built(scenario_of(1, 1, Latency::constant(1s)));
  EXPECT_EQ(*ChainMeasures(constant).by("commit", 2'000'000'000).value, 1);
  EXPECT_EQ(*ChainMeasures(constant).by("commit", 1'999'999'999).value, 0);
}

TEST(Build, TooManyStatesAreRefusedAndNotCutOff) {
  const Scenario s = scenario_of(3, 0.9, Latency::exponential(1ms));
  const auto result = build_chain(s, two_phase(s), {.most_states = 20});
  ASSERT_EQ(result.index(), 1u);
  EXPECT_NE(std::get<1>(result).sentences.front().find("more than 20 states"), std::string::npos);
}

// A restart asks again before its last question has come: so many copies, so many states, without
// end. Where messages take no time there is nothing to pile up.
TEST(Build, MessagesThatPileUpAreNamed) {
  Scenario s = scenario_of(1, 0.9, Latency::exponential(5ms));
  Fault crash;
  crash.name = "crash-1";
  crash.sites = {"shard"};
  crash.when.kind = Trigger::Kind::random;
  crash.when.gap = Latency::exponential(200ms);
  crash.lasts = Latency::exponential(20ms);
  s.faults = {crash, crash};
  const auto result = build_chain(s, two_phase(s), {.most_states = 20'000});
  ASSERT_EQ(result.index(), 1u);
  EXPECT_EQ(std::get<1>(result).cause, Refusals::Cause::too_large);
  const std::string& why = std::get<1>(result).sentences.front();
  EXPECT_NE(why.find("copies of INQUIRY from shard to coordinator pile up"), std::string::npos)
      << why;
  s.network.latency = {};
  s.services[0].prepare = Latency::exponential(5ms);
  EXPECT_EQ(build_chain(s, two_phase(s)).index(), 0u);
}

}  // namespace
}  // namespace indoubt::markov
