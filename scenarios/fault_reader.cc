// faults: the list, and what the keys of one fault need of each other.
#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "scenarios/concat.h"
#include "scenarios/fault_kinds.h"
#include "scenarios/structures.h"
#include "scenarios/suggestion.h"
#include "scenarios/value_schema.h"
#include "sim/faults/fault_plan.h"

namespace indoubt {
namespace {

constexpr std::string_view kWanted =
    "a list of faults, like [{crash: {site: payment, time: 28ms}}]";
constexpr std::string_view kItemWanted =
    "a kind of fault and its keys, like {crash: {site: payment, time: 28ms}}";

std::vector<std::string_view> kind_names() {
  std::vector<std::string_view> names;
  for (const FaultKind& k : fault_kinds()) names.push_back(k.key);
  return names;
}

/// The only entry of an item; null: an error was reported.
const Entry* entry_of(Reader& reader, const Node& item) {
  if (item.kind != Node::Kind::mapping || item.entries.empty()) {
    const bool bare = item.kind == Node::Kind::scalar && find_fault_kind(item.text) != nullptr;
    reader.error(item, bare ? concat({"says nothing of the ", item.text, "; write {", item.text,
                                      ": ", find_fault_kind(item.text)->example, "}"})
                            : concat({"found ", described(item), "; write ", kItemWanted}));
    return nullptr;
  }
  const Entry& first = item.entries.front();
  if (item.entries.size() == 1) return &first;
  const Entry& second = item.entries[1];
  const bool another = find_fault_kind(second.key) != nullptr;
  reader.error(item, second,
               another ? std::string("two faults in one item; begin each with a - of its own")
                       : concat({"stands beside ", in_quotes(first.key),
                                 "; the keys of a fault go below it, indented, or in braces, "
                                 "like {",
                                 shown(first.key), ": {", shown(second.key), ": ...}}"}));
  return nullptr;
}

void report_unknown(Reader& reader, const Node& item, const Entry& entry) {
  reader.error(item, entry,
               concat({in_quotes(entry.key), " is no kind of fault",
                       choices(entry.key, "kinds", kind_names())}));
}

bool is_taken(const std::vector<Fault>& faults, std::string_view name) {
  return std::any_of(faults.begin(), faults.end(), [&](const Fault& f) { return f.name == name; });
}

/// Gives the mapping with the fault's keys; null: there is no fault.
const Node* read_item(Reader& reader, const Node& item, std::vector<Fault>& faults) {
  const Entry* entry = entry_of(reader, item);
  if (entry == nullptr) return nullptr;
  const FaultKind* kind = find_fault_kind(entry->key);
  if (kind == nullptr) {
    report_unknown(reader, item, *entry);
    return nullptr;
  }
  const Node& mapping = *entry->value;
  Fault fault;
  fault.kind = kind->kind;
  read_section(reader, mapping, *kind->section, &fault);
  if (mapping.kind != Node::Kind::mapping && mapping.kind != Node::Kind::null) return nullptr;
  check_conditions(reader, *kind, mapping, fault);
  if (kind->check != nullptr) kind->check(reader, *kind, mapping, fault);
  if (!fault.name.empty() && is_taken(faults, fault.name))
    reader.error(*find(mapping, "name"), concat({"the name ", in_quotes(fault.name),
                                                 " is used twice; names of faults are unique"}));
  faults.push_back(std::move(fault));
  return &mapping;
}

std::string_view key_of(Fault::Kind kind) {
  for (const FaultKind& k : fault_kinds())
    if (k.kind == kind) return k.key;
  return {};
}

/// Names for those that have none: "crash-1", "crash-2".
void name_faults(std::vector<Fault>& faults) {
  for (Fault& f : faults)
    for (int n = 1; f.name.empty(); ++n) {
      std::string name = concat({key_of(f.kind), "-", std::to_string(n)});
      if (!is_taken(faults, name)) f.name = std::move(name);
    }
}

/// Crashed sites that never come back: with shared sites the first such crash would end the run.
void choose_sites(const Node& faults, Scenario& scenario) {
  const Node* root = faults.parent;
  const Node* transactions = root != nullptr ? find(*root, "transactions") : nullptr;
  const bool stated = transactions != nullptr && find(*transactions, "sites") != nullptr;
  const bool forever =
      std::any_of(scenario.faults.begin(), scenario.faults.end(), [](const Fault& f) {
        return f.kind == Fault::Kind::crash && !f.lasts && f.when.kind != Trigger::Kind::trace;
      });
  if (forever && !stated) scenario.transactions.sites = Sites::fresh;
}

Json kind_schema(const FaultKind& kind) {
  const std::string name(kind.key);
  Json value = section_schema(*kind.section);
  value["description"] = kind.section->doc;
  return {{"type", "object"},
          {"properties", {{name, std::move(value)}}},
          {"required", {name}},
          {"additionalProperties", false}};
}

Json faults_schema() {
  Json forms = Json::array();
  for (const FaultKind& k : fault_kinds()) forms.push_back(kind_schema(k));
  return {{"type", {"array", "null"}}, {"items", {{"anyOf", std::move(forms)}}}};
}

}  // namespace

void read_faults(Reader& reader, const Node& node, void* owner) {
  auto& scenario = *static_cast<Scenario*>(owner);
  if (!reader.is_list(node, kWanted)) return;
  std::vector<const Node*> mappings;  // of each fault
  for (const Node* item : node.items)
    if (const Node* mapping = read_item(reader, *item, scenario.faults))
      mappings.push_back(mapping);
  if (node.items.size() > FaultPlan::kMost)
    reader.error(*node.items[FaultPlan::kMost],
                 concat({"the list has ", std::to_string(node.items.size()), " faults; at most ",
                         std::to_string(FaultPlan::kMost)}));
  name_faults(scenario.faults);
  choose_sites(node, scenario);
  for (std::size_t i = 0; i < mappings.size(); ++i)
    check_fault_times(reader, *mappings[i], scenario.faults[i]);
  reader.set_fault_nodes(std::move(mappings));
}

const ValueKind kFaults{"list of [faults](#faults)", kWanted, &faults_schema};

}  // namespace indoubt
