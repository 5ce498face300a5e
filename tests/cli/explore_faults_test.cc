// Goal: `indoubt explore --faults scenario` tries what the file says can happen, and nothing else.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/cli/command.h"

namespace indoubt {
namespace {

using nlohmann::json;
using testing::HasSubstr;

TEST(ExploreFaults, ShowsTheWayWithItsTimes) {
  const Called c = call_indoubt("explore coordinator_dies --protocol 2pc --faults scenario");
  EXPECT_EQ(c.status, 0) << c.err;
  EXPECT_THAT(c.out,
              HasSubstr("the scenario's own faults and times, every random choice a branch"));
  EXPECT_THAT(c.out, HasSubstr("24ms"));
  EXPECT_THAT(c.out, HasSubstr("coordinator CRASHES"));
}

TEST(ExploreFaults, AViolationEndsWithOne) {
  const Called c =
      call_indoubt("explore card_payment --protocol 3pc-majority --faults scenario --json");
  ASSERT_EQ(c.status, 1) << c.err;
  const json answers = json::parse(c.out)["protocols"][0]["properties"];
  EXPECT_EQ(answers[0]["property"], "violation.agreement");
  EXPECT_EQ(answers[0]["status"], "fails");
  EXPECT_GT(answers[0]["trace"].size(), 3u);
}

TEST(ExploreFaults, AFileMaySaySoAndABudgetBesideItIsAnError) {
  const std::string head =
      "indoubt: 1\nprotocols: [2pc]\nservices: {a: {vote_yes: 50%}}\nnetwork: {latency: 5ms}\n";
  const Called c = call_indoubt(
      "explore " +
      temporary_file("own.yaml",
                     head + "explore: {faults: scenario, properties: [sometimes abort]}\n"));
  EXPECT_EQ(c.status, 0) << c.err << c.out;
  const Called beside =
      call_indoubt("explore " + temporary_file("beside.yaml",
                                               head + "explore: {faults: scenario, crashes: 1}\n"));
  EXPECT_EQ(beside.status, 2);
  EXPECT_THAT(beside.err, HasSubstr("plays no part with `faults: scenario`"));
  const Called option = call_indoubt("explore card_payment --faults scenario --losses 1");
  EXPECT_EQ(option.status, 2);
  EXPECT_THAT(option.err, HasSubstr("--losses"));
}

TEST(ExploreFaults, TooManyWorldsAreIncomplete) {
  const Called c = call_indoubt("explore lossy_network --faults scenario --states 100");
  EXPECT_EQ(c.status, 3);
  EXPECT_THAT(c.out, HasSubstr("incomplete"));
}

}  // namespace
}  // namespace indoubt
