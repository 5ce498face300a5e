#include <array>

#include "sim/latency/kinds.h"

namespace indoubt {
namespace {

constexpr std::array<LatencyParameter, 2> kParameters = {
    {{"low", LatencyParameter::Unit::time, "Shortest draw."},
     {"high", LatencyParameter::Unit::time, "Longest draw; not below `low`."}}};

std::optional<std::string> check(const Latency& latency) {
  const double low = latency.parameter[0], high = latency.parameter[1];
  if (auto problem = check_time("low", low)) return problem;
  if (auto problem = check_time("high", high)) return problem;
  if (low <= high) return std::nullopt;
  return "high (" + time_text(high) + ") is below low (" + time_text(low) + ")";
}

double sample(const Latency& latency, DrawWords& words) {
  const double low = latency.parameter[0], high = latency.parameter[1];
  return low + (high - low) * unit_uniform(words());
}

}  // namespace

constinit const LatencyKind kUniformLatency = {
    .name = "uniform",
    .doc = "Equally likely anywhere between two bounds.",
    .parameters = kParameters,
    .check = &check,
    .sample = &sample,
    .mean = [](const Latency& l) { return (l.parameter[0] + l.parameter[1]) / 2; },
    .range =
        [](const Latency& l) {
          return LatencyRange{l.parameter[0], l.parameter[1]};
        }};

}  // namespace indoubt
