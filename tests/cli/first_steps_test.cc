// What new users stumbled over: calls that ran nothing and were green, numbers that looked like
// others, hints that could not be pasted.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "tests/cli/command.h"

namespace indoubt {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

nlohmann::json json_of(const std::string& call) {
  return nlohmann::json::parse(call_indoubt(call + " --json").out);
}

std::string contents(const std::string& path) {
  std::ostringstream out;
  out << std::ifstream(path).rdbuf();
  return out.str();
}

// ---- what is run

TEST(FirstSteps, NumbersOfTransactionsEndSomewhere) {
  for (const char* first : {"18446744073709551615", "1_000_000_000_000_000"}) {
    const Called c =
        call_indoubt(std::string("run card_payment --transactions 2 --json --first ") + first);
    EXPECT_EQ(c.status, 2) << first;
    EXPECT_THAT(c.out, IsEmpty()) << first;
    EXPECT_THAT(c.err, HasSubstr("--first")) << first;
  }
  EXPECT_THAT(call_indoubt("run card_payment --transactions 2 --first 1_000_000_000_000_000").err,
              HasSubstr("--first is at most 999999999999999"));
  EXPECT_NE(call_indoubt("run card_payment --transactions 1 --first 1_000_000_000_000_000").status,
            2);
  EXPECT_EQ(call_indoubt("trace card_payment --transaction 18446744073709551615").status, 2);
}

TEST(FirstSteps, TheHeadingTellsWhichTransactionsAreRun) {
  EXPECT_THAT(call_indoubt("run card_payment --first 5 --transactions 2").out,
              HasSubstr("\ntransactions 5 to 6 under each protocol"));
  EXPECT_THAT(call_indoubt("run card_payment --first 5 --transactions 1").out,
              HasSubstr("\ntransaction 5 under each protocol"));
  EXPECT_THAT(call_indoubt("run card_payment --transactions 1").out,
              HasSubstr("\n1 transaction under each protocol"));
}

TEST(FirstSteps, TheNextCommandRunsTheSameTransactions) {
  const std::string file =
      temporary_file("a file.yaml", "indoubt: 1\nprotocols: [2pc]\nservices: {a: {}}\n");
  const Called c = call_indoubt("run '" + file + "' --transactions 10 --seed 7 --first 3");
  EXPECT_THAT(c.err,
              AllOf(HasSubstr("run '" + file + "' --seed 7 --transactions 10 --first 3 --json"),
                    HasSubstr("indoubt list models")));
}

TEST(FirstSteps, AScenarioMayComeFromAPipe) {
  const Called c = call_indoubt("run - < scenarios/library/lessons/coordinator_dies.yaml");
  EXPECT_EQ(c.status, 0) << c.err;
  EXPECT_THAT(c.out, HasSubstr("The coordinator dies"));
  EXPECT_THAT(call_indoubt("validate - < /dev/null").err, HasSubstr("stdin: is empty"));
}

// ---- an end by signals

TEST(FirstSteps, ATerminatedRunHasSomethingOfEachProtocol) {
  const Called c = call_indoubt(
      "run card_payment --json --transactions 1_000_000_000_000 & pid=$!; sleep 2; kill -TERM "
      "$pid; wait $pid");
  EXPECT_EQ(c.status, 130);
  const auto document = nlohmann::json::parse(c.out);
  EXPECT_EQ(document["partial"], true);
  for (const auto& protocol : document["protocols"]) {
    EXPECT_EQ(protocol["complete"], false);
    EXPECT_GE(protocol["transactions"], 10'000) << protocol["label"];
  }
}

// ---- numbers

TEST(FirstSteps, TheIntervalIsNamedAndIsThatOfEveryProportion) {
  const std::string call = "run card_payment --transactions 50";
  const auto wilson = json_of(call), exact = json_of(call + " --interval clopper-pearson");
  EXPECT_EQ(wilson["interval"], "wilson");
  EXPECT_EQ(exact["interval"], "clopper-pearson");
  const auto low = [](const nlohmann::json& document) {
    return document["protocols"][0]["measures"]["abort"]["low"].get<double>();
  };
  EXPECT_LT(low(exact), low(wilson));
  EXPECT_THAT(call_indoubt(call).out, HasSubstr("\nmeasured (95 % Wilson) "));
  EXPECT_THAT(call_indoubt(call + " --interval clopper-pearson").out,
              HasSubstr("\nmeasured (95 % Clopper-Pearson) "));
}

TEST(FirstSteps, ATimeThatNeverEndsDoesNotLookShort) {
  const Called c = call_indoubt("run coordinator_dies --transactions 100");
  EXPECT_THAT(c.out, AllOf(HasSubstr("> 10.000ms "), HasSubstr("\n> longer than this: ")));
  const auto document = json_of("run coordinator_dies --transactions 100");
  const auto& measures = document["protocols"][0]["measures"];
  EXPECT_EQ(measures["in_doubt_time"]["cut_off"], 100);
  EXPECT_EQ(measures["blocked_time"]["cut_off"], 100);
  EXPECT_EQ(measures["lock_time"]["cut_off"], 100);
  EXPECT_EQ(document["protocols"][1]["measures"]["in_doubt_time"]["cut_off"], 0) << "3pc";
  EXPECT_FALSE(measures["decision_time"].contains("cut_off")) << "it has an end";
}

TEST(FirstSteps, ACoincidenceIsNoAgreementInJsonEither) {
  const auto document = json_of("run card_payment --transactions 200_000");
  int close = 0;
  for (const auto& protocol : document["protocols"])
    for (const auto& c : protocol["comparisons"]) {
      close += c["verdict"] == "close";
      EXPECT_TRUE(c["verdict"] != "agree" || c["applies"] == true) << c;
    }
  EXPECT_GT(close, 0);
}

TEST(FirstSteps, AnUndecidedBoundSaysHowManyTransactionsDecide) {
  const std::string file =
      temporary_file("s.yaml",
                     "indoubt: 1\nprotocols: [2pc]\n"
                     "services: {a: {vote_yes: 0.9}}\n"
                     "expect: [commit is at least 89%, abort is at most 11%]\n");
  const Called c = call_indoubt("run " + file + " --transactions 1000");
  EXPECT_EQ(c.status, 3) << c.out;
  EXPECT_THAT(c.out, AllOf(HasSubstr("measured commit 9"), HasSubstr("] at 99."),
                           HasSubstr("; needs about ")));
}

TEST(FirstSteps, CsvTellsKindUnitAndInterval) {
  const std::string directory = testing::TempDir() + "indoubt_csv_units";
  std::filesystem::remove_all(directory);
  call_indoubt("run coordinator_dies --transactions 100 --csv " + directory);
  EXPECT_THAT(contents(directory + "/measures.csv"),
              AllOf(StartsWith("protocol,measure,kind,unit,interval,value,low,high,level,"
                               "observations,cut_off\n"),
                    HasSubstr("\n2pc,blocked,proportion,1,wilson,1,"),
                    HasSubstr("\n2pc,in_doubt_time,time,ns,student,10000000,10000000,10000000,")));
}

// ---- words that are nearly commands and files

TEST(FirstSteps, WhatIsNoCommandIsAnswered) {
  EXPECT_THAT(call_indoubt("card_payment").err,
              HasSubstr("did you mean: indoubt run card_payment"));
  EXPECT_THAT(call_indoubt("--verison").err, HasSubstr("did you mean --version?"));
  const std::string version = call_indoubt("version").out;
  EXPECT_EQ(call_indoubt("-v").out, version);
  EXPECT_EQ(call_indoubt("-V").out, version);
  const Called nothing = call_indoubt("");
  EXPECT_EQ(nothing.status, 2);
  EXPECT_THAT(nothing.out, IsEmpty());
  EXPECT_EQ(nothing.err, call_indoubt("help").out);
}

TEST(FirstSteps, AMissingFileIsOneLine) {
  const Called c = call_indoubt("run card_paymnt");
  EXPECT_EQ(c.err,
            "indoubt: card_paymnt: no such file; did you mean card_payment? the library: indoubt "
            "list scenarios\n");
  EXPECT_THAT(call_indoubt("run ''").err, AllOf(HasSubstr("name"), Not(HasSubstr("errors"))));
  const std::string wrong = temporary_file("s.yaml", "indoubt: 2\n");
  EXPECT_THAT(call_indoubt("validate " + wrong).err, Not(HasSubstr("nothing was run")));
}

TEST(FirstSteps, ADirectoryDoesNotHideAScenario) {
  const std::string directory = testing::TempDir() + "indoubt_hidden";
  std::filesystem::create_directories(directory + "/card_payment");
  EXPECT_EQ(call_indoubt_in(directory, "validate card_payment").status, 0);
}

TEST(FirstSteps, HelpFitsTheScreen) {
  for (const char* command :
       {"run", "trace", "points", "mistakes", "validate", "list", "schema", "reference"}) {
    std::istringstream lines(call_indoubt(std::string("help ") + command).out);
    for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), 100u) << line;
  }
}

