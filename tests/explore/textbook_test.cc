// What textbooks say of the protocols, shown by visiting every run.
#include <gtest/gtest.h>

#include <algorithm>

#include "analysis/explore/explorer.h"
#include "tests/support/world.h"

namespace indoubt {
namespace {

Scenario armed(int participants, const Machine& machine) {
  Scenario scenario = world(participants, Latency::constant(1ms));
  for (const std::string_view timer : machine.timers) {
    const bool leads = timer == "votes" || timer == "acks" || timer == "states";
    set_timeout(scenario, timer, Latency::constant(leads ? 3ms : 6ms));
  }
  return scenario;
}

ExploreReport explored(std::string_view protocol, int participants, Exploration budget,
                       const std::vector<NamedOption>& options = {}, ExplorerOptions how = {}) {
  budget.free_votes = true;
  const Machine machine = machine_with(protocol, participants, options);
  ExploreReport r = explore(armed(participants, machine), budget, machine, {}, how);
  EXPECT_TRUE(r.problems.empty());
  return r;
}

const Answer& answer(const ExploreReport& r, std::string_view name) {
  const auto at = std::find_if(r.answers.begin(), r.answers.end(),
                               [&](const Answer& a) { return a.name == name; });
  EXPECT_NE(at, r.answers.end()) << name;
  return *at;
}

bool holds(const ExploreReport& r, std::string_view property) {
  return answer(r, std::string("violation.") + std::string(property)).status() ==
         Answer::Status::holds;
}

Exploration crash_stop() { return {.timing = Timing::bounded, .crashes = 1, .recoveries = false}; }

// Bernstein, Hadzilacos & Goodman (1987), 7.4: "2PC is subject to blocking".
TEST(TwoPhaseCommit, BlocksForGoodWhereTheCoordinatorStaysDown) {
  for (const int n : {2, 3}) {
    const ExploreReport r = explored("2pc", n, crash_stop());
    EXPECT_TRUE(answer(r, "blocked_at_end").met);
    EXPECT_EQ(answer(r, "blocked_at_end").blocked.size(), static_cast<std::size_t>(n));
    for (const char* property : {"agreement", "stability", "validity", "nontriviality"})
      EXPECT_TRUE(holds(r, property)) << property;
  }
}

TEST(TwoPhaseCommit, IsBlockedOnlyUntilARestart) {
  const ExploreReport r = explored("2pc", 2, {.crashes = 1});
  EXPECT_TRUE(answer(r, "ever_blocked").met);
  EXPECT_FALSE(answer(r, "blocked_at_end").met);
  EXPECT_TRUE(answer(r, "blocked_at_end").complete);
  for (const char* property : {"agreement", "stability", "validity", "termination"})
    EXPECT_TRUE(holds(r, property)) << property;
}

// Skeen (1981): non-blocking with crashes, bounded delay and no partition.
TEST(ThreePhaseCommit, NeitherBlocksNorSplitsUnderCrashStopWithBoundedDelay) {
  for (const int n : {2, 3}) {
    const ExploreReport r = explored("3pc", n, crash_stop());
    EXPECT_FALSE(answer(r, "ever_blocked").met);
    EXPECT_TRUE(answer(r, "ever_blocked").complete);
    for (const char* property : {"agreement", "stability", "validity", "termination"})
      EXPECT_TRUE(holds(r, property)) << property;
  }
}

TEST(ThreePhaseCommit, SplitsUnderAPartitionAndUnderLateMessages) {
  EXPECT_TRUE(answer(explored("3pc", 2, {.partitions = 1}), "violation.agreement").met);
  EXPECT_TRUE(answer(explored("3pc", 2, {}), "violation.agreement").met);
}

// Gupta & Sadoghi (2018): non-blocking like 3PC; Babaoglu & Toueg (1993).
TEST(ForwardingTheDecision, NeitherBlocksNorSplitsUnderCrashStopWithBoundedDelay) {
  for (const std::string_view protocol : {"easy-commit", "2pc-broadcast"}) {
    const ExploreReport r = explored(protocol, 2, crash_stop());
    EXPECT_FALSE(answer(r, "ever_blocked").met) << protocol;
    EXPECT_TRUE(holds(r, "agreement")) << protocol;
  }
}

// Skeen (1982), Keidar & Dolev (1998): consistent whatever happens.
TEST(QuorumProtocols, NeverSplit) {
  for (const std::string_view protocol : {"3pc-quorum", "e3pc"}) {
    const Exploration few{.timeouts = 1, .rounds = 2};
    Exploration partition = few, loss = few, crash = few;
    partition.partitions = loss.losses = crash.crashes = 1;
    for (Exploration budget : {partition, loss, crash, few}) {
      budget.properties = {{PropertyForm::never, "violation.agreement"}};
      EXPECT_TRUE(holds(explored(protocol, 2, budget), "agreement")) << protocol;
    }
  }
}

// With the identical budget the correct protocol holds: see the tests above.
TEST(KnownBad, AVoteThatIsNotForcedIsFoundInElevenMoves) {
  const ExploreReport r = explored("2pc", 2, {.crashes = 1}, {{"mistake", "vote_not_forced"}});
  EXPECT_EQ(answer(r, "violation.agreement").depth, 11);
  ASSERT_TRUE(answer(r, "violation.agreement").trace.has_value());
  EXPECT_EQ(answer(r, "violation.agreement").trace->steps.size(), 11u);
}

TEST(Exploration, GivesTheSameAnswersWithAndWithoutSymmetry) {
  for (const auto& [protocol, participants] :
       {std::pair<std::string_view, int>{"2pc", 2}, {"2pc-pra", 3}, {"2pc-prc", 2}})
    for (const bool recoveries : {false, true}) {
      Exploration budget{.crashes = 1, .recoveries = recoveries, .timeouts = 1};
      const ExploreReport with = explored(protocol, participants, budget);
      budget.symmetry = false;
      const ExploreReport without = explored(protocol, participants, budget);
      EXPECT_LE(with.search.states, without.search.states);
      EXPECT_EQ(with.search.levels, without.search.levels);
      for (std::size_t i = 0; i < with.answers.size(); ++i) {
        EXPECT_EQ(with.answers[i].met, without.answers[i].met) << with.answers[i].name;
        EXPECT_EQ(with.answers[i].depth, without.answers[i].depth) << with.answers[i].name;
        EXPECT_EQ(with.answers[i].blocked, without.answers[i].blocked) << with.answers[i].name;
      }
    }
}

TEST(Exploration, DoesNotDependOnThreads) {
  ExplorerOptions one, two;
  one.bounds.threads = 1;
  two.bounds.threads = 2;
  const Exploration budget{.losses = 1, .timeouts = 1};
  const ExploreReport a = explored("3pc", 2, budget, {}, one),
                      b = explored("3pc", 2, budget, {}, two);
  EXPECT_EQ(a.search.states, b.search.states);
  EXPECT_EQ(a.search.transitions, b.search.transitions);
  for (std::size_t i = 0; i < a.answers.size(); ++i) {
    EXPECT_EQ(a.answers[i].depth, b.answers[i].depth);
    EXPECT_EQ(a.answers[i].worlds, b.answers[i].worlds);
    ASSERT_EQ(a.answers[i].trace.has_value(), b.answers[i].trace.has_value());
    if (!a.answers[i].trace) continue;
    ASSERT_EQ(a.answers[i].trace->steps.size(), b.answers[i].trace->steps.size());
    for (std::size_t k = 0; k < a.answers[i].trace->steps.size(); ++k) {
      EXPECT_EQ(a.answers[i].trace->steps[k].move, b.answers[i].trace->steps[k].move);
      EXPECT_EQ(a.answers[i].trace->steps[k].process, b.answers[i].trace->steps[k].process);
    }
  }
}

TEST(Exploration, IsIncompleteAtABoundAndNeverHolds) {
  ExplorerOptions few;
  few.bounds.states = 1000;
  const ExploreReport r = explored("2pc", 3, {.crashes = 1}, {}, few);
  EXPECT_EQ(answer(r, "violation.agreement").status(), Answer::Status::incomplete);
  EXPECT_NE(r.incomplete.find("states"), std::string::npos);
}

TEST(Exploration, OfMoreThanItCanHoldStopsAtItsMemory) {
  ExplorerOptions small;
  small.bounds.memory_bytes = 16 << 20;
  const Exploration everything{.crashes = 3,
                               .losses = Exploration::kAny,
                               .duplications = 2,
                               .properties = {{PropertyForm::never, "violation.agreement"}}};
  const ExploreReport r = explored("2pc", 12, everything, {}, small);
  EXPECT_TRUE(r.search.stop == Stop::memory || r.search.stop == Stop::limit);
  EXPECT_FALSE(r.incomplete.empty());
  EXPECT_EQ(r.answers.front().status(), Answer::Status::incomplete);
  EXPECT_LE(r.search.memory_bytes, small.bounds.memory_bytes);
}

TEST(Exploration, SaysWhatHoldsAsLongAsNoBallotIsAboveTheLimit) {
  const ExploreReport cut = explored("3pc-quorum", 2, {});
  EXPECT_TRUE(cut.rounds_cut);
  const Answer &agreement = answer(cut, "violation.agreement"), &commit = answer(cut, "commit");
  EXPECT_EQ(agreement.status(), Answer::Status::incomplete);
  EXPECT_TRUE(agreement.holds_within_rounds);
  EXPECT_FALSE(commit.holds_within_rounds);
  // Behind the limit somebody might still decide.
  EXPECT_EQ(answer(cut, "violation.termination").status(), Answer::Status::incomplete);
  EXPECT_FALSE(answer(cut, "violation.termination").holds_within_rounds);
  ExplorerOptions few;
  few.bounds.states = 1'000;
  EXPECT_FALSE(
      answer(explored("3pc-quorum", 2, {}, {}, few), "violation.agreement").holds_within_rounds);
}

TEST(Exploration, SaysWhatCannotBeTimed) {
  Scenario scenario = world(2, Latency::exponential(1ms));
  const Machine machine = machine_with("2pc", 2);
  const ExploreReport r = explore(scenario, {.timing = Timing::bounded}, machine, {}, {});
  ASSERT_FALSE(r.problems.empty());
  EXPECT_NE(r.problems.front().find("no largest value"), std::string::npos);
}

}  // namespace
}  // namespace indoubt
