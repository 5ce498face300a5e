#pragma once
// From a scenario file to a checked scenario.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/models/model.h"
#include "scenarios/diagnostic.h"
#include "scenarios/expectation.h"
#include "sim/measures/measure_set.h"
#include "sim/scenario/scenario.h"

namespace indoubt {

/// Everything a scenario file says.
struct ScenarioFile {
  Scenario scenario;                  ///< within every range that its header states
  std::vector<const Model*> compare;  ///< each once
  std::vector<Expectation> expect;
  MeasureSet measures;  ///< with those that the scenario asks for; expectations point into it
  std::string path;     ///< as it was given
  std::uint64_t written_count = 0;  ///< transactions, as the file says: a caller may run others
};

struct LoadResult {
  std::optional<ScenarioFile> file;  ///< only if there are no errors
  std::vector<Diagnostic> errors;    ///< all errors of the file, in the order of their places
  std::vector<Diagnostic> notes;     ///< what is allowed but hardly meant
};

/// Reads a scenario file. Files that it names are looked for beside it. Never throws for anything
/// that a file can contain.
LoadResult load_scenario_file(const std::string& path);

/// The same for a text in memory; `name` is its path in diagnostics.
LoadResult load_scenario_text(std::string text, std::string name);

}  // namespace indoubt
