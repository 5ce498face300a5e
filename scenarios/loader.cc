#include "scenarios/loader.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <utility>

#include "scenarios/checks.h"
#include "scenarios/fields.h"
#include "scenarios/point_checks.h"
#include "scenarios/reader.h"
#include "scenarios/text_file.h"
#include "scenarios/utf8.h"
#include "scenarios/yaml_tree.h"

namespace indoubt {
namespace {

/// Keys of a service that checks of keys together do not look at.
constexpr std::string_view kHarmlessToChecks[] = {"vote_yes", "prepare", "read_only", "exclusive"};

std::string unreadable_byte(std::string_view text, std::size_t at) {
  std::array<char, 8> hex{};
  std::snprintf(hex.data(), hex.size(), "0x%02X", static_cast<unsigned char>(text[at]));
  const bool control = static_cast<unsigned char>(text[at]) < 0x80;
  return "the byte " + std::string(hex.data()) +
         (control ? " is a control character, which a scenario may not hold"
                  : " is not UTF-8; save the file in that encoding");
}

/// Whether the text can be given to the YAML reader at all.
bool is_text(const Source& source, Diagnostics& errors) {
  if (source.text().size() > kMostFileBytes) {
    errors.add_whole(source.name(), "is larger than 1 MiB, the most that is read");
    return false;
  }
  const auto bad = first_unreadable(source.text());
  if (!bad) return true;
  errors.add(source, source.place_of(*bad), 1, {}, unreadable_byte(source.text(), *bad));
  return false;
}

/// A check of keys together, and the top-level keys that it looks at.
struct Check {
  void (*run)(Reader&);
  std::array<std::string_view, 4> needs;
};

/// Each may rely on what those before it have found right: their errors are about their first key.
constexpr Check kChecks[] = {
    {&check_client, {"client", "transactions"}},
    {&check_exploration, {"explore"}},
    {&check_protocols, {"protocols", "services", "coordinator"}},
    {&check_rounds, {"protocols", "services", "coordinator", "timeouts"}},
    {&check_points, {"protocols", "services", "coordinator", "zones"}},
};

/// A check runs as soon as what it needs is right, whatever is wrong elsewhere.
bool can_run(const Check& check, const Reader& reader) {
  return std::all_of(check.needs.begin(), check.needs.end(), [&](std::string_view key) {
    return key.empty() || reader.is_sound(key, kHarmlessToChecks);
  });
}

void read_file(const Source& source, const YamlTree& tree, LoadResult& result,
               Diagnostics& errors) {
  Diagnostics notes(source.name());
  ScenarioFile file;
  file.path = source.name();
  Reader reader(source, tree, file, errors, notes);
  if (tree.root->kind == Node::Kind::null)
    errors.add_whole(source.name(), "is empty; a scenario begins with `indoubt: 1`");
  else
    read_section(reader, *tree.root, kScenarioSection, &file.scenario);
  for (const Check& check : kChecks)
    if (can_run(check, reader)) check.run(reader);
  if (errors.empty()) {
    check_together(reader);
    file.written_count = file.scenario.transactions.count;
    result.file = std::move(file);
  }
  result.notes = notes.take();
}

}  // namespace

LoadResult load_scenario_text(std::string text, std::string name) {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  if (text.compare(0, kByteOrderMark.size(), kByteOrderMark) == 0)
    text.erase(0, kByteOrderMark.size());
  const Source source(std::move(name), std::move(text));
  Diagnostics errors(source.name());
  LoadResult result;
  if (is_text(source, errors)) {
    const YamlTree tree = read_yaml(source, errors);
    if (tree.root != nullptr)
      read_file(source, tree, result, errors);
    else if (errors.empty())
      errors.add_whole(source.name(), "is empty; a scenario begins with `indoubt: 1`");
  }
  result.errors = errors.take();
  return result;
}

LoadResult load_scenario_file(const std::string& path) {
  TextFile file = read_text_file(path);
  if (file.text) return load_scenario_text(std::move(*file.text), path);
  Diagnostics errors(path);
  errors.add_whole(path, std::move(file.error));
  return {{}, errors.take(), {}};
}

}  // namespace indoubt
