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
    {"failures/s01_presumed_abort_coordinator_back", {0x114b24b434df10b2}},
    {"failures/s02_one_participant_knows", {0x31d623becf7ffae4, 0x0ba25e1b65e0200f}},
    {"failures/s03_one_participant_not_asked", {0x0120235340045fa8, 0xb8b309435f90d7dd}},
    {"failures/s04_crash_before_prepared_is_durable",
     {0x3c327ea49cb36b5b, 0x82f5030504d5a813, 0x0b5da57a406ade01, 0x36e691b50d0b3c94}},
    {"failures/s05_crash_in_doubt",
     {0x18bd6e735367a8f2, 0x18bd6e735367a8f2, 0xc74c6c90777358f5, 0x5329efe5e3ef33fc}},
    {"failures/s06_link_cut_after_the_vote", {0xf9564df0fe1fa26a, 0xce30456f602fdabb}},
    {"failures/s07_commit_logged_and_not_sent", {0x6e5067f3741df235}},
    {"failures/s08_presumptions_do_not_mix",
     {0x338a799a70de5b3d, 0x43b8541291f4b164, 0x6a8b4c728ba1c92e}},
    {"failures/s09_everything_arrives_twice",
     {0x78d99d731f76f15e, 0x78d99d731f76f15e, 0x7f5bf5e8681e40c6, 0xb69dc9fb6f5739a8}},
    {"failures/s10_coordinator_lost_all_votes_in",
     {0x29fc1ef85e5eb84d, 0x75b47eb17002cccc, 0x0e37402b15570a70, 0x81d1415121297081,
      0x90b0682268ce1066}},
    {"failures/s11_one_participant_pre_committed",
     {0xd03508b1b43a0042, 0xe5e476d5ab22179b, 0x1b9db971275b0a0e, 0xfbe42c294a45de73}},
    {"failures/s12_coordinator_and_first_to_commit_die",
     {0x4903d76558ebf503, 0x68fd5db3fe1220f5, 0x50da49900a7e9b8e}},
    {"failures/s13_partition_breaks_three_phase_commit",
     {0x564319a324fbfcbf, 0xaf4c068d1d7a3f6c, 0xab3477a534f85709, 0x676de662bb5b584e}},
    {"failures/s14_timeouts_only_agree", {0x073287a02f6becc6, 0x0c4f17d991d571e5}},
    {"failures/s14_timeouts_only_split", {0xf4a65d72d50b9f12, 0x074c1c0bccb82761}},
    {"failures/s15_paxos_commit_leader_dies",
     {0x29fc1ef85e5eb84d, 0x22a7b0fe76771d7c, 0xaa3e18de084cb1db}},
    {"failures/s16_paxos_commit_two_leaders", {0x566becf209c230e2, 0x30b1a0c56d39d13d}},
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
