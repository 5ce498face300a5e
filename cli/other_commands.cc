#include <cstdio>

#include <nlohmann/json.hpp>

#include "cli/call.h"
#include "cli/scenario_files.h"
#include "cli/table.h"
#include "cli/version.h"
#include "scenarios/reference.h"
#include "scenarios/schema.h"

namespace indoubt {
std::string help_text() {
  Table commands({Table::Align::left, Table::Align::left});
  for (const Command& c : command_catalogue())
    commands.add({"indoubt " + std::string(c.form), std::string(c.summary)});
  return "indoubt: whether a distributed payment commits, simulated and compared with what "
         "formulas "
         "say\n\n" +
         commands.text(2) +
         "\n"
         "indoubt help COMMAND tells its options. Start with: indoubt run card_payment\n"
         "\n"
         "Exit status: 0 all expectations hold; 1 one fails; 2 the call or the scenario is wrong;\n"
         "3 undecided, more transactions are needed; 70 internal error or a result that\n"
         "cannot be written; 130 interrupted.\n";
}

int validate_command(const Arguments& arguments) {
  const Usage usage{"validate", "FILE...",
                    "Checks scenario files, or scenarios of the library; runs nothing.",
                    "validate card_payment mine.yaml"};
  return with_call(usage, {}, arguments, [](const std::vector<std::string>& files) {
    if (files.empty()) throw CallError("no scenario file is given");
    int status = kExitOk;
    for (const std::string& path : files) {
      if (load_or_explain(path, ""))
        std::printf("%s: valid\n", path.c_str());
      else
        status = kExitUsage;
    }
    return status;
  });
}

int schema_command(const Arguments& arguments) {
  const Usage usage{"schema", "",
                    "Prints the JSON Schema (draft-07) of scenario files, for editors.",
                    "schema > scenario.schema.json"};
  return without_arguments(usage, arguments, [] {
    write_output(schema().dump(2) + "\n");
    return kExitOk;
  });
}

int reference_command(const Arguments& arguments) {
  const Usage usage{"reference", "", "Prints everything that a scenario file may say, as Markdown.",
                    "reference > scenario.md"};
  return without_arguments(usage, arguments, [] {
    write_output(scenario_reference());
    return kExitOk;
  });
}

int version_command(const Arguments& arguments) {
  const Usage usage{"version", "", "Prints the version, the compiler, its flags and the libraries.",
                    "--version"};
  return without_arguments(usage, arguments, [] {
    std::fputs(version_text().c_str(), stdout);
    return kExitOk;
  });
}

int help_command(const Arguments& arguments) {
  const Usage usage{"help", "[COMMAND]", "Lists the commands, or tells the options of one.",
                    "help run"};
  return with_call(usage, {}, arguments, [&](const std::vector<std::string>& words) {
    if (words.empty()) {
      std::fputs(help_text().c_str(), stdout);
      return kExitOk;
    }
    if (words.size() > 1) throw CallError("takes one command at most");
    const Command* command = find_command(words.front());
    return command == nullptr ? unknown_command(words.front()) : command->act({"--help"});
  });
}

}  // namespace indoubt
