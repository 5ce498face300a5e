// Goal: every future event list pops the same sequence, whatever the load. The heap is the
// reference; it is checked against a sorted copy.
#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "sim/engine/heap_events.h"
#include "sim/engine/ladder_events.h"
#include "sim/random/draws.h"

namespace indoubt {
namespace {

/// Whole numbers from the project's own generator, one after another.
class Words {
 public:
  explicit Words(std::uint64_t seed) : draws_(seed, 0) {}
  std::uint64_t next() {
    if (n_ % 4 == 0) block_ = draws_.block(1, Purpose::link, 0, n_ / 4);
    return block_[n_++ % 4];
  }
  std::int64_t below(std::int64_t end) {
    return static_cast<std::int64_t>(next() % static_cast<std::uint64_t>(end));
  }

 private:
  Draws draws_;
  Philox::Block block_{};
  std::uint64_t n_ = 0;
};

EventKey key(std::int64_t at, std::uint64_t sequence,
             EventKey::Class c = EventKey::Class::delivery) {
  return {at, EventKey::order_of(c, sequence) | (sequence & 0xffff)};
}

/// Pops `pops` events from both lists. After each, `refill(now, popped)` gives the delays of the
/// new ones; when both run dry, time starts again at 0, as it does from one transaction to the
/// next.
template <class Refill>
void expect_same_sequence(LadderEvents& ladder, int pops, Refill&& refill) {
  HeapEvents heap;
  std::uint64_t sequence = 0;
  std::vector<std::int64_t> delays;
  const auto push = [&](std::int64_t now) {
    for (const std::int64_t delay : delays) {
      const auto c = sequence % 7 == 0 ? EventKey::Class::timeout : EventKey::Class::delivery;
      heap.push(key(now + delay, sequence, c));
      ladder.push(key(now + delay, sequence, c));
      ++sequence;
    }
  };
  for (int i = 0; i < pops; ++i) {
    const std::int64_t now = heap.empty() ? 0 : heap.top().at;
    if (!heap.empty()) {
      ASSERT_EQ(ladder.top(), heap.top()) << "pop " << i;
      heap.pop();
      ladder.pop();
    }
    delays.clear();
    refill(now, i, heap.size(), delays);
    push(now);
    ASSERT_EQ(ladder.size(), heap.size());
    ASSERT_EQ(ladder.empty(), heap.empty());
  }
}

/// Keeps the list at `depth(i)` events.
template <class Depth, class Delay>
void expect_same_at_depth(LadderEvents& ladder, int pops, Depth&& depth, Delay&& delay) {
  expect_same_sequence(ladder, pops,
                       [&](std::int64_t, int i, std::size_t size, std::vector<std::int64_t>& out) {
                         const std::size_t aim = static_cast<std::size_t>(depth(i));
                         const std::size_t most = size + 50;  // the load grows step by step
                         while (size + out.size() < std::min(aim, most)) out.push_back(delay());
                       });
}

TEST(HeapEvents, PopInOrderOfTimeClassAndSequence) {
  Words words(1);
  HeapEvents heap;
  std::vector<EventKey> sorted;
  for (std::uint64_t n = 0; n < 5'000; ++n) {
    const auto c = static_cast<EventKey::Class>(words.below(2));
    sorted.push_back(key(words.below(300), n, c));
    heap.push(sorted.back());
  }
  std::sort(sorted.begin(), sorted.end());
  for (const EventKey& expected : sorted) {
    ASSERT_EQ(heap.top(), expected);
    heap.pop();
  }
  EXPECT_TRUE(heap.empty());
}

TEST(EventKey, DeliveriesComeBeforeTimeoutsAtOneInstantWhateverTheirSequence) {
  EXPECT_LT(key(5, 9), key(5, 1, EventKey::Class::timeout));
  EXPECT_LT(key(4, 9, EventKey::Class::timeout), key(5, 1));
  EXPECT_LT(key(5, 1), key(5, 2));
  EXPECT_EQ(key(1, 77).handle(), 77u);
  EXPECT_EQ(sizeof(EventKey), 16u);
}

TEST(LadderEvents, PopAsTheHeapWithRandomDelaysOfAllMagnitudes) {
  Words words(2);
  LadderEvents ladder;
  expect_same_at_depth(
      ladder, 1'000'000, [](int) { return 5'000; },
      [&] { return words.below(std::int64_t{1} << (4 + words.below(36))); });
}

TEST(LadderEvents, PopAsTheHeapWithConstantDelays) {
  Words words(3);
  LadderEvents ladder;
  expect_same_at_depth(
      ladder, 300'000, [](int) { return 2'000; },
      [&] { return words.below(4) == 0 ? words.below(2'000'000) : 1'000'000; });
  EXPECT_LE(ladder.rebuilds(), 20u);
}

TEST(LadderEvents, PopAsTheHeapWithBurstsAtOneInstant) {
  LadderEvents ladder;
  expect_same_sequence(ladder, 200'000,
                       [&](std::int64_t, int i, std::size_t size, std::vector<std::int64_t>& out) {
                         if (size == 0)
                           out.assign(static_cast<std::size_t>(1 + i % 3'000), 10'000'000);
                         if (i % 5 == 0) out.push_back(0);
                       });
}

TEST(LadderEvents, PopAsTheHeapWhileTheLoadChangesByAThousand) {
  Words words(4);
  LadderEvents ladder;
  expect_same_at_depth(
      ladder, 1'000'000, [](int i) { return i / 100'000 % 2 == 0 ? 50 : 50'000; },
      [&] { return words.below(4) == 0 ? 1'000'000 : words.below(3'000'000); });
  EXPECT_LE(ladder.rebuilds(), 60u) << "a rebuild costs as much as everything that is pending";
}

TEST(LadderEvents, PopAsTheHeapWithNearAndFarPushes) {
  Words words(5);
  LadderEvents ladder;
  const std::int64_t delays[] = {0, 1, 1'000, 5'000'000, 3'600'000'000'000, 1'000'000'000'000'000};
  expect_same_at_depth(
      ladder, 300'000, [](int) { return 1'000; }, [&] { return delays[words.below(6)]; });
}

TEST(LadderEvents, PopAsTheHeapWhenFarOnesComeDueWhileNearOnesKeepItBusy) {
  Words words(9);
  LadderEvents ladder;
  expect_same_sequence(ladder, 500'000,
                       [&](std::int64_t, int i, std::size_t size, std::vector<std::int64_t>& out) {
                         if (size < 200) out.push_back(words.below(2'000'000));
                         if (i % 2 == 0) out.push_back(words.below(2'000'000));
                         if (i % 1'000 == 0) out.push_back(500'000'000 + words.below(1'000));
                       });
}

TEST(LadderEvents, PopAsTheHeapWhenTimeStartsAgainAtZero) {
  Words words(6);
  LadderEvents ladder;
  expect_same_sequence(ladder, 200'000,
                       [&](std::int64_t, int, std::size_t size, std::vector<std::int64_t>& out) {
                         if (size == 0) out.assign(4, words.below(50'000'000));
                         if (size < 6 && words.below(2) == 0) out.push_back(words.below(9'000'000));
                       });
}

/// `count` events of both classes at one instant, in an order that `word` mixes.
template <class Word>
void expect_sorted_at_little_cost(int count, Word&& word) {
  HeapEvents heap;
  LadderEvents ladder;
  for (int n = 0; n < count; ++n) {
    const auto w = static_cast<std::uint64_t>(word(n));
    const auto c = w % 2 == 0 ? EventKey::Class::timeout : EventKey::Class::delivery;
    const EventKey k = key(5'000'000, (w >> 1 << 20) + static_cast<std::uint64_t>(n), c);
    heap.push(k);
    ladder.push(k);
  }
  for (; !heap.empty(); heap.pop(), ladder.pop()) ASSERT_EQ(ladder.top(), heap.top());
  EXPECT_LE(ladder.places_moved(), 18 * static_cast<std::uint64_t>(count));
}

TEST(LadderEvents, SortManyDeliveriesAndTimeoutsOfOneInstantWithoutQuadraticCost) {
  constexpr int kCount = 100'000;
  Words words(10);
  expect_sorted_at_little_cost(kCount, [](int n) { return n % 2; });
  expect_sorted_at_little_cost(kCount, [](int n) { return n < kCount / 2 ? 0 : 1; });
  expect_sorted_at_little_cost(kCount, [&](int) { return words.next() >> 50; });
  expect_sorted_at_little_cost(kCount, [](int n) { return 2 * (kCount - n) % 16'384; });
}

TEST(LadderEvents, WorkAsBeforeAfterTimeHasStartedAgain) {
  Words words(11);
  LadderEvents ladder;
  for (int round = 0; round < 300; ++round) {
    HeapEvents heap;
    const int count = 1 + static_cast<int>(words.below(400));
    for (int n = 0; n < count; ++n) {
      const EventKey k = key(words.below(5'000'000), static_cast<std::uint64_t>(n));
      heap.push(k);
      ladder.push(k);
    }
    int known = 0;
    for (; !heap.empty(); heap.pop(), ladder.pop()) {
      ASSERT_EQ(ladder.top(), heap.top());
      known += ladder.peek(0) != nullptr;
    }
    ASSERT_EQ(known, count) << "events lie in the ladder and not in the heap of late ones";
    ladder.restart();
  }
  EXPECT_LE(ladder.rebuilds(), 12u);
}

TEST(LadderEventsDeathTest, TimeDoesNotStartAgainWhileSomethingIsPending) {
  LadderEvents ladder;
  ladder.push(key(5, 1));
  EXPECT_DEATH(ladder.restart(), "empty");
}

TEST(LadderEvents, ASettledLoadIsNotRebuiltAgainAndAgain) {
  Words words(7);
  for (const int depth : {10, 1'000, 100'000}) {
    LadderEvents ladder;
    const auto delay = [&] { return words.below(10'000'000); };
    expect_same_at_depth(
        ladder, 400'000, [&](int) { return depth; }, delay);
    const std::uint64_t settled = ladder.rebuilds();
    EXPECT_LE(settled, 12u) << depth;
  }
}

TEST(LadderEvents, PeekShowsWhatWillComeIfItKnows) {
  Words words(8);
  LadderEvents ladder;
  for (std::uint64_t n = 0; n < 20'000; ++n) ladder.push(key(words.below(100'000'000), n));
  int known = 0;
  while (ladder.size() > 5) {
    ladder.top();
    const EventKey* next = ladder.peek(1);
    const EventKey expected = next != nullptr ? *next : EventKey{};
    const bool knows = next != nullptr;
    ladder.pop();
    if (!knows) continue;
    ++known;
    ASSERT_EQ(ladder.top(), expected);
  }
  EXPECT_GT(known, 10'000);
}

}  // namespace
}  // namespace indoubt
