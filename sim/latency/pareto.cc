#include <array>
#include <limits>

#include "sim/latency/kinds.h"
#include "sim/random/portable_math.h"

namespace indoubt {
namespace {

constexpr double kLeastShape = 0.1, kMostShape = 1000;

constexpr std::array<LatencyParameter, 2> kParameters = {
    {{"scale", LatencyParameter::Unit::time, "Shortest draw; longer than 0."},
     {"shape", LatencyParameter::Unit::number,
      "P(longer than x) = (scale / x)^shape; 0.1 to 1000. At 1 and below there is no mean."}}};

std::optional<std::string> check(const Latency& latency) {
  if (auto problem = check_positive_time("scale", latency.parameter[0])) return problem;
  return check_number("shape", latency.parameter[1], kLeastShape, kMostShape);
}

double sample(const Latency& latency, DrawWords& words) {
  const double above_zero = 1 - unit_uniform(words());  // in (0, 1], exact
  return latency.parameter[0] * portable_pow(above_zero, -1 / latency.parameter[1]);
}

double mean(const Latency& latency) {
  const double scale = latency.parameter[0], shape = latency.parameter[1];
  if (shape <= 1) return std::numeric_limits<double>::infinity();
  return scale * shape / (shape - 1);
}

}  // namespace

constinit const LatencyKind kParetoLatency = {
    .name = "pareto",
    .doc = "Power-law tail: rare draws are very long.",
    .parameters = kParameters,
    .check = &check,
    .sample = &sample,
    .mean = &mean,
    .range = [](const Latency& latency) {
      return LatencyRange{latency.parameter[0], std::numeric_limits<double>::infinity()};
    }};

}  // namespace indoubt
