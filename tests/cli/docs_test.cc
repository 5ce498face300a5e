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

struct Kept {
  int participants;
  const char* options;                  ///< as `make docs` gives them
  std::set<std::string_view> too_slow;  ///< left to `make docs`
};

std::string names_of(const ::testing::TestParamInfo<std::string>& info) {
  std::string name = info.param;
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

std::vector<std::string> all_protocols() {
  std::vector<std::string> names;
  for (const ProtocolEntry& protocol : protocol_catalogue()) names.emplace_back(protocol.name);
  return names;
}

class Verdicts : public ::testing::TestWithParam<std::string> {
 protected:
  void expect_those_of_the_document(const Kept& kept) {
    if (kept.too_slow.count(GetParam()) != 0) return;
    const Called called = call_indoubt("verdicts --markdown" + std::string(kept.options) +
                                       " --protocol " + GetParam());
    EXPECT_EQ(called.status, 0);
    const Lines rows = rows_of(GetParam(), kept.participants, lines_of(called.out));
    EXPECT_EQ(rows.size(), verdict_settings().size());
    EXPECT_EQ(rows, rows_of(GetParam(), kept.participants, document("docs/verdicts.md")))
        << "make docs writes it";
  }
};

#ifdef __SANITIZE_ADDRESS__
const std::set<std::string_view> kSlow = {"3pc-decentralised", "3pc-quorum", "e3pc", "paxos-commit",
                                          "paxos-commit-fast"};
#else
const std::set<std::string_view> kSlow;
#endif

TEST_P(Verdicts, AreThoseOfTheirDocument) { expect_those_of_the_document({2, "", kSlow}); }

#ifndef __SANITIZE_ADDRESS__
TEST_P(Verdicts, OfThreeParticipantsAreThoseOfTheirDocument) {
  expect_those_of_the_document(
      {3,
       " --participants 3 --states 3_000_000",
       {"2pc-decentralised", "2pc-linear", "3pc", "3pc-majority", "3pc-decentralised", "3pc-quorum",
        "e3pc", "easy-commit", "inbac", "paxos-commit", "paxos-commit-fast"}});
}
#endif

INSTANTIATE_TEST_SUITE_P(Catalogue, Verdicts, ::testing::ValuesIn(all_protocols()), names_of);

TEST(VerdictsDocument, IsIntroducedAsTheCommandIntroducesIt) {
  const Lines shown = lines_of(call_indoubt("verdicts --markdown --protocol 2pc").out);
  const Lines kept = document("docs/verdicts.md");
  for (std::size_t i = 0; i < 10; ++i) EXPECT_EQ(shown.at(i), kept.at(i)) << "make docs writes it";
}

}  // namespace
}  // namespace indoubt
