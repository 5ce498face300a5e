// Goal: a run and a chain mean the same by the conditions of a fault, and by who is blocked where
// nothing was lost and nobody crashed.
#include <gtest/gtest.h>

#include "scenarios/loader.h"
#include "scenarios/runner.h"
#include "tests/agreement/chain_agreement.h"

namespace indoubt {
namespace {

/// The exact value of a measure, after it was held against 2,000 transactions.
double agreed(const std::string& scenario, const char* name) {
  const LoadResult loaded = load_scenario_text("indoubt: 1\n" + scenario, "conditions.yaml");
  EXPECT_TRUE(loaded.file.has_value());
  if (!loaded.file) return -1;
  const Scenario& s = loaded.file->scenario;
  const Machine machine = machine_for_use(s.protocols.at(0), s);
  const auto built = markov::build_chain(s, machine);
  EXPECT_EQ(built.index(), 0u);
  if (built.index() != 0) return -1;
  SimulationOptions options;
  options.count = 2'000;
  const Totals totals = simulate(s, machine, options);
  for (const std::string& what : disagreements(s, std::get<0>(built), totals))
    ADD_FAILURE() << what;
  markov::ChainMeasures measures(std::get<0>(built));
  return measures.answer(name).value.value_or(-1);
}

TEST(Conditions, AnOperatorWaitsForASiteThatIsDown) {
  EXPECT_EQ(agreed("protocols: [2pc]\nservices: {a: {}, b: {}}\nnetwork: {latency: 5ms}\n"
                   "timeouts: {votes: 50ms, decision: 200ms, acks: 300ms}\n"
                   "faults:\n"
                   "  - crash: {site: a, at: after send YES, restart: 100ms}\n"
                   "  - crash: {site: coordinator, at: before force committed, restart: 1s}\n"
                   "  - operator: {site: a, time: 20ms, decide: commit}\n",
                   "violation.agreement"),
            1);
}

TEST(Conditions, BeforeTheFirstInquiryHoldsForWhatStrikesAtATime) {
  const std::string scenario =
      "protocols: [2pc]\nservices: {a: {}, b: {}}\nnetwork: {latency: 5ms}\n"
      "timeouts: {decision: 3ms, votes: 30ms, acks: 20ms}\n"
      "faults: [{crash: {site: coordinator, time: 9ms, restart: 10ms, before_first_inquiry: "
      "yes}}]\n";
  EXPECT_EQ(agreed(scenario, "crashed"), 0);  // INQUIRY leaves at 8 ms
}

TEST(Conditions, WhoIsStrandedByADelayIsBlockedAtTheEnd) {
  EXPECT_EQ(agreed("protocols: [inbac]\nservices: {a: {}, b: {}}\nnetwork: {latency: 2ms}\n"
                   "timeouts: {votes: 20ms}\n"
                   "faults: [{message: {delay: PREPARE, by: 20ms, to: b, probability: 50%}}]\n",
                   "blocked_at_end"),
            0.5);
}

TEST(Conditions, MoreCopiesThanAKeyCountsAreRefusedInWords) {
  const LoadResult loaded = load_scenario_text(
      "indoubt: 1\nprotocols: [{2pc-nprc: {telling: one-by-one}}]\nservices: {a: {}}\n"
      "network: {latency: exponential 2ms}\ndisk: {force: exponential 1ms}\n"
      "timeouts: {decision: exponential 40ms, acks: exponential 23ms}\n",
      "copies.yaml");
  ASSERT_TRUE(loaded.file.has_value());
  const Scenario& s = loaded.file->scenario;
  const auto built = markov::build_chain(s, machine_for_use(s.protocols.at(0), s));
  ASSERT_EQ(built.index(), 1u);
  EXPECT_EQ(std::get<1>(built).cause, markov::Refusals::Cause::too_large);
  EXPECT_NE(std::get<1>(built).sentences.front().find("copies of"), std::string::npos);
}

}  // namespace
}  // namespace indoubt
