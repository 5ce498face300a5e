// Goal: the plan gives every ordered pair of processes what the scenario's rules say.
#include "sim/network/network_plan.h"

#include <gtest/gtest.h>

#include "tests/support/world.h"

namespace indoubt {
namespace {

Scenario shards() {
  Scenario scenario;
  scenario.services.resize(3);
  scenario.services[0].name = "payment";
  scenario.services[1].name = "shard";
  scenario.services[1].count = 2;
  scenario.services[2].name = "ledger";
  scenario.network.latency = Latency::constant(5ms);
  scenario.network.loss = 0.1;
  return scenario;
}

Duration delay(const Scenario& scenario, int from, int to) {
  const NetworkPlan plan(scenario);
  return Duration{static_cast<std::int64_t>(
      plan.link(static_cast<ProcessId>(from), static_cast<ProcessId>(to)).latency.mean())};
}

TEST(NetworkPlan, WithoutRulesEveryLinkIsTheDefault) {
  const NetworkPlan plan(shards());
  for (ProcessId from = 0; from < 5; ++from) {
    for (ProcessId to = 0; to < 5; ++to) {
      if (from == to) continue;
      const LinkClass& link = plan.link(from, to);
      EXPECT_EQ(link.latency, Latency::constant(5ms));
      EXPECT_EQ(link.loss, 0.1);
      EXPECT_EQ(link.duplication, 0);
      EXPECT_TRUE(link.counted);
    }
  }
}

TEST(NetworkPlan, ARuleHoldsInItsDirectionOnly) {
  Scenario scenario = shards();
  link_rule(scenario, "coordinator", "payment").latency = Latency::constant(1ms);
  EXPECT_EQ(delay(scenario, 0, 1), 1ms);
  EXPECT_EQ(delay(scenario, 1, 0), 5ms);
  EXPECT_EQ(delay(scenario, 0, 2), 5ms);
}

TEST(NetworkPlan, ARuleForAServiceHoldsForEachOfItsParticipants) {
  Scenario scenario = shards();
  link_rule(scenario, "shard", "ledger").latency = Latency::constant(1ms);
  EXPECT_EQ(delay(scenario, 2, 4), 1ms);
  EXPECT_EQ(delay(scenario, 3, 4), 1ms);
  EXPECT_EQ(delay(scenario, 1, 4), 5ms);
  EXPECT_EQ(delay(scenario, 2, 3), 5ms);
}

TEST(NetworkPlan, AnEmptyNameMatchesEverySite) {
  Scenario scenario = shards();
  link_rule(scenario, "", "ledger").latency = Latency::constant(1ms);
  for (const int from : {0, 1, 2, 3}) EXPECT_EQ(delay(scenario, from, 4), 1ms);
  EXPECT_EQ(delay(scenario, 4, 0), 5ms);
}

TEST(NetworkPlan, TheLastMatchingRuleWinsFieldByField) {
  Scenario scenario = shards();
  link_rule(scenario, "", "").latency = Latency::constant(1ms);
  link_rule(scenario, "coordinator", "").loss = 0.5;
  link_rule(scenario, "coordinator", "payment").latency = Latency::constant(2ms);
  link_rule(scenario, "", "payment").duplication = 0.25;
  const NetworkPlan plan(scenario);
  EXPECT_EQ(plan.link(0, 1).latency, Latency::constant(2ms));
  EXPECT_EQ(plan.link(0, 1).loss, 0.5);
  EXPECT_EQ(plan.link(0, 1).duplication, 0.25);
  EXPECT_EQ(plan.link(0, 2).latency, Latency::constant(1ms));
  EXPECT_EQ(plan.link(0, 2).loss, 0.5);
  EXPECT_EQ(plan.link(2, 1).loss, 0.1);
  EXPECT_EQ(plan.link(2, 1).duplication, 0.25);
}

TEST(NetworkPlan, MessagesBetweenProcessesOfTheCoordinatorsSiteAreFree) {
  Scenario scenario = shards();
  scenario.services[1].at_coordinator = true;
  const NetworkPlan plan(scenario);
  for (const auto& [from, to] : {std::pair<ProcessId, ProcessId>{0, 2}, {3, 0}, {2, 3}}) {
    EXPECT_FALSE(plan.link(from, to).counted);
    EXPECT_TRUE(plan.link(from, to).latency.is_zero());
    EXPECT_EQ(plan.link(from, to).loss, 0);
  }
  EXPECT_TRUE(plan.link(0, 1).counted);
  EXPECT_TRUE(plan.link(2, 1).counted);
}

TEST(NetworkPlan, ALinkIsPlainIfItOnlyDelays) {
  Scenario scenario = shards();
  scenario.network.loss = 0;
  link_rule(scenario, "coordinator", "payment").loss = 0.1;
  link_rule(scenario, "payment", "coordinator").duplication = 0.1;
  const NetworkPlan plan(scenario);
  EXPECT_FALSE(plan.link(0, 1).plain);
  EXPECT_FALSE(plan.link(1, 0).plain);
  EXPECT_TRUE(plan.link(0, 2).plain);
  scenario.network.fifo = true;
  EXPECT_FALSE(NetworkPlan(scenario).link(0, 2).plain);
}

TEST(NetworkPlan, HoldsTheWidestTransaction) {
  Scenario scenario = shards();
  scenario.services[1].count = 317;
  link_rule(scenario, "ledger", "shard").latency = Latency::constant(1ms);
  const NetworkPlan plan(scenario);
  EXPECT_EQ(plan.link(319, 318).latency, Latency::constant(1ms));
  EXPECT_EQ(plan.link(318, 319).latency, Latency::constant(5ms));
}

// ---- auxiliaries: processes 5, 6 and 7 of the four participants' transactions ------------------

TEST(NetworkPlan, AnAuxiliaryWithASiteOfItsOwnHasTheDefaultLinks) {
  const NetworkPlan plan(shards(), std::vector<ProcessId>{5, 6, 7}, "acceptor");
  for (const auto& [from, to] :
       {std::pair<ProcessId, ProcessId>{0, 5}, {5, 0}, {3, 6}, {7, 4}, {5, 7}}) {
    EXPECT_EQ(plan.link(from, to).latency, Latency::constant(5ms));
    EXPECT_EQ(plan.link(from, to).loss, 0.1);
    EXPECT_TRUE(plan.link(from, to).counted);
  }
}

TEST(NetworkPlan, AnAuxiliaryMeetsItsHostsRulesAndItsHostForNothing) {
  Scenario scenario = shards();
  link_rule(scenario, "coordinator", "").latency = Latency::constant(1ms);
  link_rule(scenario, "", "shard").latency = Latency::constant(2ms);
  link_rule(scenario, "", "acceptor").latency = Latency::constant(3ms);
  const NetworkPlan plan(scenario, std::vector<ProcessId>{kCoordinator, 2, 7}, "acceptor");
  for (const auto& [from, to] : {std::pair<ProcessId, ProcessId>{0, 5}, {5, 0}, {2, 6}, {6, 2}}) {
    EXPECT_FALSE(plan.link(from, to).counted);
    EXPECT_TRUE(plan.link(from, to).latency.is_zero());
    EXPECT_EQ(plan.link(from, to).loss, 0);
  }
  EXPECT_EQ(plan.link(5, 1).latency, Latency::constant(1ms)) << "as from the coordinator";
  EXPECT_EQ(plan.link(1, 6).latency, Latency::constant(2ms)) << "as to the shard";
  EXPECT_EQ(plan.link(5, 6).latency, Latency::constant(2ms));
  EXPECT_EQ(plan.link(3, 6).latency, Latency::constant(2ms)) << "the other shard is another site";
  EXPECT_EQ(plan.link(0, 7).latency, Latency::constant(3ms));
  EXPECT_EQ(plan.link(6, 5).latency, Latency::constant(5ms));
}

TEST(NetworkPlan, AnAuxiliarySharesTheSiteThatItsHostShares) {
  Scenario scenario = shards();
  scenario.services[0].at_coordinator = true;
  const NetworkPlan plan(scenario, std::vector<ProcessId>{1, 5}, "acceptor");
  for (const ProcessId p : {ProcessId{0}, ProcessId{1}, ProcessId{6}}) {
    EXPECT_FALSE(plan.link(5, p).counted || plan.link(p, 5).counted) << p;
  }
  EXPECT_TRUE(plan.link(5, 2).counted);
}

TEST(NetworkPlan, ARuleForAServiceHoldsAtTheCoordinatorsSiteToo) {
  Scenario scenario = shards();
  scenario.services[0].at_coordinator = true;
  link_rule(scenario, "payment", "ledger").latency = Latency::constant(1ms);
  EXPECT_EQ(delay(scenario, 1, 4), 1ms);
  EXPECT_EQ(delay(scenario, 0, 4), 5ms);
}

TEST(ProcessNames, AuxiliariesAreCountedFromOne) {
  const Scenario scenario = shards();
  EXPECT_EQ(scenario.process_name(0), "coordinator");
  EXPECT_EQ(scenario.process_name(3), "shard.2");
  EXPECT_EQ(scenario.process_name(4), "ledger");
  EXPECT_EQ(scenario.process_name(5, "acceptor"), "acceptor.1");
  EXPECT_EQ(scenario.process_name(7), "auxiliary.3");
}

}  // namespace
}  // namespace indoubt
