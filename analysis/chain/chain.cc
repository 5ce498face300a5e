#include "analysis/chain/chain.h"

#include <algorithm>
#include <cmath>

#include "sim/process/assert.h"

namespace indoubt::markov {

Chain::Chain() {
  counter_names_.emplace_back("time");
  intern({});
  intern_earning({});
  first_.push_back(0);
}

Marks Chain::add_mark(std::string name) {
  INDOUBT_ASSERT(mark_names_.size() < 64);
  mark_names_.push_back(std::move(name));
  return Marks{1} << (mark_names_.size() - 1);
}

CounterId Chain::add_counter(std::string name) {
  counter_names_.push_back(std::move(name));
  return static_cast<CounterId>(counter_names_.size() - 1);
}

EffectId Chain::intern(const Effect& effect) {
  const auto [at, fresh] = effect_number_.emplace(effect, static_cast<EffectId>(effects_.size()));
  if (fresh) effects_.push_back(effect);
  return at->second;
}

EarningId Chain::intern_earning(const Gains& per_nanosecond) {
  const auto next = static_cast<EarningId>(earnings_.size());
  const auto [at, fresh] = earning_number_.emplace(per_nanosecond, next);
  if (fresh) earnings_.push_back(per_nanosecond);
  return at->second;
}

StateId Chain::add_state(Kind kind, Marks marks, EarningId earning) {
  kinds_.push_back(kind);
  marks_.push_back(marks);
  earning_of_.push_back(earning);
  first_.push_back(static_cast<std::uint32_t>(transitions_.size()));
  return static_cast<StateId>(kinds_.size() - 1);
}

void Chain::add_transition(StateId target, WeightId weight, EffectId effect) {
  INDOUBT_DEBUG_ASSERT(!kinds_.empty());
  transitions_.push_back({target, weight, effect});
  first_.back() = static_cast<std::uint32_t>(transitions_.size());
}

std::optional<Marks> Chain::find_mark(std::string_view name) const {
  const auto at = std::find(mark_names_.begin(), mark_names_.end(), name);
  if (at == mark_names_.end()) return std::nullopt;
  return Marks{1} << (at - mark_names_.begin());
}

std::optional<CounterId> Chain::find_counter(std::string_view name) const {
  const auto at = std::find(counter_names_.begin(), counter_names_.end(), name);
  if (at == counter_names_.end()) return std::nullopt;
  return static_cast<CounterId>(at - counter_names_.begin());
}

void Chain::check() const {
  INDOUBT_ASSERT(start_ < states());
  INDOUBT_ASSERT(transitions_.size() < (std::uint64_t{1} << 32));
  for (StateId s = 0; s < states(); ++s) check_row(s);
}

void Chain::check_row(StateId s) const {
  if (absorbing(s)) return;
  double sum = 0;
  for (const Transition& t : row(s)) {
    INDOUBT_ASSERT(t.target < states());
    const double w = weights_.value(t.weight);
    INDOUBT_ASSERT(w >= 0);
    INDOUBT_ASSERT(kind(s) == Kind::step || effects_[std::size_t(t.effect)].elapsed == 0);
    sum += w;
  }
  INDOUBT_ASSERT(sum > 0);
  INDOUBT_ASSERT(kind(s) == Kind::exponential || std::fabs(sum - 1) <= 1e-12);
}

}  // namespace indoubt::markov
