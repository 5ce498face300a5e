#pragma once
// Random scenarios from fixed seeds, and when a simulation agrees with a prediction.
#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "protocols/catalogue.h"
#include "sim/engine/simulation.h"
#include "sim/measures/measure.h"
#include "sim/random/draws.h"

namespace indoubt {

using namespace std::chrono_literals;

/// Random choices from one seed.
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : draws_(seed, 9) {}
  double uniform() { return unit_uniform(draws_.word({1, Purpose::local, 0, n_++})); }
  int below(int end) { return static_cast<int>(uniform() * end); }
  bool happens(double probability) { return uniform() < probability; }
  Duration milliseconds(int least, int most) {
    return std::chrono::milliseconds(least + below(most - least + 1));
  }
  Latency latency() {
    const int kind = below(4);
    if (kind == 0) return Latency::constant(milliseconds(1, 9));
    Latency latency = Latency::exponential(milliseconds(1, 9));
    if (kind == 1) latency.minimum = 1ms;
    if (kind != 2) return latency;
    latency.kind = find_latency("uniform");
    latency.shape = latency.kind->shape;
    latency.parameter = {1e6, 1e6 + static_cast<double>(milliseconds(1, 8).count())};
    return latency;
  }

 private:
  Draws draws_;
  std::uint64_t n_ = 0;
};

/// This row with random options; says in `description` which are not standard.
inline Machine random_options(Dice& dice, const ProtocolEntry& entry, const Scenario& scenario,
                              std::string& description, double changed = 0.25) {
  std::vector<int> values = standard_options(entry);
  for (std::size_t i = 0; i < values.size(); ++i) {
    const OptionField& field = entry.options[i];
    if (!dice.happens(changed)) continue;
    values[i] = field.choices.empty()
                    ? field.least + dice.below(std::min(3, field.most - field.least + 1))
                    : dice.below(static_cast<int>(field.choices.size()));
  }
  description = entry.name;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const OptionField& field = entry.options[i];
    if (values[i] == field.standard) continue;
    description += " " + std::string(field.name) + ": ";
    description += field.choices.empty()
                       ? std::to_string(values[i])
                       : std::string(field.choices[static_cast<std::size_t>(values[i])]);
  }
  return entry.make(scenario.group(), values);
}

/// Observations of a proportion.
inline double trials(const Measure& measure, const Totals& totals) {
  return static_cast<double>(measure.trials ? measure.trials(totals) : totals.transactions);
}

/// What a mean may differ by beside its standard error: a run cuts delays to whole nanoseconds.
inline double rounding_of(const Measure& measure) {
  return measure.kind == Measure::Kind::time ? 20 : 1e-9;
}

/// Within so many standard errors; a few events more where hardly one is expected.
inline bool agrees(const Measure& measure, const Totals& totals, double prediction,
                   double errors = 5) {
  if (measure.hits) {
    const double n = trials(measure, totals), expected = n * prediction;
    const double hits = static_cast<double>(measure.hits(totals));
    return std::abs(hits - expected) <= errors * std::sqrt(expected * (1 - prediction)) + 5;
  }
  const Moments& m = measure.moments(totals);
  const double error = std::sqrt(m.variance() / static_cast<double>(m.count));
  return std::abs(m.mean() - prediction) <= errors * error + rounding_of(measure);
}

}  // namespace indoubt
