#include <array>
#include <cmath>
#include <limits>

#include "sim/latency/kinds.h"

namespace indoubt {
namespace {

constexpr int kMostStages = 1000;  // beyond, the draw is as good as constant and only slow

constexpr std::array<LatencyParameter, 2> kParameters = {
    {{"stages", LatencyParameter::Unit::number, "Number of stages, 1 to 1000."},
     {"mean", LatencyParameter::Unit::time, "Mean of the whole sum; longer than 0."}}};

std::optional<std::string> check(const Latency& latency) {
  const double stages = latency.parameter[0];
  if (auto problem = check_number("stages", stages, 1, kMostStages)) return problem;
  if (stages != std::trunc(stages)) return "stages (" + number_text(stages) + ") is not whole";
  return check_positive_time("mean", latency.parameter[1]);
}

double sample(const Latency& latency, DrawWords& words) {
  const int stages = static_cast<int>(latency.parameter[0]);
  double sum = 0;
  for (int i = 0; i < stages; ++i) sum += unit_exponential(words);
  return latency.parameter[1] / stages * sum;
}

}  // namespace

constinit const LatencyKind kErlangLatency = {
    .name = "erlang",
    .doc = "Sum of equal exponential stages: the more stages, the closer to its mean.",
    .parameters = kParameters,
    .check = &check,
    .sample = &sample,
    .mean = [](const Latency& latency) { return latency.parameter[1]; },
    .range =
        [](const Latency&) {
          return LatencyRange{0, std::numeric_limits<double>::infinity()};
        }};

}  // namespace indoubt
