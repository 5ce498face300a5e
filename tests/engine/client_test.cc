// Goal: a client asks again as often as the scenario says; attempts of their own are independent
// and can pay twice, a repeated request cannot.
#include <gtest/gtest.h>

#include "tests/support/recorder.h"
#include "tests/support/world.h"

namespace indoubt {
namespace {

Scenario asked(int attempts, double reply_loss, bool repeats_id) {
  Scenario scenario = world(3, Latency::constant(10ms));
  for (Service& s : scenario.services) s.vote_yes = 0.9;
  scenario.client = Client{attempts, reply_loss, repeats_id};
  return scenario;
}

double share(std::uint64_t hits, const Totals& totals) {
  return static_cast<double>(hits) / static_cast<double>(totals.payments);
}

constexpr double kOnce = 0.729;  // all three vote YES
constexpr std::uint64_t kPayments = 100'000;
constexpr double kFour = 4 * 0.5 / 316.2;  // four standard errors at most

TEST(Client, AsksUntilItLearnsOfACommit) {
  const Totals totals = run(asked(3, 0, false), "2pc", kPayments);
  EXPECT_EQ(totals.payments, kPayments);
  EXPECT_NEAR(share(totals.payments_made, totals), 1 - 0.271 * 0.271 * 0.271, kFour);
  EXPECT_EQ(totals.payments_confirmed, totals.payments_made);
  EXPECT_EQ(totals.payments_doubled, 0u);
  EXPECT_NEAR(totals.attempts.mean(), 1 + 0.271 + 0.271 * 0.271, 0.01);
  EXPECT_EQ(totals.transactions, static_cast<std::uint64_t>(totals.attempts.sum));
}

TEST(Client, PaysTwiceWhenARepliedCommitIsLost) {
  const double q = 0.2;
  const Totals totals = run(asked(2, q, false), "2pc", kPayments);
  EXPECT_NEAR(share(totals.payments_doubled, totals), kOnce * q * kOnce, kFour);
  const double first = kOnce * (1 - q);
  EXPECT_NEAR(share(totals.payments_confirmed, totals), first + (1 - first) * first, kFour);
}

TEST(Client, NeverPaysTwiceWhenItRepeatsItsId) {
  const double q = 0.2;
  const Totals totals = run(asked(3, q, true), "2pc", kPayments);
  EXPECT_EQ(totals.transactions, kPayments) << "asked again, a transaction is not run again";
  EXPECT_EQ(totals.payments_doubled, 0u);
  EXPECT_NEAR(share(totals.payments_made, totals), kOnce, kFour) << "no new votes";
  EXPECT_NEAR(share(totals.payments_confirmed, totals), kOnce * (1 - q * q * q), kFour);
}

TEST(Client, WithOneAttemptChangesNothing) {
  Scenario plain = asked(1, 0, false);
  plain.client.reset();
  const Totals with = run(asked(1, 0, false), "2pc", 1000);
  EXPECT_EQ(with.fingerprint, run(plain, "2pc", 1000).fingerprint);
  EXPECT_EQ(with.payments, 1000u);
}

TEST(Client, AttemptsAreNumberedPaymentByPayment) {
  const Machine machine = machine_with("2pc", 3);
  Recorder recorder(machine);
  SimulationOptions options;
  options.observer = &recorder;
  options.first = 5;
  Scenario scenario = asked(3, 0, false);
  for (Service& s : scenario.services) s.vote_yes = 0;
  run(scenario, machine, 1, options);
  EXPECT_EQ(recorder.lines().front().transaction, 13u);
  EXPECT_EQ(recorder.lines().back().transaction, 15u);
}

TEST(Execution, GoesBeforeTheCommitAndIsNotCounted) {
  Scenario scenario = world(3, Latency::constant(10ms));
  link_rule(scenario, "p2", "coordinator").latency = Latency::constant(30ms);
  scenario.execution = true;
  const Totals totals = run(scenario, "2pc", 5);
  EXPECT_EQ(totals.decision_time.mean(), 40e6 + 40e6) << "p2's request and reply, then its vote";
  EXPECT_EQ(totals.messages.mean(), 12);
  scenario.services[1].at_coordinator = true;
  EXPECT_EQ(run(scenario, "2pc", 5).decision_time.mean(), 20e6 + 20e6);
}

}  // namespace
}  // namespace indoubt
