#include "scenarios/yaml_builder.h"

#include <utility>

#include "scenarios/concat.h"

namespace indoubt {

Place YamlBuilder::place(const YAML::Mark& mark) const {
  if (mark.is_null()) return {};
  return {mark.line + 1 + lines_before_, mark.column + 1};
}

std::optional<Place> YamlBuilder::open_bracket() const {
  if (open_.empty() || !open_.back().flow) return std::nullopt;
  return open_.back().node->place;
}

void YamlBuilder::refuse(Place place, std::string message) {
  const std::string key = open_.empty() ? std::string() : path_of(*open_.back().node);
  diagnostics_.add(source_, place, 1, key, std::move(message));
}

void YamlBuilder::stop(Place place, std::string message) {
  refuse(place, std::move(message));
  throw StopReading{};
}

void YamlBuilder::refuse_decoration(Place place, const std::string& tag, YAML::anchor_t anchor) {
  if (anchor != 0)
    refuse(place, "anchors (&name) are not read; write the value out where it is used");
  if (!tag.empty() && tag != "?" && tag != "!")
    refuse(place, "tags (!name) are not read; write only the value");
}

void YamlBuilder::OnDocumentStart(const YAML::Mark& mark) {
  if (begun_)
    stop(place(mark),
         "a second document begins here; a scenario is a single one, made of `key: value` lines");
  begun_ = true;
}

void YamlBuilder::add_key(Place place, const std::string& key) {
  Open& mapping = open_.back();
  const auto [first, is_new] = mapping.lines.try_emplace(key, place.line);
  mapping.node->entries.push_back({key, place, nullptr, is_new ? 0 : first->second});
  mapping.expects_key = false;
}

Node& YamlBuilder::add_node(Node::Kind kind, Place place) {
  Node& node = tree_.nodes.emplace_back();
  node.kind = kind;
  node.place = place;
  last_ = place;
  if (open_.empty()) {
    root_ = &node;
    return node;
  }
  Open& parent = open_.back();
  node.parent = parent.node;
  if (parent.node->kind == Node::Kind::sequence) {
    parent.node->items.push_back(&node);
    node.label = concat({"[", std::to_string(parent.node->items.size()), "]"});
  } else {
    parent.node->entries.back().value = &node;
    parent.expects_key = true;
    node.label = parent.node->entries.back().key;
  }
  return node;
}

void YamlBuilder::OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) {
  refuse_decoration(place(mark), {}, anchor);
  if (at_key()) {
    refuse(place(mark), "a key is missing here; is there a comma too many?");
    add_key(place(mark), "");
    return;
  }
  // The mark of something unwritten is that of whatever follows.
  const bool has_key = !open_.empty() && open_.back().node->kind == Node::Kind::mapping;
  add_node(Node::Kind::null, has_key ? open_.back().node->entries.back().place : place(mark));
}

void YamlBuilder::OnAlias(const YAML::Mark& mark, YAML::anchor_t) {
  refuse(place(mark), "aliases (*name) are not read; write the value out");
  if (at_key())
    add_key(place(mark), "*");
  else
    add_node(Node::Kind::unusable, place(mark));
}

void YamlBuilder::OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                           const std::string& value) {
  const Place at = place(mark);
  refuse_decoration(at, tag, anchor);
  last_ = at;
  if (at_key()) return add_key(at, value);
  Node& node = add_node(Node::Kind::scalar, at);
  node.text = value;
  const std::string_view written = source_.from(at);
  const bool quotes = !written.empty() && (written.front() == '"' || written.front() == '\'');
  if (written.substr(0, value.size()) == value)
    node.text_place = at;
  else if (quotes && written.substr(1, value.size()) == value)
    node.text_place = at.after(1);
}

void YamlBuilder::open(Node::Kind kind, const YAML::Mark& mark, const std::string& tag,
                       YAML::anchor_t anchor, YAML::EmitterStyle::value style) {
  const Place at = place(mark);
  refuse_decoration(at, tag, anchor);
  if (at_key()) stop(at, "a key must be a single word");
  if (open_.size() == kMostYamlDepth)
    stop(at, "nested deeper than " + std::to_string(kMostYamlDepth) + " levels");
  Node& node = add_node(kind, at);
  open_.push_back({&node, style == YAML::EmitterStyle::Flow, kind == Node::Kind::mapping, {}});
}

void YamlBuilder::OnSequenceStart(const YAML::Mark& mark, const std::string& tag,
                                  YAML::anchor_t anchor, YAML::EmitterStyle::value style) {
  open(Node::Kind::sequence, mark, tag, anchor, style);
}

void YamlBuilder::OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                             YAML::EmitterStyle::value style) {
  open(Node::Kind::mapping, mark, tag, anchor, style);
}

}  // namespace indoubt
