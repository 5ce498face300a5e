// Goal: simulator and explorer agree on what can happen. Method: every simulated run of small
// random scenarios with losses, crashes and restarts is walked through the explorer's model; each
// input, crash and loss must be a move there, with the same state and decision after it.
#include <gtest/gtest.h>

#include "tests/agreement/random_scenarios.h"
#include "tests/support/machines.h"
#include "tests/support/model_path.h"
#include "tests/support/world.h"

namespace indoubt {
namespace {

constexpr int kRunsOfEach = 20, kScenarios = 30;  // for each protocol: 3000 runs in all

void add_crash(Dice& dice, Scenario& scenario) {
  Fault fault;
  fault.name = "crash-" + std::to_string(scenario.faults.size() + 1);
  const int site = dice.below(scenario.participants() + 1);
  fault.sites = {scenario.process_name(site)};
  if (dice.happens(0.5)) {
    fault.when.kind = Trigger::Kind::at_time;
    fault.when.time = dice.milliseconds(1, 40);
  } else {
    fault.when.kind = Trigger::Kind::at_point;
    fault.when.point.where = dice.happens(0.5) ? Point::Where::before : Point::Where::random_cut;
    fault.when.point.what = Point::What::send;
    fault.when.occurrence = 1 + dice.below(2);
  }
  if (dice.happens(0.7)) fault.lasts = Latency::constant(dice.milliseconds(5, 60));
  scenario.faults.push_back(fault);
}

Scenario random_scenario(Dice& dice, std::span<const std::string_view> timers) {
  Scenario scenario = world(2 + dice.below(2), Latency::exponential(dice.milliseconds(1, 9)));
  for (Service& s : scenario.services) {
    if (dice.happens(0.3)) s.vote_yes = 0.5;
    if (dice.happens(0.3)) s.prepare = dice.latency();
  }
  if (dice.happens(0.6)) scenario.network.loss = 0.2 * dice.uniform();
  for (const std::string_view timer : timers)
    set_timeout(scenario, timer, Latency::constant(dice.milliseconds(5, 60)));
  for (int crashes = dice.below(3); crashes > 0; --crashes) add_crash(dice, scenario);
  scenario.transactions.horizon = 250ms;
  return scenario;
}

std::string text_of(const RunEvent& e) {
  if (e.kind == RunEvent::Kind::crash) return "crash of " + std::to_string(e.site);
  if (e.kind == RunEvent::Kind::loss)
    return "loss from " + std::to_string(e.from) + " to " + std::to_string(e.to);
  return "input of kind " + std::to_string(static_cast<int>(e.input.kind())) + " to " +
         std::to_string(e.input.self()) + ", then in state '" + e.state + "'";
}

/// What came up: a run without trouble would prove little.
struct Seen {
  int deliveries = 0, timeouts = 0, crashes = 0, recoveries = 0, losses = 0;
  void add(const RunEvent& e) {
    const bool input = e.kind == RunEvent::Kind::input;
    const auto is = [&](Input::Kind kind) { return input && e.input.kind() == kind ? 1 : 0; };
    deliveries += is(Input::Kind::message);
    timeouts += is(Input::Kind::timeout);
    recoveries += is(Input::Kind::recovery);
    crashes += e.crashes || e.kind == RunEvent::Kind::crash ? 1 : 0;
    losses += e.kind == RunEvent::Kind::loss ? 1 : 0;
  }
};

class RunIsPath : public testing::TestWithParam<std::string_view> {};

TEST_P(RunIsPath, OfTheExplorersModel) {
  Dice dice(2026);
  Seen seen;
  for (int i = 0; i < kScenarios; ++i) {
    const Scenario scenario = random_scenario(dice, find_protocol(GetParam())->timers);
    const Machine machine = machine_with(GetParam(), scenario.participants());
    Exploration budget;
    budget.free_votes = true;
    budget.crashes = 2;
    budget.losses = budget.duplications = Exploration::kAny;
    budget.rounds = 1000;
    budget.symmetry = false;
    std::vector<std::string> problems;
    const ExploreSetup setup = explore_setup(scenario, budget, machine, problems);
    ASSERT_TRUE(problems.empty()) << problems.front();
    RunWriter writer(setup.site);
    SimulationOptions options;
    options.observer = &writer;
    run(scenario, machine, kRunsOfEach, options);
    Behaviour behaviour(machine, setup);
    for (std::size_t k = 0; k < writer.runs().size(); ++k) {
      PathFinder finder(behaviour);
      const auto bad = finder.first_that_is_no_move(writer.runs()[k]);
      ASSERT_FALSE(bad.has_value()) << "scenario " << i << ", transaction " << k + 1 << ", event "
                                    << *bad << " is no move: " << text_of(writer.runs()[k][*bad]);
      for (const RunEvent& e : writer.runs()[k]) seen.add(e);
    }
  }
  for (const int n : {seen.deliveries, seen.timeouts, seen.crashes, seen.recoveries, seen.losses})
    EXPECT_GE(n, 50);
}

INSTANTIATE_TEST_SUITE_P(Protocols, RunIsPath,
                         testing::Values("2pc", "2pc-pra", "3pc", "3pc-quorum", "paxos-commit"));

}  // namespace
}  // namespace indoubt
