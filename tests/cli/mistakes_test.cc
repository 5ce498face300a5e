// The catalogue of known mistakes as the command prints it, and findings that can be seen again.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "tests/cli/command.h"

namespace indoubt {
namespace {

using nlohmann::json;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

/// What follows "indoubt " in a command that was printed.
std::string arguments_of(const std::string& command) {
  const std::string name = "indoubt ";
  EXPECT_EQ(command.rfind(name, 0), 0u) << command;
  return command.substr(name.size());
}

TEST(MistakesCommand, PrintsTheTableOfOneProtocol) {
  const Called c = call_indoubt("mistakes --protocol 3pc-quorum");
  EXPECT_EQ(c.status, 0) << c.out << c.err;
  EXPECT_THAT(c.out, AllOf(HasSubstr("small_quorums"), HasSubstr("AC1"),
                           HasSubstr("nothing in 10,000"), HasSubstr("1 mistake, all caught"),
                           HasSubstr("indoubt trace "), Not(HasSubstr("vote_not_forced"))));
}

TEST(MistakesCommand, EveryReplayShowsTheViolation) {
  const json document = json::parse(call_indoubt("mistakes --json").out);
  EXPECT_TRUE(document["good"]);
  EXPECT_GE(document["mistakes"].size(), 20u);
  for (const json& row : document["mistakes"]) {
    SCOPED_TRACE(row["label"].get<std::string>());
    ASSERT_FALSE(row["shown"].is_null());
    EXPECT_TRUE(row["correct"]["violation"].is_null());
    if (row["breaks"] == "forgetting") continue;  // 10 s of repetitions, and no finding
    const std::string replay = row["shown"]["replay"];
    const std::string trace = call_indoubt(arguments_of(replay)).out;
    EXPECT_THAT(trace, AllOf(HasSubstr("(" + row["breaks"].get<std::string>() + ")"),
                             HasSubstr(row["shown"]["explanation"].get<std::string>())));
  }
}

TEST(MistakesCommand, MisuseIsExplained) {
  const Called c = call_indoubt("mistakes --protocol 3cp");
  EXPECT_EQ(c.status, 2);
  EXPECT_THAT(c.err, HasSubstr("did you mean 3pc?"));
  EXPECT_THAT(call_indoubt("mistakes --protocol e3pc").err, HasSubstr("e3pc has no mistakes"));
  EXPECT_EQ(call_indoubt("mistakes 3pc").status, 2);
  EXPECT_EQ(call_indoubt("mistakes --json --markdown").status, 2);
}

TEST(Docs, TheMistakesAreWhatTheProgramFinds) {
  std::ostringstream written;
  written << std::ifstream(INDOUBT_SOURCE_DIR "/docs/mistakes.md").rdbuf();
  EXPECT_EQ(written.str(), call_indoubt("mistakes --markdown").out)
      << "write it again with: make docs";
}

const std::string kMajority = R"(indoubt: 1
protocols: [2pc, {3pc-majority: {as: more-than-half}}]
services: {a: {vote_yes: 0.9}, b: {}, c: {}}
network: {latency: 1ms}
transactions: {count: 1000, seed: 3}
)";

TEST(Findings, NameTheTransactionTheSeedAndTheCommandThatShowsItAgain) {
  const std::string file = temporary_file("a b.yaml", kMajority);
  const std::string out = call_indoubt("run '" + file + "' --seed 17").out;
  const std::string see = "see it: ";
  const std::size_t at = out.find(see);
  ASSERT_NE(at, out.npos) << out;
  const std::string replay = out.substr(at + see.size(), out.find('\n', at) - at - see.size());
  EXPECT_THAT(replay, AllOf(HasSubstr("--protocol more-than-half --transaction "),
                            HasSubstr(" --seed 17"), HasSubstr("'" + file + "'")));
  EXPECT_THAT(call_indoubt(arguments_of(replay)).out, HasSubstr("violation of "));
}

TEST(Findings, TellMachinesTheSame) {
  const std::string file = temporary_file("s.yaml", kMajority);
  const json document = json::parse(call_indoubt("run " + file + " --json").out);
  const json& finding = document["protocols"][1]["findings"][0];
  EXPECT_EQ(finding["seed"], 3);
  const std::string replay = finding["replay"];
  EXPECT_THAT(call_indoubt(arguments_of(replay)).out,
              HasSubstr(finding["explanation"].get<std::string>()));
}

TEST(Findings, OnSharedSitesAreSeenAmongTheOthers) {
  const std::string file = temporary_file("s.yaml", R"(indoubt: 1
protocols: [3pc-majority]
services: {a: {vote_yes: 0.9}, b: {}, c: {}}
network: {latency: exponential 5ms}
transactions: {count: 1000, arrivals: poisson 1000/s}
)");
  const json document =
      json::parse(call_indoubt("run " + file + " --transactions 2000 --json").out);
  const json& finding = document["protocols"][0]["findings"][0];
  const std::string replay = finding["replay"];
  EXPECT_THAT(replay, HasSubstr(" --transactions 2000 --seed 1"));
  EXPECT_THAT(call_indoubt(arguments_of(replay)).out,
              HasSubstr(finding["explanation"].get<std::string>()));
}

}  // namespace
}  // namespace indoubt
