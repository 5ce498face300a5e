#include "cli/format.h"

#include <gtest/gtest.h>

#include "cli/table.h"
#include "cli/terminal.h"

namespace indoubt {
namespace {

using Kind = Measure::Kind;

TEST(Format, GroupsThousands) {
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

TEST(Table, AlignsByWhatTheScreenShows) {
  Table table({Table::Align::left, Table::Align::right});
  table.add({"\x1b[1mab\x1b[0m", "±1"});
  table.add({"abcd", "123"});
  EXPECT_EQ(table.text(), "\x1b[1mab\x1b[0m     ±1\nabcd  123\n");
  EXPECT_EQ(table.width(), 9);
}

TEST(Terminal, CountsColumnsAndNotBytes) { EXPECT_EQ(display_width("±12 µs"), 6); }

}  // namespace
}  // namespace indoubt
