#pragma once
// Who can still decide, and where a transaction ends although something still happens to it.
#include <cstdint>
#include <vector>

#include "analysis/chain/graph.h"

namespace indoubt::markov {

/// By number of world, bit by process (fewer than 64).
struct Prospects {
  std::vector<std::uint64_t> decided;
  /// Has decided, or still can although nothing more fails and no site restarts. Where nothing has
  /// failed yet, or nobody is in doubt, it means nothing.
  std::vector<std::uint64_t> can;
  /// A message was lost or a site has crashed, and no report of it is to come.
  std::vector<bool> failed;
  /// Somebody is in doubt, nobody can decide any more, no site restarts and nothing but time-outs
  /// is to come: the transaction ends here, blocked.
  std::vector<bool> retired;

  /// Nothing but an instant is to come in that world.
  bool waits(const Graph& graph, std::uint32_t i) const {
    return still(graph, i) && !retired[i] && graph.node(i).switch_at != 0;
  }
  /// The transaction ends in that world.
  bool ends(const Graph& graph, std::uint32_t i) const {
    return still(graph, i) && !waits(graph, i);
  }

 private:
  bool still(const Graph& graph, std::uint32_t i) const {
    return retired[i] || graph.edges_begin(i) == graph.edges_end(i);
  }
};

/// Backward over the graph until nothing changes: O(edges) times the longest way against the
/// numbering, which is short.
Prospects prospects_of(const Graph& graph);

}  // namespace indoubt::markov
