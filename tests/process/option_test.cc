// Goal: an option field's default and setter agree with the Options object it describes.
#include "sim/process/option.h"

#include <gtest/gtest.h>

#include "sim/process/traits.h"

namespace indoubt {
namespace {

struct Options {
  enum class Colour : unsigned char { red, green, blue } colour = Colour::green;
  std::uint16_t tries = 7;
  bool polite = true;
};
constexpr std::string_view kColours[] = {"red", "green", "blue"};
constexpr OptionField kFields[] = {
    choice<Options, &Options::colour>("colour", "A colour.", kColours),
    number<Options, &Options::tries>("tries", "How often.", 1, 10'000),
    choice<Options, &Options::polite>("polite", "Whether.", kNoYes),
};

TEST(OptionField, StandardIsWhatADefaultObjectHolds) {
  EXPECT_EQ(kFields[0].standard, 1);
  EXPECT_EQ(kFields[1].standard, 7);
  EXPECT_EQ(kFields[2].standard, 1);
}

TEST(OptionField, SetStoresAChoiceByIndexAndANumberAsItIs) {
  Options options;
  kFields[0].set(&options, 2);
  kFields[1].set(&options, 10'000);
  kFields[2].set(&options, 0);
  EXPECT_EQ(options.colour, Options::Colour::blue);
  EXPECT_EQ(options.tries, 10'000);
  EXPECT_FALSE(options.polite);
}

TEST(OptionField, ANumberHasARangeAndNoChoices) {
  EXPECT_TRUE(kFields[1].choices.empty());
  EXPECT_EQ(kFields[1].least, 1);
  EXPECT_EQ(kFields[1].most, 10'000);
  EXPECT_EQ(kFields[0].choices.size(), 3u);
}

TEST(ProtocolTraits, NeedAsManyYesVotesAsTheRuleSays) {
  const auto needed = [](DecisionRule rule, int n) { return ProtocolTraits{rule, 2}.needed(n); };
  EXPECT_EQ(needed(DecisionRule::all, 5), 5);
  EXPECT_EQ(needed(DecisionRule::majority, 5), 3);
  EXPECT_EQ(needed(DecisionRule::majority, 4), 3) << "more than half, not half";
  EXPECT_EQ(needed(DecisionRule::majority, 1), 1);
  EXPECT_EQ(needed(DecisionRule::any, 5), 1);
  EXPECT_EQ(needed(DecisionRule::at_least, 5), 2);
}

}  // namespace
}  // namespace indoubt
