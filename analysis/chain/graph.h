#pragma once
// All worlds that a scenario can come to, and how: what a chain is made of, before anybody asks.
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "analysis/chain/happen.h"

namespace indoubt::markov {

struct GraphOptions {
  std::size_t most_worlds = 2'000'000;
  /// Stop at the coordinator's decision: for questions that it settles.
  bool until_decided = false;
};

/// Worlds are numbered in the order in which they are met, breadth first, from 0: the order of
/// events decides it and nothing else.
class Graph {
 public:
  struct Edge {
    std::uint32_t target;
    std::uint32_t earned;  ///< number of an Earned
    WeightId weight;
  };
  struct Node {
    std::size_t first_edge = 0;
    std::int64_t elapsed = 0;  ///< along each of its edges
    bool step = false;         ///< weights of its edges are probabilities
    /// Mixed times: what is due at this instant happens first then; 0: nothing is.
    std::int64_t switch_at = 0;
    std::uint32_t switch_to = 0;
    /// Something has failed and somebody is in doubt: the same world if nothing more fails and no
    /// site restarts. Else, or where no fault could strike, the world itself.
    std::uint32_t unaided = 0;
  };

  Graph(const Plan& plan, Weights& weights, const GraphOptions& options);

  /// Why there is no graph: too many worlds, or a constant time that begins at a random instant.
  const std::optional<std::string>& refused() const { return refused_; }
  /// It is refused since it has more than GraphOptions::most_worlds.
  bool too_large() const { return too_large_; }
  std::size_t size() const { return nodes_.size(); }
  const Node& node(std::uint32_t i) const { return nodes_[i]; }
  const Edge* edges_begin(std::uint32_t i) const { return edges_.data() + nodes_[i].first_edge; }
  const Edge* edges_end(std::uint32_t i) const {
    return edges_.data() + (i + 1 < nodes_.size() ? nodes_[i + 1].first_edge : edges_.size());
  }
  World world(std::uint32_t i) const;
  const Earned& earned(std::uint32_t number) const { return earned_[number]; }
  const Continuations& continuations() const { return continuations_; }
  const Plan& plan() const { return plan_; }

  /// What leads from one world to another.
  struct Move {
    std::optional<Item> item;  ///< what happens; empty: the beginning, or an instant comes
    World next;                ///< with all that is left out once a world is over
    Earned earned;
  };
  /// The first of the ways that have a probability. Requires an edge or a switch between the two.
  /// Runs all events of `from` again.
  Move move_between(std::uint32_t from, std::uint32_t to);

 private:
  void explore();
  std::string too_many(const std::string& what, std::uint32_t open) const;
  void expand(std::uint32_t number);
  void first_edges();
  bool steps(const World& world) const;
  template <class F>
  void each_move(const World& world, const F& f);
  template <class F>
  void each_beginning(const F& f);
  template <class F>
  void take_step(const World& world, std::size_t item, std::int64_t elapsed, WeightId rate,
                 const F& f);
  template <class F>
  void race(const World& world, const F& f);
  void settle(World& world) const;
  void schedule_switch(std::uint32_t number, const World& world);
  bool ends(const World& world) const;
  std::uint32_t intern(World& world);
  std::uint32_t intern(const Earned& earned);
  void add_edge(World& world, WeightId weight, const Earned& earned);
  void reduce(World& world) const;
  std::uint32_t unaided(const World& world);
  void check_floating();

  const Plan& plan_;
  Weights& weights_;
  const GraphOptions options_;
  Continuations continuations_;
  Happenings happenings_;
  std::vector<Node> nodes_;
  std::vector<Edge> edges_;
  std::deque<std::string> keys_;
  std::unordered_map<std::string_view, std::uint32_t> numbers_;
  std::vector<Earned> earned_;
  std::map<Earned, std::uint32_t> earned_numbers_;
  std::map<std::pair<std::uint32_t, std::uint32_t>, std::size_t> merged_;  ///< of the node at hand
  std::size_t words_ = 0;
  bool asks_for_states_ = false;  ///< some predicate does: they are kept to the end
  std::optional<std::string> refused_;
  bool too_large_ = false;
};

}  // namespace indoubt::markov
