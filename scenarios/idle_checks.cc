#include "scenarios/idle_checks.h"

#include <algorithm>

#include "protocols/catalogue.h"
#include "scenarios/concat.h"
#include "scenarios/structures.h"

namespace indoubt {
namespace {

bool is_coordinator_only(const std::vector<Who>& sites) {
  return !sites.empty() && std::all_of(sites.begin(), sites.end(),
                                       [](const Who& s) { return s == kCoordinatorName; });
}

/// Where `key` of a fault is written.
const Node& key_of(const Reader& reader, std::size_t fault, std::string_view key) {
  const Node* node = find(*reader.fault_nodes()[fault], key);
  return node != nullptr ? *node : *reader.fault_nodes()[fault];
}

/// A fault that only participants can have.
void check_doubt(Reader& reader, std::size_t i) {
  const Fault& f = reader.file().scenario.faults[i];
  const bool decides = f.kind == Fault::Kind::heuristic || f.kind == Fault::Kind::outcome;
  if (decides && is_coordinator_only(f.sites))
    reader.note(key_of(reader, i, "site"),
                concat({f.name,
                        ": the coordinator is never in doubt, so the fault never strikes; "
                        "name participants"}));
}

/// Most processes that one broadcast goes to, under any protocol of the file.
int most_sends(const Scenario& scenario) {
  int most = 0;
  for (const ProtocolUse& use : scenario.protocols)
    if (const ProtocolEntry* protocol = find_protocol(use.protocol))
      most = std::max(most, protocol->make(scenario.group(), use.options).processes - 1);
  return most;
}

void check_sends(Reader& reader, std::size_t i) {
  const Scenario& scenario = reader.file().scenario;
  const Fault& f = scenario.faults[i];
  const Point& point = f.when.point;
  const int most = most_sends(scenario);
  if (point.sends > most)
    return reader.note(
        key_of(reader, i, "at"),
        concat({f.name, ": a broadcast here has at most ", std::to_string(most),
                " sends, so the fault never strikes; name one from 1 to ", std::to_string(most)}));
  const bool to_itself = point.to == kCoordinatorName && is_coordinator_only(f.sites);
  if (to_itself)
    reader.note(key_of(reader, i, "at"),
                concat({f.name,
                        ": the coordinator sends nothing to itself, so the fault never "
                        "strikes; name a participant"}));
}

bool takes_sites_down(const Fault& f) {
  return f.kind == Fault::Kind::crash || (f.kind == Fault::Kind::disk && !f.lies);
}

/// A point of a recovery where nothing makes a site recover.
void check_recovery(Reader& reader, std::size_t i) {
  const Scenario& scenario = reader.file().scenario;
  const Fault& f = scenario.faults[i];
  if (f.when.point.handler != "recovery") return;
  const auto brings_back = [&](const Fault& other) {
    const bool here =
        other.when.kind == Trigger::Kind::at_point && other.when.point.handler == "recovery";
    const bool up_again = other.lasts || other.when.kind == Trigger::Kind::trace;
    return takes_sites_down(other) && up_again && !here;
  };
  if (std::none_of(scenario.faults.begin(), scenario.faults.end(), brings_back))
    reader.note(key_of(reader, i, "at"),
                concat({f.name,
                        ": no other fault takes a site down and lets it restart, so there "
                        "is no recovery and the fault never strikes"}));
}

/// The value of an option; the fallback if the protocol does not have it.
int option_of(const ProtocolEntry& protocol, const ProtocolUse& use, std::string_view name,
              int otherwise) {
  for (std::size_t k = 0; k < protocol.options.size(); ++k)
    if (protocol.options[k].name == name) return use.options[k];
  return otherwise;
}

bool rule_is_at_least(const ProtocolEntry& protocol, const ProtocolUse& use) {
  for (const OptionField& o : protocol.options) {
    if (o.name != "decision_rule") continue;
    const auto chosen = static_cast<std::size_t>(option_of(protocol, use, o.name, 0));
    return chosen < o.choices.size() && o.choices[chosen] == "at-least";
  }
  return true;
}

void check_options(Reader& reader, const ProtocolUse& use, const Node& node) {
  const ProtocolEntry* protocol = find_protocol(use.protocol);
  if (protocol == nullptr) return;
  if (option_of(*protocol, use, "at_least", 1) != 1 && !rule_is_at_least(*protocol, use))
    reader.note(node, concat({use.label,
                              ": at_least has no effect without `decision_rule: "
                              "at-least`"}));
  if (option_of(*protocol, use, "one_phase", 0) != 0 && reader.file().scenario.participants() != 1)
    reader.note(node, concat({use.label, ": one_phase has no effect with ",
                              std::to_string(reader.file().scenario.participants()),
                              " participants; it is for a single one"}));
}

}  // namespace

void check_idle(Reader& reader) {
  const Scenario& scenario = reader.file().scenario;
  for (std::size_t i = 0; i < scenario.faults.size() && i < reader.fault_nodes().size(); ++i) {
    check_doubt(reader, i);
    if (scenario.faults[i].when.kind != Trigger::Kind::at_point) continue;
    check_sends(reader, i);
    check_recovery(reader, i);
  }
  const Node* protocols = reader.top("protocols");
  if (protocols == nullptr || protocols->items.size() != scenario.protocols.size()) return;
  for (std::size_t i = 0; i < scenario.protocols.size(); ++i)
    check_options(reader, scenario.protocols[i], *protocols->items[i]);
}

}  // namespace indoubt
