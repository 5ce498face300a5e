#include <array>

#include "sim/latency/kinds.h"

namespace indoubt {
namespace {

constexpr std::array<LatencyParameter, 1> kParameters = {
    {{"length", LatencyParameter::Unit::time, "Every draw."}}};

double length(const Latency& latency) { return latency.parameter[0]; }

}  // namespace

constinit const LatencyKind kConstantLatency = {
    .name = "constant",
    .doc = "Always the same length; a bare time means this kind.",
    .parameters = kParameters,
    .shape = Latency::Shape::constant,
    .check = [](const Latency& latency) { return check_time("length", length(latency)); },
    .sample = [](const Latency& latency, DrawWords&) { return length(latency); },
    .mean = &length,
    .range =
        [](const Latency& latency) {
          return LatencyRange{length(latency), length(latency)};
        }};

}  // namespace indoubt
