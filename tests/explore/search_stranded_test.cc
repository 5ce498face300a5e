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

constexpr int kNever = -1;
constexpr Label kNone = ~Label{0};

struct Question {
  int goal, from;
  Label forbidden;
};

/// Steps from `start` to every node, by edges without the forbidden label; kNever if there is no
/// way.
std::vector<int> distances(const GraphModel& g, std::size_t start, Label forbidden) {
  std::vector<int> distance(g.edges.size(), kNever);
  std::vector<std::size_t> queue{start};
  distance[start] = 0;
  for (std::size_t i = 0; i < queue.size(); ++i)
    for (const GraphModel::Edge& e : g.edges[queue[i]])
      if (e.label != forbidden && distance[e.to] == kNever) {
        distance[e.to] = distance[queue[i]] + 1;
        queue.push_back(e.to);
      }
  return distance;
}

bool marked(const GraphModel& g, std::size_t node, int mark) {
  return (g.node_marks[node] >> mark & 1) != 0;
}

Stranded<GraphModel::World> by_brute_force(const GraphModel& g, const Question& q) {
  Stranded<GraphModel::World> found{.path = {}};
  const std::vector<int> depths = distances(g, 0, kNone);
  for (std::size_t node = 0; node < g.edges.size(); ++node) {
    if (depths[node] == kNever || !marked(g, node, q.from)) continue;
    const std::vector<int> reach = distances(g, node, q.forbidden);
    bool goal = false;
    for (std::size_t k = 0; k < reach.size(); ++k)
      goal |= reach[k] != kNever && marked(g, k, q.goal);
    if (goal) continue;
    ++found.worlds;
    if (found.depth == kNever || depths[node] < found.depth) found.depth = depths[node];
  }
  return found;
}

/// Many questions of a graph, to be asked together.
struct Questions {
  const GraphModel& graph;
  std::vector<Question> all;

  int count() const { return static_cast<int>(all.size()); }
  template <class Holds>
  std::uint64_t which(const Holds& holds) const {
    std::uint64_t mask = 0;
    for (std::size_t k = 0; k < all.size(); ++k) mask |= std::uint64_t{holds(all[k])} << k;
    return mask;
  }
  std::uint64_t from(const GraphModel::World& w) const {
    return which([&](const Question& q) { return (graph.marks(w) >> q.from & 1) != 0; });
  }
  std::uint64_t goal(const GraphModel::World& w) const {
    return which([&](const Question& q) { return (graph.marks(w) >> q.goal & 1) != 0; });
  }
  std::uint64_t allowed(Label label) const {
    return which([&](const Question& q) { return label != q.forbidden; });
  }
};

void expect_same(const GraphModel& g, const Question& q, const Stranded<GraphModel::World>& found,
                 std::uint64_t seed) {
  const auto expected = by_brute_force(g, q);
  ASSERT_EQ(found.stop, Stop::complete);
  ASSERT_EQ(found.worlds, expected.worlds) << seed;
  ASSERT_EQ(found.depth, expected.depth) << seed;
  if (found.worlds == 0) return;
  ASSERT_EQ(static_cast<int>(found.path.steps.size()), found.depth) << seed;
  const auto last = found.path.steps.empty() ? found.path.initial : found.path.steps.back().world;
  EXPECT_NE(g.marks(last) >> q.from & 1, 0u);
}

GraphModel graph_of(std::uint64_t seed) {
  return testing::random_graph(seed, 30 + seed % 50, 1 + seed % 3, 3, 3 + seed % 9);
}

TEST(Stranded, AgreesWithBruteForceOnRandomGraphs) {
  const Question q{1, 2, 2};
  int some = 0, none = 0;
  for (std::uint64_t seed = 0; seed < 600; ++seed) {
    GraphModel g = graph_of(seed);
    Bounds bounds;
    bounds.threads = 1 + static_cast<int>(seed % 2);
    Search<GraphModel> search(g, bounds);
    ASSERT_EQ(search.run({.keep_levels = true}).stop, Stop::complete);
    const auto found =
        search.stranded(q.goal, q.from, [&](Label label) { return label != q.forbidden; });
    expect_same(g, q, found, seed);
    ++(found.worlds > 0 ? some : none);
  }
  EXPECT_GT(some, 100);
  EXPECT_GT(none, 100);
}

// Eleven do not fit in one byte a world: they take two rounds.
TEST(Stranded, AnswersManyQuestionsTogetherAsItAnswersEach) {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    GraphModel g = graph_of(seed);
    Bounds bounds;
    bounds.threads = 1 + static_cast<int>(seed % 2);
    Search<GraphModel> search(g, bounds);
    ASSERT_EQ(search.run({.keep_levels = true}).stop, Stop::complete);
    Questions questions{g, {}};
    for (std::uint64_t k = 0; k < 1 + seed % 11; ++k)
      questions.all.push_back({static_cast<int>((seed + k) % 3), static_cast<int>((k + 1) % 3),
                               k % 4 == 3 ? kNone : k % 4});
    const auto found = search.stranded(questions);
    ASSERT_EQ(found.size(), questions.all.size());
    for (std::size_t k = 0; k < found.size(); ++k) expect_same(g, questions.all[k], found[k], seed);
  }
}

TEST(Stranded, AsksFewerQuestionsAtOnceWhereMemoryIsShort) {
  const std::uint64_t seed = 7;
  GraphModel g = graph_of(seed);
  Bounds bounds;
  bounds.threads = 1;
  const std::uint64_t used = Search<GraphModel>(g, bounds).run({.keep_levels = true}).memory_bytes;
  int answered = 0;
  for (std::uint64_t spare = 100; spare < 100'000; spare *= 2) {
    bounds.memory_bytes = used + spare;
    Search<GraphModel> search(g, bounds);
    ASSERT_EQ(search.run({.keep_levels = true}).stop, Stop::complete);
    Questions questions{g, {{0, 1, kNone}, {1, 2, 2}, {2, 0, 1}, {0, 2, 2}, {1, 0, kNone}}};
    const auto found = search.stranded(questions);
    if (found.front().stop == Stop::memory) continue;
    ++answered;
    for (std::size_t k = 0; k < found.size(); ++k) {
      const auto expected = by_brute_force(g, questions.all[k]);
      EXPECT_EQ(found[k].worlds, expected.worlds) << spare << ' ' << k;
      EXPECT_EQ(found[k].depth, expected.depth);
    }
  }
  EXPECT_GE(answered, 5);
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
