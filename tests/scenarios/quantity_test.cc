#include "scenarios/quantity.h"

#include <gtest/gtest.h>

#include <cmath>

#include "scenarios/decimal.h"

namespace indoubt {
namespace {

std::int64_t ns(std::string_view text) {
  const auto parsed = parse_duration(text);
  return parsed ? parsed.value->count() : -1;
}

TEST(Duration, KnowsEveryUnitExactly) {
  EXPECT_EQ(ns("7ns"), 7);
  EXPECT_EQ(ns("7us"), 7'000);
  EXPECT_EQ(ns("7ms"), 7'000'000);
  EXPECT_EQ(ns("7s"), 7'000'000'000);
  EXPECT_EQ(ns("7min"), 420'000'000'000);
  EXPECT_EQ(ns("7h"), 25'200'000'000'000);
}

TEST(Duration, IsExactWhereADoubleIsNot) {
  EXPECT_EQ(ns("0.1s"), 100'000'000);
  EXPECT_EQ(ns("8.123456789s"), 8'123'456'789);
  EXPECT_EQ(ns("9007199.254740993s"), 9'007'199'254'740'993);  // 2^53 + 1 ns
  EXPECT_EQ(ns("277777.777777777h"), 999'999'999'999'997'200);
}

TEST(Duration, TakesTrailingZerosForNothing) {
  EXPECT_EQ(ns("1.500000000000ms"), 1'500'000);
  EXPECT_EQ(ns("0.000ns"), 0);
  EXPECT_EQ(ns("007ms"), 7'000'000);
}

TEST(Duration, RefusesWhatIsFinerThanANanosecond) {
  EXPECT_EQ(ns("0.5ns"), -1);
  EXPECT_EQ(ns("1.0000000001s"), -1);
  EXPECT_NE(parse_duration("0.5ns").error.message.find("finer than 1ns"), std::string::npos);
}

TEST(Duration, EndsAtTheLongestAllowed) {
  EXPECT_EQ(ns("1000000000s"), kLongest.count());
  EXPECT_EQ(ns("1000000000000000000ns"), -1);  // 19 digits
  EXPECT_EQ(ns("1000000000.000000001s"), -1);
  EXPECT_EQ(ns("999999999999999999h"), -1);
}

TEST(Duration, RefusesWhatIsNone) {
  for (const char* text : {"", "ms", "5", "0", "-1ms", "+1ms", "1,5ms", "1e3ms", ".5ms", "5.ms",
                           "5 ms", "5ms ", "5msec", "nan", "inf", "0x5ms", "5ms5", "1_000ms"})
    EXPECT_EQ(ns(text), -1) << text;
}

TEST(Probability, IsTheDoubleNearestToWhatIsWritten) {
  EXPECT_EQ(*parse_probability("0.99").value, 0.99);
  EXPECT_EQ(*parse_probability("99%").value, 0.99);
  EXPECT_EQ(*parse_probability("0.1%").value, 0.001);
  EXPECT_EQ(*parse_probability("5.852%").value, 0.05852);
  EXPECT_EQ(*parse_probability("1e-6").value, 1e-6);
  EXPECT_EQ(*parse_probability("0.123456789012345").value, 0.123456789012345);
}

TEST(Probability, ReachesFromZeroToOne) {
  EXPECT_EQ(*parse_probability("0").value, 0);
  EXPECT_EQ(*parse_probability("0%").value, 0);
  EXPECT_EQ(*parse_probability("1").value, 1);
  EXPECT_EQ(*parse_probability("100%").value, 1);
  EXPECT_FALSE(std::signbit(*parse_probability("-0").value));
  for (const char* text : {"1.000001", "100.1%", "-0.1", "2", "nan", ".nan", "inf", "", "%",
                           "0.5%%", "1/2", "0,5", "1e400", "1e-99", "0.1234567890123456789"})
    EXPECT_FALSE(parse_probability(text)) << text;
}

// A number and its unit are one word: in a list of words, like a kind of delay with its parameters,
// nothing else tells where a quantity ends.
TEST(Quantity, HasNoSpaceBeforeItsUnitWhateverTheUnitIs) {
  EXPECT_EQ(parse_duration("2 ms").error.message, "'2 ms' has a space before the unit; write 2ms");
  const auto share = parse_probability("99 %");
  ASSERT_FALSE(share);
  EXPECT_EQ(share.error.message, "'99 %' has a space before the sign; write 99%");
  EXPECT_EQ(share.error.length, 4u);
  EXPECT_EQ(parse_probability("x %").error.message.find("space"), std::string::npos);
}

TEST(Rate, GivesTheMeanGap) {
  EXPECT_EQ(*parse_rate("200/s").value, 5e6);
  EXPECT_EQ(*parse_rate("10/ms").value, 1e5);
  EXPECT_EQ(*parse_rate("5/min").value, 12e9);
  EXPECT_EQ(*parse_rate("0.5/h").value, 7.2e12);
  EXPECT_EQ(*parse_rate("200 / s").value, 5e6);
  for (const char* text : {"200", "200/", "/s", "0/s", "-1/s", "200/sec", "nan/s", "1/s/s", ""})
    EXPECT_FALSE(parse_rate(text)) << text;
}

TEST(Count, MayBeGroupedByUnderscores) {
  EXPECT_EQ(*parse_count("1000000", 1, kNoLimit).value, 1'000'000u);
  EXPECT_EQ(*parse_count("1_000_000", 1, kNoLimit).value, 1'000'000u);
  EXPECT_EQ(*parse_count("18446744073709551615", 0, kNoLimit).value, kNoLimit);
  for (const char* text : {"1_0000", "_100", "100_", "1__000", "1000_000", "1.0", "1e6", "-1", "",
                           "0x10", "18446744073709551616", "99999999999999999999999"})
    EXPECT_FALSE(parse_count(text, 0, kNoLimit)) << text;
}

TEST(Count, StaysWithinItsLimits) {
  EXPECT_TRUE(parse_count("1", 1, 3));
  EXPECT_TRUE(parse_count("3", 1, 3));
  EXPECT_FALSE(parse_count("0", 1, 3));
  EXPECT_FALSE(parse_count("4", 1, 3));
}

TEST(Decimal, IsRefusedWhereItWouldRoundTwice) {
  EXPECT_TRUE(nearest_double({false, 999'999'999'999'999, 22}));
  EXPECT_FALSE(nearest_double({false, 1'000'000'000'000'000, 0}));
  EXPECT_FALSE(nearest_double({false, 1, 23}));
}

TEST(Count, BelowOneIsNotTakenForThousands) {
  const auto refused = parse_count("0.001", 1, 4096);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error.message,
            "'0.001' is not a whole number; allowed: a whole number from 1 to 4096");
}

}  // namespace
}  // namespace indoubt
