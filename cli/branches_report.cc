#include "cli/branches_report.h"

#include <nlohmann/json.hpp>

#include "cli/branch_moves.h"
#include "cli/explore_report.h"
#include "cli/explored_moves.h"
#include "cli/format.h"
#include "cli/table.h"

namespace indoubt {
namespace {

using markov::BranchAnswer;
using markov::Branches;
using markov::Refusals;

constexpr const char* kBudget = "the scenario's own faults and times, every random choice a branch";

std::vector<BranchRow> rows_of(const BranchAnswer& a, const std::vector<ProcessId>& site,
                               const Scenario& scenario, const Machine& machine) {
  const std::vector<std::string> names = process_names(scenario, machine);
  std::vector<BranchRow> rows;
  for (const markov::BranchMove& move : a.way)
    rows.push_back(row_of(move, site, scenario, machine, names));
  return rows;
}

std::string way_text(const BranchAnswer& a, const std::vector<ProcessId>& site,
                     const Scenario& scenario, const Machine& machine) {
  using A = Table::Align;
  Table table({A::right, A::left, A::left, A::left, A::left, A::left});
  table.add({"", "time", "site", "event", "what comes of it", "state"});
  int number = 0;
  for (const BranchRow& row : rows_of(a, site, scenario, machine))
    table.add({std::to_string(++number), row.time, row.site, row.event, row.does, row.state});
  return table.text(0);
}

}  // namespace

std::vector<Answer> answers_of(const Branches& found) {
  std::vector<Answer> all;
  for (const BranchAnswer& b : found.answers) {
    Answer a;
    a.name = b.asked.name;
    a.form = b.asked.form;
    a.met = b.met;
    a.depth = b.depth;
    a.worlds = b.worlds;
    all.push_back(std::move(a));
  }
  return all;
}

std::string branches_text(const std::variant<Branches, Refusals>& found, const Scenario& scenario,
                          const Machine& machine, const std::string& label, bool ways) {
  std::string out = heading_text(label, machine);
  if (const auto* refusals = std::get_if<Refusals>(&found)) {
    out += refusals->cause == Refusals::Cause::too_large ? "incomplete\n" : "cannot be explored\n";
    for (const std::string& s : refusals->sentences) out += "  " + s + "\n";
    return out;
  }
  const auto& branches = std::get<Branches>(found);
  out += std::string(kBudget) + "\nevery run of one transaction: " + grouped(branches.worlds) +
         " worlds, " + grouped(branches.moves) + " events, " + std::to_string(branches.depth) +
         " deep\n\n";
  const std::vector<Answer> answers = answers_of(branches);
  out += answers_table(answers, process_names(scenario, machine));
  for (std::size_t i = 0; i < answers.size(); ++i)
    if (ways && answers[i].met && worth_a_way(answers[i]))
      out += "\nthe shortest way to " + answers[i].name + ":\n" +
             way_text(branches.answers[i], branches.site, scenario, machine);
  return out;
}

nlohmann::ordered_json branches_json(const std::variant<Branches, Refusals>& found,
                                     const Scenario& scenario, const Machine& machine,
                                     const std::string& label, bool ways) {
  nlohmann::ordered_json out = {{"protocol", label}, {"participants", machine.group.participants}};
  if (const auto* refusals = std::get_if<Refusals>(&found)) {
    out["problems"] = refusals->sentences;
    return out;
  }
  const auto& branches = std::get<Branches>(found);
  out["budget"] = kBudget;
  out["complete"] = true;
  out["worlds"] = branches.worlds;
  out["moves"] = branches.moves;
  out["depth"] = branches.depth;
  const std::vector<Answer> answers = answers_of(branches);
  for (std::size_t i = 0; i < answers.size(); ++i) {
    nlohmann::ordered_json answer = answer_json(answers[i]);
    std::size_t event = 0;
    if (!ways) {
      out["properties"].push_back(std::move(answer));
      continue;
    }
    for (const BranchRow& row : rows_of(branches.answers[i], branches.site, scenario, machine)) {
      const std::int64_t at = branches.answers[i].way[event++].at;
      using Json = nlohmann::ordered_json;
      answer["trace"].push_back({{"time_ns", at == markov::BranchMove::kRandom ? Json() : Json(at)},
                                 {"site", row.site},
                                 {"event", row.event},
                                 {"does", row.does},
                                 {"state", row.state}});
    }
    out["properties"].push_back(std::move(answer));
  }
  return out;
}

}  // namespace indoubt
