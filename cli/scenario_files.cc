#include "cli/scenario_files.h"

#include <cstdio>

namespace indoubt {

std::optional<ScenarioFile> load_or_explain(const std::string& path) {
  LoadResult loaded = load_scenario_file(path);
  for (const Diagnostic& d : loaded.errors) std::fputs(text(d).c_str(), stderr);
  for (const Diagnostic& d : loaded.notes) std::fputs(("note: " + text(d)).c_str(), stderr);
  if (loaded.file) return std::move(loaded.file);
  const std::size_t n = loaded.errors.size();
  std::fprintf(stderr, "%zu error%s in %s; nothing was run\n", n, n == 1 ? "" : "s", path.c_str());
  return std::nullopt;
}

}  // namespace indoubt
