#pragma once
// Values of transitions: each is computed exactly from named parameters and remembers how it
// changes with them.
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "analysis/chain/rational.h"

namespace indoubt::markov {

/// A number of the scenario that a question "which one matters?" can name: a vote's probability, a
/// loss, a rate of repair.
enum class ParameterId : std::uint32_t {};
enum class WeightId : std::uint32_t {};

/// d weight / d parameter.
struct Slope {
  ParameterId parameter;
  Rational exact;
  double value;  ///< nearest to exact
};

/// An append-only table of weights. Equal weights (same value, same slopes) have one number, so a
/// chain of millions of transitions has some hundred weights, and a transition needs four bytes.
/// Arithmetic is exact and follows slopes by the product rule (forward differentiation).
class Weights {
 public:
  Weights();
  /// The weight 1 that depends on nothing.
  static constexpr WeightId kOne{0};

  /// Declares a parameter; its name is the caller's and should be unique.
  ParameterId add_parameter(std::string name, const Rational& value);
  WeightId constant(const Rational& value);
  WeightId of(ParameterId p) const { return parameters_[index(p)].weight; }
  WeightId complement(WeightId a);  ///< 1 - a
  WeightId product(WeightId a, WeightId b);
  WeightId sum(WeightId a, WeightId b);
  WeightId reciprocal(WeightId a);  ///< requires a value other than 0

  double value(WeightId w) const { return values_[index(w)]; }  ///< nearest to exact(w)
  const Rational& exact(WeightId w) const { return rows_[index(w)].exact; }
  /// Slopes that are not 0, by parameter.
  std::span<const Slope> slopes(WeightId w) const { return rows_[index(w)].slopes; }
  std::size_t size() const { return rows_.size(); }
  /// values()[i] is the value of weight i.
  std::span<const double> values() const { return values_; }

  std::size_t parameters() const { return parameters_.size(); }
  const std::string& name(ParameterId p) const { return parameters_[index(p)].name; }
  const Rational& value(ParameterId p) const { return exact(of(p)); }

 private:
  struct Row {
    Rational exact;
    std::vector<Slope> slopes;
  };
  struct NamedParameter {
    std::string name;
    WeightId weight;
  };
  struct Less {
    bool operator()(const Row& a, const Row& b) const;
  };
  enum class Operation : std::uint8_t { product, sum };
  template <class Id>
  static std::size_t index(Id id) {
    return static_cast<std::size_t>(id);
  }
  WeightId intern(Row row);
  WeightId combine(Operation operation, WeightId a, WeightId b);

  std::vector<Row> rows_;
  std::vector<double> values_;
  std::vector<NamedParameter> parameters_;
  std::map<Row, WeightId, Less> number_of_;
  std::map<std::pair<Operation, std::pair<WeightId, WeightId>>, WeightId> known_;
  std::map<WeightId, WeightId> complements_;
};

}  // namespace indoubt::markov
