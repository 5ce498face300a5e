#pragma once
// Dense linear systems of a component that the chain surely leaves, solved without subtraction.
#include <cstddef>
#include <utility>
#include <vector>

#include "sim/process/assert.h"

namespace indoubt::markov {

/// A x = b, where row i of A says (exit_i + sum of w_ij over j != i) x_i - sum of w_ij x_j = b_i
/// with w, exit >= 0: state elimination of Grassmann, Taksar & Heyman (1985). Diagonals are never
/// stored but summed anew from what leaves a state, so nothing is subtracted, and for b >= 0 each
/// x_i has a relative error of some m^2 roundings at most, whatever the condition number
/// (O'Cinneide, "Entrywise perturbation theory and error analysis for Markov chains", 1993).
/// T: double or an exact number. O(m^3) once, O(m^2) for each right-hand side.
template <class T>
class Elimination {
 public:
  /// A system of m states without transitions.
  explicit Elimination(std::size_t m) : m_(m), weight_(m * m, T(0)), exit_(m, T(0)) {}

  /// Adds to the weight from i to j; loops are ignored. Only before factor().
  void add(std::size_t i, std::size_t j, const T& w) {
    if (i != j) weight_[i * m_ + j] += w;
  }
  void add_exit(std::size_t i, const T& w) { exit_[i] += w; }

  /// Requires that every state reaches an exit. Gives up, and returns false, if give_up(pivot) says
  /// so: exact numbers grow.
  template <class GiveUp>
  bool factor(const GiveUp& give_up) {
    for (std::size_t k = m_; k-- > 0;) {
      T total = exit_[k];
      for (std::size_t j = 0; j < k; ++j) total += at(k, j);
      INDOUBT_ASSERT(total > 0);
      for (std::size_t i = 0; i < k; ++i) {
        eliminate(k, total, i);
        if (give_up(total)) return false;
      }
      exit_[k] = std::move(total);  // from now on: the pivot
    }
    return true;
  }

  /// Replaces b by x.
  void solve(std::vector<T>& b) const {
    for (std::size_t k = m_; k-- > 1;)
      for (std::size_t i = 0; i < k; ++i)
        if (at(i, k) != 0) b[i] += at(i, k) * b[k];
    for (std::size_t k = 0; k < m_; ++k) {
      for (std::size_t j = 0; j < k; ++j)
        if (at(k, j) != 0) b[k] += at(k, j) * b[j];
      b[k] /= exit_[k];
    }
  }

  /// Replaces c by the y of transposed(A) y = c.
  void solve_transposed(std::vector<T>& c) const {
    for (std::size_t k = m_; k-- > 0;) {
      c[k] /= exit_[k];
      for (std::size_t j = 0; j < k; ++j)
        if (at(k, j) != 0) c[j] += at(k, j) * c[k];
    }
    for (std::size_t k = 1; k < m_; ++k)
      for (std::size_t i = 0; i < k; ++i)
        if (at(i, k) != 0) c[k] += at(i, k) * c[i];
  }

 private:
  T& at(std::size_t i, std::size_t j) { return weight_[i * m_ + j]; }
  const T& at(std::size_t i, std::size_t j) const { return weight_[i * m_ + j]; }

  /// Who goes from i to k goes on to where k leads.
  void eliminate(std::size_t k, const T& total, std::size_t i) {
    if (at(i, k) == 0) return;
    at(i, k) /= total;
    const T share = at(i, k);
    T* const row = &at(i, 0);
    const T* const next = &at(k, 0);
    for (std::size_t j = 0; j < i; ++j) row[j] += share * next[j];
    for (std::size_t j = i + 1; j < k; ++j) row[j] += share * next[j];
    exit_[i] += share * exit_[k];
  }

  std::size_t m_;
  std::vector<T> weight_;  ///< row-major; above the diagonal, once factored: shares
  std::vector<T> exit_;    ///< once factored: pivots
};

}  // namespace indoubt::markov
