#include "scenarios/runner.h"

#include <algorithm>

#include "scenarios/exact_model.h"
#include "sim/engine/simulation.h"
#include "sim/process/assert.h"

namespace indoubt {
namespace {

/// Runs transactions `from` to `from` + `count` - 1 under protocol i and adds them to its results.
void simulate_part(const Scenario& scenario, const RunOptions& options, RunResult& result,
                   std::size_t i, std::uint64_t from, std::uint64_t count) {
  ProtocolResult& protocol = result.protocols[i];
  SimulationOptions simulation;
  simulation.seed = scenario.transactions.seed;
  simulation.first = from;
  simulation.count = count;
  if (options.progress) {
    simulation.progress = [&](const Totals& part) {
      Totals so_far = protocol.totals;
      so_far.merge(part);
      if (!options.progress(i, so_far)) result.partial = true;
      return !result.partial;
    };
  }
  protocol.totals.merge(simulate(scenario, protocol.machine, simulation));
}

/// Transactions that are run at once when so many have been: few at first, so that every protocol
/// has something soon, then so many that starting anew costs nothing. All, where they meet.
std::uint64_t part_after(const Scenario& scenario, std::uint64_t done) {
  constexpr std::uint64_t kLeast = 10'000, kMost = 1'000'000;
  const std::uint64_t left = scenario.transactions.count - done;
  if (scenario.transactions.sites == Sites::shared) return left;
  return std::min(left, std::clamp(done, kLeast, kMost));
}

void simulate_all(const Scenario& scenario, const RunOptions& options, RunResult& result) {
  const std::uint64_t count = scenario.transactions.count;
  for (std::uint64_t done = 0, part = 0; done < count && !result.partial; done += part) {
    part = part_after(scenario, done);
    for (std::size_t i = 0; i < result.protocols.size() && !result.partial; ++i)
      simulate_part(scenario, options, result, i, options.first + done, part);
  }
  for (ProtocolResult& protocol : result.protocols) protocol.complete = !result.partial;
}

std::vector<const Model*> models_for(const ScenarioFile& file, const ModelInput& input) {
  return file.compare.empty() ? applicable_models(input) : file.compare;
}

/// What a measure is held against.
struct Against {
  const Model* model;
  const Measure* measure;
  std::optional<double> value;
  std::optional<std::string> reason;  ///< why it does not describe the scenario, or has no value
};

bool compares_exactly(const ScenarioFile& file) {
  return std::find(file.compare.begin(), file.compare.end(), &kExactModel) != file.compare.end();
}

bool asks_for_exact(const ScenarioFile& file) {
  return compares_exactly(file) ||
         std::any_of(file.expect.begin(), file.expect.end(),
                     [](const Expectation& e) { return e.model == &kExactModel; });
}

void solve_where_asked(const ScenarioFile& file, std::size_t most_states, RunResult& result) {
  if (!asks_for_exact(file) || result.partial) return;
  SolveOptions solving;
  solving.parameters = false;
  solving.most_states = most_states;
  for (ProtocolResult& p : result.protocols)
    p.exact = solve_scenario(file.scenario, *p.use, solving);
}

const ExactResult* exact_of(const ProtocolResult& p) { return p.exact ? &*p.exact : nullptr; }

/// Measures of the comparisons and expectations: what `compare: [exact]` is about; commit if
/// nothing else is.
std::vector<const Measure*> measures_compared(const ScenarioFile& file,
                                              const std::vector<Against>& others,
                                              std::string_view label) {
  std::vector<const Measure*> all = {file.measures.find("commit")};
  const auto add = [&](const Measure* measure) {
    const auto same = [&](const Measure* m) { return m->name == measure->name; };
    if (std::none_of(all.begin(), all.end(), same)) all.push_back(measure);
  };
  for (const Against& a : others) add(a.measure);
  for (const Expectation& e : file.expect)
    if (e.model != nullptr && e.is_about(label)) add(e.measure);
  return all;
}

std::vector<Against> compared_with(const ScenarioFile& file, const ProtocolResult& p) {
  const ModelInput input{file.scenario, p.machine.traits};
  std::vector<Against> all;
  for (const Model* model : models_for(file, input))
    if (model != &kExactModel)
      all.push_back(
          {model, find_measure(model->measure), model->predict(input), model->inapplicable(input)});
  if (!p.exact || !compares_exactly(file)) return all;
  for (const Measure* measure : measures_compared(file, all, p.use->label)) {
    std::string reason;
    const std::optional<double> value = exact_value(*p.exact, measure->name, reason);
    all.push_back({&kExactModel, measure, value, std::nullopt});
    if (!value) all.back().reason = reason;
  }
  return all;
}

RunStatus status_of(const RunResult& result) {
  if (result.partial) return RunStatus::interrupted;
  RunStatus status = RunStatus::met;
  for (const ProtocolResult& p : result.protocols)  // what was not run, or solved, has met nothing
    if (p.totals.transactions == 0 || (p.exact && p.exact->incomplete))
      status = RunStatus::undecided;
  for (const ExpectationResult& e : result.expectations) {
    if (e.status == ExpectationResult::Status::failed) return RunStatus::failed;
    if (e.status != ExpectationResult::Status::met) status = RunStatus::undecided;
  }
  return status;
}

}  // namespace

Machine machine_for_use(const ProtocolUse& use, const Scenario& scenario) {
  const ProtocolEntry* entry = find_protocol(use.protocol);
  INDOUBT_ASSERT(entry != nullptr);
  return entry->make(scenario.group(), use.options);
}

RunResult run_scenario(const ScenarioFile& file, const RunOptions& options) {
  const Scenario& scenario = file.scenario;
  RunResult result;
  result.file = &file;
  result.interval = options.interval;
  result.first = options.first;
  for (const ProtocolUse& use : scenario.protocols) {
    result.protocols.push_back(
        {&use, find_protocol(use.protocol), machine_for_use(use, scenario), {}, {}, true});
  }
  simulate_all(scenario, options, result);
  solve_where_asked(file, options.most_states, result);

  std::vector<Subject> subjects;
  int rows = 0;
  for (const ProtocolResult& p : result.protocols) {
    if (p.totals.transactions == 0) continue;
    for (const Against& a : compared_with(file, p)) rows += a.value.has_value();
    subjects.push_back({p.use->label, {scenario, p.machine.traits}, &p.totals, exact_of(p)});
  }
  rows += numeric_expectations(file.expect, subjects);
  result.row_level = per_comparison_level(kFamilyLevel, std::max(rows, 1));
  for (ProtocolResult& p : result.protocols) {
    if (p.totals.transactions == 0) continue;
    for (Against& a : compared_with(file, p))
      p.comparisons.push_back(compare_value(*a.model, *a.measure, a.value, std::move(a.reason),
                                            p.totals, result.row_level, options.interval));
  }
  result.expectations = result.partial
                            ? not_judged(file.expect, scenario.protocols)
                            : judge(file.expect, subjects, result.row_level, options.interval);
  result.status = status_of(result);
  return result;
}

}  // namespace indoubt
