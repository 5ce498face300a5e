// Goal: in no scenario of the library do two engines disagree, and as many of its protocols are
// solved, explored and answered by all four as tests/golden/library_verdicts.txt says.
#include <gtest/gtest.h>

#include <fstream>
#include <map>

#include "scenarios/four_verdicts.h"
#include "scenarios/loader.h"
#include "tests/support/catalogues.h"
#include "tests/support/disagreements.h"
#include "tests/support/effort.h"

namespace indoubt {
namespace {

constexpr std::size_t kMostStates = kSanitized ? 300 : 10'000;

/// Lines like "card_payment: 3 protocols, 3 solved, 3 explored, 3 with all four".
std::map<std::string, std::string> pinned_lines() {
  std::ifstream in(INDOUBT_SOURCE_DIR "/tests/golden/library_verdicts.txt");
  std::map<std::string, std::string> lines;
  for (std::string line; std::getline(in, line);) lines[line.substr(0, line.find(':'))] = line;
  return lines;
}

std::string line_of(const std::string& name, const VerdictTable& table) {
  int solved = 0, explored = 0, all_four = 0;
  for (const ProtocolVerdicts& p : table.protocols) {
    const bool whole = p.explored.problems.empty() && p.explored.incomplete.empty();
    solved += p.exact.solved;
    explored += whole;
    all_four += p.exact.solved && whole;
  }
  return name + ": " + std::to_string(table.protocols.size()) + " protocols, " +
         std::to_string(solved) + " solved, " + std::to_string(explored) + " explored, " +
         std::to_string(all_four) + " with all four";
}

class LibraryVerdicts : public testing::TestWithParam<std::string> {};

TEST_P(LibraryVerdicts, DoNotDisagree) {
  LoadResult result = load_scenario_file(library_file(GetParam()));
  ASSERT_TRUE(result.file);
  result.file->scenario.transactions.count = 500;
  FourOptions options;
  options.family_level = 1 - 1e-6;  // of a hundred tables
  options.most_states = kMostStates;
  options.most_worlds = kMostStates * 3 / 2;
  const VerdictTable table = four_verdicts(*result.file, options);
  EXPECT_EQ(disagreements(table), "");
  for (const ProtocolVerdicts& p : table.protocols)
    EXPECT_TRUE(p.exact.solved || !p.exact.refusals.empty()) << p.use->label;
  if (!kSanitized) {
    EXPECT_EQ(line_of(GetParam(), table), pinned_lines()[GetParam()]);
  }
}

INSTANTIATE_TEST_SUITE_P(Scenarios, LibraryVerdicts, testing::ValuesIn(some_of(library_names())),
                         [](const auto& test) { return test.param; });

}  // namespace
}  // namespace indoubt
