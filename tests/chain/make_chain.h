#pragma once
// Small chains for the tests: textbook ones by hand, and random ones from a seed.
#include <cstdint>
#include <string>
#include <vector>

#include "analysis/chain/chain.h"

namespace indoubt::markov {

/// A repeatable source of small numbers (Knuth's MMIX congruential generator).
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : state_(seed * 2 + 1) {}
  /// 0 ... n - 1.
  std::uint32_t below(std::uint32_t n) {
    state_ = state_ * 6364136223846793005u + 1442695040888963407u;
    return static_cast<std::uint32_t>((state_ >> 33) % n);
  }

 private:
  std::uint64_t state_;
};

/// State i goes to i + 1 at rates[i]; the last one is absorbing and marked "end".
inline Chain line_of_rates(const std::vector<Rational>& rates) {
  Chain chain;
  const Marks end = chain.add_mark("end");
  for (std::size_t i = 0; i < rates.size(); ++i) {
    chain.add_state(Kind::exponential, 0);
    chain.add_transition(static_cast<StateId>(i + 1), chain.weights().constant(rates[i]));
  }
  chain.add_state(Kind::exponential, end);
  return chain;
}

/// Stakes 0 ... n, one step up with the parameter "win", else one down; 0 is marked "ruin", n
/// "rich". Each round takes 1 ns and counts one of "rounds"; `first` is the stake at the start.
inline Chain gambler(std::uint32_t n, std::uint32_t first, const Rational& win) {
  Chain chain;
  const Marks ruin = chain.add_mark("ruin"), rich = chain.add_mark("rich");
  const CounterId rounds = chain.add_counter("rounds");
  const EffectId round = chain.intern(Effect{1, {{rounds, 1}}});
  Weights& w = chain.weights();
  const WeightId up = w.of(w.add_parameter("win", win)), down = w.complement(up);
  for (std::uint32_t stake = 0; stake <= n; ++stake) {
    chain.add_state(Kind::step, stake == 0 ? ruin : stake == n ? rich : 0);
    if (stake == 0 || stake == n) continue;
    chain.add_transition(stake + 1, up, round);
    chain.add_transition(stake - 1, down, round);
  }
  chain.set_start(first);
  return chain;
}

/// Centralised 2PC, all YES, each message an exponential delay of mean 1 ns: `participants`
/// PREPAREs and votes, then as many decisions. The coordinator's decision is marked "decided", the
/// end "all_decided"; counter "messages" counts what is sent.
inline Chain two_phase_commit_chain(std::uint32_t participants) {
  Chain chain;
  const Marks decided = chain.add_mark("decided"), all = chain.add_mark("all_decided");
  const CounterId messages = chain.add_counter("messages");
  const EffectId sends_vote = chain.intern(Effect{0, {{messages, 1}}});
  const EffectId sends_decisions = chain.intern(Effect{0, {{messages, participants}}});
  // States by (PREPAREs in flight, votes in flight), most first; then by decisions in flight.
  std::vector<std::pair<std::uint32_t, std::uint32_t>> collecting;
  for (std::uint32_t a = participants + 1; a-- > 0;)
    for (std::uint32_t b = participants - a + 1; b-- > 0;)
      if (a + b > 0) collecting.emplace_back(a, b);
  const auto number = [&](std::uint32_t a, std::uint32_t b) {
    StateId s = 0;
    while (s < collecting.size() && collecting[s] != std::pair(a, b)) ++s;
    return s;
  };
  Weights& w = chain.weights();
  for (const auto& [a, b] : collecting) {
    chain.add_state(Kind::exponential, 0);
    if (a > 0) chain.add_transition(number(a - 1, b + 1), w.constant(a), sends_vote);
    if (b > 0)
      chain.add_transition(number(a, b - 1), w.constant(b),
                           a + b == 1 ? sends_decisions : kNoEffect);
  }
  for (std::uint32_t left = participants + 1; left-- > 0;) {
    const StateId s = chain.add_state(Kind::exponential, decided | (left == 0 ? all : 0));
    if (left > 0) chain.add_transition(s + 1, w.constant(left));
  }
  return chain;
}

struct RandomChain {
  std::uint64_t seed = 0;
  std::uint32_t states = 12;
  bool cyclic = false;
  bool exponential = false;
  std::vector<Rational> parameters{Rational(1, 3), Rational(7, 10), Rational(1, 50)};
};

/// Its rows split by the parameters p, q, r: p, (1-p)q, (1-p)(1-q); or race at rates p+1, 2q, r.
/// The last three states are absorbing, marked "good", "bad" and both "good" and "odd"; some states
/// on the way are marked "odd". Counter "coins" is earned on transitions and in states. In cyclic
/// chains every state reaches an end.
inline Chain make_random(const RandomChain& recipe) {
  Dice dice(recipe.seed);
  Chain chain;
  const Marks good = chain.add_mark("good"), bad = chain.add_mark("bad"),
              odd = chain.add_mark("odd");
  const CounterId coins = chain.add_counter("coins");
  Weights& w = chain.weights();
  std::vector<WeightId> p;
  for (std::size_t i = 0; i < recipe.parameters.size(); ++i)
    p.push_back(w.of(w.add_parameter("p" + std::to_string(i), recipe.parameters[i])));
  const std::uint32_t inner = recipe.states - 3;
  for (std::uint32_t s = 0; s < inner; ++s) {
    const EarningId earning =
        dice.below(3) == 0 ? chain.intern_earning({{coins, 1 + dice.below(3)}}) : kNoEarning;
    const Kind kind = recipe.exponential && dice.below(4) != 0 ? Kind::exponential : Kind::step;
    chain.add_state(kind, s > 0 && dice.below(6) == 0 ? odd : 0, earning);
    const auto target = [&] {
      return recipe.cyclic && dice.below(2) == 0 ? dice.below(inner)
                                                 : s + 1 + dice.below(recipe.states - s - 1);
    };
    const auto effect = [&] {
      const std::int64_t elapsed = kind == Kind::step && !recipe.exponential ? dice.below(4) : 0;
      return chain.intern(Effect{elapsed, {{coins, dice.below(3)}}});
    };
    const WeightId x = p[dice.below(3)], y = p[dice.below(3)];
    if (kind == Kind::exponential) {
      chain.add_transition(s + 1, w.sum(x, Weights::kOne), effect());
      chain.add_transition(target(), w.product(w.constant(2), y), effect());
      if (dice.below(2) == 0) chain.add_transition(target(), x, effect());
    } else {
      chain.add_transition(s + 1, x, effect());
      chain.add_transition(target(), w.product(w.complement(x), y), effect());
      chain.add_transition(target(), w.product(w.complement(x), w.complement(y)), effect());
    }
  }
  for (const Marks m : {good, bad, good | odd}) chain.add_state(Kind::step, m);
  return chain;
}

}  // namespace indoubt::markov
