#include "analysis/chain/solver.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <optional>

#include "analysis/chain/components.h"
#include "analysis/chain/factors.h"
#include "analysis/chain/rewards.h"
#include "analysis/chain/sum.h"
#include "sim/process/assert.h"

namespace indoubt::markov {
namespace {

using Ask = Question::Kind;

/// d weight / d parameter of all weights in flat arrays, for the sweep over transitions.
struct FlatSlopes {
  struct Entry {
    std::uint32_t parameter;
    double value;
  };
  std::vector<std::uint32_t> first{0};
  std::vector<Entry> entries;

  explicit FlatSlopes(const Weights& weights) {
    for (std::size_t w = 0; w < weights.size(); ++w) {
      for (const Slope& s : weights.slopes(static_cast<WeightId>(w)))
        entries.push_back({static_cast<std::uint32_t>(s.parameter), s.value});
      first.push_back(static_cast<std::uint32_t>(entries.size()));
    }
  }
  std::span<const Entry> of(WeightId w) const {
    const auto i = static_cast<std::size_t>(w);
    return {entries.data() + first[i], first[i + 1] - first[i]};
  }
};

Marks cut_of(const Question& q) { return q.kind == Ask::ends ? 0 : q.marks; }

bool is_probability(const Question& q) { return q.kind == Ask::ends || q.kind == Ask::passes; }

}  // namespace

struct Solver::Parts {
  struct Cut {
    std::unique_ptr<Factors> factors;
    std::optional<std::vector<double>> visits;  ///< solve_transposed of the start
  };

  const Chain& chain;
  SolverOptions options;
  std::span<const double> weights = chain.weights().values();
  std::shared_ptr<const Components> whole =
      std::make_shared<const Components>(find_components(chain, 0));
  std::map<Marks, Cut> cuts{};
  std::optional<FlatSlopes> slopes{};

  double weight(const Transition& t) const { return weights[static_cast<std::size_t>(t.weight)]; }

  Cut& cut_at(Marks marks) {
    Cut& cut = cuts[marks];
    if (!cut.factors)
      cut.factors = std::make_unique<Factors>(chain, marks, order_for(marks), options);
    return cut;
  }

  /// A cut only takes transitions away, so the whole chain's order stays valid; components that may
  /// fall apart are sought anew.
  std::shared_ptr<const Components> order_for(Marks marks) const {
    if (whole->acyclic()) return whole;
    for (StateId s = 0; s < chain.states(); ++s)
      if ((chain.marks(s) & marks) != 0 && whole->members(whole->of[s]).size() > 1)
        return std::make_shared<const Components>(find_components(chain, marks));
    return whole;
  }

  const std::vector<double>& visits(Cut& cut) {
    if (!cut.visits) {
      std::vector<double> start(chain.states(), 0.0);
      start[chain.start()] = 1;
      cut.visits = cut.factors->solve_transposed(start);
    }
    return *cut.visits;
  }

  /// What s earns until it is left, in the units of row s of A.
  double earned_in(StateId s, const Rewards& rewards, const std::vector<double>* reached) const {
    Sum sum;
    if (chain.kind(s) == Kind::exponential && rewards.per_time(s) > 0)
      sum.add_product(static_cast<double>(rewards.per_time(s)), reached ? (*reached)[s] : 1);
    for (const Transition& t : chain.row(s))
      if (const std::int64_t gain = rewards.along(s, t); gain > 0)
        sum.add_product(weight(t) * static_cast<double>(gain), reached ? (*reached)[t.target] : 1);
    return sum.value();
  }

  Values answer(const Question& q) {
    const Factors& factors = *cut_at(cut_of(q)).factors;
    Values v{q, std::vector<double>(chain.states(), 0.0)};
    std::vector<double> b(chain.states(), 0.0);
    if (is_probability(q)) {
      set_certain(factors, q, v.by_state);
    } else {
      const Rewards rewards(chain, q.counter);
      for (StateId s = 0; s < chain.states(); ++s)
        if (!factors.is_cut(s)) b[s] = earned_in(s, rewards, nullptr);
      set_endless(factors, q, rewards, v.by_state);
    }
    return finish(factors, b, std::move(v));
  }

  Values conditional_answer(const Question& q) {
    const Factors& factors = *cut_at(q.marks).factors;
    const Values reached = answer({Ask::passes, q.marks});
    const Rewards rewards(chain, q.counter);
    Values v{q, std::vector<double>(chain.states(), 0.0)};
    std::vector<double> b(chain.states(), 0.0);
    for (StateId s = 0; s < chain.states(); ++s)
      if (!factors.fixed(s)) b[s] = earned_in(s, rewards, &reached.by_state);
    v = finish(factors, b, std::move(v));
    for (StateId s = 0; s < chain.states(); ++s) {
      const double p = reached.by_state[s];
      v.by_state[s] = p > 0 ? v.by_state[s] / p : std::numeric_limits<double>::quiet_NaN();
    }
    v.at_start = v.by_state[chain.start()];
    v.residual = std::max(v.residual, reached.residual);
    return v;
  }

