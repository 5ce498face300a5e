#include <algorithm>

#include "sim/latency/kinds.h"

namespace indoubt {
namespace {

using Point = std::pair<double, double>;  // probability, nanoseconds

std::string shown(const Point& p) {
  return "quantile " + number_text(p.first) + " (" + time_text(p.second) + ")";
}

std::optional<std::string> check_step(const Point& before, const Point& here) {
  if (!(here.first > before.first)) {
    return "quantile " + number_text(here.first) + " does not come after quantile " +
           number_text(before.first);
  }
  if (here.second < before.second) return shown(here) + " is below " + shown(before);
  return std::nullopt;
}

std::optional<std::string> check(const Latency& latency) {
  if (!latency.quantiles || latency.quantiles->size() < 2) return "fewer than two quantiles";
  const auto& points = *latency.quantiles;
  for (std::size_t i = 0; i < points.size(); ++i) {
    const std::string name = "quantile " + number_text(points[i].first);
    if (auto problem = check_time(name, points[i].second)) return problem;
    if (i == 0) continue;
    if (auto problem = check_step(points[i - 1], points[i])) return problem;
  }
  if (points.front().first != 0) {
    return "the first quantile is " + number_text(points.front().first) + ", but must be 0";
  }
  if (points.back().first != 1) {
    return "the last quantile is " + number_text(points.back().first) + ", but must be 1";
  }
  return std::nullopt;
}

double sample(const Latency& latency, DrawWords& words) {
  const auto& points = *latency.quantiles;
  const double u = unit_uniform(words());
  // The first point above u; there is one, since u < 1, and one before it, since u >= 0.
  const auto above = std::upper_bound(points.begin(), points.end(), u,
                                      [](double x, const Point& p) { return x < p.first; });
  const auto [q0, low] = *(above - 1);
  const auto [q1, high] = *above;
  return low + (high - low) * ((u - q0) / (q1 - q0));
}

double mean(const Latency& latency) {
  const auto& points = *latency.quantiles;
  double sum = 0;
  for (std::size_t i = 1; i < points.size(); ++i) {
    const auto [q0, low] = points[i - 1];
    const auto [q1, high] = points[i];
    sum += (q1 - q0) * (low + high) / 2;
  }
  return sum;
}

}  // namespace

constinit const LatencyKind kEmpiricalLatency = {
    .name = "empirical",
    .doc = "A measured distribution given by its quantiles, with straight lines between them.",
    .parameters = {},
    .check = &check,
    .sample = &sample,
    .mean = &mean,
    .range =
        [](const Latency& latency) {
          return LatencyRange{latency.quantiles->front().second, latency.quantiles->back().second};
        },
    .takes_quantiles = true};

}  // namespace indoubt
