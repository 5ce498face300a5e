// Goal: the failure scenarios of the library show what the protocol definitions say, to the
// nanosecond, and each file's own verdict depends on what goes wrong in it. The files themselves
// are run, so that they and their sources cannot drift apart. Each test quotes the row it checks.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "scenarios/runner.h"
#include "tests/papers/flow.h"

namespace indoubt {
namespace {

constexpr std::int64_t kMs = 1'000'000;  // in nanoseconds
constexpr int kCoordinatorId = 0, kPayment = 1, kTransfer = 2, kSettlement = 3;
constexpr int kParticipants[] = {kPayment, kTransfer, kSettlement};
const std::string kFolder = INDOUBT_SOURCE_DIR "/scenarios/library/failures/";

std::vector<std::string> files() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(kFolder))
    names.push_back(entry.path().stem().string());
  std::sort(names.begin(), names.end());
  return names;
}

ScenarioFile library_file(const std::string& name) {
  LoadResult loaded = load_scenario_file(kFolder + name + ".yaml");
  EXPECT_TRUE(loaded.file) << name;
  return *loaded.file;
}

/// The first transaction of a library file under the protocol of this label.
Flow library_flow(const std::string& name, std::string_view label) {
  const ScenarioFile file = library_file(name);
  for (const ProtocolUse& use : file.scenario.protocols) {
    if (use.label == label) return Flow(file.scenario, machine_for_use(use, file.scenario));
  }
  ADD_FAILURE() << name << " has no " << label;
  return Flow(file.scenario, machine_for_use(file.scenario.protocols[0], file.scenario));
}

void expect_violations(const Flow& flow, const std::vector<Property>& properties) {
  for (const Property p : {Property::agreement, Property::stability, Property::validity,
                           Property::nontriviality, Property::termination}) {
    const bool expected = std::find(properties.begin(), properties.end(), p) != properties.end();
    EXPECT_EQ(flow.totals().violations[static_cast<std::size_t>(p)], expected ? 1u : 0u) << name(p);
  }
}

// ---- every file -------------------------------------------------------------------------------

class LibraryFailure : public testing::TestWithParam<std::string> {};

TEST_P(LibraryFailure, MeetsItsVerdict) {
  const ScenarioFile file = library_file(GetParam());
  const RunResult result = run_scenario(file, {});
  EXPECT_EQ(result.status, RunStatus::met);
}

/// Nothing but what goes wrong in it makes the difference.
TEST_P(LibraryFailure, FailsIfNothingGoesWrong) {
  ScenarioFile file = library_file(GetParam());
  ASSERT_TRUE(!file.scenario.faults.empty() || file.scenario.client);
  file.scenario.faults.clear();
  file.scenario.client.reset();
  file.scenario.timeouts.clear();
  EXPECT_EQ(run_scenario(file, {}).status, RunStatus::failed);
}

INSTANTIATE_TEST_SUITE_P(Files, LibraryFailure, testing::ValuesIn(files()),
                         [](const auto& test) { return test.param; });

// ---- row by row -------------------------------------------------------------------------------

// S1: "PrA; C crashes at 28 (all votes in, nothing logged); up at 528; participants start asking 50
// ms after voting and repeat every 50 ms | all block; the question sent at 515 is lost, the one
// sent at 565 is answered; ABORT arrives at 585, 570 ms in doubt".
TEST(Library, S1UnderPresumedAbortTheQuestionAfterTheRestartIsAnswered) {
  const Flow flow = library_flow("s01_presumed_abort_coordinator_back", "2pc-pra");
  for (const int p : kParticipants) {
    EXPECT_EQ(flow.ns(p, "send YES to 0"), 15 * kMs);
    EXPECT_EQ(flow.ns(p, "send INQUIRY to 0"), 65 * kMs);
    EXPECT_EQ(flow.times(p, "send INQUIRY to 0"), 11) << "65, 115 ... 515, 565";
    EXPECT_EQ(flow.times(p, "loses INQUIRY to 0"), 10) << "the one sent at 515 too";
    EXPECT_EQ(flow.ns(p, "takes ABORT from 0"), 585 * kMs);
    EXPECT_EQ(flow.ns(p, "decide abort"), 585 * kMs);
  }
  EXPECT_EQ(flow.ns(kCoordinatorId, "takes YES from 3"), 25 * kMs);
  EXPECT_EQ(flow.ns(kCoordinatorId, "durable committed"), -1);
  EXPECT_EQ(flow.ns(kCoordinatorId, "takes INQUIRY from 1"), 575 * kMs);
  EXPECT_EQ(flow.totals().all_aborted, 1u);
  EXPECT_EQ(flow.totals().blocked_participants.mean(), 3);
  EXPECT_EQ(flow.totals().blocked_time.mean(), 500e6);
  EXPECT_EQ(flow.totals().in_doubt_time.mean(), 570e6);
  EXPECT_EQ(flow.messages(), 42u) << "3 PREPARE, 3 votes, 33 questions, 3 answers";
  expect_violations(flow, {});
}

