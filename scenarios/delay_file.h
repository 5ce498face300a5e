#pragma once
// Measured delays from a CSV file.
#include <optional>
#include <utility>
#include <vector>

#include "scenarios/diagnostic.h"

namespace indoubt {

/// Quantiles (probability, nanoseconds), from 0 to 1, both columns sorted.
using Quantiles = std::vector<std::pair<double, double>>;

/// Reads lines of one delay each ("5.2ms", or a number of milliseconds), of which it takes the
/// quantiles, or lines `quantile,delay`. Empty lines, lines that begin with # and a heading
/// ("delay", "quantile,delay") are skipped. What is wrong goes to `errors`.
std::optional<Quantiles> read_delays(const Source& source, Diagnostics& errors);

}  // namespace indoubt
