// Goal: recovery after the failure of all processes.
// BHG (1987), ch. 7.5: wait until the recovered set R includes the last process to fail; "each
// process logs its up-set; R is enough when it contains the intersection of the up-sets of its
// members".
#include <gtest/gtest.h>

#include "tests/support/puppet.h"

namespace indoubt {
namespace {

/// All have voted YES, and PRE-COMMIT has reached these.
Puppet voted(int participants, const std::vector<int>& pre_committed,
             std::vector<NamedOption> options = {}) {
  options.push_back({"up_set_record", "forced"});
  Puppet w("3pc", participants, options);
  w.start();
  for (int p = 1; p <= participants; ++p) w.deliver("PREPARE", 0, p);
  for (int p = 1; p <= participants; ++p) w.prepared(p, true);
  for (int p = 1; p <= participants; ++p) w.deliver("YES", p, 0);
  for (const int p : pre_committed) w.deliver("PRE-COMMIT", 0, p);
  return w;
}

void everything_arrives(Puppet& w) {
  while (!w.quiet()) w.deliver_number(0);
}

// P3 saw P1 and P2 fail, so they did not fail last: the coordinator and P3 are enough.
TEST(TotalFailure, ThoseThatOneSawFailNeedNotComeBack) {
  for (const bool committable : {false, true}) {
    Puppet w = voted(3, committable ? std::vector<int>{3} : std::vector<int>{});
    w.detect(3, 1);
    w.detect(3, 2);
    for (const int p : {0, 1, 2, 3}) w.crash(p, ~std::uint64_t{0});
    w.recover(3);
    everything_arrives(w);
    EXPECT_EQ(w.outcome(3), Outcome::none) << "the coordinator may have decided";
    w.recover(0);
    everything_arrives(w);
    for (const int p : {0, 3}) {
      EXPECT_EQ(w.outcome(p), committable ? Outcome::commit : Outcome::abort) << p;
    }
  }
}

TEST(TotalFailure, AProcessThatNoticedNothingWaitsForAll) {
  Puppet w = voted(2, {});
  for (const int p : {0, 1, 2}) w.crash(p, ~std::uint64_t{0});
  w.recover(1);
  w.recover(2);
  everything_arrives(w);
  EXPECT_EQ(w.outcome(1), Outcome::none) << "the coordinator may have decided";
  w.recover(0);
  everything_arrives(w);
  for (const int p : {0, 1, 2}) EXPECT_EQ(w.outcome(p), Outcome::abort) << p;
}

TEST(TotalFailure, ThoseThatSawTheCoordinatorFailNeedNotWaitForIt) {
  for (const bool committable : {false, true}) {
    Puppet w = voted(2, committable ? std::vector<int>{1} : std::vector<int>{});
    w.timeout(2, "decision");
    w.timeout(1, committable ? "commit" : "decision");
    for (const int p : {0, 1, 2}) w.crash(p, ~std::uint64_t{0});
    EXPECT_EQ(w.recover(2), "send INQUIRY to 0 1; set decision");
    EXPECT_EQ(w.recover(1), "send INQUIRY to 0 2; set decision");
    EXPECT_EQ(w.deliver("INQUIRY", 1, 2), "send REJOIN to 1");
    EXPECT_EQ(w.deliver("REJOIN", 2, 1), committable ? "force pre-committed; send RESUME to 2"
                                                     : "force prepared; send RESUME to 2");
    EXPECT_EQ(w.deliver("RESUME", 1, 2), committable ? "force pre-committed; send RESUMED to 1"
                                                     : "force prepared; send RESUMED to 1");
    EXPECT_EQ(w.deliver("RESUMED", 2, 1),
              committable ? "cancel decision; force committed; decide commit; send COMMIT to 0 2"
                          : "cancel decision; force aborted; decide abort; send ABORT to 0 2");
    everything_arrives(w);
    EXPECT_EQ(w.outcome(2), w.outcome(1));
    w.recover(0);
    everything_arrives(w);
    EXPECT_EQ(w.outcome(0), w.outcome(1));
  }
}

TEST(TotalFailure, AProcessThatIsUpKeepsTheOthersFromDeciding) {
  Puppet w = voted(3, {});
  w.timeout(1, "decision");
  w.timeout(2, "decision");
  w.recover(1);
  w.recover(2);
  everything_arrives(w);
  for (const int p : {1, 2}) EXPECT_EQ(w.outcome(p), Outcome::none) << "P3 is in both up-sets";
}

TEST(TotalFailure, ADecisionOnAnyDiskIsFollowed) {
  Puppet w = voted(2, {1, 2}, {{"ack_rule", "none"}});
  w.deliver("COMMIT", 0, 1);
  for (const int p : {0, 1, 2}) w.crash(p, ~std::uint64_t{0});
  w.recover(2);
  w.recover(1);
  w.timeout(2, "decision");
  everything_arrives(w);
  EXPECT_EQ(w.outcome(2), Outcome::commit);
}

TEST(TotalFailure, ACrashInTheMiddleOfTheAgreementIsMadeGoodByTheNextRound) {
  Puppet w = voted(2, {1});
  w.timeout(2, "decision");
  w.timeout(1, "commit");
  for (const int p : {0, 1, 2}) w.crash(p, ~std::uint64_t{0});
  w.recover(2);
  w.recover(1);
  w.deliver("INQUIRY", 1, 2);
  w.deliver("REJOIN", 2, 1);
  w.crash(2, ~std::uint64_t{0});
  w.drop("RESUME", 1, 2);
  w.recover(2);
  EXPECT_EQ(w.timeout(1, "decision"), "send INQUIRY to 0 2; set decision");
  everything_arrives(w);
  for (const int p : {1, 2}) EXPECT_EQ(w.outcome(p), Outcome::commit) << p;
}

TEST(TotalFailure, AnAnswerToAnEarlierAgreementDoesNotCount) {
  Puppet w = voted(3, {3});
  for (const int p : {1, 2, 3}) w.timeout(p, w.state(p) == "uncertain" ? "decision" : "commit");
  for (const int p : {0, 1, 2, 3}) w.crash(p, ~std::uint64_t{0});
  for (const int p : {3, 2, 1}) w.recover(p);
  w.deliver("INQUIRY", 1, 2);
  w.deliver("INQUIRY", 1, 3);
  w.deliver("REJOIN", 2, 1);
  EXPECT_EQ(w.deliver("REJOIN", 3, 1), "force pre-committed; send RESUME to 2 3");
  w.deliver("RESUME", 1, 2);
  w.deliver("RESUMED", 2, 1);
  EXPECT_EQ(w.again("RESUMED", 2, 1), "nothing") << "P3 is missing";
  EXPECT_EQ(w.outcome(1), Outcome::none);
}

TEST(TotalFailure, WithoutUpSetsInTheLogEverybodyMustComeBack) {
  Puppet w("3pc", 2, {{"up_set_record", "none"}});
  w.start();
  for (const int p : {1, 2}) w.deliver("PREPARE", 0, p);
  for (const int p : {1, 2}) w.prepared(p, true);
  for (const int p : {1, 2}) EXPECT_EQ(w.timeout(p, "decision").find("log"), std::string::npos);
  for (const int p : {0, 1, 2}) w.crash(p, ~std::uint64_t{0});
  w.recover(1);
  w.recover(2);
  everything_arrives(w);
  EXPECT_EQ(w.outcome(1), Outcome::none);
  w.recover(0);
  everything_arrives(w);
  EXPECT_EQ(w.outcome(1), Outcome::abort);
}

TEST(TotalFailure, TheUpSetIsWrittenAsTheOptionSays) {
  const auto late = [](std::string_view policy) {
    Puppet w("3pc", 2, {{"up_set_record", policy}});
    w.start();
    w.deliver("PREPARE", 0, 1);
    w.prepared(1, true);
    return w.timeout(1, "decision");
  };
  EXPECT_EQ(late("none"), "send STATE-REQ to 2; set states");
  EXPECT_EQ(late("unforced"), "log prepared; send STATE-REQ to 2; set states");
  EXPECT_EQ(late("forced"), "force prepared; send STATE-REQ to 2; set states");
}

TEST(TotalFailure, OnlyTheFirst48ProcessesCanBeLeftOutOfAnUpSet) {
  const auto crash_all = [](int silent) {
    Puppet w = voted(50, {});
    for (int p = 1; p <= 50; ++p) {
      if (p != silent) w.detect(p, silent);
    }
    for (int p = 0; p <= 50; ++p) w.crash(p, ~std::uint64_t{0});
    for (int p = 0; p <= 50; ++p) {
      if (p != silent) w.recover(p);
    }
    everything_arrives(w);
    return w.outcome(0);
  };
  EXPECT_EQ(crash_all(47), Outcome::abort);
  EXPECT_EQ(crash_all(48), Outcome::none) << "it may have failed last, for all they have logged";
}

// ---- by logged states --------------------------------------------------------------------------

const std::vector<NamedOption> kLogged = {{"total_failure", "logged-states"}};

TEST(LoggedStates, ThoseThatAreBackDecideAfterOneTimeoutWhoeverIsMissing) {
  std::vector<NamedOption> options = kLogged;
  options.push_back({"pre_commit_record", "participants"});
  Puppet w = voted(3, {2}, options);
  for (const int p : {0, 1, 2, 3}) w.crash(p, ~std::uint64_t{0});
  w.recover(1);
  w.recover(2);
  everything_arrives(w);
  for (const int p : {1, 2}) EXPECT_EQ(w.outcome(p), Outcome::none) << p;
  EXPECT_EQ(w.timeout(1, "decision"), "set decision; force pre-committed; send RESUME to 2");
  everything_arrives(w);
  for (const int p : {1, 2}) EXPECT_EQ(w.outcome(p), Outcome::commit) << p;
}

TEST(LoggedStates, AllUncertainAbort) {
  Puppet w = voted(2, {}, kLogged);
  for (const int p : {0, 1, 2}) w.crash(p, ~std::uint64_t{0});
  w.recover(1);
  w.recover(2);
  everything_arrives(w);
  w.timeout(1, "decision");
  everything_arrives(w);
  for (const int p : {1, 2}) EXPECT_EQ(w.outcome(p), Outcome::abort) << p;
}

TEST(LoggedStates, OneThatIsUpSaysSoAndTheOthersWait) {
  Puppet w = voted(2, {2}, kLogged);
  EXPECT_EQ(w.recover(1), "send INQUIRY to 0 2; set decision");
  EXPECT_EQ(w.deliver("INQUIRY", 1, 2), "send STATE to 1");
  w.deliver("STATE", 2, 1);
  EXPECT_EQ(w.timeout(1, "decision"), "send INQUIRY to 0 2; set decision");
}

// Unsafe: the one that is missing has decided otherwise. The standard rule waits for it.
TEST(LoggedStates, SplitWhereTheStandardRuleWaits) {
  const auto outcome = [](std::string_view rule) {
    Puppet w = voted(2, {1, 2}, {{"total_failure", rule}, {"ack_rule", "none"}});
    w.deliver("COMMIT", 0, 2);
    for (const int p : {0, 1, 2}) w.crash(p, ~std::uint64_t{0});
    w.recover(1);
    w.timeout(1, "decision");
    EXPECT_EQ(w.outcome(2), Outcome::commit);
    return w.outcome(1);
  };
  EXPECT_EQ(outcome("logged-states"), Outcome::abort);
  EXPECT_EQ(outcome("last-to-fail"), Outcome::none);
}

}  // namespace
}  // namespace indoubt
