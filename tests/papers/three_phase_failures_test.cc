// Goal: the failure scenarios S10-S14 of three-phase commit and the exhaustive enumerations of
// partitions come out as derived by hand from the protocol definitions. Each test quotes what it
// checks.
#include <gtest/gtest.h>

#include "tests/support/puppet.h"

namespace indoubt {
namespace {

/// Everybody has voted YES and C is in PC; PRE-COMMIT is on its way to all.
Puppet pre_committing(std::string_view protocol, int participants,
                      const std::vector<NamedOption>& options = {}) {
  Puppet w(protocol, participants, options);
  w.start();
  for (int p = 1; p <= participants; ++p) w.deliver("PREPARE", 0, p);
  for (int p = 1; p <= participants; ++p) w.prepared(p, true);
  for (int p = 1; p <= participants; ++p) w.deliver("YES", p, 0);
  return w;
}

/// Runs on with bounded delays: messages arrive before a time-out, unless they cross the cut; those
/// of who leads expire before those of who follows. `sides`: bit p says on which side p is.
void run_on(Puppet& w, unsigned sides) {
  const auto expire = [&](std::initializer_list<std::string_view> timers) {
    bool any = false;
    for (int p = 0; p < w.processes(); ++p) {
      for (const std::string_view timer : timers) {
        if (w.armed(p) == timer) any = w.timeout(p, timer) != "down" || any;
      }
    }
    return any;
  };
  for (int round = 0; round < 30; ++round) {
    while (!w.quiet()) {
      const auto [from, to] = w.ends(0);
      w.deliver_number(0, (sides >> from & 1) == (sides >> to & 1) ? 1 : 0);
    }
    if (!expire({"acks", "states"})) expire({"decision", "commit"});
  }
}

bool has(const Puppet& w, Outcome outcome) {
  for (int p = 0; p < w.processes(); ++p)
    if (w.outcome(p) == outcome) return true;
  return false;
}
bool split(const Puppet& w) { return has(w, Outcome::commit) && has(w, Outcome::abort); }

// S10: "C crashes with all votes in and no PRE-COMMIT sent: all uncertain: abort, no blocking".
TEST(Failures, S10AllUncertainAbort) {
  for (const char* rule : {"collected-states", "backup-state"}) {
    Puppet w = pre_committing("3pc", 3, {{"termination", rule}});
    w.crash(0, ~std::uint64_t{0});
    run_on(w, 0);
    for (const int p : {1, 2, 3}) EXPECT_EQ(w.outcome(p), Outcome::abort) << rule << " " << p;
  }
}

// S11: "PRE-COMMIT reached P1 only, C crashes: collected-states rule: commit".
TEST(Failures, S11OnePreCommittedCommits) {
  for (const char* rule : {"collected-states", "backup-state"}) {
    for (const int reached : {1, 2}) {
      Puppet w = pre_committing("3pc", 3, {{"termination", rule}});
      w.deliver("PRE-COMMIT", 0, reached);
      w.crash(0, ~std::uint64_t{0});
      run_on(w, 0);
      // By its own state the back-up P1 commits only if it is the one that was reached.
      const bool commits = reached == 1 || std::string_view(rule) == "collected-states";
      for (const int p : {1, 2, 3})
        EXPECT_EQ(w.outcome(p), commits ? Outcome::commit : Outcome::abort) << rule << reached;
    }
  }
}

// S12: "all acked, COMMIT reached P1 only, C and P1 crash: P2, P3 are PC: commit; P1 agrees on
// recovery".
TEST(Failures, S12AllPreCommittedCommit) {
  Puppet w = pre_committing("3pc", 3);
  for (const int p : {1, 2, 3}) w.deliver("PRE-COMMIT", 0, p);
  for (const int p : {1, 2, 3}) w.deliver("PRE-COMMIT-ACK", p, 0);
  w.deliver("COMMIT", 0, 1);
  w.crash(0, ~std::uint64_t{0});
  w.crash(1, ~std::uint64_t{0});
  run_on(w, 0);
  for (const int p : {2, 3}) EXPECT_EQ(w.outcome(p), Outcome::commit);
  w.recover(1);
  EXPECT_EQ(w.outcome(1), Outcome::commit);
}

// S13: "partition {C,P1,P2} / {P3}, PRE-COMMIT at P1 and P2. Plain 3PC: left commits, P3 aborts:
// violation. Quorum 3PC with V=4, Vc=3, Va=2: left commits, P3 blocks, commits after healing".
TEST(Failures, S13APartitionSplitsPlainThreePhaseCommitOnly) {
  for (const char* protocol : {"3pc", "3pc-quorum", "e3pc"}) {
    Puppet w = pre_committing(protocol, 3);
    for (const int p : {1, 2}) w.deliver("PRE-COMMIT", 0, p);
    run_on(w, 0b1000);
    for (const int p : {0, 1, 2}) EXPECT_EQ(w.outcome(p), Outcome::commit) << protocol;
    const bool plain = std::string_view(protocol) == "3pc";
    EXPECT_EQ(w.outcome(3), plain ? Outcome::abort : Outcome::none) << protocol;
    run_on(w, 0);
    EXPECT_EQ(w.outcome(3), plain ? Outcome::abort : Outcome::commit) << protocol;
  }
}

// S14: "time-out-only 3PC: PC participant commits on time-out, uncertain one aborts, C aborts if an
// ack is missing; the PRE-COMMIT to P3 is lost, and C's ack time-out is longer: P1, P2 commit, P3
// and C abort. With a shorter ack time-out C's ABORT arrives first and all abort".
TEST(Failures, S14TimeoutsOnlyHangOnTheirOrder) {
  Puppet w = pre_committing("3pc", 3, {{"mistake", "timeout_only"}, {"ack_missing", "abort"}});
  for (const int p : {1, 2}) w.deliver("PRE-COMMIT", 0, p);
  for (const int p : {1, 2}) w.deliver("PRE-COMMIT-ACK", p, 0);
  w.drop("PRE-COMMIT", 0, 3);
  Puppet shorter = w;
  for (const int p : {1, 2}) w.timeout(p, "commit");
  w.timeout(3, "decision");
  w.timeout(0, "acks");
  for (const int p : {1, 2}) EXPECT_EQ(w.outcome(p), Outcome::commit);
  for (const int p : {0, 3}) EXPECT_EQ(w.outcome(p), Outcome::abort);
  shorter.timeout(0, "acks");
  for (const int p : {1, 2, 3}) shorter.deliver("ABORT", 0, p);
  for (const int p : {0, 1, 2, 3}) EXPECT_EQ(shorter.outcome(p), Outcome::abort);
}

// ---- enumerations
// --------------------------------------------------------------------------------

struct Count {
  int pairs = 0, splits = 0, commits = 0;
  bool operator==(const Count&) const = default;
};
void PrintTo(const Count& c, std::ostream* out) {
  *out << c.pairs << " pairs, " << c.splits << " violations, " << c.commits << " commit everywhere";
}

/// C in PC, PRE-COMMIT at subset S of the participants, non-empty far side B without C, for all S
/// and B. With `crash` those outside B, C among them, are not cut off but have crashed.
Count enumerate(std::string_view protocol, int participants, bool crash,
                const std::vector<NamedOption>& options = {}) {
  Count count;
  const unsigned all = ((1u << participants) - 1) << 1;
  for (unsigned s = 0; s <= all; s += 2) {
    for (unsigned b = 2; b <= all; b += 2) {
      Puppet w = pre_committing(protocol, participants, options);
      for (int p = 1; p <= participants; ++p)
        if ((s >> p & 1) != 0) w.deliver("PRE-COMMIT", 0, p);
      for (int p = 0; crash && p <= participants; ++p)
        if ((b >> p & 1) == 0) w.crash(p, ~std::uint64_t{0});
      if (!crash) {
        for (int p = 0; p <= participants; ++p) {
          for (int q = 0; q < p; ++q)
            if (((b >> p ^ b >> q) & 1) != 0) w.cut({p}, {q});
        }
      }
      run_on(w, b);
      ++count.pairs;
      count.splits += split(w) ? 1 : 0;
      bool everywhere = true;
      for (int p = 0; p <= participants; ++p)
        everywhere = everywhere && (w.down(p) || w.outcome(p) == Outcome::commit);
      count.commits += everywhere ? 1 : 0;
    }
  }
  return count;
}

// "Plain 3PC, N=2: 12 pairs, 5 violations (exactly those with B and S disjoint), 7 commit on both
// sides."
TEST(Partitions, PlainThreePhaseCommitOfTwo) {
  EXPECT_EQ(enumerate("3pc", 2, false), (Count{12, 5, 7}));
}

TEST(Partitions, PlainThreePhaseCommitSplitsExactlyWhereBAndSAreDisjoint) {
  for (const int n : {1, 2, 3, 4}) {
    int disjoint = 0;
    for (unsigned s = 0; s < 1u << n; ++s)
      for (unsigned b = 1; b < 1u << n; ++b) disjoint += (s & b) == 0 ? 1 : 0;
    const int pairs = (1 << n) * ((1 << n) - 1);
    EXPECT_EQ(enumerate("3pc", n, false), (Count{pairs, disjoint, pairs - disjoint})) << n;
  }
}

// "With C crashed instead of cut off: 0 violations."
TEST(Partitions, WithoutACutThereIsNoViolation) {
  for (const char* rule : {"collected-states", "backup-state"}) {
    for (const int n : {1, 2, 3}) {
      EXPECT_EQ(enumerate("3pc", n, true, {{"termination", rule}}).splits, 0) << rule << n;
    }
  }
}

// "Quorum 3PC with Vc + Va > V: 0 violations in every such enumeration."
TEST(Partitions, QuorumProtocolsNeverSplit) {
  for (const int n : {1, 2, 3, 4}) {
    for (const bool crash : {false, true}) {
      EXPECT_EQ(enumerate("e3pc", n, crash).splits, 0) << n;
      for (int vc = 1; vc <= n + 1; ++vc) {
        for (int va = n + 2 - vc; va <= n + 1; ++va) {
          const std::string commit = std::to_string(vc), abort = std::to_string(va);
          const Count count = enumerate("3pc-quorum", n, crash,
                                        {{"commit_quorum", commit}, {"abort_quorum", abort}});
          EXPECT_EQ(count.splits, 0) << n << " " << vc << " " << va;
          EXPECT_EQ(count.pairs, (1 << n) * ((1 << n) - 1));
        }
      }
    }
  }
}

// The mistake "Vc + Va <= V".
TEST(Partitions, QuorumsThatAreTooSmallSplit) {
  EXPECT_GT(enumerate("3pc-quorum", 3, false,
                      {{"commit_quorum", "2"}, {"abort_quorum", "2"}, {"mistake", "small_quorums"}})
                .splits,
            0);
}

}  // namespace
}  // namespace indoubt
