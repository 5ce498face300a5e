#include <algorithm>

#include "sim/measures/totals.h"

namespace indoubt {

std::uint64_t DurationHistogram::lower_edge(std::size_t bin) {
  constexpr std::uint64_t kBinsPerDoubling = 1u << kSub;
  if (bin < kBinsPerDoubling) return bin;
  const std::uint64_t mantissa = kBinsPerDoubling | (bin & (kBinsPerDoubling - 1));
  return mantissa << ((bin >> kSub) - 1);
}

void DurationHistogram::merge(const DurationHistogram& o) {
  for (std::size_t i = 0; i < kBins; ++i) bins[i] += o.bins[i];
  least_ = std::min(least_, o.least_);
  most_ = std::max(most_, o.most_);
}

double DurationHistogram::quantile(double q) const {
  std::uint64_t total = 0;
  for (const std::uint64_t n : bins) total += n;
  if (total == 0) return 0;
  const double target = std::clamp(q, 0.0, 1.0) * static_cast<double>(total);
  std::uint64_t before = 0;
  std::size_t bin = 0;
  for (;; ++bin) {  // to the first bin that is not empty and reaches the target
    const std::uint64_t reached = before + bins[bin];
    if (bins[bin] != 0 && (static_cast<double>(reached) >= target || reached == total)) break;
    before = reached;
  }
  const double share = (target - static_cast<double>(before)) / static_cast<double>(bins[bin]);
  const double low = static_cast<double>(lower_edge(bin));
  const double last = static_cast<double>(lower_edge(bin + 1) - 1);  // durations are whole
  return std::clamp(low + share * (last - low), static_cast<double>(least_),
                    static_cast<double>(most_));
}

}  // namespace indoubt
