#pragma once
// One function for each subcommand: arguments without the command's own name, exit status back.
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace indoubt {

/// Exit statuses beside those of a run (RunStatus).
inline constexpr int kExitOk = 0, kExitUsage = 2, kExitInternal = 70;

/// The result cannot be written; the text says why.
class WriteError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Writes `text` to stdout after what waits there, and waits until it is out. Throws WriteError.
void write_output(std::string_view text);

/// How the command was called, for hints that can be pasted.
const char* program_name();

using Arguments = std::vector<std::string>;

struct Command {
  std::string_view name;
  std::string_view form;     ///< "run FILE"
  std::string_view summary;  ///< one line, for the list of commands
  int (*act)(const Arguments&);
};

/// All commands, in the order in which help lists them.
std::span<const Command> command_catalogue();
/// Null if there is no such command.
const Command* find_command(std::string_view name);
/// Prints that there is no such command and which one may be meant; returns kExitUsage.
int unknown_command(const std::string& name);

/// What `indoubt help` prints.
std::string help_text();

int run_command(const Arguments& arguments);
int verdicts_command(const Arguments& arguments);
int explore_command(const Arguments& arguments);
int verdict_command(const Arguments& arguments);
int solve_command(const Arguments& arguments);
int points_command(const Arguments& arguments);
int trace_command(const Arguments& arguments);
int mistakes_command(const Arguments& arguments);
int list_command(const Arguments& arguments);
int validate_command(const Arguments& arguments);
int schema_command(const Arguments& arguments);
int reference_command(const Arguments& arguments);
int help_command(const Arguments& arguments);
int version_command(const Arguments& arguments);

/// Prints to stderr what is wrong with the call and how to learn more; returns kExitUsage.
int usage_error(const std::string& command, const std::string& what);

}  // namespace indoubt
