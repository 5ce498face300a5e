#include <algorithm>
#include <set>

#include "cli/fault_text.h"
#include "cli/format.h"
#include "cli/render.h"
#include "cli/replay.h"
#include "cli/table.h"

namespace indoubt {
namespace {

constexpr double kShownLevel = 0.95;
constexpr int kScreen = 100;

/// Rows of the outcome table: always shown, or shown when some protocol has other than zero. What
/// the scenario itself asks for is always shown, behind the rest.
struct Row {
  std::string_view measure;
  int indent;
  bool always;
};
constexpr Row kRows[] = {
    {"payment.confirmed", 0, false},
    {"payment.made", 0, false},
    {"payment.doubled", 0, false},
    {"payment.attempts", 0, false},
    {"commit", 0, true},
    {"abort", 0, true},
    {"abort.no_vote", 1, false},
    {"abort.vote_timeout", 1, false},
    {"abort.ack_timeout", 1, false},
    {"abort.unasked", 1, false},
    {"abort.recovery", 1, false},
    {"abort.termination", 1, false},
    {"abort.heuristic", 1, false},
    {"abort.other", 1, false},
    {"no_decision", 0, true},
    {"blocked", 1, false},
    {"abandoned", 1, false},
    {"unfinished", 1, false},
    {"mixed", 0, false},
    {"stranded", 0, false},
    {"crashed", 0, false},
    {"ever_blocked", 0, false},
    {"blocked_at_end", 1, false},
    {"blocked_time", 1, false},
    {"blocked_participants", 1, false},
    {"waited", 0, false},
    {"wait_time", 1, false},
    {"decision_time", 0, true},
    {"completion_time", 0, true},
    {"in_doubt_time", 0, true},
    {"in_doubt_down_time", 1, false},
    {"messages", 0, true},
    {"forced_writes", 0, true},
    {"unforced_writes", 0, false},
};

/// A share as exactly as it was given: "99.96 %".
std::string share(double p) {
  char text[32];
  std::snprintf(text, sizeof text, "%.10g %%", p * 100);
  return text;
}

/// What goes wrong in the scenario.
std::string faults_text(const Scenario& scenario) {
  constexpr std::size_t kMost = 8;
  std::string out;
  for (std::size_t i = 0; i < scenario.faults.size() && i < kMost; ++i)
    out += (i == 0 ? "faults: " : "        ") + fault_text(scenario.faults[i]) + "\n";
  if (scenario.faults.size() > kMost)
    out += "        and " + std::to_string(scenario.faults.size() - kMost) + " more\n";
  return out;
}

/// "10,000 transactions", "transactions 5 to 6", "20 payments of up to 3 transactions".
std::string what_runs(const Scenario& s, std::uint64_t first) {
  const std::uint64_t count = s.transactions.count;
  const std::string noun = s.client ? "payment" : "transaction";
  std::string out = counted(count, noun);
  if (first != 1 && count == 1) out = noun + " " + grouped(first);
  if (first != 1 && count > 1)
    out = noun + "s " + grouped(first) + " to " + grouped(first + count - 1);
  if (!s.client) return out;
  return out + " of up to " +
         counted(static_cast<std::uint64_t>(s.client->attempts), "transaction");
}

std::string heading(const RunResult& result, const Style& style) {
  const Scenario& s = result.file->scenario;
  std::string services;
  for (const Service& service : s.services) {
    if (!services.empty()) services += ", ";
    services += service.name;
    if (service.count > 1) services += " x " + std::to_string(service.count);
    services += " YES " + share(service.vote_yes);
  }
  if (display_width(services) > kScreen - 4) {
    services = std::to_string(s.participants()) + " participants in " +
               std::to_string(s.services.size()) + " services";
  }
  const bool fresh = s.transactions.sites == Sites::fresh;
  return style.strong(s.title.empty() ? result.file->path : s.title) + "\n" + services + "\n" +
         what_runs(s, result.first) + " under each protocol, seed " +
         std::to_string(s.transactions.seed) +
         (fresh ? ", each on fresh sites of its own\n" : ", all on the same sites\n") +
         faults_text(s);
}

std::string cell(const Measure& measure, const Totals& totals, IntervalKind kind) {
  const Estimate e = estimate(measure, totals, kShownLevel, kind);
  const std::string text = estimate_text(measure.kind, e);
  const bool of_all = e.observations == 0 || static_cast<bool>(measure.trials);
  return of_all ? text : text + over_text(e, totals.transactions);
}

std::string_view spoken(IntervalKind kind) {
  return kind == IntervalKind::wilson ? "Wilson" : "Clopper-Pearson";
}

bool shown(const Row& row, const Measure& measure, const RunResult& result) {
  if (row.always) return true;
  return std::any_of(
      result.protocols.begin(), result.protocols.end(), [&](const ProtocolResult& p) {
        return measure.kind == Measure::Kind::proportion ? measure.hits(p.totals) != 0
                                                         : measure.moments(p.totals).sum != 0;
      });
}

std::vector<Row> rows_of(const MeasureSet& measures) {
  std::vector<Row> rows(std::begin(kRows), std::end(kRows));
  for (const Measure* m : measures.own()) rows.push_back({m->name, 0, true});
  return rows;
}

/// Protocols `from` to `to` - 1 side by side.
Table outcome_table(const RunResult& result, std::size_t from, std::size_t to, const Style& style) {
  std::vector<Table::Align> columns(1 + to - from, Table::Align::right);
  columns[0] = Table::Align::left;
  Table table(columns);
  std::vector<std::string> head{"measured (95 % " + std::string(spoken(result.interval)) + ")"};
  for (std::size_t i = from; i < to; ++i)
    head.push_back(style.strong(result.protocols[i].use->label));
  table.add(head);
  const MeasureSet& measures = result.file->measures;
  for (const Row& row : rows_of(measures)) {
    const Measure& measure = *measures.find(row.measure);
    if (!shown(row, measure, result)) continue;
    std::vector<std::string> cells{
        std::string(static_cast<std::size_t>(2 * row.indent), ' ').append(row.measure)};
    for (std::size_t i = from; i < to; ++i)
      cells.push_back(cell(measure, result.protocols[i].totals, result.interval));
    table.add(cells);
  }
  return table;
}

/// Whether some time in the table had not ended when its transaction did.
bool any_cut_off(const RunResult& result) {
  for (const Row& row : kRows) {
    const Measure& measure = *find_measure(row.measure);
    if (!measure.cut_off) continue;
    for (const ProtocolResult& p : result.protocols)
      if (measure.cut_off(p.totals) != 0) return true;
  }
  return false;
}

/// As many protocols beside each other as fit on the screen.
std::string outcomes(const RunResult& result, const Style& style) {
  std::string out;
  const std::size_t n = result.protocols.size();
  for (std::size_t from = 0, to = n; from < n; from = to, to = n) {
    while (to > from + 1 && outcome_table(result, from, to, style).width() > kScreen) --to;
    out += "\n" + outcome_table(result, from, to, style).text();
  }
  if (any_cut_off(result))
    out += style.faint(
               "> longer than this: in transactions that end stranded or blocked the time is "
               "counted up to their end only") +
           "\n";
  return out;
}

std::string verdict_text(const Comparison& c, const Style& style) {
  if (!c.predicted) return style.faint("no value");
  const std::string word(verdict_name(c));
  switch (c.verdict) {
    case Verdict::agree: return c.inapplicable ? word : style.good(word);
    case Verdict::disagree: return c.inapplicable ? word : style.bad(word);
    case Verdict::undecided: break;
  }
  const bool proportion = c.measure->kind == Measure::Kind::proportion;
  return style.warning(word) + ", needs about " + grouped(c.needs) +
         (proportion ? " transactions" : " observations");
}

/// Why models do not describe protocols: one note for each model and reason.
class Notes {
 public:
  /// The mark that refers to the note, for protocol `label`.
  std::string mark(const Comparison& c, const std::string& label) {
    if (!c.inapplicable) return "";
    auto at = std::find_if(notes_.begin(), notes_.end(), [&](const Note& n) {
      return n.model == c.model && n.reason == *c.inapplicable;
    });
    if (at == notes_.end()) at = notes_.insert(at, {c.model, *c.inapplicable, ""});
    at->labels += (at->labels.empty() ? "" : ", ") + label;
    return " [" + std::to_string(at - notes_.begin() + 1) + "]";
  }
  std::string text(const Style& style) const {
    std::string out;
    for (std::size_t i = 0; i < notes_.size(); ++i) {
      const Note& n = notes_[i];
      out += style.faint("[" + std::to_string(i + 1) + "] " + std::string(n.model->name) + " " +
                         (n.model->measure.empty() ? "has no value under " : "does not describe ") +
                         n.labels + ": " + n.reason) +
             "\n";
    }
    return out;
  }

