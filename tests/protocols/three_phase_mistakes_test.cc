// Goal: each known mistake breaks its property in a run that the correct protocol survives.
#include <gtest/gtest.h>

#include "tests/support/puppet.h"

namespace indoubt {
namespace {

/// All have voted YES; PRE-COMMIT has left, and reached these.
Puppet pre_committing(int participants, const std::vector<int>& reached,
                      const std::vector<NamedOption>& options) {
  Puppet w("3pc", participants, options);
  w.start();
  for (int p = 1; p <= participants; ++p) w.deliver("PREPARE", 0, p);
  for (int p = 1; p <= participants; ++p) w.prepared(p, true);
  for (int p = 1; p <= participants; ++p) w.deliver("YES", p, 0);
  for (const int p : reached) w.deliver("PRE-COMMIT", 0, p);
  return w;
}

void everything_arrives(Puppet& w) {
  while (!w.quiet()) w.deliver_number(0);
}

bool split(const Puppet& w) {
  bool commit = false, abort = false;
  for (int p = 0; p < w.processes(); ++p) {
    commit = commit || w.outcome(p) == Outcome::commit;
    abort = abort || w.outcome(p) == Outcome::abort;
  }
  return commit && abort;
}

/// Runs the same under a mistake and without it.
template <class Run>
void breaks(std::string_view mistake, const Run& run) {
  EXPECT_TRUE(run(NamedOption{"mistake", mistake})) << mistake;
  EXPECT_FALSE(run(NamedOption{"mistake", "none"})) << "the correct protocol";
}

// The PRE-COMMIT to P2 and its answer are lost, and the coordinator aborts for the missing answer;
// its ABORT to P1 comes after P1's time-out. Asking P2, P1 learns of the abort.
TEST(ThreePhaseMistakes, CommitOnATimeoutWhenPreCommitted) {
  breaks("commit_in_pre_commit_on_timeout", [](const NamedOption& mistake) {
    Puppet w = pre_committing(2, {1}, {mistake, {"ack_missing", "abort"}});
    w.drop("PRE-COMMIT", 0, 2);
    w.deliver("PRE-COMMIT-ACK", 1, 0);
    w.timeout(0, "acks");
    w.deliver("ABORT", 0, 2);
    w.timeout(1, "commit");
    everything_arrives(w);
    return split(w);
  });
}

// PRE-COMMIT has reached P2 only. P1 aborts alone, P2 asks and is the only one left to answer.
TEST(ThreePhaseMistakes, AbortOnATimeoutWhenUncertain) {
  breaks("abort_when_uncertain", [](const NamedOption& mistake) {
    Puppet w = pre_committing(2, {2}, {mistake});
    w.drop("PRE-COMMIT", 0, 1);
    w.timeout(1, "decision");
    w.deliver("PRE-COMMIT-ACK", 2, 0);
    w.timeout(0, "acks");  // the missing one is taken for failed
    everything_arrives(w);
    return split(w);
  });
}

// S14: "PRE-COMMIT to P3 is lost, and C's ack time-out is longer: P1, P2 commit, P3 and C abort".
TEST(ThreePhaseMistakes, TimeoutsOnly) {
  breaks("timeout_only", [](const NamedOption& mistake) {
    Puppet w = pre_committing(3, {1, 2}, {mistake, {"ack_missing", "abort"}});
    w.drop("PRE-COMMIT", 0, 3);
    for (const int p : {1, 2}) w.deliver("PRE-COMMIT-ACK", p, 0);
    for (const int p : {1, 2}) w.timeout(p, "commit");
    w.timeout(3, "decision");
    w.timeout(0, "acks");
    everything_arrives(w);
    return w.outcome(1) == Outcome::commit && w.outcome(3) == Outcome::abort &&
           w.outcome(0) == Outcome::abort;
  });
}

TEST(ThreePhaseMistakes, TimeoutsOnlyIsThePairOfTheTwo) {
  Puppet w = pre_committing(2, {1}, {{"mistake", "timeout_only"}});
  EXPECT_EQ(w.timeout(1, "commit"), "force committed; decide commit");
  EXPECT_EQ(w.timeout(2, "decision"), "force aborted; decide abort");
}

// PRE-COMMIT has reached P3 only, which crashes with the coordinator. P1 and P2 are uncertain: P1
// aborts, and crashes before P2 hears of it. P3 is back when P2 asks.
TEST(ThreePhaseMistakes, ARecoveringProcessTakesPartInATerminationRound) {
  breaks("recovered_votes", [](const NamedOption& mistake) {
    Puppet w = pre_committing(3, {3}, {mistake, {"pre_commit_record", "participants"}});
    w.crash(0, ~std::uint64_t{0});
    w.recover(3);
    w.timeout(1, "decision");
    w.drop("STATE-REQ", 1, 3);  // P3 was down
    w.deliver("STATE-REQ", 1, 2);
    w.deliver("STATE", 2, 1);
    w.timeout(1, "states");
    EXPECT_EQ(w.outcome(1), Outcome::abort);
    w.crash(1, ~std::uint64_t{0});
    w.timeout(2, "decision");
    w.deliver("STATE-REQ", 2, 3);
    w.deliver("STATE", 3, 2);
    w.timeout(2, "states");
    everything_arrives(w);
    return split(w);
  });
}

// P1 acknowledges PRE-COMMIT and crashes; the others commit.
TEST(ThreePhaseMistakes, PreCommitIsNotLoggedButReliedOn) {
  breaks("pre_commit_not_durable", [](const NamedOption& mistake) {
    Puppet w = pre_committing(2, {1, 2}, {mistake});
    for (const int p : {1, 2}) w.deliver("PRE-COMMIT-ACK", p, 0);
    w.recover(1);  // "prepared": so PRE-COMMIT cannot have come, it thinks
    everything_arrives(w);
    return split(w);
  });
}

// The other half: PRE-COMMIT is on its disk, and the others have aborted after it failed.
TEST(ThreePhaseMistakes, PreCommitOnDiskIsTakenForCommit) {
  breaks("pre_commit_not_durable", [](const NamedOption& mistake) {
    Puppet w = pre_committing(3, {3}, {mistake, {"pre_commit_record", "participants"}});
    w.crash(0, ~std::uint64_t{0});
    w.crash(3, ~std::uint64_t{0});
    w.timeout(1, "decision");
    everything_arrives(w);
    w.timeout(1, "states");
    everything_arrives(w);
    EXPECT_EQ(w.outcome(2), Outcome::abort);
    w.recover(3);
    everything_arrives(w);
    return split(w);
  });
}

// P1 has taken over, all uncertain, and aborts; the coordinator's PRE-COMMIT comes late.
TEST(ThreePhaseMistakes, TwoLeadersAtOnce) {
  breaks("two_leaders", [](const NamedOption& mistake) {
    Puppet w = pre_committing(3, {}, {mistake, {"ack_rule", "majority"}, {"ack_missing", "abort"}});
    w.timeout(1, "decision");
    for (const int p : {2, 3}) w.deliver("STATE-REQ", 1, p);
    for (const int p : {2, 3}) w.deliver("STATE", p, 1);
    EXPECT_EQ(w.outcome(1), Outcome::abort);
    for (const int p : {2, 3}) w.deliver("PRE-COMMIT", 0, p);
    for (const int p : {2, 3}) w.deliver("PRE-COMMIT-ACK", p, 0);
    if (w.outcome(0) == Outcome::none) w.timeout(0, "acks");
    everything_arrives(w);
    return split(w);
  });
}

TEST(ThreePhaseMistakes, TwoLeadersGoOnLeadingWhenAnotherTakesOver) {
  const auto asked = [](std::string_view mistake) {
    Puppet w = pre_committing(2, {1}, {{"mistake", mistake}, {"ask_silent_leader", "yes"}});
    w.timeout(1, "commit");
    w.deliver("STATE-REQ", 1, 0);
    w.deliver("PRE-COMMIT", 0, 2);
    w.deliver("PRE-COMMIT-ACK", 2, 0);
    return w.deliver("PRE-COMMIT-ACK", 1, 0);
  };
  EXPECT_EQ(asked("none"), "nothing");
  EXPECT_EQ(asked("two_leaders"),
            "cancel commit; force committed; decide commit; send COMMIT to 1 2");
}

TEST(ThreePhaseMistakes, DecidingOnAMajorityOfVotes) {
  breaks("decide_on_majority", [](const NamedOption& mistake) {
    Puppet w("3pc", 3, {mistake});
    w.start();
    for (const int p : {1, 2, 3}) w.deliver("PREPARE", 0, p);
    for (const int p : {1, 2, 3}) w.prepared(p, p != 1);
    everything_arrives(w);
    return split(w);
  });
}

TEST(ThreePhaseMistakes, TheMajorityMistakeTellsModelsItsRule) {
  const auto rule = [](std::string_view protocol, std::string_view mistake) {
    return machine_with(protocol, 3, {{"mistake", mistake}}).traits.rule;
  };
  EXPECT_EQ(rule("3pc", "none"), DecisionRule::all);
  EXPECT_EQ(rule("3pc", "decide_on_majority"), DecisionRule::majority);
  EXPECT_EQ(rule("3pc-decentralised", "decide_on_majority"), DecisionRule::majority);
}

}  // namespace
}  // namespace indoubt
