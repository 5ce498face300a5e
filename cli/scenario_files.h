#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "scenarios/loader.h"

namespace indoubt {

/// Loads a scenario, `given` as a file, by its name in the library, or as "-" on stdin; prints its
/// errors, what follows from them, and notes to stderr. Nothing if it has errors.
std::optional<ScenarioFile> load_or_explain(const std::string& given,
                                            std::string_view consequence = "; nothing was run");

}  // namespace indoubt
