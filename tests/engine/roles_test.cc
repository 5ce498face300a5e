// Goal: messages and writes are counted by the part that a process plays at that moment, as counted
// by hand; the parts sum to the whole, and a protocol has only those that it can play. Messages
// take 10 ms, votes come at once, forced writes take no time unless said.
#include <gtest/gtest.h>

#include <numeric>

#include "sim/measures/measure_set.h"
#include "tests/support/world.h"

namespace indoubt {
namespace {

struct Means {
  double messages, forced, unforced;
  bool operator==(const Means&) const = default;
};
std::ostream& operator<<(std::ostream& out, const Means& m) {
  return out << m.messages << " messages, " << m.forced << " forced, " << m.unforced << " unforced";
}

Means of(const Totals& totals, Role role) {
  const RoleCounts& counts = totals.by_role[index_of(role)];
  return {counts.messages.mean(), counts.forced_writes.mean(), counts.unforced_writes.mean()};
}
std::uint64_t sent(const Totals& totals, Role role) {
  const auto& by_variant = totals.sent[index_of(role)];
  return std::accumulate(by_variant.begin(), by_variant.end(), std::uint64_t{0});
}

void expect_sums(const Totals& totals) {
  Wide messages = 0, forced = 0, unforced = 0;
  for (const Role role : kEveryRole) {
    const RoleCounts& counts = totals.by_role[index_of(role)];
    messages += counts.messages.sum;
    forced += counts.forced_writes.sum;
    unforced += counts.unforced_writes.sum;
    EXPECT_TRUE(counts.messages.sum == sent(totals, role)) << name(role);
  }
  EXPECT_TRUE(messages == totals.messages.sum);
  EXPECT_TRUE(forced == totals.forced_writes.sum);
  EXPECT_TRUE(unforced == totals.unforced_writes.sum);
}

Fault coordinator_dies(Duration at) {
  Fault fault;
  fault.sites = {std::string(kCoordinatorName)};
  fault.when.kind = Trigger::Kind::at_time;
  fault.when.time = at;
  return fault;
}

TEST(Roles, AcceptorsAreNoParticipants) {
  // Gray & Lamport (2006), section 4, F = 1: 3 PREPARE and 3 COMMIT; 2 acceptors are told 3 votes
  // and write and report once each. Acknowledgements are left out.
  const Totals totals =
      run(world(3, Latency::constant(10ms)), "paxos-commit", 10, {{"faults", "1"}, {"acks", "no"}});
  EXPECT_EQ(of(totals, Role::coordinator).messages, 3 + 3);
  EXPECT_EQ(of(totals, Role::participant).messages, 3 * 2);
  EXPECT_EQ(of(totals, Role::participant).forced + of(totals, Role::participant).unforced, 3 + 3);
  EXPECT_EQ(of(totals, Role::acceptor), (Means{2, 2, 0}));
  EXPECT_EQ(of(totals, Role::backup), (Means{0, 0, 0}));
  expect_sums(totals);
}

TEST(Roles, ABackupIsNoParticipantWhileItLeads) {
  for (const Duration force : {Duration{0}, Duration{2ms}}) {
    Scenario scenario = world(3, Latency::constant(10ms));
    scenario.disk.force = Latency::constant(force);
    for (const auto* timer : {"decision", "states", "acks", "commit"})
      set_timeout(scenario, timer, Latency::constant(50ms));
    scenario.faults = {coordinator_dies(15ms)};
    // p1 to p3 vote and are in doubt. p1 leads: STATE-REQ to two, ABORT to two. The others answer
    // each with a state and an acknowledgement. Each has forced its vote, logs that it takes the
    // coordinator for failed, and forces its abort.
    const Totals totals = run(scenario, "3pc", 10, {{"acks", "yes"}});
    EXPECT_EQ(totals.aborts, 10u);
    EXPECT_EQ(of(totals, Role::backup), (Means{2 + 2, 1, 1}));
    EXPECT_EQ(of(totals, Role::participant), (Means{3 + 2 + 2, 3 + 2, 2}));
    EXPECT_EQ(of(totals, Role::coordinator).messages, 3);
    expect_sums(totals);
  }
}

TEST(Roles, ABackupIsOneToTheEndOfTheStepInWhichItCeasesToLead) {
  for (const Duration force : {Duration{0}, Duration{2ms}}) {
    Scenario scenario = world(3, Latency::constant(10ms));
    scenario.disk.force = Latency::constant(force);
    for (const auto* timer : {"decision", "states"})
      set_timeout(scenario, timer, Latency::constant(50ms));
    scenario.faults = {coordinator_dies(15ms)};
    // p1 leads: STATE-REQ to two, who are uncertain; it passes ABORT on to them, and aborts. They
    // pass it on to two each.
    const Totals totals = run(scenario, "easy-commit", 10);
    EXPECT_EQ(totals.all_aborted, 10u);
    EXPECT_EQ(of(totals, Role::backup), (Means{2 + 2, 1, 0}));
    EXPECT_EQ(of(totals, Role::participant), (Means{3 + 2 + 4, 3 + 2, 0}));
    expect_sums(totals);
  }
}

TEST(Roles, ABackupTellsAgainUntilAllHaveAcknowledged) {
  Scenario scenario = world(2, Latency::constant(10ms));
  for (const auto* timer : {"decision", "states", "acks", "commit"})
    set_timeout(scenario, timer, Latency::constant(50ms));
  scenario.faults = {coordinator_dies(15ms)};
  Fault lost;  // p2's first acknowledgement
  lost.kind = Fault::Kind::message;
  lost.action = Fault::Action::lose;
  lost.type = "ACK";
  lost.nth = 1;
  scenario.faults.push_back(lost);
  const Totals totals = run(scenario, "3pc", 10, {{"acks", "yes"}});
  EXPECT_EQ(of(totals, Role::backup), (Means{1 + 2, 1, 1})) << "STATE-REQ, ABORT and ABORT again";
  expect_sums(totals);
}

TEST(Roles, SumToTheWholeInTrouble) {
  for (const auto* protocol : {"3pc", "3pc-majority", "3pc-decentralised", "3pc-quorum", "e3pc",
                               "paxos-commit", "paxos-commit-fast", "inbac", "easy-commit"}) {
    SCOPED_TRACE(protocol);
    Scenario scenario = world(3, Latency::exponential(5ms));
    scenario.network.loss = 0.1;
    scenario.disk.force = Latency::exponential(1ms);
    const Machine machine = machine_with(protocol, 3);
    for (const std::string_view timer : machine.timers)
      set_timeout(scenario, timer, Latency::constant(40ms));
    Fault crash = coordinator_dies(20ms);
    crash.when.probability = 0.5;
    crash.lasts = Latency::constant(100ms);
    scenario.faults = {crash};
    const Totals totals = run(scenario, protocol, 500);
    EXPECT_GT(of(totals, Role::backup).messages, 0);
    expect_sums(totals);
  }
}

TEST(Roles, AreReportedOnlyOfProtocolsThatHaveThem) {
  const Scenario scenario = world(3, Latency::constant(10ms));
  const auto reported = [&](std::string_view protocol) {
    const Totals totals = run(scenario, protocol, 10);
    std::string names;
    for (const char* name : {"messages.participants", "messages.acceptors", "messages.backups"})
      if (is_reported(*find_measure(name), totals)) names += std::string(name).substr(9) + " ";
    return names;
  };
  EXPECT_EQ(reported("2pc"), "participants ");
  EXPECT_EQ(reported("3pc"), "participants backups ");
  EXPECT_EQ(reported("paxos-commit"), "participants acceptors backups ");
}

}  // namespace
}  // namespace indoubt
