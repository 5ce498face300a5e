#include "scenarios/checks.h"

#include <algorithm>

#include "protocols/catalogue.h"
#include "scenarios/concat.h"
#include "scenarios/idle_checks.h"
#include "sim/latency/text.h"
#include "sim/network/network_plan.h"

namespace indoubt {
namespace {

constexpr std::string_view kVoteTimer = "votes";
constexpr std::string_view kRequestTimer = "request";

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

/// A lost message that a participant waits for without end: time-outs that are named nowhere. Those
/// with `never` are meant so, `votes` has a note of its own, and who waits for a request waits for
/// nothing that is at stake.
void check_unset_timers(Reader& reader) {
  const Scenario& scenario = reader.file().scenario;
  if (!can_lose(scenario.network)) return;
  for (const ProtocolUse& use : scenario.protocols) {
    const ProtocolEntry* protocol = find_protocol(use.protocol);
    if (protocol == nullptr) continue;
    std::string unset;
    for (const std::string_view timer : protocol->timers) {
      const bool named = std::any_of(scenario.timeouts.begin(), scenario.timeouts.end(),
                                     [&](const TimeoutLength& t) { return t.timer == timer; });
      if (!named && timer != kVoteTimer && timer != kRequestTimer)
        unset.append(unset.empty() ? "" : ", ").append(timer);
    }
    if (!unset.empty())
      reader.note("network", "messages can be lost, and these time-outs of " + use.label +
                                 " have no length, so who waits there waits for ever: " + unset +
                                 " (`never` says that this is meant)");
  }
}

/// A rule that no transaction can meet.
void check_rule(Reader& reader) {
  const Scenario& scenario = reader.file().scenario;
  const int n = scenario.participants();
  const Node* uses = reader.top("protocols");
  for (std::size_t i = 0; i < scenario.protocols.size(); ++i) {
    const ProtocolUse& use = scenario.protocols[i];
    const ProtocolEntry* protocol = find_protocol(use.protocol);
    if (protocol == nullptr || uses == nullptr) continue;
    const Node& written = i < uses->items.size() ? *uses->items[i] : *uses;
    const int needed = protocol->make(scenario.group(), use.options).traits.needed(n);
    if (needed > n)
      reader.note(written, use.label + " needs " + std::to_string(needed) +
                               " YES votes, but there are " + std::to_string(n) +
                               " participants: no transaction can commit");
  }
}

/// The shortest draw; fractions of a nanosecond are cut off, as when it is sampled.
Duration least(const Latency& latency) {
  return Duration{static_cast<Duration::rep>(latency.range().low)};
}

/// A participant's fastest vote: PREPARE to it, its local work, the vote back.
Duration fastest_vote(const Scenario& scenario, const NetworkPlan& network, int p) {
  const auto id = static_cast<ProcessId>(p);
  return least(network.link(0, id).latency) + least(scenario.service_of(p).prepare) +
         least(network.link(id, 0).latency);
}

/// The participant whose fastest vote is the slowest; the first of equals.
int slowest_voter(const Scenario& scenario, const NetworkPlan& network) {
  int slowest = 1;
  for (int p = 2; p <= scenario.participants(); ++p)
    if (fastest_vote(scenario, network, p) > fastest_vote(scenario, network, slowest)) slowest = p;
  return slowest;
}

/// The protocols that ask all at once and give up before `fastest` has passed.
std::string give_up_before(Duration fastest, const Scenario& scenario, double timeout_ns) {
  std::string labels;
  for (const ProtocolUse& use : scenario.protocols) {
    const ProtocolEntry* protocol = find_protocol(use.protocol);
    if (protocol == nullptr || !has_timer(*protocol, kVoteTimer)) continue;
    const ProtocolTraits traits = protocol->make(scenario.group(), use.options).traits;
    if (traits.one_by_one || !traits.asked_directly ||
        timeout_ns * traits.prepare_tries >= static_cast<double>(fastest.count()))
      continue;
    labels += (labels.empty() ? "" : ", ") + use.label;
  }
  return labels;
}

/// A time-out of which a vote can never be in time.
void check_vote_timeout(Reader& reader) {
  const Scenario& scenario = reader.file().scenario;
  const auto timeout = scenario.timeout(kVoteTimer);
  if (!timeout) return;
  const NetworkPlan network(scenario);
  const int p = slowest_voter(scenario, network);
  const Duration fastest = fastest_vote(scenario, network, p);
  const std::string labels = give_up_before(fastest, scenario, timeout->range().high);
  if (labels.empty()) return;
  reader.note("timeouts", "votes: " + timeout->text() + " is too short for any vote of " +
                              scenario.service_of(p).name + " to be in time under " + labels +
                              ": PREPARE, its local work and the vote take at least " +
                              duration_text(fastest));
}

/// A detector that nobody listens to.
void check_detection(Reader& reader) {
  const Scenario& scenario = reader.file().scenario;
  if (!scenario.detection.delay) return;
  for (const ProtocolUse& use : scenario.protocols) {
    const ProtocolEntry* protocol = find_protocol(use.protocol);
    if (protocol == nullptr || protocol->make(scenario.group(), use.options).detects_failures)
      continue;
    reader.note("detection", use.label +
                                 " does not listen to a failure detector: under it crashes "
                                 "become known by time-outs only");
  }
}

/// Chosen transactions that the run does not have.
void check_chosen(Reader& reader) {
  const Scenario& scenario = reader.file().scenario;
  const std::uint64_t count = scenario.transactions.count;
  for (std::size_t i = 0; i < scenario.faults.size(); ++i) {
    const Fault& fault = scenario.faults[i];
    const auto& chosen = fault.when.transactions;
    if (chosen.empty() || i >= reader.fault_nodes().size()) continue;
    const Node* written = find(*reader.fault_nodes()[i], "transactions");
    if (written == nullptr) continue;
    if (chosen.front() == 0)
      reader.note(*written, fault.name + ": there is no transaction 0; the first one is 1");
    if (chosen.back() > count)
      reader.note(*written, fault.name + ": there is no transaction " +
                                std::to_string(chosen.back()) + "; the last one is " +
                                std::to_string(count));
  }
}

/// What is wrong with this use of a protocol by this group; empty if nothing is.
std::string wrong_use(const ProtocolEntry& protocol, const ProtocolUse& use, const Group& group) {
  if (group.participants > protocol.most_participants) {
    return std::string(protocol.name) + " takes at most " +
           std::to_string(protocol.most_participants) + " participants; the services make " +
           std::to_string(group.participants);
  }
  return protocol.check == nullptr ? std::string() : protocol.check(group, use.options);
}

}  // namespace

void check_protocols(Reader& reader) {
  const Scenario& scenario = reader.file().scenario;
  const Node* list = reader.top("protocols");
  for (std::size_t i = 0; i < scenario.protocols.size(); ++i) {
    const ProtocolEntry* protocol = find_protocol(scenario.protocols[i].protocol);
    if (protocol == nullptr || list == nullptr) continue;
    std::string wrong = wrong_use(*protocol, scenario.protocols[i], scenario.group());
    if (!wrong.empty()) reader.error(*list->items[i], std::move(wrong));
  }
}

/// Timers that expire at the multiples of their length.
void check_rounds(Reader& reader) {
  const Scenario& scenario = reader.file().scenario;
  const Node* list = reader.top("protocols");
  for (std::size_t i = 0; i < scenario.protocols.size() && list != nullptr; ++i) {
    const ProtocolUse& use = scenario.protocols[i];
    const ProtocolEntry* protocol = find_protocol(use.protocol);
    if (protocol == nullptr || !wrong_use(*protocol, use, scenario.group()).empty()) continue;
    const Machine machine = protocol->make(scenario.group(), use.options);
    for (std::size_t k = 0; k < machine.timers.size(); ++k) {
      const auto length = scenario.timeout(machine.timers[k]);
      if ((machine.round_timers >> k & 1) == 0 || !length || length->is_constant()) continue;
      reader.error(*list->items[i],
                   concat({use.label, ": rounds are at the multiples of timeouts.",
                           machine.timers[k], ", which is ", length->text(),
                           "; allowed: a constant time-out, or `uncertain: ask`"}));
    }
  }
}

namespace {

/// Waiting that needs transactions to meet.
void check_waiting(Reader& reader) {
  const Scenario& s = reader.file().scenario;
  if (s.transactions.sites == Sites::shared) return;
  if (s.transactions.arrivals.kind == Arrivals::Kind::closed)
    reader.note("transactions",
                "a closed load of transactions that never meet: with `sites: "
                "fresh` each is alone");
  for (const Service& service : s.services)
    if (service.exclusive)
      return reader.note("services", service.name +
                                         ": an exclusive record makes nobody wait, since each "
                                         "transaction has sites of its own; write "
                                         "`transactions: {sites: shared}`");
}

}  // namespace

void check_exploration(Reader& reader) {
  const Node* explore = reader.top("explore");
  if (!reader.file().scenario.exploration.faults_of_scenario || explore == nullptr) return;
  for (const Entry& entry : explore->entries)
    if (entry.key != "faults" && entry.key != "properties")
      reader.error(*explore, entry,
                   "plays no part with `faults: scenario`, whose faults, votes and times are those "
                   "of the scenario; only `properties` may stand beside it");
}

void check_client(Reader& reader) {
  const Scenario& scenario = reader.file().scenario;
  const Node* client = reader.top("client");
  if (!scenario.client || client == nullptr) return;
  if (scenario.transactions.sites == Sites::shared)
    reader.error(*client,
                 "a client needs sites that are not shared: write `transactions: {sites: fresh}`");
}

/// A reduction that what else is asked rules out.
void check_partial_order(Reader& reader) {
  const Exploration& e = reader.file().scenario.exploration;
  const Node* explore = reader.top("explore");
  const Node* written = explore == nullptr ? nullptr : find(*explore, "partial_order");
  if (!e.partial_order || written == nullptr) return;
  if (e.timing != Timing::asynchronous || !e.reduction)
    reader.note(
        *written,
        "partial_order plays no part here: it needs timing: asynchronous and reduction: yes");
}

void check_together(Reader& reader) {
  check_waiting(reader);
  check_loss(reader);
  check_unset_timers(reader);
  check_vote_timeout(reader);
  check_rule(reader);
  check_detection(reader);
  check_chosen(reader);
  check_partial_order(reader);
  check_idle(reader);
}

}  // namespace indoubt
