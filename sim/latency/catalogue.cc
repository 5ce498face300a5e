#include <array>

#include "sim/latency/kinds.h"

namespace indoubt {

std::span<const LatencyKind* const> latency_catalogue() {
  static constexpr std::array<const LatencyKind*, 8> kRows = {
      &kConstantLatency,  &kUniformLatency, &kExponentialLatency, &kErlangLatency,
      &kLognormalLatency, &kParetoLatency,  &kWeibullLatency,     &kEmpiricalLatency};
  return kRows;
}

const LatencyKind* find_latency(std::string_view name) {
  for (const LatencyKind* kind : latency_catalogue())
    if (kind->name == name) return kind;
  return nullptr;
}

}  // namespace indoubt
