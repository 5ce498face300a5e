#include "scenarios/suggestion.h"

#include <gtest/gtest.h>

#include <array>

namespace indoubt {
namespace {

constexpr std::array<std::string_view, 5> kWords = {"vote_yes", "prepare", "count", "site", "2pc"};

TEST(EditDistance, CountsInsertionsDeletionsReplacementsAndExchanges) {
  EXPECT_EQ(edit_distance("votes", "votes"), 0);
  EXPECT_EQ(edit_distance("vote", "votes"), 1);
  EXPECT_EQ(edit_distance("vottes", "votes"), 1);
  EXPECT_EQ(edit_distance("vates", "votes"), 1);
  EXPECT_EQ(edit_distance("voets", "votes"), 1);
  EXPECT_EQ(edit_distance("", "abc"), 3);
  EXPECT_EQ(edit_distance("abc", ""), 3);
  EXPECT_EQ(edit_distance("kitten", "sitting"), 3);
  EXPECT_EQ(edit_distance("ca", "abc"), 3);  // no substring is edited twice
}

TEST(EditDistance, IgnoresCaseAndTheKindOfDash) {
  EXPECT_EQ(edit_distance("Vote-Yes", "vote_yes"), 0);
  EXPECT_EQ(edit_distance("at least one", "at-least-one"), 0);
}

TEST(Nearest, FindsAMistypedWord) {
  EXPECT_EQ(nearest("vote_yse", kWords), "vote_yes");
  EXPECT_EQ(nearest("voteyes", kWords), "vote_yes");
  EXPECT_EQ(nearest("2cp", kWords), "2pc");
  EXPECT_EQ(nearest("Site", kWords), "site");
}

TEST(Nearest, IsSilentWhereNothingIsNear) {
  EXPECT_EQ(nearest("colour", kWords), "");
  EXPECT_EQ(nearest("x", kWords), "");
  EXPECT_EQ(nearest("", kWords), "");
  EXPECT_EQ(nearest(std::string(100, 'x'), kWords), "");
}

TEST(Choices, AskAndList) {
  EXPECT_EQ(choices("cuont", "keys", kWords),
            "; did you mean count? keys: vote_yes, prepare, count, site, 2pc");
  EXPECT_EQ(choices("colour", "keys", kWords), "; keys: vote_yes, prepare, count, site, 2pc");
  EXPECT_EQ(choices("colour", "keys", {}), "; keys: (none)");
}

}  // namespace
}  // namespace indoubt
