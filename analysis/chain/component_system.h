#pragma once
// The linear system within one strongly connected component that the chain surely leaves.
#include <cstddef>
#include <memory>
#include <vector>

namespace indoubt::markov {

/// One transition within the component, by positions in it.
struct InnerTransition {
  std::size_t from, to;
  double weight;
};

/// Row i: total_i x_i - sum of w_ij x_j = b_i, where total_i exceeds the sum of w_ij over j in the
/// component by `exits[i]` >= 0.
class ComponentSystem {
 public:
  virtual ~ComponentSystem() = default;
  virtual void solve(std::vector<double>& b) const = 0;             ///< replaces b by x
  virtual void solve_transposed(std::vector<double>& c) const = 0;  ///< likewise
};

/// By elimination of states (elimination.h): O(m^3), small relative errors always.
std::unique_ptr<ComponentSystem> eliminated_system(const std::vector<InnerTransition>& transitions,
                                                   const std::vector<double>& exits);

/// By Eigen's SparseLU with column ordering, and at most `refinements` steps of iterative
/// refinement, each kept if it lessens the largest residual. For components too large to eliminate.
std::unique_ptr<ComponentSystem> sparse_system(const std::vector<InnerTransition>& transitions,
                                               const std::vector<double>& exits, int refinements);

}  // namespace indoubt::markov
