#pragma once
// The rows of the catalogue, one file each, and what their checks share.
#include <optional>
#include <string>
#include <string_view>

#include "sim/latency/latency.h"
#include "sim/latency/text.h"

namespace indoubt {

extern const LatencyKind kConstantLatency;
extern const LatencyKind kUniformLatency;
extern const LatencyKind kExponentialLatency;
extern const LatencyKind kErlangLatency;
extern const LatencyKind kLognormalLatency;
extern const LatencyKind kParetoLatency;
extern const LatencyKind kWeibullLatency;
extern const LatencyKind kEmpiricalLatency;

/// Why a time in nanoseconds is not allowed: negative, above kLongest, NaN.
std::optional<std::string> check_time(std::string_view name, double nanoseconds);
/// The same, and zero is not allowed either.
std::optional<std::string> check_positive_time(std::string_view name, double nanoseconds);
/// Why a number is not allowed: outside [least, most], or NaN.
std::optional<std::string> check_number(std::string_view name, double x, double least, double most);

}  // namespace indoubt
