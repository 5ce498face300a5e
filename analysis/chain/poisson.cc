#include "analysis/chain/poisson.h"

#include <algorithm>
#include <cmath>

#include "sim/process/assert.h"

namespace indoubt::markov {
namespace {

/// Weights below the mode relative to it, nearest first, until the rest sums to at most `most`.
std::vector<long double> below_mode(std::uint64_t mode, long double mean, long double most,
                                    long double& left_out) {
  std::vector<long double> w;
  long double last = 1;
  for (std::uint64_t k = mode; k > 0; --k) {
    const long double ratio = static_cast<long double>(k) / mean;  // w(k-1) / w(k), falls with k
    last *= ratio;
    const long double next = static_cast<long double>(k - 1) / mean;
    if (next < 1 && last / (1 - next) <= most) {
      left_out += last / (1 - next);
      break;
    }
    w.push_back(last);
  }
  return w;
}

std::vector<long double> above_mode(std::uint64_t mode, long double mean, long double most,
                                    long double& left_out) {
  std::vector<long double> w;
  long double last = 1;
  for (std::uint64_t k = mode + 1;; ++k) {
    last *= mean / static_cast<long double>(k);
    const long double next = mean / static_cast<long double>(k + 1);
    if (last / (1 - next) <= most) {
      left_out += last / (1 - next);
      return w;
    }
    w.push_back(last);
  }
}

}  // namespace

PoissonWeights poisson_weights(double mean, double error) {
  INDOUBT_ASSERT(mean >= 0 && error > 0 && error < 1);
  if (mean == 0) return {0, {1.0L}, 0};
  const auto mode = static_cast<std::uint64_t>(mean);
  long double left_out = 0;
  const std::vector<long double> below = below_mode(mode, mean, error / 2, left_out);
  const std::vector<long double> above = above_mode(mode, mean, error / 2, left_out);
  PoissonWeights p;
  p.left = mode - below.size();
  p.weights.assign(below.rbegin(), below.rend());
  p.weights.push_back(1);
  p.weights.insert(p.weights.end(), above.begin(), above.end());
  long double total = 0;  // the small ones first on either side
  for (const long double w : p.weights) total += w;
  for (long double& w : p.weights) w /= total;
  p.truncated = static_cast<double>(left_out / total);
  return p;
}

}  // namespace indoubt::markov