// S2: "COMMIT reached P1 only, C down, P1 up, cooperative termination on | P2, P3 commit by asking
// P1. Without it they wait for C, then commit".
TEST(Library, S2OneThatHasCommittedUnblocksTheOthers) {
  const std::string name = "s02_one_participant_knows";
  const Flow helped = library_flow(name, "2pc-cooperative"), alone = library_flow(name, "2pc");
  for (const Flow* flow : {&helped, &alone}) {
    EXPECT_EQ(flow->ns(kPayment, "takes COMMIT from 0"), 40 * kMs);
    EXPECT_EQ(flow->ns(kPayment, "decide commit"), 45 * kMs);
    EXPECT_EQ(flow->totals().all_committed, 1u);
    expect_violations(*flow, {});
  }
  for (const int p : {kTransfer, kSettlement}) {
    EXPECT_EQ(helped.ns(p, "takes COMMIT from 1"), 85 * kMs) << "asked at 65";
    EXPECT_EQ(helped.ns(p, "decide commit"), 90 * kMs);
    EXPECT_EQ(alone.ns(p, "takes COMMIT from 1"), -1);
    EXPECT_EQ(alone.ns(p, "takes COMMIT from 0"), 540 * kMs) << "up at 530";
    EXPECT_EQ(alone.ns(p, "decide commit"), 545 * kMs);
  }
  EXPECT_EQ(helped.totals().ever_blocked, 0u);
  EXPECT_EQ(alone.totals().blocked_participants.mean(), 2);
  EXPECT_EQ(alone.totals().blocked_time.mean(), 500e6);
}

// S3: "PREPARE to P3 lost, P1 and P2 uncertain, C down | P3 has not voted: abort for all, no
// blocking".
TEST(Library, S3OneThatWasNeverAskedUnblocksTheOthers) {
  const std::string name = "s03_one_participant_not_asked";
  const Flow helped = library_flow(name, "2pc-cooperative"), alone = library_flow(name, "2pc");
  EXPECT_EQ(helped.ns(kSettlement, "takes PREPARE from 0"), -1);
  EXPECT_EQ(helped.ns(kSettlement, "takes INQUIRY from 1"), 75 * kMs);
  EXPECT_EQ(helped.ns(kSettlement, "decide abort"), 80 * kMs);
  for (const int p : {kPayment, kTransfer}) {
    EXPECT_EQ(helped.ns(p, "takes ABORT from 3"), 90 * kMs);
    EXPECT_EQ(helped.ns(p, "decide abort"), 95 * kMs);
  }
  EXPECT_EQ(helped.totals().all_aborted, 1u);
  EXPECT_EQ(helped.totals().ever_blocked, 0u);
  EXPECT_EQ(alone.totals().blocked_at_end, 1u);
  EXPECT_EQ(alone.totals().blocked_participants.mean(), 2);
  expect_violations(helped, {});
  expect_violations(alone, {});
}

// S4: "P1 crashes before its prepared record is durable | C times out: abort; P1 aborts alone on
// recovery".
TEST(Library, S4WithoutAPreparedRecordAParticipantAbortsAlone) {
  struct Row {
    std::string_view label;
    std::int64_t times_out, decides, aborts_alone;
  };
  const Row rows[] = {{"2pc", 60, 65, 315},
                      {"2pc-pra", 60, 60, 310},
                      {"2pc-prc", 65, 65, 320},  // PREPARE leaves after the list
                      {"3pc", 60, 65, 315}};
  for (const Row& row : rows) {
    SCOPED_TRACE(row.label);
    const Flow flow = library_flow("s04_crash_before_prepared_is_durable", row.label);
    EXPECT_EQ(flow.times(kPayment, "prepared YES"), 1);
    EXPECT_EQ(flow.ns(kPayment, "durable prepared"), -1);
    EXPECT_EQ(flow.ns(kPayment, "send YES to 0"), -1);
    EXPECT_EQ(flow.ns(kCoordinatorId, "time-out votes"), row.times_out * kMs);
    EXPECT_EQ(flow.ns(kCoordinatorId, "decide abort"), row.decides * kMs);
    EXPECT_EQ(flow.ns(kPayment, "decide abort"), row.aborts_alone * kMs) << "at its restart";
    EXPECT_EQ(flow.ns(kPayment, "send INQUIRY to 0"), -1);
    EXPECT_EQ(flow.totals().all_aborted, 1u);
    EXPECT_EQ(flow.totals().ever_blocked, 0u);
    expect_violations(flow, {});
  }
}

