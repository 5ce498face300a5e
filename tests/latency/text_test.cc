// Goal: latencies read as scenarios write them, and wrong parameters get a sentence that says why.
#include <gtest/gtest.h>

#include <limits>

#include "tests/latency/make_latency.h"

namespace indoubt {
namespace {

using namespace std::chrono_literals;

std::string problem(const Latency& latency) { return latency.kind->check(latency).value_or(""); }

TEST(DurationText, TakesTheLargestUnitThatShowsItExactly) {
  EXPECT_EQ(duration_text(0ns), "0s");
  EXPECT_EQ(duration_text(1ns), "1ns");
  EXPECT_EQ(duration_text(999ns), "999ns");
  EXPECT_EQ(duration_text(1500ns), "1.5us");
  EXPECT_EQ(duration_text(5ms), "5ms");
  EXPECT_EQ(duration_text(1234567ns), "1.234567ms");
  EXPECT_EQ(duration_text(1050ms), "1.05s");
  EXPECT_EQ(duration_text(59s), "59s");
  EXPECT_EQ(duration_text(90s), "90s");
  EXPECT_EQ(duration_text(2min), "2min");
  EXPECT_EQ(duration_text(90min), "90min");
  EXPECT_EQ(duration_text(24h), "24h");
  EXPECT_EQ(duration_text(3600s + 1ns), "3600.000000001s");
  EXPECT_EQ(duration_text(-5ms), "-5ms");
  EXPECT_EQ(duration_text(kLongest), "1000000000s");
}

TEST(LatencyText, ReadsAsAScenarioWritesIt) {
  EXPECT_EQ(Latency().text(), "0s");
  EXPECT_EQ(Latency::constant(5ms).text(), "5ms");
  EXPECT_EQ(Latency::exponential(4ms).text(), "exponential 4ms");
  EXPECT_EQ(make_latency("uniform", {1e6, 9e6}).text(), "uniform 1ms 9ms");
  EXPECT_EQ(make_latency("erlang", {32, 1e8}).text(), "erlang 32 100ms");
  EXPECT_EQ(make_latency("lognormal", {5e6, 0.4}).text(), "lognormal 5ms 0.4");
  EXPECT_EQ(make_latency("pareto", {1e6, 1.5}).text(), "pareto 1ms 1.5");
  EXPECT_EQ(make_empirical({{0, 1e6}, {0.5, 2e6}, {1, 9e6}}).text(),
            "{empirical: {0: 1ms, 0.5: 2ms, 1: 9ms}}");
}

TEST(LatencyText, PutsTheMinimumInFront) {
  EXPECT_EQ(with_minimum(Latency::exponential(4ms), 1ms).text(), "1ms + exponential 4ms");
  EXPECT_EQ(with_minimum(Latency::constant(4ms), 1ms).text(), "1ms + constant 4ms");
  EXPECT_EQ(with_minimum(make_empirical({{0, 1e6}, {1, 9e6}}), 1ms).text(),
            "{empirical: {0: 1ms, 1: 9ms}, minimum: 1ms}");
}

TEST(LatencyText, KeepsEveryDigitOfAFraction) {
  EXPECT_EQ(make_latency("exponential", {0.1}).text(), "exponential 0.1ns");
  EXPECT_EQ(make_latency("pareto", {1e6, 1.0 / 3}).text(), "pareto 1ms 0.3333333333333333");
  EXPECT_EQ(make_latency("lognormal", {1e6, 0.00001}).text(), "lognormal 1ms 0.00001");
  EXPECT_EQ(make_latency("lognormal", {1e6, 0.0000125}).text(), "lognormal 1ms 0.0000125");
}

TEST(LatencyEquality, ComparesTablesByTheirContents) {
  EXPECT_EQ(make_empirical({{0, 1}, {1, 2}}), make_empirical({{0, 1}, {1, 2}}));
  EXPECT_NE(make_empirical({{0, 1}, {1, 2}}), make_empirical({{0, 1}, {1, 3}}));
  EXPECT_NE(make_empirical({{0, 1}, {1, 2}}), make_latency("empirical", {}));
  EXPECT_EQ(make_latency("empirical", {}), make_latency("empirical", {}));
}

TEST(LatencyEquality, SeesKindParametersAndMinimum) {
  EXPECT_EQ(Latency::constant(5ms), make_latency("constant", {5e6}));
  EXPECT_NE(Latency::constant(5ms), Latency::constant(6ms));
  EXPECT_NE(Latency::constant(5ms), Latency::exponential(5ms));
  EXPECT_NE(Latency::constant(5ms), with_minimum(Latency::constant(5ms), 1ns));
}

TEST(LatencyCheck, AcceptsGoodParameters) {
  for (const Latency& latency : one_of_each_kind()) EXPECT_EQ(problem(latency), "");
  EXPECT_EQ(problem(make_latency("uniform", {5e6, 5e6})), "");
}

TEST(LatencyCheck, SaysWhatIsWrong) {
  EXPECT_EQ(problem(make_latency("constant", {-5e6})), "length (-5ms) is negative");
  EXPECT_EQ(problem(make_latency("constant", {2e18})),
            "length (2000000000s) is above the longest delay allowed (1000000000s)");
  EXPECT_EQ(problem(make_latency("constant", {std::numeric_limits<double>::infinity()})),
            "length (infns) is above the longest delay allowed (1000000000s)");
  EXPECT_EQ(problem(make_latency("constant", {std::numeric_limits<double>::quiet_NaN()})),
            "length (nan) is not a time");
  EXPECT_EQ(problem(make_latency("uniform", {9e6, 1e6})), "high (1ms) is below low (9ms)");
  EXPECT_EQ(problem(make_latency("exponential", {0})), "mean is 0, but must be longer");
  EXPECT_EQ(problem(make_latency("erlang", {0, 1e6})), "stages (0) is not between 1 and 1000");
  EXPECT_EQ(problem(make_latency("erlang", {2.5, 1e6})), "stages (2.5) is not whole");
  EXPECT_EQ(problem(make_latency("erlang", {2, 0})), "mean is 0, but must be longer");
  EXPECT_EQ(problem(make_latency("lognormal", {0, 1})), "median is 0, but must be longer");
  EXPECT_EQ(problem(make_latency("lognormal", {1e6, -1})), "sigma (-1) is not between 0 and 10");
  EXPECT_EQ(problem(make_latency("pareto", {0, 1})), "scale is 0, but must be longer");
  EXPECT_EQ(problem(make_latency("weibull", {0, 1})), "scale is 0, but must be longer");
  EXPECT_EQ(problem(make_latency("weibull", {1e6, 0.05})),
            "shape (0.05) is not between 0.1 and 1000");
  EXPECT_EQ(problem(make_latency("pareto", {1e6, 0})), "shape (0) is not between 0.1 and 1000");
}

TEST(LatencyCheck, SaysWhatIsWrongInATableOfQuantiles) {
  EXPECT_EQ(problem(make_latency("empirical", {})), "fewer than two quantiles");
  EXPECT_EQ(problem(make_empirical({{0, 1e6}})), "fewer than two quantiles");
  EXPECT_EQ(problem(make_empirical({{0.1, 1e6}, {1, 2e6}})),
            "the first quantile is 0.1, but must be 0");
  EXPECT_EQ(problem(make_empirical({{0, 1e6}, {0.9, 2e6}})),
            "the last quantile is 0.9, but must be 1");
  EXPECT_EQ(problem(make_empirical({{0, 1e6}, {0.5, 9e6}, {1, 2e6}})),
            "quantile 1 (2ms) is below quantile 0.5 (9ms)");
  EXPECT_EQ(problem(make_empirical({{0, 1e6}, {0.5, 2e6}, {0.5, 3e6}, {1, 4e6}})),
            "quantile 0.5 does not come after quantile 0.5");
  EXPECT_EQ(problem(make_empirical({{0, -1e6}, {1, 2e6}})), "quantile 0 (-1ms) is negative");
}

TEST(LatencyCatalogue, FindsEveryRowByNameAndNothingElse) {
  for (const LatencyKind* kind : latency_catalogue()) {
    EXPECT_EQ(find_latency(kind->name), kind);
    EXPECT_FALSE(kind->doc.empty());
    EXPECT_TRUE(kind->check && kind->sample && kind->mean && kind->range) << kind->name;
    EXPECT_LE(kind->parameters.size(), Latency{}.parameter.size()) << kind->name;
  }
  EXPECT_EQ(find_latency("gaussian"), nullptr);
}

}  // namespace
}  // namespace indoubt
