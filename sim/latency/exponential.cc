#include <array>
#include <limits>

#include "sim/latency/kinds.h"

namespace indoubt {
namespace {

constexpr std::array<LatencyParameter, 1> kParameters = {
    {{"mean", LatencyParameter::Unit::time, "Mean of the draws; longer than 0."}}};

double mean(const Latency& latency) { return latency.parameter[0]; }

}  // namespace

constinit const LatencyKind kExponentialLatency = {
    .name = "exponential",
    .doc = "Memoryless: what is left does not depend on how long it has lasted.",
    .parameters = kParameters,
    .shape = Latency::Shape::exponential,
    .check = [](const Latency& latency) { return check_positive_time("mean", mean(latency)); },
    .sample = [](const Latency& latency,
                 DrawWords& words) { return mean(latency) * unit_exponential(words); },
    .mean = &mean,
    .range =
        [](const Latency&) {
          return LatencyRange{0, std::numeric_limits<double>::infinity()};
        }};

}  // namespace indoubt
