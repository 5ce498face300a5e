// timeouts: how long the protocols' timers run.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "protocols/catalogue.h"
#include "scenarios/structures.h"
#include "scenarios/suggestion.h"
#include "scenarios/values.h"

namespace indoubt {
namespace {

constexpr std::string_view kWanted = "a mapping of timers, like {votes: 100ms, decision: never}";

void add_timers(std::vector<std::string_view>& names, const ProtocolEntry& protocol) {
  for (const std::string_view t : protocol.timers)
    if (std::find(names.begin(), names.end(), t) == names.end()) names.push_back(t);
}

std::vector<std::string_view> timers_of(const Scenario& scenario) {
  std::vector<std::string_view> names;
  for (const ProtocolUse& use : scenario.protocols)
    if (const ProtocolEntry* protocol = find_protocol(use.protocol)) add_timers(names, *protocol);
  return names;
}

void report_unknown(Reader& reader, const Node& timeouts, const Entry& entry,
                    std::span<const std::string_view> here) {
  std::string message = "no protocol of this file has this timer";
  for (const ProtocolEntry& p : protocol_catalogue())
    if (std::find(p.timers.begin(), p.timers.end(), entry.key) != p.timers.end()) {
      message += " (" + std::string(p.name) + " has it)";
      break;
    }
  reader.error(timeouts, entry, message + choices(entry.key, "timers", here));
}

Json timeouts_schema() {
  Json timers = Json::object();
  for (const std::string_view t : timer_names()) timers[std::string(t)] = kTimeoutLength.schema();
  return {{"type", {"object", "null"}},
          {"properties", std::move(timers)},
          {"additionalProperties", false}};
}

}  // namespace

void read_timeouts(Reader& reader, const Node& node, void* owner) {
  auto& scenario = *static_cast<Scenario*>(owner);
  if (!reader.is_mapping(node, kWanted)) return;
  const auto here = reader.is_broken("protocols") ? timer_names() : timers_of(scenario);
  for (const Entry& e : node.entries) {
    if (std::find(here.begin(), here.end(), e.key) == here.end())
      report_unknown(reader, node, e, here);
    auto length = kTimeoutLength.read(reader, *e.value);
    if (length && e.first_line == 0) scenario.timeouts.push_back({e.key, std::move(*length)});
  }
}

std::vector<std::string_view> timer_names() {
  std::vector<std::string_view> names;
  for (const ProtocolEntry& p : protocol_catalogue()) add_timers(names, p);
  return names;
}

const ValueKind kTimeouts{"mapping of timers", kWanted, &timeouts_schema};

}  // namespace indoubt
