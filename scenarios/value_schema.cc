#include "scenarios/value_schema.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace indoubt {

Json text_schema(std::string_view pattern) {
  return {{"type", "string"}, {"pattern", "^(" + std::string(pattern) + ")$"}};
}

Json words_schema(std::span<const std::string_view> words) {
  Json values = Json::array();
  for (const std::string_view w : words) values.push_back(w);
  const auto has = [&](std::string_view w) {
    return std::find(words.begin(), words.end(), w) != words.end();
  };
  if (has("no") || has("off")) values.push_back(false);
  if (has("yes") || has("on")) values.push_back(true);
  return {{"enum", std::move(values)}};
}

Json section_schema(const Section& section) {
  Json properties = Json::object();
  Json required = Json::array();
  for (const Field& f : section.fields) {
    properties[std::string(f.name)] = field_schema(f);
    if (f.required) required.push_back(f.name);
  }
  Json out{{"type", "object"}, {"properties", std::move(properties)}};
  if (!required.empty()) out["required"] = std::move(required);
  out["additionalProperties"] = false;
  return out;
}

Json field_schema(const Field& field) {
  Json out =
      field.section != nullptr ? or_nothing(section_schema(*field.section)) : field.kind->schema();
  out["description"] = field.doc;
  if (!field.standard.empty()) out["default"] = field.standard;
  return out;
}

Json or_nothing(Json schema) {
  schema["type"] = Json::array({schema["type"], "null"});
  return schema;
}

}  // namespace indoubt
