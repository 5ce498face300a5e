// Goal: what a partition can do to three-phase commit, enumerated in the simulator: with its clock,
// its time-outs and its faults. "Plain 3PC, N=2, C in PC, PRE-COMMIT at subset S of the
// participants, non-empty far side B without C: 12 pairs, 5 violations (exactly those with B and S
// disjoint), 7 commit on both sides. With C crashed instead of cut off: 0 violations." The quorum
// protocols, whose blocked sites never give up, are enumerated step by step in
// three_phase_failures_test.cc.
#include <gtest/gtest.h>

#include "tests/papers/flow.h"

namespace indoubt {
namespace {

enum class Break { cut, crash };

/// PRE-COMMIT is lost to those outside S. When it has arrived, and before any acknowledgement has,
/// B is cut off, or all outside B crash.
Scenario broken(int participants, unsigned s, unsigned b, Break how, Duration when) {
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
    scenario.faults.push_back(lost);
  }
  Fault fault;
  fault.kind = how == Break::cut ? Fault::Kind::partition : Fault::Kind::crash;
  fault.when.kind = Trigger::Kind::at_time;
  fault.when.time = when;
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
      // Votes arrive at 20 ms, PRE-COMMIT at 30 ms, acknowledgements at 40 ms.
      const Flow flow(broken(participants, s, b, how, 35ms), protocol, options);
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

}  // namespace
}  // namespace indoubt
