#pragma once
// What one counter earns, laid out by the chain's interned numbers.
#include <cstdint>
#include <vector>

#include "analysis/chain/chain.h"

namespace indoubt::markov {

class Rewards {
 public:
  Rewards(const Chain& chain, CounterId counter);

  /// Per nanosecond in s. kTime: 1 everywhere.
  std::int64_t per_time(StateId s) const {
    return per_time_[static_cast<std::size_t>(chain_.earning(s))];
  }
  /// Along a transition out of s, time included that it takes.
  std::int64_t along(StateId s, const Transition& t) const {
    const auto e = static_cast<std::size_t>(t.effect);
    return gained_[e] + elapsed_[e] * per_time(s);
  }
  /// Whether a chain that never leaves s and its neighbours earns there for ever. Time (kTime) ends
  /// in an absorbing state, other counters do not.
  bool earns_at_rest(StateId s) const;

 private:
  const Chain& chain_;
  CounterId counter_;
  std::vector<std::int64_t> per_time_;          ///< by EarningId
  std::vector<std::int64_t> gained_, elapsed_;  ///< by EffectId
};

}  // namespace indoubt::markov
