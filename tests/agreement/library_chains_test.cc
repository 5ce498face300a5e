// Goal: in every scenario of the library that can be solved, the simulation agrees with the chain;
// those that cannot are known, each with its reason.
#include <gtest/gtest.h>

#include <algorithm>

#include "analysis/models/model.h"
#include "scenarios/loader.h"
#include "scenarios/runner.h"
#include "tests/agreement/chain_agreement.h"
#include "tests/support/catalogues.h"
#include "tests/support/effort.h"

namespace indoubt {
namespace {

constexpr std::uint64_t kTransactions = 10'000;
constexpr std::size_t kMostStates = kSanitized ? 1'000 : 30'000;

/// Closed formulas must equal the chain, wherever they apply.
void compare_models(const Scenario& scenario, const Machine& machine,
                    const markov::BuiltChain& built, const std::string& where, int& compared) {
  const ModelInput in{scenario, machine.traits};
  markov::ChainMeasures measures(built);
  const auto& names = markov::ChainMeasures::names();
  for (const Model* model : model_catalogue()) {
    if (model->inapplicable(in)) continue;
    if (std::find(names.begin(), names.end(), model->measure) == names.end()) continue;
    const markov::Answer answer = measures.answer(model->measure);
    if (!answer.value) continue;
    const double predicted = model->predict(in).value();
    EXPECT_NEAR(*answer.value, predicted, 1e-12 * std::max(1.0, std::abs(predicted)))
        << model->name << " in " << where;
    ++compared;
  }
}

TEST(LibraryChains, AgreeWithFormulasAndSimulationOrSayWhyThereAreNone) {
  std::vector<std::pair<std::string, std::string>> refused;
  int solved = 0, compared = 0;
  for (const std::string& path : some_of(library_files())) {
    const LoadResult loaded = load_scenario_file(path);
    ASSERT_TRUE(loaded.file.has_value()) << path;
    const Scenario& scenario = loaded.file->scenario;
    for (const ProtocolUse& use : scenario.protocols) {
      const Machine machine = machine_for_use(use, scenario);
      const std::string where = path + " under " + use.label;
      auto built = markov::build_chain(scenario, machine, {.most_states = kMostStates});
      if (built.index() == 1) {
        const std::string why = std::get<1>(built).sentences.front();
        built = markov::build_chain(scenario, machine,
                                    {.most_states = kMostStates, .until_decided = true});
        if (built.index() == 1) {
          refused.emplace_back(where, why);
          continue;
        }
      }
      ++solved;
      const auto& chain = std::get<0>(built);
      compare_models(scenario, machine, chain, where, compared);
      SimulationOptions options;
      options.seed = 7;
      options.count = kTransactions;
      const Totals totals = simulate(scenario, machine, options);
      for (const std::string& what : disagreements(scenario, chain, totals))
        ADD_FAILURE() << what << " in " << where;
    }
  }
  EXPECT_GE(solved, kSanitized ? 40 : 220);
  EXPECT_GE(compared, kSanitized ? 5 : 40);
  // What cannot be solved says so in one of these ways.
  const char* const kReasons[] = {"not solved yet",
                                  "no finite Markov chain",
                                  "sites is shared",
                                  kSanitized ? "more than 1000 states" : "more than 30000 states",
                                  "not Markov",
                                  "a queue",
                                  "begins with the commit",
                                  "do not wait for each other",
                                  "chosen transactions"};
  for (const auto& [where, why] : refused) {
    const bool known = std::any_of(std::begin(kReasons), std::end(kReasons),
                                   [&](const char* r) { return why.find(r) != std::string::npos; });
    EXPECT_TRUE(known) << where << ": " << why;
  }
  RecordProperty("solved", solved);
  RecordProperty("refused", static_cast<int>(refused.size()));
}

}  // namespace
}  // namespace indoubt
