// Goal: constant time-outs come out in the order in which they were armed, and cancelled ones take
// no lasting room.
#include "sim/engine/timeout_fifo.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "sim/random/draws.h"
#include "tests/support/allocations.h"

namespace indoubt {
namespace {

ArmedTimeout armed(std::int64_t at, std::uint32_t token) { return {at, token, nullptr, token, 0}; }
const auto all_live = [](const ArmedTimeout&) { return true; };

TEST(TimeoutFifo, GivesTimeoutsInTheOrderOfArming) {
  TimeoutFifo fifo;
  for (std::uint32_t n = 1; n <= 1'000; ++n) fifo.push(armed(n, n), all_live);
  for (std::uint32_t n = 1; n <= 1'000; ++n) {
    ASSERT_FALSE(fifo.empty());
    ASSERT_EQ(fifo.front().token, n);
    fifo.pop();
  }
  EXPECT_TRUE(fifo.empty());
}

TEST(TimeoutFifo, KeepsTheOrderWhileItIsPoppedPushedAndSwept) {
  TimeoutFifo fifo;
  const Draws draws(1, 0);
  std::set<std::uint32_t> live;
  const auto is_live = [&](const ArmedTimeout& x) { return live.count(x.token) != 0; };
  std::uint32_t armed_so_far = 0, last = 0;
  for (std::uint64_t n = 0; n < 200'000; ++n) {
    const std::uint64_t word = draws.word({1, Purpose::link, 0, n});
    ++armed_so_far;
    fifo.push(armed(armed_so_far, armed_so_far), is_live);
    live.insert(armed_so_far);
    if (word % 8 != 0) live.erase(static_cast<std::uint32_t>(word >> 16) % armed_so_far + 1);
    if (word % 3 != 0) continue;
    while (!fifo.empty() && !is_live(fifo.front())) fifo.pop();
    if (fifo.empty()) continue;
    ASSERT_GT(fifo.front().token, last);
    ASSERT_EQ(fifo.front().token, *live.begin()) << "no live one is lost";
    last = fifo.front().token;
    live.erase(last);
    fifo.pop();
  }
}

TEST(TimeoutFifo, NeverDropsALiveOneWhenItGrows) {
  TimeoutFifo fifo;
  for (std::uint32_t n = 1; n <= 10'000; ++n) fifo.push(armed(n, n), all_live);
  EXPECT_GE(fifo.capacity(), 10'000u);
  std::uint32_t popped = 0;
  for (; !fifo.empty(); fifo.pop()) ++popped;
  EXPECT_EQ(popped, 10'000u);
}

/// Arms a million time-outs of which the last `live` ones are live; gives the room taken.
std::size_t room_for(std::uint32_t live) {
  TimeoutFifo fifo;
  for (std::uint32_t n = 1; n <= 1'000'000; ++n) {
    fifo.push(armed(n, n), [&](const ArmedTimeout& x) { return x.token + live > n; });
  }
  return fifo.capacity();
}

TEST(TimeoutFifo, RoomFollowsTheLiveOnesAndNotTheArmedOnes) {
  EXPECT_EQ(room_for(1), 64u);
  EXPECT_EQ(room_for(30), 64u);
  for (const std::uint32_t live : {100u, 1'000u, 1'100u, 2'000u, 20'000u, 100'000u}) {
    EXPECT_LE(room_for(live), 2 * live) << live;
    EXPECT_GE(room_for(live), live) << live;
  }
}

/// Time-outs of which the youngest `aim` are live, or fewer just after `aim` has grown; some are
/// popped at the front, as when they expire.
class Load {
 public:
  void arm(std::uint64_t times, std::uint32_t aim) {
    for (std::uint64_t n = 0; n < times; ++n) {
      ++last_;
      first_live_ = std::max(first_live_, last_ >= aim ? last_ - aim + 1 : 1);
      fifo.push(armed(last_, last_), [&](const ArmedTimeout& x) {
        ++asked;
        return x.token >= first_live_;
      });
      most_live = std::max<std::size_t>(most_live, last_ - first_live_ + 1);
      if (last_ % 3 == 0 && !fifo.empty() && fifo.front().token < first_live_) fifo.pop();
      most_room = std::max(most_room, fifo.capacity());
    }
  }
  TimeoutFifo fifo;
  std::size_t most_live = 0, most_room = 0;
  std::uint64_t asked = 0;

 private:
  std::uint32_t last_ = 0, first_live_ = 1;
};

TEST(TimeoutFifo, RoomIsAtMostTwiceTheMostThatWereLive) {
  for (std::uint32_t aim = 64; aim < 20'000; aim += aim / 16) {
    Load load;
    load.arm(5 * std::uint64_t{aim}, aim);
    ASSERT_EQ(load.most_live, aim);
    ASSERT_LE(load.most_room, 2 * aim + 16) << aim;
  }
}

TEST(TimeoutFifo, RoomFollowsALoadThatRisesAndFalls) {
  Load load;
  for (const std::uint32_t aim : {100u, 5'000u, 70u, 64u, 90'000u, 1'000u, 900u, 1'100u, 64u}) {
    load.arm(250'000, aim);
    EXPECT_LE(load.fifo.capacity(), 9 * aim / 4 + 14 * 16) << aim;
    EXPECT_GE(load.fifo.capacity(), aim);
    EXPECT_LE(load.most_room, 2 * load.most_live + 16) << aim;
  }
}

TEST(TimeoutFifo, RoomIsGivenBackEvenIfAllLeaveByTheFront) {
  Load load;
  load.arm(50'000, 50'000);
  for (int n = 0; n < 49'900; ++n) load.fifo.pop();
  EXPECT_LE(load.fifo.capacity(), 9 * 100 / 4 + 14 * 16);
}

TEST(TimeoutFifo, AsksForEachArmedOneOnlyAFewTimes) {
  for (const std::uint32_t aim : {1u, 64u, 1'000u, 30'000u}) {
    Load load;
    load.arm(500'000, aim);
    EXPECT_LE(load.asked, 3u * 500'000) << aim;
  }
}

TEST(TimeoutFifo, ASteadyLoadAllocatesNothing) {
  Load load;
  load.arm(20'000, 1'000);
  const std::uint64_t before = allocations();
  load.arm(100'000, 1'000);
  for (int i = 0; i < 50; ++i) load.arm(2'000, i % 2 == 0 ? 1'100 : 950);
  EXPECT_LE(allocations() - before, 20u);
}

TEST(TimeoutFifo, ClearedIsEmptyAndKeepsItsRoom) {
  TimeoutFifo fifo;
  for (std::uint32_t n = 1; n <= 100; ++n) fifo.push(armed(n, n), all_live);
  const std::size_t room = fifo.capacity();
  fifo.clear();
  EXPECT_TRUE(fifo.empty());
  EXPECT_EQ(fifo.capacity(), room);
  fifo.push(armed(7, 7), all_live);
  EXPECT_EQ(fifo.front().token, 7u);
}

}  // namespace
}  // namespace indoubt
