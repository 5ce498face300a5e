// Models that learn during the search: the same answers as from a model that knows all at the
// start.
#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

#include "analysis/explore/search.h"
#include "tests/support/graph_model.h"
#include "tests/support/learning_model.h"

namespace indoubt {
namespace {

using testing::GraphModel;
using testing::LearningGraph;
using testing::random_graph;

template <class M>
std::vector<Label> labels_to(Search<M>& search, int mark) {
  std::vector<Label> labels;
  for (const auto& step : search.path_to(mark).steps) labels.push_back(step.label);
  return labels;
}

Bounds threads(int count) {
  Bounds bounds;
  bounds.threads = count;
  return bounds;
}

void expect_same(const GraphModel& graph, LearningGraph::Limits limits, int thread_count) {
  GraphModel known = graph;
  LearningGraph learner(graph, limits);
  Search<GraphModel> a(known, threads(1));
  Search<LearningGraph> b(learner, threads(thread_count));
  const Goals goals{.violations = 0, .keep_levels = true};
  const SearchResult ra = a.run(goals), rb = b.run(goals);
  ASSERT_EQ(rb.stop, Stop::complete);
  EXPECT_EQ(ra.states, rb.states);
  EXPECT_EQ(rb.states, learner.nodes());
  EXPECT_EQ(ra.transitions, rb.transitions);
  EXPECT_EQ(ra.levels, rb.levels);
  for (std::size_t k = 0; k < 3; ++k) {
    EXPECT_EQ(ra.marks[k].worlds, rb.marks[k].worlds);
    EXPECT_EQ(ra.marks[k].depth, rb.marks[k].depth);
    if (ra.marks[k].depth < 0) continue;
    EXPECT_EQ(labels_to(a, static_cast<int>(k)), labels_to(b, static_cast<int>(k)));
  }
  const auto any = [](Label label) { return label != 2; };
  EXPECT_EQ(a.stranded(0, 1, any).worlds, b.stranded(0, 1, any).worlds);
}

TEST(LearningModel, SeesWhatAModelWithoutGapsSees) {
  for (std::uint64_t seed = 0; seed < 60; ++seed)
    expect_same(random_graph(seed, 50, 2, 4, 8), {}, 1 + static_cast<int>(seed % 2));
}

TEST(LearningModel, MayMoveItsLayoutWhileTheSearchRuns) {
  for (std::uint64_t seed = 0; seed < 60; ++seed)
    expect_same(random_graph(seed, 80, 3, 4, 8), {.nodes_to_move = 1 + seed % 7},
                1 + static_cast<int>(seed % 2));
}

TEST(LearningModel, MovesLargeTablesAndLevels) {
  const GraphModel graph = random_graph(1, 30'000, 4, 4, 50);
  for (const int count : {1, 2}) {
    LearningGraph learner(graph, {.nodes_to_move = 2'000});
    Search<LearningGraph> search(learner, threads(count));
    const SearchResult r = search.run({});
    EXPECT_EQ(r.stop, Stop::complete);
    EXPECT_EQ(r.states, learner.nodes());
    EXPECT_GT(r.states, 28'000u);
    EXPECT_GT(learner.moves(), 3u);
  }
}

TEST(LearningModel, EndsTheSearchWhenItsWorldsAreTooNarrow) {
  LearningGraph learner(random_graph(3, 200, 3, 4, 8), {.nodes_of_width = 50});
  Search<LearningGraph> search(learner, {});
  const SearchResult r = search.run({});
  EXPECT_EQ(r.stop, Stop::wider);
  EXPECT_TRUE(incomplete(r.stop));
  EXPECT_LE(r.states, 50u);
}

TEST(LearningModel, EndsTheSearchAtItsLimitAndSaysWhich) {
  LearningGraph learner(random_graph(3, 200, 3, 4, 8), {.nodes = 50});
  Search<LearningGraph> search(learner, {});
  const SearchResult r = search.run({});
  EXPECT_EQ(r.stop, Stop::limit);
  EXPECT_EQ(r.reason, "more than 50 nodes");
}

/// Every way that a search tells which a bound ends early is one that it tells when nothing ends
/// it.
void expect_same_paths_within(const GraphModel& graph, LearningGraph::Limits limits,
                              const Bounds& bounds, bool keep, Stop expected, int& told) {
  GraphModel known = graph;
  LearningGraph learner(graph, limits);
  Search<GraphModel> a(known, threads(1));
  Search<LearningGraph> b(learner, bounds);
  const SearchResult whole = a.run({.stop_at_violation = false}), r = b.run({.keep_levels = keep});
  if (r.stop == Stop::complete) return;
  EXPECT_EQ(r.stop, expected);
  for (int mark = 0; mark < 3; ++mark) {
    const int depth = r.marks[static_cast<std::size_t>(mark)].depth;
    if (depth < 0) continue;
    EXPECT_EQ(depth, whole.marks[static_cast<std::size_t>(mark)].depth);
    const std::vector<Label> labels = labels_to(b, mark);
    // At a limit some steps of the last level are not known, so that others may be shown.
    if (expected == Stop::limit)
      EXPECT_EQ(labels.size(), static_cast<std::size_t>(depth));
    else
      EXPECT_EQ(labels, labels_to(a, mark));
    ++told;
  }
}

TEST(LearningModel, TellsTheShortestWaysInASearchThatABoundEndsWhileTheLayoutMoves) {
  int told = 0;
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    const GraphModel graph = random_graph(seed, 80, 3, 4, 8);
    for (const bool keep : {false, true})
      for (const std::uint64_t states : {1u, 5u, 20u, 40u}) {
        Bounds bounds = threads(1 + static_cast<int>(seed % 2));
        bounds.states = states;
        expect_same_paths_within(graph, {.nodes_to_move = 1 + seed % 7}, bounds, keep, Stop::states,
                                 told);
      }
  }
  EXPECT_GT(told, 200);
}

TEST(LearningModel, TellsTheShortestWaysWhereNoMemoryIsLeftToMoveTheVisitedWorlds) {
  int told = 0;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const GraphModel graph = random_graph(seed, 2'000, 3, 4, 50);
    for (const bool keep : {false, true}) {
      Bounds bounds = threads(1 + static_cast<int>(seed % 2));
      bounds.memory_bytes = (keep ? 18 : 17) << 10;
      expect_same_paths_within(graph, {.nodes_to_move = 100 + seed}, bounds, keep, Stop::memory,
                               told);
    }
  }
  EXPECT_GT(told, 20);
}

TEST(LearningModel, TellsTheShortestWaysThatItKnowsWhenItComesToItsLimit) {
  int told = 0;
  for (std::uint64_t seed = 0; seed < 60; ++seed)
    for (const bool keep : {false, true})
      expect_same_paths_within(random_graph(seed, 80, 3, 4, 8), {.nodes = 40}, threads(2), keep,
                               Stop::limit, told);
  EXPECT_GT(told, 50);
}

}  // namespace
}  // namespace indoubt
