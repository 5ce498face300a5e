#pragma once
#include <optional>
#include <string>

#include "scenarios/loader.h"

namespace indoubt {

/// Loads a scenario, `given` as a file or by its name in the library; prints its errors and notes
/// to stderr. Nothing if it has errors.
std::optional<ScenarioFile> load_or_explain(const std::string& given);

}  // namespace indoubt
