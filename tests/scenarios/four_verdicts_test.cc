// Goal: formula, chain, simulation and exploration agree wherever they can be compared, and a wrong
// formula or a protocol with a mistake makes at least one pair disagree.
#include "scenarios/four_verdicts.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "scenarios/loader.h"
#include "scenarios/verdict_pairs.h"
#include "tests/support/disagreements.h"

namespace indoubt {
namespace {

const std::string kLibrary = std::string(INDOUBT_SOURCE_DIR) + "/scenarios/library/";

ScenarioFile loaded(const std::string& path, std::uint64_t transactions) {
  LoadResult result = load_scenario_file(path);
  EXPECT_TRUE(result.file) << path;
  result.file->scenario.transactions.count = transactions;
  return *std::move(result.file);
}

ScenarioFile written(const std::string& protocol, const std::string& rest) {
  LoadResult result = load_scenario_text(
      "indoubt: 1\nprotocols: [" + protocol + "]\n" + rest + "transactions: {count: 20000}\n", "t");
  EXPECT_TRUE(result.file) << (result.errors.empty() ? "" : text(result.errors[0]));
  return *std::move(result.file);
}

bool has_pair(const VerdictRow& row, Engine first, Engine second) {
  return std::any_of(row.pairs.begin(), row.pairs.end(), [&](const PairVerdict& pair) {
    return pair.first == first && pair.second == second;
  });
}

TEST(FourVerdicts, AgreeEverywhereOnTheCardPayment) {
  const ScenarioFile file = loaded(kLibrary + "card_payment.yaml", 400'000);
  const VerdictTable table = four_verdicts(file);
  ASSERT_EQ(table.protocols.size(), 3u);
  for (const ProtocolVerdicts& p : table.protocols)
    for (const VerdictRow& row : p.rows) {
      EXPECT_EQ(row.verdict(), Verdict::agree) << p.use->label << " " << row.measure->name;
    }
  EXPECT_EQ(table.verdict(), Verdict::agree);
}

TEST(FourVerdicts, EveryPairOfCommitIsComparedOnTheCardPayment) {
  const ScenarioFile file = loaded(kLibrary + "card_payment.yaml", 10'000);
  const VerdictTable table = four_verdicts(file);
  for (const ProtocolVerdicts& p : table.protocols) {
    const VerdictRow* commit = p.find("commit");
    ASSERT_NE(commit, nullptr);
    EXPECT_EQ(commit->pairs.size(), 6u) << p.use->label;
    EXPECT_EQ(commit->reach, Reach::possible);
  }
}

TEST(FourVerdicts, SeeTheMajorityRuleViolateValidityAtTheSameRate) {
  const ScenarioFile file = loaded(kLibrary + "card_payment.yaml", 400'000);
  FourOptions options;
  options.protocol = "3pc-majority";
  const VerdictTable table = four_verdicts(file, options);
  const VerdictRow* row = table.protocols.at(0).find("violation.validity");
  ASSERT_NE(row, nullptr);
  EXPECT_EQ(row->reach, Reach::possible);
  ASSERT_TRUE(row->exact);
  ASSERT_FALSE(row->formulas.empty());
  EXPECT_NEAR(row->formulas.front().value, *row->exact, 1e-12);
  EXPECT_NEAR(*row->exact, 0.057818, 1e-9);
  EXPECT_EQ(row->pairs.size(), 6u);
  EXPECT_EQ(row->verdict(), Verdict::agree);
}

TEST(FourVerdicts, DisagreeWithAFormulaOfAnotherRule) {
  const ScenarioFile file = loaded(kLibrary + "card_payment.yaml", 20'000);
  FourOptions options;
  options.protocol = "2pc";
  options.formulas = {find_model("at-least-one")};
  const VerdictTable table = four_verdicts(file, options);
  EXPECT_EQ(table.verdict(), Verdict::disagree);
  const std::string what = disagreements(table);
  EXPECT_NE(what.find("2pc commit, formula and exact"), std::string::npos) << what;
  EXPECT_NE(what.find("2pc commit, formula and simulation"), std::string::npos) << what;
}

TEST(FourVerdicts, DisagreeWithTheFormulaWhereTheProtocolHasAMistake) {
  const std::string rest =
      "services: {a: {vote_yes: 0.9}, b: {vote_yes: 0.9}, c: {vote_yes: 0.9}}\n"
      "network: {latency: exponential 5ms}\n";
  FourOptions options;
  options.formulas = {find_model("unanimous")};
  const ScenarioFile right = written("2pc", rest);
  EXPECT_NE(four_verdicts(right, options).verdict(), Verdict::disagree);
  const ScenarioFile wrong = written("2pc: {mistake: decide_on_majority}", rest);
  const VerdictTable table = four_verdicts(wrong, options);
  EXPECT_EQ(table.verdict(), Verdict::disagree);
  EXPECT_NE(disagreements(table).find("commit, formula and exact"), std::string::npos);
  EXPECT_EQ(table.protocols.at(0).find("violation.validity")->reach, Reach::possible);
}

/// A row as engines that contradict each other would leave it.
VerdictRow row_of(std::optional<double> exact, std::uint64_t hits, Reach reach) {
  VerdictRow row;
  row.measure = find_measure("commit");
  row.exact = exact;
  Totals totals;
  totals.transactions = 10'000;
  totals.commits = hits;
  row.measured = estimate(*row.measure, totals, 0.999);
  row.reach = reach;
  return row;
}

Verdict judged(VerdictRow row, const ScenarioExploration& question = {}) {
  add_pairs(row, question, false);
  return row.verdict().value();
}

TEST(VerdictPairs, DisagreeOnWhatHasAProbabilityAndCannotHappen) {
  EXPECT_EQ(judged(row_of(0.5, 5000, Reach::impossible)), Verdict::disagree);
  EXPECT_EQ(judged(row_of(std::nullopt, 1, Reach::impossible)), Verdict::disagree);
  EXPECT_EQ(judged(row_of(0.0, 0, Reach::possible)), Verdict::disagree);
  EXPECT_EQ(judged(row_of(0.0, 0, Reach::impossible)), Verdict::agree);
}

TEST(VerdictPairs, DisagreeOnASingleHitOfWhatHasProbabilityZero) {
  EXPECT_EQ(judged(row_of(0.0, 1, Reach::unknown)), Verdict::disagree);
}

TEST(VerdictPairs, LeaveOpenWhatIsPossibleAndWasNotSeen) {
  EXPECT_EQ(judged(row_of(std::nullopt, 0, Reach::possible)), Verdict::undecided);
}

TEST(VerdictPairs, AreNotMadeWithAnExplorationOfMoreOrLessThanTheScenario) {
  ScenarioExploration more, less;
  more.adds = "faults strike at any moment";
  less.misses = "more than 2 crashes in one run";
  VerdictRow zero = row_of(0.0, 0, Reach::possible);
  add_pairs(zero, more, false);
  EXPECT_FALSE(has_pair(zero, Engine::exact, Engine::exploration));
  EXPECT_EQ(zero.incomparable, more.adds);
  VerdictRow some = row_of(0.5, 5000, Reach::impossible);
  add_pairs(some, less, false);
  EXPECT_FALSE(has_pair(some, Engine::exact, Engine::exploration));
  EXPECT_EQ(some.incomparable, less.misses);
}

}  // namespace
}  // namespace indoubt
