// Goal: on shared sites a crash takes every transaction under way, a restart brings each of them
// back from its log, and what waits at a processor, a disk or a record waits for the others. Times
// follow by hand from messages of 10 ms.
#include <gtest/gtest.h>

#include <map>

#include "sim/engine/site_state.h"
#include "tests/support/recorder.h"
#include "tests/support/world.h"

namespace indoubt {
namespace {

Scenario shared(int participants, Arrivals arrivals) {
  Scenario scenario = world(participants, Latency::constant(10ms));
  scenario.transactions.sites = Sites::shared;
  scenario.transactions.arrivals = arrivals;
  return scenario;
}

Arrivals every(Duration gap) {
  return {Arrivals::Kind::constant, static_cast<double>(gap.count()), 0};
}
Arrivals closed(std::uint32_t clients) { return {Arrivals::Kind::closed, 0, clients}; }

Fault crash_at(const Who& who, Duration time) {
  Fault fault;
  fault.kind = Fault::Kind::crash;
  fault.sites = {who};
  fault.when.kind = Trigger::Kind::at_time;
  fault.when.time = time;
  return fault;
}

TEST(SharedSites, ACrashTakesEveryTransactionUnderWay) {
  Scenario scenario = shared(3, every(1ms));
  Fault fault = crash_at("coordinator", 50ms);
  fault.lasts = Latency::constant(100ms);
  scenario.faults = {fault};
  // One begins each millisecond from 1 ms on and is decided 20 ms later, its last ack arrives 40 ms
  // later. What comes at the very instant of the crash comes too late.
  const Totals totals = run(scenario, "2pc", 100);
  EXPECT_EQ(totals.transactions, 100u);
  EXPECT_EQ(totals.commits, 29u) << "begun by 29 ms";
  EXPECT_EQ(totals.aborts, 71u) << "undecided at the crash, or begun at a coordinator that is down";
  EXPECT_EQ(totals.crashed, 40u) << "begun from 10 ms to 49 ms";
  EXPECT_EQ(totals.ever_blocked, 20u) << "begun from 30 ms to 49 ms";
  EXPECT_EQ(totals.blocked_at_end, 0u);
  for (const std::uint64_t violated : totals.violations) EXPECT_EQ(violated, 0u);
}

TEST(SharedSites, WithoutARestartEveryTransactionEndsBlockedOrAbandoned) {
  Scenario scenario = shared(3, every(1ms));
  scenario.faults = {crash_at("coordinator", 50ms)};
  const Totals totals = run(scenario, "2pc", 100);
  EXPECT_EQ(totals.commits, 29u);
  EXPECT_EQ(totals.blocked, 20u);
  EXPECT_EQ(totals.abandoned, 51u) << "begun at a coordinator that is down for ever";
}

TEST(SharedSites, ACrashAtAPointOfOneTransactionTakesTheOthersToo) {
  Scenario scenario = shared(2, every(1ms));
  Fault fault;
  fault.kind = Fault::Kind::crash;
  fault.sites = {"p1"};
  fault.when.kind = Trigger::Kind::at_point;
  fault.when.point.where = Point::Where::before;
  fault.when.point.what = Point::What::vote;
  fault.when.transactions = {5};
  fault.lasts = Latency::constant(1s);
  scenario.faults = {fault};
  set_timeout(scenario, "votes", Latency::constant(50ms));
  set_timeout(scenario, "decision", Latency::constant(50ms));
  const Totals totals = run(scenario, "2pc", 30);
  // p1 goes down at 15 ms, when the PREPARE of transaction 5 has come. 1 to 4 have voted.
  EXPECT_EQ(totals.commits, 4u);
  EXPECT_EQ(totals.aborts, 26u);
  EXPECT_EQ(totals.all_learnt, 30u) << "those that voted ask after the restart";
}

TEST(SharedSites, AForceMakesTheUnforcedRecordsOfOthersDurable) {
  // Under presumed commit a participant logs the commit without a force. Transaction 1 begins at
  // 40 ms, p1 logs its commit at 70 ms; p2's COMMIT is late, so that the transaction goes on.
  // Transaction 2 begins at 80 ms and p1 forces its vote at 90 ms.
  const auto inquiries = [](std::uint64_t count) {
    Scenario scenario = shared(2, every(40ms));
    Fault crash = crash_at("p1", 95ms);
    crash.lasts = Latency::constant(10ms);
    Fault late;
    late.kind = Fault::Kind::message;
    late.type = "COMMIT";
    late.from = "coordinator";
    late.to = "p2";
    late.action = Fault::Action::delay;
    late.delay = Latency::constant(500ms);
    scenario.faults = {crash, late};
    const Machine machine = machine_with("2pc-prc", 2);
    Recorder recorder(machine);
    SimulationOptions options;
    options.observer = &recorder;
    run(scenario, machine, count, options);
    int of_the_first = 0;
    for (const Recorder::Line& line : recorder.lines())
      of_the_first += line.transaction == 1 && line.text == "takes INQUIRY from 1";
    return of_the_first;
  };
  EXPECT_EQ(inquiries(1), 1) << "its record is lost: prepared, it asks";
  EXPECT_EQ(inquiries(2), 0) << "the force of transaction 2 has taken it along";
}

TEST(SharedSites, RandomCrashesLeaveTheShareOfTimeThatAllAreUp) {
  Scenario scenario = shared(1, every(10ms));
  scenario.network.latency = Latency::constant(10us);
  set_timeout(scenario, "votes", Latency::constant(1ms));
  Fault fault;
  fault.kind = Fault::Kind::crash;
  fault.when.kind = Trigger::Kind::random;
  fault.when.gap = Latency::exponential(1s);
  fault.lasts = Latency::exponential(100ms);
  fault.sites = {"coordinator"};
  scenario.faults.push_back(fault);
  fault.sites = {"p1"};
  scenario.faults.push_back(fault);
  const Totals totals = run(scenario, "2pc", 200'000);
  const double up = 1.0 / 1.1;
  EXPECT_NEAR(static_cast<double>(totals.commits) / 200'000, up * up, 0.02)
      << "about 1,800 failures of each";
  EXPECT_EQ(totals.blocked_at_end, 0u);
}

TEST(SharedSites, CutLinksLoseTheMessagesOfAllTransactions) {
  Scenario scenario = shared(1, every(1ms));
  Fault fault;
  fault.kind = Fault::Kind::partition;
  fault.groups = {{"coordinator"}, {"p1"}};
  fault.when.kind = Trigger::Kind::at_time;
  fault.when.time = 50ms;
  fault.lasts = Latency::constant(25ms);
  scenario.faults = {fault};
  set_timeout(scenario, "votes", Latency::constant(40ms));
  set_timeout(scenario, "decision", Latency::constant(100ms));
  const Totals totals = run(scenario, "2pc", 100);
  // Lost: what is under way between 50 and 75 ms. PREPARE or vote of those begun from 30 to 75 ms.
  EXPECT_EQ(totals.aborts, 45u);
  EXPECT_EQ(totals.commits, 55u);
  EXPECT_EQ(totals.all_learnt, 100u);
}

TEST(SharedSites, LinksThatKeepOrderKeepThatOfAllTransactions) {
  Scenario scenario = shared(1, every(1ms));
  scenario.network.latency = Latency::exponential(20ms);
  const auto overtakes = [&](bool fifo) {
    scenario.network.fifo = fifo;
    const Machine machine = machine_with("2pc", 1);
    Recorder recorder(machine);
    SimulationOptions options;
    options.observer = &recorder;
    options.event_list = EventList::ladder;
    run(scenario, machine, 200, options);
    std::uint64_t last = 0;
    int count = 0;
    for (const Recorder::Line& line : recorder.lines()) {
      if (line.process != 1 || line.text != "takes PREPARE from 0") continue;
      count += line.transaction < last;
      last = line.transaction;
    }
    return count;
  };
  EXPECT_EQ(overtakes(true), 0);
  EXPECT_GT(overtakes(false), 20);
}

// ---- waiting

TEST(Processor, HandlesOneMessageAtATime) {
  Scenario scenario = world(3, Latency::constant(10ms));
  scenario.cpu = Latency::constant(2ms);
  const Totals totals = run(scenario, "2pc", 10);
  EXPECT_EQ(totals.decision_time.mean(), 28e6) << "votes come at 22 ms and take until 24, 26, 28";
  EXPECT_EQ(totals.completion_time.mean(), 40e6);
}

TEST(Processor, OfASharedSiteServesAllTransactions) {
  Scenario scenario = shared(1, closed(3));
  scenario.cpu = Latency::constant(2ms);
  const Totals totals = run(scenario, "2pc", 3);
  // PREPAREs are handled at 12, 14 and 16 ms, votes at 24, 26 and 28 ms.
  EXPECT_EQ(totals.decision_time.mean(), 26e6);
}

TEST(Processor, MessagesWithinASiteTakeNoneOfItsTime) {
  Scenario scenario = world(1, Latency::constant(10ms));
  scenario.services[0].at_coordinator = true;
  scenario.cpu = Latency::constant(2ms);
  EXPECT_EQ(run(scenario, "2pc", 1).completion_time.mean(), 0);
}

TEST(DiskQueue, WritesOneAfterAnother) {
  DiskQueue disk;
  EXPECT_EQ(disk.write(100, 5, 1, false), 105);
  EXPECT_EQ(disk.write(101, 5, 2, false), 110);
  EXPECT_EQ(disk.write(104, 5, 3, false), 115);
  EXPECT_EQ(disk.write(200, 5, 4, false), 205);
}

TEST(DiskQueue, GroupCommitSharesTheNextWrite) {
  DiskQueue disk;
  EXPECT_EQ(disk.write(100, 5, 1, true), 105);
  EXPECT_EQ(disk.write(101, 5, 2, true), 110);
  EXPECT_EQ(disk.write(104, 5, 3, true), 110) << "shares it";
  EXPECT_EQ(disk.durable_at(105), 1u);
  EXPECT_EQ(disk.write(105, 5, 4, true), 115) << "the shared one is under way";
  EXPECT_EQ(disk.durable_at(110), 3u);
  EXPECT_EQ(disk.write(112, 5, 5, true), 120);
  EXPECT_EQ(disk.durable_at(115), 4u);
  EXPECT_EQ(disk.durable_at(120), 5u);
}

TEST(Disk, OfASharedSiteWritesOneAfterAnotherOrInGroups) {
  Scenario scenario = shared(1, closed(4));
  scenario.disk.force = Latency::constant(5ms);
  const auto mean_decision = [&](bool queue, bool group) {
    scenario.disk.queue = queue;
    scenario.disk.group_commit = group;
    return run(scenario, "2pc", 4).decision_time.mean();
  };
  EXPECT_EQ(mean_decision(false, false), 30e6);
  // Prepared at 15, 20, 25, 30; votes come 10 ms later, each to an idle disk.
  EXPECT_EQ(mean_decision(true, false), (30e6 + 35e6 + 40e6 + 45e6) / 4);
  // Prepared at 15, 20, 20, 20: the second commit is written from 30 ms, two more share the next.
  EXPECT_EQ(mean_decision(true, true), (30e6 + 35e6 + 40e6 + 40e6) / 4);
}

TEST(ExclusiveRecord, ServesOneTransactionFromPrepareToItsDecision) {
  Scenario scenario = shared(1, closed(3));
  scenario.services[0].exclusive = true;
  const Totals totals = run(scenario, "2pc", 3);
  // Granted at 10, 30 and 50 ms, freed by COMMIT 20 ms later.
  EXPECT_EQ(totals.completion_time.mean(), 50e6);
  EXPECT_EQ(totals.lock_time.mean(), 20e6);
}

TEST(ExclusiveRecord, GivesOneTransactionPerLockTimeInAClosedLoad) {
  Scenario scenario = shared(3, closed(10));
  for (Service& s : scenario.services) s.exclusive = true;
  const Totals totals = run(scenario, "2pc", 1000);
  EXPECT_EQ(totals.commits, 1000u);
  EXPECT_NEAR(totals.time_per_transaction.mean(), 20e6, 0.1e6);
}

TEST(ExclusiveRecord, OfOneThatEndsInDoubtIsLockedForEver) {
  Scenario scenario = shared(1, every(100ms));
  scenario.services[0].exclusive = true;
  set_timeout(scenario, "votes", Latency::constant(50ms));
  Fault fault;
  fault.kind = Fault::Kind::message;
  fault.type = "COMMIT";
  fault.from = "coordinator";
  fault.to = "p1";
  fault.when.transactions = {2};
  scenario.faults = {fault};
  const Totals totals = run(scenario, "2pc", 10);
  EXPECT_EQ(totals.commits, 2u);
  EXPECT_EQ(totals.stranded, 1u);
  EXPECT_EQ(totals.aborts_by_cause[static_cast<std::size_t>(AbortCause::vote_timeout)], 8u);
}

TEST(ClosedLoad, KeepsSoManyTransactionsUnderWay) {
  Scenario scenario = shared(1, closed(4));
  const Totals totals = run(scenario, "2pc", 100);
  EXPECT_EQ(totals.transactions, 100u);
  EXPECT_EQ(totals.time_per_transaction.mean(), 10e6) << "four every 40 ms";
}

TEST(Roles, CountTheirOwnMessagesAndRecords) {
  Scenario scenario = world(3, Latency::constant(10ms));
  const Totals totals = run(scenario, "2pc", 10);
  EXPECT_EQ(totals.by_role[index_of(Role::coordinator)].messages.mean(), 6)
      << "3 PREPARE, 3 COMMIT";
  EXPECT_EQ(totals.by_role[index_of(Role::participant)].messages.mean(), 6) << "3 YES, 3 ACK";
  EXPECT_EQ(totals.by_role[index_of(Role::coordinator)].forced_writes.mean(), 1);
  EXPECT_EQ(totals.by_role[index_of(Role::participant)].forced_writes.mean(), 6);
  EXPECT_EQ(totals.lock_time.mean(), 20e6) << "from PREPARE to COMMIT";
}

TEST(SharedSites, GiveTheSameBitsTwiceAndForBothEventLists) {
  Scenario scenario = overlapping(world(3, Latency::exponential(10ms)), 1ms);
  scenario.disk.force = Latency::exponential(1ms);
  scenario.disk.queue = scenario.disk.group_commit = true;
  scenario.cpu = Latency::constant(100us);
  set_timeout(scenario, "votes", Latency::constant(100ms));
  set_timeout(scenario, "decision", Latency::constant(100ms));
  Fault fault;
  fault.kind = Fault::Kind::crash;
  fault.when.kind = Trigger::Kind::random;
  fault.when.gap = Latency::exponential(500ms);
  fault.lasts = Latency::exponential(100ms);
  fault.sites = {"coordinator", "p2"};
  fault.each = 0.5;
  scenario.faults = {fault};
  std::map<std::uint64_t, int> fingerprints;
  for (const EventList list : {EventList::standard, EventList::heap, EventList::ladder}) {
    SimulationOptions options;
    options.event_list = list;
    const Totals totals = run(scenario, "2pc", 3000, {}, options);
    ++fingerprints[totals.fingerprint];
    EXPECT_EQ(totals.transactions, 3000u);
    EXPECT_GT(totals.crashed, 100u);
    EXPECT_EQ(totals.violations[static_cast<std::size_t>(Property::agreement)], 0u);
    EXPECT_EQ(totals.violations[static_cast<std::size_t>(Property::termination)], 0u);
  }
  EXPECT_EQ(fingerprints.size(), 1u);
}

}  // namespace
}  // namespace indoubt
