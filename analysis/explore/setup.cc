#include "analysis/explore/setup.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>

namespace indoubt {
namespace {

constexpr std::uint8_t bit(LocalVote v) {
  return static_cast<std::uint8_t>(1u << static_cast<unsigned>(v));
}

std::uint8_t votes_of(const Service& service, const Machine& machine, bool free) {
  std::uint8_t votes = 0;
  if (free || service.vote_yes > 0) votes |= bit(LocalVote::yes);
  if (free || service.vote_yes < 1) votes |= bit(LocalVote::no);
  const bool reads = machine.takes_read_only && service.read_only > 0;
  if (reads && service.read_only >= 1) return bit(LocalVote::read_only);
  return reads ? votes | bit(LocalVote::read_only) : votes;
}

/// Turns durations into ticks: their greatest common divisor.
class Ticks {
 public:
  Ticks(Timing timing, std::vector<std::string>& problems) : timing_(timing), problems_(problems) {}

  /// The longest draw, which is the only one with exact timing.
  std::int64_t length(const Latency& latency, const std::string& what) {
    const LatencyRange range = latency.range();
    if (timing_ == Timing::timed && !latency.is_constant()) {
      problems_.push_back(what + " is " + latency.text() +
                          ", and timed exploration needs constant times; write a constant, or "
                          "explore with timing: bounded or asynchronous");
      return 0;
    }
    if (!std::isfinite(range.high)) {
      problems_.push_back(what + " is " + latency.text() +
                          ", which has no largest value; bounded delay needs one: write "
                          "explore: {delay: ...}, a constant or uniform time, or explore with "
                          "timing: asynchronous");
      return 0;
    }
    const auto ns = static_cast<std::int64_t>(range.high);
    unit_ = std::gcd(unit_, ns);
    return ns;
  }
  std::int64_t unit() const { return unit_; }
  std::uint8_t ticks(std::int64_t ns, const std::string& what) {
    if (ns == 0 || unit_ == 0) return 0;
    const std::int64_t n = ns / unit_;
    if (n <= kMostTicks) return static_cast<std::uint8_t>(n);
    problems_.push_back(
        what + " lasts " + std::to_string(n) + " ticks of " + std::to_string(unit_) +
        "ns, the greatest common divisor of all times; at "
        "most " +
        std::to_string(kMostTicks) + " can be explored: round the times to fewer common parts");
    return 0;
  }

