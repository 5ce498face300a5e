#include "analysis/chain/weights.h"

#include <algorithm>

#include "sim/process/assert.h"

namespace indoubt::markov {
namespace {

/// The slopes of a * da + b * db, both lists sorted by parameter.
std::vector<Slope> combined(std::span<const Slope> a, const Rational& da, std::span<const Slope> b,
                            const Rational& db) {
  std::map<ParameterId, Rational> total;
  for (const Slope& s : a) total[s.parameter] += s.exact * da;
  for (const Slope& s : b) total[s.parameter] += s.exact * db;
  std::vector<Slope> slopes;
  for (const auto& [parameter, exact] : total)
    if (exact != 0) slopes.push_back({parameter, exact, nearest_double(exact)});
  return slopes;
}

}  // namespace

bool Weights::Less::operator()(const Row& a, const Row& b) const {
  if (const int c = a.exact.compare(b.exact); c != 0) return c < 0;
  return std::lexicographical_compare(a.slopes.begin(), a.slopes.end(), b.slopes.begin(),
                                      b.slopes.end(), [](const Slope& x, const Slope& y) {
                                        if (x.parameter != y.parameter)
                                          return x.parameter < y.parameter;
                                        return x.exact < y.exact;
                                      });
}

Weights::Weights() { constant(1); }

WeightId Weights::intern(Row row) {
  const auto next = static_cast<WeightId>(rows_.size());
  const auto [at, fresh] = number_of_.emplace(row, next);
  if (fresh) {
    values_.push_back(nearest_double(row.exact));
    rows_.push_back(std::move(row));
  }
  return at->second;
}

WeightId Weights::constant(const Rational& value) { return intern({value, {}}); }

ParameterId Weights::add_parameter(std::string name, const Rational& value) {
  const auto id = static_cast<ParameterId>(parameters_.size());
  parameters_.push_back({std::move(name), intern({value, {{id, 1, 1.0}}})});
  return id;
}

WeightId Weights::complement(WeightId a) {
  const auto known = complements_.find(a);
  if (known != complements_.end()) return known->second;
  const WeightId result = intern({1 - exact(a), combined(slopes(a), -1, {}, 0)});
  complements_.emplace(a, result);
  return result;
}

WeightId Weights::reciprocal(WeightId a) {
  INDOUBT_ASSERT(exact(a) != 0);
  const Rational inverse = 1 / exact(a);
  return intern({inverse, combined(slopes(a), -inverse * inverse, {}, 0)});
}

WeightId Weights::product(WeightId a, WeightId b) { return combine(Operation::product, a, b); }
WeightId Weights::sum(WeightId a, WeightId b) { return combine(Operation::sum, a, b); }

// A builder multiplies the same few weights millions of times, so results are remembered.
WeightId Weights::combine(Operation operation, WeightId a, WeightId b) {
  if (b < a) std::swap(a, b);
  const auto key = std::pair(operation, std::pair(a, b));
  if (const auto found = known_.find(key); found != known_.end()) return found->second;
  const Rational x = exact(a), y = exact(b);
  const bool product = operation == Operation::product;
  const WeightId result = intern(
      {product ? Rational(x * y) : Rational(x + y),
       combined(slopes(a), product ? y : Rational(1), slopes(b), product ? x : Rational(1))});
  known_.emplace(key, result);
  return result;
}

}  // namespace indoubt::markov
