#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "analysis/explore/packed.h"
#include "analysis/explore/search_model.h"

namespace indoubt::testing {

/// A graph that is given edge by edge; node 0 is the initial world. Nodes are named by `names`, so
/// that the numbers that the search sees can be changed without changing the graph.
struct GraphModel {
  using World = Packed<1>;
  struct Edge {
    std::size_t to;
    Label label;
  };
  std::vector<std::vector<Edge>> edges;
  std::vector<std::uint32_t> node_marks;
  std::vector<std::uint64_t> names;  ///< a permutation

  std::size_t node_of(const World& w) const {
    return static_cast<std::size_t>(std::find(names.begin(), names.end(), w.words[0]) -
                                    names.begin());
  }
  World world_of(std::size_t node) const { return {{names[node]}}; }

  World initial() const { return world_of(0); }
  template <class F>
  void successors(const World& w, F&& f) const {
    for (const Edge& e : edges[node_of(w)]) f(world_of(e.to), e.label);
  }
  std::uint32_t marks(const World& w) const { return node_marks[node_of(w)]; }
};

/// Uniform numbers for tests, from a seed.
class TestDraws {
 public:
  explicit TestDraws(std::uint64_t seed) : seed_(seed) {}
  std::uint64_t below(std::uint64_t n) {
    state_ = state_ * 6364136223846793005u + 1442695040888963407u + seed_;
    return (state_ >> 33) % n;
  }

 private:
  std::uint64_t seed_, state_ = 0;
};

/// `nodes` nodes with about `degree` edges each, labels below `labels`, each of the marks 0, 1 and
/// 2 on about one node in `rarity`.
inline GraphModel random_graph(std::uint64_t seed, std::size_t nodes, std::uint64_t degree,
                               std::uint64_t labels, std::uint64_t rarity) {
  TestDraws draws(seed * 2 + 1);
  GraphModel g;
  for (std::size_t i = 0; i < nodes; ++i) {
    g.edges.emplace_back();
    for (std::uint64_t k = draws.below(2 * degree + 1); k > 0; --k)
      g.edges.back().push_back({static_cast<std::size_t>(draws.below(nodes)), draws.below(labels)});
    std::uint32_t marks = 0;
    for (unsigned mark = 0; mark < 3; ++mark) marks |= (draws.below(rarity) == 0 ? 1u : 0u) << mark;
    g.node_marks.push_back(marks);
    g.names.push_back(i);
  }
  return g;
}

/// The same graph with other numbers for its nodes and its edges in another order.
inline GraphModel renumbered(GraphModel g, std::uint64_t seed) {
  TestDraws draws(seed * 2 + 1);
  const auto shuffle = [&](auto& list) {
    for (std::size_t i = list.size(); i > 1; --i) std::swap(list[i - 1], list[draws.below(i)]);
  };
  shuffle(g.names);
  for (auto& list : g.edges) shuffle(list);
  return g;
}

}  // namespace indoubt::testing
