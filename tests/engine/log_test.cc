// Goal: a site's log takes as many records that no force has made durable as a protocol writes, and
// a crash takes exactly those.
#include <gtest/gtest.h>

#include "sim/engine/site_state.h"
#include "tests/support/allocations.h"
#include "tests/support/world.h"

namespace indoubt {
namespace {

TEST(Log, KeepsTheLastDurableRecordOfAnyNumber) {
  LogState log;
  for (std::uint64_t n = 1; n <= 100; ++n) log.write(1000 + n, n, 0);
  EXPECT_EQ(log.last(), 0u) << "nothing is durable yet";
  log.write(1101, 101, 40);
  EXPECT_EQ(log.last(), 1040u);
  log.crash(70, false);
  EXPECT_EQ(log.last(), 1070u);
  log.write(2000, 102, 70);
  log.crash(102, true);
  EXPECT_EQ(log.last(), 0u);
}

TEST(Log, ReusesItsRoom) {
  LogState log;
  const auto fill = [&log] {
    for (std::uint64_t n = 1; n <= 100; ++n) log.write(n, n, 0);
    log.clear();
  };
  fill();
  const std::uint64_t before = allocations();
  fill();
  EXPECT_EQ(allocations(), before);
}

TEST(Log, OfManyRecordsNeverEndsTheProgram) {
  for (const std::string_view protocol : {"3pc", "3pc-decentralised"})
    for (const int participants : {8, 11, protocol == "3pc" ? 31 : 12}) {
      Scenario scenario = world(participants, Latency::constant(10ms));
      scenario.disk.force = Latency::constant(5ms);
      for (const std::string_view timer : {"votes", "decision", "commit"})
        set_timeout(scenario, timer, Latency::constant(100ms));
      for (const std::string_view timer : {"states", "acks"})
        set_timeout(scenario, timer, Latency::constant(30ms));
      Fault fault;
      fault.when.kind = Trigger::Kind::at_time;
      fault.when.time = 22ms;
      fault.sites = {"coordinator"};
      for (int p = 1; p < participants; ++p) fault.sites.push_back("p" + std::to_string(p));
      scenario.faults = {fault};
      scenario.transactions.horizon = 500ms;
      EXPECT_EQ(run(scenario, protocol, 1).transactions, 1u) << protocol << ' ' << participants;
    }
}

}  // namespace
}  // namespace indoubt
