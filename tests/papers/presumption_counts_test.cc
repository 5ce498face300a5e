// Goal: the published counts and instants of presumed abort, presumed commit and new presumed
// commit, of read-only participants and of the one-phase optimisation. Each test quotes what it
// checks.
//
// R*: Mohan, Lindsay & Obermarck, ACM TODS 11(4), 1986. L&L: Lampson & Lomet, VLDB 1993.
// GHR: Gupta, Haritsa & Ramamritham, SIGMOD 1997.
#include <gtest/gtest.h>

#include <numeric>

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

const std::vector<NamedOption> kWait = {{"at_no", "wait"}};
constexpr int kSizes[] = {1, 2, 3, 5};

unsigned times(int a, int b) { return static_cast<unsigned>(a * b); }

// ---- commit -------------------------------------------------------------------------------------

// R*, L&L: "presumed abort (PrA), commit | 4N | C: commit forced (with participant list), end
// unforced | participant: prepared forced, commit forced | 2 / 3 / 4".
TEST(PresumedAbort, CommitCostsWhatItCostsUnderPresumedNothing) {
  for (const int n : kSizes) {
    const Flow flow(votes(n, n), "2pc-pra");
    EXPECT_EQ(flow.messages(), times(4, n));
    EXPECT_EQ(flow.records(0), "force committed, log end");
    EXPECT_EQ(flow.records(n), "force prepared, force committed");
    EXPECT_EQ(flow.ms(0, "decide commit"), 20);
    EXPECT_EQ(flow.ms(n, "takes COMMIT from 0"), 30);
    EXPECT_EQ(flow.ms(0, "forget"), 40);
  }
}

// "presumed commit (PrC), commit | 3N (no acks) | C: participant list forced before PREPARE, commit
// forced, no end | participant: prepared forced, commit unforced | 2 / 3 / 2".
TEST(PresumedCommit, CommitTakesThreeMessagesForEachParticipant) {
  for (const int n : kSizes) {
    const Flow flow(votes(n, n), "2pc-prc");
    EXPECT_EQ(flow.messages(), times(3, n));
    EXPECT_EQ(flow.records(0), "force started, force committed");
    EXPECT_EQ(flow.records(n), "force prepared, log committed");
    EXPECT_EQ(flow.ms(0, "decide commit"), 20);
    EXPECT_EQ(flow.ms(n, "takes COMMIT from 0"), 30);
    EXPECT_EQ(flow.ms(0, "forget"), 20);
  }
}

// "NPrC (new presumed commit): as PrC, without the list record."
TEST(NewPresumedCommit, CommitIsThatOfPresumedCommitWithoutTheList) {
  for (const int n : kSizes) {
    const Flow flow(votes(n, n), "2pc-nprc");
    EXPECT_EQ(flow.messages(), times(3, n));
    EXPECT_EQ(flow.records(0), "force committed");
    EXPECT_EQ(flow.records(n), "force prepared, log committed");
    EXPECT_EQ(flow.ms(0, "decide commit"), 20);
    EXPECT_EQ(flow.ms(n, "takes COMMIT from 0"), 30);
    EXPECT_EQ(flow.ms(0, "forget"), 20);
  }
}

// ---- abort --------------------------------------------------------------------------------------

// "PrA, abort with v YES votes | 2N + v (no acks) | nothing forced; one source writes no record,
// another an unforced abort record | YES voter: prepared forced, abort unforced | 2 / 3 / 2".
TEST(PresumedAbort, AbortTakesOneMoreMessageForEachYesVoterAndForcesNothing) {
  for (const int n : kSizes) {
    for (int v = 0; v < n; ++v) {
      for (const bool recorded : {false, true}) {
        const Flow flow(votes(n, v), "2pc-pra",
                        {kWait[0], {"abort_record", recorded ? "unforced" : "none"}});
        EXPECT_EQ(flow.messages(), times(2, n) + times(1, v));
        EXPECT_EQ(flow.records(0), recorded ? "log aborted" : "");
        EXPECT_EQ(flow.records(1), "log aborted");
        EXPECT_EQ(flow.records(n), v == 0 ? "log aborted" : "force prepared, log aborted");
        EXPECT_EQ(flow.ms(0, "decide abort"), 20);
        EXPECT_EQ(flow.ms(n, "takes ABORT from 0"), v == 0 ? -1 : 30);
        EXPECT_EQ(flow.ms(0, "forget"), 20);
      }
    }
  }
}