// S5: "P1 votes YES, crashes, recovers before or after the decision | in doubt, asks, follows".
TEST(Library, S5WhoCrashedInDoubtAsksAndFollows) {
  const std::string name = "s05_crash_in_doubt";
  for (const char* label : {"2pc", "2pc-pra"}) {
    SCOPED_TRACE(label);
    const Flow flow = library_flow(name, label);
    EXPECT_EQ(flow.ns(kPayment, "send INQUIRY to 0"), 22 * kMs) << "C decides at 30";
    EXPECT_EQ(flow.ns(kPayment, "takes COMMIT from 0"), 40 * kMs);
    EXPECT_EQ(flow.ns(kPayment, "decide commit"), 45 * kMs);
    EXPECT_EQ(flow.ns(kCoordinatorId, "decide commit"), 30 * kMs);
    EXPECT_EQ(flow.ns(kCoordinatorId, "loses COMMIT to 2"), 40 * kMs);
    EXPECT_EQ(flow.ns(kTransfer, "send INQUIRY to 0"), 115 * kMs);
    EXPECT_EQ(flow.ns(kTransfer, "takes COMMIT from 0"), 135 * kMs);
    EXPECT_EQ(flow.ns(kTransfer, "decide commit"), 140 * kMs);
  }
  for (const char* label : {"2pc", "2pc-pra", "2pc-prc", "3pc"}) {
    const Flow flow = library_flow(name, label);
    EXPECT_EQ(flow.totals().all_committed, 1u) << label;
    expect_violations(flow, {});
  }
  const Flow prc = library_flow(name, "2pc-prc");  // the list: five milliseconds later
  EXPECT_EQ(prc.ns(kPayment, "send INQUIRY to 0"), 27 * kMs);
  EXPECT_EQ(prc.ns(kTransfer, "decide commit"), 140 * kMs) << "asked at 120, nothing to force";
  const Flow three = library_flow(name, "3pc");
  EXPECT_EQ(three.ns(kCoordinatorId, "time-out acks"), 225 * kMs);
  for (const int p : kParticipants) EXPECT_EQ(three.ns(p, "decide commit"), 245 * kMs);
}

// S6: "link C-P2 cut after P2's vote, others fine | others commit at once; P2 is blocked for the
// rest of the cut, then commits".
TEST(Library, S6WhoIsCutOffIsBlockedForTheRestOfTheCut) {
  const std::string name = "s06_link_cut_after_the_vote";
  const Flow alone = library_flow(name, "2pc"), helped = library_flow(name, "2pc-cooperative");
  for (const Flow* flow : {&alone, &helped}) {
    EXPECT_EQ(flow->ns(kCoordinatorId, "takes YES from 2"), 25 * kMs);
    for (const int p : {kPayment, kSettlement})
      EXPECT_EQ(flow->ns(p, "decide commit"), 45 * kMs) << "at once";
    EXPECT_EQ(flow->totals().all_committed, 1u);
    expect_violations(*flow, {});
  }
  EXPECT_EQ(alone.ns(kTransfer, "takes COMMIT from 0"), 540 * kMs) << "sent again at 530";
  EXPECT_EQ(alone.ns(kTransfer, "decide commit"), 545 * kMs);
  EXPECT_EQ(alone.totals().blocked_participants.mean(), 1);
  EXPECT_EQ(alone.totals().blocked_time.mean(), 500e6) << "26 to 526";
  EXPECT_EQ(helped.ns(kTransfer, "decide commit"), 90 * kMs);
  EXPECT_EQ(helped.totals().ever_blocked, 0u);
}

