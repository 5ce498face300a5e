// zones: sites that fail together.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "scenarios/concat.h"
#include "scenarios/fault_values.h"
#include "scenarios/known_names.h"
#include "scenarios/structures.h"
#include "scenarios/value_schema.h"

namespace indoubt {
namespace {

constexpr std::string_view kWanted =
    "a mapping of zones, like {east: [coordinator, payment], west: [settlement]}";

/// Why no zone may have this name; empty: it may.
std::string name_problem(Reader& reader, std::string_view name) {
  if (!is_site_name(name))
    return " is no name of a zone; a name begins with a letter a-z and goes on with a-z, 0-9, _ "
           "and -";
  if (is_reserved_site(name)) return " has a meaning of its own; call the zone otherwise";
  for (const Service& s : reader.file().scenario.services)
    if (s.name == name) return " is a service; call the zone otherwise";
  for (const Auxiliaries& a : known_names(reader).auxiliaries)
    if (a.name == name) return " is a process of the protocol; call the zone otherwise";
  return {};
}

Json zones_schema() {
  return {{"type", {"object", "null"}},
          {"propertyNames", {{"pattern", "^[a-z][a-z0-9_-]*$"}}},
          {"additionalProperties", kZoneMembers.schema()}};
}

}  // namespace

void read_zones(Reader& reader, const Node& node, void* owner) {
  auto& scenario = *static_cast<Scenario*>(owner);
  if (!reader.is_mapping(node, kWanted)) return reader.mark_broken("zones");
  for (const Entry& e : node.entries) {
    const std::string problem = name_problem(reader, e.key);
    if (!problem.empty()) reader.error(node, e, concat({in_quotes(e.key), problem}));
    auto members = kZoneMembers.read(reader, *e.value);
    if (!members) reader.mark_broken("zones");  // what overlaps is not judged
    const bool usable = problem.empty() && e.first_line == 0;
    if (usable && members) scenario.zones.push_back({e.key, std::move(*members)});
  }
}

const ValueKind kZones{"mapping of names", kWanted, &zones_schema};

}  // namespace indoubt