// Derived from "Under PrC C must force the participant list before PREPARE, must collect acks for
// aborts, and keeps aborted transactions until all have acked": 2N + 2v messages. A list without a
// decision means abort, so C need force neither its abort nor its end record; a YES voter must
// force its own before it acknowledges, since a later question would be answered COMMIT.
TEST(PresumedCommit, AbortTakesTwoMoreMessagesForEachYesVoter) {
  for (const int n : kSizes) {
    for (int v = 0; v < n; ++v) {
      const Flow flow(votes(n, v), "2pc-prc", kWait);
      EXPECT_EQ(flow.messages(), times(2, n) + times(2, v));
      EXPECT_EQ(flow.records(0), "force started, log aborted, log end");
      EXPECT_EQ(flow.records(1), "log aborted");
      EXPECT_EQ(flow.records(n), v == 0 ? "log aborted" : "force prepared, force aborted");
      EXPECT_EQ(flow.ms(0, "decide abort"), 20);
      EXPECT_EQ(flow.ms(n, "takes ABORT from 0"), v == 0 ? -1 : 30);
      EXPECT_EQ(flow.ms(0, "forget"), v == 0 ? 20 : 40);
    }
  }
}

// Derived in the same way: after a crash C takes what is not known to have committed for aborted,
// so it needs no record of an abort at all.
TEST(NewPresumedCommit, AbortIsThatOfPresumedCommitWithoutAnyRecordOfTheCoordinator) {
  for (const int n : kSizes) {
    for (int v = 0; v < n; ++v) {
      const Flow flow(votes(n, v), "2pc-nprc", kWait);
      EXPECT_EQ(flow.messages(), times(2, n) + times(2, v));
      EXPECT_EQ(flow.records(0), "");
      EXPECT_EQ(flow.records(n), v == 0 ? "log aborted" : "force prepared, force aborted");
      EXPECT_EQ(flow.ms(0, "decide abort"), 20);
      EXPECT_EQ(flow.ms(0, "forget"), v == 0 ? 20 : 40);
    }
  }
}

// ---- per role -----------------------------------------------------------------------------------

struct Triple {
  std::uint64_t records, forced, sent;
  bool operator==(const Triple&) const = default;
};
void PrintTo(const Triple& t, std::ostream* out) {
  *out << "(" << t.records << "," << t.forced << "," << t.sent << ")";
}

std::uint64_t occurrences(const std::string& text, std::string_view word) {
  std::uint64_t count = 0;
  for (std::size_t at = text.find(word); at != std::string::npos; at = text.find(word, at + 1)) {
    ++count;
  }
  return count;
}
/// Of process p among `roles` alike; messages for each cohort.
Triple triple(const Flow& flow, int p, std::uint64_t cohorts) {
  const std::string records = flow.records(p);
  const std::uint64_t forced = occurrences(records, "force ");
  const auto& sent = flow.totals().sent[p == 0 ? 0 : 1];
  return {forced + occurrences(records, "log "), forced,
          std::accumulate(sent.begin(), sent.end(), std::uint64_t{0}) / cohorts};
}

// L&L: "per-role triples (records, forced, messages sent) for a committing update transaction, C
// per cohort / cohort: PrN (2,1,2)/(2,2,2), PrA (2,1,2)/(2,2,2), PrC (2,2,2)/(2,1,1)". NPrC drops
// the list: (1,1,2)/(2,1,1).
TEST(LampsonLomet, PerRoleTriplesOfACommit) {
  const std::tuple<std::string_view, Triple, Triple> rows[] = {
      {"2pc", {2, 1, 2}, {2, 2, 2}},
      {"2pc-pra", {2, 1, 2}, {2, 2, 2}},
      {"2pc-prc", {2, 2, 2}, {2, 1, 1}},
      {"2pc-nprc", {1, 1, 2}, {2, 1, 1}},
  };
  for (const auto& [protocol, coordinator, cohort] : rows) {
    for (const int n : kSizes) {
      const Flow flow(votes(n, n), protocol);
      EXPECT_EQ(triple(flow, 0, static_cast<std::uint64_t>(n)), coordinator) << protocol;
      EXPECT_EQ(triple(flow, n, static_cast<std::uint64_t>(n)), cohort) << protocol;
    }
  }
}

