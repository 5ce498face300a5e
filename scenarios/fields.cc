#include "scenarios/fields.h"

#include <algorithm>

#include "scenarios/concat.h"
#include "scenarios/decimal.h"
#include "scenarios/fault_kinds.h"
#include "scenarios/suggestion.h"
#include "sim/process/assert.h"

namespace indoubt {
namespace {

const Field* find_field(const Section& section, std::string_view name) {
  for (const Field& f : section.fields)
    if (f.name == name) return &f;
  return nullptr;
}

/// The sections, other than `here`, that have a key of this name. Several faults count as one.
std::string elsewhere(const Section& here, std::string_view name) {
  std::vector<std::string_view> sections, faults;
  for (const Section* s : all_sections())
    if (s != &here && find_field(*s, name) != nullptr)
      (is_fault_section(*s) ? faults : sections).push_back(s->name);
  if (faults.size() == 1) sections.push_back(faults.front());
  if (faults.size() > 1) sections.push_back("faults of another kind");
  return sections.empty() ? "" : "; it is a key of: " + listed(sections);
}

std::string_view hint_for(const Section& section, std::string_view key) {
  for (const KeyHint& h : section.hints)
    if (h.key == key) return h.hint;
  return {};
}

/// Whether YAML read "key:value" as one word.
bool is_glued(const Entry& entry) {
  return entry.key.find(':') != std::string::npos && entry.value->kind == Node::Kind::null;
}

/// Whether `key` is the rest of a number that a comma has cut, as in "99,5%".
bool is_rest_of_number(const Entry& entry) {
  std::string_view number = entry.key;
  const std::size_t end = number.find_first_not_of("0123456789");
  return entry.value->kind == Node::Kind::null && end != 0 &&
         (parse_decimal(number) || parse_decimal(number.substr(0, end)));
}

/// Whether a decimal comma parts `value` from its rest: both are told by one error.
bool is_cut_by_comma(const Node& mapping, const Node& value) {
  for (std::size_t i = 0; i + 1 < mapping.entries.size(); ++i) {
    if (mapping.entries[i].value != &value) continue;
    return value.kind == Node::Kind::scalar && parse_decimal(value.text) &&
           is_rest_of_number(mapping.entries[i + 1]);
  }
  return false;
}

/// "99.5%" of "99,5%", or an example.
std::string with_decimal_point(const Node& mapping, const Entry& rest) {
  for (std::size_t i = 0; i + 1 < mapping.entries.size(); ++i)
    if (&mapping.entries[i + 1] == &rest && is_cut_by_comma(mapping, *mapping.entries[i].value))
      return concat({"a comma inside a number; write ", mapping.entries[i].key, ": ",
                     mapping.entries[i].value->text, ".", shown(rest.key)});
  return "a number without a key; the decimal mark is a point, as in 0.5";
}

std::string unknown_key(const Node& mapping, const Section& section, const Entry& entry) {
  if (is_glued(entry)) {
    const std::size_t colon = entry.key.find(':');
    return concat({"unknown key; a space is missing after the colon: `",
                   shown(entry.key.substr(0, colon)), ": ", shown(entry.key.substr(colon + 1)),
                   "`"});
  }
  if (is_rest_of_number(entry)) return with_decimal_point(mapping, entry);
  if (const auto hint = hint_for(section, entry.key); !hint.empty())
    return concat({"unknown key; ", hint, "; keys here: ", listed(names_of(section))});
  const std::string here = choices(entry.key, "keys here", names_of(section));
  return "unknown key" + elsewhere(section, entry.key) + here;
}

/// The required key that stands nowhere and is misspelt as `entry`; empty: none.
std::string_view misspelt(const Node& mapping, const Section& section, const Entry& entry) {
  const std::string_view meant = nearest(entry.key, names_of(section));
  const Field* field = meant.empty() ? nullptr : find_field(section, meant);
  const bool absent = field != nullptr && field->required && find(mapping, meant) == nullptr;
  return absent ? meant : std::string_view();
}

/// Reports the keys of `mapping` that `section` does not have. Returns the required ones that were
/// meant by them.
std::vector<std::string_view> report_unknown(Reader& reader, const Node& mapping,
                                             const Section& section) {
  std::vector<std::string_view> meant;
  for (const Entry& e : mapping.entries) {
    if (find_field(section, e.key) != nullptr || e.key.empty()) continue;
    reader.error(mapping, e, unknown_key(mapping, section, e));
    const std::string_view key = is_glued(e) ? std::string_view(e.key).substr(0, e.key.find(':'))
                                             : misspelt(mapping, section, e);
    if (!key.empty()) meant.push_back(key);
  }
  return meant;
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
  if (mapping.parent == nullptr && reader.is_broken(field.name)) return;
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

bool is_misspelt(const Node& mapping, const Section& section, std::string_view key) {
  return std::any_of(mapping.entries.begin(), mapping.entries.end(), [&](const Entry& e) {
    if (find_field(section, e.key) != nullptr) return false;
    const std::string quoted = concat({"`", key});
    return nearest(e.key, names_of(section)) == key ||
           hint_for(section, e.key).find(quoted) != std::string_view::npos;
  });
}

void read_section(Reader& reader, const Node& mapping, const Section& section, void* owner) {
  if (!reader.is_mapping(mapping, section.wanted)) return;
  const auto meant = report_unknown(reader, mapping, section);
  const bool at_top = mapping.parent == nullptr;
  if (at_top)
    for (const std::string_view key : meant) reader.mark_broken(key);
  for (const Field& f : section.fields) {
    const Node* value = find(mapping, f.name);
    if (value != nullptr && is_cut_by_comma(mapping, *value))
      continue;  // the error about its rest tells it
    if (value != nullptr)
      f.read(reader, *value, owner);
    else if (std::find(meant.begin(), meant.end(), f.name) != meant.end())
      continue;  // one error tells it
    else if (f.required)
      report_missing(reader, mapping, f);
    else
      read_standard(reader, f, owner);
  }
}

std::span<const Section* const> all_sections() {
  static const std::vector<const Section*> kSections = [] {
    std::vector<const Section*> list = {
        &kScenarioSection, &kServiceSection, &kCoordinatorSection, &kNetworkSection,
        &kLinkSection,     &kDiskSection,    &kDetectionSection,   &kTransactionsSection,
        &kClientSection,   &kReportSection,  &kExploreSection};
    for (const FaultKind& kind : fault_kinds()) list.push_back(kind.section);
    list.push_back(&kWindowSection);
    return list;
  }();
  return kSections;
}

bool is_fault_section(const Section& section) { return section.name.substr(0, 7) == "faults."; }

}  // namespace indoubt
