// Goal: wherever a model says that it describes a scenario, the simulation agrees with it.
// Method: random scenarios and protocol options from fixed seeds. A proportion must lie within 5
// standard errors of the prediction, a mean too; a few events more are allowed where hardly one is
// expected and the normal approximation fails.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <optional>

#include "analysis/models/model.h"
#include "tests/agreement/random_scenarios.h"
#include "tests/support/effort.h"

namespace indoubt {
namespace {

constexpr std::uint64_t kTransactions = 4000;

void add_services(Dice& dice, Scenario& scenario) {
  const bool all_yes = dice.happens(0.3);
  const int n = 1 + dice.below(4);
  for (int i = 1; i <= n; ++i) {
    Service service;
    service.name = std::string("s").append(std::to_string(i));
    service.vote_yes = all_yes ? 1 : 0.5 + 0.5 * dice.uniform();
    if (dice.happens(0.3)) service.prepare = dice.latency();
    service.at_coordinator = dice.happens(0.05);
    scenario.services.push_back(service);
  }
}

void add_times(Dice& dice, Scenario& scenario) {
  Network& network = scenario.network;
  network.latency = dice.happens(0.4) ? Latency::exponential(4ms) : dice.latency();
  if (dice.happens(0.3)) network.loss = 0.2 * dice.uniform();
  if (dice.happens(0.1)) network.duplication = 0.3 * dice.uniform();
  if (dice.happens(0.1)) network.send_gap = 1ms;
  if (dice.happens(0.1)) network.links.push_back({"", "s1", dice.latency(), {}, {}});
  network.fifo = dice.happens(0.2);
  if (dice.happens(0.3)) scenario.disk.force = dice.latency();
  if (dice.happens(0.5))
    scenario.timeouts.push_back({"votes", Latency::constant(dice.milliseconds(5, 60))});
  for (const char* timer : {"decision", "acks", "commit", "states", "request"}) {
    if (dice.happens(0.15))
      scenario.timeouts.push_back({timer, Latency::constant(dice.milliseconds(5, 300))});
  }
  if (dice.happens(0.1)) scenario.transactions.horizon = 100ms;
}

/// Any row of the catalogue. Some models describe 2pc alone: it comes up however many rows there
/// are.
Machine random_protocol(Dice& dice, const Scenario& scenario, std::string& description) {
  const auto rows = protocol_catalogue();
  const ProtocolEntry& entry =
      dice.happens(0.3) ? *find_protocol("2pc")
                        : rows[static_cast<std::size_t>(dice.below(static_cast<int>(rows.size())))];
  return random_options(dice, entry, scenario, description);
}

/// Held against scenarios made for them in crash_models_test.cc.
constexpr std::string_view kElsewhere[] = {
    "coordinator-exposure", "uncertain-time", "caught-by-crash", "blocked-time",
    "doubt-with-crashes",   "lost-decisions", "retries",         "all-sites-up",
    "acceptor-majority",    "lock-hold"};

TEST(Models, AgreeWithTheSimulationWhereverTheySayThatTheyApply) {
  std::map<std::string_view, std::uint64_t> applied;
  for (std::uint64_t seed = 1; seed <= random_runs(6000); ++seed) {
    Dice dice(seed);
    Scenario scenario;
    add_services(dice, scenario);
    add_times(dice, scenario);
    std::string protocol;
    const Machine machine = random_protocol(dice, scenario, protocol);
    const ModelInput in{scenario, machine.traits};
    SimulationOptions options;
    options.seed = seed;
    options.count = kTransactions;
    std::optional<Totals> totals;
    for (const Model* model : model_catalogue()) {
      if (model->inapplicable(in)) continue;
      if (!totals) totals = simulate(scenario, machine, options);
      ++applied[model->name];
      const Measure& measure = *find_measure(model->measure);
      const double prediction = model->predict(in).value();
      EXPECT_TRUE(agrees(measure, *totals, prediction))
          << model->name << " predicts " << prediction << " in scenario " << seed << " under "
          << protocol;
    }
  }
  for (const Model* model : model_catalogue()) {
    if (std::find(std::begin(kElsewhere), std::end(kElsewhere), model->name) !=
        std::end(kElsewhere)) {
      continue;
    }
    EXPECT_GE(applied[model->name], random_runs(20)) << model->name << " was hardly tested";
  }
}

}  // namespace
}  // namespace indoubt
