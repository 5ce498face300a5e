// predicates and report: what a scenario wants to know beside the measures that all have.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "scenarios/concat.h"
#include "scenarios/known_names.h"
#include "scenarios/predicate_parser.h"
#include "scenarios/read_scalar.h"
#include "scenarios/structures.h"
#include "scenarios/suggestion.h"
#include "scenarios/value_schema.h"
#include "scenarios/values.h"

namespace indoubt {
namespace {

constexpr std::string_view kWanted =
    "a mapping of names to predicates, like {split: any participant committed and any participant "
    "aborted}";
constexpr std::string_view kPredicateWanted =
    "a predicate, like: payment committed and coordinator down";
constexpr std::string_view kInstantsWanted = "a list of durations, like [40ms, 100ms]";
constexpr std::size_t kMostBytes = 1000;
constexpr std::size_t kMostInstants = 64;

/// Names of states are unknown where one of the protocols does not list its own.
std::vector<std::string_view> states_of(const std::vector<Machine>& machines) {
  std::vector<std::string_view> states;
  for (const Machine& m : machines) {
    if (m.states.empty()) return {};
    for (const std::string_view state : m.states)
      if (std::find(states.begin(), states.end(), state) == states.end()) states.push_back(state);
  }
  return states;
}

/// Why no predicate may have this name; empty: it may.
std::string name_problem(Reader& reader, std::string_view name) {
  if (!is_site_name(name))
    return " is no name of a predicate; a name begins with a letter a-z and goes on with a-z, 0-9, "
           "_ and -";
  if (reader.file().measures.find(name) != nullptr)
    return " is a measure, which every run has; call the predicate otherwise";
  return {};
}

Json predicates_schema() {
  return {{"type", {"object", "null"}},
          {"propertyNames", {{"pattern", "^[a-z][a-z0-9_-]*$"}}},
          {"additionalProperties", {{"type", "string"}, {"maxLength", kMostBytes}}}};
}

Json instants_schema() {
  return {{"type", {"array", "null"}},
          {"items", kPositiveDuration.schema()},
          {"maxItems", kMostInstants},
          {"uniqueItems", true}};
}

std::optional<Predicate> read_formula(Reader& reader, const Node& node,
                                      const PredicateNames& names) {
  if (node.text.size() > kMostBytes) {
    reader.error(node, "is longer than 1000 bytes; name its parts");
    return std::nullopt;
  }
  return read_parsed<Predicate>(reader, node, kPredicateWanted, [&](std::string_view text) {
    return parse_predicate(text, names);
  });
}

void read_instants(Reader& reader, const Node& node, void* owner) {
  auto& scenario = *static_cast<Scenario*>(owner);
  if (!reader.is_list(node, kInstantsWanted)) return;
  if (node.items.size() > kMostInstants)
    return reader.error(node, "has more than 64 instants, the most that are counted");
  for (const Node* item : node.items) {
    const auto instant = kPositiveDuration.read(reader, *item);
    if (!instant) {
      reader.mark_broken("report");
      continue;
    }
    auto& all = scenario.decided_by;
    if (std::find(all.begin(), all.end(), *instant) != all.end()) {
      reader.error(*item, in_quotes(item->text) + " is named twice");
      continue;
    }
    all.push_back(*instant);
    reader.file().measures.add_instant(item->text);
  }
}

const ValueKind kInstants{"list of durations", kInstantsWanted, &instants_schema};

constexpr std::array<Field, 1> kReportFields = {
    Field{"by",
          &kInstants,
          {},
          "Instants after a transaction's start. Each gives two measures, the shares of "
          "transactions that were committed and aborted by then: `by: [40ms]` gives "
          "`commit_by(40ms)` and `abort_by(40ms)`.",
          &read_instants}};

}  // namespace

void read_predicates(Reader& reader, const Node& node, void* owner) {
  if (!reader.is_mapping(node, kWanted)) return reader.mark_broken("predicates");
  if (node.entries.empty()) return;
  const KnownNames& known = known_names(reader);
  auto& scenario = *static_cast<Scenario*>(owner);
  const PredicateNames names{&scenario, known.auxiliaries, states_of(known.machines)};
  for (const Entry& e : node.entries) {
    if (e.first_line != 0) continue;  // reported
    const std::string problem = name_problem(reader, e.key);
    if (!problem.empty()) reader.error(node, e, concat({in_quotes(e.key), problem}));
    std::optional<Predicate> predicate;
    if (known.judged) predicate = read_formula(reader, *e.value, names);
    if (!problem.empty() || !predicate) {
      reader.mark_broken("predicates");
      continue;
    }
    scenario.predicates.push_back({e.key, e.value->text, std::move(*predicate)});
    reader.file().measures.add_predicate(e.key, e.value->text);
  }
}

const ValueKind kPredicates{"mapping of names to [predicates](#predicates)", kWanted,
                            &predicates_schema};
const Section kReportSection{"report", "a mapping, like {by: [40ms, 100ms]}",
                             "What a run reports beside the measures that it always has.",
                             kReportFields};

}  // namespace indoubt
