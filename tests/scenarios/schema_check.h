#pragma once
// As much of a JSON Schema validator as the scenario schema uses, to test what it accepts.
#include <regex.h>

#include <nlohmann/json.hpp>
#include <string>

#include "scenarios/yaml_tree.h"

namespace indoubt {

using Json = nlohmann::ordered_json;

/// Whether a part of `text` matches. POSIX, since std::regex does not compile without warnings
/// under the sanitizers; the schema's patterns mean the same in both.
inline bool matches(const std::string& text, const std::string& pattern) {
  regex_t compiled;
  const bool valid = regcomp(&compiled, pattern.c_str(), REG_EXTENDED | REG_NOSUB) == 0;
  const bool found = valid && regexec(&compiled, text.c_str(), 0, nullptr, 0) == 0;
  if (valid) regfree(&compiled);
  return found;
}

/// A tree as a YAML 1.2 reader hands it to an editor's validator: plain scalars become numbers,
/// truth values or nothing where they look like it.
inline Json to_json(const Node& node) {
  switch (node.kind) {
    case Node::Kind::mapping: {
      Json out = Json::object();
      for (const Entry& e : node.entries) out[e.key] = to_json(*e.value);
      return out;
    }
    case Node::Kind::sequence: {
      Json out = Json::array();
      for (const Node* item : node.items) out.push_back(to_json(*item));
      return out;
    }
    case Node::Kind::scalar: {
      const bool quoted = node.text_place && node.text_place != node.place;
      if (quoted) return node.text;
      if (node.text == "true" || node.text == "false") return node.text == "true";
      if (matches(node.text, "^-?[0-9]+(\\.[0-9]+)?([eE][-+]?[0-9]+)?$"))
        return Json::parse(node.text);
      return node.text;
    }
    default: return nullptr;
  }
}

inline bool has_type(const Json& value, const std::string& type) {
  if (type == "integer") return value.is_number_integer();
  if (type == "number") return value.is_number();
  if (type == "string") return value.is_string();
  if (type == "object") return value.is_object();
  if (type == "array") return value.is_array();
  return type == "null" && value.is_null();
}

inline bool accepts(const Json& schema, const Json& value);

inline bool accepts_object(const Json& schema, const Json& value) {
  for (const Json& key : schema.value("required", Json::array()))
    if (!value.contains(key.get<std::string>())) return false;
  if (value.size() < schema.value("minProperties", std::size_t{0})) return false;
  for (const auto& [key, item] : value.items()) {
    if (schema.contains("propertyNames") && !accepts(schema["propertyNames"], key)) return false;
    if (schema.contains("properties") && schema["properties"].contains(key)) {
      if (!accepts(schema["properties"][key], item)) return false;
    } else if (schema.contains("additionalProperties")) {
      const Json& rest = schema["additionalProperties"];
      if (rest.is_boolean() ? !rest.get<bool>() : !accepts(rest, item)) return false;
    }
  }
  return true;
}

inline bool accepts_array(const Json& schema, const Json& value) {
  if (value.size() < schema.value("minItems", std::size_t{0})) return false;
  for (std::size_t i = 0; i < value.size(); ++i) {
    if (schema.contains("items") && !accepts(schema["items"], value[i])) return false;
    for (std::size_t k = 0; k < i; ++k)
      if (schema.value("uniqueItems", false) && value[i] == value[k]) return false;
  }
  return true;
}

inline bool accepts_scalar(const Json& schema, const Json& value) {
  if (value.is_number() && schema.contains("minimum") && value < schema["minimum"]) return false;
  if (value.is_number() && schema.contains("maximum") && value > schema["maximum"]) return false;
  if (value.is_string() && schema.contains("pattern") &&
      !matches(value.get<std::string>(), schema["pattern"].get<std::string>()))
    return false;
  return !value.is_string() || !schema.contains("maxLength") ||
         value.get<std::string>().size() <= schema["maxLength"].get<std::size_t>();
}

inline bool accepts(const Json& schema, const Json& value) {
  if (schema.contains("type")) {
    const Json types = schema["type"].is_array() ? schema["type"] : Json::array({schema["type"]});
    bool one = false;
    for (const Json& t : types) one = one || has_type(value, t.get<std::string>());
    if (!one) return false;
  }
  const auto any = [&](const Json& list, auto&& test) {
    for (const Json& item : list)
      if (test(item)) return true;
    return false;
  };
  if (schema.contains("enum") && !any(schema["enum"], [&](const Json& x) { return x == value; }))
    return false;
  if (schema.contains("anyOf") &&
      !any(schema["anyOf"], [&](const Json& x) { return accepts(x, value); }))
    return false;
  if (schema.contains("const") && schema["const"] != value) return false;
  if (schema.contains("not") && accepts(schema["not"], value)) return false;
  if (value.is_object()) return accepts_object(schema, value);
  if (value.is_array()) return accepts_array(schema, value);
  return accepts_scalar(schema, value);
}

}  // namespace indoubt
