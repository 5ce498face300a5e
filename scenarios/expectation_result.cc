#include "scenarios/expectation_result.h"

#include <cstdio>

#include "analysis/report/grouped.h"
#include "scenarios/exact_model.h"
#include "sim/process/assert.h"

namespace indoubt {
namespace {

using Status = ExpectationResult::Status;

std::string shown(const Measure& measure, double value) {
  char text[64];
  switch (measure.kind) {
    case Measure::Kind::proportion: std::snprintf(text, sizeof text, "%.6g %%", value * 100); break;
    case Measure::Kind::time: std::snprintf(text, sizeof text, "%.6gms", value / 1e6); break;
    case Measure::Kind::count: std::snprintf(text, sizeof text, "%.6g", value); break;
  }
  return text;
}

/// What the interval does not tell: times that had not ended.
std::string cut_off_text(const Estimate& e) {
  if (e.cut_off == 0) return "";
  return ", cut off with the transaction in " + grouped(e.cut_off) + " of " +
         grouped(e.observations);
}

std::string measured_text(const Measure& measure, const Estimate& e, const Totals& totals) {
  char level[32];
  std::snprintf(level, sizeof level, "%.5g %%", 100 * e.level);
  return "measured " + std::string(measure.name) + " " + shown(measure, e.value) + " [" +
         shown(measure, e.interval.low) + ", " + shown(measure, e.interval.high) + "] at " + level +
         (measure.trials ? "" : over_text(e, totals.transactions)) + cut_off_text(e);
}

Status status_of(Verdict v, Verdict wanted) {
  if (v == wanted) return Status::met;
  return v == Verdict::undecided ? Status::undecided : Status::failed;
}

/// Judges lines that form an interval.
class NumericJudge {
 public:
  NumericJudge(const Expectation& e, const Subject& subject, double level, IntervalKind kind)
      : e_(e),
        subject_(subject),
        measured_(estimate(*e.measure, *subject.totals, level, kind)),
        level_(level) {}

  void judge(ExpectationResult& r) const {
    r.detail = measured_text(*e_.measure, measured_, *subject_.totals);
    // A mean over nothing says nothing: no transaction had the quantity.
    if (measured_.observations == 0) {
      r.status = Status::failed;
      r.detail = "nothing was measured of " + std::string(e_.measure->name);
      return;
    }
    switch (e_.kind) {
      case Expectation::Kind::agrees: return against_model(Verdict::agree, r);
      case Expectation::Kind::disagrees: return against_model(Verdict::disagree, r);
      case Expectation::Kind::equals: return against(e_.value, Verdict::agree, r);
      case Expectation::Kind::at_least:
        r.status = bound_reached(1)                     ? Status::met
                   : measured_.interval.low >= e_.value ? Status::met
                   : measured_.interval.high < e_.value ? Status::failed
                                                        : Status::undecided;
        return needs_more(e_.value, 0, r);
      case Expectation::Kind::at_most:
        r.status = bound_reached(0)                      ? Status::met
                   : measured_.interval.high <= e_.value ? Status::met
                   : measured_.interval.low > e_.value   ? Status::failed
                                                         : Status::undecided;
        return needs_more(e_.value, 0, r);
      case Expectation::Kind::violation:
      case Expectation::Kind::no_violation: break;
    }
    INDOUBT_ASSERT(false && "not a numeric expectation");
  }

 private:
  /// `at most 0%` and `at least 100%` ask for no exception at all, which no interval can show.
  bool bound_reached(double bound) const {
    return e_.measure->kind == Measure::Kind::proportion && e_.value == bound &&
           measured_.value == bound;
  }
  void against_model(Verdict wanted, ExpectationResult& r) const {
    std::string reason = "this scenario";
    const std::optional<double> predicted = predicted_value(reason);
    if (!predicted) {
      // A chain that hit its bound says nothing against the scenario.
      const bool cut_off = e_.model == &kExactModel && subject_.exact->incomplete;
      r.status = cut_off ? Status::undecided : Status::failed;
      r.detail += "; " + std::string(e_.model->name) + " cannot be evaluated for " + reason;
      return;
    }
    r.detail += "; " + std::string(e_.model->name) + " predicts " + shown(*e_.measure, *predicted);
    against(*predicted, wanted, r);
  }
  std::optional<double> predicted_value(std::string& reason) const {
    if (e_.model != &kExactModel) return e_.model->predict(subject_.input);
    INDOUBT_ASSERT(subject_.exact != nullptr);
    std::string why;
    const std::optional<double> value = exact_value(*subject_.exact, e_.measure->name, why);
    if (!value) reason = std::string(e_.measure->name) + ": " + why;
    return value;
  }
  void against(double value, Verdict wanted, ExpectationResult& r) const {
    const double margin = e_.margin ? *e_.margin : standard_margin(*e_.measure, value);
    const Verdict v = compare(measured_.interval, value, margin);
    r.status = status_of(v, wanted);
    needs_more(value, margin, r);
  }
  /// How many transactions would decide what is undecided.
  void needs_more(double value, double margin, ExpectationResult& r) const {
    if (r.status != Status::undecided) return;
    const std::uint64_t needed = observations_to_decide(measured_.value, measured_.variance, value,
                                                        margin, level_, measured_.observations);
    const bool proportion = e_.measure->kind == Measure::Kind::proportion;
    r.detail +=
        needed >= kMostObservations
            ? "; so close that no number of transactions is sure to decide"
            : "; needs about " + grouped(needed) + (proportion ? " transactions" : " observations");
  }

