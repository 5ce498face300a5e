#include "scenarios/yaml_builder.h"

#include <algorithm>
#include <utility>

#include "scenarios/concat.h"

namespace indoubt {
namespace {

bool is_quoted(std::string_view written) {
  return !written.empty() && (written.front() == '"' || written.front() == '\'');
}

/// Whether a scalar that begins with a quotation mark has a second one. yaml-cpp takes the end of
/// the text for it when that follows a line feed.
bool is_closed(std::string_view written) {
  if (!is_quoted(written)) return true;
  const char quote = written.front();
  for (std::size_t i = 1; i < written.size(); ++i) {
    if (quote == '"' && written[i] == '\\')
      ++i;
    else if (written[i] == quote && quote == '\'' && written.substr(i + 1, 1) == "'")
      ++i;
    else if (written[i] == quote)
      return true;
  }
  return false;
}

}  // namespace

Place YamlBuilder::place(const YAML::Mark& mark) const {
  if (mark.is_null()) return {};
  return {mark.line + 1 + lines_before_, mark.column + 1};
}

std::optional<Place> YamlBuilder::open_bracket() const {
  if (open_.empty() || !open_.back().flow) return std::nullopt;
  return open_.back().node->place;
}

void YamlBuilder::refuse(Place place, std::string message) {
  std::string key = open_.empty() ? std::string() : path_of(*open_.back().node);
  if (!open_.empty() && !open_.back().expects_key && !open_.back().node->entries.empty())
    key += concat({key.empty() ? "" : ".", shown(open_.back().node->entries.back().key)});
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

std::string_view YamlBuilder::written_at(Place place) const {
  const std::string_view rest = source_.from(place);
  const char* end = part_.data() + part_.size();
  return rest.substr(0, static_cast<std::size_t>(std::max<std::ptrdiff_t>(end - rest.data(), 0)));
}

bool YamlBuilder::is_end(Place place) const {
  return written_at(place).find_first_not_of(" \t\r\n") == std::string_view::npos;
}

/// Of a value that is not there: its key, or the mark before which a list's item was expected.
/// `next` is where something follows: all that yaml-cpp tells.
Place YamlBuilder::place_unwritten(Place next) const {
  if (open_.empty()) return next;
  const Node& parent = *open_.back().node;
  if (parent.kind == Node::Kind::mapping) return parent.entries.back().place;
  const auto offset = static_cast<std::size_t>(source_.from(next).data() - source_.text().data());
  const std::string_view before =
      source_.text().substr(0, source_.from(next).empty() ? source_.text().size() : offset);
  const std::size_t mark = before.find_last_of("-,[");
  return mark == std::string_view::npos ? next : source_.place_of(mark);
}

void YamlBuilder::OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) {
  refuse_decoration(place(mark), {}, anchor);
  if (at_key()) {
    refuse(place(mark), "a key is missing here; is there a comma too many?");
    add_key(place(mark), "");
    return;
  }
  add_node(Node::Kind::null, place_unwritten(place(mark)));
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
  const std::string_view written = written_at(at);
  if (!is_closed(written)) stop(at, "this quotation mark is never closed");
  if (at_key()) return add_key(at, value);
  Node& node = add_node(Node::Kind::scalar, at);
  node.text = value;
  if (written.substr(0, value.size()) == value)
    node.text_place = at;
  else if (is_quoted(written) && written.substr(1, value.size()) == value)
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