  Values finish(const Factors& factors, const std::vector<double>& b, Values v) const {
    factors.solve(b, v.by_state);
    v.residual = factors.residual(b, v.by_state);
    v.at_start = v.by_state[chain.start()];
    return v;
  }

  /// Probabilities where nothing is left to chance.
  void set_certain(const Factors& factors, const Question& q, std::vector<double>& x) const {
    const Components& parts = factors.components();
    for (std::size_t c = 0; c < parts.size(); ++c) {
      const auto members = parts.members(c);
      if (!factors.fixed(members.front())) continue;
      const bool all = std::all_of(members.begin(), members.end(),
                                   [&](StateId s) { return (chain.marks(s) & q.marks) != 0; });
      for (const StateId s : members) x[s] = all ? 1 : 0;
    }
  }

  /// Infinite where the chain stays for ever and goes on earning.
  void set_endless(const Factors& factors, const Question& q, const Rewards& rewards,
                   std::vector<double>& x) const {
    const Components& parts = factors.components();
    for (std::size_t c = 0; c < parts.size(); ++c) {
      const auto members = parts.members(c);
      if (!factors.fixed(members.front()) || factors.is_cut(members.front())) continue;
      const bool endless = q.kind == Ask::time_to ||
                           std::any_of(members.begin(), members.end(),
                                       [&](StateId s) { return rewards.earns_at_rest(s); });
      if (endless)
        for (const StateId s : members) x[s] = HUGE_VAL;
    }
  }

  /// Adds y_s (db_s - (dA x)_s) for each parameter.
  void add_slopes(StateId s, double y, const Rewards* rewards, const std::vector<double>& x,
                  std::vector<Sum>& gradient) const {
    for (const Transition& t : chain.row(s)) {
      const auto entries = slopes->of(t.weight);
      if (entries.empty()) continue;
      double change = t.target == s ? 0 : x[t.target] - x[s];
      if (rewards) change += static_cast<double>(rewards->along(s, t));
      for (const auto& e : entries) gradient[e.parameter].add_product(y * e.value, change);
    }
  }

  std::vector<double> gradient(const Values& v) {
    const Question& q = v.question;
    INDOUBT_ASSERT(q.kind != Ask::earned_if);
    const std::size_t size = chain.weights().parameters();
    if (std::isinf(v.at_start))
      return std::vector<double>(size, std::numeric_limits<double>::quiet_NaN());
    Cut& cut = cut_at(cut_of(q));
    const std::vector<double>& y = visits(cut);
    if (!slopes) slopes.emplace(chain.weights());
    std::optional<Rewards> rewards;
    if (!is_probability(q)) rewards.emplace(chain, q.counter);
    std::vector<Sum> sums(size);
    for (StateId s = 0; s < chain.states(); ++s)
      if (y[s] != 0 && !cut.factors->fixed(s))
        add_slopes(s, y[s], rewards ? &*rewards : nullptr, v.by_state, sums);
    std::vector<double> result;
    for (const Sum& sum : sums) result.push_back(sum.value());
    return result;
  }

  std::vector<double> occupancy(Marks until) {
    Cut& cut = cut_at(until);
    std::vector<double> result = visits(cut);
    const Components& parts = cut.factors->components();
    for (std::size_t c = 0; c < parts.size(); ++c) {
      const auto members = parts.members(c);
      if (!cut.factors->fixed(members.front())) continue;
      const bool entered =
          std::any_of(members.begin(), members.end(), [&](StateId s) { return result[s] > 0; });
      const StateId s = members.front();
      const bool stays = members.size() > 1 || !(chain.absorbing(s) || cut.factors->is_cut(s));
      for (const StateId m : members) result[m] = entered && stays ? HUGE_VAL : 0;
    }
    return result;
  }
};

Solver::Solver(const Chain& chain, SolverOptions options)
    : parts_(std::make_unique<Parts>(Parts{chain, options})) {}
Solver::~Solver() = default;
Solver::Solver(Solver&&) noexcept = default;
Solver& Solver::operator=(Solver&&) noexcept = default;

Values Solver::solve(const Question& q) {
  return q.kind == Ask::earned_if ? parts_->conditional_answer(q) : parts_->answer(q);
}

std::vector<double> Solver::gradient(const Values& values) { return parts_->gradient(values); }
std::vector<double> Solver::occupancy(Marks until) { return parts_->occupancy(until); }

Solver::Shape Solver::shape() const {
  Shape shape{parts_->whole->size()};
  for (std::size_t c = 0; c < shape.components; ++c) {
    const std::size_t size = parts_->whole->members(c).size();
    shape.cyclic += size > 1;
    shape.largest = std::max(shape.largest, size);
  }
  return shape;
}

}  // namespace indoubt::markov
