// Goal: "one after another, each answered before the next": with `telling` and `pre_committing`
// one-by-one a message to all leaves for each when the one before has answered or has been waited
// for, whoever leads.
#include <gtest/gtest.h>

#include "tests/support/puppet.h"

namespace indoubt {
namespace {

using Options = std::vector<NamedOption>;

/// All but the coordinator's answer to the last YES; the effects of that go to `last`.
Puppet agreed(std::string_view protocol, Options options, std::string& last) {
  Puppet w(protocol, 3, options);
  w.start();
  for (const int p : {1, 2, 3}) w.deliver("PREPARE", 0, p);
  for (const int p : {1, 2, 3}) w.prepared(p, true);
  for (const int p : {1, 2, 3}) last = w.deliver("YES", p, 0);
  return w;
}

const Options kTells = {{"telling", "one-by-one"}};

TEST(Telling, GoesOnWhenTheOneBeforeHasAcknowledged) {
  std::string last;
  Puppet w = agreed("2pc", kTells, last);
  EXPECT_EQ(last, "cancel votes; force committed; decide commit; send COMMIT to 1; set acks");
  w.deliver("COMMIT", 0, 1);
  EXPECT_EQ(w.deliver("ACK", 1, 0), "send COMMIT to 2; set acks");
  w.deliver("COMMIT", 0, 2);
  EXPECT_EQ(w.deliver("ACK", 2, 0), "send COMMIT to 3; set acks");
  w.deliver("COMMIT", 0, 3);
  EXPECT_EQ(w.deliver("ACK", 3, 0), "cancel acks; log end; forget");
}

TEST(Telling, PassesOverASilentOneAndComesBackToIt) {
  std::string last;
  Puppet w = agreed("2pc", kTells, last);
  w.drop("COMMIT", 0, 1);
  EXPECT_EQ(w.timeout(0, "acks"), "send COMMIT to 2; set acks");
  EXPECT_EQ(w.timeout(0, "acks"), "send COMMIT to 3; set acks");
  w.deliver("COMMIT", 0, 2);
  EXPECT_EQ(w.deliver("ACK", 2, 0), "nothing") << "it was not the one waited for";
  EXPECT_EQ(w.timeout(0, "acks"), "send COMMIT to 1; set acks");
  w.deliver("COMMIT", 0, 3);
  EXPECT_EQ(w.deliver("ACK", 3, 0), "nothing");
  w.deliver("COMMIT", 0, 1);
  EXPECT_EQ(w.deliver("ACK", 1, 0), "cancel acks; log end; forget");
}

TEST(Telling, StartsAgainAfterACrash) {
  std::string last;
  Puppet w = agreed("2pc", kTells, last);
  w.deliver("COMMIT", 0, 1);
  w.drop("ACK", 1, 0);
  EXPECT_EQ(w.recover(0), "send COMMIT to 1; set acks");
  w.again("COMMIT", 0, 1);
  EXPECT_EQ(w.deliver("ACK", 1, 0), "send COMMIT to 2; set acks");
}

TEST(Telling, LeavesOutThoseThatVotedNo) {
  Puppet w("2pc", 3, kTells);
  w.start();
  for (const int p : {1, 2, 3}) w.deliver("PREPARE", 0, p);
  w.prepared(1, false);
  EXPECT_EQ(w.deliver("NO", 1, 0),
            "cancel votes; force aborted; decide abort; send ABORT to 2; set acks");
}

TEST(Telling, IsAtOnceWhereTheOutcomeIsNotAcknowledged) {
  std::string last;
  agreed("2pc-prc", kTells, last);
  EXPECT_NE(last.find("send COMMIT to 1 2 3"), std::string::npos) << last;
  agreed("2pc-pra", kTells, last);
  EXPECT_NE(last.find("send COMMIT to 1;"), std::string::npos) << last;
  Puppet w("2pc-prc", 3, kTells);
  w.start();
  EXPECT_NE(w.timeout(0, "votes").find("send ABORT to 1;"), std::string::npos);
}

TEST(Telling, OneByOneBringsTheDecisionToAllWhateverTheOrderOfLosses) {
  for (int lost = 0; lost < 8; ++lost) {
    std::string last;
    Puppet w = agreed("2pc", kTells, last);
    bool first[4] = {true, true, true, true};
    for (int turn = 0; turn < 12 && !w.forgotten(0); ++turn) {
      int to = w.ends(0).second;
      if (first[to] && (lost >> (to - 1) & 1) != 0) {
        w.drop("COMMIT", 0, to);
        w.timeout(0, "acks");
      } else {
        w.deliver("COMMIT", 0, to);
        w.deliver("ACK", to, 0);
      }
      first[to] = false;
    }
    EXPECT_TRUE(w.forgotten(0)) << lost;
    for (const int p : {1, 2, 3}) EXPECT_EQ(w.outcome(p), Outcome::commit) << lost;
  }
}

const Options kPreCommits = {{"pre_committing", "one-by-one"}};

TEST(PreCommitting, GoesOnWhenTheOneBeforeHasAcknowledged) {
  std::string last;
  Puppet w = agreed("3pc", kPreCommits, last);
  EXPECT_EQ(last, "cancel votes; send PRE-COMMIT to 1; set acks");
  w.deliver("PRE-COMMIT", 0, 1);
  EXPECT_EQ(w.deliver("PRE-COMMIT-ACK", 1, 0), "send PRE-COMMIT to 2; set acks");
  w.deliver("PRE-COMMIT", 0, 2);
  EXPECT_EQ(w.deliver("PRE-COMMIT-ACK", 2, 0), "send PRE-COMMIT to 3; set acks");
  w.deliver("PRE-COMMIT", 0, 3);
  EXPECT_EQ(w.deliver("PRE-COMMIT-ACK", 3, 0),
            "cancel acks; force committed; decide commit; send COMMIT to 1 2 3");
}

TEST(PreCommitting, WaitsForEachAndThenDoesAsWithABroadcast) {
  for (const bool commits : {true, false}) {
    std::string last;
    Options options = kPreCommits;
    options.push_back({"ack_missing", commits ? "commit" : "abort"});
    Puppet w = agreed("3pc", options, last);
    EXPECT_EQ(w.timeout(0, "acks"), "send PRE-COMMIT to 2; set acks");
    w.deliver("PRE-COMMIT", 0, 2);
    EXPECT_EQ(w.deliver("PRE-COMMIT-ACK", 2, 0), "send PRE-COMMIT to 3; set acks");
    w.deliver("PRE-COMMIT", 0, 3);
    const std::string end = w.deliver("PRE-COMMIT-ACK", 3, 0);
    EXPECT_EQ(end, commits ? "cancel acks; force committed; decide commit; send COMMIT to 1 2 3"
                           : "cancel acks; force aborted; decide abort; send ABORT to 1 2 3")
        << "participant 1 has had its time";
  }
}

TEST(PreCommitting, StopsAtAMajorityWhereThatIsEnough) {
  std::string last;
  Options options = kPreCommits;
  options.push_back({"ack_rule", "majority"});
  Puppet w = agreed("3pc", options, last);
  w.deliver("PRE-COMMIT", 0, 1);
  w.deliver("PRE-COMMIT-ACK", 1, 0);
  w.deliver("PRE-COMMIT", 0, 2);
  EXPECT_EQ(w.deliver("PRE-COMMIT-ACK", 2, 0),
            "cancel acks; force committed; decide commit; send COMMIT to 1 2 3");
}

TEST(PreCommitting, DoesNotWaitForOneThatIsKnownToHaveFailed) {
  std::string last;
  Puppet w = agreed("3pc", kPreCommits, last);
  EXPECT_EQ(w.detect(0, 2), "log pre-committed") << "it is not its turn";
  EXPECT_EQ(w.detect(0, 1), "log pre-committed; send PRE-COMMIT to 3; set acks");
}

TEST(PreCommitting, HoldsForABackUpToo) {
  std::string last;
  Puppet w = agreed("3pc", kPreCommits, last);
  w.deliver("PRE-COMMIT", 0, 1);
  w.crash(0, ~std::uint64_t{0});
  w.timeout(1, "commit");
  for (const int p : {2, 3}) w.deliver("STATE-REQ", 1, p);
  w.deliver("STATE", 2, 1);
  EXPECT_EQ(w.deliver("STATE", 3, 1), "cancel states; send PRE-COMMIT to 2; set acks");
}

TEST(Telling, OfThreePhaseCommitIsTheSame) {
  std::string last;
  Puppet w = agreed("3pc", {{"telling", "one-by-one"}, {"acks", "yes"}}, last);
  EXPECT_EQ(last, "cancel votes; send PRE-COMMIT to 1 2 3; set acks");
  for (const int p : {1, 2, 3}) w.deliver("PRE-COMMIT", 0, p);
  for (const int p : {1, 2, 3}) last = w.deliver("PRE-COMMIT-ACK", p, 0);
  EXPECT_EQ(last, "cancel acks; force committed; decide commit; send COMMIT to 1; set acks");
  EXPECT_EQ(w.timeout(0, "acks"), "send COMMIT to 2; set acks");
  w.deliver("COMMIT", 0, 2);
  EXPECT_EQ(w.deliver("ACK", 2, 0), "send COMMIT to 3; set acks");
  w.deliver("COMMIT", 0, 3);
  EXPECT_EQ(w.deliver("ACK", 3, 0), "send COMMIT to 1; set acks");
  w.deliver("COMMIT", 0, 1);
  EXPECT_EQ(w.deliver("ACK", 1, 0), "cancel acks; forget");
}

TEST(PreCommitting, InAQuorumStopsAtItAndPassesOverASilentOne) {
  for (const char* protocol : {"3pc-quorum", "e3pc"}) {
    std::string last;
    Puppet w = agreed(protocol, kPreCommits, last);
    EXPECT_EQ(last, "cancel votes; force pre-committed; send PRE-COMMIT to 1; set acks");
    EXPECT_EQ(w.timeout(0, "acks"), "send PRE-COMMIT to 2; set acks");
    w.deliver("PRE-COMMIT", 0, 2);
    EXPECT_EQ(w.deliver("PRE-COMMIT-ACK", 2, 0), "send PRE-COMMIT to 3; set acks");
    w.deliver("PRE-COMMIT", 0, 3);
    EXPECT_EQ(w.deliver("PRE-COMMIT-ACK", 3, 0),
              "cancel acks; force committed; decide commit; send COMMIT to 1 2 3")
        << "three of four";
  }
}

TEST(PreCommitting, InAQuorumAsksForStatesAgainWhenAllHadTheirTime) {
  std::string last;
  Puppet w = agreed("3pc-quorum", kPreCommits, last);
  w.timeout(0, "acks");
  w.timeout(0, "acks");
  EXPECT_EQ(w.timeout(0, "acks"), "send STATE-REQ to 1 2 3; set states");
}

TEST(Telling, OfQuorumsIsTheSame) {
  std::string last;
  Puppet w = agreed("e3pc", {{"telling", "one-by-one"}, {"acks", "yes"}}, last);
  for (const int p : {1, 2}) w.deliver("PRE-COMMIT", 0, p);
  for (const int p : {1, 2}) last = w.deliver("PRE-COMMIT-ACK", p, 0);
  EXPECT_EQ(last, "cancel acks; force committed; decide commit; send COMMIT to 1; set acks");
  w.deliver("COMMIT", 0, 1);
  EXPECT_EQ(w.deliver("ACK", 1, 0), "send COMMIT to 2; set acks");
  EXPECT_EQ(w.timeout(0, "acks"), "send COMMIT to 3; set acks");
  EXPECT_EQ(w.timeout(0, "acks"), "send COMMIT to 2; set acks");
}

}  // namespace
}  // namespace indoubt
