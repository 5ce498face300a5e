// The search against published counts: specifications of Gray & Lamport, whose numbers of states
// were also found with TLC, SPIN and Stateright.
#include <gtest/gtest.h>

#include <cstdint>
#include <set>
#include <vector>

#include "analysis/explore/search.h"
#include "tests/support/commit_specs.h"

namespace indoubt {
namespace {

using testing::TCommitSpec;
using testing::TwoPhaseSpec;

std::uint64_t power(std::uint64_t base, int exponent) {
  std::uint64_t p = 1;
  for (; exponent > 0; --exponent) p *= base;
  return p;
}

std::uint64_t choose(int n, int k) {
  std::uint64_t c = 1;
  for (int i = 1; i <= k; ++i)
    c = c * static_cast<std::uint64_t>(n - k + i) / static_cast<std::uint64_t>(i);
  return c;
}

template <class M>
SearchResult search(M model, int threads = 2) {
  Bounds bounds;
  bounds.threads = threads;
  return Search<M>(model, bounds).run({.violations = 1});
}

/// Worlds, transitions and levels without any of the search's machinery.
template <class M>
SearchResult naive(const M& model) {
  using World = typename M::World;
  SearchResult result;
  std::set<World> seen{model.initial()};
  for (std::vector<World> level{model.initial()}, next; !level.empty();
       level.swap(next), next.clear()) {
    ++result.levels;
    for (const World& w : level)
      model.successors(w, [&](const World& to, Label) {
        ++result.transitions;
        if (seen.insert(to).second) next.push_back(to);
      });
  }
  result.states = seen.size();
  return result;
}

TEST(TwoPhaseSpec, HasTheStatesOfTheClosedFormAtTheRightDepth) {
  for (int n = 1; n <= 8; ++n) {
    const SearchResult r = search(TwoPhaseSpec<>(n));
    EXPECT_EQ(r.stop, Stop::complete);
    EXPECT_EQ(r.states, power(2, n) + power(4, n) + power(6, n)) << n;
    EXPECT_EQ(r.levels, 3 * n + 2) << n;
    EXPECT_EQ(r.marks[testing::kInconsistent].depth, -1);
  }
}

TEST(TwoPhaseSpec, GeneratesAsManySuccessorsAsTlc) {
  const std::uint64_t with_the_initial_world[][2] = {
      {3, 1'146}, {5, 58'146}, {7, 2'744'706}, {8, 18'507'778}, {9, 123'558'402}};
  for (const auto& [n, generated] : with_the_initial_world) {
    const SearchResult r = search(TwoPhaseSpec<>(static_cast<int>(n)));
    EXPECT_EQ(r.transitions + 1, generated) << n;
    EXPECT_EQ(r.states, power(2, static_cast<int>(n)) + power(4, static_cast<int>(n)) +
                            power(6, static_cast<int>(n)));
  }
}

TEST(TwoPhaseSpec, HasTheOrbitsOfTheClosedFormUnderSymmetry) {
  for (const int n : {2, 3, 5, 7, 9, 10, 12}) {
    const SearchResult r = search(TwoPhaseSpec<>(n, TwoPhaseSpec<>::Symmetry::full));
    EXPECT_EQ(r.states, choose(n + 3, 3) + choose(n + 5, 5) + static_cast<std::uint64_t>(n) + 1)
        << n;
    EXPECT_EQ(r.levels, 3 * n + 2) << n;
  }
}

TEST(TwoPhaseSpec, HasTheSameWorldsInOneTwoAndFourWords) {
  for (int n = 2; n <= 6; ++n) {
    const SearchResult one = search(TwoPhaseSpec<1>(n)), two = search(TwoPhaseSpec<2>(n)),
                       four = search(TwoPhaseSpec<4>(n));
    for (const SearchResult* wide : {&two, &four}) {
      EXPECT_EQ(wide->states, one.states) << n;
      EXPECT_EQ(wide->transitions, one.transitions) << n;
      EXPECT_EQ(wide->levels, one.levels) << n;
      EXPECT_EQ(wide->marks[testing::kAllCommitted].worlds,
                one.marks[testing::kAllCommitted].worlds);
      EXPECT_EQ(wide->marks[testing::kAllAborted].depth, one.marks[testing::kAllAborted].depth);
    }
  }
}

TEST(TwoPhaseSpec, IsSearchedAsANaiveSearchDoes) {
  for (int n = 2; n <= 4; ++n) {
    const SearchResult fast = search(TwoPhaseSpec<>(n)), slow = naive(TwoPhaseSpec<>(n));
    EXPECT_EQ(fast.states, slow.states);
    EXPECT_EQ(fast.transitions, slow.transitions);
    EXPECT_EQ(fast.levels, slow.levels);
  }
}

TEST(TCommitSpec, HasTheStatesOfTheClosedForm) {
  for (int n = 1; n <= 11; ++n) {
    const SearchResult r = search(TCommitSpec(n));
    EXPECT_EQ(r.states, power(3, n) + power(2, n) - 1) << n;
    EXPECT_EQ(r.stop, Stop::complete);
  }
  EXPECT_EQ(search(TCommitSpec(3)).transitions, naive(TCommitSpec(3)).transitions);
}

TEST(TwoPhaseSpec, IsRefutedAfterThreeStepsIfTheManagerCommitsWithoutVotes) {
  for (const int threads : {1, 2}) {
    const SearchResult r =
        search(TwoPhaseSpec<>(4, {}, TwoPhaseSpec<>::Variant::commits_without_votes), threads);
    EXPECT_EQ(r.stop, Stop::violation);
    EXPECT_EQ(r.marks[testing::kInconsistent].depth, 3);
  }
}

}  // namespace
}  // namespace indoubt
