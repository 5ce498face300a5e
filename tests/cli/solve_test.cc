// Goal: `indoubt solve` prints exact values, or sentences that say what to change.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/cli/command.h"

namespace indoubt {
namespace {

using nlohmann::json;
using testing::HasSubstr;

TEST(SolveCommand, PrintsExactValuesAndWhatMatters) {
  const Called c = call_indoubt("solve card_payment --protocol 2pc --by 50ms --rational");
  EXPECT_EQ(c.status, 0) << c.err;
  EXPECT_THAT(c.out, HasSubstr("0.941094000000"));
  EXPECT_THAT(c.out, HasSubstr("digits certain"));
  EXPECT_THAT(c.out, HasSubstr("commit_by(50ms)"));
  EXPECT_THAT(c.out, HasSubstr("services.payment.vote_yes"));
  EXPECT_THAT(c.err, HasSubstr("states"));
}

TEST(SolveCommand, JsonHasEveryMeasureOfARun) {
  const Called c = call_indoubt("solve card_payment --json");
  ASSERT_EQ(c.status, 0) << c.err;
  const json document = json::parse(c.out);
  ASSERT_EQ(document["protocols"].size(), 3u);
  const json& first = document["protocols"][0];
  EXPECT_NEAR(first["measures"]["commit"]["value"].get<double>(), 0.941094, 1e-15);
  EXPECT_EQ(first["measures"]["messages"]["kind"], "count");
  EXPECT_TRUE(first["measures"]["lock_time"]["value"].is_null());
}

TEST(SolveCommand, RefusalsNameWhatIsInTheWay) {
  const Called c = call_indoubt("solve network_splits");
  EXPECT_EQ(c.status, 2);
  EXPECT_THAT(c.out, HasSubstr("not solved: fault 'partition-1' is a partition"));
}

TEST(SolveCommand, ErlangTimeoutsAreCalledAnApproximation) {
  const Called c = call_indoubt("solve slow_network --protocol 3pc --erlang 2");
  EXPECT_EQ(c.status, 0) << c.err;
  EXPECT_THAT(c.out, HasSubstr("APPROXIMATION: constant time-outs are sums of 2 "));
  EXPECT_THAT(c.out, HasSubstr("APPROXIMATION: constant time-outs are sums of 4 "));
}

}  // namespace
}  // namespace indoubt
