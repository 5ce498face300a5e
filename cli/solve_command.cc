#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "cli/call.h"
#include "cli/format.h"
#include "cli/scenario_files.h"
#include "cli/table.h"
#include "scenarios/quantity.h"
#include "scenarios/solver_results.h"

namespace indoubt {
namespace {

struct SolveCall {
  std::string file, protocol, erlang, states;
  std::vector<std::string> by;
  bool rational = false, json = false;
};

constexpr int kExitIncomplete = 3;

/// Smaller effects of a change by all of a parameter are rounding.
constexpr double kNoEffect = 1e-13;

struct Solved {
  const ProtocolUse* use;
  int erlang;  ///< stages; 0: as the scenario says
  ExactResult result;
};

boost::program_options::options_description options_of(SolveCall& call) {
  namespace po = boost::program_options;
  po::options_description options;
  options.add_options()("protocol", po::value(&call.protocol)->value_name("NAME"),
                        "only this protocol of the scenario, by its label");
  options.add_options()("erlang", po::value(&call.erlang)->value_name("K"),
                        "constant time-outs among random times become sums of K and of 2K "
                        "exponential stages: an approximation");
  options.add_options()("states", po::value(&call.states)->value_name("N"),
                        "most states of a chain (2,000,000)");
  options.add_options()("by", po::value(&call.by)->value_name("T"),
                        "also the probability of a decision by this time, like 50ms; may be "
                        "repeated");
  options.add_options()("rational", po::bool_switch(&call.rational),
                        "check probabilities in exact arithmetic: how many digits are certain");
  options.add_options()("json", po::bool_switch(&call.json), "print one JSON document");
  return options;
}

std::vector<Duration> instants_of(const SolveCall& call) {
  std::vector<Duration> all;
  for (const std::string& text : call.by) {
    const Parsed<Duration> at = parse_duration(text);
    if (!at) throw CallError("--by " + text + ": " + at.error.message);
    all.push_back(*at.value);
  }
  return all;
}

std::vector<Solved> solve_all(const SolveCall& call, const ScenarioFile& file) {
  SolveOptions options;
  options.by = instants_of(call);
  options.rational = call.rational;
  if (!call.states.empty())
    options.most_states = whole_number("states", call.states, 1, UINT32_MAX);
  std::vector<int> stages = {0};
  if (!call.erlang.empty()) {
    const auto k = static_cast<int>(whole_number("erlang", call.erlang, 1, 200));
    stages = {k, 2 * k};
  }
  std::vector<Solved> all;
  for (const ProtocolUse& use : file.scenario.protocols) {
    if (!call.protocol.empty() && use.label != call.protocol) continue;
    for (const int k : stages) {
      options.erlang = k;
      Solved solved{&use, k, solve_scenario(file.scenario, use, options)};
      const bool changed = solved.result.approximation;
      solved.erlang = changed ? k : 0;
      all.push_back(std::move(solved));
      if (!changed) break;
    }
  }
  if (all.empty()) throw CallError("the scenario has no protocol called '" + call.protocol + "'");
  return all;
}

std::string value_text(const ExactMeasure& m) {
  char text[64];
  switch (m.kind) {
    case Measure::Kind::proportion: std::snprintf(text, sizeof text, "%.12f", *m.value); break;
    case Measure::Kind::time:
      return std::isfinite(*m.value) ? readable_time(*m.value, 6) : "infinite";
    case Measure::Kind::count: std::snprintf(text, sizeof text, "%.10g", *m.value); break;
  }
  return text;
}

std::string short_number(double x) {
  char text[32];
  std::snprintf(text, sizeof text, "%.2g", x);
  return text;
}

void print_measures(const ExactResult& result) {
  Table table({Table::Align::left, Table::Align::right, Table::Align::right, Table::Align::left});
  table.add({"measure", "exact", "error", ""});
  std::vector<const ExactMeasure*> without;
  std::string zeros;
  for (const ExactMeasure& m : result.measures) {
    if (m.value && *m.value == 0)
      zeros += " " + m.name;
    else if (m.value)
      table.add({m.name, value_text(m), short_number(m.error), m.certainty});
    else if (m.reason != "not asked of a chain")
      without.push_back(&m);
  }
  std::printf("%s", table.text(2).c_str());
  if (!zeros.empty()) std::printf("  zero:%s\n", zeros.c_str());
  std::string reason;
  for (const ExactMeasure* m : without) {
    if (m->reason != reason)
      std::printf("%s  no value, %s:\n   ", reason.empty() ? "" : "\n", m->reason.c_str());
    reason = m->reason;
    std::printf(" %s", m->name.c_str());
  }
  if (!without.empty()) std::printf("\n");
}

void print_parameters(const ExactResult& result) {
  if (result.parameters.empty()) return;
  Table table({Table::Align::left, Table::Align::right, Table::Align::right, Table::Align::right});
  table.add({"what matters to commit", "value", "slope", "1 % more of it"});
  std::string idle;
  for (const ParameterEffect& p : result.parameters) {
    if (std::abs(p.slope * p.value) < kNoEffect) {
      idle += " " + p.parameter;
      continue;
    }
    char value[32], slope[32];
    std::snprintf(value, sizeof value, "%.10g", p.value);
    std::snprintf(slope, sizeof slope, "%+.6g", p.slope);
    const std::string change = (p.slope < 0 ? "" : "+") + short_number(p.slope * p.value);
    table.add({p.parameter, value, slope, change + " points"});
  }
  std::printf("\n%s", table.text(2).c_str());
  if (!idle.empty()) std::printf("  does not matter:%s\n", idle.c_str());
}

/// What the column "error" means.
void print_error_note(const std::vector<Solved>& all) {
  const auto any = [&](bool scheduled) {
    return std::any_of(all.begin(), all.end(), [&](const Solved& s) {
      return s.result.solved && (s.result.mode.find("scheduled") != std::string::npos) == scheduled;
    });
  };
  if (any(false))
    std::printf("error: of the equations as solved, as a share of the value; 1e-16 is rounding\n");
  if (any(true)) std::printf("error, with scheduled switches: a bound on the absolute error\n");
}

void print_text(const std::vector<Solved>& all) {
  for (const Solved& s : all) {
    const ExactResult& r = s.result;
    std::printf("%s\n", s.use->label.c_str());
    if (r.approximation)
      std::printf(
          "  APPROXIMATION: constant time-outs are sums of %d exponential stages, another "
          "scenario\n",
          s.erlang);
    if (!r.solved) {
      for (const std::string& sentence : r.refusals)
        std::printf("  not solved: %s\n", sentence.c_str());
    } else {
      std::printf("  %s\n", r.mode.c_str());
      print_measures(r);
      print_parameters(r);
    }
    std::printf("\n");
    std::fflush(stdout);
    if (!r.solved) continue;
    std::fprintf(stderr,
                 "%s: %s states, %s transitions, %s components (the largest of %s states), built "
                 "in %.2f s, solved in %.2f s of CPU time\n",
                 s.use->label.c_str(), grouped(r.states).c_str(), grouped(r.transitions).c_str(),
                 grouped(r.components).c_str(), grouped(r.largest_component).c_str(),
                 r.build_seconds, r.solve_seconds);
  }
  print_error_note(all);
}

nlohmann::ordered_json json_of(const Solved& s) {
  const ExactResult& r = s.result;
  nlohmann::ordered_json out;
  out["label"] = s.use->label;
  out["protocol"] = s.use->protocol;
  out["solved"] = r.solved;
  out["refusals"] = r.refusals;
  out["incomplete"] = r.incomplete;
  if (!r.solved) return out;
  out["mode"] = r.mode;
  out["erlang"] = r.approximation ? nlohmann::ordered_json(s.erlang) : nullptr;
  out["states"] = r.states;
  out["transitions"] = r.transitions;
  out["components"] = r.components;
  out["largest_component"] = r.largest_component;
  constexpr std::array<const char*, 3> kKinds = {"proportion", "nanoseconds", "count"};
  for (const ExactMeasure& m : r.measures) {
    nlohmann::ordered_json& one = out["measures"][m.name];
    one["kind"] = kKinds[static_cast<std::size_t>(m.kind)];
    one["value"] = nullptr;
    if (m.value && std::isfinite(*m.value)) one["value"] = *m.value;
    if (m.value) one["error"] = m.error;
    if (!m.certainty.empty()) one["certainty"] = m.certainty;
    if (!m.reason.empty()) one["reason"] = m.reason;
  }
  out["parameters"] = nlohmann::ordered_json::array();
  for (const ParameterEffect& p : r.parameters)
    out["parameters"].push_back({{"name", p.parameter}, {"value", p.value}, {"slope", p.slope}});
  return out;
}

void print_json(const SolveCall& call, const std::vector<Solved>& all) {
  nlohmann::ordered_json document;
  document["indoubt"] = "solve";
  document["scenario"] = call.file;
  document["protocols"] = nlohmann::ordered_json::array();
  for (const Solved& s : all) document["protocols"].push_back(json_of(s));
  write_output(document.dump(2) + "\n");
}

int status_of(const std::vector<Solved>& all) {
  const auto solved = [](const Solved& s) { return s.result.solved; };
  if (std::all_of(all.begin(), all.end(), solved)) return kExitOk;
  const auto more = [](const Solved& s) { return s.result.solved || s.result.incomplete; };
  return std::any_of(all.begin(), all.end(), more) ? kExitIncomplete : kExitUsage;
}

int solve(const SolveCall& call) {
  const std::optional<ScenarioFile> file = load_or_explain(call.file);
  if (!file) return kExitUsage;
  const std::vector<Solved> all = solve_all(call, *file);
  if (call.json)
    print_json(call, all);
  else
    print_text(all);
  return status_of(all);
}

}  // namespace

int solve_command(const Arguments& arguments) {
  SolveCall call;
  const Usage usage{"solve", "FILE [options]",
                    "Builds the Markov chain of a scenario under each protocol and solves it: "
                    "exact values of what\na run measures, in the limit of a transaction that has "
                    "all the time it needs. Exit status 0: every protocol is solved; 3: some are, "
                    "others not, or a chain hit the bound of --states; 2: none is, and sentences "
                    "say what to change.",
                    "solve card_payment --by 50ms"};
  return with_call(usage, options_of(call), arguments, [&](const std::vector<std::string>& files) {
    if (files.size() != 1) throw CallError("one scenario file is wanted");
    call.file = files.front();
    return solve(call);
  });
}

}  // namespace indoubt
