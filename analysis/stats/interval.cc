#include "analysis/stats/interval.h"

#include <algorithm>
#include <boost/math/distributions/binomial.hpp>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <limits>

#include "sim/process/assert.h"

namespace indoubt {
namespace {

// In double alone: the width of long double differs between machines.
using Policy = boost::math::policies::policy<boost::math::policies::promote_double<false>>;
using Normal = boost::math::normal_distribution<double, Policy>;
using Binomial = boost::math::binomial_distribution<double, Policy>;
using StudentsT = boost::math::students_t_distribution<double, Policy>;

/// Probability beyond either end of an interval of this level.
double tail(double level) {
  INDOUBT_ASSERT(level > 0);
  INDOUBT_ASSERT(level < 1);
  return (1 - level) / 2;
}

}  // namespace

double normal_quantile(double p) {
  INDOUBT_ASSERT(p > 0);
  INDOUBT_ASSERT(p < 1);
  return boost::math::quantile(Normal(), p);
}

Interval wilson(std::uint64_t hits, std::uint64_t trials, double level) {
  INDOUBT_ASSERT(hits <= trials);
  const double z = -normal_quantile(tail(level));
  if (trials == 0) return {0, 1};
  const double h = static_cast<double>(hits), n = static_cast<double>(trials);
  const double misses = static_cast<double>(trials - hits);
  const double centre = (h + z * z / 2) / (n + z * z);
  const double half = z * std::sqrt(h * misses / n + z * z / 4) / (n + z * z);
  // The ends are exactly 0 and 1 there; rounding must not exclude them.
  return {hits == 0 ? 0 : std::max(0.0, centre - half),
          hits == trials ? 1 : std::min(1.0, centre + half)};
}

double proportion_variance(std::uint64_t hits, std::uint64_t trials) {
  INDOUBT_ASSERT(hits <= trials);
  const double p = (static_cast<double>(hits) + 2) / (static_cast<double>(trials) + 4);
  return p * (1 - p);
}

Interval clopper_pearson(std::uint64_t hits, std::uint64_t trials, double level) {
  INDOUBT_ASSERT(hits <= trials);
  const double beyond = tail(level);
  if (trials == 0) return {0, 1};
  const double h = static_cast<double>(hits), n = static_cast<double>(trials);
  return {Binomial::find_lower_bound_on_p(n, h, beyond),
          Binomial::find_upper_bound_on_p(n, h, beyond)};
}

Interval mean_interval(const Moments& m, double level) {
  const double beyond = tail(level);
  if (m.count < 2) {
    constexpr double kInfinity = std::numeric_limits<double>::infinity();
    return {-kInfinity, kInfinity};
  }
  const double n = static_cast<double>(m.count);
  const double t = -boost::math::quantile(StudentsT(n - 1), beyond);
  const double half = t * std::sqrt(m.variance() / n);
  return {m.mean() - half, m.mean() + half};
}

}  // namespace indoubt
