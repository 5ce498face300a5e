#pragma once
// When something was down, from a CSV file.
#include <optional>
#include <utility>
#include <vector>

#include "scenarios/diagnostic.h"
#include "sim/process/time.h"

namespace indoubt {

/// (begin, end) of each failure, increasing and disjoint.
using FailureTrace = std::vector<std::pair<Duration, Duration>>;

/// Reads lines `begin,end` of times ("5.2ms", or numbers of milliseconds). Empty lines, lines that
/// begin with # and the heading `begin,end` are skipped. What is wrong goes to `errors`.
std::optional<FailureTrace> read_trace(const Source& source, Diagnostics& errors);

}  // namespace indoubt
