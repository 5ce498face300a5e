// Goal: the models of crashes, blocking, availability and locks agree with the simulation wherever
// they say that they apply. Method: as in models_test.cc, with scenarios near to what these models
// describe: most times constant, most votes YES, one kind of fault, crashes so frequent that a few
// thousand transactions show them. Some of each scenario is outside of a model's conditions, so
// that a condition that is missing shows as a disagreement.
#include <gtest/gtest.h>

#include <map>
#include <optional>

#include "analysis/models/model.h"
#include "tests/agreement/random_scenarios.h"
#include "tests/support/effort.h"

namespace indoubt {
namespace {

constexpr std::uint64_t kTransactions = 3000;

Latency uniform_latency(Duration low, Duration high) {
  Latency latency;
  latency.kind = find_latency("uniform");
  latency.shape = latency.kind->shape;
  latency.parameter = {static_cast<double>(low.count()), static_cast<double>(high.count())};
  return latency;
}

Latency mostly_constant(Dice& dice, int least, int most) {
  if (dice.happens(0.02)) return dice.latency();
  return Latency::constant(dice.milliseconds(least, most));
}

void add_services(Dice& dice, Scenario& scenario) {
  const bool all_yes = dice.happens(0.8);
  const int n = 1 + dice.below(4);
  for (int i = 1; i <= n; ++i) {
    Service service;
    service.name = std::string("s").append(std::to_string(i));
    service.vote_yes = all_yes ? 1 : 0.5 + 0.5 * dice.uniform();
    if (dice.happens(0.2)) service.prepare = mostly_constant(dice, 1, 9);
    if (dice.happens(0.02)) service.read_only = 0.5;
    service.at_coordinator = dice.happens(0.03);
    scenario.services.push_back(service);
  }
}

void add_times(Dice& dice, Scenario& scenario) {
  Network& network = scenario.network;
  network.latency = mostly_constant(dice, 0, 9);
  if (dice.happens(0.03)) network.loss = 0.1;
  if (dice.happens(0.03)) network.duplication = 0.1;
  if (dice.happens(0.03)) network.send_gap = 1ms;
  if (dice.happens(0.2)) network.links.push_back({"", "s1", mostly_constant(dice, 1, 20), {}, {}});
  if (dice.happens(0.2)) network.links.push_back({"s1", "", mostly_constant(dice, 1, 20), {}, {}});
  network.fifo = dice.happens(0.1);
  scenario.execution = dice.happens(0.03);
  if (dice.happens(0.8)) scenario.disk.force = mostly_constant(dice, 1, 9);
  for (const char* timer : {"votes", "decision", "acks", "commit", "states", "request"}) {
    if (dice.happens(0.4)) {
      scenario.timeouts.push_back({timer, Latency::constant(dice.milliseconds(5, 900))});
    }
  }
}

/// The coordinator crashes at random, at a time, or within one.
Fault coordinator_crash(Dice& dice) {
  Fault fault;
  fault.sites = {Who(kCoordinatorName)};
  const int kind = dice.below(4);
  if (kind == 0) {
    fault.when.kind = Trigger::Kind::at_time;
    fault.when.time = dice.milliseconds(0, 40);
  } else {
    fault.when.kind = Trigger::Kind::random;
    fault.when.gap = kind == 1 ? uniform_latency(0ms, dice.milliseconds(20, 200))
                               : Latency::exponential(dice.milliseconds(20, 500));
    if (dice.happens(0.3)) fault.when.until = dice.milliseconds(10, 300);
  }
  if (dice.happens(0.05)) fault.when.probability = 0.5;
  if (dice.happens(0.05)) fault.messages_held = true;
  if (dice.happens(0.05)) fault.log_lost = true;
  if (dice.happens(0.4)) fault.lasts = Latency::constant(dice.milliseconds(1, 300));
  if (dice.happens(0.3)) fault.lasts = uniform_latency(dice.milliseconds(1, 99), 200ms);
  return fault;
}

Fault lost_commits(Dice& dice) {
  Fault fault;
  fault.kind = Fault::Kind::message;
  fault.type = "COMMIT";
  if (dice.happens(0.7)) fault.from = kCoordinatorName;
  if (dice.happens(0.3)) fault.to = "s1";
  fault.when.probability = dice.uniform();
  return fault;
}

Fault death_after_commits(Dice& dice, int n) {
  Fault fault;
  fault.sites = {Who(kCoordinatorName)};
  fault.when.kind = Trigger::Kind::at_point;
  const bool last = dice.happens(0.8);
  fault.when.point = {Point::Where::after, Point::What::send, "COMMIT", "", last ? n : 1, ""};
  return fault;
}

/// Down from the beginning on.
Fault sites_down(Dice& dice, const Who& who) {
  Fault fault;
  fault.sites = {who};
  fault.when.kind = Trigger::Kind::at_time;
  if (dice.happens(0.5)) fault.when.probability = dice.uniform();
  if (dice.happens(0.5)) fault.each = dice.uniform();
  if (dice.happens(0.05)) fault.lasts = Latency::constant(dice.milliseconds(1, 99));
  return fault;
}

void add_faults(Dice& dice, Scenario& scenario) {
  const int n = scenario.participants(), kind = dice.below(9);
  if (kind == 0 && dice.happens(0.7)) {
    scenario.client = Client{1 + dice.below(4), 0.3 * dice.uniform(), dice.happens(0.1)};
  }
  auto& faults = scenario.faults;
  if (kind >= 2 && kind <= 5) faults = {coordinator_crash(dice)};
  if (kind == 6 || kind == 7) {
    faults = {lost_commits(dice), death_after_commits(dice, n)};
    if (dice.happens(0.3)) faults.push_back(lost_commits(dice));
  }
  if (kind == 8) {
    faults = {sites_down(dice, "participant")};
    if (dice.happens(0.5)) faults.push_back(sites_down(dice, Who(kCoordinatorName)));
    if (dice.happens(0.3)) faults.push_back(sites_down(dice, "s1"));
  }
  for (std::size_t i = 0; i < faults.size(); ++i) faults[i].name = "fault-" + std::to_string(i);
}

Machine random_protocol(Dice& dice, const Scenario& scenario, std::string& description) {
  static constexpr std::string_view kFamily[] = {"2pc",     "2pc",      "2pc-pra",
                                                 "2pc-prc", "2pc-nprc", "3pc"};
  const auto rows = protocol_catalogue();
  const ProtocolEntry& entry =
      dice.happens(0.05) ? rows[static_cast<std::size_t>(dice.below(static_cast<int>(rows.size())))]
                         : *find_protocol(kFamily[static_cast<std::size_t>(dice.below(6))]);
  return random_options(dice, entry, scenario, description, 0.08);
}

/// Where few transactions had the quantity, a mean with rare large terms is not normal yet.
bool tells(const Measure& measure, const Totals& totals) {
  return measure.hits || measure.moments(totals).count >= 1000;
}

TEST(CrashModels, AgreeWithTheSimulationWhereverTheySayThatTheyApply) {
  std::map<std::string_view, std::uint64_t> applied;
  for (std::uint64_t seed = 1; seed <= random_runs(3000); ++seed) {
    Dice dice(seed);
    Scenario scenario;
    add_services(dice, scenario);
    add_times(dice, scenario);
    add_faults(dice, scenario);
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
      if (!scenario.client) {
        ASSERT_EQ(totals->transactions, kTransactions) << seed;
      }
      const Measure& measure = *find_measure(model->measure);
      if (!tells(measure, *totals)) continue;
      ++applied[model->name];
      const double prediction = model->predict(in).value();
      const double found =
          measure.hits ? static_cast<double>(measure.hits(*totals)) / trials(measure, *totals)
                       : measure.moments(*totals).mean();
      EXPECT_TRUE(agrees(measure, *totals, prediction))
          << model->name << " predicts " << prediction << ", measured " << found << " in scenario "
          << seed << " under " << protocol;
    }
  }
  for (const char* model :
       {"coordinator-exposure", "uncertain-time", "caught-by-crash", "blocked-time",
        "doubt-with-crashes", "lost-decisions", "all-sites-up", "lock-hold", "retries"}) {
    EXPECT_GE(applied[model], random_runs(20)) << model << " was hardly tested";
  }
}

}  // namespace
}  // namespace indoubt
