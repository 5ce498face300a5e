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

constexpr std::uint64_t kTransactions = 50'000;

ScenarioFile world(const std::string& protocol, const std::string& transactions,
                   const std::string& timeouts, const std::string& latency = "exponential 1ms",
                   const std::string& disk = "0ms", int participants = 3,
                   const std::string& faults = "") {
  const std::string text = "indoubt: 1\nprotocols: [" + protocol +
                           "]\nservices: {p: {count: " + std::to_string(participants) +
                           ", vote_yes: 0.99, prepare: 1ms}}\nnetwork: {latency: " + latency +
                           "}\ndisk: {force: " + disk + "}\ntimeouts: {" + timeouts +
                           "}\ntransactions: {count: " + std::to_string(kTransactions) +
                           ", seed: 42, " + transactions + "}\n" + faults;
  LoadResult loaded = load_scenario_text(text, "world");
  if (!loaded.file) throw std::logic_error("the world does not load");
  return *loaded.file;
}

/// `list`: standard runs transactions that share nothing one after another, as the command does;
/// ladder and heap keep all that overlap in one event list.
void run(benchmark::State& state, const ScenarioFile& file, EventList list) {
  const Machine machine = machine_for_use(file.scenario.protocols.front(), file.scenario);
  SimulationOptions options;
  options.count = file.scenario.transactions.count;
  options.event_list = list;
  std::uint64_t events = 0, transactions = 0, commits = 0;
  for (auto _ : state) {
    ++options.seed;
    const Totals totals = simulate(file.scenario, machine, options);
    events += totals.events;
    transactions += totals.transactions;
    commits += totals.commits;
  }
  using Counter = benchmark::Counter;
  state.counters["events/s"] = Counter(static_cast<double>(events), Counter::kIsRate);
  state.counters["transactions/s"] = Counter(static_cast<double>(transactions), Counter::kIsRate);
  state.counters["commit"] = static_cast<double>(commits) / static_cast<double>(transactions);
}

const std::string kVotes = "votes: 50ms";
const std::string kAll = "votes: 50ms, decision: 200ms, acks: 200ms";

void register_worlds() {
  auto add = [](const std::string& name, const ScenarioFile& file, EventList list) {
    benchmark::RegisterBenchmark(name.c_str(), [file, list](benchmark::State& s) {
      run(s, file, list);
    })->Unit(benchmark::kMillisecond);
  };
  for (const std::string rate : {"10", "1000"}) {
    const std::string arrivals = "arrivals: poisson " + rate + "/ms";
    add("2pc/" + rate + "_per_ms", world("2pc", arrivals, kVotes), EventList::standard);
    add("2pc/" + rate + "_per_ms/overlapping", world("2pc", arrivals, kVotes), EventList::ladder);
    add("2pc/" + rate + "_per_ms/overlapping/all_timeouts", world("2pc", arrivals, kAll),
        EventList::ladder);
  }
  const std::string ten = "arrivals: poisson 10/ms";
  add("2pc/10_per_ms/overlapping/heap", world("2pc", ten, kVotes), EventList::heap);
  add("2pc/all_timeouts", world("2pc", ten, kAll), EventList::standard);
  add("2pc/constant_delays", world("2pc", ten, kVotes, "1ms"), EventList::standard);
  add("2pc/forces_0.1ms", world("2pc", ten, kVotes, "exponential 1ms", "0.1ms"),
      EventList::standard);
  add("2pc/256_participants", world("2pc", ten, kVotes, "exponential 1ms", "0ms", 256),
      EventList::standard);
  const std::string mid_way =
      "faults: [{crash: {site: coordinator, at: before force committed, "
      "probability: 1%, restart: 100ms}}]\n";
  const std::string any_time =
      "faults: [{crash: {site: coordinator, mttf: exponential 600ms, restart: 10ms}}]\n";
  add("2pc/crashes_1_percent",
      world("2pc", ten + ", sites: fresh", kAll, "exponential 1ms", "0ms", 3, mid_way),
      EventList::standard);
  add("2pc/10_per_ms/overlapping/crashes",
      world("2pc", ten, kAll, "exponential 1ms", "0ms", 3, any_time), EventList::ladder);
  add("3pc", world("3pc", ten, kVotes), EventList::standard);
  add("3pc-majority", world("3pc-majority", ten, kVotes), EventList::standard);
}

}  // namespace
}  // namespace indoubt

int main(int argc, char** argv) {
  indoubt::register_worlds();
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
  benchmark::RunSpecifiedBenchmarks();
}
