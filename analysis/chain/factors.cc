#include "analysis/chain/factors.h"

#include <algorithm>
#include <cmath>

namespace indoubt::markov {

Factors::Factors(const Chain& chain, Marks cut, std::shared_ptr<const Components> components,
                 const SolverOptions& options)
    : chain_(chain),
      weights_(chain.weights().values()),
      cut_(cut),
      components_(std::move(components)),
      total_(chain.states()) {
  for (StateId s = 0; s < chain.states(); ++s) total_[s] = is_cut(s) ? 0 : outflow(s);
  find_fixed();
  if (components_->acyclic()) return;
  local_.resize(chain.states());
  for (std::uint32_t c = 0; c < components_->size(); ++c) {
    const auto members = components_->members(c);
    for (std::uint32_t k = 0; k < members.size(); ++k) local_[members[k]] = k;
    if (members.size() > 1 && fixed_[c] == 0) add_block(c, options);
  }
}

double Factors::outflow(StateId s) const {
  Sum sum;
  for (const Transition& t : chain_.row(s))
    if (t.target != s) sum.add(weight(t));
  return sum.value();
}

void Factors::find_fixed() {
  fixed_.assign(components_->size(), 1);
  for (StateId s = 0; s < chain_.states(); ++s) {
    const std::uint32_t c = components_->of[s];
    if (total_[s] == 0 || fixed_[c] == 0) continue;
    for (const Transition& t : chain_.row(s))
      if (components_->of[t.target] != c && weight(t) > 0) fixed_[c] = 0;
  }
}

void Factors::add_block(std::uint32_t component, const SolverOptions& options) {
  const auto members = components_->members(component);
  std::vector<InnerTransition> inner;
  std::vector<double> exits;
  for (const StateId s : members) {
    Sum exit;
    for (const Transition& t : chain_.row(s)) {
      if (weight(t) == 0) continue;
      if (components_->of[t.target] == component)
        inner.push_back({local_[s], local_[t.target], weight(t)});
      else
        exit.add(weight(t));
    }
    exits.push_back(exit.value());
  }
  blocks_.push_back({component, members.size() <= options.dense_up_to
                                    ? eliminated_system(inner, exits)
                                    : sparse_system(inner, exits, options.refinements)});
}

/// b_s + sum of w x over transitions out of s, but for loops and, unless `inside`, its component.
Sum Factors::known_part(StateId s, const std::vector<double>& b, const std::vector<double>& x,
                        bool inside) const {
  Sum sum;
  sum.add(b[s]);
  const std::uint32_t c = components_->of[s];
  for (const Transition& t : chain_.row(s)) {
    const double w = weight(t);
    if (w == 0 || t.target == s || (!inside && components_->of[t.target] == c)) continue;
    sum.add_product(w, x[t.target]);
  }
  return sum;
}

void Factors::solve(const std::vector<double>& b, std::vector<double>& x) const {
  auto block = blocks_.begin();
  for (std::uint32_t c = 0; c < components_->size(); ++c) {
    if (fixed_[c] != 0) continue;
    const auto members = components_->members(c);
    if (members.size() > 1) {
      solve_block(*block++, b, x);
    } else {
      const StateId s = members.front();
      x[s] = known_part(s, b, x, true).over(total_[s]);
    }
  }
}

void Factors::solve_block(const Block& block, const std::vector<double>& b,
                          std::vector<double>& x) const {
  const auto members = components_->members(block.component);
  std::vector<double> values;
  for (const StateId s : members) values.push_back(known_part(s, b, x, false).value());
  const bool infinite =
      std::any_of(values.begin(), values.end(), [](double v) { return std::isinf(v); });
  if (!infinite) block.system->solve(values);
  for (std::size_t k = 0; k < members.size(); ++k) x[members[k]] = infinite ? HUGE_VAL : values[k];
}

std::vector<double> Factors::solve_transposed(const std::vector<double>& c) const {
  std::vector<double> y = c;  // of a state that is still to come: what flows in
  auto block = blocks_.rbegin();
  for (std::size_t k = components_->size(); k-- > 0;) {
    if (fixed_[k] != 0) continue;
    const auto members = components_->members(k);
    if (members.size() > 1)
      solve_within(*block++, y);
    else
      y[members.front()] /= total_[members.front()];
    for (const StateId s : members) push_outside(s, y);
  }
  return y;
}

void Factors::solve_within(const Block& block, std::vector<double>& y) const {
  const auto members = components_->members(block.component);
  std::vector<double> values;
  for (const StateId s : members) values.push_back(y[s]);
  block.system->solve_transposed(values);
  for (std::size_t k = 0; k < members.size(); ++k) y[members[k]] = values[k];
}

void Factors::push_outside(StateId s, std::vector<double>& y) const {
  const std::uint32_t c = components_->of[s];
  for (const Transition& t : chain_.row(s))
    if (components_->of[t.target] != c) y[t.target] += y[s] * weight(t);
}

double Factors::residual(const std::vector<double>& b, const std::vector<double>& x) const {
  double worst = 0;
  for (StateId s = 0; s < chain_.states(); ++s) {
    if (fixed(s) || std::isinf(x[s])) continue;
    Sum sum = known_part(s, b, x, true);
    double size = std::fabs(b[s]) + total_[s] * std::fabs(x[s]);
    for (const Transition& t : chain_.row(s))
      if (weight(t) > 0 && t.target != s) size += weight(t) * std::fabs(x[t.target]);
    sum.add_product(-total_[s], x[s]);
    if (size > 0) worst = std::max(worst, std::fabs(sum.value()) / size);
  }
  return worst;
}

}  // namespace indoubt::markov