// GHR: "Forced writes / commit messages: 2PC and PrA 2D+1 / 4(D-1); PrC D+2 / 3(D-1)", one cohort
// at the master's site; for D = 3: 2PC 7 forced, 8 commit; PrC 5, 6.
TEST(GuptaHaritsaRamamritham, OverheadsWithOneCohortAtTheMastersSite) {
  for (const int d : {2, 3, 6}) {
    Scenario scenario = votes(d, d);
    scenario.services[0].at_coordinator = true;
    for (const auto* protocol : {"2pc", "2pc-pra"}) {
      const Flow flow(scenario, protocol);
      EXPECT_EQ(flow.messages(), times(4, d - 1)) << protocol;
      EXPECT_EQ(flow.totals().forced_writes.sum, times(2, d) + 1) << protocol;
    }
    const Flow flow(scenario, "2pc-prc");
    EXPECT_EQ(flow.messages(), times(3, d - 1));
    EXPECT_EQ(flow.totals().forced_writes.sum, times(1, d) + 2);
  }
}

// ---- timelines ----------------------------------------------------------------------------------

/// One-way delay d, forced write f, three participants, all YES.
Scenario timed(Duration d, Duration f) {
  Scenario scenario = world(3, Latency::constant(d));
  scenario.disk.force = Latency::constant(f);
  return scenario;
}

// Timeline for d = 10 ms, f = 5 ms, all YES, PrC: "PREPARE leaves 5 (list forced first) | YES
// leaves 20 | votes at C 30 | decision durable, COMMIT leaves 35 | COMMIT arrives 45 |
// participant's locks free 45 | C may forget 35".
TEST(Timeline, OfPresumedCommit) {
  const Flow flow(timed(10ms, 5ms), "2pc-prc");
  EXPECT_EQ(flow.ms(0, "send PREPARE to 1 2 3"), 5);
  for (const int p : {1, 2, 3}) {
    EXPECT_EQ(flow.ms(p, "send YES to 0"), 20);
    EXPECT_EQ(flow.ms(p, "takes COMMIT from 0"), 45);
    EXPECT_EQ(flow.ms(p, "decide commit"), 45) << "locks are free";
  }
  EXPECT_EQ(flow.ms(0, "takes YES from 3"), 30);
  EXPECT_EQ(flow.ms(0, "durable committed"), 35);
  EXPECT_EQ(flow.ms(0, "send COMMIT to 1 2 3"), 35);
  EXPECT_EQ(flow.ms(0, "forget"), 35);
}

// The column "PrN / PrA": 0, 15, 25, 30, 40, 45, 55.
TEST(Timeline, OfPresumedAbort) {
  const Flow flow(timed(10ms, 5ms), "2pc-pra");
  EXPECT_EQ(flow.ms(0, "send PREPARE to 1 2 3"), 0);
  EXPECT_EQ(flow.ms(1, "send YES to 0"), 15);
  EXPECT_EQ(flow.ms(0, "takes YES from 3"), 25);
  EXPECT_EQ(flow.ms(0, "send COMMIT to 1 2 3"), 30);
  EXPECT_EQ(flow.ms(1, "takes COMMIT from 0"), 40);
  EXPECT_EQ(flow.ms(1, "decide commit"), 45);
  EXPECT_EQ(flow.ms(0, "forget"), 55);
}

// New presumed commit: presumed commit's, without the 5 ms of the list.
TEST(Timeline, OfNewPresumedCommit) {
  const Flow flow(timed(10ms, 5ms), "2pc-nprc");
  EXPECT_EQ(flow.ms(0, "send PREPARE to 1 2 3"), 0);
  EXPECT_EQ(flow.ms(0, "forget"), 30);
  EXPECT_EQ(flow.ms(1, "decide commit"), 40);
}

