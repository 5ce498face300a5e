#include "scenarios/four_verdicts.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "scenarios/exact_model.h"
#include "scenarios/runner.h"
#include "scenarios/verdict_pairs.h"
#include "sim/engine/simulation.h"

namespace indoubt {
namespace {

constexpr std::string_view kOwn = "predicate.";

/// Predicates that, once they hold in a world, hold at the end of the run: only of these does
/// "some world has it" mean that the measure is above 0. Blocking is judged so by the explorer.
constexpr std::array<std::string_view, 16> kLasting = {"commit",
                                                       "abort",
                                                       "coordinator_decided",
                                                       "some_committed",
                                                       "some_aborted",
                                                       "all_committed",
                                                       "all_aborted",
                                                       "mixed",
                                                       "all_learnt",
                                                       "violation.agreement",
                                                       "violation.stability",
                                                       "violation.validity",
                                                       "violation.nontriviality",
                                                       "violation.termination",
                                                       "ever_blocked",
                                                       "blocked_at_end"};

bool lasting(std::string_view name) {
  return std::find(kLasting.begin(), kLasting.end(), name) != kLasting.end();
}

bool is_own(std::string_view measure) { return measure.substr(0, kOwn.size()) == kOwn; }

/// Adds what can be asked: each as a report, since either answer will do.
void ask(const Scenario& scenario, Exploration& budget) {
  for (const std::string_view name : kLasting)
    budget.properties.push_back({PropertyForm::report, std::string(name)});
  for (const NamedPredicate& own : scenario.predicates)
    if (!own.predicate.asks_for(Claim::What::blocked))
      budget.properties.push_back({PropertyForm::report, own.name});
}

/// One protocol's answers, not yet held against each other.
class Asking {
 public:
  Asking(const ScenarioFile& file, const ProtocolUse& use, const FourOptions& options)
      : file_(file), options_(options), machine_(machine_for_use(use, file.scenario)) {
    out_.use = &use;
  }

  /// Nothing if it was interrupted.
  std::optional<ProtocolVerdicts> run() {
    solve();
    if (goes_on_) explore_all();
    if (goes_on_) simulate_all();
    if (!goes_on_) return std::nullopt;
    for (const Measure* measure : file_.measures.all()) add_row(*measure);
    return std::move(out_);
  }

 private:
  const Scenario& scenario() const { return file_.scenario; }

  bool tell(const std::string& doing) {
    if (options_.progress) goes_on_ = options_.progress(out_.use->label + ": " + doing) && goes_on_;
    return goes_on_;
  }

  void simulate_all() {
    SimulationOptions simulation;
    simulation.seed = scenario().transactions.seed;
    simulation.count = scenario().transactions.count;
    simulation.progress = [this](const Totals& totals) {
      return tell("simulation, " + std::to_string(totals.transactions) + " of " +
                  std::to_string(scenario().transactions.count) + " transactions");
    };
    out_.totals = simulate(scenario(), machine_, simulation);
  }

  void solve() {
    tell("exact chain");
    SolveOptions solving;
    solving.parameters = false;
    solving.most_states = options_.most_states;
    out_.exact = solve_scenario(scenario(), *out_.use, solving);
  }

  void explore_all() {
    out_.question = exploration_of(scenario(), machine_);
    ask(scenario(), out_.question.budget);
    ExplorerOptions explorer;
    explorer.bounds.states = options_.most_worlds;
    explorer.bounds.memory_bytes = options_.memory_bytes;
    explorer.traces = false;
    explorer.progress = [this](const SearchProgress& at) {
      return tell("exploration, " + std::to_string(at.states) + " worlds");
    };
    out_.explored =
        explore(scenario(), out_.question.budget, machine_, scenario().predicates, explorer);
  }

  void add_row(const Measure& measure) {
    VerdictRow row;
    row.measure = &measure;
    add_formulas(row);
    add_exact(row);
    add_reach(row);
    const bool more = !row.formulas.empty() || row.exact || row.reach != Reach::unknown;
    const bool cut_off =
        !out_.explored.incomplete.empty() && row.no_reach == out_.explored.incomplete;
    if (!more && cut_off) out_.left_out.push_back(&measure);
    if (!more) return;
    out_.rows.push_back(std::move(row));
  }

  void add_formulas(VerdictRow& row) {
    const ModelInput input{scenario(), machine_.traits};
    std::vector<const Model*> models = applicable_models(input);
    for (const Model* asked : options_.formulas)
      if (std::find(models.begin(), models.end(), asked) == models.end()) models.push_back(asked);
    for (const Model* model : models) {
      if (model->measure != row.measure->name) continue;
      const std::optional<double> value = model->predict(input);
      if (value) row.formulas.push_back({model, *value, model->inapplicable(input)});
    }
  }

