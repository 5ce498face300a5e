#pragma once
// explore --emit-scenario: a finding as a scenario file.
#include <cstddef>
#include <string>

#include "analysis/explore/explorer.h"
#include "scenarios/loader.h"

namespace indoubt {

/// Which answer's trace goes where.
struct EmissionTarget {
  std::string property;  ///< "violation.agreement"
  std::string path;
};

/// Reads "PROPERTY=FILE". `protocols`: how many are explored. Throws CallError for anything else,
/// for a file that exists, and for more than one protocol.
EmissionTarget emission_target(const std::string& text, std::size_t protocols);

/// Writes the file and says so on stderr, or says why it could not and returns false; then nothing
/// is written. Throws CallError for a property that was not asked.
bool emit(const EmissionTarget& target, const ScenarioFile& file, const ProtocolUse& use,
          const Machine& machine, const ExploreReport& report);

}  // namespace indoubt