// S7: "PrC; C logs commit, crashes before sending; P1 asks later | commit, whether C has the record
// or has forgotten".
TEST(Library, S7ACommitThatWasLoggedAndNotSentIsAnswered) {
  ScenarioFile file = library_file("s07_commit_logged_and_not_sent");
  const Machine machine = machine_for_use(file.scenario.protocols[0], file.scenario);
  for (const bool forgotten : {false, true}) {
    file.scenario.faults[0].when.probability = forgotten ? 1 : 0;
    const Flow flow(file.scenario, machine);
    EXPECT_EQ(flow.ns(kCoordinatorId, "durable committed"), 35 * kMs);
    EXPECT_EQ(flow.ns(kCoordinatorId, "send COMMIT to 1 2 3"), -1);
    for (const int p : kParticipants) {
      EXPECT_EQ(flow.ns(p, "send INQUIRY to 0"), 70 * kMs) << "YES left at 20";
      EXPECT_EQ(flow.ns(p, "takes COMMIT from 0"), 90 * kMs) << forgotten;
      EXPECT_EQ(flow.ns(p, "decide commit"), 90 * kMs);
    }
    EXPECT_EQ(flow.totals().in_doubt_time.mean(), 70e6);
    expect_violations(flow, {});
  }
}

// S8: "C runs PrA, P1 behaves as PrC | P1 never acks commit, C can never forget; unknown means
// abort to one and commit to the other: reject the configuration".
TEST(Library, S8PresumptionsDoNotMix) {
  const std::string name = "s08_presumptions_do_not_mix";
  const Flow mixture = library_flow(name, "mixture");
  EXPECT_EQ(mixture.times(kPayment, "takes COMMIT from 0"), 3) << "40, 90, 140; 190 is lost";
  EXPECT_EQ(mixture.times(kTransfer, "takes COMMIT from 0"), 4);
  EXPECT_EQ(mixture.ns(kCoordinatorId, "forget"), -1);
  EXPECT_EQ(mixture.ns(kPayment, "decide commit"), 40 * kMs) << "unforced";
  EXPECT_EQ(mixture.ns(kPayment, "send INQUIRY to 0"), 230 * kMs);
  EXPECT_EQ(mixture.ns(kPayment, "decide abort"), 255 * kMs);
  EXPECT_EQ(mixture.totals().mixed, 1u);
  expect_violations(mixture, {Property::agreement, Property::stability});
  EXPECT_EQ(library_flow(name, "2pc-pra").ns(kCoordinatorId, "forget"), 55 * kMs);
  EXPECT_EQ(library_flow(name, "2pc-prc").ns(kCoordinatorId, "forget"), 35 * kMs);
}

// S9: "duplicate PREPARE or duplicate decision | same answer again, no second effect, no second
// lock".
TEST(Library, S9WhatArrivesTwiceHasNoSecondEffect) {
  for (const std::string_view label : {"2pc", "2pc-pra", "2pc-prc", "3pc"}) {
    SCOPED_TRACE(label);
    const Flow flow = library_flow("s09_everything_arrives_twice", label);
    ScenarioFile file = library_file("s09_everything_arrives_twice");
    file.scenario.faults.clear();
    file.scenario.timeouts.clear();
    const Flow plain(file.scenario, label);
    for (const int p : kParticipants) {
      EXPECT_EQ(flow.times(p, "takes PREPARE from 0"), 2);
      EXPECT_EQ(flow.times(p, "prepare"), 1) << "no second work, no second lock";
      EXPECT_EQ(flow.times(p, "send YES to 0"), 2);
      EXPECT_EQ(flow.times(p, "takes COMMIT from 0"), 2);
      EXPECT_EQ(flow.times(p, "decide commit"), 1);
      EXPECT_EQ(flow.ns(p, "decide commit"), plain.ns(p, "decide commit"));
    }
    for (int p = 0; p <= 3; ++p) EXPECT_EQ(flow.records(p), plain.records(p));
    const bool acknowledged = label == "2pc" || label == "2pc-pra";
    EXPECT_EQ(flow.messages(), plain.messages() + (acknowledged ? 9 : 6));
    expect_violations(flow, {});
  }
}

