#pragma once
// Latencies for the tests, written the short way.
#include <initializer_list>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "sim/latency/latency.h"

namespace indoubt {

inline Latency make_latency(std::string_view kind, std::initializer_list<double> parameters) {
  Latency latency;
  latency.kind = find_latency(kind);
  latency.shape = latency.kind->shape;
  std::size_t i = 0;
  for (const double x : parameters) latency.parameter[i++] = x;
  return latency;
}

inline Latency make_empirical(std::vector<std::pair<double, double>> quantiles) {
  Latency latency = make_latency("empirical", {});
  latency.quantiles =
      std::make_shared<const std::vector<std::pair<double, double>>>(std::move(quantiles));
  return latency;
}

inline Latency with_minimum(Latency latency, Duration minimum) {
  latency.minimum = minimum;
  return latency;
}

/// Draw number n of a fixed stream.
inline Duration draw(const Latency& latency, std::uint64_t n) {
  const Draws draws(1, 0);
  DrawWords words(draws, {n, Purpose::link, 0, 0});
  return latency.sample(words);
}

/// One of each kind, with parameters of a few milliseconds.
inline std::vector<Latency> one_of_each_kind() {
  return {make_latency("constant", {5e6}),
          make_latency("uniform", {1e6, 9e6}),
          make_latency("exponential", {5e6}),
          make_latency("erlang", {4, 5e6}),
          make_latency("lognormal", {4e6, 0.6}),
          make_latency("pareto", {3e6, 3}),
          make_latency("weibull", {5e6, 0.8}),
          make_empirical({{0, 1e6}, {0.5, 2e6}, {0.9, 6e6}, {1, 50e6}})};
}

}  // namespace indoubt
