#include "scenarios/emission.h"

#include <algorithm>

#include "scenarios/concat.h"
#include "scenarios/runner.h"
#include "scenarios/trace_scenario.h"

namespace indoubt {
namespace {

constexpr std::string_view kViolation = "violation.";

/// "violation of agreement", or "ever_blocked is at least 100%".
std::string expected_line(const std::string& property) {
  if (property.compare(0, kViolation.size(), kViolation) == 0)
    return "violation of " + property.substr(kViolation.size());
  return property + " is at least 100%";
}

/// A transaction that breaks one property often breaks a second; each must be spoken of.
void add_further_violations(const RunResult& result, std::vector<std::string>& expect) {
  for (const ProtocolResult& p : result.protocols)
    for (const Finding& f : p.totals.findings) {
      const std::string line = concat({"violation of ", name(f.property)});
      if (std::find(expect.begin(), expect.end(), line) == expect.end()) expect.push_back(line);
    }
}

class Emitter {
 public:
  Emitter(const TracedRun& run, const Answer& answer, std::span<const std::string> comment)
      : run_(run), property_(answer.name), comment_(comment) {}

  Emission emit() {
    const bool replayed =
        each_schedule(run_.trace, run_.flow, run_.machine,
                      [this](const TraceSchedule& schedule) { return replays(schedule); });
    if (replayed) return {std::move(text_), ""};
    if (!tried_)
      return {"", "the trace needs time-outs of one timer that last differently at one site"};
    return {"", problem_};
  }

 private:
  bool replays(const TraceSchedule& schedule) {
    tried_ = true;
    std::vector<std::string> expect = {expected_line(property_)};
    for (int round = 0; round < 2; ++round) {
      text_ = scenario_text(run_, schedule, comment_, expect);
      const LoadResult loaded = load_scenario_text(text_, "emitted");
      if (!loaded.file) {
        problem_ = "no scenario file can say it: " + loaded.errors.front().message;
        return false;
      }
      const RunResult result = run_scenario(*loaded.file, {});
      if (result.status == RunStatus::met) return true;
      add_further_violations(result, expect);
    }
    problem_ = "no run with the times that were tried comes to " + property_;
    return false;
  }

  const TracedRun& run_;
  const std::string property_;
  std::span<const std::string> comment_;
  std::string text_, problem_;
  bool tried_ = false;
};

}  // namespace

Emission emit_scenario(const Scenario& scenario, const ProtocolUse& use, const Machine& machine,
                       const Answer& answer, std::span<const std::string> comment) {
  if (!answer.met || !answer.trace)
    return {"", "there is no trace to it: no world that was visited has it"};
  const bool own = std::any_of(scenario.predicates.begin(), scenario.predicates.end(),
                               [&](const NamedPredicate& p) { return p.name == answer.name; });
  if (own) return {"", "it is a predicate of the scenario's own, which is not written again"};
  const TraceFlow flow = flow_of(*answer.trace, scenario, machine);
  if (!flow.problem.empty())
    return {"", "the trace has what a scenario cannot say: " + flow.problem};
  const TracedRun run{scenario, use, machine, *answer.trace, flow};
  return Emitter(run, answer, comment).emit();
}

}  // namespace indoubt