// M17: "hot record throughput: 1 / lock hold; hold fp+2d+fc+f for PrN and PrA, fp+2d+fc for PrC;
// d = f = 1 ms: 200, 250 per second".
TEST(Timeline, LocksAreHeldOneForceLessUnderPresumedCommit) {
  const std::pair<std::string_view, double> rows[] = {
      {"2pc", 200}, {"2pc-pra", 200}, {"2pc-prc", 250}, {"2pc-nprc", 250}};
  for (const auto& [protocol, per_second] : rows) {
    const Flow flow(timed(1ms, 1ms), protocol);
    const auto hold =
        static_cast<double>(flow.us(1, "decide commit") - flow.us(1, "takes PREPARE from 0"));
    EXPECT_NEAR(1e6 / hold, per_second, 1e-9) << protocol;
  }
}

// ---- shortcuts ----------------------------------------------------------------------------------

// "single participant, one-phase optimisation | 2 messages | C writes nothing | 2 delays".
TEST(OnePhaseCounts, TwoMessagesTwoDelaysAndNoRecordOfTheCoordinator) {
  for (const auto* protocol : {"2pc", "2pc-pra", "2pc-prc", "2pc-nprc"}) {
    const Flow flow(votes(1, 1), protocol, {{"one_phase", "yes"}});
    EXPECT_EQ(flow.messages(), 2u);
    EXPECT_EQ(flow.records(0), "");
    EXPECT_EQ(flow.records(1), "force committed");
    EXPECT_EQ(flow.ms(0, "decide commit"), 20);
    EXPECT_EQ(flow.totals().commits, 1u);
    EXPECT_EQ(flow.totals().violations, decltype(flow.totals().violations){});
    const Flow no(votes(1, 0), protocol, {{"one_phase", "yes"}});
    EXPECT_EQ(no.messages(), 2u);
    EXPECT_EQ(no.records(0), "");
    EXPECT_EQ(no.totals().aborts_by_cause[static_cast<std::size_t>(AbortCause::no_vote)], 1u);
  }
}

// "Read-only participant: answers READ instead of YES, logs nothing, frees its locks, and is left
// out of phase 2: 2 messages."
TEST(ReadOnlyCounts, EachReaderTakesTwoMessagesAndLogsNothing) {
  const std::pair<std::string_view, int> rows[] = {
      {"2pc", 4}, {"2pc-pra", 4}, {"2pc-prc", 3}, {"2pc-nprc", 3}};
  for (const auto& [protocol, update] : rows) {
    for (const int n : kSizes) {
      for (int readers = 1; readers <= n; ++readers) {
        Scenario scenario = votes(n, n);
        for (int p = 0; p < readers; ++p) {
          scenario.services[static_cast<std::size_t>(p)].read_only = 1;
        }
        const Flow flow(scenario, protocol);
        EXPECT_EQ(flow.messages(), times(2, readers) + times(update, n - readers)) << protocol;
        EXPECT_EQ(flow.totals().commits, 1u);
        EXPECT_EQ(flow.totals().violations, decltype(flow.totals().violations){});
        EXPECT_EQ(flow.records(1), "");
      }
    }
  }
}

// "If all vote READ there is no phase 2, and the coordinator's closing record, if its presumption
// needs one, is not forced." R*, completely read-only: PA no record, PC two of which one is forced.
TEST(ReadOnlyCounts, IfAllAreReadersNoDecisionIsForced) {
  const std::pair<std::string_view, std::string_view> rows[] = {
      {"2pc", "log end"},
      {"2pc-pra", ""},
      {"2pc-prc", "force started, log committed"},
      {"2pc-nprc", ""}};
  for (const auto& [protocol, records] : rows) {
    Scenario scenario = votes(3, 3);
    for (Service& service : scenario.services) service.read_only = 1;
    const Flow flow(scenario, protocol);
    EXPECT_EQ(flow.records(0), records) << protocol;
    EXPECT_EQ(flow.messages(), 6u);
    EXPECT_EQ(flow.ms(0, "forget"), 20);
  }
}

}  // namespace
}  // namespace indoubt
