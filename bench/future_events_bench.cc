// Future event lists alone. Hold: pop the earliest event, push one an exponential time later, with
// n pending. PHOLD: n logical processes that send each other events with a look-ahead of 0.1.
#include <benchmark/benchmark.h>

#include <array>
#include <vector>

#include "sim/engine/heap_events.h"
#include "sim/engine/ladder_events.h"
#include "sim/latency/unit_exponential.h"

namespace indoubt {
namespace {

constexpr std::size_t kTable = 1 << 16;

/// Exponential increments of mean 1 ms, drawn before the clock runs.
const std::vector<std::int64_t>& increments() {
  static const std::vector<std::int64_t> table = [] {
    const Draws draws(7, 0);
    std::vector<std::int64_t> t;
    for (std::size_t i = 0; i < kTable; ++i) {
      DrawWords words(draws, {i, Purpose::link, 0, 0});
      t.push_back(static_cast<std::int64_t>(1e6 * unit_exponential(words)));
    }
    return t;
  }();
  return table;
}

template <class Events>
void hold(benchmark::State& state) {
  const auto n = static_cast<std::size_t>(state.range(0));
  const std::vector<std::int64_t>& gap = increments();
  Events events;
  std::uint64_t sequence = 0;
  auto push = [&](std::int64_t at) {
    events.push({at, EventKey::order_of(EventKey::Class::delivery, sequence++)});
  };
  for (std::size_t i = 0; i < n; ++i) push(gap[i % kTable]);
  auto once = [&] {
    const std::int64_t now = events.top().at;
    events.pop();
    push(now + gap[sequence % kTable]);
  };
  for (std::size_t i = 0; i < 2 * n; ++i) once();
  for (auto _ : state) once();
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK_TEMPLATE(hold, LadderEvents)->Arg(100)->Arg(1'000)->Arg(100'000)->Arg(1'000'000);
BENCHMARK_TEMPLATE(hold, HeapEvents)->Arg(100)->Arg(1'000)->Arg(100'000)->Arg(1'000'000);

template <class Events>
void phold(benchmark::State& state) {
  const auto processes = static_cast<std::uint32_t>(state.range(0));
  constexpr std::uint32_t kEach = 16;
  const std::vector<std::int64_t>& gap = increments();
  std::vector<std::uint64_t> seen(processes);
  Events events;
  std::uint64_t sequence = 0, word = 1;
  auto push = [&](std::int64_t at, std::uint32_t to) {
    events.push({at, EventKey::order_of(EventKey::Class::delivery, sequence++) | to});
  };
  for (std::uint32_t i = 0; i < processes * kEach; ++i)
    push(100'000 + gap[i % kTable], i % processes);
  for (auto _ : state) {
    const EventKey e = events.top();
    events.pop();
    ++seen[e.handle()];
    word = word * 6364136223846793005u + 1442695040888963407u;
    push(e.at + 100'000 + gap[sequence % kTable],
         static_cast<std::uint32_t>((word >> 32) * processes >> 32));
  }
  benchmark::DoNotOptimize(seen.data());
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK_TEMPLATE(phold, LadderEvents)->Arg(1'024)->Arg(65'536);
BENCHMARK_TEMPLATE(phold, HeapEvents)->Arg(1'024)->Arg(65'536);

}  // namespace
}  // namespace indoubt

BENCHMARK_MAIN();
