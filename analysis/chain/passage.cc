#include "analysis/chain/passage.h"

#include <algorithm>
#include <map>
#include <queue>

#include "sim/process/assert.h"

namespace indoubt::markov {
namespace {

using Mass = long double;

/// Rank of each state such that a transition that takes no time leads to a higher one, or why there
/// is none (Kahn 1962, over all states).
class InstantOrder {
 public:
  InstantOrder(const Chain& chain, Marks cut) : rank_(chain.states(), 0) {
    std::vector<std::uint32_t> waiting(chain.states(), 0);
    const auto for_instant = [&](StateId s, const auto& f) {
      if ((chain.marks(s) & cut) != 0) return;
      for (const Transition& t : chain.row(s))
        if (chain.effects()[static_cast<std::size_t>(t.effect)].elapsed == 0 &&
            chain.weights().value(t.weight) > 0)
          f(t.target);
    };
    for (StateId s = 0; s < chain.states(); ++s) for_instant(s, [&](StateId to) { ++waiting[to]; });
    std::vector<StateId> ready;
    for (StateId s = 0; s < chain.states(); ++s)
      if (waiting[s] == 0) ready.push_back(s);
    for (std::size_t i = 0; i < ready.size(); ++i) {
      rank_[ready[i]] = static_cast<std::uint32_t>(i);
      for_instant(ready[i], [&](StateId to) {
        if (--waiting[to] == 0) ready.push_back(to);
      });
    }
    cyclic_ = ready.size() < chain.states();
  }
  bool cyclic() const { return cyclic_; }
  std::uint32_t of(StateId s) const { return rank_[s]; }

 private:
  std::vector<std::uint32_t> rank_;
  bool cyclic_ = false;
};

/// Mass at one instant, given out by rank so that each state has all its mass when its turn comes.
class Instant {
 public:
  Instant(const InstantOrder& order, std::vector<Mass>& mass) : order_(order), mass_(mass) {}
  void add(StateId s, Mass m) {
    if (mass_[s] == 0) turn_.push({order_.of(s), s});
    mass_[s] += m;
  }
  bool empty() const { return turn_.empty(); }
  std::pair<StateId, Mass> take() {
    const StateId s = turn_.top().second;
    turn_.pop();
    const Mass m = mass_[s];
    mass_[s] = 0;
    return {s, m};
  }

 private:
  using Turn = std::pair<std::uint32_t, StateId>;
  const InstantOrder& order_;
  std::vector<Mass>& mass_;  ///< 0 between instants
  std::priority_queue<Turn, std::vector<Turn>, std::greater<>> turn_;
};

class Propagation {
 public:
  Propagation(const Chain& chain, Marks marks, const PassageOptions& options)
      : chain_(chain),
        marks_(marks),
        options_(options),
        order_(chain, marks),
        mass_(chain.states(), 0) {}

  Passage run() {
    if (order_.cyclic()) result_.refused = "a cycle of transitions takes no time";
    for (StateId s = 0; s < chain_.states() && !result_.refused; ++s)
      if (chain_.kind(s) == Kind::exponential && !chain_.absorbing(s))
        result_.refused = "state " + std::to_string(s) + " lasts an exponential time";
    if (result_.refused) return result_;
    pending_[0].push_back({chain_.start(), 1});
    while (!pending_.empty() && pending_.begin()->first <= options_.horizon && !result_.refused)
      next_instant();
    Mass left = 0;
    for (const auto& [at, entries] : pending_)
      for (const auto& [state, mass] : entries) left += mass;
    result_.unresolved = static_cast<double>(left);
    result_.never = static_cast<double>(never_);
    return result_;
  }

 private:
  void next_instant() {
    const auto node = pending_.extract(pending_.begin());
    Instant instant(order_, mass_);
    for (const auto& [state, mass] : node.mapped()) instant.add(state, mass);
    Mass arrived = 0;
    while (!instant.empty() && !result_.refused) {
      const auto [state, mass] = instant.take();
      if (++entries_ > options_.most_entries) refuse_size();
      if ((chain_.marks(state) & marks_) != 0)
        arrived += mass;
      else if (chain_.absorbing(state))
        never_ += mass;
      else
        expand(node.key(), state, mass, instant);
    }
    if (arrived > 0) result_.arrivals.push_back({node.key(), static_cast<double>(arrived)});
  }

  void expand(std::int64_t now, StateId s, Mass mass, Instant& instant) {
    for (const Transition& t : chain_.row(s)) {
      const Mass share = mass * chain_.weights().value(t.weight);
      if (share == 0) continue;
      const std::int64_t elapsed = chain_.effects()[static_cast<std::size_t>(t.effect)].elapsed;
      if (elapsed == 0)
        instant.add(t.target, share);
      else
        pending_[now + elapsed].push_back({t.target, share});
    }
  }

  void refuse_size() {
    result_.refused =
        "more than " + std::to_string(options_.most_entries) + " pairs of a time and a state";
  }

  const Chain& chain_;
  Marks marks_;
  PassageOptions options_;
  InstantOrder order_;
  std::vector<Mass> mass_;
  std::map<std::int64_t, std::vector<std::pair<StateId, Mass>>> pending_;
  std::uint64_t entries_ = 0;
  Mass never_ = 0;
  Passage result_;
};

}  // namespace

double Passage::by(std::int64_t time) const {
  long double sum = 0;
  for (const Arrival& a : arrivals)
    if (a.at <= time) sum += a.probability;
  return static_cast<double>(sum);
}

Passage passage(const Chain& chain, Marks marks, const PassageOptions& options) {
  return Propagation(chain, marks, options).run();
}

}  // namespace indoubt::markov
