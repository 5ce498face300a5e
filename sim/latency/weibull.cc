#include <array>
#include <limits>

#include "sim/latency/kinds.h"
#include "sim/latency/unit_exponential.h"
#include "sim/random/portable_math.h"

namespace indoubt {
namespace {

constexpr double kLeastShape = 0.1, kMostShape = 1000;

constexpr std::array<LatencyParameter, 2> kParameters = {
    {{"scale", LatencyParameter::Unit::time, "63.2 % of the draws are shorter; longer than 0."},
     {"shape", LatencyParameter::Unit::number,
      "P(longer than x) = exp(-(x / scale)^shape); 0.1 to 1000. Below 1 the hazard falls with age, "
      "at 1 the kind is exponential, above 1 it rises."}}};

std::optional<std::string> check(const Latency& latency) {
  if (auto problem = check_positive_time("scale", latency.parameter[0])) return problem;
  return check_number("shape", latency.parameter[1], kLeastShape, kMostShape);
}

double sample(const Latency& latency, DrawWords& words) {
  const double hazard = unit_exponential(words);
  if (hazard <= 0) return 0;
  return latency.parameter[0] * portable_pow(hazard, 1 / latency.parameter[1]);
}

/// Gamma function by Lanczos' approximation with g = 7 and nine terms (Godfrey 2001), whose error
/// is below 1e-14. Requires 1 <= x <= 11.
double gamma_function(double x) {
  constexpr double kG = 7, kRootOfTwoPi = 2.5066282746310005;
  constexpr std::array<double, 9> kTerms = {
      0.99999999999980993,  676.5203681218851,     -1259.1392167224028,
      771.32342877765313,   -176.61502916214059,   12.507343278686905,
      -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7};
  const double z = x - 1;
  double sum = kTerms[0];
  for (std::size_t i = 1; i < kTerms.size(); ++i) sum += kTerms[i] / (z + static_cast<double>(i));
  const double t = z + kG + 0.5;
  return kRootOfTwoPi * portable_pow(t, z + 0.5) * portable_exp(-t) * sum;
}

double mean(const Latency& latency) {
  return latency.parameter[0] * gamma_function(1 + 1 / latency.parameter[1]);
}

}  // namespace

constinit const LatencyKind kWeibullLatency = {
    .name = "weibull",
    .doc = "Lifetimes whose hazard falls or rises with age.",
    .parameters = kParameters,
    .check = &check,
    .sample = &sample,
    .mean = &mean,
    .range = [](const Latency&) {
      return LatencyRange{0, std::numeric_limits<double>::infinity()};
    }};

}  // namespace indoubt
