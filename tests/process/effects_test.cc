// Goal: effects recorded as values say what was asked for, in order, and can be asked for again.
#include "sim/process/effect.h"

#include <gtest/gtest.h>

#include <numeric>
#include <vector>

namespace indoubt {
namespace {

const std::vector<ProcessId> kPair = {1, 3};

void ask_for_everything(Sink& sink) {
  sink.send(2, Message{77});
  sink.send_set(kPair, Message{78});
  sink.prepare();
  sink.vote(LocalVote::read_only);
  sink.force(5);
  sink.log(6);
  sink.set_timer(1);
  sink.cancel_timer(2);
  sink.decide(Outcome::abort, AbortCause::vote_timeout);
  sink.forget();
}

TEST(Effects, KeepWhatWasAskedForInProgramOrder) {
  Effects effects;
  ask_for_everything(effects);
  ASSERT_EQ(effects.size(), 10);
  using Kind = Effect::Kind;
  const Kind order[] = {Kind::send,   Kind::send_set, Kind::prepare,   Kind::vote,
                        Kind::force,  Kind::log,      Kind::set_timer, Kind::cancel_timer,
                        Kind::decide, Kind::forget};
  for (int i = 0; i < 10; ++i) EXPECT_EQ(effects[i].kind, order[i]) << i;
  EXPECT_EQ(effects[0].to, 2);
  EXPECT_EQ(effects[0].word, 77u);
  const auto members = effects.members(effects[1]);
  EXPECT_EQ(std::vector<ProcessId>(members.begin(), members.end()), kPair);
  EXPECT_EQ(effects[4].word, 5u);
  EXPECT_EQ(effects[5].word, 6u);
  EXPECT_EQ(effects[6].tag, 1);
  EXPECT_EQ(effects[7].tag, 2);
  EXPECT_EQ(static_cast<LocalVote>(effects[3].tag), LocalVote::read_only);
  EXPECT_EQ(static_cast<Outcome>(effects[8].tag), Outcome::abort);
}

TEST(Effects, ReplayedGiveTheSameEffects) {
  Effects effects, copy;
  ask_for_everything(effects);
  effects.replay(copy, 0);
  EXPECT_EQ(copy, effects);
}

TEST(Effects, ReplayedFromAPlaceLeaveOutWhatIsBefore) {
  Effects effects, rest, expected;
  ask_for_everything(effects);
  effects.replay(rest, 8);
  expected.decide(Outcome::abort, AbortCause::vote_timeout);
  expected.forget();
  EXPECT_EQ(rest, expected);
}

TEST(Effects, AreEqualOnlyIfEveryDestinationIs) {
  Effects a, b, shorter;
  a.send_set(std::vector<ProcessId>{1, 2, 3}, Message{7});
  b.send_set(std::vector<ProcessId>{1, 2, 4}, Message{7});
  shorter.send_set(std::vector<ProcessId>{1, 2}, Message{7});
  EXPECT_FALSE(a == b);
  EXPECT_FALSE(a == shorter);
  EXPECT_EQ(a, a);
}

TEST(Effects, AreEqualOnlyInTheSameOrderAndNumber) {
  Effects one, other, more;
  one.set_timer(1);
  one.cancel_timer(1);
  other.cancel_timer(1);
  other.set_timer(1);
  more.set_timer(1);
  EXPECT_FALSE(one == other);
  EXPECT_FALSE(one == more);
}

TEST(Effects, ClearedAreEmptyAndHaveTheirWholeRoomAgain) {
  std::vector<ProcessId> all(kMostProcesses);
  std::iota(all.begin(), all.end(), ProcessId{0});
  Effects effects;
  for (int round = 0; round < 100; ++round) {
    effects.clear();
    EXPECT_EQ(effects, Effects{});
    for (int k = 0; k < 4; ++k) effects.send_set(all, Message{1});
    EXPECT_EQ(effects.size(), 4);
  }
}

TEST(Effects, SetsDoNotOverwriteEachOther) {
  Effects effects;
  effects.send_set(std::vector<ProcessId>{1, 2}, Message{1});
  effects.send_set(std::vector<ProcessId>{7, 8, 9}, Message{2});
  EXPECT_EQ(effects.members(effects[0]).back(), 2);
  EXPECT_EQ(effects.members(effects[1]).front(), 7);
  EXPECT_EQ(effects.members(effects[1]).size(), 3u);
}

TEST(EffectsDeathTest, MoreEffectsThanTheLimitAreAProgrammersError) {
  Effects effects;
  for (int i = 0; i < Effects::kMostEffects; ++i) effects.prepare();
  EXPECT_DEATH(effects.prepare(), "kMostEffects");
}

TEST(EffectsDeathTest, MoreDestinationsThanTheLimitAreAProgrammersError) {
  std::vector<ProcessId> all(kMostProcesses);
  Effects effects;
  for (int k = 0; k < 4; ++k) effects.send_set(all, Message{1});
  EXPECT_DEATH(effects.send_set(kPair, Message{1}), "kMostDestinations");
}

TEST(Effects, AnEffectIsSixteenBytes) { EXPECT_EQ(sizeof(Effect), 16u); }

}  // namespace
}  // namespace indoubt
