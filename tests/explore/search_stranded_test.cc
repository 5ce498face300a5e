// "Eventually" against brute-force reachability on hundreds of random graphs.
#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

#include "analysis/explore/search.h"
#include "tests/support/commit_specs.h"
#include "tests/support/graph_model.h"

namespace indoubt {
namespace {

using testing::GraphModel;

constexpr int kGoal = 1, kFrom = 2;
constexpr Label kForbidden = 2;
constexpr int kNever = -1;

bool allowed(Label label) { return label != kForbidden; }

/// Steps from `start` to every node, by edges with label <= most; kNever if there is no way.
std::vector<int> distances(const GraphModel& g, std::size_t start, bool all_labels) {
  std::vector<int> distance(g.edges.size(), kNever);
  std::vector<std::size_t> queue{start};
  distance[start] = 0;
  for (std::size_t i = 0; i < queue.size(); ++i)
    for (const GraphModel::Edge& e : g.edges[queue[i]])
      if ((all_labels || allowed(e.label)) && distance[e.to] == kNever) {
        distance[e.to] = distance[queue[i]] + 1;
        queue.push_back(e.to);
      }
  return distance;
}

Stranded<GraphModel::World> by_brute_force(const GraphModel& g) {
  Stranded<GraphModel::World> found{.path = {}};
  const std::vector<int> depths = distances(g, 0, true);
  for (std::size_t node = 0; node < g.edges.size(); ++node) {
    if (depths[node] == kNever || (g.node_marks[node] >> kFrom & 1) == 0) continue;
    const std::vector<int> reach = distances(g, node, false);
    bool goal = false;
    for (std::size_t k = 0; k < reach.size(); ++k)
      goal |= reach[k] != kNever && (g.node_marks[k] >> kGoal & 1) != 0;
    if (goal) continue;
    ++found.worlds;
    if (found.depth == kNever || depths[node] < found.depth) found.depth = depths[node];
  }
  return found;
}

Stranded<GraphModel::World> by_search(GraphModel g, int threads) {
  Bounds bounds;
  bounds.threads = threads;
  Search<GraphModel> search(g, bounds);
  EXPECT_EQ(search.run({.keep_levels = true}).stop, Stop::complete);
  return search.stranded(kGoal, kFrom, allowed);
}

TEST(Stranded, AgreesWithBruteForceOnRandomGraphs) {
  int some = 0, none = 0;
  for (std::uint64_t seed = 0; seed < 600; ++seed) {
    const GraphModel g = testing::random_graph(seed, 30 + seed % 50, 1 + seed % 3, 3, 3 + seed % 9);
    const auto expected = by_brute_force(g), found = by_search(g, 1 + static_cast<int>(seed % 2));
    ASSERT_EQ(found.stop, Stop::complete);
    ASSERT_EQ(found.worlds, expected.worlds) << seed;
    ASSERT_EQ(found.depth, expected.depth) << seed;
    ++(found.worlds > 0 ? some : none);
    if (found.worlds == 0) continue;
    ASSERT_EQ(static_cast<int>(found.path.steps.size()), found.depth) << seed;
    const auto last = found.path.steps.empty() ? found.path.initial : found.path.steps.back().world;
    EXPECT_NE(g.marks(last) >> kFrom & 1, 0u);
  }
  EXPECT_GT(some, 100);
  EXPECT_GT(none, 100);
}

TEST(Stranded, IsEveryAbortedWorldIfTheGoalIsCommit) {
  using Spec = testing::TwoPhaseSpec<>;
  for (const int threads : {1, 2}) {
    Spec model(6);
    Bounds bounds;
    bounds.threads = threads;
    Search<Spec> search(model, bounds);
    ASSERT_EQ(search.run({.keep_levels = true}).stop, Stop::complete);
    const auto any = [](Label) { return true; };
    const auto commit = search.stranded(testing::kAllCommitted, testing::kAllAborted, any);
    EXPECT_EQ(commit.worlds,
              729u + 1);  // whose messages left, and were received; or all by their own choice
    EXPECT_EQ(commit.depth, 6);
    EXPECT_EQ(commit.path.steps.size(), 6u);
    EXPECT_EQ(search.stranded(testing::kAllAborted, testing::kAllAborted, any).worlds, 0u);
  }
}

TEST(Stranded, IsUnknownAfterAnIncompleteSearch) {
  testing::TwoPhaseSpec<> model(6);
  Bounds bounds;
  bounds.states = 1'000;
  Search<testing::TwoPhaseSpec<>> search(model, bounds);
  EXPECT_EQ(search.run({.keep_levels = true}).stop, Stop::states);
  const auto found =
      search.stranded(testing::kAllCommitted, testing::kAllAborted, [](Label) { return true; });
  EXPECT_EQ(found.stop, Stop::states);
}

}  // namespace
}  // namespace indoubt
