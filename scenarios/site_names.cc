#include "scenarios/site_names.h"

#include <algorithm>

#include "scenarios/concat.h"
#include "scenarios/diagnostic.h"
#include "scenarios/quantity.h"
#include "scenarios/suggestion.h"

namespace indoubt {
namespace {

const Service* find_service(const Scenario& scenario, std::string_view name) {
  for (const Service& s : scenario.services)
    if (s.name == name) return &s;
  return nullptr;
}

const Zone* find_zone(const Scenario& scenario, std::string_view name) {
  for (const Zone& z : scenario.zones)
    if (z.name == name) return &z;
  return nullptr;
}

void append(std::vector<std::string>& to, const std::vector<std::string>& more) {
  for (const std::string& m : more)
    if (std::find(to.begin(), to.end(), m) == to.end()) to.push_back(m);
}

}  // namespace

bool is_reserved_site(std::string_view name) {
  return name == kCoordinatorName || name == kParticipantRole || name == kBackupRole ||
         name == kLeaderRole || name == kAnySite;
}

SiteNames::SiteNames(const Scenario& scenario, std::vector<Auxiliaries> auxiliaries)
    : scenario_(scenario), auxiliaries_(std::move(auxiliaries)) {}

std::vector<std::string_view> SiteNames::names(Use use) const {
  std::vector<std::string_view> out;
  if (use != Use::zones) {
    out.push_back(kCoordinatorName);
    for (const Service& s : scenario_.services) out.push_back(s.name);
    for (const Auxiliaries& a : auxiliaries_) out.push_back(a.name);
    out.push_back(kParticipantRole);
  }
  if (use == Use::fault) out.insert(out.end(), {kBackupRole, kLeaderRole, kAnySite});
  if (use != Use::zone)
    for (const Zone& z : scenario_.zones) out.push_back(z.name);
  return out;
}

int SiteNames::numbered(std::string_view base) const {
  if (const Service* s = find_service(scenario_, base)) return s->count;
  for (const Auxiliaries& a : auxiliaries_)
    if (a.name == base) return a.count;
  return 0;
}

std::optional<std::string> SiteNames::number_problem(std::string_view name, std::size_t dot) const {
  const std::string_view base = name.substr(0, dot);
  const int count = numbered(base);
  const std::string last = std::to_string(count);
  const auto number = parse_count(name.substr(dot + 1), 1, static_cast<std::uint64_t>(count));
  const bool plain = number && std::to_string(*number.value) == name.substr(dot + 1);
  if (plain && (count > 1 || find_service(scenario_, base) == nullptr)) return std::nullopt;
  if (count == 1)
    return concat({in_quotes(name), " does not exist: there is one ", base, "; write ", base});
  return concat({in_quotes(name), " does not exist; write ", base, ".1 to ", base, ".", last,
                 ", or ", base, " for all of them"});
}

std::optional<std::string> SiteNames::problem(std::string_view name, Use use) const {
  const auto known = names(use);
  if (std::find(known.begin(), known.end(), name) != known.end()) return std::nullopt;
  const std::size_t dot = name.find('.');
  if (use != Use::zones && dot != std::string_view::npos && numbered(name.substr(0, dot)) > 0)
    return number_problem(name, dot);
  if (use == Use::zones)
    return concat({in_quotes(name), " is no zone of this file", choices(name, "zones", known)});
  const std::string list = choices(name, "sites", known);
  if (is_reserved_site(name))
    return concat({in_quotes(name), " cannot stand here, where sites are named that stay the same",
                   "; sites: ", listed(known)});
  if (use == Use::zone && find_zone(scenario_, name) != nullptr)
    return concat({in_quotes(name), " is a zone; a zone is made of sites", list});
  return concat({in_quotes(name), " is no site of this file", list});
}

std::vector<std::string> SiteNames::numbers_of(std::string_view base, int count) const {
  std::vector<std::string> out;
  for (int i = 1; i <= count; ++i) out.push_back(concat({base, ".", std::to_string(i)}));
  return out;
}

std::vector<std::string> SiteNames::sites(std::string_view name) const {
  std::vector<std::string> out;
  if (name == kCoordinatorName) return {std::string(name)};
  if (name == kParticipantRole) {
    for (const Service& s : scenario_.services) append(out, sites(s.name));
    return out;
  }
  if (const Zone* zone = find_zone(scenario_, name)) {
    for (const Who& member : zone->members) append(out, sites(member));
    return out;
  }
  const std::string_view base = name.substr(0, name.find('.'));
  const Service* service = find_service(scenario_, base);
  if (service != nullptr && service->at_coordinator) return {std::string(kCoordinatorName)};
  if (base != name || (service != nullptr && service->count == 1)) return {std::string(name)};
  return numbers_of(base, numbered(base));
}

}  // namespace indoubt
