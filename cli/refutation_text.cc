#include "cli/refutation_text.h"

#include "cli/explore_report.h"
#include "cli/explored_moves.h"

namespace indoubt {
namespace {

std::string control_text(Refutation::Control control) {
  switch (control) {
    case Refutation::Control::fails: return " (the protocol itself does not do better there)";
    case Refutation::Control::unknown:
      return " (of the protocol itself not all such runs are visited)";
    case Refutation::Control::holds: break;
  }
  return "";
}

}  // namespace

std::string refutation_text(const Refutation& r, bool with_trace) {
  std::string out(r.variant->protocol->name);
  out += ", mistake " + std::string(r.variant->name) + ": ";
  if (r.budget.empty()) return out + "NOT REFUTED\n";
  out += r.budget + ", " + std::to_string(r.participants) +
         (r.participants == 1 ? " participant, " : " participants, ") +
         std::to_string(r.answer.depth) + " moves" + control_text(r.control) + "\n";
  if (!with_trace || !r.answer.trace) return out;
  const Scenario scenario = verdict_scenario(r.participants, r.machine);
  return out + trace_text(r.answer, r.machine, process_names(scenario, r.machine)) + "\n";
}

}  // namespace indoubt
