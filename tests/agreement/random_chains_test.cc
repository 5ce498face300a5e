// Goal: chain and simulation are two independent engines that agree on whatever scenario comes up.
// Method: small random scenarios and protocol options from fixed seeds; every measure that the
// chain has a value for must lie within 5 standard errors of a simulation. Where only votes and
// crashes are random, it must equal the sum over all ways in which they can fall, each simulated
// with nothing left to chance. INDOUBT_SOAK=n tries n
// scenarios, with more transactions each and larger chains.
#include <gtest/gtest.h>

#include <cstdlib>

#include "scenarios/loader.h"
#include "scenarios/mistakes.h"
#include "scenarios/runner.h"
#include "tests/agreement/chain_agreement.h"
#include "tests/agreement/few_choices.h"
#include "tests/support/effort.h"

namespace indoubt {
namespace {

constexpr int kScenarios = kSanitized ? 60 : 500;

/// Few digits, as people write them: exact fractions stay small.
double percents(double p) { return std::ceil(100 * p) / 100; }

/// Times of one scenario: all constant, or all exponential.
class Times {
 public:
  Times(Dice& dice, bool random) : dice_(dice), random_(random) {}
  Latency some() {
    const Duration mean = dice_.milliseconds(1, 9);
    return random_ ? Latency::exponential(mean) : Latency::constant(mean);
  }
  Latency timeout() {
    const Duration mean = dice_.milliseconds(5, 60);
    if (!random_) return Latency::constant(mean);
    Latency latency = Latency::exponential(mean);
    if (dice_.happens(0.5)) return latency;
    latency.kind = find_latency("erlang");
    latency.shape = latency.kind->shape;
    latency.parameter = {2, static_cast<double>(mean.count()), 0};
    return latency;
  }
  bool random() const { return random_; }