 private:
  Timing timing_;
  std::vector<std::string>& problems_;
  std::int64_t unit_ = 0;
};

struct Lengths {
  std::vector<std::int64_t> timers, links;
  std::vector<std::int64_t> work;  ///< by service
  std::int64_t force = 0;
};

Lengths lengths_of(const Scenario& scenario, const Exploration& budget, const Machine& machine,
                   const NetworkPlan& network, std::uint32_t fires, Ticks& ticks) {
  Lengths out;
  for (std::size_t k = 0; k < machine.timers.size(); ++k) {
    const std::string name(machine.timers[k]);
    const bool set = (fires >> k & 1) != 0;
    out.timers.push_back(set ? ticks.length(*scenario.timeout(name), "timeouts." + name) : 0);
  }
  const auto n = static_cast<ProcessId>(machine.processes);
  for (ProcessId from = 0; from < n; ++from)
    for (ProcessId to = 0; to < n; ++to) {
      const bool apart = network.site_of(from) != network.site_of(to);
      const Latency latency = from == to || !apart ? Latency{}
                              : budget.delay       ? Latency::constant(*budget.delay)
                                                   : network.link(from, to).latency;
      out.links.push_back(ticks.length(latency, "network.latency"));
    }
  for (const Service& s : scenario.services)
    out.work.push_back(ticks.length(s.prepare, "services." + s.name + ".prepare"));
  out.force = ticks.length(scenario.disk.force, "disk.force");
  return out;
}

/// By process; only participants have local work.
std::vector<std::uint8_t> work_ticks(const Scenario& scenario, const Machine& machine,
                                     const std::vector<std::int64_t>& by_service, Ticks& ticks) {
  std::vector<std::uint8_t> out{0};
  for (std::size_t i = 0; i < scenario.services.size(); ++i) {
    const Service& s = scenario.services[i];
    out.insert(out.end(), static_cast<std::size_t>(s.count),
               ticks.ticks(by_service[i], "services." + s.name + ".prepare"));
  }
  out.resize(static_cast<std::size_t>(machine.processes));
  return out;
}

void set_clocks(const Scenario& scenario, const Machine& machine, const NetworkPlan& network,
                ExploreSetup& setup, std::vector<std::string>& problems) {
  Ticks ticks(setup.budget.timing, problems);
  const Lengths lengths =
      lengths_of(scenario, setup.budget, machine, network, setup.steps.timers_that_fire, ticks);
  if (!problems.empty()) return;
  setup.tick = Duration{ticks.unit()};
  for (std::size_t k = 0; k < lengths.timers.size(); ++k)
    setup.steps.timer_ticks.push_back(
        ticks.ticks(lengths.timers[k], "timeouts." + std::string(machine.timers[k])));
  for (std::size_t k = 0; k < lengths.timers.size(); ++k) {
    if ((machine.round_timers & setup.steps.timers_that_fire) >> k != 1) continue;
    setup.steps.round_timers = std::uint32_t{1} << k;
    setup.steps.round_ticks = setup.steps.timer_ticks[k];
  }
  for (std::size_t i = 0; i < lengths.links.size(); ++i)
    setup.delay[i] = ticks.ticks(lengths.links[i], "network.latency");
  setup.steps.work_ticks = work_ticks(scenario, machine, lengths.work, ticks);
  setup.steps.force_ticks = ticks.ticks(lengths.force, "disk.force");
}

bool names(const std::vector<std::string>& list, const std::string& name, bool participant) {
  return std::any_of(list.begin(), list.end(), [&](const std::string& each) {
    return each == "any" || name == each || name.substr(0, name.find('.')) == each ||
           (each == "participant" && participant);
  });
}

}  // namespace

ExploreSetup explore_setup(const Scenario& scenario, const Exploration& budget,
                           const Machine& machine, std::vector<std::string>& problems,
                           std::uint32_t rounds) {
  ExploreSetup setup;
  setup.budget = budget;
  setup.participants = machine.group.participants;
  const NetworkPlan network(scenario, machine.auxiliary_hosts, machine.auxiliary_name);
  const auto n = static_cast<ProcessId>(machine.processes);
  setup.delay.resize(std::size_t{n} * n);
  setup.dead_link.resize(std::size_t{n} * n);
  for (const auto& [from, to] : network.dead_links())
    setup.dead_link[std::size_t{from} * n + to] = true;
  std::vector<bool> may_crash(n);  // by site
  for (ProcessId p = 0; p < n; ++p) {
    const bool participant = p >= 1 && p <= machine.group.participants;
    setup.votes.push_back(participant ? votes_of(scenario.service_of(p), machine, budget.free_votes)
                                      : 0);
    setup.site.push_back(network.site_of(p));
    const std::string name = scenario.process_name(p, machine.auxiliary_name);
    may_crash[setup.site[p]] =
        may_crash[setup.site[p]] || names(budget.crashable, name, participant);
  }
  for (ProcessId p = 0; p < n; ++p)
    setup.crashable.push_back(budget.crashable.empty() || may_crash[setup.site[p]]);
  if (n > kMostExplored)
    problems.push_back(std::to_string(n) + " processes; at most " + std::to_string(kMostExplored) +
                       " can be explored: take fewer participants");
  constexpr int kMostParted = 9;
  if (budget.partitions != 0 && n > kMostParted)
    problems.push_back(
        "explore.partitions: " + std::to_string(n) +
        " processes can part in more than 255 ways; at most " + std::to_string(kMostParted) +
        " can be explored with partitions: take fewer participants, or partitions: 0");
  for (std::size_t k = 0; k < machine.timers.size(); ++k)
    if (scenario.timeout(machine.timers[k])) setup.steps.timers_that_fire |= std::uint32_t{1} << k;
  if (budget.timeouts >= 0) {
    setup.steps.most_fired = static_cast<std::uint8_t>(std::min(budget.timeouts, 250));
    if (budget.timeouts == 0) setup.steps.timers_that_fire = 0;
  }
  setup.steps.separate_sends = budget.separate_sends;
  setup.detects = scenario.detection.delay.has_value();
  if (machine.round != nullptr) setup.rounds = budget.rounds.value_or(rounds);
  if (budget.timing != Timing::asynchronous)
    set_clocks(scenario, machine, network, setup, problems);
  return setup;
}

}  // namespace indoubt
