#pragma once
// All ways in which the random choices of one event can fall: the event is run once for each, from
// the same world, along a script that is varied like the digits of a counter.
#include <vector>

#include "analysis/chain/weights.h"

namespace indoubt::markov {

class Choices {
 public:
  explicit Choices(Weights& weights) : weights_(weights) {}

  /// Whether what has this probability happens, in the present run.
  bool happens(WeightId probability) {
    const double p = weights_.value(probability);
    if (p <= 0) return false;
    if (p >= 1) return true;
    if (at_ == script_.size()) script_.push_back(true);
    const bool yes = script_[at_++];
    weight_ = weights_.product(weight_, yes ? probability : weights_.complement(probability));
    return yes;
  }
  /// One of 0 .. n - 1, each with probability 1 / n. Requires n >= 1.
  std::size_t uniform(std::size_t n) {
    for (std::size_t i = 0; i + 1 < n; ++i)
      if (happens(weights_.constant(Rational(1) / (n - i)))) return i;
    return n - 1;
  }
  /// A rate, so many times as fast.
  WeightId paced(WeightId rate, WeightId pace) { return weights_.product(rate, pace); }
  /// Probability of the present run's choices.
  WeightId weight() const { return weight_; }
  /// The next script; false after the last one.
  bool next() {
    script_.resize(at_);
    while (!script_.empty() && !script_.back()) script_.pop_back();
    at_ = 0;
    weight_ = Weights::kOne;
    if (script_.empty()) return false;
    script_.back() = false;
    return true;
  }

 private:
  Weights& weights_;
  std::vector<bool> script_;
  std::size_t at_ = 0;
  WeightId weight_ = Weights::kOne;
};

}  // namespace indoubt::markov
