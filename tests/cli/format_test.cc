#include "cli/format.h"

#include <gtest/gtest.h>

#include <limits>

#include "cli/fault_text.h"
#include "cli/table.h"
#include "cli/terminal.h"

namespace indoubt {
namespace {

using Kind = Measure::Kind;

TEST(Format, GroupsThousandsAndCountsThings) {
  EXPECT_EQ(counted(1, "transaction"), "1 transaction");
  EXPECT_EQ(counted(2'000, "transaction"), "2,000 transactions");
  EXPECT_EQ(grouped(0), "0");
  EXPECT_EQ(grouped(999), "999");
  EXPECT_EQ(grouped(1000), "1,000");
  EXPECT_EQ(grouped(18446744073709551615u), "18,446,744,073,709,551,615");
}

TEST(Format, ShowsQuantitiesInTheirUnits) {
  EXPECT_EQ(quantity(Kind::proportion, 0.941094, 3), "94.109 %");
  EXPECT_EQ(quantity(Kind::time, 17'943'000, 3), "17.943ms");
  EXPECT_EQ(quantity(Kind::time, 3e9, 1), "3.0s");
  EXPECT_EQ(quantity(Kind::count, 11.5, 2), "11.50");
}

TEST(Format, ShowsTwoDigitsOfTheHalfWidth) {
  EXPECT_EQ(digits_for(Kind::proportion, 0.94, 0.00046), 3);
  EXPECT_EQ(half_width(Kind::proportion, 0.94, 0.00046, 3), "±0.046");
  EXPECT_EQ(digits_for(Kind::count, 12, 0.5), 2);
  EXPECT_EQ(digits_for(Kind::count, 12, 0), 3);
}

Estimate proportion(std::uint64_t hits, std::uint64_t trials) {
  Estimate e;
  e.observations = trials;
  e.value = static_cast<double>(hits) / static_cast<double>(trials);
  e.interval = wilson(hits, trials, 0.95);
  return e;
}

TEST(EstimateText, OfAProportionNeverLeavesTheRangeFrom0To1) {
  const auto shown = [](std::uint64_t hits, std::uint64_t trials) {
    return estimate_text(Kind::proportion, proportion(hits, trials));
  };
  EXPECT_EQ(shown(0, 10'000), "0 (< 0.038 %)");
  EXPECT_EQ(shown(10'000, 10'000), "100 % (> 99.962 %)");
  EXPECT_EQ(shown(1, 1), "100 % (> 21 %)");
  EXPECT_EQ(shown(1, 50), "2.0 % [0.35, 10]") << "skewed: its sides are told apart";
  EXPECT_EQ(shown(49, 50), "98.0 % [90, 99.65]");
  EXPECT_EQ(shown(5'000, 10'000), "50.00 % ±0.98");
  EXPECT_EQ(shown(30, 100), "30.0 % ±9.6") << "the larger side";
}

Estimate mean_of(double ns, double half) {
  Estimate e;
  e.observations = 10;
  e.value = ns;
  e.interval = {ns - half, ns + half};
  return e;
}

TEST(EstimateText, OfATimeThatWasCutOffIsABound) {
  Estimate e = mean_of(10e6, 0);
  EXPECT_EQ(estimate_text(Kind::time, e), "10.000ms");
  e.cut_off = 1;
  EXPECT_EQ(estimate_text(Kind::time, e), "> 10.000ms");
  e = mean_of(10e6, 0.2e6);
  EXPECT_EQ(estimate_text(Kind::time, e), "10.00ms ±0.20");
  e.cut_off = 3;
  EXPECT_EQ(estimate_text(Kind::time, e), "> 10.00ms") << "an interval would look like one";
  e = mean_of(0, 0);
  EXPECT_EQ(estimate_text(Kind::time, e), "0");
  e.cut_off = 1;
  EXPECT_EQ(estimate_text(Kind::time, e), "> 0.000ns");
  EXPECT_EQ(estimate_text(Kind::time, Estimate{}), "-");
}

TEST(EstimateText, OfOneObservationHasNoInterval) {
  EXPECT_EQ(estimate_text(Kind::count, mean_of(12, std::numeric_limits<double>::infinity())),
            "12.000");
}

TEST(Table, AlignsByWhatTheScreenShows) {
  Table table({Table::Align::left, Table::Align::right});
  table.add({"\x1b[1mab\x1b[0m", "±1"});
  table.add({"abcd", "123"});
  EXPECT_EQ(table.text(), "\x1b[1mab\x1b[0m     ±1\nabcd  123\n");
  EXPECT_EQ(table.width(), 9);
}

TEST(Terminal, CountsColumnsAndNotBytes) { EXPECT_EQ(display_width("±12 µs"), 6); }

// ---- faults

TEST(FaultText, SaysEverythingThatWasWritten) {
  Fault f;
  f.sites = {"a", "b"};
  f.each = 0.5;
  f.when.kind = Trigger::Kind::at_time;
  f.when.time = std::chrono::milliseconds(5);
  f.when.transactions = {3, 7};
  f.when.from = std::chrono::milliseconds(1);
  f.when.until = std::chrono::milliseconds(9);
  EXPECT_EQ(fault_text(f),
            "a, b down (each with probability 50 %) from 5ms on, only in transactions 3, 7, not "
            "before 1ms, only before 9ms, for good");
  Fault doubt;
  doubt.kind = Fault::Kind::heuristic;
  doubt.sites = {"a"};
  doubt.after = std::chrono::seconds(2);
  EXPECT_EQ(fault_text(doubt), "a in doubt for 2s decides abort alone");
  Fault disk;
  disk.kind = Fault::Kind::disk;
  disk.sites = {"a"};
  disk.lies = true;
  EXPECT_EQ(fault_text(disk), "a forced write at a seems done and is not durable");
  disk.lies = false;
  EXPECT_EQ(fault_text(disk), "a forced write fails at a, which crashes, for good");
  Fault point;
  point.sites = {"a"};
  point.when.kind = Trigger::Kind::at_point;
  point.when.point = {Point::Where::before, Point::What::send, "YES", "", 0, ""};
  point.when.occurrence = 2;
  EXPECT_EQ(fault_text(point),
            "a down from `before send YES` on, the 2nd time that it is met, for good");
}

}  // namespace
}  // namespace indoubt
