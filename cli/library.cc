#include "cli/library.h"

#include <algorithm>
#include <filesystem>

#include "scenarios/suggestion.h"

namespace indoubt {
namespace {

namespace fs = std::filesystem;

/// Beside the program, wherever it is called from; as seen from here where that is shorter.
fs::path beside_program() {
  std::error_code error;
  const fs::path program = fs::read_symlink("/proc/self/exe", error);
  const fs::path library = fs::weakly_canonical(program.parent_path() / INDOUBT_LIBRARY, error);
  if (error || !fs::is_directory(library, error)) return {};
  const fs::path from_here = fs::proximate(library, error);
  return !error && from_here.native().size() < library.native().size() ? from_here : library;
}

bool exists(const std::string& file) {
  std::error_code error;
  return fs::exists(file, error);
}

/// A directory is none: one that is called like a scenario does not hide it.
bool is_file(const std::string& file) {
  std::error_code error;
  return fs::exists(file, error) && !fs::is_directory(file, error);
}

}  // namespace

std::string library_place() {
  const fs::path beside = beside_program();
  return (beside.empty() ? fs::path("scenarios/library") : beside).generic_string();
}

std::vector<LibraryScenario> library_scenarios() {
  std::error_code error;
  std::vector<LibraryScenario> found;
  for (const auto& entry : fs::recursive_directory_iterator(library_place(), error))
    if (entry.path().extension() == ".yaml")
      found.push_back(
          {entry.path().stem().string(), entry.path().lexically_normal().generic_string()});
  std::sort(found.begin(), found.end(),
            [](const LibraryScenario& a, const LibraryScenario& b) { return a.path < b.path; });
  return found;
}

std::string scenario_path(const std::string& file) {
  const fs::path given(file);
  if (given.has_parent_path() || is_file(file)) return file;
  for (const LibraryScenario& s : library_scenarios())
    if (file == s.name || file == s.name + ".yaml") return s.path;
  return file;
}

bool is_library_name(std::string_view word) {
  for (const LibraryScenario& s : library_scenarios())
    if (word == s.name) return true;
  return false;
}

std::string library_hint(const std::string& file) {
  if (exists(file)) return "";
  const std::vector<LibraryScenario> library = library_scenarios();
  const std::vector<std::string_view> names = [&] {
    std::vector<std::string_view> list;
    for (const LibraryScenario& s : library) list.push_back(s.name);
    return list;
  }();
  const std::string stem = fs::path(file).stem().string();
  const std::string_view meant = nearest(stem, names);
  std::string out;
  if (!meant.empty()) out = "; did you mean " + std::string(meant) + "?";
  return out + (out.empty() ? "; " : " ") + "the library: indoubt list scenarios";
}

}  // namespace indoubt
