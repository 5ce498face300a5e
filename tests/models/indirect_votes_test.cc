// Goal: models know that not every protocol's votes are answers to a request. Those about requests
// and replies refuse such a protocol; those of the votes alone ask for more time and no loss at
// all.
#include <gtest/gtest.h>

#include "tests/models/make_scenario.h"

namespace indoubt {
namespace {

using namespace std::chrono_literals;

constexpr ProtocolTraits kIndirect{.votes_alone_decide = false, .asked_directly = false};

TEST(IndirectVotes, AreNothingForFormulasOfRequestsAndReplies) {
  for (const char* model :
       {"lossy-retries", "exponential-deadline", "vote-collection-time", "serial-votes"}) {
    EXPECT_EQ(refusal(model, lossy_scenario(), kIndirect),
              "votes of this protocol are no forced answers to a request of the coordinator, and "
              "the formula is about requests and replies");
  }
}

TEST(IndirectVotes, AreDescribedByFormulasOfTheVotesAlone) {
  EXPECT_EQ(refusal("unanimous", constant_scenario(), kIndirect), "");
  EXPECT_EQ(refusal("unanimous", scenario_of({0.9, 0.8}), kIndirect), "");
}

TEST(IndirectVotes, MayBeLostOnAnyLink) {
  Scenario scenario = constant_scenario();
  scenario.network.links = {{"s2", "s3", {}, 0.5, {}}};
  EXPECT_EQ(refusal("unanimous", scenario, kIndirect),
            "messages from s2 to s3 are lost with probability 0.5");
}

// Three participants: 2 x 10 ms, 20 ms of work and 2 x 5 ms for writes at each.
TEST(IndirectVotes, NeedATimeoutThatOutlastsAChainThereAndBack) {
  Scenario scenario = constant_scenario();
  set_timeout(scenario, "votes", Latency::constant(150ms));
  EXPECT_EQ(refusal("unanimous", scenario, kIndirect), "");
  scenario.timeouts.clear();
  set_timeout(scenario, "votes", Latency::constant(149ms));
  EXPECT_EQ(refusal("unanimous", scenario, kIndirect),
            "the time-out `votes` (149ms) can fire before the last vote has arrived, which takes "
            "up to 150ms");
}

TEST(IndirectVotes, TakeTheSlowestLinkOfAll) {
  Scenario scenario = constant_scenario();
  set_timeout(scenario, "votes", Latency::constant(209ms));
  scenario.network.links = {{"s2", "s3", Latency::constant(20ms), {}, {}}};
  EXPECT_EQ(refusal("unanimous", scenario, kIndirect),
            "the time-out `votes` (209ms) can fire before the last vote has arrived, which takes "
            "up to 210ms");
}

TEST(Traits, SayWhoDecides) {
  const ProtocolTraits everybody, participants{.deciders = Deciders::participants},
      coordinator{.deciders = Deciders::coordinator};
  for (const int p : {0, 1}) {
    EXPECT_TRUE(everybody.decides(p));
    EXPECT_EQ(participants.decides(p), p == 1);
    EXPECT_EQ(coordinator.decides(p), p == 0);
  }
}

}  // namespace
}  // namespace indoubt
