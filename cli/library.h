#pragma once
// The scenarios that come with indoubt.
#include <string>
#include <string_view>
#include <vector>

namespace indoubt {

struct LibraryScenario {
  std::string name;  ///< "card_payment"
  std::string path;  ///< opens it from the working directory
};

/// Sorted by path; empty if there is no library.
std::vector<LibraryScenario> library_scenarios();

/// The directory of the library, beside the program's sources or else under the working directory.
std::string library_place();

/// What `file` stands for: the scenario of the library with that name if there is no such file (a
/// directory is none), or else `file` itself.
std::string scenario_path(const std::string& file);

/// Whether a scenario of the library is called so.
bool is_library_name(std::string_view word);

/// "; did you mean card_payment?" and how to see the library, for a file that does not exist.
std::string library_hint(const std::string& file);

}  // namespace indoubt
