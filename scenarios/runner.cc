#include "scenarios/runner.h"

#include <algorithm>

#include "sim/engine/simulation.h"
#include "sim/process/assert.h"

namespace indoubt {
namespace {

void simulate_all(const Scenario& scenario, const RunOptions& options, RunResult& result) {
  for (std::size_t i = 0; i < result.protocols.size(); ++i) {
    ProtocolResult& protocol = result.protocols[i];
    protocol.complete = false;
    if (result.partial) continue;
    SimulationOptions simulation;
    simulation.seed = scenario.transactions.seed;
    simulation.first = options.first;
    simulation.count = scenario.transactions.count;
    if (options.progress) {
      simulation.progress = [&](const Totals& totals) {
        if (!options.progress(i, totals)) result.partial = true;
        return !result.partial;
      };
    }
    protocol.totals = simulate(scenario, protocol.machine, simulation);
    protocol.complete = !result.partial;
  }
}

std::vector<const Model*> models_for(const ScenarioFile& file, const ModelInput& input) {
  return file.compare.empty() ? applicable_models(input) : file.compare;
}

RunStatus status_of(const RunResult& result) {
  if (result.partial) return RunStatus::interrupted;
  RunStatus status = RunStatus::met;
  for (const ExpectationResult& e : result.expectations) {
    if (e.status == ExpectationResult::Status::failed) return RunStatus::failed;
    if (e.status == ExpectationResult::Status::undecided) status = RunStatus::undecided;
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
  for (const ProtocolUse& use : scenario.protocols) {
    result.protocols.push_back(
        {&use, find_protocol(use.protocol), machine_for_use(use, scenario), {}, {}, true});
  }
  simulate_all(scenario, options, result);

  std::vector<Subject> subjects;
  int rows = 0;
  for (const ProtocolResult& p : result.protocols) {
    if (p.totals.transactions == 0) continue;
    const ModelInput input{scenario, p.machine.traits};
    for (const Model* model : models_for(file, input)) rows += model->predict(input).has_value();
    subjects.push_back({p.use->label, input, &p.totals});
  }
  rows += numeric_expectations(file.expect, subjects);
  result.row_level = per_comparison_level(kFamilyLevel, std::max(rows, 1));
  for (ProtocolResult& p : result.protocols) {
    if (p.totals.transactions == 0) continue;
    const ModelInput input{scenario, p.machine.traits};
    for (const Model* model : models_for(file, input)) {
      p.comparisons.push_back(
          compare_model(*model, input, p.totals, result.row_level, options.interval));
    }
  }
  result.expectations = result.partial
                            ? not_judged(file.expect, scenario.protocols)
                            : judge(file.expect, subjects, result.row_level, options.interval);
  result.status = status_of(result);
  return result;
}

}  // namespace indoubt
