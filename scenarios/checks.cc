#include "scenarios/checks.h"

#include <algorithm>

#include "protocols/catalogue.h"

namespace indoubt {
namespace {

constexpr std::string_view kVoteTimer = "votes";

bool can_lose(const Network& network) {
  if (network.loss > 0) return true;
  return std::any_of(network.links.begin(), network.links.end(),
                     [](const LinkRule& r) { return r.loss.value_or(0) > 0; });
}

bool has_timer(const ProtocolEntry& protocol, std::string_view timer) {
  return std::find(protocol.timers.begin(), protocol.timers.end(), timer) != protocol.timers.end();
}

/// A lost message and no time-out: nobody ever notices.
void check_loss(Reader& reader) {
  const Scenario& scenario = reader.file().scenario;
  if (!can_lose(scenario.network) || scenario.timeout(kVoteTimer)) return;
  for (const ProtocolUse& use : scenario.protocols) {
    const ProtocolEntry* protocol = find_protocol(use.protocol);
    if (protocol == nullptr || !has_timer(*protocol, kVoteTimer)) continue;
    return reader.note(
        "network",
        "messages can be lost, but timeouts.votes is never: the coordinator waits for "
        "ever for a lost vote, and the transaction stays undecided");
  }
}

/// A rule that no transaction can meet.
void check_rule(Reader& reader) {
  const Scenario& scenario = reader.file().scenario;
  const int n = scenario.participants();
  for (const ProtocolUse& use : scenario.protocols) {
    const ProtocolEntry* protocol = find_protocol(use.protocol);
    if (protocol == nullptr) continue;
    const int needed = protocol->make(scenario.group(), use.options).traits.needed(n);
    if (needed > n)
      reader.note("protocols", use.label + " needs " + std::to_string(needed) +
                                   " YES votes, but there are " + std::to_string(n) +
                                   " participants: no transaction can commit");
  }
}

}  // namespace

void check_together(Reader& reader) {
  check_loss(reader);
  check_rule(reader);
}

}  // namespace indoubt
