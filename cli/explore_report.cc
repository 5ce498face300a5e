#include "cli/explore_report.h"

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "cli/explored_moves.h"
#include "cli/format.h"
#include "cli/table.h"
#include "cli/terminal.h"
#include "scenarios/property_text.h"
#include "sim/measures/measure.h"

namespace indoubt {
namespace {

std::string plural(std::uint64_t n, const std::string& one, const std::string& many = "") {
  return grouped(n) + " " + (n == 1 ? one : many.empty() ? one + "s" : many);
}

std::string budgeted(int n, const std::string& one, const std::string& many = "") {
  if (n == Exploration::kAny) return "any number of " + (many.empty() ? one + "s" : many);
  return plural(static_cast<std::uint64_t>(n), one, many);
}

std::string timing_text(const ExploreSetup& setup) {
  const auto ticks = [&](std::uint8_t n) {
    return readable_time(static_cast<double>(setup.tick.count()) * n, 3);
  };
  if (setup.budget.timing == Timing::asynchronous) return "asynchronous";
  std::string out = setup.budget.timing == Timing::bounded ? "bounded delay" : "timed";
  const std::uint8_t most = *std::max_element(setup.delay.begin(), setup.delay.end());
  out += setup.budget.timing == Timing::bounded ? " (D at most " : " (longest delay ";
  out += ticks(most) + " = " + plural(most, "tick");
  if (setup.steps.force_ticks != 0) out += ", forced write " + ticks(setup.steps.force_ticks);
  const auto& work = setup.steps.work_ticks;
  // Participants are processes 1 and on; auxiliaries behind them have none.
  const auto [least, longest] = std::minmax_element(
      work.begin() + 1, work.begin() + 1 + static_cast<std::ptrdiff_t>(setup.participants));
  if (*longest != 0)
    out += ", local work exactly " + (*least == *longest ? "" : ticks(*least) + " to ") +
           ticks(*longest);
  return out + ")";
}

/// "violation.agreement (AC1)".
std::string property_text(const Answer& a) {
  std::string out(property_forms()[static_cast<std::size_t>(a.form)]);
  out += " " + a.name;
  constexpr std::string_view kPrefix = "violation.";
  if (a.name.rfind(kPrefix, 0) != 0) return out;
  for (std::size_t p = 0; p < kProperties; ++p)
    if (a.name.substr(kPrefix.size()) == name(static_cast<Property>(p)))
      out += " (" + std::string(textbook_number(static_cast<Property>(p))) + ")";
  return out;
}

std::string names_text(const std::vector<ProcessId>& who, const std::vector<std::string>& names) {
  std::string out;
  for (const ProcessId p : who) out += (out.empty() ? "" : ", ") + names[p];
  return out;
}

std::string detail_text(const Answer& a, const std::vector<std::string>& names) {
  std::string out;
  if (a.met) {
    if (!a.blocked.empty()) out += names_text(a.blocked, names) + "; ";
    out += "after " + plural(static_cast<std::uint64_t>(a.depth), "move");
    if (a.worlds != 0) out += ", in " + plural(a.worlds, "world");
  }
  if (!a.note.empty()) out += (out.empty() ? "" : "; ") + a.note;
  return out;
}

nlohmann::ordered_json trace_json(const ExploredTrace& trace, const Machine& machine,
                                  const std::vector<std::string>& names) {
  nlohmann::ordered_json moves = nlohmann::ordered_json::array();
  for (const TraceStep& step : trace.steps) {
    const ExploredRow row = row_of(step, machine, names);
    moves.push_back({{"site", row.site},
                     {"event", row.event},
                     {"does", row.does},
                     {"crashes", step.crashes},
                     {"state", row.state}});
  }
  return moves;
}

std::string_view status_name(Answer::Status s) {
  switch (s) {
    case Answer::Status::holds: return "holds";
    case Answer::Status::fails: return "fails";
    case Answer::Status::incomplete: return "incomplete";
    case Answer::Status::is_void: return "void";
    case Answer::Status::reported: return "reported";
  }
  return "";
}

}  // namespace

std::string trace_text(const Answer& a, const Machine& machine,
                       const std::vector<std::string>& names) {
  using A = Table::Align;
  Table table({A::right, A::left, A::left, A::left, A::left});
  table.add({"", "site", "event", "what it does", "state"});
  int number = 0;
  for (const TraceStep& step : a.trace->steps) {
    const ExploredRow row = row_of(step, machine, names);
    table.add({std::to_string(++number), row.site, row.event, row.does, row.state});
  }
  return table.text(0);
}

bool worth_a_way(const Answer& a) {
  return a.status() == Answer::Status::fails || a.name.find("blocked") != std::string::npos ||
         (a.form == PropertyForm::sometimes && a.met);
}

std::string answers_table(const std::vector<Answer>& answers,
                          const std::vector<std::string>& names) {
  using A = Table::Align;
  Table table({A::left, A::left, A::left});
  table.add({"property", "verdict", ""});
  for (const Answer& a : answers)
    table.add({property_text(a), verdict_text(a), detail_text(a, names)});
  return table.text(0);
}

nlohmann::ordered_json answer_json(const Answer& a) {
  return {{"property", a.name},
          {"form", property_forms()[static_cast<std::size_t>(a.form)]},
          {"status", status_name(a.status())},
          {"met", a.met},
          {"depth", a.depth},
          {"worlds", a.worlds}};
}

std::string verdict_text(const Answer& a) {
  switch (a.status()) {
    case Answer::Status::is_void: return "void";
    case Answer::Status::incomplete: return "incomplete";
    case Answer::Status::reported: return a.met ? "yes" : "never";
    case Answer::Status::holds: return "holds";
    case Answer::Status::fails: break;
  }
  return a.form == PropertyForm::sometimes ? "NOT REACHED" : "VIOLATED";
}

std::string heading_text(const std::string& label, const Machine& machine) {
  return "\n" + label + ", " + std::to_string(machine.group.participants) +
         (machine.group.participants == 1 ? " participant: " : " participants: ");
}

std::string budget_text(const ExploreSetup& setup) {
  const Exploration& e = setup.budget;
  std::string out =
      timing_text(setup) + "; votes " + (e.free_votes ? "free" : "as the scenario says");
  std::string faults;
  const auto add = [&](const std::string& text) { faults += (faults.empty() ? "" : ", ") + text; };
  if (e.crashes != 0)
    add(budgeted(e.crashes, "crash", "crashes") +
        (e.recoveries ? ", restarts at any time" : ", no restart"));
  if (e.losses != 0) add(budgeted(e.losses, "lost message"));
  if (e.duplications != 0) add(budgeted(e.duplications, "duplicated message"));
  if (e.partitions != 0)
    add(budgeted(e.partitions, "partition") + (e.heals ? "" : " that never heals"));
  out += "; " + (faults.empty() ? "no faults" : faults);
  if (e.timeouts != Exploration::kAny)
    out += "; " + budgeted(e.timeouts, "time-out") + " a process";
  if (setup.rounds != 0) out += "; ballots up to " + std::to_string(setup.rounds);
  return out;
}

std::string explore_text(const ExploreReport& report, const Scenario& scenario,
                         const Machine& machine, const std::string& label) {
  std::string out = heading_text(label, machine);
  if (!report.problems.empty()) {
    out += "cannot be explored\n";
    for (const std::string& p : report.problems) out += "  " + p + "\n";
    return out;
  }
  const SearchResult& s = report.search;
  out += budget_text(report.setup) + "\n" +
         (s.stop == Stop::complete ? "every run of one transaction: " : "stopped early: ") +
         plural(s.states, "world") + ", " + plural(s.transitions, "move") + ", " +
         std::to_string(s.levels - 1) + " deep\n\n";
  const std::vector<std::string> names = process_names(scenario, machine);
  out += answers_table(report.answers, names);
  for (const Answer& a : report.answers)
    if (a.trace && worth_a_way(a))
      out += "\nthe shortest way to " + a.name + ":\n" + trace_text(a, machine, names);
  if (!report.incomplete.empty()) out += "\nincomplete: " + report.incomplete + "\n";
  return out;
}

nlohmann::ordered_json explore_json(const ExploreReport& report, const Scenario& scenario,
                                    const Machine& machine, const std::string& label) {
  nlohmann::ordered_json out = {{"protocol", label}, {"participants", machine.group.participants}};
  if (!report.problems.empty()) {
    out["problems"] = report.problems;
    return out;
  }
  const std::vector<std::string> names = process_names(scenario, machine);
  out["budget"] = budget_text(report.setup);
  out["complete"] = report.search.stop == Stop::complete && report.incomplete.empty();
  out["incomplete"] = report.incomplete;
  out["worlds"] = report.search.states;
  out["moves"] = report.search.transitions;
  out["depth"] = report.search.levels - 1;
  out["bits"] = report.bits;
  for (const Answer& a : report.answers) {
    nlohmann::ordered_json answer = answer_json(a);
    if (!a.blocked.empty())
      for (const ProcessId p : a.blocked) answer["blocked"].push_back(names[p]);
    if (!a.note.empty()) answer["note"] = a.note;
    if (a.trace) answer["trace"] = trace_json(*a.trace, machine, names);
    out["properties"].push_back(std::move(answer));
  }
  return out;
}

void ExploreProgress::show(const SearchProgress& at) {
  if (!stderr_is_terminal()) return;
  std::fprintf(stderr, "\r\033[K%s: %s worlds, %s new/s, depth %d, frontier %s, %s MiB",
               label_.c_str(), grouped(at.states).c_str(),
               grouped(static_cast<std::uint64_t>(at.states_per_second)).c_str(), at.depth,
               grouped(at.frontier).c_str(), grouped(at.memory_bytes >> 20).c_str());
  shown_ = true;
}

void ExploreProgress::end() {
  if (shown_) std::fprintf(stderr, "\r\033[K");
  shown_ = false;
}

}  // namespace indoubt
