// Peak memory of whole runs, each in a process of its own: it must not depend on how many
// transactions are simulated.
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <string>

#include "scenarios/runner.h"

namespace indoubt {
namespace {

int run(std::uint64_t count, const char* arrivals) {
  LoadResult loaded = load_scenario_text(
      "indoubt: 1\nprotocols: [2pc]\nservices: {p: {count: 3, vote_yes: 0.99, prepare: 1ms}}\n"
      "network: {latency: exponential 1ms}\ntimeouts: {votes: 50ms}\n"
      "transactions: {count: " +
          std::to_string(count) + ", arrivals: poisson " + arrivals + "}\n",
      "world");
  if (!loaded.file) return 1;
  return run_scenario(*loaded.file, {}).protocols.front().totals.transactions == count ? 0 : 1;
}

void measure(std::uint64_t count, const char* arrivals) {
  const pid_t child = fork();
  if (child == 0) _exit(run(count, arrivals));
  int status = 0;
  rusage usage{};
  wait4(child, &status, 0, &usage);
  std::printf("2pc world, %10llu transactions at %s: peak %.1f MiB%s\n",
              static_cast<unsigned long long>(count), arrivals,
              static_cast<double>(usage.ru_maxrss) / 1024, status == 0 ? "" : "  FAILED");
}

}  // namespace
}  // namespace indoubt

int main() {
  for (const char* arrivals : {"10/ms", "1000/ms"})
    for (const std::uint64_t count : {100'000u, 1'000'000u, 10'000'000u})
      indoubt::measure(count, arrivals);
}
