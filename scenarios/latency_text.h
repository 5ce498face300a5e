#pragma once
// How a latency is written: `[DURATION +] KIND [PARAMETER] VALUE ...`, or just a duration.
#include <string>
#include <string_view>

#include "scenarios/quantity.h"
#include "sim/latency/latency.h"

namespace indoubt {

/// A latency as far as its text tells: where `file` is not empty, its quantiles are still missing.
struct LatencyText {
  Latency latency;
  std::string file;             ///< of measured delays, as written
  std::size_t file_offset = 0;  ///< of the file's name in the text
};

/// "5ms", "exponential 5ms", "1ms + lognormal median 5ms sigma 0.5", "empirical delays.csv".
/// The kinds and their parameters are those of the latency catalogue.
Parsed<LatencyText> parse_latency(std::string_view text);

/// "exponential MEAN", "empirical FILE": how this kind is written.
std::string usage(const LatencyKind& kind);
/// An example of it: "exponential 5ms".
std::string example(const LatencyKind& kind);

/// Names of the latency catalogue.
std::vector<std::string_view> latency_names();

/// A regular expression of what parse_latency accepts, not anchored.
std::string latency_pattern();

}  // namespace indoubt
