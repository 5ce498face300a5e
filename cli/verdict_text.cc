#include <algorithm>
#include <cmath>
#include <cstdio>

#include "cli/explore_report.h"
#include "cli/format.h"
#include "cli/table.h"
#include "cli/verdict_report.h"

namespace indoubt {
namespace {

/// Numbered reasons below a table, each once.
class Reasons {
 public:
  /// " [2]"; empty for an empty reason.
  std::string mark(const std::string& reason) {
    if (reason.empty()) return "";
    auto at = std::find(all_.begin(), all_.end(), reason);
    if (at == all_.end()) at = all_.insert(at, reason);
    return " [" + std::to_string(at - all_.begin() + 1) + "]";
  }
  std::string text(const Style& style) const {
    std::string out;
    for (std::size_t i = 0; i < all_.size(); ++i)
      out += style.faint("  [" + std::to_string(i + 1) + "] " + all_[i]) + "\n";
    return out;
  }

 private:
  std::vector<std::string> all_;
};

std::string precise(Measure::Kind kind, double value) {
  if (std::isinf(value)) return "infinite";
  if (value == 0) return "0";
  const int digits = kind == Measure::Kind::proportion ? 7 : 6;
  const std::string text = quantity(kind, value, digits);
  if (text.find_first_of("123456789") != std::string::npos) return text;
  char tiny[32];
  std::snprintf(tiny, sizeof tiny, "%.4g %%", value * 100);
  return tiny;
}

std::string formula_cell(const VerdictRow& row, std::size_t k, Reasons& reasons) {
  if (k >= row.formulas.size()) return row.formulas.empty() ? "-" : "";
  const FormulaAnswer& f = row.formulas[k];
  std::string out = precise(row.measure->kind, f.value) + " " + std::string(f.model->name);
  if (f.inapplicable)
    out += reasons.mark(std::string(f.model->name) + " does not apply: " + *f.inapplicable);
  return out;
}

std::string exact_cell(const VerdictRow& row, Reasons& reasons) {
  if (row.exact) return precise(row.measure->kind, *row.exact);
  return "-" + reasons.mark("exact: " + row.no_exact);
}

std::string measured_cell(const VerdictRow& row, const Totals& totals, Reasons& reasons) {
  if (!row.measured) return "-" + reasons.mark("simulation: " + row.no_measured);
  const Estimate& e = *row.measured;
  const Measure::Kind kind = row.measure->kind;
  const bool nothing = e.value == 0 && kind == Measure::Kind::proportion;
  const double half = nothing ? e.interval.high : e.interval.half_width();
  const int digits = digits_for(kind, nothing ? half : e.value, half);
  if (nothing) return "0 (< " + quantity(kind, half, digits) + ")";
  std::string text = quantity(kind, e.value, digits);
  if (half > 0) text += " " + half_width(kind, e.value, half, digits);
  return row.measure->trials ? text : text + over_text(e, totals.transactions);
}

std::string reach_cell(const VerdictRow& row, Reasons& reasons) {
  switch (row.reach) {
    case Reach::possible:
    case Reach::impossible: {
      const std::string word = row.reach == Reach::possible ? "possible" : "impossible";
      if (row.incomparable.empty()) return word;
      return word + reasons.mark("exploration, not compared: " + row.incomparable);
    }
    case Reach::unknown: break;
  }
  const bool never_asked = row.no_reach == "not a question about single runs";
  return never_asked ? "-" : "-" + reasons.mark("exploration: " + row.no_reach);
}

std::string verdict_cell(const VerdictRow& row, const Style& style) {
  const std::optional<Verdict> verdict = row.verdict();
  if (!verdict) return style.faint("nothing to compare");
  const std::string word(name(*verdict));
  if (*verdict == Verdict::disagree) return style.bad(word);
  if (*verdict == Verdict::undecided) return style.warning(word);
  return style.good(word);
}

/// Every engine that answers says 0 or impossible.
bool nothing_anywhere(const VerdictRow& row) {
  return row.verdict() == Verdict::agree && row.formulas.empty() && row.exact.value_or(0) == 0 &&
         row.measured && row.measured->value == 0 && row.reach != Reach::possible;
}

void add_row(const VerdictRow& row, const Totals& totals, Table& table, Reasons& reasons,
             const Style& style) {
  table.add({std::string(row.measure->name), formula_cell(row, 0, reasons),
             exact_cell(row, reasons), measured_cell(row, totals, reasons),
             reach_cell(row, reasons), verdict_cell(row, style)});
  for (std::size_t k = 1; k < row.formulas.size(); ++k)
    table.add({"", formula_cell(row, k, reasons)});
}

std::string engines_text(const ProtocolVerdicts& p) {
  std::string out;
  if (p.exact.solved)
    out += "  exact: " + p.exact.mode + ", " + grouped(p.exact.states) + " states\n";
  for (const std::string& refusal : p.exact.refusals)
    out += (p.exact.solved ? "    not all of it: " : "  exact: not solved: ") + refusal + "\n";
  if (p.exact.incomplete) out += "    incomplete: --states gives the chain more room\n";
  out += "  simulation: " + grouped(p.totals.transactions) + " transactions\n";
  for (const std::string& problem : p.explored.problems)
    out += "  exploration: not possible: " + problem + "\n";
  if (!p.explored.problems.empty()) return out;
  out += "  exploration: " + budget_text(p.explored.setup) + ", " +
         grouped(p.explored.search.states) + " worlds\n";
  if (!p.explored.incomplete.empty())
    out += "    incomplete: " + p.explored.incomplete + " (--worlds, --memory)\n";
  return out;
}

/// What is held against each other, in the table's units.
std::string pair_detail(const VerdictRow& row, const PairVerdict& pair) {
  if (pair.second != Engine::simulation || !row.measured) return pair.detail;
  std::optional<double> value = row.exact;
  if (pair.formula != nullptr)
    for (const FormulaAnswer& f : row.formulas)
      if (f.model == pair.formula) value = f.value;
  if (!value) return pair.detail;
  const auto text = [&](double x) { return precise(row.measure->kind, x); };
  const Estimate& e = *row.measured;
  return text(*value) + " against " + text(e.value) + " [" + text(e.interval.low) + ", " +
         text(e.interval.high) + "]" +
         (*value == 0 && pair.verdict == Verdict::disagree ? ": what has probability 0 has happened"
                                                           : "");
}

/// Pairs that do not agree: a line for each measure and each value that it is held against.
std::string pairs_text(const ProtocolVerdicts& p, const Style& style) {
  std::string out;
  for (const VerdictRow& row : p.rows) {
    std::vector<std::pair<std::string, std::string>> lines;  // (who, what)
    for (const PairVerdict& pair : row.pairs) {
      if (pair.verdict == Verdict::agree) continue;
      const std::string word(name(pair.verdict));
      const std::string shown =
          pair.verdict == Verdict::disagree ? style.bad(word) : style.warning(word);
      const std::string who(pair.formula != nullptr ? pair.formula->name : name(pair.first));
      const std::string what =
          " and " + std::string(name(pair.second)) + ": " + pair_detail(row, pair);
      const auto same = std::find_if(lines.begin(), lines.end(),
                                     [&](const auto& line) { return line.second == what; });
      if (same != lines.end())
        same->first += ", " + who;
      else
        lines.emplace_back("  " + shown + ": " + std::string(row.measure->name) + ", " + who, what);
    }
    for (const auto& [who, what] : lines) out += who + what + "\n";
  }
  return out;
}

std::string left_out_text(const ProtocolVerdicts& p) {
  std::string out;
  for (const Measure* m : p.left_out) out += (out.empty() ? "" : ", ") + std::string(m->name);
  if (out.empty()) return "";
  return "  not compared, the exploration was cut off before it could tell: " + out +
         "; --worlds and --memory give it more room\n";
}

/// Rounded up to two digits.
std::uint64_t rounded_up(double n) {
  const double unit = std::pow(10.0, std::max(0.0, std::floor(std::log10(n)) - 1));
  return static_cast<std::uint64_t>(std::ceil(n / unit) * unit);
}

}  // namespace

std::string verdict_report_text(const ProtocolVerdicts& p, const Style& style) {
  using A = Table::Align;
  Table table({A::left, A::left, A::right, A::right, A::left, A::left});
  table.add({"measure", "formula", "exact", "simulation", "exploration", "verdict"});
  Reasons reasons;
  std::string nothing;
  for (const VerdictRow& row : p.rows) {
    if (nothing_anywhere(row))
      nothing += (nothing.empty() ? "" : ", ") + std::string(row.measure->name);
    else
      add_row(row, p.totals, table, reasons, style);
  }
  std::string out = style.strong(p.use->label) + "\n" + engines_text(p) + "\n" + table.text(2);
  if (!nothing.empty()) out += "  agree that it never happens: " + nothing + "\n";
  return out + left_out_text(p) + reasons.text(style) + pairs_text(p, style);
}

std::string transactions_wanted(const VerdictTable& table) {
  double most = 0;
  for (const ProtocolVerdicts& p : table.protocols)
    for (const VerdictRow& row : p.rows)
      for (const PairVerdict& pair : row.pairs)
        if (pair.needed != 0 && row.measured && row.measured->observations != 0)
          most = std::max(most, static_cast<double>(pair.needed) *
                                    static_cast<double>(p.totals.transactions) /
                                    static_cast<double>(row.measured->observations));
  if (most == 0) return "";
  std::string count = grouped(rounded_up(most));
  std::replace(count.begin(), count.end(), ',', '_');
  return "undecided pairs need more: run again with --transactions " + count + "\n";
}

}  // namespace indoubt
