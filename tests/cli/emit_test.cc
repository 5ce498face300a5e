// explore --emit-scenario: the file that it writes, and what it says when there is none.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "tests/cli/command.h"

namespace indoubt {
namespace {

using testing::HasSubstr;

const std::string kTwo = R"(indoubt: 1
title: A "partition"
protocols: [2pc, 3pc]
services: {shard: {count: 2}}
network: {latency: 1ms}
timeouts: {votes: 30ms, acks: 30ms, decision: 60ms, states: 30ms}
explore: {timeouts: 1, properties: [never violation.agreement]}
)";

std::string fresh_path(const std::string& name) {
  std::string path = temporary_file(name, "");
  std::filesystem::remove(path);
  return path;
}

TEST(Emit, WritesAScenarioThatRunAndTraceReplay) {
  const std::string file = temporary_file("two.yaml", kTwo), out = fresh_path("found.yaml");
  const std::string call = "explore " + file + " --protocol 3pc --emit-scenario ";
  const Called c = call_indoubt(call + "violation.agreement=" + out);
  EXPECT_EQ(c.status, 1);
  EXPECT_THAT(c.err, HasSubstr("wrote " + out));
  const Called run = call_indoubt("run " + out);
  EXPECT_EQ(run.status, 0) << run.out;
  EXPECT_THAT(run.out, HasSubstr("violation of agreement"));
  const Called trace = call_indoubt("trace " + out);
  EXPECT_EQ(trace.status, 0) << trace.err;
  EXPECT_EQ(call_indoubt(call + "violation.agreement=" + out).status, 2) << "overwritten";
}

TEST(Emit, KnowsAViolationByItsShortNames) {
  const std::string file = temporary_file("two.yaml", kTwo);
  for (const std::string name : {"agreement", "AC1"}) {
    const std::string out = fresh_path("short.yaml");
    const Called c = call_indoubt(
        "explore " + file + " --protocol 3pc --no-traces --emit-scenario " + name + "=" + out);
    EXPECT_NE(c.status, 2) << c.err;
  }
}

// ---- what explore says of its file

TEST(Explore, SaysWhatPlaysNoPartAndWhatIsMissing) {
  const std::string file =
      temporary_file("faults.yaml",
                     "indoubt: 1\nprotocols: [2pc]\nservices: {a: {}, b: {}}\n"
                     "faults: [{crash: {site: coordinator, at: before send COMMIT}}]\n");
  const Called c = call_indoubt("explore " + file + " --crashes 1 --no-traces");
  EXPECT_THAT(c.out, testing::AllOf(HasSubstr("the file's `faults` play no part"),
                                    HasSubstr("--crashes"), HasSubstr("no time-out has a length"),
                                    HasSubstr("who can be blocked, each in some world")));
  const std::string timed = temporary_file("two.yaml", kTwo);
  EXPECT_THAT(call_indoubt("explore " + timed + " --protocol 2pc --no-traces").out,
              testing::Not(HasSubstr("note:")));
}

// Who is alike is told apart where a predicate may name one of them.
TEST(Explore, FindsWhatAPredicateSaysOfOneOfThoseWhoAreAlike) {
  const std::string file =
      temporary_file("named.yaml",
                     "indoubt: 1\nprotocols: [2pc]\nservices: {a: {}, b: {}, c: {}}\n"
                     "predicates: {c_first: c committed and b undecided}\n"
                     "explore: {properties: [never c_first]}\n");
  const Called c = call_indoubt("explore " + file);
  EXPECT_EQ(c.status, 1);
  EXPECT_THAT(c.out, testing::ContainsRegex("never c_first +VIOLATED"));
}

TEST(Explore, RefusesMoreProcessesThanItCanHold) {
  const std::string file =
      temporary_file("many.yaml", "indoubt: 1\nprotocols: [2pc]\nservices: {s: {count: 40}}\n");
  const Called c = call_indoubt("explore " + file + " --states 100");
  EXPECT_EQ(c.status, 2);
  EXPECT_THAT(c.out, HasSubstr("41 processes; at most 40 can be explored"));
}

TEST(Explore, RefusesAlwaysOfWhatIsNoPredicateOfSingleWorlds) {
  const std::string file =
      temporary_file("always.yaml",
                     "indoubt: 1\nprotocols: [2pc]\nservices: {a: {}, b: {}}\n"
                     "explore: {properties: [always blocked_at_end, eventually ever_blocked]}\n");
  const Called c = call_indoubt("explore " + file);
  EXPECT_EQ(c.status, 2);
  EXPECT_THAT(c.out, HasSubstr("'blocked_at_end' is no predicate of single worlds"));
}

// A violation stays one, however the search ended.
TEST(Explore, EndsWithTheFailureThatItFoundBeforeItWasInterrupted) {
  const auto interrupted = [](const std::string& name, const std::string& property) {
    const std::string file =
        temporary_file(name,
                       "indoubt: 1\nprotocols: [3pc]\nservices: {s: {count: 5}}\n"
                       "timeouts: {votes: 30ms, acks: 30ms, decision: 60ms, states: 30ms}\n"
                       "explore: {votes: free, losses: any, crashes: 2, properties: [" +
                           property + "]}\n");
    return call_indoubt("explore " + file + " --no-traces & p=$!; sleep 3; kill -TERM $p; wait $p");
  };
  const Called failed =
      interrupted("fails.yaml", "always none_committed, never commit, never abort");
  EXPECT_EQ(failed.status, 1) << failed.out;
  EXPECT_THAT(failed.out, HasSubstr("incomplete: interrupted"));
  EXPECT_EQ(interrupted("holds.yaml", "never violation.validity").status, 130);
}

TEST(VerdictsCommand, EndWithTwoWhereAProtocolCannotBeExplored) {
  const Called c =
      call_indoubt("verdicts --protocol paxos-commit --participants 8 --states 1 --markdown");
  EXPECT_EQ(c.status, 2);
  EXPECT_THAT(c.out, HasSubstr("| paxos-commit | 8 | - | - | - | - | - | - | - | - | - | cannot be "
                               "explored: explore.partitions: "));
}

TEST(VerdictsCommand, EndWithThreeWhereNoQuestionIsAnswered) {
  EXPECT_EQ(call_indoubt("verdicts --protocol 2pc --states 1").status, 3);
  EXPECT_EQ(call_indoubt("verdicts --protocol 2pc --states 200").status, 0);
}

TEST(Emit, WritesNothingForWhatDoesNotHappen) {
  const std::string file = temporary_file("two.yaml", kTwo), out = fresh_path("none.yaml");
  const Called c = call_indoubt("explore " + file +
                                " --protocol 2pc --emit-scenario violation.agreement=" + out);
  EXPECT_EQ(c.status, 3);
  EXPECT_THAT(c.err, HasSubstr("no scenario was written: there is no trace to it"));
  EXPECT_FALSE(std::filesystem::exists(out));
}

TEST(Emit, WantsOneProtocolAndAPropertyThatIsAsked) {
  const std::string file = temporary_file("two.yaml", kTwo), out = fresh_path("none.yaml");
  const std::string call = "explore " + file + " --emit-scenario ";
  EXPECT_THAT(call_indoubt(call + "violation.agreement=" + out).err, HasSubstr("--protocol"));
  EXPECT_THAT(call_indoubt(call + "committed=" + out + " --protocol 2pc").err,
              HasSubstr("asked are: violation.agreement"));
  EXPECT_THAT(call_indoubt(call + "found.yaml --protocol 2pc").err, HasSubstr("PROPERTY=FILE"));
}

}  // namespace
}  // namespace indoubt
