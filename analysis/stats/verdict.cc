#include "analysis/stats/verdict.h"

#include <algorithm>
#include <cmath>

#include "sim/process/assert.h"

namespace indoubt {

std::string_view name(Verdict v) {
  switch (v) {
    case Verdict::agree: return "agree";
    case Verdict::disagree: return "disagree";
    case Verdict::undecided: return "undecided";
  }
  return "";
}

Verdict compare(const Interval& measured, double value, double margin) {
  INDOUBT_ASSERT(margin >= 0);
  if (value - margin <= measured.low && measured.high <= value + margin) return Verdict::agree;
  return measured.contains(value) ? Verdict::undecided : Verdict::disagree;
}

double per_comparison_level(double family_level, int comparisons) {
  INDOUBT_ASSERT(comparisons >= 1);
  return 1 - (1 - family_level) / comparisons;
}

// An interval of half-width h about the estimate, at distance d from the value, decides as soon as
// h < d (disagree) or d + h <= margin (agree).
std::uint64_t observations_to_decide(double estimate, double variance, double value, double margin,
                                     double level, std::uint64_t now) {
  INDOUBT_ASSERT(variance >= 0);
  INDOUBT_ASSERT(margin >= 0);
  const double d = std::abs(estimate - value);
  const double half = std::max(d, margin - d);
  const double z = -normal_quantile((1 - level) / 2);
  const double needed = variance == 0 ? 0 : std::ceil(z * z * variance / (half * half));
  if (!(needed < static_cast<double>(kMostObservations)))
    return std::max(kMostObservations, now + 1);
  return std::max(static_cast<std::uint64_t>(needed), now + 1);
}

}  // namespace indoubt
