// Goal: `indoubt solve` prints exact values, or sentences that say what to change.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/cli/command.h"

namespace indoubt {
namespace {

using nlohmann::json;
using testing::HasSubstr;

TEST(SolveCommand, PrintsExactValuesAndWhatMatters) {
  const Called c = call_indoubt("solve card_payment --protocol 2pc --by 50ms --rational");
  EXPECT_EQ(c.status, 0) << c.err;
  EXPECT_THAT(c.out, HasSubstr("0.941094000000"));
  EXPECT_THAT(c.out, HasSubstr("digits certain"));
  EXPECT_THAT(c.out, HasSubstr("commit_by(50ms)"));
  EXPECT_THAT(c.out, HasSubstr("services.payment.vote_yes"));
  EXPECT_THAT(c.err, HasSubstr("states"));
}

TEST(SolveCommand, JsonHasEveryMeasureOfARun) {
  const Called c = call_indoubt("solve card_payment --json");
  ASSERT_EQ(c.status, 0) << c.err;
  const json document = json::parse(c.out);
  ASSERT_EQ(document["protocols"].size(), 3u);
  const json& first = document["protocols"][0];
  EXPECT_NEAR(first["measures"]["commit"]["value"].get<double>(), 0.941094, 1e-15);
  EXPECT_EQ(first["measures"]["messages"]["kind"], "count");
  EXPECT_TRUE(first["measures"]["lock_time"]["value"].is_null());
}

TEST(SolveCommand, RefusalsNameWhatIsInTheWay) {
  const std::string file = temporary_file(
      "chosen.yaml",
      "indoubt: 1\nprotocols: [2pc]\nservices: {a: {}}\nnetwork: {latency: 5ms}\n"
      "faults: [{partition: {groups: [[coordinator], [a]], time: 7ms, transactions: 3}}]\n");
  const Called c = call_indoubt("solve " + file);
  EXPECT_EQ(c.status, 2);
  EXPECT_THAT(c.out, HasSubstr("not solved: fault 'partition-1' strikes chosen transactions"));
}

TEST(SolveCommand, APartitionIsSolved) {
  const Called c = call_indoubt("solve network_splits --json");
  ASSERT_EQ(c.status, 0) << c.err;
  const json measures = json::parse(c.out)["protocols"][0]["measures"];
  EXPECT_EQ(measures["violation.agreement"]["value"], 1.0);
}

TEST(SolveCommand, ErlangTimeoutsAreCalledAnApproximation) {
  const Called c = call_indoubt("solve slow_network --protocol 3pc --erlang 2");
  EXPECT_EQ(c.status, 0) << c.err;
  EXPECT_THAT(c.out, HasSubstr("APPROXIMATION: constant time-outs are sums of 2 "));
  EXPECT_THAT(c.out, HasSubstr("APPROXIMATION: constant time-outs are sums of 4 "));
}

// One protocol has a chain, the other one not: it retries for ever at constant times among random
// ones.
TEST(SolveCommand, SomeProtocolsWithoutAChainAreIncomplete) {
  const Called c = call_indoubt("solve m09_coordinator_exposure --states 20_000");
  EXPECT_EQ(c.status, 3);
  EXPECT_THAT(c.out, HasSubstr("not solved"));
  EXPECT_THAT(c.err, testing::Not(HasSubstr("0 states")));
}

TEST(SolveCommand, SaysWhatItsFiguresMean) {
  const Called c = call_indoubt("solve card_payment --protocol 2pc");
  EXPECT_THAT(c.out, testing::AllOf(HasSubstr(" points"), HasSubstr("error: of the equations")));
  EXPECT_THAT(call_indoubt("help solve").out, HasSubstr("Exit status 0"));
  EXPECT_THAT(call_indoubt("solve card_payment --protocol 2pc --states 3").out,
              HasSubstr("not solved"));
}

// ---- verdict

constexpr const char* kBounded =
    "indoubt: 1\nprotocols: [2pc]\nservices: {a: {}, b: {}}\n"
    "network: {latency: lognormal 5ms 1}\ntimeouts: {votes: 100ms, decision: 1s, acks: 100ms}\n"
    "faults: [{crash: {site: coordinator, time: 7ms, restart: exponential 50ms}}]\n"
    "transactions: {count: 100}\n";

TEST(VerdictCommand, NamesWhatACutOffExplorationLeavesOut) {
  const std::string file = temporary_file("v.yaml", kBounded);
  const Called c = call_indoubt("verdict " + file + " --worlds 50");
  EXPECT_EQ(c.status, 3) << c.out;
  EXPECT_THAT(c.out, testing::AllOf(HasSubstr("not compared, the exploration was cut off"),
                                    HasSubstr("commit"), HasSubstr("as far as it goes")));
  const json document = json::parse(call_indoubt("verdict " + file + " --worlds 50 --json").out);
  EXPECT_FALSE(document["protocols"][0]["left_out"].empty());
}

// Nothing disagrees, but the chain that was to be compared has no end within its bound.
constexpr const char* kNeedsStates =
    "indoubt: 1\nprotocols: [2pc]\nservices: {a: {}, b: {}}\ncompare: [exact]\n"
    "network: {latency: 5ms}\ntransactions: {count: 20_000}\n";

TEST(VerdictCommand, AChainThatHitItsBoundIsIncomplete) {
  const std::string file = temporary_file("bound.yaml", kNeedsStates);
  EXPECT_EQ(call_indoubt("verdict " + file).status, 0);
  const Called c = call_indoubt("verdict " + file + " --states 3");
  EXPECT_EQ(c.status, 3) << c.out;
  EXPECT_THAT(c.out, testing::AllOf(HasSubstr("not solved: more than 3 states"),
                                    HasSubstr("--states"), HasSubstr("as far as it goes")));
  const json document = json::parse(call_indoubt("verdict " + file + " --states 3 --json").out);
  EXPECT_TRUE(document["protocols"][0]["chain"]["incomplete"].get<bool>());
}

TEST(SolveCommand, AChainThatHitItsBoundIsIncomplete) {
  const std::string file = temporary_file("bound.yaml", kNeedsStates);
  EXPECT_EQ(call_indoubt("solve " + file).status, 0);
  EXPECT_EQ(call_indoubt("solve " + file + " --states 3").status, 3);
}

TEST(RunCommand, AChainThatHitItsBoundLeavesTheComparisonUndecided) {
  const std::string file = temporary_file("bound.yaml", kNeedsStates);
  EXPECT_EQ(call_indoubt("run " + file).status, 0);
  const Called c = call_indoubt("run " + file + " --states 3");
  EXPECT_EQ(c.status, 3) << c.out;
  EXPECT_THAT(c.out, HasSubstr("more than 3 states"));
}

TEST(RunCommand, AnExpectationOfAChainThatHitItsBoundIsUndecided) {
  const std::string file = temporary_file(
      "bound.yaml", std::string(kNeedsStates) + "expect: [commit agrees with exact]\n");
  EXPECT_EQ(call_indoubt("run " + file).status, 0);
  EXPECT_EQ(call_indoubt("run " + file + " --states 3").status, 3);
}

TEST(VerdictCommand, SaysOnceHowManyTransactionsDecide) {
  const std::string file =
      temporary_file("u.yaml",
                     "indoubt: 1\nprotocols: [2pc]\nservices: {a: {vote_yes: 50%}}\n"
                     "network: {latency: exponential 40ms}\ntransactions: {count: 1000}\n");
  const Called c = call_indoubt("verdict " + file);
  EXPECT_EQ(c.status, 3) << c.out;
  EXPECT_THAT(c.out, testing::AllOf(HasSubstr("undecided: commit"), HasSubstr("run again with "
                                                                              "--transactions ")));
  EXPECT_THAT(c.out, testing::Not(HasSubstr("observations")));
  EXPECT_THAT(c.out, testing::ContainsRegex("decision_time, [a-z, -]+ and simulation: [0-9.]+ms"));
}

}  // namespace
}  // namespace indoubt
