// Goal: the scenarios written for models show what the models say. Method: each runs as it stands;
// where a model that it compares applies, the measurement lies within four standard errors.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "scenarios/runner.h"

namespace indoubt {
namespace {

std::vector<std::string> scenarios_of_models() {
  std::vector<std::string> files;
  for (const auto& entry :
       std::filesystem::directory_iterator(INDOUBT_SOURCE_DIR "/scenarios/library/models")) {
    files.push_back(entry.path().stem().string());
  }
  std::sort(files.begin(), files.end());
  return files;
}

class LibraryModels : public testing::TestWithParam<std::string> {};

TEST_P(LibraryModels, AgreeWithinFourStandardErrors) {
  const LoadResult loaded =
      load_scenario_file(INDOUBT_SOURCE_DIR "/scenarios/library/models/" + GetParam() + ".yaml");
  ASSERT_TRUE(loaded.file);
  int judged = 0;
  const RunResult result = run_scenario(*loaded.file, {});
  for (const ProtocolResult& p : result.protocols) {
    for (const Comparison& c : p.comparisons) {
      if (c.inapplicable) continue;
      ++judged;
      const auto n = static_cast<double>(c.measured.observations);
      const double variance =
          c.measure->hits ? *c.predicted * (1 - *c.predicted) : c.measured.variance;
      EXPECT_NEAR(c.measured.value, *c.predicted, 4 * std::sqrt(variance / n) + 1e-9)
          << c.model->name << " under " << p.use->label;
    }
  }
  EXPECT_GE(judged, 1) << "no model applies";
}

INSTANTIATE_TEST_SUITE_P(Scenarios, LibraryModels, testing::ValuesIn(scenarios_of_models()),
                         [](const auto& test) { return test.param; });

}  // namespace
}  // namespace indoubt
