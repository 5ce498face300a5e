#include "scenarios/point_checks.h"

#include <algorithm>

#include "scenarios/concat.h"
#include "scenarios/point_catalogue.h"
#include "scenarios/points.h"
#include "scenarios/site_names.h"

namespace indoubt {
namespace {

constexpr std::size_t kMostSimilar = 5;
constexpr std::string_view kParticipants = "participant";

/// A protocol of the file, with what is known of its points.
struct Known {
  const ProtocolUse* use;
  Machine machine;
  PointCatalogue catalogue;
  bool certain;  ///< what is not in the catalogue does not exist
};

/// Inputs that a catalogue leaves out: reports of crashes, and decisions of operators.
bool has_other_inputs(const Scenario& scenario, const Machine& machine) {
  if (scenario.detection.delay && machine.detects_failures) return true;
  return std::any_of(scenario.faults.begin(), scenario.faults.end(), [](const Fault& f) {
    return f.kind == Fault::Kind::heuristic || f.kind == Fault::Kind::outcome;
  });
}

std::vector<Known> known_protocols(const Scenario& scenario) {
  std::vector<Known> out;
  for (const ProtocolUse& use : scenario.protocols) {
    const ProtocolEntry* protocol = find_protocol(use.protocol);
    Machine machine = protocol->make(scenario.group(), use.options);
    const auto same = std::find_if(out.begin(), out.end(), [&](const Known& k) {
      return k.use->protocol == use.protocol && k.use->options == use.options;
    });
    PointCatalogue catalogue = same != out.end()
                                   ? same->catalogue
                                   : point_catalogue(*protocol, use.options, scenario.group());
    const bool certain = catalogue.complete && !has_other_inputs(scenario, machine);
    out.push_back({&use, std::move(machine), std::move(catalogue), certain});
  }
  return out;
}

void add(std::vector<std::string>& roles, std::string_view role) {
  if (std::find(roles.begin(), roles.end(), role) == roles.end()) roles.emplace_back(role);
}

/// The roles of `name`; false: it may be anybody.
bool add_roles(const Scenario& scenario, std::string_view name, std::vector<std::string>& roles) {
  if (name.empty() || name == kAnySite) return false;
  if (name == kCoordinatorName || name == kLeaderRole) add(roles, kCoordinatorName);
  if (name == kLeaderRole || name == kBackupRole || name == kParticipantRole)
    add(roles, kParticipants);
  for (const Zone& zone : scenario.zones)
    if (zone.name == name)
      for (const Who& member : zone.members) add_roles(scenario, member, roles);
  const std::string_view base = name.substr(0, name.find('.'));
  const bool service = std::any_of(scenario.services.begin(), scenario.services.end(),
                                   [&](const Service& s) { return s.name == base; });
  if (service) add(roles, kParticipants);
  if (roles.empty()) add(roles, base);  // a protocol's auxiliaries
  return true;
}

/// Whose point is meant; empty: anybody's.
std::vector<std::string> roles_of(const Scenario& scenario, const Fault& fault) {
  std::vector<std::string> roles;
  for (const Who& name : fault.sites) {
    std::vector<std::string> more;
    if (!add_roles(scenario, name, more)) return {};
    for (const std::string& r : more) add(roles, r);
  }
  return roles;
}

std::string joined(const std::vector<std::string>& parts, std::string_view between) {
  std::string out;
  for (const std::string& p : parts) out += (out.empty() ? "" : std::string(between)) + p;
  return out;
}

/// "the coordinator never comes to `before force committed on NO`".
std::string never(const Fault& fault, const std::vector<std::string>& roles) {
  const std::string who = roles.empty() ? "nobody ever" : "the " + joined(roles, " or ") + " never";
  return concat({who, " comes to `", point_text(fault.when.point), "`"});
}

std::string like_it(const Fault& fault, const std::vector<ProtocolPoint>& points,
                    const std::vector<std::string>& roles) {
  const auto similar = similar_points(fault.when.point, points, roles, kMostSimilar);
  return similar.empty() ? std::string() : "; did you mean " + joined(similar, ", ") + "?";
}

/// Where the fault's point is written.
const Node& point_of(const Reader& reader, std::size_t fault) {
  return *find(*reader.fault_nodes()[fault], "at");
}

void check(Reader& reader, std::size_t index, const std::vector<Known>& protocols) {
  const Scenario& scenario = reader.file().scenario;
  const Fault& fault = scenario.faults[index];
  const std::vector<std::string> roles = roles_of(scenario, fault);
  std::vector<std::string> lacking;
  std::vector<ProtocolPoint> points;  // of those that lack it
  for (const Known& k : protocols) {
    const bool named = has_point(k.machine, fault.when.point);
    if (named && (!k.certain || is_among(fault.when.point, k.catalogue.points, roles))) continue;
    lacking.push_back(k.use->label);
    points.insert(points.end(), k.catalogue.points.begin(), k.catalogue.points.end());
  }
  if (lacking.empty()) return;
  const std::string under = " under " + joined(lacking, ", ");
  const std::string similar = like_it(fault, points, roles);
  if (lacking.size() == protocols.size())
    return reader.error(point_of(reader, index), never(fault, roles) + under + similar);
  reader.note(point_of(reader, index), concat({fault.name, ": ", never(fault, roles), under,
                                               "; the fault never strikes there", similar}));
}

/// Whether a message fault meets a message: somebody of `from` sends it to somebody of `to`.
bool can_meet(const Scenario& scenario, const Fault& fault, const Known& k) {
  if (!k.certain) return true;
  std::vector<std::string> senders, receivers;
  if (!add_roles(scenario, fault.from, senders)) senders.clear();
  if (!add_roles(scenario, fault.to, receivers)) receivers.clear();
  Point sent;
  sent.where = Point::Where::before;
  sent.what = Point::What::send;
  sent.name = fault.type;
  Point delivered = sent;
  delivered.where = Point::Where::instead_of;
  return is_among(sent, k.catalogue.points, senders) &&
         is_among(delivered, k.catalogue.points, receivers);
}

/// Chosen messages that nobody of those named ever sends, or is ever sent.
void check_message(Reader& reader, std::size_t index, const std::vector<Known>& protocols) {
  const Scenario& scenario = reader.file().scenario;
  const Fault& fault = scenario.faults[index];
  std::string lacking;
  for (const Known& k : protocols)
    if (!can_meet(scenario, fault, k)) lacking += (lacking.empty() ? "" : ", ") + k.use->label;
  if (lacking.empty()) return;
  const std::string from = fault.from.empty() ? "any site" : fault.from;
  const std::string to = fault.to.empty() ? "any site" : fault.to;
  reader.note(
      *reader.fault_nodes()[index],
      concat({fault.name, ": no ", fault.type, " goes from ", from, " to ", to, " under ", lacking,
              "; the fault never strikes there (`indoubt points` says who sends "
              "what)"}));
}

}  // namespace

void check_points(Reader& reader) {
  const Scenario& scenario = reader.file().scenario;
  std::vector<std::size_t> messages;
  for (std::size_t i = 0; i < scenario.faults.size(); ++i) {
    const Fault& f = scenario.faults[i];
    const bool chosen =
        f.kind == Fault::Kind::message && !f.type.empty() && !(f.from.empty() && f.to.empty());
    if (chosen && reader.is_sound(path_of(*reader.fault_nodes()[i]))) messages.push_back(i);
  }
  std::vector<std::size_t> judged;
  for (std::size_t i = 0; i < scenario.faults.size(); ++i)
    if (scenario.faults[i].when.kind == Trigger::Kind::at_point &&
        reader.is_sound(path_of(*reader.fault_nodes()[i])))
      judged.push_back(i);
  if (judged.empty() && messages.empty()) return;
  const std::vector<Known> protocols = known_protocols(scenario);
  for (const std::size_t i : judged) check(reader, i, protocols);
  for (const std::size_t i : messages) check_message(reader, i, protocols);
}

}  // namespace indoubt
