#include "scenarios/difference_bounds.h"

#include "sim/process/assert.h"

namespace indoubt {

DifferenceBounds::DifferenceBounds(int variables) : variables_(variables) {
  INDOUBT_ASSERT(variables >= 1);
}

std::optional<std::vector<std::int64_t>> DifferenceBounds::least() const {
  std::vector<std::int64_t> x(static_cast<std::size_t>(variables_), 0);
  for (int round = 0; round <= variables_; ++round) {
    bool raised = false;
    for (const Bound& b : bounds_) {
      const std::int64_t low = x[static_cast<std::size_t>(b.from)] + b.least;
      std::int64_t& to = x[static_cast<std::size_t>(b.to)];
      if (to >= low) continue;
      if (b.to == 0) return std::nullopt;
      to = low;
      raised = true;
    }
    if (!raised) return x;
  }
  return std::nullopt;
}

}  // namespace indoubt
