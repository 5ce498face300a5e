#pragma once
// One function for each subcommand: arguments without the command's own name, exit status back.
#include <string>
#include <vector>

namespace indoubt {

/// Exit statuses beside those of a run (RunStatus).
inline constexpr int kExitOk = 0, kExitUsage = 2, kExitInternal = 70;

/// How the command was called, for hints that can be pasted.
const char* program_name();

using Arguments = std::vector<std::string>;

int run_command(const Arguments& arguments);
int list_command(const Arguments& arguments);
int validate_command(const Arguments& arguments);
int schema_command(const Arguments& arguments);
int reference_command(const Arguments& arguments);
int help_command(const Arguments& arguments);
int version_command();

/// Prints to stderr what is wrong with the call and how to learn more; returns kExitUsage.
int usage_error(const std::string& command, const std::string& what);

}  // namespace indoubt
