#include "scenarios/fields.h"

#include <array>

#include "scenarios/concat.h"
#include "scenarios/decimal.h"
#include "scenarios/suggestion.h"
#include "sim/process/assert.h"

namespace indoubt {
namespace {

const Field* find_field(const Section& section, std::string_view name) {
  for (const Field& f : section.fields)
    if (f.name == name) return &f;
  return nullptr;
}

/// The sections, other than `here`, that have a key of this name.
std::string elsewhere(const Section& here, std::string_view name) {
  std::vector<std::string_view> sections;
  for (const Section* s : all_sections())
    if (s != &here && find_field(*s, name) != nullptr) sections.push_back(s->name);
  return sections.empty() ? "" : "; it is a key of: " + listed(sections);
}

/// Whether YAML read "key:value" as one word.
bool is_glued(const Entry& entry) {
  return entry.key.find(':') != std::string::npos && entry.value->kind == Node::Kind::null;
}

std::string unknown_key(const Section& section, const Entry& entry) {
  if (is_glued(entry)) {
    const std::size_t colon = entry.key.find(':');
    return concat({"unknown key; a space is missing after the colon: `",
                   shown(entry.key.substr(0, colon)), ": ", shown(entry.key.substr(colon + 1)),
                   "`"});
  }
  if (parse_decimal(entry.key) && entry.value->kind == Node::Kind::null)
    return "a number without a key; the decimal mark is a point, as in 0.5";
  const std::string here = choices(entry.key, "keys here", names_of(section));
  return "unknown key" + elsewhere(section, entry.key) + here;
}

/// A required key that stands nowhere and is misspelt as `entry`: what depends on it is not judged.
void mark_misspelt(Reader& reader, const Node& mapping, const Section& section,
                   const Entry& entry) {
  if (mapping.parent != nullptr) return;
  const std::string_view meant = nearest(entry.key, names_of(section));
  const Field* field = meant.empty() ? nullptr : find_field(section, meant);
  if (field != nullptr && field->required && find(mapping, meant) == nullptr)
    reader.mark_broken(meant);
}

void read_standard(Reader& reader, const Field& field, void* owner) {
  Node node;
  node.label = field.name;
  if (field.section == nullptr) {
    if (field.standard.empty()) return;
    node.kind = Node::Kind::scalar;
    node.text = field.standard;
  }
  field.read(reader, node, owner);
}

void report_missing(Reader& reader, const Node& mapping, const Field& field) {
  if (reader.is_broken(field.name)) return;
  INDOUBT_ASSERT(field.kind != nullptr);
  reader.missing(
      mapping, field.name,
      concat({"is missing; add it, like `", field.name, ": ", field.kind->example, "`"}));
}

}  // namespace

std::vector<std::string_view> names_of(const Section& section) {
  std::vector<std::string_view> names;
  for (const Field& f : section.fields) names.push_back(f.name);
  return names;
}

void read_section(Reader& reader, const Node& mapping, const Section& section, void* owner) {
  if (!reader.is_mapping(mapping, section.wanted)) return;
  for (const Entry& e : mapping.entries)
    if (find_field(section, e.key) == nullptr && !e.key.empty()) {
      reader.error(mapping, e, unknown_key(section, e));
      if (is_glued(e))
        reader.mark_broken(e.key.substr(0, e.key.find(':')));
      else
        mark_misspelt(reader, mapping, section, e);
    }
  for (const Field& f : section.fields) {
    const Node* value = find(mapping, f.name);
    if (value != nullptr)
      f.read(reader, *value, owner);
    else if (f.required)
      report_missing(reader, mapping, f);
    else
      read_standard(reader, f, owner);
  }
}

std::span<const Section* const> all_sections() {
  static constexpr std::array<const Section*, 6> kSections = {
      &kScenarioSection, &kServiceSection, &kNetworkSection,
      &kLinkSection,     &kDiskSection,    &kTransactionsSection};
  return kSections;
}

}  // namespace indoubt
