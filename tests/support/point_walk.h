#pragma once
// Points of protocols that have too many local situations to visit them all: a random walk through
// the closure of the local behaviour (see sim/closure/closure.h), which reaches rare points sooner
// than a search in order.
#include <cstdint>
#include <vector>

#include "sim/closure/points.h"

namespace indoubt {

/// The points that `steps` random steps of `machine` meet, in an order of their own; ballots and
/// elections up to `rounds`. Every step taken is one of the closure. The same for the same `seed`.
std::vector<ProtocolPoint> points_of_walk(const Machine& machine, std::size_t steps,
                                          std::uint32_t rounds, std::uint64_t seed);

}  // namespace indoubt
