// The command as users meet it: what it prints where, and how it ends.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "tests/cli/command.h"
#include "tests/support/catalogues.h"

namespace indoubt {
namespace {

using testing::AllOf;
using testing::ContainsRegex;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

const std::string kSmall = R"(indoubt: 1
title: Three
protocols: [2pc]
services: {a: {vote_yes: 0.9}, b: {}, c: {}}
network: {latency: 1ms}
transactions: {count: 5000}
)";

TEST(Run, PrintsTheResultToStdoutAndTimesToStderr) {
  const Called c = call_indoubt("run scenarios/library/card_payment.yaml --transactions 20000");
  EXPECT_THAT(c.out, AllOf(HasSubstr("One card payment"), HasSubstr("94."), HasSubstr("unanimous"),
                           HasSubstr("violation of validity (AC3) under 3pc-majority"),
                           Not(HasSubstr("CPU")), Not(HasSubstr("\x1b"))));
  EXPECT_THAT(c.err, AllOf(HasSubstr("CPU time"), HasSubstr("next: ")));
}

TEST(Run, EndsWith0WhenEveryExpectationHolds) {
  const std::string file =
      temporary_file("s.yaml", kSmall + "expect: [commit agrees with unanimous within 3%]\n");
  EXPECT_EQ(call_indoubt("run " + file).status, 0);
}

TEST(Run, EndsWith1WhenOneFails) {
  const std::string file = temporary_file("s.yaml", kSmall + "expect: [commit is at least 99%]\n");
  const Called c = call_indoubt("run " + file);
  EXPECT_EQ(c.status, 1);
  EXPECT_THAT(c.out, AllOf(HasSubstr("failed under 2pc: line 7: commit is at least 99%"),
                           HasSubstr("0 met, 1 failed")));
}

TEST(Run, EndsWith3WhenMoreTransactionsAreNeeded) {
  const std::string file =
      temporary_file("s.yaml", kSmall + "expect: [commit agrees with unanimous within 0.1%]\n");
  const Called c = call_indoubt("run " + file);
  EXPECT_EQ(c.status, 3);
  EXPECT_THAT(c.out, HasSubstr("needs about"));
}

TEST(Run, EndsWith1ForAViolationThatNothingExpects) {
  const std::string file = temporary_file(
      "s.yaml",
      "indoubt: 1\nprotocols: [3pc-majority]\nservices: {a: {vote_yes: 0.5}, b: {}, c: {}}\n");
  const Called c = call_indoubt("run " + file);
  EXPECT_EQ(c.status, 1);
  EXPECT_THAT(c.out, HasSubstr("unexpected: "));
}

TEST(Run, EndsWith2AndRunsNothingForAWrongScenario) {
  const std::string file = temporary_file("s.yaml", kSmall + "netwrok: {latency: 5}\n");
  const Called c = call_indoubt("run " + file);
  EXPECT_EQ(c.status, 2);
  EXPECT_THAT(c.out, IsEmpty());
  EXPECT_THAT(c.err, AllOf(HasSubstr("s.yaml:7:1: "), HasSubstr("did you mean"),
                           HasSubstr("nothing was run")));
}

TEST(Run, JsonIsOneDocumentWithTheSameBytesForOneSeed) {
  const std::string call =
      "run scenarios/library/card_payment.yaml --transactions 3000 --seed 7 --json";
  const Called a = call_indoubt(call), b = call_indoubt(call);
  EXPECT_EQ(a.out, b.out);
  const auto document = nlohmann::json::parse(a.out);
  EXPECT_EQ(document["seed"], 7);
  EXPECT_EQ(document["protocols"].size(), 3u);
  EXPECT_EQ(document["protocols"][0]["measures"]["commit"]["observations"], 3000);
  EXPECT_EQ(document["partial"], false);
  EXPECT_NE(
      a.out,
      call_indoubt("run scenarios/library/card_payment.yaml --transactions 3000 --seed 8 --json")
          .out);
}

TEST(Run, OneTransactionAloneHasItsOwnFingerprint) {
  auto fingerprint = [](const std::string& range) {
    const Called c = call_indoubt("run scenarios/library/card_payment.yaml --json " + range);
    const auto document = nlohmann::json::parse(c.out);
    return std::stoull(document["protocols"][1]["fingerprint"].get<std::string>(), nullptr, 16);
  };
  const auto to_999 = fingerprint("--transactions 999"),
             to_1000 = fingerprint("--transactions 1000");
  EXPECT_EQ(to_1000 - to_999, fingerprint("--first 1000 --transactions 1"));
}

TEST(Run, WritesCsvFiles) {
  const std::string directory = testing::TempDir() + "indoubt_csv_test";
  std::filesystem::remove_all(directory);
  EXPECT_EQ(call_indoubt("run " + temporary_file("s.yaml", kSmall) + " --csv " + directory).status,
            0);
  std::ostringstream measures;
  measures << std::ifstream(directory + "/measures.csv").rdbuf();
  EXPECT_THAT(measures.str(), AllOf(HasSubstr("protocol,measure,kind"),
                                    HasSubstr("2pc,commit,proportion,1,wilson,0.")));
  EXPECT_TRUE(std::filesystem::exists(directory + "/comparisons.csv"));
  EXPECT_TRUE(std::filesystem::exists(directory + "/expectations.csv"));
}

TEST(Run, ColourIsAChoiceAndNO_COLORRefusesIt) {
  const std::string file = temporary_file("s.yaml", kSmall);
  EXPECT_THAT(call_indoubt("run " + file + " --color always").out, HasSubstr("\x1b["));
  EXPECT_THAT(call_indoubt("run " + file + " --color never").out, Not(HasSubstr("\x1b[")));
  EXPECT_EQ(call_indoubt("run " + file + " --color mauve").status, 2);
}

TEST(Run, MisuseIsExplained) {
  EXPECT_THAT(call_indoubt("run").err, HasSubstr("no scenario file is given"));
  EXPECT_THAT(call_indoubt("run a.yaml b.yaml").err, HasSubstr("2 are given"));
  EXPECT_THAT(call_indoubt("run a.yaml --seed=-1").err, HasSubstr("--seed is a whole number"));
  EXPECT_THAT(call_indoubt("run a.yaml --transactions 99999999999999999999").err,
              HasSubstr("--transactions is"));
  EXPECT_EQ(call_indoubt("run a.yaml --trans 5").status, 2) << "prefixes are not guessed";
  EXPECT_EQ(call_indoubt("run no_such_file.yaml").status, 2);
  EXPECT_EQ(call_indoubt("fly").status, 2);
  EXPECT_EQ(call_indoubt("").status, 2);
}

TEST(Commands, AnswerWhatTheyKnow) {
  EXPECT_THAT(call_indoubt("list protocols").out,
              AllOf(HasSubstr("3pc-majority"), HasSubstr("decision_rule")));
  EXPECT_THAT(call_indoubt("list models").out, HasSubstr("at-least-one: commit = "));
  EXPECT_THAT(call_indoubt("list latencies").out, HasSubstr("lognormal"));
  EXPECT_THAT(call_indoubt("list measures").out, HasSubstr("violation.validity"));
  EXPECT_THAT(call_indoubt("list scenarios").out, HasSubstr("One card payment"));
  EXPECT_EQ(call_indoubt("list nothing").status, 2);
  EXPECT_THAT(call_indoubt("--version").out,
              AllOf(HasSubstr("-ffp-contract=off"), HasSubstr("Boost"), HasSubstr("compiler")));
  EXPECT_EQ(nlohmann::json::parse(call_indoubt("schema").out)["$schema"],
            "http://json-schema.org/draft-07/schema#");
  EXPECT_THAT(call_indoubt("validate scenarios/library/*.yaml").out,
              HasSubstr("slow_network.yaml: valid"));
  EXPECT_THAT(call_indoubt("run --help").out, HasSubstr("--transactions"));
}

/// Every file of the library, as it stands, meets what it expects.
class Library : public testing::TestWithParam<std::string> {};

TEST_P(Library, MeetsItsExpectations) {
  const Called c = call_indoubt("run " + GetParam());
  EXPECT_EQ(c.status, 0) << c.out << c.err;
  EXPECT_THAT(c.out, testing::ContainsRegex("expectations: [0-9,]+ met[ \n]"));
}

INSTANTIATE_TEST_SUITE_P(Scenarios, Library, testing::ValuesIn(library_names()),
                         [](const auto& test) { return test.param; });

TEST(Docs, TheScenarioReferenceIsWhatTheProgramWrites) {
  std::ostringstream written;
  written << std::ifstream(INDOUBT_SOURCE_DIR "/docs/scenario.md").rdbuf();
  EXPECT_EQ(written.str(), call_indoubt("reference").out) << "write it again with: make docs";
}

TEST(Run, AnInterruptKeepsWhatThereIs) {
  const std::string file = temporary_file("s.yaml", kSmall);
  const Called c = call_indoubt(
      "run " + file + " --transactions 1000000000 & pid=$!; sleep 1; kill -INT $pid; wait $pid");
  EXPECT_EQ(c.status, 130);
}

const std::string kInterrupted = " & pid=$!; sleep 1; kill -INT $pid; wait $pid";

TEST(Run, AnInterruptedRunIsMarkedAndItsExpectationsAreNotJudged) {
  const std::string file = temporary_file("s.yaml", kSmall + "expect: [commit is at least 99%]\n");
  const Called c = call_indoubt("run " + file + " --transactions 1000000000" + kInterrupted);
  EXPECT_EQ(c.status, 130);
  EXPECT_THAT(c.out, AllOf(ContainsRegex("interrupted: partial results, of [0-9,]+ transactions "
                                         "under 2pc"),
                           HasSubstr("expectations: 1 not judged"), Not(HasSubstr("failed"))));
}

TEST(Run, AnInterruptedRunSaysSoInJson) {
  const std::string file = temporary_file("s.yaml", kSmall + "expect: [commit is at least 99%]\n");
  const Called c = call_indoubt("run " + file + " --json --transactions 1000000000" + kInterrupted);
  const auto document = nlohmann::json::parse(c.out);
  EXPECT_EQ(document["partial"], true);
  EXPECT_EQ(document["protocols"][0]["complete"], false);
  EXPECT_EQ(document["status"], 130);
  ASSERT_EQ(document["expectations"].size(), 1u);
  EXPECT_EQ(document["expectations"][0]["status"], "not judged");
}

// ---- points and trace
// ----------------------------------------------------------------------------

TEST(Points, ArePrintedForReadersAndMachines) {
  EXPECT_THAT(call_indoubt("points 2pc").out,
              AllOf(HasSubstr("coordinator"), HasSubstr("on YES"), HasSubstr("force committed")));
  const auto document = nlohmann::json::parse(call_indoubt("points 3pc --json").out);
  EXPECT_EQ(document["complete"], true);
  EXPECT_GT(document["points"].size(), 20u);
  const std::string brief = call_indoubt("points 3pc").out,
                    full = call_indoubt("points 3pc --all").out;
  EXPECT_THAT(brief, AllOf(HasSubstr("  on YES "), HasSubstr("send PRE-COMMIT*"),
                           HasSubstr("force aborted; decide abort"), HasSubstr("--all")));
  EXPECT_THAT(full, HasSubstr("send PRE-COMMIT   "));
  EXPECT_LT(std::count(brief.begin(), brief.end(), '\n'), 60);
  EXPECT_GT(std::count(full.begin(), full.end(), '\n'), 120);
  const Called wrong = call_indoubt("points 2cp");
  EXPECT_EQ(wrong.status, 2);
  EXPECT_THAT(wrong.err, HasSubstr("did you mean 2pc?"));
}

TEST(Trace, TellsOneTransactionOfTheRunInOrder) {
  const std::string file = temporary_file("s.yaml", kSmall);
  const Called c = call_indoubt("trace " + file + " --transaction 2");
  EXPECT_EQ(c.status, 0);
  EXPECT_THAT(c.out,
              AllOf(HasSubstr("transaction 2 under 2pc, seed 1"),
                    HasSubstr("coordinator  sends PREPARE to a, b, c"), HasSubstr("decides")));
  const auto document =
      nlohmann::json::parse(call_indoubt("trace " + file + " --transaction 2 --json").out);
  EXPECT_EQ(document["transaction"], 2);
  EXPECT_EQ(document["events"][0]["event"], "begins");
  EXPECT_EQ(document["outcome"], "commit");
}

TEST(Trace, OfAStepThatACrashCutsShortShowsTheStateItHadComeTo) {
  const std::string head =
      "indoubt: 1\nprotocols: [2pc]\nservices: {a: {}, b: {}}\n"
      "network: {latency: 10ms}\ntimeouts: {acks: 100ms}\nfaults:\n";
  const std::string before = temporary_file(
      "before.yaml", head + "  - crash: {site: coordinator, at: before send COMMIT, restart: 5ms}");
  EXPECT_THAT(call_indoubt("trace " + before).out,
              HasSubstr("takes YES from b                committed"));
  const std::string after = temporary_file(
      "after.yaml", head + "  - crash: {site: a, at: after force committed, restart: 5ms}");
  EXPECT_THAT(call_indoubt("trace " + after).out,
              AllOf(HasSubstr("takes COMMIT from coordinator   committed"),
                    HasSubstr("a            committed  decided commit")))
      << "at the end a has read its decision in its log";
}

TEST(Trace, LeavesOutWhatIsBeyondTheLimitAndSaysHowMuch) {
  const std::string file = temporary_file("s.yaml", kSmall);
  const Called c = call_indoubt("trace " + file + " --limit 3");
  EXPECT_THAT(c.out, AllOf(HasSubstr("begins"), HasSubstr("more events, the last at"),
                           HasSubstr("--limit "), HasSubstr("at the end")));
  EXPECT_THAT(call_indoubt("trace " + file).out, Not(HasSubstr("more events")));
}

TEST(Trace, SaysWhatIsMissing) {
  EXPECT_EQ(call_indoubt("trace").status, 2);
  const Called c = call_indoubt("trace card_payment --protocol 4pc");
  EXPECT_EQ(c.status, 2);
  EXPECT_THAT(c.err, HasSubstr("it runs: 2pc, 3pc, 3pc-majority"));
}

TEST(Trace, KnowsTheTransactionsOfTheRunOnly) {
  for (const char* sites : {"fresh", "shared"}) {
    const std::string file =
        temporary_file("s.yaml", std::string("indoubt: 1\nprotocols: [2pc]\nservices: {a: {}}\n") +
                                     "transactions: {count: 30, sites: " + sites + "}\n");
    EXPECT_EQ(call_indoubt("trace " + file + " --transaction 30").status, 0) << sites;
    const Called beyond = call_indoubt("trace " + file + " --transaction 31");
    EXPECT_EQ(beyond.status, 2) << sites;
    EXPECT_THAT(beyond.err, HasSubstr("the run has no transaction 31; allowed: 1 to 30, or more "
                                      "with --transactions"));
    EXPECT_EQ(call_indoubt("trace " + file + " --transaction 31 --transactions 31").status, 0);
  }
}

// A vote takes longer than the horizon; the other participant asks until then.
TEST(Run, NotesRetriesThatGoOnToTheHorizon) {
  const std::string file = temporary_file("s.yaml",
                                          "indoubt: 1\nprotocols: [2pc]\n"
                                          "services: {a: {}, b: {}}\n"
                                          "network: {links: [{from: b, latency: 2min}]}\n"
                                          "timeouts: {decision: 1s}\n"
                                          "transactions: {count: 1000, horizon: 1min}\n");
  EXPECT_THAT(call_indoubt("run " + file).err,
              HasSubstr("note: 1,000 of 1,000 transactions under 2pc had no decision at the "
                        "horizon of 1min"));
  EXPECT_THAT(call_indoubt("run card_payment --transactions 1000").err, Not(HasSubstr("note:")));
}

}  // namespace
}  // namespace indoubt
