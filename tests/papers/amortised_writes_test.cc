// Goal: records that serve several transactions are counted apart from what each one writes.
// Lampson & Lomet (1993), section 4: the coordinator's log bounds the transactions that may be
// under way; the bound moves on by a forced write for many transactions at once.
#include <gtest/gtest.h>

#include "sim/measures/measure_set.h"
#include "tests/support/world.h"

namespace indoubt {
namespace {

TEST(AmortisedWrites, AreOneForEachWindowOfNewPresumedCommit) {
  const Scenario scenario = world(3, Latency::constant(10ms));
  // Transactions 1, 101, 201: 3 bounds in 250 transactions.
  Totals totals = run(scenario, "2pc-nprc", 250);
  EXPECT_TRUE(totals.amortised_writes.sum == 3);
  EXPECT_EQ(totals.amortised_writes.count, 250u);
  // Transactions 1, 11, ... 241.
  totals = run(scenario, "2pc-nprc", 250, {{"window", "10"}});
  EXPECT_TRUE(totals.amortised_writes.sum == 25);
  EXPECT_EQ(run(scenario, "2pc-nprc", 250, {{"window", "1"}}).amortised_writes.mean(), 1);
}

TEST(AmortisedWrites, AreInNoOtherMeasure) {
  const Scenario scenario = world(3, Latency::constant(10ms));
  const Totals often = run(scenario, "2pc-nprc", 50, {{"window", "1"}});
  const Totals seldom = run(scenario, "2pc-nprc", 50);
  EXPECT_EQ(often.forced_writes.mean(), 1 + 3) << "the coordinator's commit, the votes";
  EXPECT_EQ(often.forced_writes, seldom.forced_writes);
  EXPECT_EQ(often.by_role, seldom.by_role);
  EXPECT_EQ(often.fingerprint, seldom.fingerprint);
}

TEST(AmortisedWrites, AreReportedOnlyOfProtocolsThatHaveThem) {
  const Scenario scenario = world(3, Latency::constant(10ms));
  for (const auto* protocol : {"2pc", "2pc-pra", "2pc-prc", "3pc"}) {
    const Totals totals = run(scenario, protocol, 10);
    EXPECT_FALSE(is_reported(*find_measure("amortised_writes"), totals)) << protocol;
  }
  EXPECT_TRUE(is_reported(*find_measure("amortised_writes"), run(scenario, "2pc-nprc", 10)));
}

}  // namespace
}  // namespace indoubt
