#include "scenarios/delay_file.h"

#include <gtest/gtest.h>

namespace indoubt {
namespace {

struct Read {
  std::optional<Quantiles> quantiles;
  std::vector<Diagnostic> errors;
};

Read read(const std::string& text) {
  const Source source("delays.csv", text);
  Diagnostics errors("s.yaml");
  auto quantiles = read_delays(source, errors);
  return {std::move(quantiles), errors.take()};
}

TEST(DelayFile, OfSingleDelaysGivesTheirSortedSample) {
  const Read r = read("# ms\n\n3\n1\n  2.5ms\n0.004s\n1\n");
  ASSERT_TRUE(r.quantiles);
  EXPECT_EQ(*r.quantiles, (Quantiles{{0, 1e6}, {0.25, 1e6}, {0.5, 2.5e6}, {0.75, 3e6}, {1, 4e6}}));
}

TEST(DelayFile, OfOneDelayIsConstant) {
  EXPECT_EQ(*read("5\n").quantiles, (Quantiles{{0, 5e6}, {1, 5e6}}));
}

TEST(DelayFile, OfPairsGivesTheQuantilesAsWritten) {
  EXPECT_EQ(*read("quantile,delay\n0%, 1ms\n0.5,2ms\r\n1 , 20\n").quantiles,
            (Quantiles{{0, 1e6}, {0.5, 2e6}, {1, 20e6}}));
}

TEST(DelayFile, ReportsEveryLineThatIsWrong) {
  const Read r = read("delay\n1\nx\n-1\n1,2\nnan\n0.0000001\n");
  EXPECT_FALSE(r.quantiles);
  ASSERT_EQ(r.errors.size(), 5u);
  for (std::size_t i = 0; i < 5; ++i) EXPECT_EQ(r.errors[i].line, static_cast<int>(i) + 3);
  EXPECT_EQ(r.errors[0].file, "delays.csv");
}

TEST(DelayFile, WithoutDelaysIsAnError) {
  EXPECT_EQ(read("").errors.size(), 1u);
  EXPECT_EQ(read("# none\n").errors.size(), 1u);
  EXPECT_EQ(read("1\n\xFF\n").errors.size(), 1u);
}

}  // namespace
}  // namespace indoubt
