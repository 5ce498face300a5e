#include "analysis/chain/uniformised.h"

#include <algorithm>
#include <limits>

namespace indoubt::markov {
namespace {

constexpr std::uint32_t kNone = 0xffff'ffff;

std::string state_text(StateId s) { return "state " + std::to_string(s); }

}  // namespace

Uniformised::Uniformised(const Chain& chain, const Distribution& from, Marks stop)
    : chain_(chain), stop_(stop), number_(chain.states(), kNone) {
  reach(from);
  if (!refused_) order_immediate();
  if (refused_) return;
  find_rate();
  add_columns();
}

bool Uniformised::holds(StateId s) const {
  return (chain_.marks(s) & stop_) != 0 || chain_.absorbing(s);
}

bool Uniformised::is_immediate(StateId s) const {
  return chain_.kind(s) == Kind::step && !holds(s);
}

void Uniformised::reach(const Distribution& from) {
  const auto visit = [this](StateId s) {
    if (number_[s] != kNone) return;
    number_[s] = 0;
    states_.push_back(s);
  };
  for (StateId s = 0; s < chain_.states(); ++s)
    if (from[s] > 0) visit(s);
  for (std::size_t i = 0; i < states_.size(); ++i) {
    const StateId s = states_[i];
    if (holds(s)) continue;
    for (const Transition& t : chain_.row(s)) {
      if (chain_.weights().value(t.weight) == 0) continue;
      if (chain_.effects()[static_cast<std::size_t>(t.effect)].elapsed > 0)
        refused_ = state_text(s) + " has a transition that takes a fixed time";
      visit(t.target);
    }
  }
}

/// Kahn (1962) among the immediate states; the others keep the order of their numbers.
void Uniformised::order_immediate() {
  std::sort(states_.begin(), states_.end());
  std::vector<StateId> immediate, ready;
  for (const StateId s : states_)
    if (is_immediate(s)) immediate.push_back(s);
  states_.erase(
      std::remove_if(states_.begin(), states_.end(), [this](StateId s) { return is_immediate(s); }),
      states_.end());
  timed_ = states_.size();
  const auto for_targets = [this](StateId s, const auto& f) {
    for (const Transition& t : chain_.row(s))
      if (chain_.weights().value(t.weight) > 0 && is_immediate(t.target)) f(t.target);
  };
  for (const StateId s : immediate) for_targets(s, [this](StateId to) { ++number_[to]; });
  for (const StateId s : immediate)
    if (number_[s] == 0) ready.push_back(s);
  for (std::size_t i = 0; i < ready.size(); ++i)
    for_targets(ready[i], [&](StateId to) {
      if (--number_[to] == 0) ready.push_back(to);
    });
  if (ready.size() < immediate.size()) refused_ = "a cycle of immediate states takes no time";
  states_.insert(states_.end(), ready.begin(), ready.end());
  for (std::uint32_t i = 0; i < states_.size(); ++i) number_[states_[i]] = i;
}

void Uniformised::find_rate() {
  outflow_.assign(timed_, 0);
  for (std::size_t i = 0; i < timed_; ++i) {
    const StateId s = states_[i];
    if (holds(s)) continue;
    for (const Transition& t : chain_.row(s))
      if (t.target != s) outflow_[i] += chain_.weights().value(t.weight);
    rate_ = std::max(rate_, outflow_[i]);
  }
  for (const long double out : outflow_) stay_.push_back(rate_ > 0 ? (rate_ - out) / rate_ : 1);
}

void Uniformised::add_columns() {
  const std::size_t weights = chain_.weights().size();
  for (const double w : chain_.weights().values()) shares_.push_back(w);
  for (std::size_t w = 0; w < weights; ++w) shares_.push_back(rate_ > 0 ? shares_[w] / rate_ : 0);
  const auto for_flows = [this](const auto& f) {
    for (std::uint32_t i = 0; i < size(); ++i) {
      const StateId s = states_[i];
      if (holds(s)) continue;
      for (const Transition& t : chain_.row(s))
        if (t.target != s && chain_.weights().value(t.weight) > 0) f(i, t);
    }
  };
  first_.assign(size() + 1, 0);
  for_flows([this](std::uint32_t, const Transition& t) { ++first_[number_[t.target] + 1]; });
  for (std::size_t i = 0; i < size(); ++i) first_[i + 1] += first_[i];
  std::vector<std::uint32_t> next(first_.begin(), first_.end() - 1);
  inflows_.resize(first_.back());
  std::vector<std::uint32_t> depth(size(), 0);
  for_flows([&](std::uint32_t i, const Transition& t) {
    const auto w = static_cast<std::uint32_t>(t.weight);
    const std::uint32_t to = number_[t.target];
    const auto share = i < timed_ ? w + static_cast<std::uint32_t>(weights) : w;
    inflows_[next[to]++] = {i, share};
    if (to < timed_) return;
    depth[to] = std::max(depth[to], depth[i] + 1);
    depth_ = std::max(depth_, depth[to]);
  });
}

double Uniformised::rounding() const {
  std::uint32_t widest = 0;
  for (std::size_t i = 0; i < size(); ++i) widest = std::max(widest, first_[i + 1] - first_[i]);
  std::size_t longest = 0;
  for (const StateId s : states_) longest = std::max(longest, chain_.row(s).size());
  const auto operations =
      static_cast<double>(widest + longest + 4) * static_cast<double>(depth_ + 1);
  return operations * static_cast<double>(std::numeric_limits<long double>::epsilon()) / 2;
}

long double Uniformised::inflow(std::size_t column, const std::vector<long double>& now) const {
  long double sum = 0;
  for (std::uint32_t k = first_[column]; k < first_[column + 1]; ++k)
    sum += now[inflows_[k].source] * shares_[inflows_[k].share];
  return sum;
}

std::vector<long double> Uniformised::gathered(const Distribution& d,
                                               std::vector<long double>& passed) const {
  std::vector<long double> mass(size());
  for (std::size_t i = 0; i < size(); ++i) mass[i] = d[states_[i]];
  for (std::size_t i = timed_; i < size(); ++i) {
    const StateId s = states_[i];
    if (!passed.empty()) passed[i] += mass[i];
    for (const Transition& t : chain_.row(s))
      if (chain_.weights().value(t.weight) > 0)
        mass[number_[t.target]] += mass[i] * chain_.weights().value(t.weight);
    mass[i] = 0;
  }
  return mass;
}

void Uniformised::step(std::vector<long double>& now, std::vector<long double>& next) const {
  for (std::size_t i = timed_; i < size(); ++i) now[i] = inflow(i, now);
  for (std::size_t i = 0; i < timed_; ++i) next[i] = stay_[i] * now[i] + inflow(i, now);
}

long double Uniformised::moving(const std::vector<long double>& now) const {
  long double sum = 0;
  for (std::size_t i = 0; i < timed_; ++i)
    if (outflow_[i] > 0) sum += now[i];
  return sum;
}

}  // namespace indoubt::markov