// S10: "3PC; C crashes with all votes in and no PRE-COMMIT sent | all uncertain: abort, no
// blocking".
TEST(Library, S10AllUncertainAbort) {
  const std::string name = "s10_coordinator_lost_all_votes_in";
  for (const char* label : {"3pc", "3pc-backup-state", "3pc-quorum", "e3pc"}) {
    SCOPED_TRACE(label);
    const Flow flow = library_flow(name, label);
    EXPECT_EQ(flow.ns(kCoordinatorId, "takes YES from 3"), 25 * kMs);
    EXPECT_EQ(flow.sent("PRE-COMMIT"), 0u);
    EXPECT_EQ(flow.totals().all_aborted, 1u);
    EXPECT_EQ(flow.totals().ever_blocked, 0u);
    expect_violations(flow, {});
  }
  const Flow three = library_flow(name, "3pc");
  EXPECT_EQ(three.ns(kPayment, "time-out decision"), 65 * kMs);
  EXPECT_EQ(three.ns(kPayment, "takes STATE from 3"), 85 * kMs) << "asked at 65";
  EXPECT_EQ(three.ns(kPayment, "decide abort"), 90 * kMs);
  for (const int p : {kTransfer, kSettlement}) EXPECT_EQ(three.ns(p, "decide abort"), 105 * kMs);
  const Flow two = library_flow(name, "2pc");
  EXPECT_EQ(two.totals().blocked_at_end, 1u);
  EXPECT_EQ(two.totals().blocked_participants.mean(), 3);
}

// S11: "3PC; PRE-COMMIT reached P1 only, C crashes | collected-states rule: commit".
TEST(Library, S11OnePreCommittedCommits) {
  const std::string name = "s11_one_participant_pre_committed";
  for (const char* label : {"3pc", "3pc-backup-state", "3pc-quorum", "e3pc"}) {
    SCOPED_TRACE(label);
    const Flow flow = library_flow(name, label);
    EXPECT_GT(flow.ns(kPayment, "takes PRE-COMMIT from 0"), 0);
    for (const int p : {kTransfer, kSettlement})
      EXPECT_EQ(flow.ns(p, "takes PRE-COMMIT from 0"), -1);
    EXPECT_EQ(flow.totals().all_committed, 1u);
    EXPECT_EQ(flow.totals().ever_blocked, 0u);
    expect_violations(flow, {});
  }
  // "PRE-COMMIT to the uncertain ones, wait for their acks, then commit".
  const Flow three = library_flow(name, "3pc");
  EXPECT_EQ(three.ns(kPayment, "takes PRE-COMMIT from 0"), 35 * kMs);
  for (const int p : {kTransfer, kSettlement})
    EXPECT_EQ(three.ns(p, "takes PRE-COMMIT from 1"), 115 * kMs);
  EXPECT_EQ(three.ns(kPayment, "decide commit"), 130 * kMs);
  for (const int p : {kTransfer, kSettlement}) EXPECT_EQ(three.ns(p, "decide commit"), 145 * kMs);
}

// S12: "3PC; all acked, COMMIT reached P1 only, C and P1 crash | P2, P3 are PC: commit; P1 agrees
// on recovery".
TEST(Library, S12AllPreCommittedCommitAndTheFirstAgrees) {
  const std::string name = "s12_coordinator_and_first_to_commit_die";
  for (const char* label : {"3pc", "3pc-quorum", "e3pc"}) {
    SCOPED_TRACE(label);
    const Flow flow = library_flow(name, label);
    for (const int p : kParticipants)
      EXPECT_GT(flow.ns(p, "send PRE-COMMIT-ACK to 0"), 0) << "all acked";
    EXPECT_GT(flow.ns(kPayment, "takes COMMIT from 0"), 0);
    for (const int p : {kTransfer, kSettlement}) EXPECT_EQ(flow.ns(p, "takes COMMIT from 0"), -1);
    EXPECT_EQ(flow.totals().all_committed, 1u);
    expect_violations(flow, {});
  }
  const Flow three = library_flow(name, "3pc");
  EXPECT_EQ(three.ns(kPayment, "takes COMMIT from 0"), 60 * kMs);
  EXPECT_EQ(three.ns(kTransfer, "decide commit"), 160 * kMs);
  EXPECT_EQ(three.ns(kSettlement, "decide commit"), 175 * kMs);
  EXPECT_EQ(three.ns(kPayment, "takes COMMIT from 2"), 580 * kMs) << "asked at 560";
  EXPECT_EQ(three.ns(kPayment, "decide commit"), 585 * kMs);
}

