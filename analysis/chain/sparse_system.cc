#include <Eigen/SparseCore>
#include <Eigen/SparseLU>
#include <algorithm>
#include <cmath>

#include "analysis/chain/component_system.h"
#include "analysis/chain/sum.h"
#include "sim/process/assert.h"

namespace indoubt::markov {
namespace {

using Matrix = Eigen::SparseMatrix<double>;
using Vector = Eigen::VectorXd;

// Rows are divided by their totals, which makes the diagonal 1: rates of milliseconds and of days
// then stand side by side.
class SparseSystem final : public ComponentSystem {
 public:
  SparseSystem(const std::vector<InnerTransition>& transitions, const std::vector<double>& exits,
               int refinements)
      : total_(exits), transitions_(transitions), refinements_(refinements) {
    for (const InnerTransition& t : transitions_)
      if (t.from != t.to) total_[t.from] += t.weight;
    factor();
  }

  void solve(std::vector<double>& b) const override {
    refined(
        b, [this](const Vector& r) { return Vector(lu_->solve(unit_rows(r))); },
        [this](const std::vector<double>& x, std::vector<Sum>& r) {
          for (const InnerTransition& t : transitions_)
            if (t.from != t.to) r[t.from].add_product(t.weight, x[t.to]);
        });
  }

  void solve_transposed(std::vector<double>& c) const override {
    refined(
        c, [this](const Vector& r) { return unit_rows(Vector(lu_->transpose().solve(r))); },
        [this](const std::vector<double>& y, std::vector<Sum>& r) {
          for (const InnerTransition& t : transitions_)
            if (t.from != t.to) r[t.to].add_product(t.weight, y[t.from]);
        });
  }

 private:
  void factor() {
    std::vector<Eigen::Triplet<double>> entries;
    const auto size = static_cast<Eigen::Index>(total_.size());
    for (int i = 0; i < size; ++i) entries.emplace_back(i, i, 1.0);
    for (const InnerTransition& t : transitions_)
      if (t.from != t.to)
        entries.emplace_back(static_cast<int>(t.from), static_cast<int>(t.to),
                             -t.weight / total_[t.from]);
    Matrix a(size, size);
    a.setFromTriplets(entries.begin(), entries.end());
    lu_->compute(a);
    INDOUBT_ASSERT(lu_->info() == Eigen::Success);  // connected and left for sure: regular
  }

  Vector unit_rows(Vector v) const {
    for (std::size_t i = 0; i < total_.size(); ++i) v[static_cast<Eigen::Index>(i)] /= total_[i];
    return v;
  }

  /// b - A x. add_inflow(x, sums) adds the products of the off-diagonal part.
  template <class AddInflow>
  Vector residual(const std::vector<double>& b, const std::vector<double>& x,
                  const AddInflow& add_inflow) const {
    std::vector<Sum> sums(b.size());
    for (std::size_t i = 0; i < b.size(); ++i) {
      sums[i].add(b[i]);
      sums[i].add_product(-total_[i], x[i]);
    }
    add_inflow(x, sums);
    Vector r(static_cast<Eigen::Index>(b.size()));
    for (std::size_t i = 0; i < b.size(); ++i) r[static_cast<Eigen::Index>(i)] = sums[i].value();
    return r;
  }

  template <class Solve, class AddInflow>
  void refined(std::vector<double>& b, const Solve& solve_once, const AddInflow& add_inflow) const {
    const auto size = static_cast<Eigen::Index>(b.size());
    std::vector<double> x(b.size(), 0.0);
    Vector r = Eigen::Map<const Vector>(b.data(), size);
    for (int step = 0; step <= refinements_; ++step) {
      std::vector<double> next = x;
      Eigen::Map<Vector>(next.data(), size) += solve_once(r);
      const Vector rest = residual(b, next, add_inflow);
      if (step > 0 && rest.lpNorm<Eigen::Infinity>() >= r.lpNorm<Eigen::Infinity>()) break;
      x.swap(next);
      r = rest;
    }
    b.swap(x);
  }

  std::vector<double> total_;
  std::vector<InnerTransition> transitions_;
  int refinements_;
  std::unique_ptr<Eigen::SparseLU<Matrix>> lu_ = std::make_unique<Eigen::SparseLU<Matrix>>();
};

}  // namespace

std::unique_ptr<ComponentSystem> sparse_system(const std::vector<InnerTransition>& transitions,
                                               const std::vector<double>& exits, int refinements) {
  return std::make_unique<SparseSystem>(transitions, exits, refinements);
}

}  // namespace indoubt::markov
