#pragma once
// One backward pass over the components that a chain's start can reach, in any number type.
#include <algorithm>
#include <cmath>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "analysis/chain/components.h"
#include "analysis/chain/elimination.h"
#include "analysis/chain/exact.h"
#include "analysis/chain/rewards.h"

namespace indoubt::markov {

/// A value that may be infinite.
template <class Number>
struct Extended {
  Number finite{0};
  bool infinite = false;
};

/// `Arithmetic` has a type Number, `Number of(const Rational&)`, and `bool exhausted(const
/// Number&)` that accounts for a result and says whether to give up.
template <class Arithmetic>
class BackwardPass {
 public:
  using Number = typename Arithmetic::Number;
  using Value = Extended<Number>;

  BackwardPass(const Chain& chain, const Question& q, const ExactLimits& limits,
               Arithmetic& arithmetic)
      : chain_(chain),
        question_(q),
        limits_(limits),
        arithmetic_(arithmetic),
        cut_(q.kind == Question::Kind::ends ? 0 : q.marks),
        rewards_(chain, q.counter),
        parts_(find_components(chain, cut_)),
        values_(chain.states()) {
    for (std::size_t w = 0; w < chain.weights().size(); ++w)
      weights_.push_back(arithmetic.of(chain.weights().exact(static_cast<WeightId>(w))));
  }

  /// `reached`: P(marks are ever reached) by state, for the conditional question; else null.
  void run(const std::vector<Value>* reached) {
    reached_ = reached;
    find_needed();
    for (std::size_t c = 0; c < parts_.size() && !stopped(); ++c)
      if (needed_[parts_.members(c).front()] != 0) solve(c);
  }

  const std::vector<Value>& values() const { return values_; }
  const std::optional<std::string>& refused() const { return refused_; }
  /// Whether the arithmetic gave up.
  bool exhausted() const { return exhausted_; }
  /// Roundings that a value may have passed, at most; see exact.h.
  double roundings() const { return roundings_; }

 private:
  using Ask = Question::Kind;

  bool stopped() const { return refused_.has_value() || exhausted_; }
  bool is_cut(StateId s) const { return (chain_.marks(s) & cut_) != 0; }
  bool is_probability() const {
    return question_.kind == Ask::ends || question_.kind == Ask::passes;
  }
  const Number& weight(const Transition& t) const {
    return weights_[static_cast<std::size_t>(t.weight)];
  }

  void find_needed() {
    needed_.assign(chain_.states(), 0);
    std::vector<StateId> found{chain_.start()};
    needed_[chain_.start()] = 1;
    for (std::size_t i = 0; i < found.size(); ++i) {
      if (is_cut(found[i])) continue;
      for (const Transition& t : chain_.row(found[i])) {
        if (needed_[t.target] != 0 || weight(t) == 0) continue;
        needed_[t.target] = 1;
        found.push_back(t.target);
      }
    }
    if (found.size() > limits_.states)
      refused_ =
          std::to_string(found.size()) + " states, more than " + std::to_string(limits_.states);
  }

  void solve(std::size_t c) {
    const auto members = parts_.members(c);
    if (!has_exit(c)) return set_resting(members);
    if (members.size() > limits_.component)
      refused_ = "a cycle through " + std::to_string(members.size()) + " states, more than " +
                 std::to_string(limits_.component);
    else if (members.size() > 1)
      eliminate(c);
    else
      solve_single(members.front(), c);
  }

  /// Never of a component that is cut.
  bool has_exit(std::size_t c) const {
    for (const StateId s : parts_.members(c)) {
      if (is_cut(s)) return false;
      for (const Transition& t : chain_.row(s))
        if (parts_.of[t.target] != c && weight(t) > 0) return true;
    }
    return false;
  }

  void set_resting(std::span<const StateId> members) {
    const bool marked = std::all_of(members.begin(), members.end(), [this](StateId s) {
      return (chain_.marks(s) & question_.marks) != 0;
    });
    const bool endless = std::any_of(members.begin(), members.end(), [this](StateId s) {
      return !is_cut(s) && (question_.kind == Ask::time_to || rewards_.earns_at_rest(s));
    });
    for (const StateId s : members) {
      if (is_probability())
        values_[s].finite = marked ? 1 : 0;
      else
        values_[s].infinite = endless && question_.kind != Ask::earned_if;
    }
  }

  void solve_single(StateId s, std::size_t c) {
    Number total{0};
    for (const Transition& t : chain_.row(s))
      if (t.target != s) total += weight(t);
    Value x = known_part(s, c);
    if (!x.infinite) x.finite /= total;
    keep(s, std::move(x));
  }

  void keep(StateId s, Value x) {
    exhausted_ |= arithmetic_.exhausted(x.finite);
    roundings_ += 8 * static_cast<double>(chain_.row(s).size() + 1);
    values_[s] = std::move(x);
  }

  /// What s earns and what leads out of component c, times its weights.
  Value known_part(StateId s, std::size_t c) const {
    Value sum;
    if (!is_probability()) sum.finite = earned_in(s);
    for (const Transition& t : chain_.row(s)) {
      if (parts_.of[t.target] == c || weight(t) == 0) continue;
      const Value& x = values_[t.target];
      sum.infinite |= x.infinite;
      if (x.finite != 0) sum.finite += weight(t) * x.finite;
    }
    return sum;
  }

  Number earned_in(StateId s) const {
    const auto share = [this](StateId at) { return reached_ ? (*reached_)[at].finite : Number(1); };
    Number sum{0};
    if (chain_.kind(s) == Kind::exponential) sum += rewards_.per_time(s) * share(s);
    for (const Transition& t : chain_.row(s))
      if (const std::int64_t gain = rewards_.along(s, t); gain > 0)
        sum += weight(t) * gain * share(t.target);
    return sum;
  }

  void eliminate(std::size_t c) {
    const auto members = parts_.members(c);
    Elimination<Number> system(members.size());
    std::vector<Number> x(members.size());
    bool infinite = false;
    for (std::size_t i = 0; i < members.size(); ++i) {
      Value known = known_part(members[i], c);
      infinite |= known.infinite;
      x[i] = std::move(known.finite);
      add_row(c, i, system);
    }
    // Where numbers grow, they do so within the elimination: it must be able to stop.
    const auto give_up = [this](const Number& n) { return exhausted_ |= arithmetic_.exhausted(n); };
    if (!infinite && system.factor(give_up)) system.solve(x);
    roundings_ += std::pow(static_cast<double>(members.size()), 3);
    for (std::size_t i = 0; i < members.size(); ++i)
      keep(members[i], {infinite ? Number(0) : x[i], infinite});
  }

  void add_row(std::size_t c, std::size_t i, Elimination<Number>& system) const {
    const auto members = parts_.members(c);
    for (const Transition& t : chain_.row(members[i])) {
      if (parts_.of[t.target] == c)
        system.add(i, position(members, t.target), weight(t));
      else
        system.add_exit(i, weight(t));
    }
  }

  static std::size_t position(std::span<const StateId> members, StateId s) {
    return static_cast<std::size_t>(std::find(members.begin(), members.end(), s) - members.begin());
  }

  const Chain& chain_;
  Question question_;
  ExactLimits limits_;
  Arithmetic& arithmetic_;
  Marks cut_;
  Rewards rewards_;
  Components parts_;
  std::vector<Number> weights_;
  std::vector<Value> values_;
  std::vector<char> needed_;
  const std::vector<Value>* reached_ = nullptr;
  std::optional<std::string> refused_;
  bool exhausted_ = false;
  double roundings_ = 0;
};

}  // namespace indoubt::markov
