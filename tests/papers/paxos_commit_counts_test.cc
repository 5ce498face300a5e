// Goal: the published counts and delays of Paxos Commit. Each test quotes what it checks.
//
// G&L: Gray & Lamport, Consensus on Transaction Commit, ACM TODS 31(1), 2006.
#include <gtest/gtest.h>

#include "tests/papers/flow.h"

namespace indoubt {
namespace {

using Options = std::vector<NamedOption>;

/// N participants that vote YES, one delay 10 ms, forced writes at once.
Scenario all_yes(int participants) { return world(participants, Latency::constant(10ms)); }

/// G&L count from the first participant's prepared record on.
Options begun_by_the_first(int faults, std::string_view placement) {
  static const std::string_view numbers[] = {"0", "1", "2", "3", "4", "5", "6", "7"};
  return {
      {"faults", numbers[faults]}, {"placement", placement}, {"first_participant_starts", "yes"}};
}
Options with(Options options, const NamedOption& more) {
  options.push_back(more);
  return options;
}
/// Faster Paxos Commit: "the leader is left out".
const NamedOption kLeaderLeftOut = {"coordinator_learns", "no"};

Flow paxos(int n, int f, std::string_view placement = "leader-on-acceptor") {
  return Flow(all_yes(n), "paxos-commit", begun_by_the_first(f, placement));
}
Flow faster(int n, int f, std::string_view placement = "leader-on-acceptor") {
  return Flow(all_yes(n), "paxos-commit-fast",
              with(begun_by_the_first(f, placement), kLeaderLeftOut));
}

/// Messages of this name that were sent between sites.
std::uint64_t sent(const Flow& flow, std::string_view name) {
  const Machine machine = machine_with("paxos-commit", 3);
  std::uint64_t count = 0;
  for (const auto& by_variant : flow.totals().sent) {
    for (const Message m : machine.variants)
      if (machine.message_name(m) == name) count += by_variant[variant_of(m)];
  }
  return count;
}

std::uint64_t number(int n) { return static_cast<std::uint64_t>(n); }

struct Size {
  int n, f;
};
const Size kSizes[] = {{1, 0}, {1, 1}, {2, 1}, {3, 0}, {3, 1}, {5, 1}, {5, 2}, {8, 3}, {16, 7}};

// G&L, figure 4, leader on an acceptor: "messages (N+1)(F+3)-4 | N(2F+3)-1". Examples: "N=3, F=1:
// 12, 14; N=5, F=2: 26, 34".
TEST(PaxosCommitCounts, MessagesOfFigure4) {
  EXPECT_EQ(paxos(3, 1).messages(), 12u);
  EXPECT_EQ(faster(3, 1).messages(), 14u);
  EXPECT_EQ(paxos(5, 2).messages(), 26u);
  EXPECT_EQ(faster(5, 2).messages(), 34u);
  for (const auto& [n, f] : kSizes) {
    EXPECT_EQ(paxos(n, f).messages(), number((n + 1) * (f + 3) - 4)) << n << " " << f;
    EXPECT_EQ(faster(n, f).messages(), number(n * (2 * f + 3) - 1)) << n << " " << f;
  }
}

// "Breakdown before placing the leader on an acceptor, total (N+1)(F+3)-2: BeginCommit 1, Prepare
// N-1, phase 2a N(F+1) (to F+1 of the 2F+1 acceptors), phase 2b F+1 (bundled over all instances),
// Commit N. The faster form sends phase 2b from each of F+1 acceptors straight to all N
// participants, and no Commit."
TEST(PaxosCommitCounts, BreakdownBeforeAnythingIsPlacedTogether) {
  for (const auto& [n, f] : kSizes) {
    SCOPED_TRACE(std::to_string(n) + " " + std::to_string(f));
    const Flow flow = paxos(n, f, "none"), fast = faster(n, f, "none");
    for (const Flow* each : {&flow, &fast}) {
      EXPECT_EQ(sent(*each, "BEGIN"), 1u);
      EXPECT_EQ(sent(*each, "PREPARE"), number(n - 1));
      EXPECT_EQ(sent(*each, "YES"), number(n * (f + 1)));
    }
    EXPECT_EQ(sent(flow, "PHASE-2B"), number(f + 1));
    EXPECT_EQ(sent(flow, "COMMIT"), number(n));
    EXPECT_EQ(flow.messages(), number((n + 1) * (f + 3) - 2));
    EXPECT_EQ(sent(fast, "PHASE-2B"), number((f + 1) * n));
    EXPECT_EQ(sent(fast, "COMMIT"), 0u);
    EXPECT_EQ(fast.messages(), number(n * (2 * f + 3)));
  }
}

// G&L, section 5: "for a transaction with 5 RMs, the Two-Phase Commit uses 12 messages, regular
// Paxos Commit uses 17, and Faster Paxos Commit uses 20 (with co-location)", F = 1: acceptors on
// the participants' nodes, the leader on the first one's. In general N(F+3)-3 and (N-1)(2F+3) [D].
TEST(PaxosCommitCounts, MessagesWithCoLocation) {
  const auto co_located = [](std::string_view protocol, int n, const Options& options) {
    Scenario scenario = all_yes(n);
    scenario.services[0].at_coordinator = true;
    return Flow(scenario, protocol, options);
  };
  for (const auto& [n, f] : {Size{5, 1}, Size{3, 1}, Size{5, 2}, Size{9, 4}}) {
    const Options options = begun_by_the_first(f, "acceptors-on-participants");
    const Flow flow = co_located("paxos-commit", n, options);
    const Flow fast = co_located("paxos-commit-fast", n, with(options, kLeaderLeftOut));
    EXPECT_EQ(flow.messages(), number(n * (f + 3) - 3)) << n << " " << f;
    EXPECT_EQ(fast.messages(), number((n - 1) * (2 * f + 3))) << n << " " << f;
    EXPECT_EQ(flow.totals().completion_time.mean(), 40e6) << "a delay less: BEGIN is local";
    EXPECT_EQ(fast.totals().completion_time.mean(), 30e6);
    if (n != 5 || f != 1) continue;
    EXPECT_EQ(flow.messages(), 17u);
    EXPECT_EQ(fast.messages(), 20u);
  }
}

// G&L, figure 4: "delays: Paxos Commit 5, Faster Paxos Commit 4".
TEST(PaxosCommitCounts, DelaysOfFigure4) {
  for (const std::string_view placement : {"none", "leader-on-acceptor"}) {
    const Flow flow = paxos(3, 1, placement), fast = faster(3, 1, placement);
    for (const int p : {1, 2, 3}) {
      EXPECT_EQ(flow.ms(p, "takes COMMIT from 0"), 50);
      EXPECT_EQ(fast.ms(p, "decide commit"), 40);
    }
    EXPECT_EQ(flow.ms(0, "decide commit"), 40);
  }
}

// G&L, figure 4: "stable writes: N+F+1". Participants: prepared; F+1 acceptors: once for all
// instances; the decision is written lazily.
TEST(PaxosCommitCounts, StableWritesOfFigure4) {
  for (const auto& [n, f] : kSizes) {
    for (const Flow& flow : {paxos(n, f), faster(n, f)}) {
      EXPECT_EQ(flow.totals().forced_writes.sum, number(n + f + 1));
      EXPECT_EQ(flow.records(1), "force prepared, log committed");
      for (int a = 0; a <= 2 * f; ++a) {
        EXPECT_EQ(flow.records(n + 1 + a), a <= f ? "force accepted" : "") << a;
      }
    }
    EXPECT_EQ(paxos(n, f).records(0), "log committed");
    EXPECT_EQ(faster(n, f).records(0), "");
  }
}

// G&L, section 5: "both algorithms have the same three stable storage write delays (two if all RMs
// prepare concurrently)".
TEST(PaxosCommitCounts, StableWritesOnTheCriticalPath) {
  Scenario scenario = all_yes(3);
  scenario.disk.force = Latency::constant(5ms);
  const Flow one_first(scenario, "paxos-commit", begun_by_the_first(1, "none"));
  EXPECT_EQ(one_first.ms(2, "takes COMMIT from 0"), 5 * 10 + 3 * 5);
  const Flow together(scenario, "paxos-commit");
  EXPECT_EQ(together.ms(2, "takes COMMIT from 0"), 4 * 10 + 2 * 5);
  const Flow fast(scenario, "paxos-commit-fast");
  EXPECT_EQ(fast.ms(2, "decide commit"), 3 * 10 + 2 * 5);
  EXPECT_EQ(fast.ms(0, "decide commit"), 3 * 10 + 2 * 5);
}

// G&W: Guerraoui & Wang, PODS 2017 [R, D]: "with spontaneous votes (n processes, acceptors
// co-located): Paxos Commit 3 delays, nf+2n-2 messages; faster form 2 delays, 2nf+2n-2f-2".
TEST(PaxosCommitCounts, WithSpontaneousVotes) {
  for (const auto& [n, f] : {Size{3, 1}, Size{5, 1}, Size{5, 2}, Size{9, 4}}) {
    Scenario scenario = all_yes(n);
    scenario.services[0].at_coordinator = true;
    Options options = begun_by_the_first(f, "acceptors-on-participants");
    options.push_back({"spontaneous_votes", "yes"});
    const Flow flow(scenario, "paxos-commit", options);
    const Flow fast(scenario, "paxos-commit-fast", with(options, kLeaderLeftOut));
    EXPECT_EQ(flow.messages(), number(n * f + 2 * n - 2)) << n << " " << f;
    EXPECT_EQ(flow.totals().completion_time.mean(), 30e6);
    EXPECT_EQ(fast.messages(), number(2 * n * f + 2 * n - 2 * f - 2)) << n << " " << f;
    EXPECT_EQ(fast.totals().completion_time.mean(), 20e6);
  }
}

// G&L, section 5: "the Two-Phase Commit protocol is thus the degenerate case of the Paxos Commit
// algorithm with a single acceptor": 3N-1 messages, 4 delays, N+1 stable writes.
TEST(PaxosCommitCounts, WithoutFaultsItIsTwoPhaseCommit) {
  for (const int n : {1, 3, 8}) {
    const Flow flow = paxos(n, 0);
    EXPECT_EQ(flow.messages(), number(3 * n - 1));
    EXPECT_EQ(flow.totals().forced_writes.sum, number(n + 1));
    if (n > 1) {
      EXPECT_EQ(flow.ms(n, "takes COMMIT from 0"), 40);
    }
  }
}

// Begun by the coordinator, BEGIN and the free PREPARE to the first participant are not there: one
// message for each participant, and one delay less.
TEST(PaxosCommitCounts, BegunByTheCoordinator) {
  const Flow flow(all_yes(3), "paxos-commit");
  EXPECT_EQ(flow.messages(), number(3 + 3 * 2 + 2 + 3));
  EXPECT_EQ(flow.ms(0, "decide commit"), 30);
  EXPECT_EQ(flow.ms(3, "takes COMMIT from 0"), 40);
  const Flow fast(all_yes(3), "paxos-commit-fast");
  EXPECT_EQ(fast.messages(), number(3 + 3 * 2 + 2 * 4)) << "the coordinator learns as well";
  EXPECT_EQ(fast.ms(0, "decide commit"), 30);
  EXPECT_EQ(fast.ms(3, "decide commit"), 30);
}

}  // namespace
}  // namespace indoubt