  const Expectation& e_;
  const Subject& subject_;
  Estimate measured_;
  double level_;
};

bool is_numeric(const Expectation& e) {
  return e.kind != Expectation::Kind::no_violation && e.kind != Expectation::Kind::violation;
}

std::uint64_t count(const Totals& totals, Property p) {
  return totals.violations[static_cast<std::size_t>(p)];
}

std::string violations_text(const Totals& totals, Property p) {
  return grouped(count(totals, p)) + " of " + counted(totals.transactions, "transaction") +
         (count(totals, p) == 1 ? " violates " : " violate ") + std::string(name(p)) + " (" +
         std::string(textbook_number(p)) + ")";
}

/// Judges lines that only count.
void judge_violations(const Expectation& e, const Subject& subject, ExpectationResult& r) {
  const bool wanted = e.kind == Expectation::Kind::violation;
  r.status = wanted ? Status::failed : Status::met;
  for (std::size_t k = 0; k < kProperties; ++k) {
    const auto property = static_cast<Property>(k);
    if (e.property ? *e.property != property : k >= kSafetyProperties) continue;
    const bool found = count(*subject.totals, property) != 0;
    if (!found && !wanted) continue;
    if (!r.detail.empty()) r.detail += "; ";
    r.detail += violations_text(*subject.totals, property);
    if (found) r.status = wanted ? Status::met : Status::failed;
  }
  if (r.detail.empty()) r.detail = "no violation";
}

/// Whether a line speaks of violations of `p`: then it judges them, and nothing else has to.
bool speaks_of(const Expectation& e, Property p) {
  if (e.kind == Expectation::Kind::no_violation) return !e.property || *e.property == p;
  return e.measure->name == "violation." + std::string(name(p));
}

bool expected(std::span<const Expectation> expectations, std::string_view label, Property p) {
  for (const Expectation& e : expectations)
    if (e.is_about(label) && speaks_of(e, p)) return true;
  return false;
}

}  // namespace

std::string_view name(Status s) {
  switch (s) {
    case Status::met: return "met";
    case Status::failed: return "failed";
    case Status::undecided: return "undecided";
    case Status::not_judged: return "not judged";
  }
  return "?";
}

int numeric_expectations(std::span<const Expectation> expectations,
                         std::span<const Subject> subjects) {
  int n = 0;
  for (const Expectation& e : expectations)
    for (const Subject& s : subjects) n += is_numeric(e) && e.is_about(s.label);
  return n;
}

std::vector<ExpectationResult> judge(std::span<const Expectation> expectations,
                                     std::span<const Subject> subjects, double level,
                                     IntervalKind kind) {
  std::vector<ExpectationResult> results;
  for (const Expectation& e : expectations) {
    for (const Subject& subject : subjects) {
      if (!e.is_about(subject.label)) continue;
      ExpectationResult r{Status::undecided, std::string(subject.label), e.text, e.line, {}};
      if (is_numeric(e))
        NumericJudge(e, subject, level, kind).judge(r);
      else
        judge_violations(e, subject, r);
      results.push_back(std::move(r));
    }
  }
  for (const Subject& subject : subjects) {
    for (std::size_t k = 0; k < kSafetyProperties; ++k) {
      const auto property = static_cast<Property>(k);
      if (count(*subject.totals, property) == 0 || expected(expectations, subject.label, property))
        continue;
      results.push_back({Status::failed,
                         std::string(subject.label),
                         {},
                         0,
                         "unexpected: " + violations_text(*subject.totals, property) +
                             "; if that is meant: violation of " + std::string(name(property)) +
                             " under " + std::string(subject.label)});
    }
  }
  return results;
}

std::vector<ExpectationResult> not_judged(std::span<const Expectation> expectations,
                                          std::span<const ProtocolUse> protocols) {
  std::vector<ExpectationResult> results;
  for (const Expectation& e : expectations)
    for (const ProtocolUse& use : protocols)
      if (e.is_about(use.label))
        results.push_back(
            {Status::not_judged, use.label, e.text, e.line, "the run was interrupted"});
  return results;
}

}  // namespace indoubt
