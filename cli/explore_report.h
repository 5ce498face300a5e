#pragma once
// What an exploration found, for readers and for machines.
#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "analysis/explore/explorer.h"
#include "sim/scenario/scenario.h"

namespace indoubt {

std::string explore_text(const ExploreReport& report, const Scenario& scenario,
                         const Machine& machine, const std::string& label);
nlohmann::ordered_json explore_json(const ExploreReport& report, const Scenario& scenario,
                                    const Machine& machine, const std::string& label);

/// "2pc, 3 participants: ", on a line of its own.
std::string heading_text(const std::string& label, const Machine& machine);
/// "asynchronous; votes free; 1 crash with recovery": what was tried.
std::string budget_text(const ExploreSetup& setup);
/// One word for an answer: "holds", "VIOLATED", "reachable", ...
std::string verdict_text(const Answer& answer);

/// Properties and verdicts in columns. `names`: of the processes.
std::string answers_table(const std::vector<Answer>& answers,
                          const std::vector<std::string>& names);
/// Whether readers want to see how it comes to that: what is wrong, and blocking.
bool worth_a_way(const Answer& answer);
/// Without who is blocked, and without a trace.
nlohmann::ordered_json answer_json(const Answer& answer);

/// The moves of its trace, a numbered line each. Requires one.
std::string trace_text(const Answer& answer, const Machine& machine,
                       const std::vector<std::string>& names);

/// A line on stderr while a search runs, on a terminal only.
class ExploreProgress {
 public:
  void begin(const std::string& label) { label_ = label; }
  void show(const SearchProgress& at);
  void end();

 private:
  std::string label_;
  bool shown_ = false;
};

}  // namespace indoubt
