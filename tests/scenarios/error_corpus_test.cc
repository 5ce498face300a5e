// Every malformed file in errors/ has beside it the exact text that a user sees. To change a
// message, run with INDOUBT_REGENERATE=1 and review the difference.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "scenarios/loader.h"

namespace indoubt {
namespace {

namespace fs = std::filesystem;

/// Diagnostics name files as they were given, so the corpus is read from its parent.
class ErrorCorpus : public testing::Test {
 protected:
  ErrorCorpus() : before_(fs::current_path()) {
    fs::current_path(INDOUBT_SOURCE_DIR "/tests/scenarios");
  }
  ~ErrorCorpus() override { fs::current_path(before_); }

  static std::vector<fs::path> files() {
    std::vector<fs::path> list;
    for (const auto& entry : fs::directory_iterator("errors"))
      if (entry.path().extension() == ".yaml") list.push_back(entry.path());
    std::sort(list.begin(), list.end());
    return list;
  }

  static std::string reported(const fs::path& file) {
    std::string out;
    for (const Diagnostic& d : load_scenario_file(file.string()).errors) out += text(d);
    return out;
  }

 private:
  fs::path before_;
};

std::string contents(const fs::path& file) {
  std::ostringstream out;
  out << std::ifstream(file, std::ios::binary).rdbuf();
  return out.str();
}

TEST_F(ErrorCorpus, IsReportedWordForWord) {
  const bool regenerate = std::getenv("INDOUBT_REGENERATE") != nullptr;
  for (const fs::path& file : files()) {
    fs::path expected = file;
    expected.replace_extension(".expected");
    if (regenerate) std::ofstream(expected, std::ios::binary) << reported(file);
    EXPECT_EQ(reported(file), contents(expected)) << file;
  }
}

TEST_F(ErrorCorpus, HoldsNoFileThatLoads) {
  for (const fs::path& file : files()) {
    const LoadResult result = load_scenario_file(file.string());
    EXPECT_FALSE(result.file) << file;
    EXPECT_FALSE(result.errors.empty()) << file;
  }
}

TEST_F(ErrorCorpus, IsLarge) { EXPECT_GE(files().size(), 80u); }

TEST_F(ErrorCorpus, HasNothingLeftOver) {
  for (const auto& entry : fs::directory_iterator("errors")) {
    fs::path file = entry.path();
    if (file.extension() != ".expected") continue;
    EXPECT_TRUE(fs::exists(file.replace_extension(".yaml"))) << entry.path();
  }
}

}  // namespace
}  // namespace indoubt
