#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "scenarios/loader.h"
#include "scenarios/runner.h"

namespace indoubt {
namespace {

namespace fs = std::filesystem;

std::vector<fs::path> library() {
  std::vector<fs::path> list;
  for (const auto& entry :
       fs::recursive_directory_iterator(INDOUBT_SOURCE_DIR "/scenarios/library"))
    if (entry.is_regular_file()) list.push_back(entry.path());
  std::sort(list.begin(), list.end());
  return list;
}

std::string contents(const fs::path& file) {
  std::ostringstream out;
  out << std::ifstream(file, std::ios::binary).rdbuf();
  return out.str();
}

TEST(Library, HoldsTheScenariosOfTheManualUnderNamesOfTheirOwn) {
  std::set<std::string> names;
  std::map<std::string, int> in_folder;
  for (const fs::path& file : library()) {
    EXPECT_TRUE(names.insert(file.stem().string()).second) << file << ": the name is taken";
    ++in_folder[file.parent_path().filename().string()];
  }
  EXPECT_EQ(in_folder["library"], 7);
  EXPECT_EQ(in_folder["failures"], 20) << "S1 to S18, S14 and S18 twice";
  EXPECT_EQ(in_folder["lessons"], 3);
  EXPECT_EQ(in_folder["models"], 11) << "M9 to M17, M11 and M15 also on shared sites";
  EXPECT_EQ(in_folder["services"], 2);
  EXPECT_GE(in_folder["mistakes"], 10);
}

TEST(Library, ListsItsFailuresInTheReadme) {
  const std::string readme = contents(INDOUBT_SOURCE_DIR "/README.md");
  for (const fs::path& file : library()) {
    if (file.parent_path().filename() != "failures") continue;
    EXPECT_NE(readme.find("`" + file.stem().string() + "`"), std::string::npos) << file;
  }
}

TEST(Library, LoadsWithoutErrorsAndNotes) {
  for (const fs::path& file : library()) {
    const LoadResult result = load_scenario_file(file.string());
    EXPECT_TRUE(result.file) << file;
    EXPECT_TRUE(result.notes.empty()) << file;
  }
}

TEST(Library, SaysWhatItShowsAndWhatToExpect) {
  for (const fs::path& file : library()) {
    const std::string text = contents(file);
    EXPECT_EQ(text.substr(0, 2), "# ") << file;
    EXPECT_NE(text.find("\n# Shows: "), std::string::npos) << file;
    EXPECT_NE(text.find("\n# Expect: "), std::string::npos) << file;
    EXPECT_LT(text.find("# Expect:"), text.find("\nindoubt: 1\n")) << file;
  }
}

TEST(Library, UsesFreshSitesSoThatFormulasApply) {
  for (const fs::path& file : library()) {
    const ScenarioFile loaded = *load_scenario_file(file.string()).file;
    // What transactions do to each other, and clients, no formula of one transaction describes.
    if (file.parent_path().filename() == "services") continue;
    const std::string name = file.stem().string();  // transactions that meet
    const bool shared = name.substr(0, 4) == "s17_" || name.find("_shared") != name.npos;
    EXPECT_EQ(loaded.scenario.transactions.sites, shared ? Sites::shared : Sites::fresh) << file;
    EXPECT_FALSE(loaded.expect.empty()) << file;
    const std::string folder = file.parent_path().filename();
    EXPECT_EQ(loaded.compare.empty(),
              folder == "failures" || folder == "mistakes" || folder == "lessons")
        << file;
    EXPECT_FALSE(loaded.scenario.title.empty()) << file;
  }
}

TEST(Library, ExpectsAgreementOnlyWithModelsThatApply) {
  for (const fs::path& file : library()) {
    const ScenarioFile loaded = *load_scenario_file(file.string()).file;
    for (const ProtocolUse& use : loaded.scenario.protocols) {
      const Machine machine = machine_for_use(use, loaded.scenario);
      for (const Expectation& e : loaded.expect) {
        if (e.kind != Expectation::Kind::agrees || !e.is_about(use.label)) continue;
        EXPECT_EQ(e.model->inapplicable({loaded.scenario, machine.traits}).value_or(""), "")
            << file << ": " << e.text;
      }
    }
  }
}

TEST(Library, SimulatesAMillionCardPayments) {
  const Scenario s =
      load_scenario_file(INDOUBT_SOURCE_DIR "/scenarios/library/card_payment.yaml").file->scenario;
  EXPECT_EQ(s.transactions.count, 1'000'000u);
  EXPECT_EQ(s.vote_probabilities(), (std::vector<double>{0.99, 0.98, 0.97}));
  EXPECT_EQ(s.protocols.size(), 3u);
}

}  // namespace
}  // namespace indoubt
