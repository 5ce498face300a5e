#include "scenarios/reader.h"

#include <algorithm>
#include <utility>

#include "scenarios/utf8.h"

namespace indoubt {
namespace {

std::string joined(const Node& mapping, std::string_view key) {
  const std::string path = path_of(mapping);
  return path.empty() ? shown(key) : path + "." + shown(key);
}

/// Whether `path` is `outer` or below it.
bool is_within(std::string_view path, std::string_view outer) {
  return path.substr(0, outer.size()) == outer &&
         (path.size() == outer.size() || path[outer.size()] == '.' || path[outer.size()] == '[');
}

/// How much of the source a value covers, for underlining.
std::size_t length_of(const Node& node) {
  return node.kind == Node::Kind::scalar && node.text_place ? node.text.size() : 1;
}

}  // namespace

void Reader::error(const Node& node, std::string message) {
  if (node.kind == Node::Kind::unusable) return;
  errors_.add(source_, node.text_place.value_or(node.place), length_of(node), path_of(node),
              std::move(message));
}

void Reader::error(const Node& node, const TextError& error) {
  const bool exact = node.text_place.has_value();
  errors_.add(source_, exact ? node.text_place->after(error.offset) : node.place,
              exact ? std::max<std::size_t>(error.length, 1) : 1, path_of(node), error.message);
}

void Reader::error(const Node& mapping, const Entry& entry, std::string message) {
  errors_.add(source_, entry.place, entry.key.size(), joined(mapping, entry.key),
              std::move(message));
}

void Reader::missing(const Node& mapping, std::string_view key, std::string message) {
  // The first line of a file tells nothing about a key that stands nowhere.
  const bool at_top = mapping.parent == nullptr;
  errors_.add(source_, mapping.place, at_top ? 0 : 1, joined(mapping, key), std::move(message));
}

void Reader::note(std::string_view key, std::string message) {
  if (tree_.root != nullptr)
    for (const Entry& e : tree_.root->entries)
      if (e.key == key)
        return notes_.add(source_, e.place, key.size(), std::string(key), std::move(message));
  notes_.add_whole(source_.name(), std::move(message));
}

void Reader::note(const Node& node, std::string message) {
  notes_.add(source_, node.text_place.value_or(node.place), length_of(node), path_of(node),
             std::move(message));
}

const std::string* Reader::scalar(const Node& node, std::string_view wanted) {
  if (node.kind == Node::Kind::scalar) return &node.text;
  error(node, "found " + described(node) + "; write " + std::string(wanted));
  return nullptr;
}

bool Reader::is_list(const Node& node, std::string_view wanted) {
  if (node.kind == Node::Kind::sequence || node.kind == Node::Kind::null) return true;
  error(node, "found " + described(node) + "; write " + std::string(wanted));
  return false;
}

bool Reader::is_mapping(const Node& node, std::string_view wanted) {
  if (node.kind != Node::Kind::mapping && node.kind != Node::Kind::null) {
    error(node, "found " + described(node) + "; write " + std::string(wanted));
    return false;
  }
  for (const Entry& e : node.entries)
    if (e.first_line > 0)
      error(node, e, "is given twice; the first is in line " + std::to_string(e.first_line));
  return true;
}

bool Reader::is_broken(std::string_view top_key) const {
  const auto holds = [&](const std::vector<std::string>& keys) {
    return std::find(keys.begin(), keys.end(), top_key) != keys.end();
  };
  return holds(tree_.broken_keys) || holds(broken_);
}

bool Reader::is_sound(std::string_view path, std::span<const std::string_view> harmless) const {
  if (!errors_.keeps_all() || is_broken(path)) return false;
  return std::none_of(errors_.so_far().begin(), errors_.so_far().end(), [&](const Diagnostic& d) {
    if (d.key.empty() || is_within(path, d.key)) return true;
    const std::string_view last = std::string_view(d.key).substr(d.key.rfind('.') + 1);
    return is_within(d.key, path) &&
           std::find(harmless.begin(), harmless.end(), last) == harmless.end();
  });
}

const Node* Reader::top(std::string_view key) const {
  return tree_.root == nullptr ? nullptr : find(*tree_.root, key);
}

std::filesystem::path Reader::beside(std::string_view path) const {
  return std::filesystem::path(source_.name()).parent_path() / std::filesystem::path(path);
}

Place Reader::shown_place(Place place) const {
  const auto before = static_cast<std::size_t>(place.column - 1);
  return {place.line, count_characters(source_.line(place.line).substr(0, before)) + 1};
}

const Node* find(const Node& mapping, std::string_view key) {
  for (const Entry& e : mapping.entries)
    if (e.key == key) return e.value;
  return nullptr;
}

}  // namespace indoubt