// S13: "3PC; partition {C,P1,P2} / {P3}, PRE-COMMIT at P1 and P2 | plain 3PC: left commits, P3
// aborts: violation. Quorum 3PC with V=4, Vc=3, Va=2: left commits, P3 blocks, commits after
// healing".
TEST(Library, S13APartitionSplitsPlainThreePhaseCommitOnly) {
  struct Row {
    std::string_view label;
    std::int64_t left_commits, last_decides;
  };
  for (const Row& row : {Row{"3pc", 70, 200}, {"3pc-quorum", 75, 560}, {"e3pc", 75, 585}}) {
    SCOPED_TRACE(row.label);
    const Flow flow = library_flow("s13_partition_breaks_three_phase_commit", row.label);
    const bool plain = row.label == "3pc";
    for (const int p : {kPayment, kTransfer}) {
      EXPECT_EQ(flow.ns(p, "takes PRE-COMMIT from 0"), (plain ? 35 : 40) * kMs);
      EXPECT_EQ(flow.ns(p, "decide commit"), row.left_commits * kMs);
    }
    EXPECT_EQ(flow.ns(kSettlement, "takes PRE-COMMIT from 0"), -1);
    EXPECT_EQ(flow.ns(kSettlement, plain ? "decide abort" : "decide commit"),
              row.last_decides * kMs)
        << "the cut is healed at 531";
    EXPECT_EQ(flow.totals().mixed, plain ? 1u : 0u);
    expect_violations(flow, plain ? std::vector{Property::agreement} : std::vector<Property>{});
  }
  const Flow two = library_flow("s13_partition_breaks_three_phase_commit", "2pc");
  EXPECT_EQ(two.ns(kSettlement, "decide commit"), 570 * kMs);
  EXPECT_EQ(two.totals().blocked_time.mean(), 500e6);
}

// S14: "time-out-only 3PC: PC participant commits on time-out, uncertain one aborts, C aborts if an
// ack is missing; the PRE-COMMIT to P3 is lost, and C's ack time-out plus d is longer than the
// participants' time-out in PC | P1, P2 commit, P3 and C abort: violation from one lost message.
// With a shorter ack time-out C's ABORT arrives first and all abort".
TEST(Library, S14TimeoutsOnlyHangOnTheirOrder) {
  const Flow split = library_flow("s14_timeouts_only_split", "timeouts-only");
  const Flow agree = library_flow("s14_timeouts_only_agree", "timeouts-only");
  for (const Flow* flow : {&split, &agree}) {
    EXPECT_EQ(flow->ns(kCoordinatorId, "loses PRE-COMMIT to 3"), 25 * kMs);
    EXPECT_EQ(flow->ns(kSettlement, "decide abort"), 80 * kMs) << "waited from 15 to 75";
  }
  EXPECT_EQ(split.ns(kCoordinatorId, "time-out acks"), 105 * kMs);
  EXPECT_EQ(split.ns(kCoordinatorId, "decide abort"), 110 * kMs);
  for (const int p : {kPayment, kTransfer}) {
    EXPECT_EQ(split.ns(p, "time-out commit"), 95 * kMs);
    EXPECT_EQ(split.ns(p, "decide commit"), 100 * kMs);
    EXPECT_EQ(agree.ns(p, "takes ABORT from 0"), 80 * kMs);
    EXPECT_EQ(agree.ns(p, "decide abort"), 85 * kMs);
  }
  expect_violations(split, {Property::agreement});
  expect_violations(agree, {});
  EXPECT_EQ(agree.totals().all_aborted, 1u);
  for (const char* name : {"s14_timeouts_only_split", "s14_timeouts_only_agree"}) {
    EXPECT_EQ(library_flow(name, "3pc").totals().all_committed, 1u) << "with termination";
  }
}

