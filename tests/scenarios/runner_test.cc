// Goal: the family's confidence is shared out among exactly the cells that are judged.
#include "scenarios/runner.h"

#include <gtest/gtest.h>

#include <string>

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

}  // namespace
}  // namespace indoubt
