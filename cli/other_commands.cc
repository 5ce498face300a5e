#include <cstdio>

#include <boost/program_options.hpp>
#include <nlohmann/json.hpp>

#include "cli/call.h"
#include "cli/scenario_files.h"
#include "cli/version.h"
#include "scenarios/reference.h"
#include "scenarios/schema.h"

namespace indoubt {

namespace po = boost::program_options;

int validate_command(const Arguments& arguments) {
  bool help = false;
  po::options_description options("Options");
  options.add_options()("help", po::bool_switch(&help), "this text");
  return with_call("validate", "indoubt validate FILE...\n\nChecks scenario files; runs nothing.",
                   options, arguments, help, [](const std::vector<std::string>& files) {
                     if (files.empty()) throw CallError("no scenario file is given");
                     int status = kExitOk;
                     for (const std::string& path : files) {
                       if (load_or_explain(path))
                         std::printf("%s: valid\n", path.c_str());
                       else
                         status = kExitUsage;
                     }
                     return status;
                   });
}

int schema_command(const Arguments& arguments) {
  if (!arguments.empty())
    return usage_error("",
                       "'indoubt schema' takes no arguments; it prints the JSON Schema (draft-07) "
                       "of scenario files");
  std::puts(schema().dump(2).c_str());
  return kExitOk;
}

int reference_command(const Arguments& arguments) {
  if (!arguments.empty())
    return usage_error("",
                       "'indoubt reference' takes no arguments; it prints the reference of "
                       "scenario files as Markdown");
  std::fputs(scenario_reference().c_str(), stdout);
  return kExitOk;
}

int version_command() {
  std::fputs(version_text().c_str(), stdout);
  return kExitOk;
}

int help_command(const Arguments&) {
  std::fputs(
      "indoubt: whether a distributed payment commits, simulated and compared with what formulas "
      "say\n"
      "\n"
      "  indoubt run FILE          simulate a scenario, compare with the models, judge what it "
      "expects\n"
      "  indoubt validate FILE...  check scenario files\n"
      "  indoubt list WHAT         protocols, models, latencies, measures or scenarios\n"
      "  indoubt schema            JSON Schema of scenario files, for editors\n"
      "  indoubt reference         everything a scenario file may say, as Markdown\n"
      "  indoubt --version         version, compiler, flags, libraries\n"
      "\n"
      "indoubt run --help tells its options. Start with: indoubt run "
      "scenarios/library/card_payment.yaml\n"
      "\n"
      "Exit status: 0 all expectations hold; 1 one fails; 2 the call or the scenario is wrong;\n"
      "3 undecided, more transactions are needed; 70 internal error; 130 interrupted.\n",
      stdout);
  return kExitOk;
}

}  // namespace indoubt
