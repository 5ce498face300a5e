// Goal: the family's confidence is shared out among exactly the cells that are judged.
#include "scenarios/runner.h"

#include <gtest/gtest.h>

#include <string>

#include "sim/engine/simulation.h"
#include "tests/support/same_totals.h"

namespace indoubt {
namespace {

const std::string kHead =
    "indoubt: 1\nprotocols: [2pc, 3pc]\nservices: {a: {vote_yes: 0.9}, b: {}, c: {}}\n"
    "transactions: {count: 2000}\n";

RunResult run_text(const std::string& rest, LoadResult& loaded) {
  loaded = load_scenario_text(kHead + rest, "judged");
  EXPECT_TRUE(loaded.file) << (loaded.errors.empty() ? "" : text(loaded.errors[0]));
  return run_scenario(*loaded.file, {});
}

/// Comparisons with a value, and lines of `expect:` that form an interval: all but those that only
/// count violations.
int judged(const RunResult& result) {
  int cells = 0;
  for (const ProtocolResult& p : result.protocols)
    for (const Comparison& c : p.comparisons) cells += c.predicted.has_value();
  for (const ExpectationResult& e : result.expectations)
    cells += e.line != 0 && e.text.find("violation") == std::string::npos;
  return cells;
}

void expect_shared_among(int cells, const std::string& rest) {
  LoadResult loaded;
  const RunResult result = run_text(rest, loaded);
  EXPECT_EQ(judged(result), cells) << rest;
  EXPECT_DOUBLE_EQ(result.row_level, per_comparison_level(kFamilyLevel, cells)) << rest;
}

TEST(RowLevel, IsSharedAmongTheComparisonsAndExpectationsThatAreJudged) {
  expect_shared_among(2, "compare: [unanimous]\n");
  expect_shared_among(4, "compare: [unanimous, at-least-one]\n");
  expect_shared_among(3, "compare: [unanimous]\nexpect: [commit is 90% under 2pc]\n");
  expect_shared_among(4, "compare: [unanimous]\nexpect: [messages is at most 20]\n");
  expect_shared_among(2, "compare: [unanimous]\nexpect: [no violation]\n");
}

TEST(RowLevel, IsNotSharedWithAFormulaThatHasNoValue) {
  LoadResult loaded;
  const RunResult result = run_text("compare: [unanimous, exponential-deadline]\n", loaded);
  EXPECT_FALSE(result.protocols[0].comparisons[1].predicted) << "there is no time-out";
  EXPECT_DOUBLE_EQ(result.row_level, per_comparison_level(kFamilyLevel, 2));
}

TEST(Expectations, SayWhatShareOfTransactionsAMeanIsOver) {
  LoadResult loaded;
  const RunResult result = run_text(
      "network: {links: [{from: a, loss: 40%}]}\n"
      "expect: [completion_time is at most 1h, messages is at most 100]\n",
      loaded);
  EXPECT_NE(result.expectations[0].detail.find(" over "), std::string::npos)
      << result.expectations[0].detail;
  EXPECT_EQ(result.expectations[2].detail.find(" over "), std::string::npos)
      << result.expectations[2].detail;
}

// ---- turns

/// A run whose protocols take turns, and the same transactions at once.
void expect_same_at_once(const std::string& text) {
  const LoadResult loaded = load_scenario_text(text, "turns");
  ASSERT_TRUE(loaded.file);
  RunOptions options;
  options.first = 7;
  const RunResult result = run_scenario(*loaded.file, options);
  for (const ProtocolResult& p : result.protocols) {
    SimulationOptions simulation;
    simulation.seed = loaded.file->scenario.transactions.seed;
    simulation.first = options.first;
    simulation.count = loaded.file->scenario.transactions.count;
    const Totals at_once = simulate(loaded.file->scenario, p.machine, simulation);
    expect_same_results(p.totals, at_once);
    EXPECT_EQ(p.totals.events, at_once.events);
    EXPECT_EQ(p.totals.payments, at_once.payments);
    EXPECT_TRUE(p.complete);
  }
}

TEST(Turns, ChangeNothing) {
  const std::string head =
      "indoubt: 1\nprotocols: [2pc, 3pc-majority]\nservices: {a: {vote_yes: 0.9}, b: {}, c: {}}\n";
  expect_same_at_once(head + "transactions: {count: 45000}\n");
  expect_same_at_once(head +
                      "transactions: {count: 12000}\nclient: {attempts: 3, reply_loss: 10%}\n");
  expect_same_at_once(head +
                      "transactions: {count: 25000}\ntimeouts: {decision: 30ms}\n"
                      "faults: [{crash: {site: coordinator, at: after send COMMIT to a, "
                      "probability: 0.3, restart: 50ms}}]\n");
}

TEST(Turns, LeaveAnInterruptedRunSomethingOfEachProtocol) {
  const LoadResult loaded = load_scenario_text(
      kHead.substr(0, kHead.find("{count")) + "{count: 1_000_000_000}\n", "turns");
  ASSERT_TRUE(loaded.file);
  RunOptions options;
  options.progress = [](std::size_t protocol, const Totals& totals) {
    return protocol != 1 || totals.transactions < 100'000;
  };
  const RunResult result = run_scenario(*loaded.file, options);
  EXPECT_TRUE(result.partial);
  EXPECT_EQ(result.status, RunStatus::interrupted);
  for (const ProtocolResult& p : result.protocols) {
    EXPECT_GE(p.totals.transactions, 80'000u) << p.use->label;
    EXPECT_FALSE(p.complete);
  }
}

TEST(Status, OfARunThatRanNothingIsNotMet) {
  LoadResult loaded = load_scenario_text(kHead, "nothing");
  ASSERT_TRUE(loaded.file);
  loaded.file->scenario.transactions.count = 0;
  EXPECT_EQ(run_scenario(*loaded.file, {}).status, RunStatus::undecided);
}

}  // namespace
}  // namespace indoubt
