#include <algorithm>

#include "cli/format.h"
#include "cli/render.h"
#include "cli/table.h"

namespace indoubt {
namespace {

constexpr double kShownLevel = 0.95;
constexpr int kScreen = 100;

/// Rows of the outcome table: always shown, or shown when some protocol has other than zero.
struct Row {
  const char* measure;
  int indent;
  bool always;
};
constexpr Row kRows[] = {
    {"commit", 0, true},          {"abort", 0, true},
    {"abort.no_vote", 1, false},  {"abort.vote_timeout", 1, false},
    {"abort.other", 1, false},    {"no_decision", 0, true},
    {"blocked", 1, false},        {"unfinished", 1, false},
    {"mixed", 0, false},          {"stranded", 0, false},
    {"decision_time", 0, true},   {"completion_time", 0, true},
    {"in_doubt_time", 0, true},   {"messages", 0, true},
    {"forced_writes", 0, true},   {"unforced_writes", 0, false},
};

std::string heading(const RunResult& result, const Style& style) {
  const Scenario& s = result.file->scenario;
  std::string services;
  for (const Service& service : s.services) {
    if (!services.empty()) services += ", ";
    services += service.name;
    if (service.count > 1) services += " x " + std::to_string(service.count);
    services += " YES " + quantity(Measure::Kind::proportion, service.vote_yes, 1);
  }
  if (display_width(services) > kScreen - 4) {
    services = std::to_string(s.participants()) + " participants in " +
               std::to_string(s.services.size()) + " services";
  }
  const bool fresh = s.transactions.sites == Sites::fresh;
  return style.strong(s.title.empty() ? result.file->path : s.title) + "\n" + services + "\n" +
         grouped(s.transactions.count) + " transactions under each protocol, seed " +
         std::to_string(s.transactions.seed) +
         (fresh ? ", each on fresh sites of its own\n" : ", all on the same sites\n");
}

std::string cell(const Measure& measure, const Totals& totals) {
  if (totals.transactions == 0) return "-";
  const Estimate e = estimate(measure, totals, kShownLevel);
  if (measure.kind != Measure::Kind::proportion && e.observations == 0) return "-";
  if (measure.kind == Measure::Kind::proportion && measure.hits(totals) == 0) return "0";
  const double half = e.interval.half_width();
  const int digits = digits_for(measure.kind, e.value, half);
  std::string text = quantity(measure.kind, e.value, digits);
  if (half > 0) text += " " + half_width(measure.kind, e.value, half, digits);
  return text;
}

bool shown(const Row& row, const Measure& measure, const RunResult& result) {
  if (row.always) return true;
  return std::any_of(result.protocols.begin(), result.protocols.end(), [&](const ProtocolResult& p) {
    return measure.kind == Measure::Kind::proportion ? measure.hits(p.totals) != 0
                                                     : measure.moments(p.totals).sum != 0;
  });
}

/// Protocols side by side, as many as fit on the screen.
std::string outcomes(const RunResult& result, const Style& style) {
  constexpr std::size_t kColumns = 3;
  std::string out;
  for (std::size_t from = 0; from < result.protocols.size(); from += kColumns) {
    const std::size_t to = std::min(from + kColumns, result.protocols.size());
    std::vector<Table::Align> columns(1 + to - from, Table::Align::right);
    columns[0] = Table::Align::left;
    Table table(columns);
    std::vector<std::string> head{"measured (± 95 %)"};
    for (std::size_t i = from; i < to; ++i) head.push_back(style.strong(result.protocols[i].use->label));
    table.add(head);
    for (const Row& row : kRows) {
      const Measure& measure = *find_measure(row.measure);
      if (!shown(row, measure, result)) continue;
      std::vector<std::string> cells{std::string(static_cast<std::size_t>(2 * row.indent), ' ') + row.measure};
      for (std::size_t i = from; i < to; ++i) cells.push_back(cell(measure, result.protocols[i].totals));
      table.add(cells);
    }
    out += "\n" + table.text();
  }
  return out;
}

std::string verdict_text(const Comparison& c, const Style& style) {
  if (!c.predicted) return style.faint("no value");
  const std::string word(name(c.verdict));
  switch (c.verdict) {
    case Verdict::agree: return style.good(word);
    case Verdict::disagree: return c.inapplicable ? word : style.bad(word);
    case Verdict::undecided:
      return style.warning(word) + ", needs about " + grouped(c.needs) + " transactions";
  }
  return word;
}

std::string models(const RunResult& result, const Style& style) {
  using A = Table::Align;
  Table table({A::left, A::left, A::left, A::right, A::right, A::left});
  table.add({"model", "", "formula", "predicted", "measured", "verdict"});
  std::vector<std::string> notes;
  bool any = false;
  for (const ProtocolResult& p : result.protocols) {
    bool first = true;
    for (const Comparison& c : p.comparisons) {
      any = true;
      const double half = c.measured.interval.half_width();
      const Measure::Kind kind = c.measure->kind;
      const int digits = digits_for(kind, c.measured.value, half);
      std::string mark;
      if (c.inapplicable) {
        const std::string note = std::string(c.model->name) + " under " + p.use->label + ": " + *c.inapplicable;
        auto at = std::find(notes.begin(), notes.end(), note);
        if (at == notes.end()) at = notes.insert(at, note);
        mark = " [" + std::to_string(at - notes.begin() + 1) + "]";
      }
      std::string formula(c.model->formula);
      if (c.model->measure != "commit") formula += "  (" + std::string(c.model->measure) + ")";
      table.add({first ? style.strong(p.use->label) : "", std::string(c.model->name), formula,
                 c.predicted ? quantity(kind, *c.predicted, digits) : "-",
                 quantity(kind, c.measured.value, digits) + " " +
                     half_width(kind, c.measured.value, half, digits),
                 verdict_text(c, style) + mark});
      first = false;
    }
  }
  if (!any) return "";
  std::string out = "\n" + table.text();
  for (std::size_t i = 0; i < notes.size(); ++i) {
    out += style.faint("[" + std::to_string(i + 1) + "] does not describe it: " + notes[i]) + "\n";
  }
  return out;
}

std::string violations(const RunResult& result, const Style& style) {
  std::string out;
  for (const ProtocolResult& p : result.protocols) {
    for (std::size_t k = 0; k < kProperties; ++k) {
      if (p.totals.violations[k] == 0) continue;
      const auto property = static_cast<Property>(k);
      out += style.bad("violation") + " of " + std::string(name(property)) + " (" +
             std::string(textbook_number(property)) + ") under " + p.use->label + ": " +
             grouped(p.totals.violations[k]) + " transactions";
      for (const Finding& f : p.totals.findings) {
        if (f.property != property) continue;
        out += ", first no. " + grouped(f.transaction) + " after " +
               readable_time(static_cast<double>(f.at_ns), 1) + ":\n  " + f.explanation;
        break;
      }
      out += "\n";
    }
  }
  return out.empty() ? out : "\n" + out;
}

std::string expectations(const RunResult& result, const Style& style) {
  using Status = ExpectationResult::Status;
  if (result.expectations.empty()) return "";
  std::size_t met = 0;
  std::string out;
  for (const ExpectationResult& e : result.expectations) {
    if (e.status == Status::met) {
      ++met;
      continue;
    }
    const std::string word(name(e.status));
    out += (e.status == Status::failed ? style.bad(word) : style.warning(word)) + " under " + e.label + ": ";
    out += e.line == 0 ? e.detail : "line " + std::to_string(e.line) + ": " + e.text + "\n  " + e.detail;
    out += "\n";
  }
  const std::string count = std::to_string(met) + " of " + std::to_string(result.expectations.size());
  out = "\n" + out + "expectations: " + (met == result.expectations.size() ? style.good(count + " met") : count + " met") + "\n";
  return out;
}

std::string fingerprints(const RunResult& result) {
  std::string out = "fingerprint:";
  for (const ProtocolResult& p : result.protocols) {
    char text[24];
    std::snprintf(text, sizeof text, " %016llx", static_cast<unsigned long long>(p.totals.fingerprint));
    out += text;
  }
  return out + "\n";
}

}  // namespace

std::string options_text(const ProtocolUse& use, const ProtocolEntry& entry) {
  std::string out;
  for (std::size_t i = 0; i < entry.options.size(); ++i) {
    const OptionField& field = entry.options[i];
    if (use.options[i] == field.standard) continue;
    if (!out.empty()) out += ", ";
    out += std::string(field.name) + ": ";
    out += field.choices.empty() ? std::to_string(use.options[i])
                                 : std::string(field.choices[static_cast<std::size_t>(use.options[i])]);
  }
  return out;
}

std::string render_text(const RunResult& result, const Style& style) {
  std::string out = heading(result, style);
  for (const ProtocolResult& p : result.protocols) {
    const std::string options = options_text(*p.use, *p.entry);
    if (!options.empty()) out += p.use->label + " is " + p.use->protocol + " with " + options + "\n";
  }
  if (result.partial) out += style.warning("interrupted: partial results") + "\n";
  return out + outcomes(result, style) + models(result, style) + violations(result, style) +
         expectations(result, style) + fingerprints(result);
}

}  // namespace indoubt
