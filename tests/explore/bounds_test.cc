// A bound that is reached ends the search with its name, at the same place for any number of
// threads, and what is reported until then is right.
#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <tuple>
#include <vector>

#include "analysis/explore/search.h"
#include "tests/support/commit_specs.h"

namespace indoubt {
namespace {

using testing::TwoPhaseSpec;

/// The same worlds as Spec's, without bits(): always a table.
template <int kWords>
struct Hashed {
  using World = Packed<kWords>;
  TwoPhaseSpec<kWords> spec;

  World initial() const { return spec.initial(); }
  template <class F>
  void successors(const World& w, F&& f) const {
    spec.successors(w, f);
  }
  std::uint32_t marks(const World& w) const { return spec.marks(w); }
};

/// Counts up for ever.
struct Endless {
  using World = Packed<1>;
  World initial() const { return {}; }
  template <class F>
  void successors(const World& w, F&& f) const {
    f(World{{w.words[0] * 2 + 1}}, 0);
    f(World{{w.words[0] * 2 + 2}}, 1);
    f(World{{0}}, 2);
  }
  std::uint32_t marks(const World& w) const { return w.words[0] == 30'000'000 ? 1u : 0u; }
};

/// One step to each of 5,000 worlds, the last of which has the mark.
struct Fan {
  using World = Packed<1>;
  World initial() const { return {}; }
  template <class F>
  void successors(const World& w, F&& f) const {
    if (w.words[0] == 0)
      for (std::uint64_t i = 1; i <= 5'000; ++i) f(World{{i}}, i);
  }
  std::uint32_t marks(const World& w) const { return w.words[0] == 5'000 ? 1u : 0u; }
};

template <class M>
SearchResult run(M model, const Bounds& bounds, const Goals& goals = {}) {
  return Search<M>(model, bounds).run(goals);
}

auto counts(const SearchResult& r) {
  std::vector<std::tuple<std::uint64_t, int>> marks;
  for (const MarkCount& m : r.marks) marks.emplace_back(m.worlds, m.depth);
  return std::tuple(r.stop, r.states, r.transitions, r.levels, r.memory_bytes, marks);
}

template <class M>
void expect_same_for_one_and_two_threads(const M& model, Bounds bounds, const Goals& goals) {
  bounds.threads = 1;
  const SearchResult one = run(model, bounds, goals);
  for (const int threads : {2, 3}) {
    bounds.threads = threads;
    EXPECT_EQ(counts(run(model, bounds, goals)), counts(one))
        << bounds.states << ' ' << bounds.memory_bytes;
  }
}

TEST(Bounds, EndASearchAtWholeLevelsBelowTheNumberOfStates) {
  const SearchResult all = run(TwoPhaseSpec<>(5), {});
  EXPECT_EQ(run(TwoPhaseSpec<>(5), {.states = all.states}).stop, Stop::complete);
  for (const std::uint64_t states : {0u, 1u, 2u, 100u, 5'000u, 8'831u}) {
    const SearchResult r = run(TwoPhaseSpec<>(5), {.states = states});
    EXPECT_EQ(r.stop, Stop::states);
    EXPECT_LE(r.states, std::max<std::uint64_t>(states, 1));
    EXPECT_LT(r.levels, all.levels);
  }
}

TEST(Bounds, EndASearchThatNeedsMoreMemory) {
  const Hashed<1> model{TwoPhaseSpec<>(7)};
  const SearchResult all = run(model, {});
  EXPECT_EQ(run(model, {.memory_bytes = all.memory_bytes}).stop, Stop::complete);
  for (const std::uint64_t bytes :
       {std::uint64_t{0}, std::uint64_t{10'000}, std::uint64_t{1} << 20}) {
    const SearchResult r = run(model, {.memory_bytes = bytes});
    EXPECT_EQ(r.stop, Stop::memory) << bytes;
    EXPECT_LT(r.states, all.states);
    EXPECT_LE(r.memory_bytes, std::max<std::uint64_t>(bytes, 10'000));
  }
}

TEST(Bounds, LetATableThatMayNotGrowFillUp) {
  // 296,448 worlds: 5/8 of 2^18 slots are 163,840, and 7/8 are 229,376; 2^19 slots are 4 MiB.
  const Hashed<1> model{TwoPhaseSpec<>(7)};
  const SearchResult r = run(model, {.memory_bytes = std::uint64_t{6} << 20});
  EXPECT_EQ(r.stop, Stop::memory);
  EXPECT_GT(r.states, 163'840u);
  EXPECT_LT(r.states, 229'377u);
}

TEST(Bounds, AreReachedAtTheSamePlaceByAnyNumberOfThreads) {
  const Goals all{.violations = 0};
  for (const std::uint64_t states : {7u, 900u, 40'000u, 200'000u}) {
    expect_same_for_one_and_two_threads(TwoPhaseSpec<>(7), {.states = states}, all);
    expect_same_for_one_and_two_threads(Hashed<2>{TwoPhaseSpec<2>(7)}, {.states = states}, all);
  }
  for (std::uint64_t bytes = 1 << 14; bytes < 1 << 24; bytes = bytes * 7 / 4) {
    expect_same_for_one_and_two_threads(Hashed<1>{TwoPhaseSpec<>(7)}, {.memory_bytes = bytes}, all);
    expect_same_for_one_and_two_threads(Hashed<4>{TwoPhaseSpec<4>(7)}, {.memory_bytes = bytes},
                                        all);
    expect_same_for_one_and_two_threads(TwoPhaseSpec<>(7), {.memory_bytes = bytes}, all);
  }
}

TEST(Bounds, StillShowAViolationInTheLevelThatDoesNotFit) {
  const TwoPhaseSpec<> model(6, {}, TwoPhaseSpec<>::Variant::commits_without_votes);
  const SearchResult whole = run(model, {}, {.violations = 1});
  ASSERT_EQ(whole.stop, Stop::violation);
  for (const int threads : {1, 2}) {
    TwoPhaseSpec<> copy = model;
    Bounds bounds;
    bounds.threads = threads;
    bounds.states = whole.states - 1;
    Search<TwoPhaseSpec<>> search(copy, bounds);
    const SearchResult r = search.run({.violations = 1});
    EXPECT_EQ(r.stop, Stop::violation);
    EXPECT_EQ(r.marks[testing::kInconsistent].depth, 3);
    EXPECT_EQ(r.marks[testing::kInconsistent].worlds, 0u);
    EXPECT_EQ(search.path_to(testing::kInconsistent).steps.size(), 3u);
  }
}

TEST(Bounds, StillShowAViolationAmongTheSuccessorsThatWereCutOff) {
  Fan model;
  Search<Fan> search(model, {.states = 1'000});
  const SearchResult r = search.run({.violations = 1});
  EXPECT_EQ(r.stop, Stop::violation);
  EXPECT_EQ(r.states, 1u);
  const auto path = search.path_to(0);
  ASSERT_EQ(path.steps.size(), 1u);
  EXPECT_EQ(path.steps[0].label, 5'000u);
}

TEST(Bounds, KeepWorldsAtTheDepthUnexpanded) {
  const SearchResult all = run(TwoPhaseSpec<>(4), {});
  const SearchResult r = run(TwoPhaseSpec<>(4), {.depth = all.levels - 2});
  EXPECT_EQ(r.stop, Stop::depth);
  EXPECT_EQ(r.levels, all.levels - 1);
  EXPECT_EQ(run(TwoPhaseSpec<>(4), {.depth = 0}).states, 1u);
  EXPECT_EQ(run(TwoPhaseSpec<>(4), {.depth = all.levels}).stop, Stop::complete);
}

TEST(Bounds, EndASearchWhoseTimeIsOver) {
  Bounds bounds;
  bounds.seconds = 0.05;
  const SearchResult r = run(Endless{}, bounds);
  EXPECT_EQ(r.stop, Stop::time);
  EXPECT_GT(r.states, 1'000u);
}

TEST(Bounds, LetTheProgressReportInterrupt) {
  Endless model;
  std::uint64_t reported = 0;
  const SearchResult r = Search<Endless>(model, {}).run({}, [&](const SearchProgress& p) {
    reported = p.states;
    EXPECT_GT(p.states_per_second, 0);
    EXPECT_GT(p.memory_bytes, p.states * sizeof(Endless::World));
    return false;
  });
  EXPECT_EQ(r.stop, Stop::interrupted);
  EXPECT_GT(reported, 1'000u);
}

TEST(Bounds, LetAPathSearchRunOutOfMemory) {
  TwoPhaseSpec<> model(6);
  Bounds bounds;
  bounds.memory_bytes = run(model, {}).memory_bytes;
  Search<TwoPhaseSpec<>> search(model, bounds);
  ASSERT_EQ(search.run({}).stop, Stop::complete);
  EXPECT_EQ(search.path_to(testing::kAllCommitted).stop, Stop::memory);
}

}  // namespace
}  // namespace indoubt
