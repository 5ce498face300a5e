#pragma once
#include <string>

namespace indoubt {

/// What a call of the command printed, and how it ended.
struct Called {
  int status = -1;
  std::string out, err;
};

/// Calls the built command through the shell, from the top of the project; stdout and stderr are no
/// terminals.
Called call_indoubt(const std::string& arguments);

/// The same from another working directory.
Called call_indoubt_in(const std::string& directory, const std::string& arguments);

/// A file with this text in the test's temporary directory; its path.
std::string temporary_file(const std::string& name, const std::string& text);

}  // namespace indoubt