 private:
  Dice& dice_;
  bool random_;
};

void add_services(Dice& dice, Times& times, Scenario& scenario) {
  const int n = 1 + dice.below(3);
  for (int i = 1; i <= n; ++i) {
    Service service;
    service.name = "s" + std::to_string(i);
    service.vote_yes = dice.happens(0.4) ? 1 : percents(0.5 + 0.5 * dice.uniform());
    if (dice.happens(0.3)) service.prepare = times.some();
    service.at_coordinator = dice.happens(0.05);
    scenario.services.push_back(service);
  }
}

Point some_point(Dice& dice) {
  Point point;
  const Point::Where places[] = {Point::Where::before, Point::Where::after,
                                 Point::Where::random_cut, Point::Where::each_send,
                                 Point::Where::per_step};
  point.where = places[dice.below(5)];
  if (point.where == Point::Where::per_step) return point;
  const Point::What effects[] = {Point::What::send, Point::What::force, Point::What::decide,
                                 Point::What::vote};
  const bool around = point.where == Point::Where::before || point.where == Point::Where::after;
  point.what = around ? effects[dice.below(4)] : Point::What::send;
  return point;
}

void add_crash(Dice& dice, Times& times, Scenario& scenario) {
  Fault fault;
  fault.name = "crash-" + std::to_string(scenario.faults.size() + 1);
  fault.sites = {dice.happens(0.5) ? std::string(kCoordinatorName) : std::string("s1")};
  fault.when.kind = Trigger::Kind::at_point;
  fault.when.point = some_point(dice);
  fault.when.probability = percents(0.1 + 0.4 * dice.uniform());
  fault.when.occurrence = dice.happens(0.8) ? 1 : 2;
  if (dice.happens(0.2) && !times.random()) {
    fault.when.kind = Trigger::Kind::at_time;
    fault.when.time = dice.milliseconds(1, 40);
  }
  if (dice.happens(0.15) && times.random()) {
    fault.when.kind = Trigger::Kind::random;
    fault.when.gap = Latency::exponential(dice.milliseconds(20, 60));
  }
  const bool often = fault.when.point.where == Point::Where::per_step ||
                     fault.when.point.where == Point::Where::each_send;
  if (often) fault.when.probability = percents(0.02 + 0.05 * dice.uniform());
  if (dice.happens(0.6) || fault.when.kind == Trigger::Kind::random) fault.lasts = times.timeout();
  scenario.faults.push_back(fault);
}

void add_loss(Dice& dice, Scenario& scenario) {
  Fault fault;
  fault.name = "message-" + std::to_string(scenario.faults.size() + 1);
  fault.kind = Fault::Kind::message;
  fault.when.probability = percents(0.1 + 0.5 * dice.uniform());
  fault.to = dice.happens(0.5) ? Who(kCoordinatorName) : Who();
  fault.nth = dice.below(3);
  fault.action = dice.happens(0.7) ? Fault::Action::lose : Fault::Action::duplicate;
  scenario.faults.push_back(fault);
}

Scenario random_scenario(Dice& dice) {
  Scenario scenario;
  scenario.transactions.horizon = 10s;  // of those that never end
  Times times(dice, dice.happens(0.5));
  add_services(dice, times, scenario);
  scenario.network.latency = dice.happens(0.9) ? times.some() : Latency{};
  if (dice.happens(0.3)) scenario.network.loss = percents(0.3 * dice.uniform());
  if (dice.happens(0.1)) scenario.network.duplication = percents(0.3 * dice.uniform());
  if (dice.happens(0.3)) scenario.disk.force = times.some();
  for (const char* timer : {"votes", "decision", "acks", "commit", "states", "request"})
    if (dice.happens(0.35)) scenario.timeouts.push_back({timer, times.timeout()});
  if (dice.happens(0.4)) add_crash(dice, times, scenario);
  if (dice.happens(0.1)) add_crash(dice, times, scenario);
  if (dice.happens(0.15)) add_loss(dice, scenario);
  return scenario;
}

TEST(RandomChains, AgreeWithTheSimulation) {
  const char* soak = std::getenv("INDOUBT_SOAK");
  const int wanted = soak != nullptr ? std::atoi(soak) : kScenarios;
  const std::size_t most_states = soak != nullptr ? 20'000 : 400;
  int solved = 0, crashed = 0;
  for (std::uint64_t seed = 1; solved < wanted && seed < 20u * static_cast<unsigned>(wanted);
       ++seed) {
    Dice dice(seed);
    const Scenario scenario = random_scenario(dice);
    const auto rows = protocol_catalogue();
    const ProtocolEntry& entry =
        dice.happens(0.4)
            ? *find_protocol("2pc")
            : rows[static_cast<std::size_t>(dice.below(static_cast<int>(rows.size())))];
    std::string protocol;
    const Machine machine = random_options(dice, entry, scenario, protocol);
    const auto built = markov::build_chain(scenario, machine, {.most_states = most_states});
    if (built.index() == 1) {
      ASSERT_NE(std::get<1>(built).sentences.front().find("states"), std::string::npos)
          << std::get<1>(built).sentences.front();
      continue;
    }
    ++solved;
    crashed += !scenario.faults.empty();
    SimulationOptions options;
    options.seed = seed;
    options.count = soak != nullptr ? 100'000 : 2'000;
    const Totals totals = simulate(scenario, machine, options);
    for (const std::string& what : disagreements(scenario, std::get<0>(built), totals))
      ADD_FAILURE() << what << " in scenario " << seed << " under " << protocol;
  }
  EXPECT_EQ(solved, wanted);
  EXPECT_GE(crashed, wanted / 5);
}

/// Nothing is random but votes and whether a crash strikes; all times are constant.
Scenario scenario_of_few_choices(Dice& dice) {
  Scenario scenario;
  scenario.transactions.horizon = 10s;
  Times times(dice, false);
  add_services(dice, times, scenario);
  scenario.network.latency = times.some();
  if (dice.happens(0.3)) scenario.disk.force = times.some();
  for (const char* timer : {"votes", "decision", "acks", "commit", "states", "request"})
    if (dice.happens(0.4)) scenario.timeouts.push_back({timer, times.timeout()});
  for (int crashes = 1 + dice.below(2); crashes > 0; --crashes) {
    add_crash(dice, times, scenario);
    Fault& fault = scenario.faults.back();
    Point& point = fault.when.point;
    if (point.where > Point::Where::after) point.where = Point::Where::before;
    if (point.what == Point::What::nothing) point.what = Point::What::send;
    fault.when.probability = percents(0.1 + 0.8 * dice.uniform());
  }
  return scenario;
}

TEST(RandomChains, EqualTheSumOverAllChoices) {
  int solved = 0;
  for (std::uint64_t seed = 1; solved < kScenarios && seed < 20u * kScenarios; ++seed) {
    Dice dice(seed);
    const Scenario scenario = scenario_of_few_choices(dice);
    const auto rows = protocol_catalogue();
    const ProtocolEntry& entry =
        rows[static_cast<std::size_t>(dice.below(static_cast<int>(rows.size())))];
    std::string protocol;
    const Machine machine = random_options(dice, entry, scenario, protocol);
    const auto built = markov::build_chain(scenario, machine, {.most_states = 1'500});
    if (built.index() == 1) continue;
    ++solved;
    for (const std::string& what : differences(scenario, machine, std::get<0>(built)))
      ADD_FAILURE() << what << " in scenario " << seed << " under " << protocol;
  }
  EXPECT_EQ(solved, kScenarios);
}

TEST(RandomChains, AMistakeInTheProtocolMakesThemDisagree) {
  const std::string path =
      std::string(INDOUBT_SOURCE_DIR) + "/scenarios/library/mistakes/lost_prepared_record.yaml";
  const LoadResult loaded = load_scenario_file(path);
  ASSERT_TRUE(loaded.file.has_value());
  const Scenario& scenario = loaded.file->scenario;
  const Machine right = machine_for_use(scenario.protocols.at(0), scenario);
  const Machine wrong = machine_for_use(scenario.protocols.at(1), scenario);
  const auto built = markov::build_chain(scenario, right);
  ASSERT_EQ(built.index(), 0u);
  SimulationOptions options;
  options.count = 10'000;
  EXPECT_TRUE(
      disagreements(scenario, std::get<0>(built), simulate(scenario, right, options)).empty());
  EXPECT_FALSE(
      disagreements(scenario, std::get<0>(built), simulate(scenario, wrong, options)).empty());
}

}  // namespace
}  // namespace indoubt
