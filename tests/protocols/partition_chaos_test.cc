// Goal: the quorum protocols agree whatever is cut off, lost, late or crashes, in runs that spend
// their time where it is hard: everybody has voted YES, and several leaders try to finish.
#include <gtest/gtest.h>

#include "sim/random/draws.h"
#include "tests/support/effort.h"
#include "tests/support/puppet.h"

namespace indoubt {
namespace {

/// A run of chance in a network that falls apart and heals, drawn from (seed, step).
class FallingApart {
 public:
  FallingApart(Puppet& world, std::uint64_t seed)
      : w_(world), draws_(seed, 0), patience_(4 + 3 * (seed / 5 % 8)) {}

  /// PRE-COMMIT is on its way.
  void begin() {
    const int n = w_.processes() - 1;
    w_.start();
    for (int p = 1; p <= n; ++p) w_.deliver("PREPARE", 0, p);
    for (int p = 1; p <= n; ++p) w_.prepared(p, true);
    for (int p = 1; p <= n; ++p) w_.deliver("YES", p, 0);
  }
  /// Again and again somebody leads and gets part of the way, among those that it reaches.
  void run(int attempts) {
    for (int k = 0; k < attempts; ++k) {
      fall_apart();
      const int leader = static_cast<int>(draw(static_cast<std::uint64_t>(w_.processes())));
      for (int waits = 0; waits < w_.processes() && w_.armed(leader) != "states"; ++waits)
        expire(leader);
      for (std::uint64_t left = draw(patience_); left > 0 && !w_.quiet(); --left) arrive(leader);
      if (draw(6) == 0)
        w_.recover(static_cast<int>(draw(static_cast<std::uint64_t>(w_.processes()))));
      if (draw(8) == 0) forget_messages();
    }
  }
  /// Everybody reaches everybody again; each in turn lets its timers expire.
  void heal() {
    side_ = 0;
    for (int round = 0; round < 60; ++round) {
      for (int k = 0; k < 2'000 && !w_.quiet(); ++k) w_.deliver_number(0);
      expire(round % w_.processes());
    }
  }

 private:
  std::uint64_t draw(std::uint64_t below) {
    return draws_.word({1, Purpose::link, 0, drawn_++}) % below;
  }
  /// Two sides; those that are on one side reach each other.
  void fall_apart() { side_ = draw(3) == 0 ? 0 : draw(std::uint64_t{1} << w_.processes()); }
  bool apart(int a, int b) const { return ((side_ >> a ^ side_ >> b) & 1) != 0; }
  bool cut_off(std::size_t i) const { return apart(w_.ends(i).first, w_.ends(i).second); }
  /// A message arrives if its ends reach each other; else it may come after the cut has healed.
  void arrive(int leader) {
    std::size_t i = draw(w_.flying());
    for (std::size_t k = 0; k < w_.flying() && cut_off(i); ++k) i = (i + 1) % w_.flying();
    if (cut_off(i) || draw(30) == 0) {
      if (draw(8) == 0) w_.deliver_number(i, 0);  // lost
      return;
    }
    w_.deliver_number(i, draw(20) == 0 ? 2 : 1);
    if (draw(20) == 0) expire(leader);  // it waits no longer
  }
  void forget_messages() {
    while (!w_.quiet()) w_.deliver_number(0, 0);
  }
  void expire(int p) {
    const std::string armed = " " + w_.armed(p) + " ";
    for (const std::string_view timer : w_.machine().timers) {
      if (armed.find(" " + std::string(timer) + " ") != armed.npos) w_.timeout(p, timer);
    }
  }

  Puppet& w_;
  Draws draws_;
  std::uint64_t patience_;  ///< most messages that arrive in one attempt
  std::uint64_t side_ = 0, drawn_ = 0;
};

Group weighted(int participants, std::uint64_t seed) {
  Group group{participants, {}};
  if (seed % 3 != 0) return group;
  for (int p = 0; p <= participants; ++p) {
    group.weights.push_back(static_cast<std::uint16_t>(1 + (seed / 3 >> 2 * p) % 3));
  }
  return group;
}

/// How many of the runs end with two decisions; all must end with a decision of everybody.
int splits(std::string_view protocol, const std::vector<NamedOption>& options, std::uint64_t runs,
           bool decides = true) {
  int count = 0;
  for (std::uint64_t seed = 1; seed <= runs; ++seed) {
    const int participants = 1 + static_cast<int>(seed % 5);
    Puppet w(protocol, weighted(participants, seed), options);
    FallingApart chance(w, seed);
    chance.begin();
    chance.run(12);
    chance.heal();
    bool split = false;
    for (int p = 0; p <= participants; ++p) {
      for (int q = 0; q < p; ++q) {
        split = split || (w.outcome(p) != w.outcome(q) && w.outcome(p) != Outcome::none &&
                          w.outcome(q) != Outcome::none);
      }
      if (!decides) continue;
      EXPECT_NE(w.outcome(p), Outcome::none) << seed << ": " << p << " " << w.state(p);
    }
    count += split ? 1 : 0;
  }
  return count;
}

TEST(PartitionChaos, QuorumThreePhaseCommitNeverSplits) {
  EXPECT_EQ(splits("3pc-quorum", {}, random_runs(40'000)), 0);
}

TEST(PartitionChaos, EnhancedThreePhaseCommitNeverSplits) {
  EXPECT_EQ(splits("e3pc", {}, random_runs(40'000)), 0);
}

TEST(PartitionChaos, FinalAcksChangeNothing) {
  EXPECT_EQ(splits("3pc-quorum", {{"acks", "yes"}}, random_runs(5'000)), 0);
  EXPECT_EQ(splits("e3pc", {{"acks", "yes"}}, random_runs(5'000)), 0);
}

// The runs are hard enough to find what they are for.
TEST(PartitionChaos, SplitsPlainThreePhaseCommitAndQuorumsThatAreTooSmall) {
  EXPECT_GT(splits("3pc", {}, 1'000, false), 10);
  EXPECT_GT(splits("3pc-quorum",
                   {{"commit_quorum", "2"}, {"abort_quorum", "1"}, {"mistake", "small_quorums"}},
                   1'000, false),
            10);
}

}  // namespace
}  // namespace indoubt
