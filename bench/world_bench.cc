// The "2PC world" through the whole product path: scenario text, loader, protocol, oracles, sums.
// Poisson arrivals; one coordinator, three participants; every message Exp(1 ms), local work 1 ms,
// YES with 0.99, a vote time-out of 50 ms that is armed and cancelled; decision and acks. About 16
// events a transaction. Rates are per CPU second (the benchmark's own clock).
#include <benchmark/benchmark.h>

#include <string>

#include "scenarios/runner.h"
#include "sim/engine/simulation.h"

namespace indoubt {
namespace {

constexpr std::uint64_t kTransactions = 200'000;

ScenarioFile world(const std::string& protocol, const std::string& transactions,
                   const std::string& timeouts, const std::string& latency = "exponential 1ms",
                   const std::string& disk = "0ms", int participants = 3) {
  const std::string text = "indoubt: 1\nprotocols: [" + protocol +
                           "]\nservices: {p: {count: " + std::to_string(participants) +
                           ", vote_yes: 0.99, prepare: 1ms}}\nnetwork: {latency: " + latency +
                           "}\ndisk: {force: " + disk + "}\ntimeouts: {" + timeouts +
                           "}\ntransactions: {count: " + std::to_string(kTransactions) +
                           ", seed: 42, " + transactions + "}\n";
  LoadResult loaded = load_scenario_text(text, "world");
  if (!loaded.file) throw std::logic_error("the world does not load");
  return *loaded.file;
}

void run(benchmark::State& state, const ScenarioFile& file) {
  std::uint64_t events = 0, transactions = 0, seed = 0;
  double commits = 0;
  for (auto _ : state) {
    ScenarioFile each = file;
    each.scenario.transactions.seed = ++seed;
    const RunResult result = run_scenario(each, {});
    const Totals& totals = result.protocols.front().totals;
    events += totals.events;
    transactions += totals.transactions;
    commits = static_cast<double>(totals.commits) / static_cast<double>(totals.transactions);
  }
  using Counter = benchmark::Counter;
  state.counters["events/s"] = Counter(static_cast<double>(events), Counter::kIsRate);
  state.counters["transactions/s"] = Counter(static_cast<double>(transactions), Counter::kIsRate);
  state.counters["commit"] = commits;
}

const std::string kVotes = "votes: 50ms";
const std::string kAll = "votes: 50ms, decision: 200ms, acks: 200ms";

void register_worlds() {
  auto add = [](const char* name, const ScenarioFile& file) {
    benchmark::RegisterBenchmark(name, [file](benchmark::State& s) {
      run(s, file);
    })->Unit(benchmark::kMillisecond);
  };
  add("2pc/10_per_ms", world("2pc", "arrivals: poisson 10/ms", kVotes));
  add("2pc/1000_per_ms", world("2pc", "arrivals: poisson 1000/ms", kVotes));
  add("2pc/10_per_ms/all_timeouts", world("2pc", "arrivals: poisson 10/ms", kAll));
  add("2pc/1000_per_ms/all_timeouts", world("2pc", "arrivals: poisson 1000/ms", kAll));
  add("2pc/fresh_sites", world("2pc", "sites: fresh", kVotes));
  add("2pc/fresh_sites/all_timeouts", world("2pc", "sites: fresh", kAll));
  add("2pc/10_per_ms/constant_delays", world("2pc", "arrivals: poisson 10/ms", kVotes, "1ms"));
  add("2pc/10_per_ms/forces_0.1ms",
      world("2pc", "arrivals: poisson 10/ms", kVotes, "exponential 1ms", "0.1ms"));
  add("3pc/10_per_ms", world("3pc", "arrivals: poisson 10/ms", kVotes));
  add("3pc-majority/10_per_ms", world("3pc-majority", "arrivals: poisson 10/ms", kVotes));
}

}  // namespace
}  // namespace indoubt

int main(int argc, char** argv) {
  indoubt::register_worlds();
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
  benchmark::RunSpecifiedBenchmarks();
}
