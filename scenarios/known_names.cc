#include "scenarios/known_names.h"

#include <algorithm>

#include "protocols/catalogue.h"
#include "scenarios/points.h"

namespace indoubt {
namespace {

using Names = std::vector<std::string_view>;

void add_all(Names& to, const Names& more) {
  for (const std::string_view m : more)
    if (std::find(to.begin(), to.end(), m) == to.end()) to.push_back(m);
}

void add_auxiliaries(std::vector<Auxiliaries>& to, const Machine& machine) {
  if (machine.auxiliary_name.empty()) return;
  const auto count = static_cast<int>(machine.auxiliary_hosts.size());
  for (Auxiliaries& a : to)
    if (a.name == machine.auxiliary_name) {
      a.count = std::max(a.count, count);
      return;
    }
  to.push_back({machine.auxiliary_name, count});
}

/// Records are unknown where one of the protocols does not list its own.
void add_records(Names& to, const std::vector<Machine>& machines) {
  for (const Machine& m : machines)
    if (m.records.empty()) return;
  for (const Machine& m : machines) add_all(to, record_names(m));
}

/// Without protocols that do not take so many participants.
std::vector<Machine> machines_of(const Scenario& scenario) {
  std::vector<Machine> machines;
  for (const ProtocolUse& use : scenario.protocols) {
    const ProtocolEntry* protocol = find_protocol(use.protocol);
    if (protocol != nullptr && scenario.participants() <= protocol->most_participants)
      machines.push_back(protocol->make(scenario.group(), use.options));
  }
  return machines;
}

std::shared_ptr<const KnownNames> make_names(Reader& reader) {
  const Scenario& scenario = reader.file().scenario;
  const bool judged =
      !reader.is_broken("protocols") && !reader.is_broken("services") && !scenario.services.empty();
  auto machines = judged ? machines_of(scenario) : std::vector<Machine>();
  std::vector<Auxiliaries> auxiliaries;
  PointNames points;
  for (const Machine& m : machines) {
    add_auxiliaries(auxiliaries, m);
    add_all(points.messages, message_names(m));
    add_all(points.handlers, handler_names(m));
  }
  add_records(points.records, machines);
  auto names = std::make_shared<KnownNames>(KnownNames{SiteNames(scenario, auxiliaries), points,
                                                       auxiliaries, std::move(machines), judged});
  if (judged) names->points.sites = &names->sites;
  return names;
}

}  // namespace

const KnownNames& known_names(Reader& reader) {
  if (!reader.names()) reader.set_names(make_names(reader));
  return *reader.names();
}

}  // namespace indoubt
