// services: who takes part.
#include <array>
#include <nlohmann/json.hpp>

#include "protocols/catalogue.h"
#include "scenarios/structures.h"
#include "scenarios/suggestion.h"
#include "scenarios/value_schema.h"
#include "scenarios/values.h"
#include "sim/process/effect.h"

namespace indoubt {
namespace {

constexpr std::string_view kWanted =
    "a mapping of service names, like {payment: {vote_yes: 0.99}, transfer: {}}";

constexpr std::array<Field, 4> kFields = {
    field<kProbability, &Service::vote_yes>("vote_yes", "1", "Probability of voting YES."),
    field<kLatency, &Service::prepare>("prepare", "0s",
                                       "Local work between the arrival of PREPARE and the vote."),
    field<kParticipantCount, &Service::count>(
        "count", "1", "Number of identical participants of this kind in each transaction."),
    field<kSitePlace, &Service::at_coordinator>(
        "site", "own",
        "`coordinator`: on the coordinator's site, so that messages between them cost nothing and "
        "are not counted.")};

bool is_service_name(std::string_view name) {
  const auto is_letter = [](char c) { return c >= 'a' && c <= 'z'; };
  if (name.empty() || !is_letter(name.front())) return false;
  for (const char c : name)
    if (!is_letter(c) && !(c >= '0' && c <= '9') && c != '_' && c != '-') return false;
  return true;
}

/// Whether the name may stand; an error if not.
bool check_name(Reader& reader, const Node& services, const Entry& entry) {
  if (is_service_name(entry.key) && entry.key != kCoordinatorName) return true;
  std::string problem = in_quotes(entry.key);
  if (entry.key == kCoordinatorName)
    problem += " is taken by the coordinator; call the service otherwise";
  else if (entry.key.find(':') != std::string::npos)
    problem += " is no name of a service; a space is missing after the colon";
  else
    problem +=
        " is no name of a service; a name begins with a letter a-z and goes on with a-z, 0-9, _ "
        "and -";
  reader.error(services, entry, std::move(problem));
  return false;
}

void check_total(Reader& reader, const Node& services) {
  constexpr int kMost = kMostProcesses - 1;
  const int total = reader.file().scenario.participants();
  if (total > kMost)
    reader.error(services, "makes " + std::to_string(total) +
                               " participants in all; a transaction has at most " +
                               std::to_string(kMost));
  for (const ProtocolUse& use : reader.file().scenario.protocols) {
    const int most = find_protocol(use.protocol)->most_participants;
    if (total <= most || total > kMost) continue;
    reader.error(services, "makes " + std::to_string(total) + " participants in all; " +
                               use.protocol + " takes at most " + std::to_string(most));
  }
}

}  // namespace

void read_services(Reader& reader, const Node& node, void* owner) {
  auto& scenario = *static_cast<Scenario*>(owner);
  if (!reader.is_mapping(node, kWanted)) return reader.mark_broken("services");
  for (const Entry& e : node.entries) {
    Service service;
    service.name = e.key;
    if (!check_name(reader, node, e) && e.key != kCoordinatorName) continue;
    read_section(reader, *e.value, kServiceSection, &service);
    if (e.first_line == 0) scenario.services.push_back(std::move(service));
  }
  if (node.entries.empty()) {
    reader.error(node, "names no service; write " + std::string(kWanted));
    return reader.mark_broken("services");
  }
  check_total(reader, node);
}

Json services_schema() {
  Json names{{"pattern", "^[a-z][a-z0-9_-]*$"}, {"not", {{"const", kCoordinatorName}}}};
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
    "that begins with a letter. `coordinator` is taken. A service without keys of its own "
    "(`audit:` "
    "or `audit: {}`) has the defaults.",
    kFields};

}  // namespace indoubt
