#include <array>
#include <boost/random/normal_distribution.hpp>
#include <limits>

#include "sim/latency/kinds.h"
#include "sim/random/portable_math.h"

namespace indoubt {
namespace {

constexpr double kMostSigma = 10;  // the 99 % quantile is then 10^10 medians

constexpr std::array<LatencyParameter, 2> kParameters = {
    {{"median", LatencyParameter::Unit::time, "Half of the draws are shorter; longer than 0."},
     {"sigma", LatencyParameter::Unit::number,
      "Standard deviation of the natural logarithm, 0 to 10."}}};

std::optional<std::string> check(const Latency& latency) {
  if (auto problem = check_positive_time("median", latency.parameter[0])) return problem;
  return check_number("sigma", latency.parameter[1], 0, kMostSigma);
}

double sample(const Latency& latency, DrawWords& words) {
  const double normal = boost::random::normal_distribution<double>{}(words);
  return latency.parameter[0] * portable_exp(latency.parameter[1] * normal);
}

double mean(const Latency& latency) {
  const double sigma = latency.parameter[1];
  return latency.parameter[0] * portable_exp(sigma * sigma / 2);
}

LatencyRange range(const Latency& latency) {
  if (latency.parameter[1] == 0) return {latency.parameter[0], latency.parameter[0]};
  return {0, std::numeric_limits<double>::infinity()};
}

}  // namespace

constinit const LatencyKind kLognormalLatency = {
    .name = "lognormal",
    .doc = "Its logarithm is normal: a typical length and a long tail.",
    .parameters = kParameters,
    .check = &check,
    .sample = &sample,
    .mean = &mean,
    .range = &range};

}  // namespace indoubt