TEST(FirstSteps, MistakesAreShownByTheirNameInTheLibrary) {
  EXPECT_THAT(call_indoubt("mistakes --protocol 2pc-broadcast").out,
              Not(HasSubstr("indoubt trace scenarios/library")));
}

// ---- traces

TEST(FirstSteps, ATraceShowsWhereTheNetworkPartsAndHeals) {
  const std::string file = temporary_file(
      "s.yaml",
      "indoubt: 1\nprotocols: [2pc]\nservices: {a: {}, b: {}}\nnetwork: {latency: 10ms}\n"
      "timeouts: {decision: 50ms, acks: 50ms}\nfaults:\n"
      "  - partition: {groups: [[coordinator, a], [b]], time: 15ms, heals: 100ms}\n"
      "  - slow: {from: coordinator, to: a, factor: 3, time: 5ms, lasts: 1ms}\n");
  EXPECT_THAT(call_indoubt("trace " + file).out,
              AllOf(HasSubstr("\nfault: messages from coordinator to a take 3 times as long "),
                    HasSubstr("LINK SLOWS DOWN: coordinator to a, 3 times as long\n"),
                    HasSubstr("NETWORK PARTS: coordinator, a | b\n"),
                    HasSubstr("YES to coordinator is lost: the link is cut\n"),
                    HasSubstr("network heals: coordinator, a | b\n")));
}

TEST(FirstSteps, PointsOfTimesStandBelowEachOther) {
  std::istringstream lines(call_indoubt("trace card_payment").out);
  std::size_t point = 0;
  for (std::string line; std::getline(lines, line) && line.substr(0, 6) != "at the";) {
    const std::size_t at = line.substr(0, 14).find('.');
    if (line.find("ms ") == line.npos || at == line.npos) continue;
    if (point == 0) point = at;
    EXPECT_EQ(at, point) << line;
  }
  EXPECT_NE(point, 0u);
}

}  // namespace
}  // namespace indoubt
