// Goal: what the documents show as output is what the program prints.
// Method: every block ```console of README.md and docs/learn.md is run again: a line "$ indoubt
// ..." is a call, what follows is its output, a line "..." stands for any number of lines.
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/verdicts.h"
#include "tests/cli/command.h"
#include "tests/support/effort.h"

namespace indoubt {
namespace {

using Lines = std::vector<std::string>;

constexpr std::string_view kPrompt = "$ indoubt ";

Lines lines_of(const std::string& text) {
  Lines lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

Lines document(const std::string& name) {
  std::ostringstream text;
  text << std::ifstream(std::string(INDOUBT_SOURCE_DIR "/") + name).rdbuf();
  return lines_of(text.str());
}

struct Session {
  int line = 0;  ///< in the document, from 1
  std::string arguments;
  Lines output;
};

std::vector<Session> sessions_of(const Lines& lines) {
  std::vector<Session> sessions;
  bool inside = false;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (lines[i].substr(0, 3) == "```")
      inside = lines[i] == "```console";
    else if (inside && lines[i].substr(0, kPrompt.size()) == kPrompt)
      sessions.push_back({static_cast<int>(i) + 1, lines[i].substr(kPrompt.size()), {}});
    else if (inside && !sessions.empty())
      sessions.back().output.push_back(lines[i]);
  }
  return sessions;
}

/// Whether `found` from `at` on is what `shown` from `from` on says.
bool matches(const Lines& shown, std::size_t from, const Lines& found, std::size_t at) {
  if (from == shown.size()) return at == found.size();
  if (shown[from] == "...") {
    for (std::size_t next = at; next <= found.size(); ++next)
      if (matches(shown, from + 1, found, next)) return true;
    return false;
  }
  return at < found.size() && shown[from] == found[at] && matches(shown, from + 1, found, at + 1);
}

void expect_sessions(const std::string& name, std::size_t at_least) {
  const auto sessions = sessions_of(document(name));
  EXPECT_GE(sessions.size(), at_least) << name;
  for (const Session& s : sessions) {
    const Called called = call_indoubt(s.arguments);
    EXPECT_TRUE(matches(s.output, 0, lines_of(called.out), 0))
        << name << ":" << s.line << ": indoubt " << s.arguments << " prints\n"
        << called.out;
  }
}

TEST(Documents, ReadmeShowsWhatTheProgramPrints) { expect_sessions("README.md", 4); }

TEST(Documents, LearnShowsWhatTheProgramPrints) { expect_sessions("docs/learn.md", 5); }

/// The lines of a code block from the first `begin` on.
Lines shown_from(const std::string& begin) {
  Lines shown;
  for (const std::string& line : document("README.md")) {
    if (shown.empty() && line != begin) continue;
    if (line == "```") break;
    shown.push_back(line);
  }
  return shown;
}

TEST(Documents, ReadmeShowsTheWrongScenarioThatItRuns) {
  Lines file = document("docs/wrong.yaml");
  file.erase(file.begin());  // "indoubt: 1" begins other blocks as well
  EXPECT_EQ(shown_from(file.front()), file);
}

TEST(Documents, ReadmeShowsTheMainJob) {
  EXPECT_EQ(shown_from("One card payment, three services"),
            lines_of(call_indoubt("run card_payment").out));
}

/// The rows of a protocol in what `indoubt verdicts --markdown` prints.
Lines rows_of(const std::string& protocol, int participants, const Lines& lines) {
  Lines rows;
  const std::string begin = "| " + protocol + " | " + std::to_string(participants) + " |";
  for (const std::string& line : lines)
    if (line.rfind(begin, 0) == 0) rows.push_back(line);
  return rows;
}

/// All protocols but those whose searches take too long here.
std::vector<std::string> protocols_without(const std::set<std::string_view>& slow) {
  std::vector<std::string> names;
  for (const ProtocolEntry& protocol : protocol_catalogue())
    if (slow.count(protocol.name) == 0) names.emplace_back(protocol.name);
  return names;
}

std::string name_of(const ::testing::TestParamInfo<std::string>& info) {
  std::string name = info.param;
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

/// `options`: as `make docs` gives them.
void expect_rows_of_the_document(const std::string& protocol, int participants,
                                 const std::string& options) {
  const Called called = call_indoubt("verdicts --markdown" + options + " --protocol " + protocol);
  EXPECT_EQ(called.status, 0);
  const Lines rows = rows_of(protocol, participants, lines_of(called.out));
  EXPECT_EQ(rows.size(), verdict_settings().size());
  EXPECT_EQ(rows, rows_of(protocol, participants, document("docs/verdicts.md")))
      << "make docs writes it";
}

class Verdicts : public ::testing::TestWithParam<std::string> {};

TEST_P(Verdicts, AreThoseOfTheirDocument) { expect_rows_of_the_document(GetParam(), 2, ""); }

const std::set<std::string_view> kSlow = {"3pc-decentralised", "3pc-quorum", "e3pc", "paxos-commit",
                                          "paxos-commit-fast"};

INSTANTIATE_TEST_SUITE_P(
    Catalogue, Verdicts,
    ::testing::ValuesIn(protocols_without(kSanitized ? kSlow : std::set<std::string_view>())),
    name_of);

#ifndef __SANITIZE_ADDRESS__
/// Tens of millions of worlds: too many under the sanitizers.
class VerdictsOfMore : public ::testing::TestWithParam<std::string> {};

TEST_P(VerdictsOfMore, OfThreeAreThoseOfTheirDocument) {
  expect_rows_of_the_document(GetParam(), 3, " --participants 3 --states 3_000_000");
}
TEST_P(VerdictsOfMore, OfFourAreThoseOfTheirDocument) {
  expect_rows_of_the_document(GetParam(), 4, " --participants 4 --states 3_000_000");
}

INSTANTIATE_TEST_SUITE_P(Catalogue, VerdictsOfMore, ::testing::ValuesIn(protocols_without({})),
                         name_of);
#endif

/// The lines for two participants, without the rows of protocols.
Lines frame_of(const Lines& lines) {
  Lines frame;
  for (const std::string& line : lines) {
    if (line == "# Three participants") break;
    if (line.rfind("| ", 0) != 0 || line.rfind("| protocol", 0) == 0 || line[2] == '-')
      frame.push_back(line);
  }
  while (!frame.empty() && frame.back().empty()) frame.pop_back();
  return frame;
}

TEST(VerdictsDocument, HasTheWordsOfTheCommand) {
  const Lines printed =
      lines_of(call_indoubt("verdicts --markdown --protocol centralised-commit").out);
  EXPECT_EQ(frame_of(printed), frame_of(document("docs/verdicts.md"))) << "make docs writes it";
}

}  // namespace
}  // namespace indoubt
