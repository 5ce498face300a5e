#include "cli/scenario_files.h"

#include <cstdio>

#include "cli/library.h"
#include "scenarios/text_file.h"

namespace indoubt {
namespace {

LoadResult load_stdin() {
  std::string text(kMostFileBytes + 1, '\0');
  text.resize(std::fread(text.data(), 1, text.size(), stdin));
  return load_scenario_text(std::move(text), "stdin");
}

/// The file is not there at all.
void explain_missing(const std::string& given, const std::string& hint) {
  if (given.empty())
    std::fprintf(stderr,
                 "indoubt: the name of a scenario is expected, and an empty one is given\n");
  else
    std::fprintf(stderr, "indoubt: %s: no such file%s\n", given.c_str(), hint.c_str());
}

}  // namespace

std::optional<ScenarioFile> load_or_explain(const std::string& given,
                                            std::string_view consequence) {
  const std::string path = scenario_path(given);
  const std::string hint = given == "-" ? "" : library_hint(path);
  if (!hint.empty()) {
    explain_missing(given, hint);
    return std::nullopt;
  }
  LoadResult loaded = given == "-" ? load_stdin() : load_scenario_file(path);
  for (const Diagnostic& d : loaded.errors) std::fputs(text(d).c_str(), stderr);
  for (const Diagnostic& d : loaded.notes) std::fputs(("note: " + text(d)).c_str(), stderr);
  if (loaded.file) {
    loaded.file->path = given;
    return std::move(loaded.file);
  }
  const std::size_t n = loaded.errors.size();
  std::fprintf(stderr, "%zu error%s in %s%s\n", n, n == 1 ? "" : "s", given.c_str(),
               std::string(consequence).c_str());
  return std::nullopt;
}

}  // namespace indoubt
