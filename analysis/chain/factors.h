#pragma once
// The linear systems of a chain, factored once for each set of marks at which it is cut.
#include <memory>
#include <span>
#include <vector>

#include "analysis/chain/chain.h"
#include "analysis/chain/component_system.h"
#include "analysis/chain/components.h"
#include "analysis/chain/solver.h"
#include "analysis/chain/sum.h"

namespace indoubt::markov {

/// Row i of A x = b: (sum of w_ij over j != i) x_i - sum of w_ij x_j = b_i. A state is *fixed* if
/// it is cut or belongs to a component without a way out; its x is given and has no row.
class Factors {
 public:
  /// `components` must be in an order that is valid for the chain cut at `cut`.
  Factors(const Chain& chain, Marks cut, std::shared_ptr<const Components> components,
          const SolverOptions& options);

  bool is_cut(StateId s) const { return (chain_.marks(s) & cut_) != 0; }
  bool fixed(StateId s) const { return fixed_[components_->of[s]] != 0; }
  const Components& components() const { return *components_; }

  /// Fills in x where it is not fixed. Infinite entries of x and b spread to who reaches them.
  /// Requires size states() of both.
  void solve(const std::vector<double>& b, std::vector<double>& x) const;
  /// The y of transposed(A) y = c over the states that are not fixed. Fixed states get what flows
  /// into them, c included. Requires finite entries.
  std::vector<double> solve_transposed(const std::vector<double>& c) const;
  /// Cf. Values::residual. Rows with an infinite entry are left out.
  double residual(const std::vector<double>& b, const std::vector<double>& x) const;

 private:
  struct Block {
    std::uint32_t component;
    std::unique_ptr<ComponentSystem> system;
  };
  double weight(const Transition& t) const { return weights_[static_cast<std::size_t>(t.weight)]; }
  void find_fixed();
  void add_block(std::uint32_t component, const SolverOptions& options);
  double outflow(StateId s) const;
  Sum known_part(StateId s, const std::vector<double>& b, const std::vector<double>& x,
                 bool inside) const;
  void solve_block(const Block& block, const std::vector<double>& b, std::vector<double>& x) const;
  void solve_within(const Block& block, std::vector<double>& y) const;
  void push_outside(StateId s, std::vector<double>& y) const;

  const Chain& chain_;
  std::span<const double> weights_;
  Marks cut_;
  std::shared_ptr<const Components> components_;
  std::vector<char> fixed_;           ///< by component
  std::vector<double> total_;         ///< by state: the diagonal of A
  std::vector<std::uint32_t> local_;  ///< position in its component, if any has more than one state
  std::vector<Block> blocks_;         ///< components of more than one state, not fixed, in order
};

}  // namespace indoubt::markov
