// The same bits everywhere: each library scenario, 2,000 transactions a protocol, has one fingerprint
// for every compiler, optimisation level and machine. A change of these numbers changes every
// published result: it needs a line in the CHANGELOG.
#include <gtest/gtest.h>

#include <cstdio>

#include "scenarios/runner.h"

namespace indoubt {
namespace {

struct Pinned {
  const char* file;
  std::vector<std::uint64_t> fingerprints;  ///< in the order of the scenario's protocols
};

const Pinned kPinned[] = {
    {"card_payment", {}},
    {"formula_duel", {}},
    {"formula_duel_five", {}},
    {"lossy_network", {}},
    {"original_note", {}},
    {"original_note_refusal", {}},
    {"slow_network", {}},
};

class LibraryFingerprint : public testing::TestWithParam<Pinned> {};

TEST_P(LibraryFingerprint, IsTheSameEverywhere) {
  const std::string path = INDOUBT_SOURCE_DIR "/scenarios/library/" + std::string(GetParam().file) + ".yaml";
  LoadResult loaded = load_scenario_file(path);
  ASSERT_TRUE(loaded.file);
  loaded.file->scenario.transactions.count = 2000;
  const RunResult result = run_scenario(*loaded.file, {});
  std::vector<std::uint64_t> found;
  std::string listed;
  for (const ProtocolResult& p : result.protocols) {
    found.push_back(p.totals.fingerprint);
    char text[32];
    std::snprintf(text, sizeof text, "0x%016llx, ", static_cast<unsigned long long>(p.totals.fingerprint));
    listed += text;
  }
  EXPECT_EQ(found, GetParam().fingerprints) << "found {\"" << GetParam().file << "\", {" << listed << "}}";
}

INSTANTIATE_TEST_SUITE_P(Library, LibraryFingerprint, testing::ValuesIn(kPinned),
                         [](const auto& test) { return std::string(test.param.file); });

}  // namespace
}  // namespace indoubt
