#include "sim/latency/latency.h"

#include "sim/latency/kinds.h"
#include "sim/process/assert.h"

namespace indoubt {

Latency::Latency() : kind(&kConstantLatency) {}

Latency Latency::constant(Duration length) {
  Latency latency;
  latency.parameter[0] = static_cast<double>(length.count());
  INDOUBT_ASSERT(!latency.kind->check(latency));
  return latency;
}

Latency Latency::exponential(Duration mean) {
  Latency latency;
  latency.kind = &kExponentialLatency;
  latency.shape = latency.kind->shape;
  latency.parameter[0] = static_cast<double>(mean.count());
  INDOUBT_ASSERT(!latency.kind->check(latency));
  return latency;
}

double Latency::mean() const { return static_cast<double>(minimum.count()) + kind->mean(*this); }

LatencyRange Latency::range() const {
  const double shift = static_cast<double>(minimum.count());
  const LatencyRange draws = kind->range(*this);
  return {shift + draws.low, shift + draws.high};
}

bool Latency::operator==(const Latency& o) const {
  if (kind != o.kind || parameter != o.parameter || minimum != o.minimum) return false;
  if (!quantiles || !o.quantiles) return quantiles == o.quantiles;
  return *quantiles == *o.quantiles;
}

}  // namespace indoubt
