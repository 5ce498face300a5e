#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
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

TEST(Library, HoldsTheScenariosOfTheManual) {
  std::vector<std::string> names;
  for (const fs::path& file : library()) names.push_back(file.stem().string());
  EXPECT_EQ(names, (std::vector<std::string>{"card_payment",
                                             "s01_presumed_abort_coordinator_back",
                                             "s02_one_participant_knows",
                                             "s03_one_participant_not_asked",
                                             "s04_crash_before_prepared_is_durable",
                                             "s05_crash_in_doubt",
                                             "s06_link_cut_after_the_vote",
                                             "s07_commit_logged_and_not_sent",
                                             "s08_presumptions_do_not_mix",
                                             "s09_everything_arrives_twice",
                                             "s10_coordinator_lost_all_votes_in",
                                             "s11_one_participant_pre_committed",
                                             "s12_coordinator_and_first_to_commit_die",
                                             "s13_partition_breaks_three_phase_commit",
                                             "s14_timeouts_only_agree",
                                             "s14_timeouts_only_split",
                                             "s15_paxos_commit_leader_dies",
                                             "s16_paxos_commit_two_leaders",
                                             "formula_duel",
                                             "formula_duel_five",
                                             "lossy_network",
                                             "m09_coordinator_exposure",
                                             "m10_uncertain_time",
                                             "m11_caught_by_crash",
                                             "m12_blocked_time",
                                             "m13_lost_decisions",
                                             "m14_retries",
                                             "m15_all_sites_up",
                                             "m16_acceptor_majority",
                                             "m17_lock_hold",
                                             "original_note",
                                             "original_note_refusal",
                                             "hot_record",
                                             "impatient_client",
                                             "slow_network"}));
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
    EXPECT_EQ(loaded.scenario.transactions.sites, Sites::fresh) << file;
    EXPECT_FALSE(loaded.expect.empty()) << file;
    const std::string folder = file.parent_path().filename();
    EXPECT_EQ(loaded.compare.empty(), folder == "failures" || folder == "mistakes") << file;
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
