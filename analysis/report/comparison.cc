#include "analysis/report/comparison.h"

#include <algorithm>
#include <cstdio>

#include "sim/process/assert.h"

namespace indoubt {

std::string_view name(IntervalKind kind) {
  return kind == IntervalKind::wilson ? "wilson" : "clopper-pearson";
}

Estimate estimate(const Measure& measure, const Totals& totals, double level, IntervalKind kind) {
  Estimate e;
  e.level = level;
  if (measure.kind == Measure::Kind::proportion) {
    const std::uint64_t hits = measure.hits(totals);
    e.observations = measure.trials ? measure.trials(totals) : totals.transactions;
    e.value =
        e.observations == 0 ? 0 : static_cast<double>(hits) / static_cast<double>(e.observations);
    e.variance = proportion_variance(hits, e.observations);
    e.interval = kind == IntervalKind::wilson ? wilson(hits, e.observations, level)
                                              : clopper_pearson(hits, e.observations, level);
    return e;
  }
  const Moments& m = measure.moments(totals);
  e.observations = m.count;
  if (measure.cut_off) e.cut_off = measure.cut_off(totals);
  INDOUBT_ASSERT(e.cut_off <= e.observations);
  e.value = m.mean();
  e.variance = m.variance();
  e.interval = mean_interval(m, level);
  return e;
}

std::string over_text(const Estimate& e, std::uint64_t transactions) {
  INDOUBT_ASSERT(e.observations <= transactions);
  if (transactions == 0) return "";
  const double percent =
      100 * static_cast<double>(e.observations) / static_cast<double>(transactions);
  if (percent >= 99.95) return "";
  char text[48];
  std::snprintf(text, sizeof text, percent < 1 ? " over %.2g %%" : " over %.1f %%", percent);
  return text;
}

std::string_view verdict_name(const Comparison& c) {
  INDOUBT_ASSERT(c.predicted.has_value());
  return c.verdict == Verdict::agree && c.inapplicable ? "close" : name(c.verdict);
}

double standard_margin(const Measure& measure, double value) {
  if (measure.kind == Measure::Kind::proportion) return kStandardMargin;
  return value * kStandardRelativeMargin;
}

Comparison compare_model(const Model& model, const ModelInput& input, const Totals& totals,
                         double level, IntervalKind kind) {
  const Measure* measure = find_measure(model.measure);
  INDOUBT_ASSERT(measure != nullptr);
  return compare_value(model, *measure, model.predict(input), model.inapplicable(input), totals,
                       level, kind);
}

Comparison compare_value(const Model& model, const Measure& measure, std::optional<double> value,
                         std::optional<std::string> reason, const Totals& totals, double level,
                         IntervalKind kind) {
  Comparison c;
  c.model = &model;
  c.measure = &measure;
  c.inapplicable = std::move(reason);
  c.predicted = value;
  c.measured = estimate(*c.measure, totals, level, kind);
  if (!c.predicted) return c;
  c.margin = standard_margin(*c.measure, *c.predicted);
  c.verdict = compare(c.measured.interval, *c.predicted, c.margin);
  if (c.verdict == Verdict::undecided) {
    c.needs = observations_to_decide(c.measured.value, c.measured.variance, *c.predicted, c.margin,
                                     level, c.measured.observations);
  }
  return c;
}

std::vector<const Model*> applicable_models(const ModelInput& input) {
  std::vector<const Model*> models;
  for (const Model* model : model_catalogue()) {
    if (model->inapplicable(input)) continue;
    const std::optional<double> value = model->predict(input);
    const bool told = std::any_of(models.begin(), models.end(), [&](const Model* other) {
      return other->measure == model->measure && other->predict(input) == value;
    });
    if (value && !told) models.push_back(model);
  }
  return models;
}

}  // namespace indoubt
