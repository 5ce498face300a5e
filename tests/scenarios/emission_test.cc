// Goal: what the explorer finds happens in the simulator as well: the shortest way to the violation
// of every known-bad variant becomes a scenario that runs into the same violation.
#include "scenarios/emission.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <set>

#include "scenarios/mistake_trials.h"
#include "scenarios/runner.h"
#include "scenarios/verdicts.h"
#include "sim/measures/measure.h"
#include "tests/support/effort.h"

namespace indoubt {
namespace {

/// Variants that no small budget refutes, so that there is nothing to emit.
constexpr std::array<std::pair<std::string_view, std::string_view>, 1> kBeyondSmallBudgets = {
    {{"inbac", "no_help"}}};

/// Small budgets, of which one at least refutes each variant.
std::vector<Exploration> budgets() {
  std::vector<Exploration> all;
  const auto add = [&](Timing timing, auto&& change) {
    Exploration e;
    e.free_votes = true;
    e.timing = timing;
    change(e);
    all.push_back(e);
  };
  add(Timing::asynchronous, [](Exploration& e) { e.timeouts = 0; });
  add(Timing::bounded, [](Exploration& e) { e.losses = 1; });
  add(Timing::bounded, [](Exploration& e) { e.crashes = 1; });
  add(Timing::bounded, [](Exploration& e) { e.duplications = 1; });
  add(Timing::bounded, [](Exploration& e) { e.partitions = 1; });
  add(Timing::asynchronous, [](Exploration& e) { e.timeouts = 1; });
  return all;
}

struct Found {
  Answer answer;
  Machine machine;
  int participants = 0;
};

/// The first violation of the property that the variant breaks.
std::optional<Found> found(const Trial& trial) {
  const ProtocolEntry& protocol = *trial.variant->protocol;
  ExplorerOptions options;
  options.stop_at_violation = true;
  options.bounds.states = kSanitized ? 10'000 : 400'000;
  const std::vector<int> groups = kSanitized ? std::vector{2, 1} : std::vector{2, 1, 3};
  for (const int participants : groups)
    for (Exploration budget : budgets()) {
      const Group group{participants, {}};
      if (protocol.check != nullptr && !protocol.check(group, trial.wrong->options).empty())
        continue;
      budget.properties = {
          {PropertyForm::never, "violation." + std::string(name(*trial.variant->mistake->breaks))}};
      const ExploreReport report =
          explored_under(protocol, trial.wrong->options, participants, budget, options);
      if (!report.problems.empty() || !report.answers.front().met) continue;
      return Found{report.answers.front(), protocol.make(group, trial.wrong->options),
                   participants};
    }
  return std::nullopt;
}

class Emitted : public testing::TestWithParam<std::string_view> {};

TEST_P(Emitted, ScenarioOfEveryKnownBadVariantRunsIntoTheSameViolation) {
  Trials trials(INDOUBT_SOURCE_DIR "/scenarios/library/mistakes");
  const std::vector<KnownBad> all = known_bad_variants();
  for (const KnownBad& variant : all) {
    if (variant.protocol->name != GetParam() || !variant.mistake->breaks) continue;
    SCOPED_TRACE(variant.name);
    const std::pair key{variant.protocol->name, variant.name};
    if (std::find(kBeyondSmallBudgets.begin(), kBeyondSmallBudgets.end(), key) !=
        kBeyondSmallBudgets.end())
      continue;
    const Trial trial = trials.find(variant);
    const std::optional<Found> f = found(trial);
    if (kSanitized && !f) continue;
    ASSERT_TRUE(f.has_value()) << "no budget refutes it";
    const Emission e = emit_scenario(verdict_scenario(f->participants, f->machine), *trial.wrong,
                                     f->machine, f->answer, {});
    ASSERT_EQ(e.problem, "");
    const LoadResult loaded = load_scenario_text(e.text, "emitted");
    ASSERT_TRUE(loaded.file.has_value()) << e.text;
    const RunResult run = run_scenario(*loaded.file, {});
    EXPECT_EQ(run.status, RunStatus::met) << e.text;
    const auto& findings = run.protocols.front().totals.findings;
    EXPECT_TRUE(std::any_of(findings.begin(), findings.end(), [&](const Finding& x) {
      return x.property == *variant.mistake->breaks;
    })) << e.text;
  }
}

std::vector<std::string_view> protocols_with_variants() {
  std::set<std::string_view> names;
  for (const KnownBad& v : known_bad_variants()) names.insert(v.protocol->name);
  return {names.begin(), names.end()};
}

INSTANTIATE_TEST_SUITE_P(Protocols, Emitted, testing::ValuesIn(protocols_with_variants()),
                         [](const auto& of) {
                           std::string name(of.param);
                           if (name[0] >= '0' && name[0] <= '9') name = "p" + name;
                           std::replace(name.begin(), name.end(), '-', '_');
                           return name;
                         });

TEST(Emission, SaysWhyThereIsNothingToWrite) {
  const ProtocolEntry& protocol = *find_protocol("2pc");
  const std::vector<int> options = standard_options(protocol);
  Exploration calm;
  calm.properties = {{PropertyForm::never, "violation.agreement"}};
  const ExploreReport report = explored_under(protocol, options, 2, calm, {});
  const Machine machine = protocol.make({2, {}}, options);
  const Emission e = emit_scenario(verdict_scenario(2, machine), {"2pc", "2pc", options}, machine,
                                   report.answers.front(), {});
  EXPECT_EQ(e.text, "");
  EXPECT_EQ(e.problem, "there is no trace to it: no world that was visited has it");
}

TEST(Emission, BlockingReplaysAndTheCommentBeginsTheFile) {
  const ProtocolEntry& protocol = *find_protocol("2pc");
  const std::vector<int> options = standard_options(protocol);
  Exploration budget;
  budget.crashes = 1;
  budget.recoveries = false;
  budget.timeouts = 1;
  budget.properties = {{PropertyForm::report, "blocked_at_end"}};
  const ExploreReport report = explored_under(protocol, options, 2, budget, {});
  const Machine machine = protocol.make({2, {}}, options);
  const std::vector<std::string> comment = {"Blocked."};
  const Emission e = emit_scenario(verdict_scenario(2, machine), {"2pc", "2pc", options}, machine,
                                   report.answers.front(), comment);
  ASSERT_EQ(e.problem, "");
  EXPECT_EQ(e.text.substr(0, 11), "# Blocked.\n");
  EXPECT_NE(e.text.find("  - blocked_at_end is at least 100%\n"), std::string::npos) << e.text;
}

}  // namespace
}  // namespace indoubt
