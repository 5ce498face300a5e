#include "analysis/chain/transient.h"

#include <algorithm>
#include <limits>

#include "analysis/chain/poisson.h"
#include "analysis/chain/uniformised.h"
#include "sim/process/assert.h"

namespace indoubt::markov {
namespace {

/// Sums the states at the ticks, weighted by how many ticks there may have been.
class Series {
 public:
  Series(const Uniformised& chain, PoissonWeights weights, std::vector<long double> now,
         bool occupancy)
      : chain_(chain),
        weights_(std::move(weights)),
        now_(std::move(now)),
        next_(now_.size()),
        sum_(now_.size()),
        time_(occupancy ? now_.size() : 0) {
    for (std::size_t k = weights_.weights.size(); k-- > 0;) {
      left_.push_back(left_.empty() ? weights_.weights[k] : left_.back() + weights_.weights[k]);
    }
    std::reverse(left_.begin(), left_.end());
  }

  /// Returns the number of ticks taken; stops early once what still moves is at most `ignored`.
  std::uint64_t run(long double ignored) {
    std::uint64_t k = 0;
    while (k < weights_.right() && chain_.moving(now_) > ignored) {
      add(k < weights_.left ? 0 : weights_.weights[k - weights_.left]);
      chain_.step(now_, next_);
      if (!time_.empty()) add_time(at_least(k + 1));
      now_.swap(next_);
      ++k;
    }
    frozen_ = k < weights_.right() ? chain_.moving(now_) : 0;
    add(at_least(k));
    return k;
  }

  const std::vector<long double>& sum() const { return sum_; }
  const std::vector<long double>& time() const { return time_; }
  /// Expected ticks that time() is over.
  long double counted() const { return counted_; }
  /// Mass after the last tick taken.
  long double now(std::size_t i) const { return now_[i]; }
  long double frozen() const { return frozen_; }

 private:
  /// P(at least k ticks).
  long double at_least(std::uint64_t k) const {
    return k <= weights_.left ? 1 : left_[k - weights_.left];
  }
  void add(long double weight) {
    if (weight == 0) return;
    for (std::size_t i = 0; i < chain_.timed(); ++i) sum_[i] += weight * now_[i];
  }
  void add_time(long double at_least_one_more) {
    counted_ += at_least_one_more;
    for (std::size_t i = 0; i < now_.size(); ++i) time_[i] += at_least_one_more * now_[i];
  }

  const Uniformised& chain_;
  PoissonWeights weights_;
  std::vector<long double> now_, next_, sum_, time_;
  std::vector<long double> left_;  ///< P(at least weights_.left + i ticks)
  long double frozen_ = 0, counted_ = 0;
};

std::vector<double> occupancy_of(const Chain& chain, const Uniformised& part, const Series& series,
                                 const std::vector<long double>& passed, double time,
                                 const TransientOptions& options) {
  std::vector<double> result(chain.states(), 0.0);
  const long double rate = part.rate();
  for (std::size_t i = 0; i < part.size(); ++i) {
    const bool timed = i < part.timed();
    if (!timed || part.leaves(i)) {
      result[part.state(i)] =
          static_cast<double>(series.time()[i] / (timed ? rate : 1) + passed[i]);
    } else if (options.waiting && (chain.marks(part.state(i)) & options.stop) == 0) {
      // Ticks that were not taken, since nothing moved any more, pass here all the same.
      const long double rest = time - (rate > 0 ? series.counted() / rate : 0);
      result[part.state(i)] = static_cast<double>((rate > 0 ? series.time()[i] / rate : 0) +
                                                  std::max(0.0L, rest) * series.now(i));
    }
  }
  return result;
}

}  // namespace

Distribution at_start(const Chain& chain) {
  Distribution d(chain.states(), 0);
  d[chain.start()] = 1;
  return d;
}

double probability(const Chain& chain, const Distribution& d, Marks marks) {
  INDOUBT_ASSERT(d.size() == chain.states());
  long double sum = 0;
  for (StateId s = 0; s < chain.states(); ++s)
    if ((chain.marks(s) & marks) != 0) sum += d[s];
  return static_cast<double>(sum);
}

Transient after(const Chain& chain, const Distribution& from, double time,
                const TransientOptions& options) {
  INDOUBT_ASSERT(from.size() == chain.states());
  INDOUBT_ASSERT(time >= 0);
  Transient result;
  const Uniformised part(chain, from, options.stop);
  result.refused = part.refused();
  if (result.refused) return result;
  result.rate = part.rate();
  PoissonWeights weights = poisson_weights(part.rate() * time, options.error / 4);
  if (weights.right() > options.most_steps) {
    result.refused = "needs " + std::to_string(weights.right()) +
                     " steps of uniformisation, more than " + std::to_string(options.most_steps);
    return result;
  }
  const double truncated = weights.truncated;
  const double per_weight = static_cast<double>(weights.weights.size() + 2) *
                            static_cast<double>(std::numeric_limits<long double>::epsilon());
  std::vector<long double> passed(options.occupancy ? part.size() : 0);
  Series series(part, std::move(weights), part.gathered(from, passed), options.occupancy);
  result.steps = series.run(std::min(options.error / 4, 1e-18));
  result.at.assign(chain.states(), 0);
  for (std::size_t i = 0; i < part.timed(); ++i) result.at[part.state(i)] = series.sum()[i];
  if (options.occupancy)
    result.occupancy = occupancy_of(chain, part, series, passed, time, options);
  result.truncation = 2 * (truncated + static_cast<double>(series.frozen()));
  result.rounding = part.rounding() * static_cast<double>(result.steps + 1) + per_weight;
  return result;
}

Distribution Kernel::apply(const Distribution& d) const {
  Distribution result = d, leaving(d.size(), 0);
  for (const Branch& b : branches_) leaving[b.from] += b.probability;
  for (std::size_t s = 0; s < d.size(); ++s)
    if (leaving[s] > 0) result[s] = 0;
  for (const Branch& b : branches_) {
    INDOUBT_ASSERT(std::abs(leaving[b.from] - 1) <= 1e-12L);
    result[b.to] += d[b.from] * b.probability;
  }
  return result;
}

}  // namespace indoubt::markov
