// Goal: each property of atomic commitment is found violated when a protocol violates it, and only
// then. Bernstein, Hadzilacos & Goodman (1987), ch. 7.2:
//   AC1 all processes that reach a decision reach the same one;
//   AC2 a process cannot reverse its decision after it has reached one;
//   AC3 the commit decision can only be reached if all processes voted YES;
//   AC4 if there are no failures and all processes voted YES, then the decision will be to commit.
#include <gtest/gtest.h>

#include "tests/support/scripted.h"
#include "tests/support/world.h"

namespace indoubt {
namespace {

using testing::Test;

std::uint64_t found(const Totals& totals, Property p) {
  return totals.violations[static_cast<std::size_t>(p)];
}

/// Nothing but `only` is violated, by `count` transactions.
void expect_only(const Totals& totals, Property only, std::uint64_t count) {
  for (const Property p :
       {Property::agreement, Property::stability, Property::validity, Property::nontriviality}) {
    EXPECT_EQ(found(totals, p), p == only ? count : 0u) << static_cast<int>(p);
  }
}

/// Participants vote at once and report to the coordinator (note 1: YES, 0: NO); when all have, it
/// sends each a note of its own number. Derived scripts say who decides what.
struct Collects : Script {
  static void start(auto& env, auto& /*self*/) {
    if (!env.is_coordinator()) env.prepare();
  }
  static void prepared(bool yes, auto& env, auto& self) { self.note(yes, kCoordinator, env); }
  static bool all_have_voted(auto& env, auto& self) {
    return env.is_coordinator() && ++self.seen == env.processes() - 1;
  }
  static void send_numbers(auto& env, auto& self) {
    for (int p = 1; p < env.processes(); ++p) self.note(p, p, env);
  }
};

struct Correct : Collects {
  static void receive(int /*number*/, ProcessId, auto& env, auto& self) {
    if (!env.is_coordinator()) return self.decide(Outcome::commit, env);
    if (!all_have_voted(env, self)) return;
    self.decide(Outcome::commit, env);
    send_numbers(env, self);
  }
};

struct BreaksAgreement : Collects {
  static void receive(int number, ProcessId, auto& env, auto& self) {
    if (!env.is_coordinator()) {
      return self.decide(number == 2 ? Outcome::abort : Outcome::commit, env);
    }
    if (all_have_voted(env, self)) send_numbers(env, self);
  }
};

struct BreaksStability : Collects {
  static void receive(int /*number*/, ProcessId, auto& env, auto& self) {
    if (!all_have_voted(env, self)) return;
    self.decide(Outcome::abort, env);
    self.decide(Outcome::commit, env);
  }
};

/// The only participant aborts, then commits.
struct ParticipantReverses : Script {
  static void start(auto& env, auto& /*self*/) {
    if (!env.is_coordinator()) env.prepare();
  }
  static void prepared(bool /*yes*/, auto& env, auto& self) {
    self.decide(Outcome::abort, env);
    self.decide(Outcome::commit, env);
  }
};

struct BreaksValidity : Collects {
  static void receive(int /*number*/, ProcessId, auto& env, auto& self) {
    if (all_have_voted(env, self)) self.decide(Outcome::commit, env);
  }
};

/// Commits at the first vote, before the others have voted.
struct CommitsTooEarly : Collects {
  static void receive(int /*number*/, ProcessId, auto& env, auto& self) {
    if (env.is_coordinator() && ++self.seen == 1) self.decide(Outcome::commit, env);
  }
};

struct BreaksNontriviality : Collects {
  static void receive(int /*number*/, ProcessId, auto& env, auto& self) {
    if (all_have_voted(env, self)) self.decide(Outcome::abort, env);
  }
};

/// Aborts all YES, after a time-out that somebody else set for nothing.
struct AbortsAfterATimeout : BreaksNontriviality {
  static void start(auto& env, auto& self) {
    Collects::start(env, self);
    if (env.is_coordinator()) self.arm(0, env);
  }
};

/// Aborts all YES, in a run where P1 also talks to P2.
struct AbortsAndChats : BreaksNontriviality {
  static void prepared(bool yes, auto& env, auto& self) {
    Collects::prepared(yes, env, self);
    if (env.self() == 1) self.note(9, 2, env);
  }
};

/// The participants abort alone although all voted YES; the coordinator never decides.
struct ParticipantsAbort : Collects {
  static void receive(int /*number*/, ProcessId, auto& env, auto& self) {
    if (!env.is_coordinator()) return self.decide(Outcome::abort, env);
    if (all_have_voted(env, self)) send_numbers(env, self);
  }
};

Scenario three() { return world(3, Latency::constant(1ms)); }

TEST(Oracle, FindsNothingInACorrectRun) {
  const Totals totals = run(three(), scripted<Correct>(3), 20);
  expect_only(totals, Property::agreement, 0);
  EXPECT_TRUE(totals.findings.empty());
  EXPECT_EQ(totals.all_committed, 20u);
}

TEST(Oracle, Ac1IsFoundWhenTwoProcessesDecideDifferently) {
  const Totals totals = run(three(), scripted<BreaksAgreement>(3), 20);
  expect_only(totals, Property::agreement, 20);
  EXPECT_EQ(totals.mixed, 20u);
  ASSERT_FALSE(totals.findings.empty());
  EXPECT_EQ(totals.findings[0].property, Property::agreement);
  EXPECT_EQ(totals.findings[0].transaction, 1u);
  EXPECT_EQ(totals.findings[0].at_ns, 2'000'000);
  EXPECT_EQ(totals.findings[0].explanation, "p2 decided abort, but another process has committed");
}

TEST(Oracle, Ac2IsFoundWhenAProcessReversesItsDecision) {
  const Totals totals = run(three(), scripted<BreaksStability>(3), 20);
  expect_only(totals, Property::stability, 20);
  ASSERT_FALSE(totals.findings.empty());
  EXPECT_EQ(totals.findings[0].explanation,
            "coordinator decided commit after it had decided otherwise");
  EXPECT_EQ(totals.decision_time.count, 20u) << "the first decision counts";
}

TEST(Oracle, Ac2AloneIsFoundWhenTheLoneParticipantReversesItsDecision) {
  const Totals totals = run(world(1, Latency::constant(1ms)), scripted<ParticipantReverses>(1), 20);
  EXPECT_EQ(found(totals, Property::stability), 20u);
  EXPECT_EQ(found(totals, Property::agreement), 0u);
  EXPECT_EQ(totals.all_committed, 20u) << "its last decision counts";
  EXPECT_EQ(totals.mixed, 0u);
}

TEST(Oracle, Ac3IsFoundWhenCommitIsDecidedAgainstAVote) {
  Scenario scenario = three();
  scenario.services[1].vote_yes = 0;
  const Totals totals = run(scenario, scripted<BreaksValidity>(3), 20);
  expect_only(totals, Property::validity, 20);
  ASSERT_FALSE(totals.findings.empty());
  EXPECT_EQ(totals.findings[0].explanation,
            "coordinator decided commit with 2 YES and 1 NO of 3 votes");
}

TEST(Oracle, Ac3IsFoundWhenCommitIsDecidedBeforeEverybodyHasVoted) {
  Scenario scenario = three();
  scenario.services[2].prepare = Latency::constant(50ms);
  const Totals totals = run(scenario, scripted<CommitsTooEarly>(3), 20);
  expect_only(totals, Property::validity, 20);
  ASSERT_FALSE(totals.findings.empty());
  EXPECT_EQ(totals.findings[0].explanation,
            "coordinator decided commit with 2 YES and 0 NO of 3 votes");
}

TEST(Oracle, Ac4IsFoundWhenAllYesAndNothingFailedGivesAbort) {
  const Totals totals = run(three(), scripted<BreaksNontriviality>(3), 20);
  expect_only(totals, Property::nontriviality, 20);
  ASSERT_FALSE(totals.findings.empty());
  EXPECT_EQ(totals.findings[0].explanation,
            "coordinator aborted although all voted YES and nothing failed");
}

TEST(Oracle, Ac4IsNotOnlyAboutTheCoordinator) {
  const Totals totals = run(three(), scripted<ParticipantsAbort>(3), 20);
  expect_only(totals, Property::nontriviality, 20);
}

TEST(Oracle, Ac4IsVoidIfATimeoutFired) {
  Scenario scenario = three();
  const Machine machine = scripted<AbortsAfterATimeout>(3);
  set_timeout(scenario, "first", Latency::constant(500us));
  EXPECT_EQ(found(run(scenario, machine, 5), Property::nontriviality), 0u);
  scenario.timeouts.clear();
  EXPECT_EQ(found(run(scenario, machine, 5), Property::nontriviality), 5u);
}

TEST(Oracle, Ac4IsVoidIfAMessageWasLost) {
  Scenario scenario = three();
  const Machine machine = scripted<AbortsAndChats>(3);
  EXPECT_EQ(found(run(scenario, machine, 5), Property::nontriviality), 5u);
  link_rule(scenario, "p1", "p2").loss = 1;
  EXPECT_EQ(found(run(scenario, machine, 5), Property::nontriviality), 0u);
}

TEST(Oracle, AC4IsNotVoidBecauseOfDuplicates) {
  Scenario scenario = three();
  link_rule(scenario, "p1", "p2").duplication = 1;
  EXPECT_EQ(found(run(scenario, scripted<AbortsAndChats>(3), 5), Property::nontriviality), 5u);
}

TEST(Oracle, ATransactionCountsOnceForEachProperty) {
  const Totals totals = run(world(5, Latency::constant(1ms)), scripted<BreaksAgreement>(5), 10);
  expect_only(totals, Property::agreement, 10);
}

TEST(Oracle, KeepsTheFirstFindingsByTransactionNumber) {
  Scenario scenario = overlapping(world(3, Latency::exponential(50ms)), 1us);
  SimulationOptions options;
  options.first = 101;
  const Totals totals = run(scenario, scripted<BreaksAgreement>(3), 500, options);
  EXPECT_EQ(found(totals, Property::agreement), 500u);
  ASSERT_GE(totals.findings.size(), kFindingsKept);
  for (std::size_t i = 0; i < kFindingsKept; ++i) {
    EXPECT_EQ(totals.findings[i].property, Property::agreement);
    EXPECT_EQ(totals.findings[i].transaction, 101 + i) << "though others ended before it";
  }
}

TEST(Oracle, AMajorityCommitAgainstANoVoterCountsUnderAc1AndAc3) {
  Scenario scenario = three();
  scenario.services[0].vote_yes = 0;
  const Totals totals = run(scenario, "3pc-majority", 20);
  EXPECT_EQ(found(totals, Property::validity), 20u);
  EXPECT_EQ(found(totals, Property::agreement), 20u);
  EXPECT_EQ(totals.commits, 20u);
}

TEST(Oracle, LossMayBreakAgreementOf3pcAndIsReported) {
  // PRE-COMMIT and COMMIT to p3 are lost: it takes part in no round and aborts alone.
  Scenario scenario = three();
  for (const auto* timer : {"votes", "decision", "commit", "states", "acks"}) {
    set_timeout(scenario, timer, Latency::constant(10ms));
  }
  scenario.network.loss = 0.2;
  const Totals totals = run(scenario, "3pc", 20'000);
  EXPECT_GT(found(totals, Property::agreement), 0u);
  EXPECT_EQ(found(totals, Property::stability), 0u);
  EXPECT_EQ(found(totals, Property::validity), 0u);
  EXPECT_EQ(found(run(scenario, "2pc", 20'000), Property::agreement), 0u);
}

}  // namespace
}  // namespace indoubt
