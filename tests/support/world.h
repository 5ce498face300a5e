#pragma once
// Small scenarios and runs, written the short way.
#include <chrono>
#include <string_view>
#include <vector>

#include "sim/engine/simulation.h"
#include "sim/scenario/scenario.h"
#include "tests/support/machines.h"

namespace indoubt {

using namespace std::chrono_literals;

/// Participants p1 .. pn that vote YES at once, links with this delay, forces that take no time, no
/// time-outs, fresh sites.
Scenario world(int participants, const Latency& delay);

/// Sets the length of a timer.
void set_timeout(Scenario& scenario, std::string_view timer, const Latency& length);

/// Gives every message from `from` to `to` ("coordinator", "p1", ...; empty: all) this rule.
LinkRule& link_rule(Scenario& scenario, std::string_view from, std::string_view to);

/// All transactions on shared sites, with Poisson arrivals `gap` apart on average.
Scenario overlapping(Scenario scenario, Duration gap);

Totals run(const Scenario& scenario, const Machine& machine, std::uint64_t count,
           SimulationOptions options = {});
Totals run(const Scenario& scenario, std::string_view protocol, std::uint64_t count,
           const std::vector<NamedOption>& protocol_options = {}, SimulationOptions options = {});

/// Standard error of the mean of what was added.
double standard_error_of(const Moments& moments);

}  // namespace indoubt
