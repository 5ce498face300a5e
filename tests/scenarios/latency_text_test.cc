#include "scenarios/latency_text.h"

#include <gtest/gtest.h>

namespace indoubt {
namespace {

using std::chrono::milliseconds;

std::string read(std::string_view text) {
  const auto parsed = parse_latency(text);
  return parsed ? parsed.value->latency.text() : "error: " + parsed.error.message;
}

TEST(LatencyText, OfADurationIsConstant) {
  EXPECT_EQ(parse_latency("5ms").value->latency, Latency::constant(milliseconds(5)));
  EXPECT_EQ(parse_latency("0s").value->latency, Latency());
  EXPECT_EQ(parse_latency("constant 5ms").value->latency, Latency::constant(milliseconds(5)));
}

TEST(LatencyText, NamesAKindAndItsParameters) {
  EXPECT_EQ(parse_latency("exponential 5ms").value->latency, Latency::exponential(milliseconds(5)));
  EXPECT_EQ(read("uniform 1ms 9ms"), "uniform 1ms 9ms");
  EXPECT_EQ(read("lognormal 5ms 0.5"), "lognormal 5ms 0.5");
  EXPECT_EQ(read("  pareto   1ms   1.5 "), "pareto 1ms 1.5");
}

TEST(LatencyText, TakesParameterNamesInAnyOrder) {
  EXPECT_EQ(read("lognormal median 5ms sigma 0.5"), "lognormal 5ms 0.5");
  EXPECT_EQ(read("lognormal sigma 0.5 median 5ms"), "lognormal 5ms 0.5");
  EXPECT_EQ(read("lognormal sigma 0.5 5ms"), "lognormal 5ms 0.5");
  EXPECT_EQ(read("uniform high 9ms 1ms"), "uniform 1ms 9ms");
}

TEST(LatencyText, AddsAMinimum) {
  EXPECT_EQ(read("1ms + exponential 4ms"), "1ms + exponential 4ms");
  EXPECT_EQ(parse_latency("1ms + exponential 4ms").value->latency.mean(), 5e6);
}

TEST(LatencyText, NamesAFileThatMayHoldSpaces) {
  const auto parsed = parse_latency("2ms + empirical my delays.csv");
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed.value->file, "my delays.csv");
  EXPECT_EQ(parsed.value->file_offset, 16u);
  EXPECT_EQ(parsed.value->latency.minimum, milliseconds(2));
}

TEST(LatencyText, PointsAtTheWordThatIsWrong) {
  const auto error = [](std::string_view text) {
    const auto parsed = parse_latency(text);
    return parsed ? "" : std::string(text.substr(parsed.error.offset, parsed.error.length));
  };
  EXPECT_EQ(error("exponental 5ms"), "exponental");
  EXPECT_EQ(error("exponential 5"), "5");
  EXPECT_EQ(error("1ms + uniform 2ms 3sec"), "sec");
  EXPECT_EQ(error("exponential 5ms 6ms"), "6ms");
  EXPECT_EQ(error("uniform 9ms 1ms"), "uniform");
  EXPECT_EQ(error("-5ms"), "-5ms");
  EXPECT_EQ(error("lognormal median median 5ms"), "median");
}

TEST(LatencyText, OfEveryKindReadsItsOwnExample) {
  for (const LatencyKind* kind : latency_catalogue()) {
    const auto parsed = parse_latency(example(*kind));
    ASSERT_TRUE(parsed) << kind->name << ": " << parsed.error.message;
    EXPECT_EQ(parsed.value->latency.kind, kind);
    EXPECT_EQ(parsed.value->file.empty(), !kind->takes_quantiles);
  }
}

TEST(LatencyText, ReadsWhatLatencyPrints) {
  for (const char* text : {"5ms", "exponential 5ms", "1ms + exponential 4ms", "uniform 1ms 9ms",
                           "erlang 3 5ms", "1.5s", "250us + pareto 1ms 1.5"})
    EXPECT_EQ(read(text), text);
}

}  // namespace
}  // namespace indoubt
