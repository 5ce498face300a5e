// Exact chains: four properties of a chain of the size of three-phase commit with five participants
// (340,541 states, 2,102,445 transitions), acyclic and with cycles; one large cycle; a distribution
// at a time; rational arithmetic.
#include <benchmark/benchmark.h>

#include <string>
#include <utility>

#include "analysis/chain/exact.h"
#include "analysis/chain/passage.h"
#include "analysis/chain/solver.h"
#include "analysis/chain/transient.h"

namespace indoubt::markov {
namespace {

using Ask = Question::Kind;

class Dice {
 public:
  std::uint32_t below(std::uint32_t n) {
    state_ = state_ * 6364136223846793005u + 1442695040888963407u;
    return static_cast<std::uint32_t>((state_ >> 33) % n);
  }

 private:
  std::uint64_t state_ = 1;
};

std::vector<WeightId> some_rates(Chain& chain) {
  Weights& w = chain.weights();
  const WeightId loss = w.of(w.add_parameter("loss", Rational(1, 1000)));
  const WeightId latency = w.reciprocal(w.of(w.add_parameter("latency", 5'000'000)));
  std::vector<WeightId> rates;
  for (int k = 1; k <= 20; ++k) {
    const WeightId rate = w.product(w.constant(k), latency);
    rates.push_back(w.product(rate, loss));
    rates.push_back(w.product(rate, w.complement(loss)));
  }
  return rates;
}

/// Transitions lead on by at most 20,000 states, a few back within groups of `group` states.
Chain commit_like(std::uint32_t states, std::uint32_t group) {
  Chain chain;
  Dice dice;
  const Marks commit = chain.add_mark("commit"), abort = chain.add_mark("abort");
  const CounterId messages = chain.add_counter("messages");
  const EffectId sent[] = {kNoEffect, chain.intern(Effect{0, {{messages, 1}}}),
                           chain.intern(Effect{0, {{messages, 5}}})};
  const std::vector<WeightId> rates = some_rates(chain);
  const auto any_rate = [&] { return rates[dice.below(static_cast<std::uint32_t>(rates.size()))]; };
  for (StateId s = 0; s < states; ++s) {
    const bool end = s + 1000 >= states;
    chain.add_state(Kind::exponential, end ? (s % 3 == 0 ? abort : commit) : 0);
    if (end) continue;
    const std::uint32_t degree = 4 + dice.below(5);
    for (std::uint32_t k = 0; k + 1 < degree + (s % 6 == 0); ++k)
      chain.add_transition(s + 1 + dice.below(std::min(20'000u, states - s - 1)), any_rate(),
                           sent[dice.below(3)]);
    const bool back = group > 1 && s % group > 0 && dice.below(2) == 0;
    chain.add_transition(back ? s - 1 - dice.below(s % group) : s + 1, any_rate());
  }
  return chain;
}

void four_properties(benchmark::State& state) {
  const Chain chain = commit_like(340'541, static_cast<std::uint32_t>(state.range(0)));
  const Marks commit = *chain.find_mark("commit"), abort = *chain.find_mark("abort");
  const Question questions[] = {{Ask::ends, commit},
                                {Ask::passes, abort},
                                {Ask::earned, 0, *chain.find_counter("messages")},
                                {Ask::time_to, commit | abort}};
  double residual = 0;
  for (auto _ : state) {
    Solver solver(chain);
    for (const Question& q : questions) residual = std::max(residual, solver.solve(q).residual);
  }
  state.counters["transitions"] = static_cast<double>(chain.transitions());
  state.counters["components"] = static_cast<double>(Solver(chain).shape().components);
  state.counters["residual"] = residual;
}
BENCHMARK(four_properties)->Arg(1)->Arg(10)->Arg(50)->Unit(benchmark::kMillisecond);

void gradient_by_all_parameters(benchmark::State& state) {
  const Chain chain = commit_like(340'541, 1);
  Solver solver(chain);
  const Values v = solver.solve({Ask::ends, *chain.find_mark("commit")});
  for (auto _ : state) benchmark::DoNotOptimize(solver.gradient(v));
}
BENCHMARK(gradient_by_all_parameters)->Unit(benchmark::kMillisecond);

/// A walk on side x side places that leaves at one corner: one strongly connected component.
Chain grid(std::uint32_t side) {
  Chain chain;
  const Marks out = chain.add_mark("out");
  Weights& w = chain.weights();
  for (std::uint32_t y = 0; y < side; ++y)
    for (std::uint32_t x = 0; x < side; ++x) {
      const StateId s = chain.add_state(Kind::exponential, 0);
      if (x > 0) chain.add_transition(s - 1, w.constant(1));
      if (y > 0) chain.add_transition(s - side, w.constant(2));
      if (x + 1 < side) chain.add_transition(s + 1, w.constant(3));
      if (y + 1 < side) chain.add_transition(s + side, w.constant(4));
      if (s + 1 == side * side) chain.add_transition(side * side, w.constant(1));
    }
  chain.add_state(Kind::exponential, out);
  return chain;
}

void one_large_component(benchmark::State& state) {
  const auto side = static_cast<std::uint32_t>(state.range(0));
  const Chain chain = grid(side);
  double residual = 0;
  for (auto _ : state) {
    Solver solver(chain, {static_cast<std::size_t>(state.range(1)), 3});
    residual = solver.solve({Ask::time_to, 1}).residual;
  }
  state.counters["residual"] = residual;
}
BENCHMARK(one_large_component)
    ->Args({20, 400})
    ->Args({20, 0})
    ->Args({30, 900})
    ->Args({30, 0})
    ->Args({100, 0})
    ->Unit(benchmark::kMillisecond);

void distribution_at_a_time(benchmark::State& state) {
  const Chain chain = commit_like(static_cast<std::uint32_t>(state.range(0)), 1);
  std::uint64_t steps = 0;
  for (auto _ : state) steps = after(chain, at_start(chain), 5e6).steps;
  state.counters["steps"] = static_cast<double>(steps);
  state.counters["transitions/s"] =
      benchmark::Counter(static_cast<double>(steps * chain.transitions()),
                         benchmark::Counter::kIsIterationInvariantRate);
}
BENCHMARK(distribution_at_a_time)->Arg(10'000)->Arg(340'541)->Unit(benchmark::kMillisecond);

/// Each of `votes` votes is YES, NO or lost and asked again later.
Chain votes_chain(std::uint32_t votes) {
  Chain chain;
  const Marks commit = chain.add_mark("commit");
  Weights& w = chain.weights();
  const WeightId yes = w.of(w.add_parameter("yes", Rational(99, 100)));
  const WeightId loss = w.of(w.add_parameter("loss", Rational(1, 1000)));
  for (std::uint32_t k = 0; k < votes; ++k)
    for (std::uint32_t lost = 0; lost < votes; ++lost) {
      chain.add_state(Kind::step, 0);
      const StateId next = (k + 1) * votes + lost;
      chain.add_transition(k + 1 == votes ? votes * votes : next,
                           w.product(yes, w.complement(loss)));
      chain.add_transition(votes * votes + 1, w.product(w.complement(yes), w.complement(loss)));
      chain.add_transition(k + 1 == votes || lost + 1 == votes ? votes * votes + 1 : next + 1,
                           loss);
    }
  chain.add_state(Kind::step, commit);
  chain.add_state(Kind::step, 0);
  return chain;
}

void rationals(benchmark::State& state) {
  const Chain chain = votes_chain(static_cast<std::uint32_t>(state.range(0)));
  const Question q{Ask::ends, 1};
  const double value = Solver(chain).solve(q).at_start;
  int digits = 0;
  for (auto _ : state) digits = certain_digits(value, *solve_exactly(chain, q).value);
  state.counters["states"] = static_cast<double>(chain.states());
  state.counters["digits"] = digits;
}
BENCHMARK(rationals)->Arg(30)->Arg(100)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace indoubt::markov
BENCHMARK_MAIN();
