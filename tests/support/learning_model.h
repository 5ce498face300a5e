#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "analysis/explore/packed.h"
#include "analysis/explore/search_model.h"
#include "tests/support/graph_model.h"

namespace indoubt::testing {

/// A graph whose nodes the model numbers as it meets them, like a protocol model numbers local
/// states: an edge can be taken once its end has a number. The number stands above a field of
/// `shift` bits whose width changes on the way, as a layout does.
class LearningGraph {
 public:
  using World = Packed<1>;
  using Scratch = std::vector<std::size_t>;  ///< nodes that need a number

  struct Limits {
    std::size_t nodes_to_move =
        0;  ///< Learned::moved whenever this many more have numbers; 0: never
    std::size_t nodes_of_width = ~std::size_t{0};  ///< Learned::wider beyond this
    std::size_t nodes = ~std::size_t{0};           ///< Learned::limit beyond this
  };

  LearningGraph(GraphModel graph, Limits limits)
      : graph_(std::move(graph)), limits_(limits), number_(graph_.edges.size(), kNone) {
    give_number(0);
  }

  World initial() const { return world_of(0); }
  template <class F>
  bool successors(const World& w, Scratch& scratch, F&& f) const {
    bool known = true;
    for (const GraphModel::Edge& e : graph_.edges[node_of(w)]) {
      if (number_[e.to] != kNone) {
        f(world_of(e.to), e.label);
      } else {
        scratch.push_back(e.to);
        known = false;
      }
    }
    return known;
  }
  std::uint32_t marks(const World& w) const { return graph_.node_marks[node_of(w)]; }

  Learned learn(std::span<Scratch> scratches) {
    std::set<std::size_t> gaps;
    for (Scratch& s : scratches) {
      gaps.insert(s.begin(), s.end());
      s.clear();
    }
    for (const std::size_t node : gaps) give_number(node);
    if (!gaps.empty() && nodes_.size() > limits_.nodes) return Learned::limit;
    if (nodes_.size() > limits_.nodes_of_width) return Learned::wider;
    old_shift_ = shift_;
    if (limits_.nodes_to_move == 0 || nodes_.size() < (moves_ + 1) * limits_.nodes_to_move)
      return Learned::more;
    ++moves_;
    shift_ = kWidest - moves_ % kWidest;
    return Learned::moved;
  }
  World moved(const World& w) const { return {{w.words[0] >> old_shift_ << shift_}}; }
  std::string limit() const { return "more than " + std::to_string(limits_.nodes) + " nodes"; }

  std::size_t moves() const { return moves_; }
  std::size_t nodes() const { return nodes_.size(); }

 private:
  static constexpr std::size_t kNone = ~std::size_t{0};
  static constexpr std::size_t kWidest = 40;  // then narrower: old worlds look like later new ones

  void give_number(std::size_t node) {
    number_[node] = nodes_.size();
    nodes_.push_back(node);
  }
  std::size_t node_of(const World& w) const { return nodes_[w.words[0] >> shift_]; }
  World world_of(std::size_t node) const { return {{number_[node] << shift_}}; }

  GraphModel graph_;
  Limits limits_;
  std::vector<std::size_t> number_, nodes_;  ///< number of a node, node of a number
  std::size_t shift_ = kWidest, old_shift_ = kWidest, moves_ = 0;
};

}  // namespace indoubt::testing
