#include "cli/scenario_files.h"

#include <cstdio>

#include "cli/library.h"

namespace indoubt {

std::optional<ScenarioFile> load_or_explain(const std::string& given) {
  const std::string path = scenario_path(given);
  LoadResult loaded = load_scenario_file(path);
  const std::string hint = loaded.file ? "" : library_hint(path);
  if (!hint.empty() && !loaded.errors.empty()) loaded.errors.front().message += hint;
  for (const Diagnostic& d : loaded.errors) std::fputs(text(d).c_str(), stderr);
  for (const Diagnostic& d : loaded.notes) std::fputs(("note: " + text(d)).c_str(), stderr);
  if (loaded.file) {
    loaded.file->path = given;
    return std::move(loaded.file);
  }
  const std::size_t n = loaded.errors.size();
  std::fprintf(stderr, "%zu error%s in %s; nothing was run\n", n, n == 1 ? "" : "s", given.c_str());
  return std::nullopt;
}

}  // namespace indoubt
