// Goal: wherever a model says that it describes a scenario, the simulation agrees with it.
// Method: random scenarios and protocol options from fixed seeds. A proportion must lie within 5
// standard errors of the prediction, a mean too; a few events more are allowed where hardly one is
// expected and the normal approximation fails.
#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <optional>

#include "analysis/models/model.h"
#include "protocols/catalogue.h"
#include "sim/engine/simulation.h"
#include "sim/measures/measure.h"
#include "sim/random/draws.h"

namespace indoubt {
namespace {

using namespace std::chrono_literals;

constexpr std::uint64_t kTransactions = 4000;

/// Random choices from one seed.
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : draws_(seed, 9) {}
  double uniform() { return unit_uniform(draws_.word({1, Purpose::local, 0, n_++})); }
  int below(int end) { return static_cast<int>(uniform() * end); }
  bool happens(double probability) { return uniform() < probability; }
  Duration milliseconds(int least, int most) {
    return std::chrono::milliseconds(least + below(most - least + 1));
  }
  Latency latency() {
    const int kind = below(4);
    if (kind == 0) return Latency::constant(milliseconds(1, 9));
    Latency latency = Latency::exponential(milliseconds(1, 9));
    if (kind == 1) latency.minimum = 1ms;
    if (kind != 2) return latency;
    latency.kind = find_latency("uniform");
    latency.shape = latency.kind->shape;
    latency.parameter = {1e6, 1e6 + static_cast<double>(milliseconds(1, 8).count())};
    return latency;
  }

 private:
  Draws draws_;
  std::uint64_t n_ = 0;
};

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
  std::vector<int> values = standard_options(entry);
  for (std::size_t i = 0; i < values.size(); ++i) {
    const OptionField& field = entry.options[i];
    if (!dice.happens(0.25)) continue;
    values[i] = field.choices.empty()
                    ? field.least + dice.below(std::min(3, field.most - field.least + 1))
                    : dice.below(static_cast<int>(field.choices.size()));
  }
  description = entry.name;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const OptionField& field = entry.options[i];
    if (values[i] == field.standard) continue;
    description += " " + std::string(field.name) + ": ";
    description += field.choices.empty()
                       ? std::to_string(values[i])
                       : std::string(field.choices[static_cast<std::size_t>(values[i])]);
  }
  return entry.make(scenario.group(), values);
}

bool agrees(const Measure& measure, const Totals& totals, double prediction) {
  if (measure.hits) {
    const double n = static_cast<double>(totals.transactions), expected = n * prediction;
    const double hits = static_cast<double>(measure.hits(totals));
    return std::abs(hits - expected) <= 5 * std::sqrt(expected * (1 - prediction)) + 5;
  }
  const Moments& m = measure.moments(totals);
  const double error = std::sqrt(m.variance() / static_cast<double>(m.count));
  return std::abs(m.mean() - prediction) <= 5 * error + 20;  // 20 ns: delays are cut to whole ones
}

TEST(Models, AgreeWithTheSimulationWhereverTheySayThatTheyApply) {
  std::map<std::string_view, int> applied;
  for (std::uint64_t seed = 1; seed <= 6000; ++seed) {
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
    EXPECT_GE(applied[model->name], 20) << model->name << " was hardly tested";
  }
}

}  // namespace
}  // namespace indoubt
