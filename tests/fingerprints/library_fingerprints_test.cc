// The same bits everywhere: each library scenario, 2,000 transactions a protocol, has one
// fingerprint for every compiler, optimisation level and machine. A change of these numbers changes
// every published result: it needs a line in the CHANGELOG.
#include <gtest/gtest.h>

#include <cstdio>

#include "scenarios/runner.h"

namespace indoubt {
namespace {

struct Pinned {
  const char* file;
  std::vector<std::uint64_t> fingerprints;  ///< in the order of the scenario's protocols
};

void PrintTo(const Pinned& p, std::ostream* out) { *out << p.file; }

const Pinned kPinned[] = {
    {"card_payment", {0xb2f305d2dbfa648e, 0x9f0486ac5b33c13e, 0xa0e327eb5ca80d92}},
    {"formula_duel", {0x681a079bfe227a11, 0x9adfd87aba229256, 0x00b4836eef7fa3db}},
    {"formula_duel_five", {0x7979bfdbe45cd4eb, 0xd1518bbe11905b98, 0x7ba095c82a3dc592}},
    {"lossy_network", {0x71b7167d21b17ce4, 0xb2fc1a1afee4dd35, 0x00226178b23abc92}},
    {"original_note",
     {0x4951b76915f388c8, 0xbc578b90c2a48dbd, 0x46ecabfc3cce457a, 0x60690d7e3a9ad950}},
    {"original_note_refusal",
     {0x9ae99e1c6674b37d, 0x12c6221aff05f0fc, 0xe00861963f979822, 0x2c7179a69e4ed50d}},
    {"slow_network", {0x5d02882fce61bd22, 0xe070f3d849bc3c6e}},
};

class LibraryFingerprint : public testing::TestWithParam<Pinned> {};

TEST_P(LibraryFingerprint, IsTheSameEverywhere) {
  const std::string path =
      INDOUBT_SOURCE_DIR "/scenarios/library/" + std::string(GetParam().file) + ".yaml";
  LoadResult loaded = load_scenario_file(path);
  ASSERT_TRUE(loaded.file);
  loaded.file->scenario.transactions.count = 2000;
  const RunResult result = run_scenario(*loaded.file, {});
  std::vector<std::uint64_t> found;
  std::string listed;
  for (const ProtocolResult& p : result.protocols) {
    found.push_back(p.totals.fingerprint);
    char text[32];
    std::snprintf(text, sizeof text, "0x%016llx, ",
                  static_cast<unsigned long long>(p.totals.fingerprint));
    listed += text;
  }
  EXPECT_EQ(found, GetParam().fingerprints)
      << "found {\"" << GetParam().file << "\", {" << listed << "}}";
}

INSTANTIATE_TEST_SUITE_P(Library, LibraryFingerprint, testing::ValuesIn(kPinned),
                         [](const auto& test) {
                           const std::string file = test.param.file;
                           return file.substr(file.find('/') + 1);
                         });

}  // namespace
}  // namespace indoubt
