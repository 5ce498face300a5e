#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <optional>

#include "cli/call.h"
#include "cli/fault_text.h"
#include "cli/format.h"
#include "cli/scenario_files.h"
#include "cli/table.h"
#include "cli/trace_log.h"
#include "scenarios/runner.h"
#include "sim/engine/simulation.h"

namespace indoubt {
namespace {

struct TraceCall {
  std::string file, protocol;
  std::string transaction = "1", seed;
  bool json = false;
};

const ProtocolUse& use_named(const Scenario& scenario, const std::string& label) {
  if (label.empty()) return scenario.protocols.front();
  std::string known;
  for (const ProtocolUse& use : scenario.protocols) {
    if (use.label == label) return use;
    known += (known.empty() ? "" : ", ") + use.label;
  }
  throw CallError("--protocol: the scenario runs no '" + label + "'; it runs: " + known);
}

std::string outcome_of(const Totals& totals) {
  if (totals.commits != 0) return "commit";
  if (totals.aborts != 0) return "abort";
  if (totals.blocked != 0) return "no decision: blocked";
  return totals.unfinished != 0 ? "no decision: unfinished" : "no decision: abandoned";
}

/// What it knows, for those who do not know the words yet.
std::string explained(const TraceLog::Standing& s) {
  if (s.decided != Outcome::none) return "decided " + std::string(name(s.decided));
  if (s.down) return "down: what it had not written to its disk is gone";
  if (s.in_doubt()) return "in doubt: it voted YES and knows no decision";
  return s.vote ? "" : "has no decision";
}

std::string of_blocked(const TraceLog& log) {
  std::string names;
  for (const TraceLog::Standing& s : log.standings())
    if (s.in_doubt() && !s.down) names += (names.empty() ? "" : ", ") + s.site;
  if (names.empty()) return "";
  return "\n" + names +
         " can neither commit nor abort alone, since another may have done the\nother; nothing "
         "that "
         "can still happen brings the decision";
}

void print_standings(const TraceLog& log) {
  Table table({Table::Align::left, Table::Align::left, Table::Align::left});
  table.add({"at the end", "state", "decision"});
  for (const TraceLog::Standing& s : log.standings())
    table.add({s.site, s.down ? "-" : s.state, explained(s)});
  std::printf("%s\n", table.text(0).c_str());
}

void print_text(const std::string& heading, const Scenario& scenario, const TraceLog& log,
                const Totals& totals) {
  std::printf("%s\n", heading.c_str());
  for (const Fault& f : scenario.faults) std::printf("fault: %s\n", fault_text(f).c_str());
  std::printf("\n");
  Table table({Table::Align::right, Table::Align::left, Table::Align::left, Table::Align::left});
  table.add({"time", "site", "event", "state"});
  for (const TraceLog::Row& row : log.rows()) {
    table.add({time_text(static_cast<double>(row.time.count())), row.site, row.event, row.state});
  }
  std::printf("%s\n", table.text(0).c_str());
  print_standings(log);
  std::printf("%s%s\n", outcome_of(totals).c_str(),
              totals.blocked != 0 ? of_blocked(log).c_str() : "");
  for (const Finding& f : totals.findings) {
    std::printf("violation of %s (%s) at %s: %s\n", std::string(name(f.property)).c_str(),
                std::string(textbook_number(f.property)).c_str(),
                time_text(static_cast<double>(f.at_ns)).c_str(), f.explanation.c_str());
  }
}

void print_json(const ProtocolUse& use, std::uint64_t transaction, std::uint64_t seed,
                const TraceLog& log, const Totals& totals) {
  nlohmann::ordered_json document;
  document["indoubt"] = "trace";
  document["protocol"] = use.label;
  document["transaction"] = transaction;
  document["seed"] = seed;
  document["outcome"] = outcome_of(totals);
  document["events"] = nlohmann::ordered_json::array();
  for (const TraceLog::Row& row : log.rows()) {
    document["events"].push_back({{"time_ns", row.time.count()},
                                  {"site", row.site},
                                  {"kind", row.detail},
                                  {"event", row.event},
                                  {"state", row.state}});
  }
  document["standings"] = nlohmann::ordered_json::array();
  for (const TraceLog::Standing& s : log.standings())
    document["standings"].push_back({{"site", s.site},
                                     {"state", s.state},
                                     {"decided", name(s.decided)},
                                     {"in_doubt", s.in_doubt()},
                                     {"down", s.down}});
  document["findings"] = nlohmann::ordered_json::array();
  for (const Finding& f : totals.findings) {
    document["findings"].push_back(
        {{"property", name(f.property)}, {"at_ns", f.at_ns}, {"explanation", f.explanation}});
  }
  write_output(document.dump(2) + "\n");
}

int trace(const TraceCall& call) {
  const std::uint64_t transaction = whole_number("transaction", call.transaction, 1, UINT64_MAX);
  std::optional<ScenarioFile> file = load_or_explain(call.file);
  if (!file) return kExitUsage;
  const Scenario& scenario = file->scenario;
  const ProtocolUse& use = use_named(scenario, call.protocol);
  if (scenario.transactions.sites != Sites::fresh)
    throw CallError("transactions on shared sites cannot be traced alone; use sites: fresh");
  const Machine machine = machine_for_use(use, scenario);
  TraceLog log(scenario, machine);
  SimulationOptions options;
  options.seed = call.seed.empty() ? scenario.transactions.seed
                                   : whole_number("seed", call.seed, 0, UINT64_MAX);
  options.first = transaction;
  options.observer = &log;
  const Totals totals = simulate(scenario, machine, options);
  if (call.json) {
    print_json(use, transaction, options.seed, log, totals);
  } else {
    print_text("transaction " + std::to_string(transaction) + " under " + use.label + ", seed " +
                   std::to_string(options.seed),
               scenario, log, totals);
  }
  return kExitOk;
}

}  // namespace

int trace_command(const Arguments& arguments) {
  namespace po = boost::program_options;
  const Usage usage{
      "trace", "FILE [options]",
      "Runs one transaction of a scenario and prints what happens in it, in the order "
      "of virtual time. It is the same transaction as in `indoubt run`.",
      "trace card_payment --transaction 17"};
  TraceCall call;
  po::options_description options;
  const auto add = [&](const char* name, const po::value_semantic* value, const char* doc) {
    options.add_options()(name, value, doc);
  };
  add("transaction", po::value(&call.transaction)->value_name("T"), "its number, from 1 (1)");
  add("protocol", po::value(&call.protocol)->value_name("NAME"),
      "which of the scenario's protocols (the first)");
  add("seed", po::value(&call.seed)->value_name("N"), "instead of the scenario's");
  add("json", po::bool_switch(&call.json), "print one JSON document");
  return with_call(usage, options, arguments, [&](const std::vector<std::string>& files) {
    if (files.size() != 1) throw CallError("one scenario file is wanted");
    call.file = files.front();
    return trace(call);
  });
}

}  // namespace indoubt
