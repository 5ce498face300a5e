// Goal: the published counts of unsolicited votes and of early prepare.
//
// G&L: Gray & Lamport, ACM TODS 31(1), 2006. S&C: Stamos & Cristian, SRDS 1990 and DAPD 1993.
// G&W: Guerraoui & Wang, PODS 2017.
#include <gtest/gtest.h>

#include "tests/papers/flow.h"

namespace indoubt {
namespace {

/// N participants of which the last `yes` vote YES, one delay 10 ms, forced writes at once.
Scenario votes(int participants, int yes) {
  Scenario scenario = world(participants, Latency::constant(10ms));
  for (int p = 0; p < participants - yes; ++p) {
    scenario.services[static_cast<std::size_t>(p)].vote_yes = 0;
  }
  return scenario;
}

const std::vector<NamedOption> kNoAcks = {{"acks", "no"}};
const std::vector<NamedOption> kEarly = {{"form", "early-prepare"}};

// G&L: "unsolicited votes (no PREPARE), no acks | 2N | 2 to learn".
TEST(UnsolicitedCounts, CommitWithoutAcks) {
  for (const int n : {1, 2, 3, 5, 100}) {
    const Flow flow(votes(n, n), "2pc-unsolicited", kNoAcks);
    EXPECT_EQ(flow.messages(), 2u * static_cast<unsigned>(n));
    EXPECT_EQ(flow.sent("PREPARE"), 0u);
    EXPECT_EQ(flow.ms(0, "decide commit"), 10);
    EXPECT_EQ(flow.ms(n, "takes COMMIT from 0"), 20);
    EXPECT_EQ(flow.records(0), "force committed");
    EXPECT_EQ(flow.records(n), "force prepared, force committed");
  }
}

TEST(UnsolicitedCounts, AcksAddOneMessageForEachParticipant) {
  for (const int n : {1, 2, 3, 5}) {
    const Flow flow(votes(n, n), "2pc-unsolicited");
    EXPECT_EQ(flow.messages(), 3u * static_cast<unsigned>(n));
    EXPECT_EQ(flow.ms(0, "forget"), 30);
    EXPECT_EQ(flow.records(0), "force committed, log end");
  }
}

// G&W convention: "n processes with C among them, all vote spontaneously, no acks | 2n-2, 2
// delays".
TEST(UnsolicitedCounts, WithOneParticipantAtTheCoordinatorsSite) {
  for (const int n : {2, 3, 5}) {
    Scenario scenario = votes(n, n);
    scenario.services[0].at_coordinator = true;
    const Flow flow(scenario, "2pc-unsolicited", kNoAcks);
    EXPECT_EQ(flow.messages(), 2u * static_cast<unsigned>(n) - 2);
    EXPECT_EQ(flow.totals().completion_time.mean(), 20e6);
  }
}

// Abort with v YES votes: N votes, v decisions; with acks 2v.
TEST(UnsolicitedCounts, Abort) {
  for (const int n : {2, 3, 5}) {
    for (int v = 0; v < n; ++v) {
      const std::vector<NamedOption> wait = {{"acks", "no"}, {"at_no", "wait"}};
      const Flow flow(votes(n, v), "2pc-unsolicited", wait);
      EXPECT_EQ(flow.messages(), static_cast<unsigned>(n + v));
      EXPECT_EQ(flow.records(1), "log aborted");
      EXPECT_EQ(flow.totals().aborts_by_cause[0], 1u);
      EXPECT_EQ(Flow(votes(n, v), "2pc-unsolicited", {{"at_no", "wait"}}).messages(),
                static_cast<unsigned>(n + 2 * v));
    }
  }
}

// S&C: "early prepare with presumed commit | N | 1": WORK and DONE are execution. Presumed commit:
// "participant list forced before PREPARE, commit forced, no end | prepared forced, commit
// unforced".
TEST(EarlyPrepareCounts, CommitTakesOneMessageForEachParticipantAndOneDelay) {
  for (const int n : {1, 2, 3, 5, 100}) {
    const Flow flow(votes(n, n), "2pc-unsolicited", kEarly);
    EXPECT_EQ(flow.sent("WORK"), static_cast<unsigned>(n));
    EXPECT_EQ(flow.sent("DONE"), static_cast<unsigned>(n));
    EXPECT_EQ(flow.sent("COMMIT"), static_cast<unsigned>(n));
    EXPECT_EQ(flow.messages(), 3u * static_cast<unsigned>(n)) << "no acks";
    EXPECT_EQ(flow.ms(0, "decide commit"), 20) << "with the last DONE";
    EXPECT_EQ(flow.ms(n, "decide commit"), 30);
    EXPECT_EQ(flow.ms(0, "forget"), 20);
    EXPECT_EQ(flow.records(0), "force started, force committed");
    EXPECT_EQ(flow.records(n), "force prepared, log committed");
  }
}

// Derived from the definition: presumed commit collects acks for aborts; the abort record need not
// be forced, since the list without a decision means abort.
TEST(EarlyPrepareCounts, AbortIsAcknowledged) {
  for (const int n : {2, 3, 5}) {
    for (int v = 0; v < n; ++v) {
      const std::vector<NamedOption> wait = {{"form", "early-prepare"}, {"at_no", "wait"}};
      const Flow flow(votes(n, v), "2pc-unsolicited", wait);
      EXPECT_EQ(flow.sent("WORK") + flow.sent("DONE") + flow.sent("REFUSED"),
                2u * static_cast<unsigned>(n));
      EXPECT_EQ(flow.sent("ABORT"), static_cast<unsigned>(v));
      EXPECT_EQ(flow.sent("ACK"), static_cast<unsigned>(v));
      EXPECT_EQ(flow.records(0), "force started, log aborted, log end");
      if (v > 0) {
        EXPECT_EQ(flow.records(n), "force prepared, force aborted");
      }
    }
  }
}

// d = 10 ms, f = 5 ms: "after an extra fc at the start".
TEST(EarlyPrepareCounts, TimelineWithForces) {
  Scenario scenario = votes(3, 3);
  scenario.disk.force = Latency::constant(5ms);
  const Flow early(scenario, "2pc-unsolicited", kEarly);
  EXPECT_EQ(early.us(0, "send WORK to 1 2 3"), 5'000);
  EXPECT_EQ(early.us(1, "send DONE to 0"), 20'000);
  EXPECT_EQ(early.us(0, "send COMMIT to 1 2 3"), 35'000);
  EXPECT_EQ(early.us(1, "decide commit"), 45'000);
  EXPECT_EQ(early.us(0, "forget"), 35'000);
  const Flow plain(scenario, "2pc-unsolicited");
  EXPECT_EQ(plain.us(1, "send YES to 0"), 5'000);
  EXPECT_EQ(plain.us(0, "send COMMIT to 1 2 3"), 20'000);
  EXPECT_EQ(plain.us(1, "decide commit"), 35'000);
}

}  // namespace
}  // namespace indoubt
