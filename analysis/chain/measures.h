#pragma once
// The measures of a run (sim/measures, sim/predicates), under the same names, in the limit: of a
// transaction that is given all the time it needs.
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/chain/build.h"
#include "analysis/chain/exact.h"
#include "analysis/chain/scheduled.h"
#include "analysis/chain/solver.h"

namespace indoubt::markov {

/// Why there is none of a measure that only runs have, or that the protocol lacks.
inline constexpr const char* kNotAsked = "not asked of a chain";

/// One number, or why there is none.
struct Answer {
  std::optional<double> value;  ///< a probability, a count, or nanoseconds; infinite where it is so
  /// Backward error of the equations, relative (Values::residual). With scheduled switches: for
  /// probabilities a bound on the absolute error, for counts and times that bound on the mass
  /// misplaced times the value, an estimate.
  double error = 0;
  std::string reason;  ///< without a value
};

/// How much a parameter matters.
struct Sensitivity {
  std::string parameter;  ///< as the scenario calls it; times in nanoseconds
  double value = 0;
  double slope = 0;  ///< d measure / d parameter
};

/// Answers about one built chain, which must outlive it.
class ChainMeasures {
 public:
  explicit ChainMeasures(const BuiltChain& built);
  ~ChainMeasures();
  ChainMeasures(ChainMeasures&&) noexcept;
  ChainMeasures& operator=(ChainMeasures&&) noexcept = delete;

  /// Every name that can be asked, in the order of the catalogue of measures.
  static const std::vector<std::string>& names();
  static bool is_time(std::string_view name);
  /// Of a name among names(), or the name of one of the chain's marks.
  Answer answer(std::string_view name);
  /// P(by `time` ns `mark` holds for the first time), exactly or with the stated error.
  Answer by(std::string_view mark, std::int64_t time);
  /// Slopes of a probability, largest effect of a change by one percent first; empty where times
  /// are mixed.
  std::vector<Sensitivity> sensitivities(std::string_view name);
  /// A probability or count in rational arithmetic; nothing where times are mixed.
  std::optional<Exact> exactly(std::string_view name);
  Solver::Shape shape() const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace indoubt::markov
