#pragma once
// Scenarios of commits in constant time whose coordinator crashes, for the tests of models.
#include <gtest/gtest.h>

#include "protocols/catalogue.h"
#include "tests/models/make_scenario.h"

namespace indoubt {

/// Traits of a protocol of the catalogue for n participants, with options as (name, choice).
inline ProtocolTraits traits_of(
    std::string_view protocol, int n,
    const std::vector<std::pair<std::string_view, std::string_view>>& options = {}) {
  const ProtocolEntry& entry = *find_protocol(protocol);
  std::vector<int> values = standard_options(entry);
  for (const auto& [name, choice] : options) {
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (entry.options[i].name != name) continue;
      const auto& choices = entry.options[i].choices;
      for (std::size_t c = 0; c < choices.size(); ++c)
        if (choices[c] == choice) values[i] = static_cast<int>(c);
      if (choices.empty()) values[i] = std::stoi(std::string(choice));
    }
  }
  return entry.make({n, {}}, values).traits;
}

/// n services that vote YES; every message takes `delay`, every forced write `force`.
inline Scenario timed(int n, Duration delay, Duration force) {
  Scenario scenario = scenario_of(n, 1);
  scenario.network.latency = Latency::constant(delay);
  scenario.disk.force = Latency::constant(force);
  return scenario;
}

/// The timeline of the reference: delays of 10 ms, forced writes of 5 ms, three participants.
inline Scenario timeline() {
  return timed(3, std::chrono::milliseconds(10), std::chrono::milliseconds(5));
}

inline Fault crash_of(const Who& who) {
  Fault fault;
  fault.kind = Fault::Kind::crash;
  fault.name = "crash-1";
  fault.sites = {who};
  return fault;
}

inline Fault down_from_the_start(const Who& who) {
  Fault fault = crash_of(who);
  fault.when.kind = Trigger::Kind::at_time;
  return fault;
}

/// The coordinator crashes after `gap`, again and again, each time for `restart`.
inline Fault random_crash(const Latency& gap, std::optional<Latency> restart = {}) {
  Fault fault = crash_of("coordinator");
  fault.when.kind = Trigger::Kind::random;
  fault.when.gap = gap;
  fault.lasts = restart;
  return fault;
}

inline Fault crash_at(Duration time, std::optional<Latency> restart = {}) {
  Fault fault = crash_of("coordinator");
  fault.when.kind = Trigger::Kind::at_time;
  fault.when.time = time;
  fault.lasts = restart;
  return fault;
}

inline Fault lost_commit(double probability, const Who& to = "") {
  Fault fault;
  fault.kind = Fault::Kind::message;
  fault.name = "message-1";
  fault.type = "COMMIT";
  fault.from = "coordinator";
  fault.to = to;
  fault.when.probability = probability;
  return fault;
}

/// The coordinator dies when its n-th COMMIT has left.
inline Fault death_after_commits(int n) {
  Fault fault = crash_of("coordinator");
  fault.when.kind = Trigger::Kind::at_point;
  fault.when.point = {Point::Where::after, Point::What::send, "COMMIT", "", n, ""};
  return fault;
}

/// The timeline, with a coordinator that crashes now and then.
inline Scenario crashing() {
  Scenario scenario = timeline();
  scenario.faults = {random_crash(Latency::exponential(std::chrono::seconds(1)),
                                  Latency::constant(std::chrono::milliseconds(100)))};
  return scenario;
}

/// `why` is the whole sentence; empty: the model applies.
inline void expect_refused(
    std::string_view model, const Scenario& scenario, const std::string& why,
    std::string_view protocol = "2pc",
    const std::vector<std::pair<std::string_view, std::string_view>>& options = {}) {
  EXPECT_EQ(refusal(model, scenario, traits_of(protocol, scenario.participants(), options)), why)
      << model;
}

}  // namespace indoubt
