#pragma once
// A run's results in each of the forms that the command prints. All use the names of the measure
// catalogue, and none prints a time of the machine: one seed, one document.
#include <string>

#include "cli/terminal.h"
#include "scenarios/runner.h"

namespace indoubt {

/// For people: outcomes, models with verdicts, violations, expectations.
std::string render_text(const RunResult& result, const Style& style);
/// One JSON document, see docs/json.md; ends with a newline.
std::string render_json(const RunResult& result);
/// Writes measures.csv, comparisons.csv and expectations.csv into `directory`, which is made if
/// needed. Returns what went wrong, or nothing.
std::string write_csv(const RunResult& result, const std::string& directory);
/// The paths of those of its files that exist already, parted by commas.
std::string csv_files_in(const std::string& directory);

/// The option values of a protocol that differ from its defaults: "asking: one-by-one".
std::string options_text(const ProtocolUse& use, const ProtocolEntry& entry);

}  // namespace indoubt
