#pragma once
// What `indoubt mistakes` prints.
#include <string>
#include <vector>

#include "scenarios/mistake_trials.h"
#include "sim/measures/measure.h"

namespace indoubt {

/// A table for people, with what was not caught or not clean below it.
std::string mistakes_text(const std::vector<Trial>& trials);
/// One JSON document, see docs/json.md; ends with a newline.
std::string mistakes_json(const std::vector<Trial>& trials);
/// docs/mistakes.md. The same wherever it is called from.
std::string mistakes_markdown(const std::vector<Trial>& trials);

}  // namespace indoubt
