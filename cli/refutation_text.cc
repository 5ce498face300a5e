#include "cli/refutation_text.h"

#include "cli/explore_report.h"
#include "cli/explored_moves.h"

namespace indoubt {

std::string refutation_text(const Refutation& r, bool with_trace) {
  std::string out(r.variant->protocol->name);
  out += ", mistake " + std::string(r.variant->name) + ": ";
  if (r.budget.empty()) return out + "NOT REFUTED\n";
  out += r.budget + ", " + std::to_string(r.participants) +
         (r.participants == 1 ? " participant, " : " participants, ") +
         std::to_string(r.answer.depth) + " moves" +
         (r.apart ? "" : " (the protocol itself does not do better there)") + "\n";
  if (!with_trace || !r.answer.trace) return out;
  const Scenario scenario = verdict_scenario(r.participants, r.machine);
  return out + trace_text(r.answer, r.machine, process_names(scenario, r.machine)) + "\n";
}

}  // namespace indoubt
