#pragma once
// Confidence intervals. Levels are two-sided coverage, e.g. 0.95.
#include <cstdint>

#include "sim/measures/totals.h"

namespace indoubt {

struct Interval {
  double low = 0, high = 1;
  bool contains(double x) const { return low <= x && x <= high; }
  double half_width() const { return (high - low) / 2; }
};

/// Wilson (1927) score interval for `hits` successes in `trials` Bernoulli trials. Requires
/// hits <= trials and 0 < level < 1; [0, 1] when trials == 0.
Interval wilson(std::uint64_t hits, std::uint64_t trials, double level);

/// Variance of one Bernoulli trial, estimated at (hits + 2) / (trials + 4) (Agresti & Coull 1998),
/// so that it is never 0. Requires hits <= trials.
double proportion_variance(std::uint64_t hits, std::uint64_t trials);

/// Clopper & Pearson (1934): covers with at least `level`, conservative. Same requirements.
Interval clopper_pearson(std::uint64_t hits, std::uint64_t trials, double level);

/// For a mean, by Student's t. Unbounded below two observations.
Interval mean_interval(const Moments& m, double level);

/// Quantile of the standard normal: x with P(X <= x) = p. Requires 0 < p < 1.
double normal_quantile(double p);

}  // namespace indoubt
