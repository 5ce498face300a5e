// Goal: what a partition can do to three-phase commit, enumerated in the simulator: with its clock,
// its time-outs and its faults. "Plain 3PC, N=2, C in PC, PRE-COMMIT at subset S of the
// participants, non-empty far side B without C: 12 pairs, 5 violations (exactly those with B and S
// disjoint), 7 commit on both sides. With C crashed instead of cut off: 0 violations." "Quorum 3PC
// with Vc + Va > V: 0 violations in every such enumeration." Of every pair it is checked besides
// what the rules of termination make of each side.
#include <gtest/gtest.h>

#include "tests/papers/flow.h"

namespace indoubt {
namespace {

enum class Break { cut, crash };

/// PRE-COMMIT is lost to those outside S. When it has arrived, and before any acknowledgement has,
/// B is cut off, or all outside B crash.
Scenario broken(int participants, unsigned s, unsigned b, Break how,
                std::optional<Duration> heals = std::nullopt) {
  Scenario scenario = world(participants, Latency::constant(10ms));
  for (const char* timer : {"decision", "commit", "states", "acks"})
    set_timeout(scenario, timer, Latency::constant(60ms));
  std::vector<Who> far, near = {"coordinator"};
  for (int p = 1; p <= participants; ++p) {
    const std::string& name = scenario.services[static_cast<std::size_t>(p - 1)].name;
    ((b >> p & 1) != 0 ? far : near).push_back(name);
    if ((s >> p & 1) != 0) continue;
    Fault lost;
    lost.kind = Fault::Kind::message;
    lost.type = "PRE-COMMIT";
    lost.from = "coordinator";
    lost.to = name;
    lost.nth = 1;  // that of the coordinator's first round
    scenario.faults.push_back(lost);
  }
  Fault fault;
  fault.kind = how == Break::cut ? Fault::Kind::partition : Fault::Kind::crash;
  fault.when.kind = Trigger::Kind::at_time;
  fault.when.time = 35ms;  // votes arrive at 20, PRE-COMMIT at 30, acknowledgements at 40 ms
  if (heals) fault.lasts = Latency::constant(*heals);
  if (how == Break::cut) {
    fault.groups = {near, far};
  } else {
    fault.sites = near;
  }
  scenario.faults.push_back(fault);
  return scenario;
}

struct Count {
  int pairs = 0, violations = 0, commits = 0;
  bool operator==(const Count&) const = default;
};
void PrintTo(const Count& c, std::ostream* out) {
  *out << c.pairs << " pairs, " << c.violations << " violations, " << c.commits << " commits";
}

/// Over all S and B. A commit is one of every participant that is not down.
Count enumerate(std::string_view protocol, int participants, Break how,
                const std::vector<NamedOption>& options = {}) {
  Count count;
  const unsigned all = ((1u << participants) - 1) << 1;
  for (unsigned s = 0; s <= all; s += 2) {
    for (unsigned b = 2; b <= all; b += 2) {
      const Flow flow(broken(participants, s, b, how), protocol, options);
      const std::size_t agreement = static_cast<std::size_t>(Property::agreement);
      ++count.pairs;
      count.violations += flow.totals().violations[agreement] != 0 ? 1 : 0;
      bool commit = true;
      for (int p = 1; p <= participants; ++p) {
        const bool down = how == Break::crash && (b >> p & 1) == 0;
        commit = commit && (down || flow.ns(p, "decide commit") >= 0);
      }
      count.commits += commit ? 1 : 0;
      EXPECT_EQ(flow.totals().violations[static_cast<std::size_t>(Property::validity)], 0u);
    }
  }
  return count;
}

int pairs(int participants) { return (1 << participants) * ((1 << participants) - 1); }
int disjoint(int participants) {
  int count = 0;
  for (unsigned s = 0; s < 1u << participants; ++s)
    for (unsigned b = 1; b < 1u << participants; ++b) count += (s & b) == 0 ? 1 : 0;
  return count;
}

TEST(SimulatedPartitions, SplitPlainThreePhaseCommitWhereBAndSAreDisjoint) {
  EXPECT_EQ(enumerate("3pc", 2, Break::cut), (Count{12, 5, 7}));
  EXPECT_EQ(enumerate("3pc", 3, Break::cut), (Count{56, 19, 37}));
  for (const int n : {2, 3}) {
    EXPECT_EQ(enumerate("3pc", n, Break::cut),
              (Count{pairs(n), disjoint(n), pairs(n) - disjoint(n)}));
  }
}

// The survivors B commit if one of them is pre-committed and abort otherwise; nobody is blocked.
TEST(SimulatedPartitions, CrashesInsteadOfACutSplitNothing) {
  for (const int n : {2, 3}) {
    EXPECT_EQ(enumerate("3pc", n, Break::crash), (Count{pairs(n), 0, pairs(n) - disjoint(n)}));
  }
}

// ---- quorums ------------------------------------------------------------------------------------

struct Quorums {
  int commit, abort;
};
/// All pairs with Vc + Va > V for V sites of weight 1.
std::vector<Quorums> safe_quorums(int sites) {
  std::vector<Quorums> all;
  for (int commit = 1; commit <= sites; ++commit)
    for (int abort = sites + 1 - commit; abort <= sites; ++abort) all.push_back({commit, abort});
  return all;
}

int size(unsigned set) { return set == 0 ? 0 : static_cast<int>(set & 1) + size(set >> 1); }

/// Skeen (1982), of one side: "some PC, and weight of (W or PC) >= Vc: commit; otherwise weight of
/// (W or PA) >= Va: abort; otherwise block". `side` and `pre_committed`: bit p is process p. If Vc
/// is 1, C in PC is a quorum by itself, and its COMMIT is everywhere before the break.
Outcome by_quorums(unsigned side, unsigned pre_committed, Quorums q) {
  if (q.commit == 1) return Outcome::commit;
  if ((side & pre_committed) != 0 && size(side) >= q.commit) return Outcome::commit;
  if (size(side & ~pre_committed) >= q.abort) return Outcome::abort;
  return Outcome::none;
}
/// Keidar & Dolev (1995): "if the component is a quorum and all members holding the largest
/// Last_Attempt are PC: commit; a quorum otherwise: abort; no quorum: block". Who is PC here is so
/// by the only attempt there was.
Outcome by_election(unsigned side, unsigned pre_committed, int sites) {
  if (2 * size(side) <= sites) return Outcome::none;
  return (side & pre_committed) != 0 ? Outcome::commit : Outcome::abort;
}

/// What the members of `side` have decided alike.
std::optional<Outcome> decided(const Flow& flow, unsigned side) {
  std::optional<Outcome> common;
  for (int p = 0; side >> p != 0; ++p) {
    if ((side >> p & 1) == 0) continue;
    const Outcome one = flow.ns(p, "decide commit") >= 0  ? Outcome::commit
                        : flow.ns(p, "decide abort") >= 0 ? Outcome::abort
                                                          : Outcome::none;
    if (common && *common != one) return std::nullopt;
    common = one;
  }
  return common;
}

/// Calls `expected(side)`, for both sides of each pair, and expects it of the simulation: of those
/// outside B only if they are not down. `expected` is given the side and who is pre-committed.
template <class Rule>
void check_all(std::string_view protocol, int participants, Break how,
               const std::vector<NamedOption>& options, Rule&& expected) {
  const unsigned everybody = (1u << (participants + 1)) - 1;
  for (unsigned s = 0; s < everybody; s += 2) {
    for (unsigned b = 2; b < everybody; b += 2) {
      SCOPED_TRACE(testing::Message() << protocol << " S " << s << " B " << b);
      Scenario scenario = broken(participants, s, b, how);
      scenario.transactions.horizon = 3s;  // a blocked side tries again for ever
      const Flow flow(scenario, protocol, options);
      EXPECT_EQ(flow.totals().violations[static_cast<std::size_t>(Property::agreement)], 0u);
      EXPECT_EQ(flow.totals().violations[static_cast<std::size_t>(Property::validity)], 0u);
      EXPECT_EQ(decided(flow, b), expected(b, s | 1));
      if (how == Break::cut) {
        EXPECT_EQ(decided(flow, everybody & ~b), expected(everybody & ~b, s | 1));
      }
    }
  }
}

// "Quorum 3PC with Vc + Va > V: 0 violations in every such enumeration."
TEST(SimulatedPartitions, NeverSplitQuorumThreePhaseCommit) {
  for (const int n : {2, 3}) {
    for (const Quorums q : safe_quorums(n + 1)) {
      const std::string commit = std::to_string(q.commit), abort = std::to_string(q.abort);
      SCOPED_TRACE("Vc " + commit + ", Va " + abort);
      for (const Break how : {Break::cut, Break::crash}) {
        check_all("3pc-quorum", n, how, {{"commit_quorum", commit}, {"abort_quorum", abort}},
                  [&](unsigned side, unsigned pre) { return by_quorums(side, pre, q); });
      }
    }
  }
}

TEST(SimulatedPartitions, NeverSplitEnhancedThreePhaseCommitAndNeverBlockItsMajority) {
  for (const int n : {2, 3}) {
    for (const Break how : {Break::cut, Break::crash}) {
      check_all("e3pc", n, how, {},
                [&](unsigned side, unsigned pre) { return by_election(side, pre, n + 1); });
    }
  }
}

// "Vc + Va <= V" is the mistake that the enumeration must show: where by the rules one side commits
// and the other aborts, it does.
TEST(SimulatedPartitions, SplitQuorumsThatAreTooSmall) {
  const Quorums q{2, 1};
  const std::vector<NamedOption> options = {
      {"commit_quorum", "2"}, {"abort_quorum", "1"}, {"mistake", "small_quorums"}};
  for (const int n : {2, 3}) {
    const unsigned everybody = (1u << (n + 1)) - 1;
    int splits = 0;
    for (unsigned s = 0; s < everybody; s += 2) {
      for (unsigned b = 2; b < everybody; b += 2) {
        const Outcome far = by_quorums(b, s | 1, q), near = by_quorums(everybody & ~b, s | 1, q);
        splits += far != Outcome::none && near != Outcome::none && far != near ? 1 : 0;
      }
    }
    EXPECT_GT(splits, 0);
    EXPECT_EQ(enumerate("3pc-quorum", n, Break::cut, options).violations, splits);
  }
}

// "A component that cannot decide tries again after healing": then all decide alike, and commit
// with the side that has.
TEST(SimulatedPartitions, AreSettledByHealing) {
  for (const int n : {2, 3}) {
    for (const char* protocol : {"3pc-quorum", "e3pc"}) {
      const unsigned everybody = (1u << (n + 1)) - 1;
      for (unsigned s = 0; s < everybody; s += 2) {
        for (unsigned b = 2; b < everybody; b += 2) {
          SCOPED_TRACE(testing::Message() << protocol << " S " << s << " B " << b);
          const Flow flow(broken(n, s, b, Break::cut, 1s), protocol);
          const std::optional<Outcome> all = decided(flow, everybody);
          EXPECT_TRUE(all && *all != Outcome::none);
        }
      }
    }
  }
}

}  // namespace
}  // namespace indoubt
