// Goal: who has voted READ has left the transaction, in every engine alike. Back from a crash with
// an empty log it may abort, since it knows nothing of its vote: that contradicts nobody. And where
// all have voted READ there is no outcome to preserve.
// R*: Mohan, Lindsay & Obermarck, ACM TODS 11(4), 1986, section 3.
#include <gtest/gtest.h>

#include "analysis/explore/explorer.h"
#include "tests/agreement/chain_agreement.h"
#include "tests/support/world.h"

namespace indoubt {
namespace {

constexpr std::string_view kFamily[] = {"2pc", "2pc-pra", "2pc-prc", "2pc-nprc"};
constexpr std::string_view kSafety[] = {"agreement", "stability", "validity"};

Scenario two(double first_reads, double second_reads) {
  Scenario scenario = world(2, Latency::constant(10ms));
  scenario.disk.force = Latency::constant(5ms);
  set_timeout(scenario, "votes", Latency::constant(100ms));
  set_timeout(scenario, "decision", Latency::constant(200ms));
  set_timeout(scenario, "acks", Latency::constant(50ms));
  scenario.services[0].read_only = first_reads;
  scenario.services[1].read_only = second_reads;
  return scenario;
}

Fault crash(const Who& who, Duration time, Duration repair) {
  Fault fault;
  fault.kind = Fault::Kind::crash;
  fault.sites = {who};
  fault.when.kind = Trigger::Kind::at_time;
  fault.when.time = time;
  fault.lasts = Latency::constant(repair);
  return fault;
}

/// A run and its chain find nothing violated, and agree.
void expect_safe(const Scenario& scenario, std::string_view protocol) {
  const Machine machine = machine_with(protocol, scenario.group());
  SimulationOptions options;
  options.count = 50;
  const Totals totals = simulate(scenario, machine, options);
  for (const Property p : {Property::agreement, Property::stability, Property::validity})
    EXPECT_EQ(totals.violations[static_cast<std::size_t>(p)], 0u) << protocol;
  EXPECT_EQ(totals.mixed, 0u) << protocol;
  const auto built = markov::build_chain(scenario, machine, {});
  ASSERT_EQ(built.index(), 0u) << protocol;
  markov::ChainMeasures measures(std::get<0>(built));
  for (const std::string_view p : kSafety)
    EXPECT_EQ(measures.answer("violation." + std::string(p)).value, 0.0) << protocol << " " << p;
  for (const std::string& what : disagreements(scenario, std::get<0>(built), totals))
    ADD_FAILURE() << what << " under " << protocol;
}

TEST(Readers, ThatAreBackFromACrashContradictNobody) {
  for (const std::string_view protocol : kFamily) {
    Scenario scenario = two(0, 1);
    scenario.faults = {crash("p2", 17ms, 1ms)};
    expect_safe(scenario, protocol);
    scenario.faults = {crash("p2", 17ms, 1ms), crash("p2", 19ms, 1ms)};  // its abort not yet forced
    expect_safe(scenario, protocol);
  }
}

TEST(Readers, AloneLeaveNoOutcomeToPreserve) {
  for (const std::string_view protocol : kFamily) {
    Scenario scenario = two(1, 1);
    scenario.faults = {crash("coordinator", 30ms, 20ms)};
    expect_safe(scenario, protocol);
  }
}

TEST(Readers, AreSafeHoweverARunGoes) {
  for (const std::string_view protocol : kFamily) {
    for (const auto* termination : {"ask-coordinator", "cooperative"}) {
      Scenario scenario = two(0.5, 0.5);
      for (Service& s : scenario.services) s.vote_yes = 0.5;
      const Machine machine =
          machine_with(protocol, scenario.group(), {{"termination", termination}});
      const ExploreReport r = explore(scenario, {.crashes = 2}, machine, {}, {});
      ASSERT_TRUE(r.problems.empty());
      for (const std::string_view p : kSafety) {
        for (const Answer& a : r.answers) {
          if (a.name != "violation." + std::string(p)) continue;
          EXPECT_EQ(a.status(), Answer::Status::holds) << protocol << " " << p;
        }
      }
    }
  }
}

TEST(Readers, DoNotHideThatOthersDisagree) {
  Scenario scenario = two(1, 0);
  for (Service& s : scenario.services) s.vote_yes = 0.5;
  const Machine machine =
      machine_with("2pc", scenario.group(), {{"mistake", "abort_when_uncertain"}});
  const ExploreReport r = explore(scenario, {.crashes = 1}, machine, {}, {});
  EXPECT_EQ(r.answers[0].name, "violation.agreement");
  EXPECT_EQ(r.answers[0].status(), Answer::Status::fails);
}

}  // namespace
}  // namespace indoubt
