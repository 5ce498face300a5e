#include "sim/engine/preparation.h"

#include <algorithm>
#include <optional>
#include <string_view>

namespace indoubt {

bool has_random_timeouts(const Scenario& scenario, const Machine& machine) {
  return std::any_of(machine.timers.begin(), machine.timers.end(), [&](std::string_view timer) {
    const std::optional<Latency> length = scenario.timeout(timer);
    return length && !length->is_constant();
  });
}

std::uint32_t timers_that_fire(const Scenario& scenario, const Machine& machine) {
  std::uint32_t fire = 0;
  for (std::size_t k = 0; k < machine.timers.size(); ++k)
    if (scenario.timeout(machine.timers[k])) fire |= std::uint32_t{1} << k;
  return fire;
}

std::vector<std::uint8_t> possible_votes(const Scenario& scenario, const Machine& machine) {
  std::vector<std::uint8_t> votes(machine.processes);
  for (int p = 1; p <= scenario.participants(); ++p) {
    const double yes = scenario.service_of(p).vote_yes;
    votes[static_cast<std::size_t>(p)] =
        static_cast<std::uint8_t>((yes < 1 ? 1 : 0) | (yes > 0 ? 2 : 0) | 4);
  }
  return votes;
}

std::uint32_t inquiries_of(const Machine& machine) {
  std::uint32_t types = 0;
  for (const Message m : machine.variants)
    if (machine.message_name(m) == "INQUIRY") types |= std::uint32_t{1} << m.type();
  return types;
}

bool has_queues(const Scenario& scenario) {
  const bool exclusive = std::any_of(scenario.services.begin(), scenario.services.end(),
                                     [](const Service& s) { return s.exclusive; });
  const Transactions& run = scenario.transactions;
  const bool in_order = run.sites == Sites::shared && scenario.network.fifo;
  const bool closed = run.arrivals.kind == Arrivals::Kind::closed;
  return !scenario.cpu.is_zero() || scenario.disk.queue || exclusive || in_order || closed;
}

}  // namespace indoubt
