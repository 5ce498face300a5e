#pragma once
// Does a measurement agree with a model? An equivalence question: "not significantly different" is
// not agreement, and a difference that matters to nobody is not disagreement.
#include <cstdint>
#include <string_view>

#include "analysis/stats/interval.h"

namespace indoubt {

enum class Verdict : std::uint8_t {
  agree,     ///< the interval lies inside value +- margin
  disagree,  ///< the interval excludes the value (and does not lie inside the margin)
  undecided  ///< neither: more observations are needed
};
std::string_view name(Verdict v);

/// Default margin of agreement for proportions: 0.2 percentage points.
inline constexpr double kStandardMargin = 0.002;
/// Default margin of agreement for means, as a share of the value.
inline constexpr double kStandardRelativeMargin = 0.005;
/// Level of a whole table: the chance that any of its intervals misses is at most 1 - this.
inline constexpr double kFamilyLevel = 0.99;

/// Requires margin >= 0.
Verdict compare(const Interval& measured, double value, double margin);

/// Level of each of `comparisons` intervals so that all cover together with at least `family_level`
/// (Bonferroni). Requires comparisons >= 1.
double per_comparison_level(double family_level, int comparisons);

/// Where observations_to_decide saturates.
inline constexpr std::uint64_t kMostObservations = 1'000'000'000'000'000;

/// About how many observations would decide, when the estimate stays at `estimate` and one
/// observation has variance `variance` (for a proportion: proportion_variance). At least `now` + 1;
/// saturates at kMostObservations: an estimate equal to the value with no margin is never decided.
/// By normal theory: too many where value or estimate is so close to 0 or 1 that an interval is
/// one-sided.
std::uint64_t observations_to_decide(double estimate, double variance, double value, double margin,
                                     double level, std::uint64_t now);

}  // namespace indoubt
