#include <cstdio>
#include <exception>
#include <string>

#include "cli/commands.h"
#include "sim/engine/simulation.h"

namespace {

const char* called_as = "indoubt";

int dispatch(const std::string& command, const indoubt::Arguments& rest) {
  using namespace indoubt;
  if (command == "run") return run_command(rest);
  if (command == "list") return list_command(rest);
  if (command == "validate") return validate_command(rest);
  if (command == "schema") return schema_command(rest);
  if (command == "reference") return reference_command(rest);
  if (command == "help" || command == "--help" || command == "-h") return help_command(rest);
  if (command == "--version" || command == "version") return version_command();
  return usage_error("", "there is no command '" + command + "'");
}

}  // namespace

const char* indoubt::program_name() { return called_as; }

int main(int argc, char** argv) {
  if (argc > 0) called_as = argv[0];
  try {
    if (argc < 2) {
      indoubt::help_command({});
      return indoubt::kExitUsage;
    }
    return dispatch(argv[1], indoubt::Arguments(argv + 2, argv + argc));
  } catch (const indoubt::CapacityExceeded& e) {  // the scenario asks for too much
    std::fprintf(stderr, "indoubt: %s\n", e.what());
    return indoubt::kExitUsage;
  } catch (const std::exception& e) {
    std::fprintf(stderr, "indoubt: internal error: %s\n", e.what());
  } catch (...) {
    std::fprintf(stderr, "indoubt: internal error\n");
  }
  return indoubt::kExitInternal;
}
