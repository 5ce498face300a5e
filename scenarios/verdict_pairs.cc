#include "scenarios/verdict_pairs.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace indoubt {
namespace {

/// Formula and chain are the same number, but for rounding.
constexpr double kNineDigits = 1e-9;

std::string number(double x) {
  char text[32];
  std::snprintf(text, sizeof text, "%.12g", x);
  return text;
}

std::string interval_text(const Estimate& e) {
  return number(e.value) + " [" + number(e.interval.low) + ", " + number(e.interval.high) + "]";
}

Verdict same_number(double a, double b, double error) {
  if (std::isinf(a) || std::isinf(b)) return a == b ? Verdict::agree : Verdict::disagree;
  const double tolerance = kNineDigits * std::max(std::abs(a), std::abs(b)) + error;
  return std::abs(a - b) <= tolerance ? Verdict::agree : Verdict::disagree;
}

class Pairing {
 public:
  Pairing(VerdictRow& row, const ScenarioExploration& question, bool unfinished)
      : row_(row), question_(question), unfinished_(unfinished) {}

  void run() {
    explain_reach();
    for (const FormulaAnswer& f : row_.formulas) {
      formula_ = f.model;
      if (row_.exact) with_chain(f.value);
      with_simulation(Engine::formula, f.value);
      with_exploration(Engine::formula, f.value);
    }
    formula_ = nullptr;
    if (row_.exact) {
      with_simulation(Engine::exact, *row_.exact);
      with_exploration(Engine::exact, *row_.exact);
    }
    measured_with_exploration();
  }

 private:
  void add(Engine first, Engine second, Verdict verdict, std::string detail,
           std::uint64_t needed = 0) {
    if (verdict == Verdict::agree) detail.clear();
    row_.pairs.push_back({first, second, formula_, verdict, std::move(detail), needed});
  }

  void with_chain(double value) {
    add(Engine::formula, Engine::exact, same_number(value, *row_.exact, row_.exact_error),
        number(value) + " against " + number(*row_.exact));
  }

  void with_simulation(Engine other, double value) {
    if (!row_.measured || std::isinf(value)) return;
    const Estimate& e = *row_.measured;
    const double margin = margin_of(value);
    Verdict verdict = compare(interval_of(e), value, margin);
    std::string detail = number(value) + " against " + interval_text(e);
    std::uint64_t needed = 0;
    if (proportion() && value == 0 && e.value > 0 && !unfinished_) {
      verdict = Verdict::disagree;
      detail += ": what has probability 0 has happened";
    } else if (e.variance == 0 && same_number(value, e.value, 0) == Verdict::agree) {
      verdict = Verdict::agree;
    } else if (verdict == Verdict::undecided) {
      needed = observations_to_decide(e.value, e.variance, value, margin, e.level, e.observations);
      detail += "; needs about " + std::to_string(needed) + " observations";
    }
    add(other, Engine::simulation, verdict, detail, needed);
  }

  /// Why a known reach says nothing about the numbers beside it.
  void explain_reach() {
    const double* known = row_.exact              ? &*row_.exact
                          : row_.formulas.empty() ? nullptr
                                                  : &row_.formulas.front().value;
    if (!proportion() || row_.reach == Reach::unknown) return;
    const bool zero = known != nullptr ? *known == 0 : row_.measured && row_.measured->value == 0;
    if (row_.reach == Reach::possible && zero) row_.incomparable = question_.adds;
    if (row_.reach == Reach::impossible && !zero) row_.incomparable = question_.misses;
  }

  void with_exploration(Engine other, double value) {
    if (!proportion() || row_.reach == Reach::unknown || !row_.incomparable.empty()) return;
    const bool agree = (value > 0) == (row_.reach == Reach::possible);
    add(other, Engine::exploration, agree ? Verdict::agree : Verdict::disagree,
        value > 0 ? number(value) + " of what no run can do" : "0 of what a run can do");
  }

  void measured_with_exploration() {
    if (!row_.measured || !proportion() || row_.reach == Reach::unknown ||
        !row_.incomparable.empty())
      return;
    const bool seen = row_.measured->value > 0, possible = row_.reach == Reach::possible;
    if (seen == possible) return add(Engine::simulation, Engine::exploration, Verdict::agree, "");
    if (seen)
      return add(Engine::simulation, Engine::exploration, Verdict::disagree,
                 number(row_.measured->value) + " of what no run can do");
    // Something rare: the chain or a formula can tell how rare; without them it is open.
    if (!row_.exact && row_.formulas.empty())
      add(Engine::simulation, Engine::exploration, Verdict::undecided,
          "possible, and not seen in " + std::to_string(row_.measured->observations) +
              " observations");
  }

  /// Of a count not less than of a proportion: one event in so many transactions is either.
  double margin_of(double value) const {
    const double standard = standard_margin(*row_.measure, value);
    const bool counts = row_.measure->kind == Measure::Kind::count;
    return counts ? std::max(standard, kStandardMargin) : standard;
  }

  /// A mean whose observations are all the same has an interval without a width, as if another
  /// value were impossible. What is rarer than -ln(1 - level) / n may just not have been seen.
  Interval interval_of(const Estimate& e) const {
    if (proportion() || e.variance > 0) return e.interval;
    const double unseen = -std::log((1 - e.level) / 2) / static_cast<double>(e.observations);
    const double width = unseen * std::max(1.0, std::abs(e.value));
    return {e.value - width, e.value + width};
  }

  bool proportion() const { return row_.measure->kind == Measure::Kind::proportion; }

  VerdictRow& row_;
  const ScenarioExploration& question_;
  bool unfinished_;
  const Model* formula_ = nullptr;
};

}  // namespace

void add_pairs(VerdictRow& row, const ScenarioExploration& question, bool unfinished) {
  Pairing(row, question, unfinished).run();
}

int interval_pairs(const VerdictRow& row) {
  return static_cast<int>(row.formulas.size()) + (row.exact ? 1 : 0);
}

}  // namespace indoubt
