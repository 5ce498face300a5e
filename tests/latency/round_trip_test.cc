// Goal: what text() writes, a scenario reads back as the same latency.
#include <gtest/gtest.h>

#include "scenarios/loader.h"
#include "tests/latency/make_latency.h"

namespace indoubt {
namespace {

using namespace std::chrono_literals;

/// The network latency of a scenario that writes it as `text`.
Latency read_back(const std::string& text) {
  const LoadResult result = load_scenario_text(
      "indoubt: 1\nprotocols: [2pc]\nservices: {a: {}}\n"
      "network: {latency: " +
          text + "}\n",
      "round_trip.yaml");
  for (const Diagnostic& error : result.errors) ADD_FAILURE() << text << ": " << error.message;
  return result.file ? result.file->scenario.network.latency : Latency();
}

TEST(LatencyText, IsReadBackAsTheSameLatency) {
  std::vector<Latency> latencies = one_of_each_kind();
  latencies.push_back(make_latency("lognormal", {1e6, 0.00001}));
  latencies.push_back(make_latency("pareto", {1e6, 1.25}));
  latencies.push_back(make_latency("weibull", {1e6, 1.25}));
  latencies.push_back(make_latency("uniform", {0, 90e9}));
  latencies.push_back(make_latency("exponential", {1'234'567}));
  latencies.push_back(make_latency("constant", {120e9}));
  for (const Latency& latency : latencies) {
    EXPECT_EQ(read_back(latency.text()), latency) << latency.text();
    const Latency shifted = with_minimum(latency, 1500us);
    EXPECT_EQ(read_back(shifted.text()), shifted) << shifted.text();
  }
}

}  // namespace
}  // namespace indoubt
