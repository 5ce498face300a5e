// How the command is called: help for every word, suggestions for misspelt ones, what may be left
// out and what is refused before anything is run.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "tests/cli/command.h"

namespace indoubt {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

class Help : public testing::TestWithParam<const char*> {};

TEST_P(Help, TellsTheUsageOptionsAndAnExample) {
  const std::string command = GetParam();
  const Called c = call_indoubt(command + " --help");
  EXPECT_EQ(c.status, 0);
  EXPECT_THAT(c.err, IsEmpty());
  EXPECT_THAT(c.out, AllOf(StartsWith("indoubt " + command), HasSubstr("--help"),
                           HasSubstr("Example: indoubt ")));
  EXPECT_EQ(call_indoubt("help " + command).out, c.out);
  EXPECT_THAT(call_indoubt("help").out, HasSubstr("\n  indoubt " + command));
}

INSTANTIATE_TEST_SUITE_P(Commands, Help,
                         testing::Values("run", "validate", "list", "schema", "reference",
                                         "version", "help"),
                         [](const auto& test) { return std::string(test.param); });

TEST(Call, TheHelpOfRunNamesArgumentsAndDefaults) {
  EXPECT_THAT(call_indoubt("run --help").out, AllOf(HasSubstr("--seed N"), HasSubstr("--csv DIR"),
                                                    HasSubstr("(=wilson)"), HasSubstr("(=auto)")));
}

TEST(Call, AMisspeltWordIsRecognised) {
  const auto refused = [](const std::string& call) {
    const Called c = call_indoubt(call);
    EXPECT_EQ(c.status, 2) << call;
    EXPECT_THAT(c.out, IsEmpty());
    return c.err;
  };
  EXPECT_THAT(refused("rnu x.yaml"), HasSubstr("did you mean run?"));
  EXPECT_THAT(refused("help valdate"), HasSubstr("did you mean validate?"));
  EXPECT_THAT(refused("card.yaml"), HasSubstr("did you mean: indoubt run card.yaml"));
  EXPECT_THAT(refused("list protcols"), HasSubstr("did you mean protocols?"));
  EXPECT_THAT(refused("list x"), HasSubstr("it lists: protocols, models"));
  EXPECT_THAT(refused("run x.yaml --sede 5"), HasSubstr("did you mean --seed?"));
  EXPECT_THAT(refused("run x.yaml -seed 5"), HasSubstr("did you mean --seed?"));
  EXPECT_THAT(refused("run x.yaml --trans 5"), HasSubstr("did you mean --transactions?"));
  EXPECT_THAT(refused("run x.yaml --qqqq 5"), HasSubstr("options: --seed --transactions"));
  EXPECT_THAT(refused("run x.yaml --interval wlson"), HasSubstr("did you mean wilson?"));
  EXPECT_THAT(refused("schema now"), HasSubstr("takes no arguments"));
}

TEST(Call, NumbersAreWrittenAsInAScenario) {
  EXPECT_THAT(call_indoubt("run card_payment --transactions 1_000").out,
              HasSubstr("1,000 transactions under each"));
  EXPECT_THAT(call_indoubt("run card_payment --transactions 1e3").err,
              HasSubstr("'1e3' has an exponent; write 1000; allowed: a whole number from 1 to"));
  EXPECT_THAT(call_indoubt("run card_payment --transactions 1M").err,
              AllOf(HasSubstr("like 5000 or 1_000_000"), HasSubstr("'1M' is not a number")));
  EXPECT_THAT(call_indoubt("run card_payment --seed 10_00").err, HasSubstr("misplaced _"));
  EXPECT_EQ(call_indoubt("run card_payment --transactions 0").status, 2);
}

TEST(LibraryPaths, IsListedEverywhereByNamesThatWorkThere) {
  for (const std::string& directory :
       {std::string(INDOUBT_SOURCE_DIR), std::string(INDOUBT_SOURCE_DIR "/docs"),
        testing::TempDir()}) {
    const Called list = call_indoubt_in(directory, "list scenarios");
    EXPECT_EQ(list.status, 0) << directory << list.err;
    const std::string name = list.out.substr(0, list.out.find(' '));
    EXPECT_EQ(name, "card_payment");
    EXPECT_EQ(call_indoubt_in(directory, "validate " + name).status, 0) << name;
  }
  EXPECT_THAT(call_indoubt("list scenarios").out,
              HasSubstr("the files stand in scenarios/library\n"));
}

TEST(LibraryPaths, ItsScenariosAreCalledByName) {
  EXPECT_EQ(call_indoubt_in(testing::TempDir(), "validate card_payment slow_network.yaml").out,
            "card_payment: valid\nslow_network.yaml: valid\n");
  const std::string call = " --transactions 10 --json";
  EXPECT_THAT(call_indoubt_in(testing::TempDir(), "run card_payment" + call).out,
              HasSubstr("\"file\": \"card_payment\""));
}

TEST(LibraryPaths, AFileOfTheSameNameComesFirst) {
  const std::string directory = testing::TempDir() + "indoubt_own_scenario";
  std::filesystem::create_directories(directory);
  std::ofstream(directory + "/card_payment.yaml") << "indoubt: 2\n";
  EXPECT_EQ(call_indoubt_in(directory, "validate card_payment.yaml").status, 2);
  EXPECT_EQ(call_indoubt_in(directory, "validate card_payment").status, 0);
}

TEST(LibraryPaths, AMisspeltNameIsRecognised) {
  const Called c = call_indoubt("run card_paymnt");
  EXPECT_EQ(c.status, 2);
  EXPECT_THAT(c.err, HasSubstr("no such file; did you mean card_payment?"));
  EXPECT_THAT(call_indoubt("run scenarios/library/formula_dual.yaml").err,
              HasSubstr("did you mean formula_duel?"));
  const Called far = call_indoubt("run nothing_like_this.yaml");
  EXPECT_THAT(far.err, AllOf(HasSubstr("indoubt list scenarios"), Not(HasSubstr("did you mean"))));
}

TEST(Call, CsvFilesAreOverwrittenOnDemandOnly) {
  const std::string directory = testing::TempDir() + "indoubt_csv_there";
  std::filesystem::remove_all(directory);
  std::filesystem::create_directories(directory);
  std::ofstream(directory + "/measures.csv") << "mine";
  const std::string call = "run card_payment --transactions 1000 --csv " + directory;
  const Called c = call_indoubt(call);
  EXPECT_EQ(c.status, 2);
  EXPECT_THAT(c.out, IsEmpty()) << "it was run";
  EXPECT_THAT(c.err, AllOf(HasSubstr(directory + "/measures.csv"), HasSubstr("--force"),
                           Not(HasSubstr("comparisons.csv"))));
  EXPECT_EQ(std::filesystem::file_size(directory + "/measures.csv"), 4u);
  EXPECT_NE(call_indoubt(call + " --force").status, 2);
  EXPECT_GT(std::filesystem::file_size(directory + "/measures.csv"), 100u);
  EXPECT_EQ(call_indoubt("run card_payment --force").status, 2) << "forces nothing";
}

TEST(Call, AResultThatCannotBeWrittenIsToldWithItsCause) {
  for (const char* call :
       {"run card_payment --transactions 10", "run card_payment --transactions 10 --json",
        "list protocols", "schema", "reference", "help"}) {
    const Called c = call_indoubt(std::string(call) + " > /dev/full");
    EXPECT_EQ(c.status, 70) << call;
    EXPECT_THAT(c.err, AllOf(HasSubstr("cannot write the result: No space left on device"),
                             Not(HasSubstr("internal"))))
        << call;
  }
}

}  // namespace
}  // namespace indoubt