 private:
  struct Note {
    const Model* model;
    std::string reason, labels;
  };
  std::vector<Note> notes_;
};

/// "99.95 %".
std::string level_text(double level) {
  char text[32];
  std::snprintf(text, sizeof text, "%.5g %%", 100 * level);
  return text;
}

std::string models(const RunResult& result, const Style& style) {
  using A = Table::Align;
  Table table({A::left, A::left, A::right, A::right, A::left});
  table.add({"compared", "with model", "predicted", "measured", "verdict"});
  Notes notes;
  bool any = false;
  for (const ProtocolResult& p : result.protocols) {
    bool first = true;
    for (const Comparison& c : p.comparisons) {
      const double half = c.measured.interval.half_width();
      const Measure::Kind kind = c.measure->kind;
      const int digits = digits_for(kind, c.measured.value, half);
      std::string model(c.model->name);
      if (c.measure->name != "commit") model += " of " + std::string(c.measure->name);
      table.add({first ? style.strong(p.use->label) : "", model,
                 c.predicted ? quantity(kind, *c.predicted, digits) : "-",
                 estimate_text(kind, c.measured) + over_text(c.measured, p.totals.transactions),
                 verdict_text(c, style) + notes.mark(c, p.use->label)});
      any = true;
      first = false;
    }
  }
  if (any) {
    const double margin = kStandardMargin * 100, relative = kStandardRelativeMargin * 100;
    return "\n" + table.text() +
           style.faint("agree: the interval lies within " + fixed(margin, 1) +
                       " points (means: " + fixed(relative, 1) +
                       " %) of the prediction; each holds with " + level_text(result.row_level) +
                       ", all together with " + level_text(kFamilyLevel)) +
           "\n" + notes.text(style);
  }
  return style.faint(
             "\nno closed formula describes this scenario; indoubt list models tells what each "
             "needs") +
         "\n";
}

/// ": 5.808 %, where majority-without-unanimity predicts 5.782 %", if a model has something to say.
std::string predicted_rate(const RunResult& result, const ProtocolResult& p, Property property) {
  const std::string name_of_measure = "violation." + std::string(name(property));
  const ModelInput input{result.file->scenario, p.machine.traits};
  for (const Model* model : model_catalogue()) {
    if (model->measure != name_of_measure || model->inapplicable(input)) continue;
    if (const std::optional<double> value = model->predict(input)) {
      return "; " + std::string(model->name) + " predicts " +
             quantity(Measure::Kind::proportion, *value, 3);
    }
  }
  return "";
}

std::string violation(const RunResult& result, const ProtocolResult& p, Property property,
                      const Style& style) {
  const Measure& measure = *find_measure("violation." + std::string(name(property)));
  std::string out = style.bad("violation") + " of " + std::string(name(property)) + " (" +
                    std::string(textbook_number(property)) + ") under " + p.use->label + ": " +
                    cell(measure, p.totals, result.interval) + predicted_rate(result, p, property) +
                    "\n";
  for (const Finding& f : p.totals.findings) {
    if (f.property != property) continue;
    out += "  first in transaction " + grouped(f.transaction) + ", " +
           readable_time(static_cast<double>(f.at_ns), 1) + " after its start: " + f.explanation +
           "\n  see it: " + replay_command(*result.file, p.use->label, f.transaction) + "\n";
    break;
  }
  return out;
}

std::string violations(const RunResult& result, const Style& style) {
  std::string out;
  for (const ProtocolResult& p : result.protocols)
    for (std::size_t k = 0; k < kProperties; ++k)
      if (p.totals.violations[k] != 0) out += violation(result, p, static_cast<Property>(k), style);
  std::string clean;
  for (const ProtocolResult& p : result.protocols) {
    const auto& v = p.totals.violations;
    if (p.totals.transactions != 0 &&
        std::all_of(v.begin(), v.begin() + kSafetyProperties, [](auto n) { return n == 0; }))
      clean += (clean.empty() ? "" : ", ") + p.use->label;
  }
  if (!clean.empty()) out += "no violation of AC1-AC4 under " + clean + "\n";
  return "\n" + out;
}

/// How many of the expectations came out as `status`.
std::size_t count(const RunResult& result, ExpectationResult::Status status) {
  return static_cast<std::size_t>(
      std::count_if(result.expectations.begin(), result.expectations.end(),
                    [&](const ExpectationResult& e) { return e.status == status; }));
}

/// What is said of one that is not met.
std::string unmet(const ExpectationResult& e, const Style& style) {
  const std::string word(name(e.status));
  const std::string where =
      (e.status == ExpectationResult::Status::failed ? style.bad(word) : style.warning(word)) +
      " under " + e.label + ": ";
  if (e.line == 0) return where + e.detail + "\n";
  return where + "line " + std::to_string(e.line) + ": " + e.text + "\n  " + e.detail + "\n";
}

/// A line of the file counts once for each protocol that it concerns.
std::string lines_text(const RunResult& result) {
  std::set<std::size_t> lines;
  for (const ExpectationResult& e : result.expectations)
    if (e.line != 0) lines.insert(static_cast<std::size_t>(e.line));
  if (lines.empty() || lines.size() == result.expectations.size()) return "";
  return " (" + std::to_string(lines.size()) + (lines.size() == 1 ? " line" : " lines") +
         ", each for every protocol it concerns)";
}

std::string expectations(const RunResult& result, const Style& style) {
  using Status = ExpectationResult::Status;
  if (result.expectations.empty()) return "";
  if (result.partial)
    return "\nexpectations: " + std::to_string(result.expectations.size()) +
           " not judged, the run was interrupted\n";
  const std::size_t met = count(result, Status::met), failed = count(result, Status::failed),
                    undecided = count(result, Status::undecided);
  std::string out;
  for (const ExpectationResult& e : result.expectations)
    if (e.status != Status::met) out += unmet(e, style);
  std::string counts = std::to_string(met) + " met";
  if (undecided != 0) counts += ", " + std::to_string(undecided) + " undecided";
  if (failed != 0) counts += ", " + std::to_string(failed) + " failed";
  const bool good = met == result.expectations.size();
  return "\n" + out + "expectations: " + (good ? style.good(counts) : counts) + lines_text(result) +
         "\n";
}

std::string fingerprints(const RunResult& result) {
  std::string out = "fingerprint:";
  for (const ProtocolResult& p : result.protocols) {
    if (!p.complete) {
      out += " -";
      continue;
    }
    char text[24];
    std::snprintf(text, sizeof text, " %016llx",
                  static_cast<unsigned long long>(p.totals.fingerprint));
    out += text;
  }
  return out + "\n";
}

/// "interrupted: partial results, of 12,345 transactions under 2pc, 0 under 3pc".
std::string how_far(const RunResult& result) {
  std::string done;
  for (const ProtocolResult& p : result.protocols)
    done += (done.empty() ? "" : ", ") + grouped(p.totals.transactions) +
            (done.empty() ? " transactions under " : " under ") + p.use->label;
  return "interrupted: partial results, of " + done;
}

}  // namespace

std::string options_text(const ProtocolUse& use, const ProtocolEntry& entry) {
  std::string out;
  for (std::size_t i = 0; i < entry.options.size(); ++i) {
    const OptionField& field = entry.options[i];
    if (use.options[i] == field.standard) continue;
    if (!out.empty()) out += ", ";
    out += std::string(field.name) + ": ";
    out += field.choices.empty()
               ? std::to_string(use.options[i])
               : std::string(field.choices[static_cast<std::size_t>(use.options[i])]);
  }
  return out;
}

std::string render_text(const RunResult& result, const Style& style) {
  std::string out = heading(result, style);
  if (result.partial) out += style.warning(how_far(result)) + "\n";
  for (const ProtocolResult& p : result.protocols) {
    const std::string options = options_text(*p.use, *p.entry);
    if (!options.empty())
      out += p.use->label + " is " + p.use->protocol + " with " + options + "\n";
  }
  return out + outcomes(result, style) + models(result, style) + violations(result, style) +
         expectations(result, style) + fingerprints(result);
}

}  // namespace indoubt
