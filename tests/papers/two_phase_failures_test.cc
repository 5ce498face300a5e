// Goal: failure scenarios of the 2PC family, simulated, come out as derived by hand: d = 10 ms,
// f = 5 ms, three participants. Each test quotes what it checks. With exact instants:
// library_failures_test.cc.
#include <gtest/gtest.h>

#include <cmath>

#include "tests/papers/flow.h"

namespace indoubt {
namespace {

constexpr std::string_view kFamily[] = {"2pc", "2pc-pra", "2pc-prc", "2pc-nprc"};
const std::vector<NamedOption> kCooperative = {{"termination", "cooperative"}};

/// Uncertain participants ask after 50 ms and every 50 ms.
Scenario textbook() {
  Scenario scenario = world(3, Latency::constant(10ms));
  scenario.disk.force = Latency::constant(5ms);
  set_timeout(scenario, "decision", Latency::constant(50ms));
  return scenario;
}

Fault crash_of_the_coordinator() {
  Fault fault;
  fault.kind = Fault::Kind::crash;
  fault.sites = {"coordinator"};
  return fault;
}
Fault crash_at(Duration time) {
  Fault fault = crash_of_the_coordinator();
  fault.when.kind = Trigger::Kind::at_time;
  fault.when.time = time;
  return fault;
}
/// The coordinator dies as soon as COMMIT has left for everybody (`p3`), or for fewer.
Fault crash_after_commit_to(const Who& last) {
  Fault fault = crash_of_the_coordinator();
  fault.when.kind = Trigger::Kind::at_point;
  fault.when.point = {Point::Where::after, Point::What::send, "COMMIT", last, 0, ""};
  return fault;
}
Fault lost(std::string type, const Who& to) {
  Fault fault;
  fault.kind = Fault::Kind::message;
  fault.type = std::move(type);
  fault.from = "coordinator";
  fault.to = to;
  return fault;
}

// S2: "COMMIT reached P1 only, C down, P1 up, cooperative termination on | P2, P3 commit by asking
// P1. Without it they wait for C, then commit".
TEST(Failures, S2OneThatHasCommittedUnblocksTheOthers) {
  for (const std::string_view protocol : kFamily) {
    Scenario scenario = textbook();
    scenario.faults = {crash_after_commit_to("p1")};
    const Flow helped(scenario, protocol, kCooperative);
    EXPECT_EQ(helped.totals().all_committed, 1u) << protocol;
    EXPECT_EQ(helped.totals().blocked_at_end, 0u) << protocol;
    const Flow alone(scenario, protocol);
    EXPECT_EQ(alone.totals().all_committed, 0u) << protocol;
    EXPECT_EQ(alone.totals().blocked_participants.mean(), 2) << protocol;
    scenario.faults[0].lasts = Latency::constant(200ms);
    EXPECT_EQ(Flow(scenario, protocol).totals().all_committed, 1u) << protocol;
  }
}

// S3: "PREPARE to P3 lost, P1 and P2 uncertain, C down | P3 has not voted: abort for all, no
// blocking".
TEST(Failures, S3OneThatWasNeverAskedUnblocksTheOthers) {
  for (const std::string_view protocol : kFamily) {
    Scenario scenario = textbook();
    scenario.faults = {crash_at(23ms), lost("PREPARE", "p3")};
    const Flow helped(scenario, protocol, kCooperative);
    EXPECT_EQ(helped.totals().all_aborted, 1u) << protocol;
    EXPECT_EQ(helped.totals().ever_blocked, 0u) << protocol;
    EXPECT_EQ(Flow(scenario, protocol).totals().blocked_at_end, 1u) << protocol;
  }
}

// S7: "PrC; C logs commit, crashes before sending; P1 asks later | commit, whether C has the record
// or has forgotten".
TEST(Failures, S7ACommitThatWasLoggedAndNotSentIsAnswered) {
  Scenario scenario = textbook();
  Fault fault = crash_of_the_coordinator();
  fault.when.kind = Trigger::Kind::at_point;
  fault.when.point = {Point::Where::before, Point::What::send, "COMMIT", "", 0, ""};
  fault.lasts = Latency::constant(20ms);
  scenario.faults = {fault};
  const Flow flow(scenario, "2pc-prc");
  EXPECT_EQ(flow.totals().all_committed, 1u);
  EXPECT_EQ(flow.ms(0, "takes INQUIRY from 1"), 80) << "YES left at 20";
}

// M13: "each COMMIT lost with q, C dies right after sending | stuck: 1-(1-q)^N alone, q^N with
// cooperative termination | q 0.05, N 3: 0.142625 and 0.000125; q 0.3, N 2: 0.51 and 0.09".
TEST(Failures, M13StuckWithAndWithoutCooperativeTermination) {
  constexpr std::uint64_t kRuns = 40'000;
  for (const std::string_view protocol : kFamily) {
    for (const auto& [n, q, alone, helped] :
         {std::tuple{3, 0.05, 0.142625, 0.000125}, std::tuple{2, 0.3, 0.51, 0.09}}) {
      Scenario scenario = world(n, Latency::constant(10ms));
      set_timeout(scenario, "decision", Latency::constant(50ms));
      Fault losses = lost("COMMIT", "participant");
      losses.when.probability = q;
      scenario.faults = {crash_after_commit_to(std::string("p").append(std::to_string(n))), losses};
      for (const bool cooperative : {false, true}) {
        const Totals totals =
            run(scenario, protocol, kRuns, cooperative ? kCooperative : std::vector<NamedOption>{});
        const double expected = cooperative ? helped : alone;
        const double measured =
            static_cast<double>(totals.blocked_at_end) / static_cast<double>(kRuns);
        EXPECT_NEAR(measured, expected,
                    4 * std::sqrt(expected * (1 - expected) / static_cast<double>(kRuns)) + 1e-4)
            << protocol << " " << n << " " << cooperative;
      }
    }
  }
}

}  // namespace
}  // namespace indoubt
