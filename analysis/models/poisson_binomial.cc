#include "analysis/models/poisson_binomial.h"

#include <algorithm>

namespace indoubt {

std::vector<double> success_distribution(std::span<const double> p) {
  std::vector<double> distribution = {1};
  distribution.reserve(p.size() + 1);
  for (const double success : p) {
    distribution.push_back(0);
    for (std::size_t k = distribution.size() - 1; k > 0; --k) {
      distribution[k] = distribution[k] * (1 - success) + distribution[k - 1] * success;
    }
    distribution[0] *= 1 - success;
  }
  return distribution;
}

double successes_within(std::span<const double> p, int least, int most) {
  const std::vector<double> distribution = success_distribution(p);
  double sum = 0;
  for (int k = std::max(least, 0); k <= std::min(most, static_cast<int>(p.size())); ++k) {
    sum += distribution[static_cast<std::size_t>(k)];
  }
  return std::min(sum, 1.0);  // rounding
}

double successes_at_least(std::span<const double> p, int least) {
  return successes_within(p, least, static_cast<int>(p.size()));
}

}  // namespace indoubt
