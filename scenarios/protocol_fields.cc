// protocols: which ones run, under which options and labels.
#include <nlohmann/json.hpp>

#include "protocols/catalogue.h"
#include "scenarios/structures.h"
#include "scenarios/suggestion.h"
#include "scenarios/value_schema.h"
#include "scenarios/values.h"

namespace indoubt {
namespace {

constexpr std::string_view kWanted = "a list of protocols, like [2pc, {3pc: {as: 3pc-slow}}]";
constexpr std::string_view kOptionsWanted = "a mapping of options, like {as: 2pc-serial}";
constexpr std::string_view kLabelKey = "as";
constexpr std::size_t kMostLabel = 40;
constexpr std::string_view kLabelPattern = "[A-Za-z0-9][A-Za-z0-9_.-]{0,39}";

bool is_label(std::string_view s) {
  const auto is_word = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  };
  if (s.empty() || s.size() > kMostLabel || !is_word(s.front())) return false;
  return std::all_of(s.begin(), s.end(),
                     [&](char c) { return is_word(c) || c == '_' || c == '.' || c == '-'; });
}

std::optional<std::string> read_label(Reader& reader, const Node& node) {
  const std::string* text = reader.scalar(node, "a label, like 2pc-serial");
  if (text == nullptr) return std::nullopt;
  if (is_label(*text)) return *text;
  reader.error(node, in_quotes(*text) +
                         " is no label; a label is made of letters, digits, -, _ and ., "
                         "at most 40 of them");
  return std::nullopt;
}

std::optional<int> read_option(Reader& reader, const Node& node, const OptionField& option) {
  const std::string* text = reader.scalar(
      node, (option.choices.empty() ? "a whole number, " : "one of: ") + option_values(option));
  if (text == nullptr) return std::nullopt;
  if (option.choices.empty()) {
    const auto number = parse_count(*text, static_cast<std::uint64_t>(option.least),
                                    static_cast<std::uint64_t>(option.most));
    if (number) return static_cast<int>(*number.value);
    reader.error(node, number.error);
    return std::nullopt;
  }
  for (std::size_t i = 0; i < option.choices.size(); ++i)
    if (option.choices[i] == *text) return static_cast<int>(i);
  reader.error(node, "found " + in_quotes(*text) + choices(*text, "allowed", option.choices));
  return std::nullopt;
}

void read_options(Reader& reader, const Node& node, const ProtocolEntry& protocol,
                  ProtocolUse& use) {
  if (!reader.is_mapping(node, kOptionsWanted)) return;
  std::vector<std::string_view> names{kLabelKey};
  for (const OptionField& o : protocol.options) names.push_back(o.name);
  for (const Entry& e : node.entries) {
    const auto at = std::find(names.begin(), names.end(), e.key);
    if (at == names.end()) {
      reader.error(
          node, e,
          "unknown option of " + std::string(protocol.name) + choices(e.key, "options", names));
    } else if (at == names.begin()) {
      use.label = read_label(reader, *e.value).value_or(std::string());
    } else {
      const auto i = static_cast<std::size_t>(at - names.begin() - 1);
      if (const auto value = read_option(reader, *e.value, protocol.options[i]))
        use.options[i] = *value;
    }
  }
}

/// The protocol's name in an item of the list: the item itself, or its only key.
const std::string* name_of(Reader& reader, const Node& item) {
  if (item.kind == Node::Kind::scalar) return &item.text;
  if (item.kind != Node::Kind::mapping || item.entries.empty()) {
    reader.error(item, "found " + described(item) +
                           "; write a protocol, like 2pc, or with options, "
                           "like {2pc: {as: 2pc-serial}}");
    return nullptr;
  }
  const Entry& first = item.entries.front();
  if (item.entries.size() == 1) return &first.key;
  const std::string& second = item.entries[1].key;
  const bool another = find_protocol(second) != nullptr;
  reader.error(item, item.entries[1],
               another ? "two protocols in one item; begin each with a - of its own"
                       : "stands beside " + in_quotes(first.key) +
                             "; options go below it, indented, or "
                             "in braces, like {" +
                             shown(first.key) + ": {" + shown(second) + ": ...}}");
  return nullptr;
}

void report_unknown(Reader& reader, const Node& item, const std::string& name) {
  const std::string message =
      in_quotes(name) + " is no protocol" + choices(name, "protocols", protocol_names());
  if (item.kind == Node::Kind::scalar)
    reader.error(item, message);
  else
    reader.error(item, item.entries.front(), message);
}

/// Where the label of an item stands, for errors about it.
void report_repeated(Reader& reader, const Node& item, const ProtocolUse& use) {
  const std::string message = "the label " + in_quotes(use.label) +
                              " is used twice; give one of the two another, like {" + use.protocol +
                              ": {as: " + use.label + "-2}}";
  const Node* options = item.kind == Node::Kind::mapping ? item.entries.front().value : nullptr;
  const Node* label = options != nullptr ? find(*options, kLabelKey) : nullptr;
  reader.error(label != nullptr ? *label : item, message);
}

void read_item(Reader& reader, const Node& item, Scenario& scenario) {
  const std::string* name = name_of(reader, item);
  if (name == nullptr) return reader.mark_broken("protocols");
  const ProtocolEntry* protocol = find_protocol(*name);
  if (protocol == nullptr) {
    report_unknown(reader, item, *name);
    return reader.mark_broken("protocols");
  }
  ProtocolUse use{*name, *name, standard_options(*protocol)};
  if (item.kind == Node::Kind::mapping)
    read_options(reader, *item.entries.front().value, *protocol, use);
  if (use.label.empty()) return reader.mark_broken("protocols");
  for (const ProtocolUse& before : scenario.protocols)
    if (before.label == use.label) return report_repeated(reader, item, use);
  scenario.protocols.push_back(std::move(use));
}

Json option_schema(const OptionField& option) {
  Json out = option.choices.empty()
                 ? Json{{"type", "integer"}, {"minimum", option.least}, {"maximum", option.most}}
                 : words_schema(option.choices);
  out["description"] = option.doc;
  out["default"] = option_standard(option);
  return out;
}

Json use_schema(const ProtocolEntry& protocol) {
  Json options{{std::string(kLabelKey), text_schema(kLabelPattern)}};
  for (const OptionField& o : protocol.options) options[std::string(o.name)] = option_schema(o);
  Json value{{"type", {"object", "null"}},
             {"properties", std::move(options)},
             {"additionalProperties", false}};
  const std::string name(protocol.name);
  return {{"type", "object"},
          {"description", protocol.summary},
          {"properties", {{name, std::move(value)}}},
          {"required", {name}},
          {"additionalProperties", false}};
}

Json protocols_schema() {
  Json forms = Json::array();
  forms.push_back({{"enum", protocol_names()}});
  for (const ProtocolEntry& p : protocol_catalogue()) forms.push_back(use_schema(p));
  return {{"type", "array"}, {"minItems", 1}, {"items", {{"anyOf", std::move(forms)}}}};
}

}  // namespace

void read_protocols(Reader& reader, const Node& node, void* owner) {
  auto& scenario = *static_cast<Scenario*>(owner);
  if (!reader.is_list(node, kWanted)) return reader.mark_broken("protocols");
  for (const Node* item : node.items) read_item(reader, *item, scenario);
  if (!node.items.empty()) return;
  reader.error(node, "names no protocol; protocols: " + listed(protocol_names()));
  reader.mark_broken("protocols");
}

std::vector<std::string_view> protocol_names() {
  std::vector<std::string_view> names;
  for (const ProtocolEntry& p : protocol_catalogue()) names.push_back(p.name);
  return names;
}

std::string option_values(const OptionField& option) {
  if (!option.choices.empty()) return listed(option.choices);
  return std::to_string(option.least) + " to " + std::to_string(option.most);
}

std::string option_standard(const OptionField& option) {
  if (option.choices.empty()) return std::to_string(option.standard);
  return std::string(option.choices[static_cast<std::size_t>(option.standard)]);
}

const ValueKind kProtocols{"list of protocols", kWanted, &protocols_schema, "[2pc, 3pc]"};

}  // namespace indoubt
