// Goal: a ProcessSet behaves as a std::set of ids does, at every width.
#include "sim/process/process_set.h"

#include <gtest/gtest.h>

#include <cstring>
#include <set>
#include <vector>

#include "sim/random/draws.h"

namespace indoubt {
namespace {

template <class Set>
std::vector<int> members(const Set& set) {
  std::vector<int> ids;
  set.for_each([&](ProcessId p) { ids.push_back(p); });
  return ids;
}

std::vector<int> members(const std::set<int>& set) { return {set.begin(), set.end()}; }

template <class Width>
class ProcessSetOfWidth : public testing::Test {
 public:
  static constexpr int kWidth = Width::value;
  using Ids = ProcessSet<kWidth>;
};

template <int k>
using Width = std::integral_constant<int, k>;
using Widths = testing::Types<Width<1>, Width<31>, Width<32>, Width<33>, Width<64>, Width<320>>;
TYPED_TEST_SUITE(ProcessSetOfWidth, Widths);

TYPED_TEST(ProcessSetOfWidth, FollowsAReferenceSetThroughRandomChanges) {
  constexpr int kMax = TestFixture::kWidth;
  typename TestFixture::Ids set;
  std::set<int> reference;
  for (std::uint64_t n = 0; n < 2'000; ++n) {
    const std::uint64_t word = Draws(1, 0).word({1, Purpose::link, kMax, n});
    const int id = static_cast<int>(word % kMax);
    const ProcessId p = static_cast<ProcessId>(id);
    if ((word >> 40) % 2 == 0) {
      set.insert(p);
      reference.insert(id);
    } else {
      set.erase(p);
      reference.erase(id);
    }
    ASSERT_EQ(set.contains(p), reference.count(id) == 1);
    ASSERT_EQ(set.size(), static_cast<int>(reference.size()));
    ASSERT_EQ(set.empty(), reference.empty());
    if (!reference.empty()) {
      ASSERT_EQ(set.first(), *reference.begin());
      const auto later = reference.lower_bound(id);
      ASSERT_EQ(set.next_in_turn(id), later == reference.end() ? *reference.begin() : *later);
    }
    ASSERT_EQ(members(set), members(reference));
  }
}

TYPED_TEST(ProcessSetOfWidth, ARangeHoldsItsFirstAndNotItsEnd) {
  constexpr int kMax = TestFixture::kWidth;
  for (int first = 0; first <= kMax; ++first) {
    for (int end = 0; end <= kMax; end += 1 + kMax / 40) {
      std::vector<int> expected;
      for (int p = first; p < end; ++p) expected.push_back(p);
      ASSERT_EQ(members(TestFixture::Ids::range(first, end)), expected) << first << " to " << end;
    }
  }
  EXPECT_EQ(TestFixture::Ids::range(0, kMax).size(), kMax);
}

TYPED_TEST(ProcessSetOfWidth, DifferenceUnionAndEqualityAreThoseOfSets) {
  constexpr int kMax = TestFixture::kWidth;
  typename TestFixture::Ids threes, fives, neither, both;
  for (int p = 0; p < kMax; ++p) {
    const ProcessId id = static_cast<ProcessId>(p);
    if (p % 3 == 0) threes.insert(id);
    if (p % 5 == 0) fives.insert(id);
    if (p % 3 == 0 && p % 5 != 0) neither.insert(id);
    if (p % 3 == 0 || p % 5 == 0) both.insert(id);
  }
  EXPECT_EQ(threes - fives, neither);
  EXPECT_EQ(threes | fives, both);
  EXPECT_EQ(threes - threes, typename TestFixture::Ids{});
  typename TestFixture::Ids other = threes;
  other.contains(0) ? other.erase(0) : other.insert(0);
  EXPECT_NE(threes, other);
}

TYPED_TEST(ProcessSetOfWidth, AnExchangeRenamesTwoMembersAndTwiceIsNothing) {
  constexpr int kMax = TestFixture::kWidth;
  typename TestFixture::Ids set;
  for (int p = 0; p < kMax; p += 2) set.insert(static_cast<ProcessId>(p));
  for (int a = 0; a < kMax; a += 1 + kMax / 16) {
    for (int b = 0; b < kMax; b += 1 + kMax / 24) {
      typename TestFixture::Ids renamed = set;
      renamed.exchange(static_cast<ProcessId>(a), static_cast<ProcessId>(b));
      for (int p = 0; p < kMax; ++p) {
        const int was = p == a ? b : p == b ? a : p;
        ASSERT_EQ(renamed.contains(static_cast<ProcessId>(p)), was % 2 == 0);
      }
      renamed.exchange(static_cast<ProcessId>(b), static_cast<ProcessId>(a));
      ASSERT_EQ(renamed, set);
    }
  }
}

TYPED_TEST(ProcessSetOfWidth, EqualSetsHaveEqualBytes) {
  using Set = typename TestFixture::Ids;
  static_assert(std::has_unique_object_representations_v<Set>);
  Set inserted = Set::range(0, TestFixture::kWidth), ranged = inserted;
  inserted.erase(0);
  inserted.insert(0);
  EXPECT_EQ(std::memcmp(&inserted, &ranged, sizeof(Set)), 0);
}

TEST(ProcessSet, PaysOneBitPerProcessInWholeWords) {
  EXPECT_EQ(sizeof(ProcessSet<32>), 4u);
  EXPECT_EQ(sizeof(ProcessSet<256>), 32u);
  EXPECT_EQ(sizeof(ProcessSet<320>), 40u);
}

}  // namespace
}  // namespace indoubt
