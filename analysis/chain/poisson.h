#pragma once
#include <cstdint>
#include <vector>

namespace indoubt::markov {

/// P(N = left), P(N = left + 1), ... for a Poisson variable N of mean `mean`, cut where what is
/// left out on both sides together has at most probability `error`, and scaled to sum 1.
struct PoissonWeights {
  std::uint64_t left = 0;
  std::vector<long double> weights;
  double truncated = 0;  ///< proven bound on the probability left out
  std::uint64_t right() const { return left + weights.size() - 1; }
};

/// From the mode outwards by ratios, so that nothing under- or overflows; the ends are where a
/// geometric bound on the tail is small enough (after Fox & Glynn 1988). Requires mean >= 0 and
/// 0 < error < 1. O(sqrt(mean log(1/error))).
PoissonWeights poisson_weights(double mean, double error);

}  // namespace indoubt::markov
