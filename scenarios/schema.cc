#include "scenarios/schema.h"

#include <nlohmann/json.hpp>

#include "scenarios/fields.h"
#include "scenarios/value_schema.h"

namespace indoubt {

nlohmann::ordered_json schema() {
  Json out{{"$schema", "http://json-schema.org/draft-07/schema#"},
           {"title", "indoubt scenario, format 1"},
           {"description", kScenarioSection.doc}};
  out.update(section_schema(kScenarioSection));
  return out;
}

}  // namespace indoubt
