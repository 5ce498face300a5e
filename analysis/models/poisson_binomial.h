#pragma once
// The number of successes among independent trials of unequal probability (Poisson 1837).
#include <span>
#include <vector>

namespace indoubt {

/// P(0), ..., P(n) successes, by convolution; n = p.size(). O(n^2).
std::vector<double> success_distribution(std::span<const double> p);

/// P(at least `least` and at most `most` successes); both may lie outside 0..n.
double successes_within(std::span<const double> p, int least, int most);

/// P(at least `least` successes).
double successes_at_least(std::span<const double> p, int least);

}  // namespace indoubt
