#pragma once
// The order in which a chain is solved.
#include <cstdint>
#include <span>
#include <vector>

#include "analysis/chain/chain.h"

namespace indoubt::markov {

/// Strongly connected components in reverse topological order: every transition leads to its own
/// component or to an earlier one.
struct Components {
  std::vector<StateId> order;        ///< all states, component by component
  std::vector<std::uint32_t> first;  ///< where each begins in `order`, and the end
  std::vector<std::uint32_t> of;     ///< by state

  std::size_t size() const { return first.size() - 1; }
  std::span<const StateId> members(std::size_t c) const {
    return {order.data() + first[c], first[c + 1] - first[c]};
  }
  bool acyclic() const { return size() == order.size(); }  ///< but for loops at a state
};

/// Tarjan (1972), iterative, linear. States with one of `cut` count as absorbing; transitions of
/// weight 0 do not count.
Components find_components(const Chain& chain, Marks cut);

}  // namespace indoubt::markov
