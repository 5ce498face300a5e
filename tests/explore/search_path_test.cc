// Counterexamples: shortest, least by labels, the same however worlds are numbered and whatever the
// number of threads; against all paths of small random graphs.
#include <gtest/gtest.h>

#include <cstdint>
#include <optional>
#include <set>
#include <vector>

#include "analysis/explore/search.h"
#include "tests/support/commit_specs.h"
#include "tests/support/graph_model.h"

namespace indoubt {
namespace {

using testing::GraphModel;
using testing::TwoPhaseSpec;
using Labels = std::vector<Label>;

template <class World>
Labels labels_of(const Path<World>& path) {
  Labels labels;
  for (const auto& step : path.steps) labels.push_back(step.label);
  return labels;
}

/// True if each step of the path is one of the model.
template <class M>
bool is_path(const M& model, const Path<typename M::World>& path) {
  typename M::World at = path.initial;
  if (at != model.initial()) return false;
  for (const auto& step : path.steps) {
    bool found = false;
    model.successors(
        at, [&](const auto& next, Label l) { found |= next == step.world && l == step.label; });
    if (!found) return false;
    at = step.world;
  }
  return true;
}

/// The least label sequence among the shortest paths to a node with the mark, by sets of (labels,
/// node).
std::optional<Labels> least_labels(const GraphModel& g, int mark) {
  std::set<std::pair<Labels, std::size_t>> reached{{{}, 0}};
  std::set<std::size_t> seen{0};
  while (!reached.empty()) {
    for (const auto& [labels, node] : reached)
      if ((g.node_marks[node] >> mark & 1) != 0) return labels;
    std::set<std::pair<Labels, std::size_t>> next;
    for (const auto& [labels, node] : reached)
      for (const GraphModel::Edge& e : g.edges[node]) {
        if (seen.count(e.to) != 0) continue;
        Labels longer = labels;
        longer.push_back(e.label);
        next.insert({longer, e.to});
      }
    for (const auto& entry : next) seen.insert(entry.second);
    reached.swap(next);
  }
  return std::nullopt;
}

Path<GraphModel::World> find(GraphModel model, int threads, bool keep) {
  Bounds bounds;
  bounds.threads = threads;
  Search<GraphModel> search(model, bounds);
  const SearchResult r = search.run({.violations = 1, .keep_levels = keep});
  EXPECT_EQ(r.stop, Stop::violation);
  return search.path_to(0);
}

TEST(PathTo, IsTheLeastOfTheShortestPathsInRandomGraphs) {
  int met = 0;
  for (std::uint64_t seed = 0; seed < 400; ++seed) {
    const GraphModel g = testing::random_graph(seed, 40, 2, 3, 20);
    const std::optional<Labels> expected = least_labels(g, 0);
    if (!expected) continue;
    ++met;
    for (const bool keep : {false, true}) {
      const auto path = find(g, 1 + static_cast<int>(seed % 2), keep);
      EXPECT_EQ(path.stop, Stop::complete);
      EXPECT_EQ(labels_of(path), *expected) << seed;
      EXPECT_TRUE(is_path(g, path)) << seed;
      const auto last = path.steps.empty() ? path.initial : path.steps.back().world;
      EXPECT_EQ(g.marks(last) & 1, 1u);
    }
    EXPECT_EQ(labels_of(find(testing::renumbered(g, seed), 2, false)), *expected) << seed;
  }
  EXPECT_GT(met, 200);
}

TEST(PathTo, ShowsTheShortestCounterexampleOfTwoPhaseCommit) {
  using Variant = TwoPhaseSpec<>::Variant;
  for (int n = 2; n <= 8; ++n) {
    TwoPhaseSpec<> model(n, {}, Variant::commits_without_votes);
    Search<TwoPhaseSpec<>> search(model, {});
    EXPECT_EQ(search.run({.violations = 1}).stop, Stop::violation);
    const auto path = search.path_to(testing::kInconsistent);
    ASSERT_EQ(path.steps.size(), 3u);
    EXPECT_TRUE(is_path(model, path));
  }
}

TEST(PathTo, IsTheSameForOneAndTwoThreadsOnManyWorlds) {
  Labels first;
  for (const int threads : {1, 2, 3}) {
    TwoPhaseSpec<> model(7);
    Bounds bounds;
    bounds.threads = threads;
    Search<TwoPhaseSpec<>> search(model, bounds);
    search.run({});
    const auto path = search.path_to(testing::kAllCommitted);
    EXPECT_EQ(path.steps.size(), 22u);
    EXPECT_TRUE(is_path(model, path));
    if (first.empty()) first = labels_of(path);
    EXPECT_EQ(labels_of(path), first);
  }
}

}  // namespace
}  // namespace indoubt
