#include "analysis/report/comparison.h"

#include <gtest/gtest.h>

namespace indoubt {
namespace {

std::string over(std::uint64_t observations, std::uint64_t transactions) {
  Estimate e;
  e.observations = observations;
  return over_text(e, transactions);
}

TEST(OverText, TellsTheShareOfTransactionsThatAMeanIsOver) {
  EXPECT_EQ(over(941, 1000), " over 94.1 %");
  EXPECT_EQ(over(1, 3), " over 33.3 %");
  EXPECT_EQ(over(999'400, 1'000'000), " over 99.9 %");
  EXPECT_EQ(over(5, 1'000'000), " over 0.0005 %");
}

TEST(OverText, SaysNothingOfAMeanOverAll) {
  EXPECT_EQ(over(1000, 1000), "");
  EXPECT_EQ(over(999'994, 1'000'000), "") << "100.0 % is all, to the digit";
  EXPECT_EQ(over(0, 0), "");
}

TEST(Estimate, OfAConditionalMeanCountsWhatItIsOver) {
  Totals t;
  t.transactions = 10;
  for (int i = 0; i < 4; ++i) t.decision_time.add(1000);
  for (int i = 0; i < 10; ++i) t.messages.add(9);
  EXPECT_EQ(estimate(*find_measure("decision_time"), t, 0.95).observations, 4u);
  EXPECT_EQ(estimate(*find_measure("messages"), t, 0.95).observations, 10u);
  EXPECT_EQ(estimate(*find_measure("commit"), t, 0.95).observations, 10u);
}

TEST(Estimate, CountsTheTimesThatHadNotEndedWithTheirTransaction) {
  Totals t;
  t.transactions = 10;
  for (int i = 0; i < 4; ++i) t.in_doubt_time.add(1000);
  t.stranded = 3;
  EXPECT_EQ(estimate(*find_measure("in_doubt_time"), t, 0.95).cut_off, 3u);
  EXPECT_EQ(estimate(*find_measure("decision_time"), t, 0.95).cut_off, 0u);
  EXPECT_EQ(estimate(*find_measure("stranded"), t, 0.95).cut_off, 0u);
}

TEST(VerdictName, OfAnAgreementWithAModelThatDoesNotApplyIsClose) {
  Comparison c;
  c.predicted = 0.5;
  c.verdict = Verdict::agree;
  EXPECT_EQ(verdict_name(c), "agree");
  c.inapplicable = "the rule is another";
  EXPECT_EQ(verdict_name(c), "close");
  c.verdict = Verdict::disagree;
  EXPECT_EQ(verdict_name(c), "disagree");
}

}  // namespace
}  // namespace indoubt
