#pragma once
#include <cstdint>
#include <vector>

#include "sim/process/process_set.h"

namespace indoubt {

/// Who takes part in a transaction, as the scenario says and whatever the protocol.
struct Group {
  int participants = 1;                ///< >= 1
  std::vector<std::uint16_t> weights;  ///< in quorums: [0] the coordinator's, [p] participant p's;
                                       ///< empty: 1 each
  bool readers = true;                 ///< some participant may vote READ
  int weight(ProcessId p) const { return p < weights.size() ? weights[p] : 1; }
};

}  // namespace indoubt
