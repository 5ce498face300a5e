#include <array>

#include "cli/commands.h"
#include "cli/library.h"
#include "scenarios/suggestion.h"

namespace indoubt {
namespace {

constexpr std::array<Command, 14> kCommands = {{
    {"run", "run FILE", "simulate a scenario, compare with the models, judge what it expects",
     &run_command},
    {"explore", "explore FILE",
     "visit every run within a budget of faults: what holds, what breaks", &explore_command},
    {"verdicts", "verdicts", "what holds of every protocol under which kind of trouble",
     &verdicts_command},
    {"solve", "solve FILE", "build a scenario's Markov chain and solve it: exact values",
     &solve_command},
    {"verdict", "verdict FILE",
     "formula, chain, simulation and exploration of a scenario: do they agree", &verdict_command},
    {"trace", "trace FILE", "print what happens in one transaction, event by event",
     &trace_command},
    {"points", "points PROTOCOL", "the points of a protocol at which faults can strike",
     &points_command},
    {"mistakes", "mistakes", "run every known-bad variant on the scenario that shows it",
     &mistakes_command},
    {"validate", "validate FILE...", "check scenario files", &validate_command},
    {"list", "list WHAT", "protocols, models, latencies, measures, scenarios or mistakes",
     &list_command},
    {"schema", "schema", "JSON Schema of scenario files, for editors", &schema_command},
    {"reference", "reference", "everything a scenario file may say, as Markdown",
     &reference_command},
    {"version", "version", "version, compiler, flags, libraries", &version_command},
    {"help", "help [COMMAND]", "this text, or the options of a command", &help_command},
}};

bool is_scenario_name(std::string_view word) {
  constexpr std::string_view kEnd = ".yaml";
  if (word.size() > kEnd.size() && word.substr(word.size() - kEnd.size()) == kEnd) return true;
  return is_library_name(word);
}

int unknown_option(const std::string& name) {
  constexpr std::array<std::string_view, 2> kOptions = {"--help", "--version"};
  return usage_error("", "there is no option '" + name + "'" +
                             choices(name, "without a command there are", kOptions));
}

}  // namespace

std::span<const Command> command_catalogue() { return kCommands; }

const Command* find_command(std::string_view name) {
  for (const Command& c : kCommands)
    if (c.name == name) return &c;
  return nullptr;
}

int unknown_command(const std::string& name) {
  std::vector<std::string_view> names;
  for (const Command& c : kCommands) names.push_back(c.name);
  if (name.substr(0, 1) == "-") return unknown_option(name);
  const std::string hint = is_scenario_name(name) ? "; did you mean: indoubt run " + name
                                                  : choices(name, "commands", names);
  return usage_error("", "there is no command '" + name + "'" + hint);
}

}  // namespace indoubt