  void add_exact(VerdictRow& row) {
    row.exact = exact_value(out_.exact, row.measure->name, row.no_exact);
    if (!row.exact) return;
    const double error = out_.exact.find(row.measure->name)->error;
    const bool absolute = out_.exact.mode.find("scheduled") != std::string::npos;
    row.exact_error = absolute ? error : error * std::abs(*row.exact);
  }

  void add_reach(VerdictRow& row) {
    row.no_reach = "not a question about single runs";
    const std::string_view name = row.measure->name;
    if (!lasting(name) && !is_own(name)) return;
    if (!out_.explored.problems.empty()) {
      row.no_reach = out_.explored.problems.front();
      return;
    }
    const std::string_view asked = is_own(name) ? name.substr(kOwn.size()) : name;
    for (const Answer& answer : out_.explored.answers)
      if (answer.name == asked) return take(answer, row);
    row.no_reach =
        is_own(name) ? "no single moment of a run tells who is blocked" : out_.explored.incomplete;
  }

  void take(const Answer& answer, VerdictRow& row) {
    if (answer.is_void) {
      row.no_reach = answer.note;
    } else if (answer.met) {
      row.reach = Reach::possible;
    } else if (answer.complete) {
      row.reach = Reach::impossible;
    } else {
      row.no_reach = out_.explored.incomplete;
    }
    if (row.reach != Reach::unknown) row.no_reach.clear();
  }

  const ScenarioFile& file_;
  const FourOptions& options_;
  Machine machine_;
  ProtocolVerdicts out_;
  bool goes_on_ = true;
};

void measure_rows(ProtocolVerdicts& protocol, double level) {
  for (VerdictRow& row : protocol.rows) {
    const Estimate e = estimate(*row.measure, protocol.totals, level);
    if (e.observations != 0)
      row.measured = e;
    else
      row.no_measured = "no transaction has it";
  }
}

void judge_rows(ProtocolVerdicts& protocol) {
  for (VerdictRow& row : protocol.rows) {
    ScenarioExploration question = protocol.question;
    if (!lasting(row.measure->name))
      question.adds = "a predicate of the end of a run, explored at every moment";
    if (row.measure->name == "violation.nontriviality")
      question.misses = "explored without faults and time-outs";
    add_pairs(row, question, protocol.totals.unfinished != 0);
  }
  std::erase_if(protocol.rows, [](const VerdictRow& row) {
    return row.pairs.empty() && row.incomparable.empty() && !row.exact && row.formulas.empty();
  });
}

/// Disagreement, then what is undecided.
int gravity(Verdict v) { return v == Verdict::disagree ? 2 : v == Verdict::undecided ? 1 : 0; }

}  // namespace

std::string_view name(Engine engine) {
  constexpr std::array<std::string_view, 4> kNames = {"formula", "exact", "simulation",
                                                      "exploration"};
  return kNames[static_cast<std::size_t>(engine)];
}

std::optional<Verdict> VerdictRow::verdict() const {
  std::optional<Verdict> worst;
  for (const PairVerdict& pair : pairs)
    if (!worst || gravity(pair.verdict) > gravity(*worst)) worst = pair.verdict;
  return worst;
}

const VerdictRow* ProtocolVerdicts::find(std::string_view measure) const {
  for (const VerdictRow& row : rows)
    if (row.measure->name == measure) return &row;
  return nullptr;
}

Verdict VerdictTable::verdict() const {
  Verdict worst = Verdict::agree;
  for (const ProtocolVerdicts& protocol : protocols)
    for (const VerdictRow& row : protocol.rows)
      if (row.verdict() && gravity(*row.verdict()) > gravity(worst)) worst = *row.verdict();
  return worst;
}

bool VerdictTable::whole() const {
  return !partial && std::all_of(protocols.begin(), protocols.end(), [](const ProtocolVerdicts& p) {
    return p.left_out.empty() && !p.exact.incomplete;
  });
}

VerdictTable four_verdicts(const ScenarioFile& file, const FourOptions& options) {
  VerdictTable table;
  int intervals = 0;
  for (const ProtocolUse& use : file.scenario.protocols) {
    if (!options.protocol.empty() && use.label != options.protocol) continue;
    std::optional<ProtocolVerdicts> answers = Asking(file, use, options).run();
    table.partial = !answers;
    if (!answers) break;
    table.protocols.push_back(std::move(*answers));
    for (const VerdictRow& row : table.protocols.back().rows) intervals += interval_pairs(row);
  }
  table.family_level = options.family_level;
  table.row_level = per_comparison_level(options.family_level, std::max(intervals, 1));
  for (ProtocolVerdicts& protocol : table.protocols) {
    measure_rows(protocol, table.row_level);
    judge_rows(protocol);
  }
  return table;
}

}  // namespace indoubt
