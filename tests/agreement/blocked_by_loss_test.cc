// Goal: how long lost messages alone block participants is the same in runs, which run a blocked
// transaction once more to tell, and in chains, which add up the worlds in which somebody is.
#include <gtest/gtest.h>

#include "scenarios/loader.h"
#include "scenarios/runner.h"
#include "tests/agreement/chain_agreement.h"

namespace indoubt {
namespace {

constexpr std::uint64_t kTransactions = 20'000;

/// `protocol` as a scenario names it, `rest` its other lines.
void expect_agreement(const std::string& protocol, const std::string& rest) {
  SCOPED_TRACE(protocol + "\n" + rest);
  const LoadResult loaded = load_scenario_text(
      "indoubt: 1\nprotocols: [" + protocol + "]\nservices: {a: {count: 2}}\n" + rest, "blocked");
  ASSERT_TRUE(loaded.file);
  const Scenario& scenario = loaded.file->scenario;
  const Machine machine = machine_for_use(scenario.protocols[0], scenario);
  const auto built = markov::build_chain(scenario, machine, {});
  ASSERT_EQ(built.index(), 0u);
  SimulationOptions options;
  options.seed = 3;
  options.count = kTransactions;
  const Totals totals = simulate(scenario, machine, options);
  EXPECT_GT(totals.blocked_time.count, kTransactions / 100);
  EXPECT_EQ(disagreements(scenario, std::get<0>(built), totals), std::vector<std::string>{});
  markov::ChainMeasures measures(std::get<0>(built));
  for (const char* name : {"blocked_time", "blocked_sum_time"})
    EXPECT_TRUE(measures.answer(name).value) << name;
}

TEST(BlockedByLoss, LastsAsLongAsTheChainSays) {
  const std::string constant = "network: {latency: 5ms, loss: 10%}\n";
  const std::string random = "network: {latency: exponential 5ms, loss: 10%}\n";
  for (const std::string& network : {constant, random}) {
    expect_agreement("2pc", network);
    expect_agreement("2pc-pra", network);
    expect_agreement("3pc", network);
    expect_agreement("2pc-linear", network);
  }
  expect_agreement("2pc", constant + "timeouts: {votes: 40ms}\n");
  expect_agreement("3pc", constant + "timeouts: {votes: 40ms, acks: 30ms}\n");
}

TEST(BlockedByLoss, OfDecisionsAloneLastsAsLongAsTheChainSays) {
  const std::string lossy = "network: {latency: 5ms, links: [{from: coordinator, loss: 40%}]}\n";
  expect_agreement("{2pc: {prepare_resends: 1}}", lossy + "timeouts: {votes: 40ms}\n");
}

}  // namespace
}  // namespace indoubt
