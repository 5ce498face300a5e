#pragma once
// One protocol definition, four answers: closed formulas, the exact chain, the simulation and the
// exhaustive exploration, side by side, and whether each pair that can be compared agrees.
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "analysis/explore/explorer.h"
#include "analysis/report/comparison.h"
#include "scenarios/loader.h"
#include "scenarios/scenario_exploration.h"
#include "scenarios/solver_results.h"
#include "sim/measures/totals.h"

namespace indoubt {

enum class Engine : std::uint8_t { formula, exact, simulation, exploration };
std::string_view name(Engine engine);

/// Two answers about one measure. Formula and chain agree within 9 digits. The simulation agrees or
/// not as analysis/stats/verdict.h says; a single hit contradicts an exact 0. The exploration: what
/// has a probability above 0 must be possible, what has exactly 0 must not be.
struct PairVerdict {
  Engine first{}, second{};
  const Model* formula = nullptr;  ///< if one of the two is a formula
  Verdict verdict = Verdict::undecided;
  std::string detail;        ///< not agree: the two answers, or what would decide
  std::uint64_t needed = 0;  ///< undecided: about so many observations decide; 0: not known
};

/// Whether any run within the scenario's own random choices has the predicate.
enum class Reach : std::uint8_t { possible, impossible, unknown };

struct FormulaAnswer {
  const Model* model = nullptr;
  double value = 0;
  std::optional<std::string> inapplicable;  ///< taken all the same, because it was asked for
};

/// One measure, and what each engine says of it.
struct VerdictRow {
  const Measure* measure = nullptr;
  std::vector<FormulaAnswer> formulas;
  std::optional<double> exact;  ///< may be infinite
  double exact_error = 0;       ///< absolute
  std::string no_exact;         ///< why not
  std::optional<Estimate> measured;
  std::string no_measured;
  Reach reach = Reach::unknown;
  std::string no_reach;      ///< unknown: why
  std::string incomparable;  ///< reach known: why it is not held against the numbers; else empty
  std::vector<PairVerdict> pairs;

  /// The gravest of its pairs, disagreement first; nothing without pairs.
  std::optional<Verdict> verdict() const;
};

/// One protocol's table.
struct ProtocolVerdicts {
  const ProtocolUse* use = nullptr;
  ExactResult exact;
  Totals totals;
  ScenarioExploration question;
  ExploreReport explored;
  std::vector<VerdictRow> rows;  ///< measures of which at least two engines know something
  /// Measures that the exploration was asked about and has no answer to, since it was cut off, and
  /// that nothing else is compared with.
  std::vector<const Measure*> left_out;

  const VerdictRow* find(std::string_view measure) const;
};

struct VerdictTable {
  double family_level = 0, row_level = 0;  ///< of all intervals together, of each
  std::vector<ProtocolVerdicts> protocols;
  bool partial = false;  ///< interrupted: protocols that were not answered whole are missing

  /// The gravest of all pairs; agree if there is none.
  Verdict verdict() const;
  /// Whether every measure that could be compared was: no exploration was cut off before it could
  /// tell, and no chain hit its bound.
  bool whole() const;
};

struct FourOptions {
  std::string protocol;                 ///< only the one with this label; empty: all
  double family_level = kFamilyLevel;   ///< in (0, 1)
  std::vector<const Model*> formulas;   ///< also these, whether they describe the scenario or not
  std::size_t most_states = 300'000;    ///< of a chain
  std::uint64_t most_worlds = 400'000;  ///< of an exploration; beyond: incomplete
  std::uint64_t memory_bytes = std::uint64_t{4} << 30;  ///< of an exploration
  /// Called now and then with what is being answered, like "2pc: exploration, 12,000 worlds"; false
  /// ends everything.
  std::function<bool(const std::string&)> progress;
};

/// Answers with all four engines. The scenario's `transactions` are simulated. `file` must outlive
/// the result. Throws CapacityExceeded.
VerdictTable four_verdicts(const ScenarioFile& file, const FourOptions& options = {});

}  // namespace indoubt
