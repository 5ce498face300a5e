#include "scenarios/solver_results.h"

#include <algorithm>
#include <ctime>

#include "analysis/chain/measures.h"
#include "scenarios/runner.h"
#include "sim/latency/text.h"

namespace indoubt {
namespace {

double cpu_seconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

std::string mode_of(const markov::BuiltChain& built) {
  switch (built.clocks) {
    case markov::Clocks::constant: return "discrete chain: every time is constant";
    case markov::Clocks::exponential:
      return "continuous-time chain: every time is exponential or zero";
    case markov::Clocks::mixed:
      return "scheduled switches: constant time-outs at fixed instants over exponential times";
  }
  return "";
}

Measure::Kind kind_of(const std::string& name) {
  const Measure* measure = find_measure(name);
  if (measure != nullptr) return measure->kind;
  return Measure::Kind::proportion;
}

class Solving {
 public:
  Solving(const Scenario& scenario, const SolveOptions& options)
      : scenario_(scenario), options_(options) {}

  ExactResult run(const Machine& machine) {
    const double begun = cpu_seconds();
    auto built = build(machine, false);
    // What the coordinator's decision settles may be a chain all the same.
    if (built.index() == 1 && std::get<1>(built).cause == Cause::not_markov)
      built = build(machine, true);
    result_.build_seconds = cpu_seconds() - begun;
    if (built.index() == 0) answer(std::get<0>(built));
    result_.solve_seconds = cpu_seconds() - begun - result_.build_seconds;
    return std::move(result_);
  }

 private:
  using Cause = markov::Refusals::Cause;

  /// Notes why there is no chain; the first attempt's sentences stay.
  std::variant<markov::BuiltChain, markov::Refusals> build(const Machine& machine,
                                                           bool until_decided) {
    auto built = markov::build_chain(scenario_, machine,
                                     {options_.erlang, options_.most_states, until_decided});
    if (built.index() == 0) return built;
    const markov::Refusals& why = std::get<1>(built);
    result_.incomplete = result_.incomplete || why.cause == Cause::too_large;
    if (result_.refusals.empty()) result_.refusals = why.sentences;
    return built;
  }
  void answer(const markov::BuiltChain& built) {
    result_.solved = true;
    result_.mode = mode_of(built);
    result_.approximation = built.approximated;
    result_.states = built.chain.states();
    result_.transitions = built.chain.transitions();
    markov::ChainMeasures measures(built);
    for (const Measure& m : measure_catalogue())
      add(measures, std::string(m.name), std::string(m.name));
    for (const NamedPredicate& own : scenario_.predicates)
      add(measures, own.name, "predicate." + own.name);
    std::vector<Duration> instants = scenario_.decided_by;
    for (const Duration at : options_.by)
      if (std::find(instants.begin(), instants.end(), at) == instants.end()) instants.push_back(at);
    for (const Duration at : instants) add_by(measures, at);
    if (options_.parameters) {
      for (const markov::Sensitivity& s : measures.sensitivities("commit"))
        result_.parameters.push_back({s.parameter, s.value, s.slope});
    }
    const markov::Solver::Shape shape = measures.shape();
    result_.components = shape.components;
    result_.largest_component = shape.largest;
  }
  /// `asked`: its name as a mark or measure of the chain.
  void add(markov::ChainMeasures& measures, const std::string& asked, const std::string& name) {
    ExactMeasure out;
    out.name = name;
    out.kind = kind_of(name);
    const auto& known = markov::ChainMeasures::names();
    const bool own = asked != name;
    if (!own && std::find(known.begin(), known.end(), name) == known.end()) {
      out.reason = "not asked of a chain";
    } else {
      const markov::Answer answer = measures.answer(asked);
      take(answer, out);
      if (options_.rational && out.value)
        if (const auto exact = measures.exactly(asked))
          out.certainty = markov::certainty_text(*out.value, *exact);
    }
    result_.measures.push_back(std::move(out));
  }
  void take(const markov::Answer& answer, ExactMeasure& out) const {
    out.value = answer.value;
    out.error = answer.error;
    out.reason = answer.reason;
    if (!out.value && !result_.refusals.empty() && !out.reason.empty())
      out.reason += ": " + result_.refusals.front();
  }
  void add_by(markov::ChainMeasures& measures, Duration at) {
    for (const char* outcome : {"commit", "abort"}) {
      ExactMeasure out;
      out.name = std::string(outcome) + "_by(" + duration_text(at) + ")";
      take(measures.by(outcome, at.count()), out);
      result_.measures.push_back(std::move(out));
    }
  }

  const Scenario& scenario_;
  const SolveOptions& options_;
  ExactResult result_;
};

}  // namespace

const ExactMeasure* ExactResult::find(std::string_view name) const {
  for (const ExactMeasure& m : measures)
    if (m.name == name) return &m;
  return nullptr;
}

ExactResult solve_scenario(const Scenario& scenario, const ProtocolUse& use,
                           const SolveOptions& options) {
  return Solving(scenario, options).run(machine_for_use(use, scenario));
}

}  // namespace indoubt
