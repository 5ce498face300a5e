// The same bits everywhere: each library scenario, 2,000 transactions a protocol, has one
// fingerprint for every compiler, optimisation level and machine. A change of these numbers changes
// every published result: it needs a line in the CHANGELOG.
#include <gtest/gtest.h>

#include <algorithm>
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
    {"models/m09_coordinator_exposure",
     {0xce720bfda679d2a4, 0xb3bc96a47989c802, 0x19afad393245db3a}},
    {"models/m10_uncertain_time",
     {0x338a799a70de5b3d, 0x338a799a70de5b3d, 0x43b8541291f4b164, 0x6195e5550d5d1cf1,
      0x0b95d421d6fa5d78}},
    {"models/m11_caught_by_crash", {0xf7e870a7bea393a0, 0x773f490a6f5df15e}},
    {"models/m12_blocked_time", {0xb55aed86a86f19fb, 0x7558f5f2f023fac8}},
    {"models/m13_lost_decisions", {0x6c70af9fc7385eec, 0x4084aac1d57ba935}},
    {"models/m14_retries", {}},
    {"models/m15_all_sites_up", {0x7acf48eb29715823, 0x769a0ed857b547cb}},
    {"models/m16_acceptor_majority", {0xa7766bf632d45248, 0x2e3701b8129f2be3}},
    {"models/m17_lock_hold",
     {0x72fd78f18bba440a, 0x72fd78f18bba440a, 0x2bdae197bb0e80f3, 0xbc3a77588ff18112,
      0x33c92589f9ce35d8}},
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
                           std::string name = test.param.file;
                           std::replace(name.begin(), name.end(), '/', '_');
                           return name;
                         });

}  // namespace
}  // namespace indoubt
