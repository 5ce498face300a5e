// services: who takes part.
#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "protocols/catalogue.h"
#include "scenarios/concat.h"
#include "scenarios/site_names.h"
#include "scenarios/structures.h"
#include "scenarios/suggestion.h"
#include "scenarios/value_schema.h"
#include "scenarios/values.h"
#include "sim/process/effect.h"

namespace indoubt {
namespace {

constexpr std::string_view kWanted =
    "a mapping of service names, like {payment: {vote_yes: 0.99}, transfer: {}}";

constexpr std::array<Field, 7> kFields = {
    field<kProbability, &Service::vote_yes>("vote_yes", "1", "Probability of voting YES."),
    field<kLatency, &Service::prepare>("prepare", "0s",
                                       "Local work between the arrival of PREPARE and the vote."),
    field<kProbability, &Service::read_only>(
        "read_only", "0",
        "Probability of answering READ: nothing was changed, and the outcome does not matter. It "
        "has then left the transaction: no property is judged by what it does after a crash. Only "
        "under protocols that have read-only votes."),
    field<kParticipantCount, &Service::count>(
        "count", "1", "Number of identical participants of this kind in each transaction."),
    field<kWeight, &Service::weight>("weight", "1", "Of each of them in quorums; 0 to 10000."),
    field<kYesNo, &Service::exclusive>(
        "exclusive", "no",
        "Whether each of them has one record that serves a single transaction at a time, from the "
        "arrival of PREPARE to its decision; others wait in order. Needs shared sites."),
    field<kSitePlace, &Service::at_coordinator>(
        "site", "own",
        "`coordinator`: on the coordinator's site, so that messages between them cost nothing and "
        "are not counted.")};

/// Whether the name may stand; an error if not.
bool check_name(Reader& reader, const Node& services, const Entry& entry) {
  if (is_site_name(entry.key) && !is_reserved_site(entry.key)) return true;
  std::string problem = in_quotes(entry.key);
  if (entry.key == kCoordinatorName)
    problem += " is taken by the coordinator; call the service otherwise";
  else if (is_reserved_site(entry.key))
    problem += " is taken: faults call processes so; call the service otherwise";
  else if (entry.key.find(':') != std::string::npos)
    problem += " is no name of a service; a space is missing after the colon";
  else
    problem +=
        " is no name of a service; a name begins with a letter a-z and goes on with a-z, 0-9, _ "
        "and -";
  reader.error(services, entry, std::move(problem));
  return false;
}

/// The protocols of the catalogue, by name, that have read-only votes.
std::vector<std::string_view> read_only_protocols() {
  std::vector<std::string_view> names;
  for (const ProtocolEntry& p : protocol_catalogue())
    if (p.make(Group{1, {}}, standard_options(p)).takes_read_only) names.push_back(p.name);
  return names;
}

void check_total(Reader& reader, const Node& services) {
  constexpr int kMost = kMostProcesses - 1;
  const int total = reader.file().scenario.participants();
  if (total > kMost) {
    reader.error(services, "makes " + std::to_string(total) +
                               " participants in all; a transaction has at most " +
                               std::to_string(kMost));
    return reader.mark_broken("services");
  }
  if (reader.is_broken("protocols")) return;
  for (const ProtocolUse& use : reader.file().scenario.protocols) {
    const int most = find_protocol(use.protocol)->most_participants;
    if (total > most)
      return reader.error(
          services, concat({"makes ", std::to_string(total), " participants in all; ", use.label,
                            " takes at most ", std::to_string(most)}));
  }
}

/// Votes that no protocol of the file takes.
void check_read_only(Reader& reader, const Node& services) {
  const Scenario& scenario = reader.file().scenario;
  const bool whole = !reader.is_broken("protocols") && !reader.is_broken("services");
  if (!whole || scenario.services.empty()) return;
  std::string without;
  for (const ProtocolUse& use : scenario.protocols) {
    const ProtocolEntry* protocol = find_protocol(use.protocol);
    if (scenario.participants() > protocol->most_participants) return;
    if (!protocol->make(scenario.group(), use.options).takes_read_only)
      without += (without.empty() ? "" : ", ") + use.label;
  }
  if (without.empty()) return;
  for (const Service& s : scenario.services) {
    const Node* service = find(services, s.name);
    const Node* value = service != nullptr ? find(*service, "read_only") : nullptr;
    if (value != nullptr && s.read_only > 0)
      reader.error(*value, concat({"there is no read-only vote under ", without,
                                   "; protocols that have it: ", listed(read_only_protocols())}));
  }
}

}  // namespace

void read_services(Reader& reader, const Node& node, void* owner) {
  auto& scenario = *static_cast<Scenario*>(owner);
  if (!reader.is_mapping(node, kWanted)) return reader.mark_broken("services");
  for (const Entry& e : node.entries) {
    Service service;
    service.name = e.key;
    if (!check_name(reader, node, e) && !is_reserved_site(e.key)) continue;
    read_section(reader, *e.value, kServiceSection, &service);
    if (e.first_line == 0) scenario.services.push_back(std::move(service));
  }
  if (node.entries.empty()) {
    reader.error(node, "names no service; write " + std::string(kWanted));
    return reader.mark_broken("services");
  }
  check_total(reader, node);
  check_read_only(reader, node);
}

bool is_site_name(std::string_view name) {
  const auto is_letter = [](char c) { return c >= 'a' && c <= 'z'; };
  if (name.empty() || !is_letter(name.front())) return false;
  return std::all_of(name.begin(), name.end(), [&](char c) {
    return is_letter(c) || (c >= '0' && c <= '9') || c == '_' || c == '-';
  });
}

Json services_schema() {
  Json taken = {kCoordinatorName, kParticipantRole, kBackupRole, kLeaderRole, kAnySite};
  Json names{{"pattern", "^[a-z][a-z0-9_-]*$"}, {"not", {{"enum", std::move(taken)}}}};
  return {{"type", "object"},
          {"minProperties", 1},
          {"propertyNames", std::move(names)},
          {"additionalProperties", or_nothing(section_schema(kServiceSection))}};
}

const ValueKind kServices{"mapping of names", kWanted, &services_schema,
                          "{payment: {vote_yes: 0.99}, transfer: {}}"};

const Section kServiceSection{
    "service", "a mapping, like {vote_yes: 0.99, prepare: 2ms}",
    "Under `services`, one key for each kind of participant: a name made of a-z, 0-9, `_` and `-` "
    "that begins with a letter. `coordinator`, `participant`, `backup`, `leader` and `any` are "
    "taken. A service without keys of its own "
    "(`audit:` "
    "or `audit: {}`) has the defaults.",
    kFields};

}  // namespace indoubt
