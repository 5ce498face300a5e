#include "scenarios/yaml_tree.h"

#include <yaml-cpp/parser.h>

#include <sstream>
#include <utility>

#include "scenarios/yaml_builder.h"
#include "scenarios/yaml_syntax.h"

namespace indoubt {
namespace {

/// Whole lines of a source: all of it, or one top-level section.
struct Part {
  std::string key;  ///< of the section; empty for what precedes the first one
  std::string_view text;
  int lines_before = 0;
};

struct ReadPart {
  const Node* root = nullptr;
  bool ok = false;
};

ReadPart read_part(const Source& source, const Part& part, YamlTree& tree,
                   Diagnostics& diagnostics) {
  YamlBuilder builder(source, part.text, part.lines_before, tree, diagnostics);
  try {
    std::istringstream in{std::string(part.text)};
    YAML::Parser parser(in);
    while (parser.HandleNextDocument(builder)) {
    }
    return {builder.root(), true};
  } catch (const YAML::Exception& e) {
    SyntaxError error = explain(e, builder, source);
    diagnostics.add(source, error.place, 1, part.key, std::move(error.message));
  } catch (const StopReading&) {
    if (builder.is_complete()) return {builder.root(), true};
  }
  return {};
}

/// The key with which a top-level section begins in this line; empty if none does.
std::string_view section_key(std::string_view line) {
  std::size_t n = 0;
  const auto is_word = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  };
  while (n < line.size() && (is_word(line[n]) || (n > 0 && line[n] == '-'))) ++n;
  const std::size_t colon = line.find_first_not_of(' ', n);
  return colon != std::string_view::npos && line[colon] == ':' ? line.substr(0, n)
                                                               : std::string_view{};
}

std::vector<Part> sections_of(const Source& source) {
  std::vector<Part> parts{{"", source.text(), 0}};
  for (int line = 1; line <= source.lines(); ++line) {
    const std::string_view key = section_key(source.line(line));
    if (key.empty()) continue;
    const std::string_view rest = source.from({line, 1});
    parts.back().text.remove_suffix(rest.size());
    parts.push_back({std::string(key), rest, line - 1});
  }
  return parts;
}

std::string not_a_section(const Part& part, const Node& root) {
  const std::size_t after = part.key.size();
  const bool glued = root.kind == Node::Kind::scalar && part.text.substr(after, 1) == ":";
  if (glued && !part.key.empty())
    return "a space is missing after the colon; write `" + part.key + ": ...`";
  return "found " + described(root) + " where a line like `key: value` was expected";
}

/// Reads each section by itself; false if none of them is at fault.
bool read_sections(const Source& source, YamlTree& tree, Diagnostics& diagnostics) {
  Node& root = tree.nodes.emplace_back();
  root.kind = Node::Kind::mapping;
  root.place = {1, 1};
  bool found_fault = false;
  for (const Part& part : sections_of(source)) {
    const ReadPart read = read_part(source, part, tree, diagnostics);
    const bool empty = read.root == nullptr || read.root->kind == Node::Kind::null;
    if (read.ok && empty) continue;
    if (read.ok && read.root->kind == Node::Kind::mapping) {
      root.entries.insert(root.entries.end(), read.root->entries.begin(), read.root->entries.end());
      continue;
    }
    if (read.ok)
      diagnostics.add(source, read.root->place, 1, part.key, not_a_section(part, *read.root));
    found_fault = true;
    tree.broken_keys.push_back(part.key);
  }
  tree.root = &root;
  return found_fault;
}

/// Sections were read by themselves, so a key repeated among them has not been noticed.
void find_repeated_keys(std::vector<Entry>& entries) {
  std::map<std::string_view, int> lines;
  for (Entry& e : entries) {
    const auto [first, is_new] = lines.try_emplace(e.key, e.place.line);
    if (!is_new) e.first_line = first->second;
  }
}

}  // namespace

std::string path_of(const Node& node) {
  constexpr std::size_t kMost = 100;
  std::string path;
  for (const Node* n = &node; n != nullptr; n = n->parent) {
    const bool dot = !path.empty() && path.front() != '[' && !n->label.empty();
    path = shown(n->label) + (dot ? "." : "") + path;
    if (path.size() > kMost) return "..." + path.substr(path.size() - kMost);
  }
  return path;
}

std::string described(const Node& node) {
  switch (node.kind) {
    case Node::Kind::scalar: return in_quotes(node.text);
    case Node::Kind::sequence: return "a list";
    case Node::Kind::mapping: return "a mapping";
    default: return "nothing";
  }
}

YamlTree read_yaml(const Source& source, Diagnostics& diagnostics) {
  YamlTree tree;
  Diagnostics whole(source.name());
  const ReadPart read = read_part(source, {"", source.text(), 0}, tree, whole);
  if (read.ok) {
    tree.root = read.root;
    diagnostics.append(std::move(whole));
    return tree;
  }
  YamlTree parts;
  Diagnostics of_parts(source.name());
  const bool at_fault = read_sections(source, parts, of_parts);
  diagnostics.append(std::move(at_fault ? of_parts : whole));
  if (!at_fault) return {};
  find_repeated_keys(parts.nodes.front().entries);
  return parts;
}

}  // namespace indoubt
