// Goal: a word depends on its place alone, however and whenever it is drawn.
#include "sim/random/draws.h"

#include <gtest/gtest.h>

#include <set>
#include <vector>

namespace indoubt {
namespace {

const Draws kDraws(2024, 3);

std::vector<std::uint64_t> take(DrawWords words, int count) {
  std::vector<std::uint64_t> taken;
  for (int i = 0; i < count; ++i) taken.push_back(words());
  return taken;
}

TEST(Draws, ABlockHoldsFourConsecutiveWords) {
  for (std::uint64_t n = 0; n < 12; ++n) {
    const Philox::Block block = kDraws.block(5, Purpose::loss, 2, n / 4);
    EXPECT_EQ(kDraws.word({5, Purpose::loss, 2, n}), block[n % 4]);
  }
}

TEST(Draws, EveryCoordinateOfThePlaceMatters) {
  const std::set<std::uint64_t> words = {
      Draws(1, 0).word({1, Purpose::link, 1, 1}),  Draws(2, 0).word({1, Purpose::link, 1, 1}),
      Draws(1, 1).word({1, Purpose::link, 1, 1}),  Draws(1, 0).word({2, Purpose::link, 1, 1}),
      Draws(1, 0).word({1, Purpose::local, 1, 1}), Draws(1, 0).word({1, Purpose::link, 2, 1}),
      Draws(1, 0).word({1, Purpose::link, 1, 2}),  Draws(1, 0).word({1, Purpose::link, 1, 5})};
  EXPECT_EQ(words.size(), 8u);
}

TEST(Draws, PurposesKeepTheirPublishedNumbers) {
  EXPECT_EQ(static_cast<int>(Purpose::link), 1);
  EXPECT_EQ(static_cast<int>(Purpose::local), 2);
  EXPECT_EQ(static_cast<int>(Purpose::arrival), 3);
  EXPECT_EQ(static_cast<int>(Purpose::loss), 4);
  EXPECT_EQ(static_cast<int>(Purpose::duplicate), 5);
  EXPECT_EQ(static_cast<int>(Purpose::copy), 6);
  EXPECT_EQ(static_cast<int>(Purpose::force), 7);
  EXPECT_EQ(static_cast<int>(Purpose::timeout), 8);
}

TEST(Draws, FirstWordsArePinned) {
  EXPECT_EQ(Draws(1, 0).word({1, Purpose::link, 0, 0}), 0x8380664c2bb75f11u);
  EXPECT_EQ(Draws(1, 0).word({1'000'000, Purpose::timeout, 0x10002, 9}), 0xe069517b208fe705u);
}

TEST(DrawWords, AFirstWordDrawnAheadEqualsTheStatelessDraw) {
  for (std::uint64_t n = 0; n < 8; ++n) {
    const DrawPlace place{9, Purpose::link, 4, n};
    const Philox::Block page = kDraws.block(9, Purpose::link, 4, n / 4);
    EXPECT_EQ(take(DrawWords(kDraws, place, page[n % 4]), 10), take(DrawWords(kDraws, place), 10));
  }
}

TEST(DrawWords, FurtherWordsFollowFromThePlaceAlone) {
  const DrawPlace place{9, Purpose::link, 4, 6};
  const std::vector<std::uint64_t> words = take(DrawWords(kDraws, place), 10);
  EXPECT_EQ(words[0], kDraws.word(place));
  for (std::size_t k = 0; k < 9; ++k) {
    EXPECT_EQ(words[k + 1], kDraws.more(place, 1 + k / 4)[k % 4]) << "further word " << k;
  }
}

TEST(DrawWords, FurtherWordsOfOneDrawAreNotThoseOfItsNeighbours) {
  std::set<std::uint64_t> all;
  for (std::uint64_t n = 0; n < 16; ++n) {
    for (const std::uint64_t word : take(DrawWords(kDraws, {9, Purpose::link, 4, n}), 9)) {
      all.insert(word);
    }
  }
  EXPECT_EQ(all.size(), 16u * 9u);
}

TEST(UnitUniform, LiesInTheHalfOpenUnitInterval) {
  EXPECT_EQ(unit_uniform(0), 0.0);
  EXPECT_EQ(unit_uniform(~std::uint64_t{0}), 1 - 0x1p-53);
  EXPECT_EQ(unit_uniform(std::uint64_t{1} << 63), 0.5);
}

}  // namespace
}  // namespace indoubt