// S15: "Paxos Commit, F=1; leader crashes after all prepared | another leader finishes: commit".
TEST(Library, S15AnotherLeaderFinishes) {
  const std::string name = "s15_paxos_commit_leader_dies";
  const Flow flow = library_flow(name, "paxos-commit"),
             fast = library_flow(name, "paxos-commit-fast");
  EXPECT_EQ(flow.ns(kCoordinatorId, "takes PHASE-2B from 4"), -1);
  EXPECT_EQ(flow.ns(kCoordinatorId, "decide commit"), -1);
  for (const int p : kParticipants) {
    for (const int acceptor : {4, 5})
      EXPECT_EQ(flow.ns(acceptor, "takes YES from " + std::to_string(p)), 25 * kMs);
    EXPECT_EQ(fast.ns(p, "decide commit"), 40 * kMs) << "the acceptors report to all";
  }
  EXPECT_EQ(flow.totals().completion_time.mean(), 140e6);
  EXPECT_EQ(library_flow(name, "2pc").totals().blocked_at_end, 1u);
  for (const Flow* each : {&flow, &fast}) {
    EXPECT_EQ(each->totals().all_committed, 1u);
    EXPECT_EQ(each->totals().ever_blocked, 0u);
    expect_violations(*each, {});
  }
}

// S16: "Paxos Commit, two processes both act as leader | possibly slower, never a split".
TEST(Library, S16TwoLeadersNeverSplit) {
  const std::string name = "s16_paxos_commit_two_leaders";
  const Flow flow = library_flow(name, "paxos-commit"), patient = library_flow(name, "patient");
  EXPECT_EQ(flow.ns(6, "takes PHASE-1A from 1"), 50 * kMs);
  EXPECT_EQ(flow.ns(6, "takes PHASE-1A from 0"), 80 * kMs) << "both lead";
  EXPECT_EQ(flow.ns(kPayment, "decide commit"), 90 * kMs);
  EXPECT_EQ(flow.ns(kPayment, "send PHASE-2A to 4 5 6"), 65 * kMs);
  EXPECT_EQ(flow.ns(kCoordinatorId, "send PHASE-2A to 4 5 6"), 95 * kMs);
  for (const int p : {kTransfer, kSettlement})
    EXPECT_EQ(flow.ns(6, "takes PHASE-1A from " + std::to_string(p)), -1);
  for (const int p : {kCoordinatorId, kTransfer, kSettlement})
    EXPECT_EQ(flow.ns(p, "decide commit"), 100 * kMs);
  for (const Flow* each : {&flow, &patient}) {
    EXPECT_EQ(each->totals().all_committed, 1u);
    expect_violations(*each, {});
  }
  EXPECT_EQ(flow.messages(), 50u);
  EXPECT_EQ(patient.messages(), 26u);
  EXPECT_EQ(patient.totals().completion_time.mean(), 155e6);
}

// S17: "participant locks held by a prepared transaction while C is down | all conflicting
// transactions wait; report their number and waiting time".
TEST(Library, S17WhoeverNeedsTheRecordOfAPreparedTransactionWaitsForTheCoordinator) {
  const ScenarioFile file = library_file("s17_locks_of_a_prepared_transaction");
  const ProtocolUse& use = file.scenario.protocols[0];
  SimulationOptions options;
  options.count = file.scenario.transactions.count;
  const Totals totals = simulate(file.scenario, machine_for_use(use, file.scenario), options);
  EXPECT_EQ(totals.waited, 4u);
  // Asked at 20, 25, 30 and 35 ms; ABORT comes at 528 + 5 + 10 ms and is on disk 5 ms later.
  EXPECT_EQ(totals.wait_time.mean(), (528e6 + 523e6 + 518e6 + 513e6) / 4);
  EXPECT_EQ(totals.ever_blocked, 1u);
  EXPECT_EQ(totals.blocked_time.mean(), 500e6);
  EXPECT_EQ(totals.aborts, 5u);
}

// S18: "client's reply lost after commit | servers consistent, client unsure: count separately; a
// retry must carry the same transaction id".
TEST(Library, S18AClientThatHeardNothingPaysTwiceUnlessItRepeatsTheId) {
  for (const bool same : {false, true}) {
    const ScenarioFile file =
        library_file(same ? "s18_reply_lost_same_id" : "s18_reply_lost_new_id");
    SimulationOptions options;
    options.count = 10'000;
    const Totals totals = simulate(
        file.scenario, machine_for_use(file.scenario.protocols[0], file.scenario), options);
    EXPECT_EQ(totals.commits, totals.transactions) << "servers are consistent";
    EXPECT_EQ(totals.payments_made, 10'000u);
    EXPECT_NEAR(static_cast<double>(totals.payments_confirmed), 7500, 4 * 43.4);
    EXPECT_NEAR(static_cast<double>(totals.payments_doubled), same ? 0 : 5000, same ? 0 : 4 * 50.0);
  }
}

}  // namespace
}  // namespace indoubt
