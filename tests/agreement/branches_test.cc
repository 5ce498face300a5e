// Goal: a chain's probability is 0 exactly where no branch of the scenario leads there.
#include <gtest/gtest.h>

#include "analysis/chain/branches.h"
#include "scenarios/loader.h"
#include "scenarios/runner.h"
#include "tests/agreement/chain_agreement.h"
#include "tests/support/catalogues.h"
#include "tests/support/effort.h"
#include "tests/support/machines.h"
#include "tests/support/world.h"

namespace indoubt {
namespace {

using markov::Branches;
using markov::Refusals;

/// What stays once it is there, or is asked of the end only.
constexpr std::array kLasting = {"commit",
                                 "some_committed",
                                 "some_aborted",
                                 "all_committed",
                                 "all_aborted",
                                 "ever_blocked",
                                 "blocked_at_end",
                                 "violation.agreement",
                                 "violation.stability",
                                 "violation.validity"};

std::vector<AskedProperty> lasting() {
  std::vector<AskedProperty> all;
  for (const char* name : kLasting) all.push_back({PropertyForm::report, name});
  return all;
}

constexpr std::size_t kMostWorlds = kSanitized ? 2'000 : 30'000;
constexpr int kLeast = kSanitized ? 300 : 1'000;

TEST(Branches, AreFoundExactlyWhereTheChainHasAProbability) {
  int compared = 0, possible = 0;
  for (const std::string& path : library_files()) {
    const LoadResult loaded = load_scenario_file(path);
    ASSERT_TRUE(loaded.file.has_value()) << path;
    const Scenario& scenario = loaded.file->scenario;
    for (const ProtocolUse& use : scenario.protocols) {
      SCOPED_TRACE(path + " under " + use.label);
      const Machine machine = machine_for_use(use, scenario);
      const auto built = markov::build_chain(scenario, machine, {.most_states = kMostWorlds});
      const auto found = markov::branches_of(scenario, machine, lasting(), kMostWorlds);
      ASSERT_EQ(built.index(), found.index());
      if (found.index() == 1) continue;
      markov::ChainMeasures measures(std::get<0>(built));
      for (const markov::BranchAnswer& a : std::get<0>(found).answers) {
        const markov::Answer exact = measures.answer(a.asked.name);
        if (!exact.value) continue;
        // Where decisions are reversed, or differ, the outcome at the end is not that of before.
        const bool undone = a.met && *exact.value == 0 &&
                            (measures.answer("violation.agreement").value.value_or(0) > 0 ||
                             measures.answer("violation.stability").value.value_or(0) > 0);
        EXPECT_TRUE(undone || a.met == (*exact.value > 0))
            << a.asked.name << ": exactly " << *exact.value;
        EXPECT_EQ(a.met, !a.way.empty());
        ++compared;
        possible += a.met;
      }
    }
  }
  EXPECT_GE(compared, kLeast);
  EXPECT_GE(possible, kLeast / 4);
}

Scenario one_lost(double loss) {
  Scenario scenario = world(2, Latency::constant(10ms));
  scenario.network.loss = loss;
  set_timeout(scenario, "votes", Latency::constant(50ms));
  return scenario;
}

Branches branches(const Scenario& scenario, const std::vector<AskedProperty>& asked) {
  const auto found = markov::branches_of(scenario, machine_with("2pc", 2), asked, 100'000);
  EXPECT_EQ(found.index(), 0u);
  return std::get<0>(found);
}

TEST(Branches, OfAProbabilityOfZeroThereAreNone) {
  const std::vector<AskedProperty> asked = {{PropertyForm::report, "abort"}};
  EXPECT_FALSE(branches(one_lost(0), asked).answers[0].met);
  const Branches lossy = branches(one_lost(1e-12), asked);
  ASSERT_TRUE(lossy.answers[0].met);
  // One PREPARE is lost, and the coordinator waits no longer.
  EXPECT_EQ(lossy.answers[0].way.back().at, 50'000'000);
}

TEST(Branches, AnswerEveryForm) {
  using Form = PropertyForm;
  const Branches found = branches(one_lost(0.1), {{Form::sometimes, "all_committed"},
                                                  {Form::never, "mixed"},
                                                  {Form::always, "none_committed"},
                                                  {Form::eventually, "some_aborted"}});
  EXPECT_TRUE(found.answers[0].met);
  EXPECT_FALSE(found.answers[1].met);
  EXPECT_TRUE(found.answers[2].met);  // a world where somebody has committed
  EXPECT_TRUE(found.answers[3].met);  // a world where all votes are there
  EXPECT_LT(found.answers[3].depth, found.answers[2].depth);
}

TEST(Branches, RefuseWhatAChainRefusesAndNamesThatMeanNothing) {
  Scenario scenario = one_lost(0.1);
  const auto odd =
      markov::branches_of(scenario, machine_with("2pc", 2),
                          std::vector<AskedProperty>{{PropertyForm::never, "nonsense"}}, 1000);
  ASSERT_EQ(odd.index(), 1u);
  scenario.network.latency = Latency::exponential(10ms);
  const auto timed = markov::branches_of(scenario, machine_with("2pc", 2), lasting(), 1000);
  ASSERT_EQ(timed.index(), 1u);
  const auto small = markov::branches_of(one_lost(0.1), machine_with("2pc", 2), lasting(), 3);
  ASSERT_EQ(small.index(), 1u);
  EXPECT_EQ(std::get<1>(small).cause, Refusals::Cause::too_large);
}

}  // namespace
}  // namespace indoubt
