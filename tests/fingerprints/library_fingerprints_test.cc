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
     {0x1b96f683894f46bf, 0xf19f05c150b3625b, 0x19afad393245db3a}},
    {"models/m10_uncertain_time",
     {0x338a799a70de5b3d, 0x338a799a70de5b3d, 0x43b8541291f4b164, 0x6195e5550d5d1cf1,
      0x0b95d421d6fa5d78}},
    {"models/m11_caught_by_crash", {0x6b311fead1a3e438, 0xea87f84d825e41f6}},
    {"models/m11_caught_by_crash_shared", {0x39f0bd0f1c1362c3, 0x42f521974e950431}},
    {"models/m12_blocked_time", {0xb55aed86a86f19fb, 0x7558f5f2f023fac8}},
    {"models/m13_lost_decisions", {0xb9eea8ca699ef0e3, 0x4084aac1d57ba935}},
    {"models/m14_retries", {0xa7c26a7ad688d1cf, 0x2cf4a618b1814c14}},
    {"models/m15_all_sites_up", {0x373d45668f3b2da9, 0x33080b53bd7f1d51}},
    {"models/m15_all_sites_up_shared", {0x36e20865c641bc07, 0xd9b55a5895ef717a}},
    {"models/m16_acceptor_majority", {0xeabb199643652cec, 0xebecdee8b6bc076e}},
    {"models/m17_lock_hold",
     {0x72fd78f18bba440a, 0x72fd78f18bba440a, 0x2bdae197bb0e80f3, 0xbc3a77588ff18112,
      0x33c92589f9ce35d8}},
    {"slow_network", {0x5d02882fce61bd22, 0xe070f3d849bc3c6e}},
    {"failures/s01_presumed_abort_coordinator_back", {0x621857a0cbd46263}},
    {"failures/s02_one_participant_knows", {0x27b040aa8402cec1, 0x34d1f9a8f2b9e3df}},
    {"failures/s03_one_participant_not_asked", {0xc69dd40ecf0a1063, 0x21d4b93c0e380a04}},
    {"failures/s04_crash_before_prepared_is_durable",
     {0xe1cda8816bcd70f8, 0x4808466bf3d6d0dc, 0x6f47c86f81f0fead, 0xcfeaeff86d5da7e4}},
    {"failures/s05_crash_in_doubt",
     {0x1a6816419c4688df, 0x1a6816419c4688df, 0x6fd3f6b01812def8, 0xb50f88c17f93d2e2}},
    {"failures/s06_link_cut_after_the_vote", {0x31f585e898ff56bd, 0xf5a5c9d7e5ddfa0e}},
    {"failures/s07_commit_logged_and_not_sent", {0xfe1a368d68c58bf9}},
    {"failures/s08_presumptions_do_not_mix",
     {0x338a799a70de5b3d, 0x43b8541291f4b164, 0x108895c281394408}},
    {"failures/s09_everything_arrives_twice",
     {0x78d99d731f76f15e, 0x78d99d731f76f15e, 0x7f5bf5e8681e40c6, 0xb69dc9fb6f5739a8}},
    {"failures/s10_coordinator_lost_all_votes_in",
     {0x0d04dc27f9e67acb, 0xcd3ccc2c27c7707c, 0x7bf2bd0c5ee9c5c3, 0x718b3cf2324dc656,
      0xe650a306e552432e}},
    {"failures/s11_one_participant_pre_committed",
     {0xd03508b1b43a0042, 0xe5e476d5ab22179b, 0x1b9db971275b0a0e, 0xfbe42c294a45de73}},
    {"failures/s12_coordinator_and_first_to_commit_die",
     {0x87f19d5acf52f3b4, 0x34753c7766fb1e82, 0x680e38ed5feddbc2}},
    {"failures/s13_partition_breaks_three_phase_commit",
     {0xffb55458cb0e4c9c, 0x4fb9fc1c1a4efb36, 0x934b09b3159c8571, 0xc5c8679a6d37c819}},
    {"failures/s14_timeouts_only_agree", {0x073287a02f6becc6, 0x0c4f17d991d571e5}},
    {"failures/s14_timeouts_only_split", {0xf4a65d72d50b9f12, 0x074c1c0bccb82761}},
    {"failures/s15_paxos_commit_leader_dies",
     {0x0d04dc27f9e67acb, 0x4e489c0e7074ee51, 0xf607db36e435dab2}},
    {"failures/s16_paxos_commit_two_leaders", {0x566becf209c230e2, 0x30b1a0c56d39d13d}},
    {"failures/s17_locks_of_a_prepared_transaction", {0x72afe367f2b1627a}},
    {"failures/s18_reply_lost_new_id", {0xebf470d581448baf}},
    {"failures/s18_reply_lost_same_id", {0x575cdf934047381d}},
    {"lessons/coordinator_dies", {0x4d117e7def3e77bd, 0x7cc325a8a8582c4a}},
    {"lessons/network_splits", {0x88b294029748713b}},
    {"lessons/own_predicates", {0x12c3a7c46607e0da, 0x216b44f9a118df77}},
    {"services/hot_record", {0x5ed0ba84791b2ca0, 0x75f6cbc49c7ea86c, 0xf91e874e47d638e6}},
    {"services/impatient_client", {0xf0c46c8588c39882}},
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
