#include <algorithm>
#include <array>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <optional>

#include "analysis/explore/explorer.h"
#include "cli/branches_report.h"
#include "cli/call.h"
#include "cli/emit.h"
#include "cli/explore_report.h"
#include "cli/format.h"
#include "cli/interrupts.h"
#include "cli/scenario_files.h"
#include "cli/terminal.h"
#include "scenarios/runner.h"

namespace indoubt {
namespace {

constexpr int kExitFails = 1, kExitIncomplete = 3, kExitInterrupted = 130;

struct ExploreCall {
  std::string file, protocol, faults;
  std::string crashes, losses, duplications, partitions, timeouts, rounds, timing, votes;
  std::string memory = "4", states, seconds, threads = "2", emit;
  bool no_recoveries = false, json = false, no_traces = false, first = false;
};

int count_or_any(const std::string& option, const std::string& text) {
  if (text == "any") return Exploration::kAny;
  return static_cast<int>(whole_number(option, text, 0, 100));
}

void override_budget(const ExploreCall& call, Exploration& e) {
  const auto fault = [](const char* option, const std::string& text, int& budget) {
    if (!text.empty()) budget = static_cast<int>(whole_number(option, text, 0, 100));
  };
  fault("crashes", call.crashes, e.crashes);
  fault("partitions", call.partitions, e.partitions);
  if (!call.losses.empty()) e.losses = count_or_any("losses", call.losses);
  if (!call.duplications.empty()) e.duplications = count_or_any("duplications", call.duplications);
  if (!call.timeouts.empty()) e.timeouts = count_or_any("timeouts", call.timeouts);
  if (!call.rounds.empty())
    e.rounds = static_cast<std::uint32_t>(whole_number("rounds", call.rounds, 1, 100));
  if (call.no_recoveries) e.recoveries = false;
  constexpr std::array<std::string_view, 3> kTimings = {"asynchronous", "bounded", "timed"};
  if (!call.timing.empty()) e.timing = static_cast<Timing>(one_of("timing", call.timing, kTimings));
  constexpr std::array<std::string_view, 2> kVotes = {"scenario", "free"};
  if (!call.votes.empty()) e.free_votes = one_of("votes", call.votes, kVotes) == 1;
}

ExplorerOptions options_of(const ExploreCall& call, ExploreProgress& progress,
                           const Interrupts& interrupts) {
  ExplorerOptions options;
  options.bounds.memory_bytes = whole_number("memory", call.memory, 1, 4096) << 30;
  if (!call.states.empty())
    options.bounds.states = whole_number("states", call.states, 1, UINT64_MAX);
  if (!call.seconds.empty())
    options.bounds.seconds =
        static_cast<double>(whole_number("seconds", call.seconds, 1, 1'000'000));
  options.bounds.threads = static_cast<int>(whole_number("threads", call.threads, 1, 64));
  options.stop_at_violation = call.first;
  options.traces = !call.no_traces;
  options.progress = [&progress, &interrupts](const SearchProgress& at) {
    progress.show(at);
    return !interrupts.noted();
  };
  return options;
}

int status_of(const ExploreReport& report) {
  if (!report.problems.empty()) return kExitUsage;
  int status = report.search.stop == Stop::interrupted ? kExitInterrupted : kExitOk;
  for (const Answer& a : report.answers) {
    if (a.status() == Answer::Status::fails) status = graver(status, kExitFails);
    if (a.status() == Answer::Status::incomplete) status = graver(status, kExitIncomplete);
  }
  return status;
}

/// The number of protocols that the call is about. Throws CallError.
std::size_t protocols_meant(const ExploreCall& call, const Scenario& scenario) {
  if (call.protocol.empty()) return scenario.protocols.size();
  for (const ProtocolUse& use : scenario.protocols)
    if (use.label == call.protocol) return 1;
  throw CallError("--protocol: the scenario runs no '" + call.protocol + "'");
}

/// Options that say what is tried where the scenario's own faults are not.
void refuse_budget_beside_faults(const ExploreCall& call) {
  const auto refuse = [](const char* option) {
    throw CallError(std::string("--") + option +
                    ": with the scenario's own faults, what can happen is what the file says");
  };
  const std::array<std::pair<const char*, const std::string*>, 9> kBudget = {
      {{"crashes", &call.crashes},
       {"losses", &call.losses},
       {"duplications", &call.duplications},
       {"partitions", &call.partitions},
       {"timeouts", &call.timeouts},
       {"rounds", &call.rounds},
       {"timing", &call.timing},
       {"votes", &call.votes},
       {"emit-scenario", &call.emit}}};
  for (const auto& [option, text] : kBudget)
    if (!text->empty()) refuse(option);
  if (call.no_recoveries) refuse("no-recoveries");
  const auto no_part = [](const char* option) {
    throw CallError(std::string("--") + option +
                    " plays no part with the scenario's own faults; --states bounds the worlds");
  };
  if (call.first) no_part("first");
  if (!call.seconds.empty()) no_part("seconds");
  if (call.threads != ExploreCall{}.threads) no_part("threads");
  if (call.memory != ExploreCall{}.memory) no_part("memory");
}

int status_of(const std::variant<markov::Branches, markov::Refusals>& found) {
  if (const auto* refusals = std::get_if<markov::Refusals>(&found))
    return refusals->cause == markov::Refusals::Cause::too_large ? kExitIncomplete : kExitUsage;
  for (const Answer& a : answers_of(std::get<markov::Branches>(found)))
    if (a.status() == Answer::Status::fails) return kExitFails;
  return kExitOk;
}

/// The scenario's own faults and random choices as branches.
int explore_branches(const ExploreCall& call, const Scenario& scenario) {
  refuse_budget_beside_faults(call);
  constexpr std::uint64_t kMostWorlds = 2'000'000;
  const std::uint64_t most =
      call.states.empty() ? kMostWorlds : whole_number("states", call.states, 1, UINT32_MAX);
  const std::vector<AskedProperty> asked = scenario.exploration.properties.empty()
                                               ? standard_properties()
                                               : scenario.exploration.properties;
  int status = kExitOk;
  nlohmann::ordered_json document = {{"indoubt", "explore"}, {"title", scenario.title}};
  if (!call.json && !scenario.title.empty()) std::printf("%s\n", scenario.title.c_str());
  for (const ProtocolUse& use : scenario.protocols) {
    if (!call.protocol.empty() && use.label != call.protocol) continue;
    const Machine machine = machine_for_use(use, scenario);
    const auto found = markov::branches_of(scenario, machine, asked, most);
    if (call.json)
      document["protocols"].push_back(
          branches_json(found, scenario, machine, use.label, !call.no_traces));
    else
      write_output(branches_text(found, scenario, machine, use.label, !call.no_traces));
    status = graver(status, status_of(found));
  }
  if (call.json) write_output(document.dump(2) + "\n");
  return status;
}

/// What a reader of the report could take for granted, and is not so.
std::string remarks_on(const Scenario& scenario, const Machine& machine,
                       const ExploreReport& report) {
  std::string out;
  const bool any_timer =
      std::any_of(machine.timers.begin(), machine.timers.end(),
                  [&](std::string_view k) { return scenario.timeout(k).has_value(); });
  if (!machine.timers.empty() && !any_timer)
    out +=
        "note: no time-out has a length: nobody ever gives up waiting; give some under "
        "`timeouts`\n";
  const bool names_blocked = std::any_of(report.answers.begin(), report.answers.end(),
                                         [](const Answer& a) { return !a.blocked.empty(); });
  if (names_blocked)
    out += "beside ever_blocked and blocked_at_end: who can be blocked, each in some world\n";
  return out.empty() ? out : "\n" + out;
}

void note_faults(const Scenario& scenario) {
  if (scenario.faults.empty()) return;
  std::printf(
      "note: the file's `faults` play no part in an exploration; --crashes, --losses, "
      "--duplications and --partitions, or an `explore` block, give it a budget; --faults scenario "
      "explores them\n");
}

int explore_file(const ExploreCall& call) {
  std::optional<ScenarioFile> file = load_or_explain(call.file);
  if (!file) return kExitUsage;
  const Scenario& scenario = file->scenario;
  std::optional<EmissionTarget> target;
  const std::size_t meant = protocols_meant(call, scenario);
  constexpr std::array<std::string_view, 2> kFaults = {"budget", "scenario"};
  if (call.faults.empty() ? scenario.exploration.faults_of_scenario
                          : one_of("faults", call.faults, kFaults) == 1)
    return explore_branches(call, scenario);
  if (!call.emit.empty())
    target = emission_target(call.emit, meant, scenario.exploration.properties);
  Exploration budget = scenario.exploration;
  override_budget(call, budget);
  ExploreProgress progress;
  const Interrupts interrupts;
  const ExplorerOptions options = options_of(call, progress, interrupts);
  int status = kExitOk;
  nlohmann::ordered_json document = {{"indoubt", "explore"}, {"title", scenario.title}};
  if (!call.json && !scenario.title.empty()) std::printf("%s\n", scenario.title.c_str());
  if (!call.json) note_faults(scenario);
  for (const ProtocolUse& use : scenario.protocols) {
    if (!call.protocol.empty() && use.label != call.protocol) continue;
    const Machine machine = machine_for_use(use, scenario);
    progress.begin(use.label);
    const ExploreReport report = explore(scenario, budget, machine, scenario.predicates, options);
    progress.end();
    if (call.json)
      document["protocols"].push_back(explore_json(report, scenario, machine, use.label));
    else
      write_output(explore_text(report, scenario, machine, use.label) +
                   remarks_on(scenario, machine, report));
    status = graver(status, status_of(report));
    if (target && report.problems.empty() && !emit(*target, *file, use, machine, report))
      status = kExitIncomplete;
    if (interrupts.noted()) break;
  }
  if (call.json) write_output(document.dump(2) + "\n");
  return status;
}

}  // namespace

int explore_command(const Arguments& arguments) {
  namespace po = boost::program_options;
  const Usage usage{"explore", "FILE [options]",
                    "Visits every run of one transaction within a budget of faults: the file's "
                    "`explore` block, or the options here. Prints what holds, what does not and "
                    "the shortest way to it. Exit status 0: all properties hold; 1: one does not; "
                    "3: incomplete, a bound was hit, or no scenario could be emitted; 130: "
                    "interrupted before anything was found not to hold.",
                    "explore coordinator_dies --protocol 2pc --crashes 1 --votes free"};
  ExploreCall call;
  po::options_description options;
  const auto add = [&](const char* name, std::string& to, const char* value, const char* doc) {
    options.add_options()(name, po::value(&to)->value_name(value), doc);
  };
  add("protocol", call.protocol, "NAME", "only this one of the scenario's protocols");
  add("faults", call.faults, "F",
      "budget, or scenario: the file's own faults, every random choice a branch");
  add("timing", call.timing, "T", "asynchronous, bounded or timed");
  add("votes", call.votes, "V", "scenario or free");
  add("crashes", call.crashes, "N", "sites that crash");
  add("losses", call.losses, "N", "messages that get lost, or any");
  add("duplications", call.duplications, "N", "messages that arrive twice, or any");
  add("partitions", call.partitions, "N", "times that the network parts");
  add("timeouts", call.timeouts, "N", "time-outs of each process, or any");
  add("rounds", call.rounds, "N", "ballots or elections that are followed");
  options.add_options()("no-recoveries", po::bool_switch(&call.no_recoveries),
                        "sites that are down stay down");
  options.add_options()("first", po::bool_switch(&call.first), "stop at the first violation");
  options.add_options()("no-traces", po::bool_switch(&call.no_traces), "verdicts only");
  add("emit-scenario", call.emit, "PROPERTY=FILE",
      "write the shortest way to a property as a scenario that runs into it");
  add("memory", call.memory, "GIB", "most memory (4)");
  add("states", call.states, "N", "most worlds");
  add("seconds", call.seconds, "S", "most time, for each protocol");
  add("threads", call.threads, "N", "threads (2); the result does not depend on them");
  options.add_options()("json", po::bool_switch(&call.json), "print one JSON document");
  return with_call(usage, options, arguments, [&](const std::vector<std::string>& files) {
    if (files.size() != 1) throw CallError("one scenario file is wanted");
    call.file = files.front();
    return explore_file(call);
  });
}

}  // namespace indoubt
