#include "analysis/chain/rewards.h"

#include <algorithm>

namespace indoubt::markov {
namespace {

std::int64_t amount_of(const Gains& gains, CounterId counter) {
  std::int64_t total = 0;
  for (const Gain& g : gains)
    if (g.counter == counter) total += g.amount;
  return total;
}

}  // namespace

Rewards::Rewards(const Chain& chain, CounterId counter) : chain_(chain), counter_(counter) {
  for (const Gains& g : chain.earnings())
    per_time_.push_back(counter == kTime ? 1 : amount_of(g, counter));
  for (const Effect& e : chain.effects()) {
    gained_.push_back(amount_of(e.gains, counter));
    elapsed_.push_back(e.elapsed);
  }
}

bool Rewards::earns_at_rest(StateId s) const {
  if (chain_.absorbing(s)) return counter_ != kTime && per_time(s) > 0;
  if (chain_.kind(s) == Kind::exponential && per_time(s) > 0) return true;
  const auto row = chain_.row(s);
  return std::any_of(row.begin(), row.end(), [this, s](const Transition& t) {
    return chain_.weights().value(t.weight) > 0 && along(s, t) > 0;
  });
}

}  // namespace indoubt::markov
