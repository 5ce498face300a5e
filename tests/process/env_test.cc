// Goal: Env turns what a handler asks for into effects, in its own protocol's types and no others.
#include "sim/process/env.h"

#include <gtest/gtest.h>

#include "sim/process/effect.h"
#include "tests/process/toy_protocol.h"

namespace indoubt {
namespace {

using Toy = ToyProtocol<64>;

struct EnvTest : testing::Test {
  Effects asked;
  const Toy::Options options;
  const Group four{4, {}};
  Env<Toy> env{2, four, 5, options, asked};
};

TEST_F(EnvTest, KnowsWhoItIsAndWhoTakesPart) {
  EXPECT_EQ(env.self(), 2);
  EXPECT_FALSE(env.is_coordinator());
  EXPECT_EQ(env.processes(), 5);
  EXPECT_EQ(env.participants(), Toy::Set::range(1, 5));
  EXPECT_TRUE(Env<Toy>(kCoordinator, four, 5, options, asked).is_coordinator());
}

TEST_F(EnvTest, TellsAuxiliariesFromParticipants) {
  Env<Toy> last(5, four, 7, options, asked);
  EXPECT_EQ(last.processes(), 7);
  EXPECT_EQ(last.participants(), Toy::Set::range(1, 5));
  EXPECT_EQ(last.auxiliaries(), Toy::Set::range(5, 7));
  EXPECT_FALSE(last.is_participant());
  EXPECT_TRUE(env.is_participant());
  EXPECT_FALSE(Env<Toy>(kCoordinator, four, 7, options, asked).is_participant());
}

TEST_F(EnvTest, EveryWeightIsOneUnlessTheGroupSaysOtherwise) {
  const Group weighted{2, {3, 1, 5}};
  EXPECT_EQ(env.weight(4), 1);
  EXPECT_EQ(Env<Toy>(1, weighted, 3, options, asked).weight(2), 5);
  EXPECT_EQ(Env<Toy>(1, weighted, 3, options, asked).weight(kCoordinator), 3);
}

TEST_F(EnvTest, ASetIsOneEffectInIncreasingOrder) {
  Toy::Set to;
  for (const int p : {40, 3, 1}) to.insert(static_cast<ProcessId>(p));
  env.send(to, Toy::Greeting{7});
  ASSERT_EQ(asked.size(), 1);
  EXPECT_EQ(asked[0].kind, Effect::Kind::send_set);
  const auto members = asked.members(asked[0]);
  EXPECT_EQ(std::vector<int>(members.begin(), members.end()), (std::vector<int>{1, 3, 40}));
  EXPECT_EQ(asked[0].word, encode<Toy::Message>(Toy::Greeting{7}).word);
}

TEST_F(EnvTest, NothingIsSentToAnEmptySet) {
  env.send(Toy::Set{}, Toy::Greeting{7});
  EXPECT_EQ(asked.size(), 0);
}

TEST_F(EnvTest, RecordsBecomeWordsAndComeBack) {
  env.force({3, 9});
  env.log({4, 0});
  const auto forced = decode_record<Toy::Record>(asked[0].word);
  EXPECT_EQ(asked[0].kind, Effect::Kind::force);
  EXPECT_EQ(forced.kind, 3);
  EXPECT_EQ(forced.by, 9);
  EXPECT_EQ(asked[1].kind, Effect::Kind::log);
  EXPECT_EQ(decode_record<Toy::Record>(asked[1].word).kind, 4);
  EXPECT_EQ(encode_record(Toy::Record{}), 0u) << "a default record is: nothing was ever written";
}

TEST_F(EnvTest, TimersAreNamedByTheirTag) {
  env.set_timer(Toy::Timer::rest);
  env.cancel_timer(Toy::Timer::patience);
  EXPECT_EQ(asked[0], (Effect{.kind = Effect::Kind::set_timer, .tag = 1}));
  EXPECT_EQ(asked[1], (Effect{.kind = Effect::Kind::cancel_timer, .tag = 0}));
}

TEST_F(EnvTest, AWideSetReachesItsLastMember) {
  using Wide = ToyProtocol<320>;
  const Wide::Options wide_options;
  const Group all{319, {}};
  Env<Wide> wide(0, all, 320, wide_options, asked);
  wide.send(wide.participants(), Wide::Greeting{1});
  const auto members = asked.members(asked[0]);
  EXPECT_EQ(members.size(), 319u);
  EXPECT_EQ(members.front(), 1);
  EXPECT_EQ(members.back(), 319);
}

}  // namespace
}  // namespace indoubt
