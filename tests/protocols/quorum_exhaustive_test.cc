// Goal: agreement of the quorum protocols in every order of events, within bounds: two
// participants, all have voted YES, any message may arrive at any moment or never, any armed timer
// may expire, so many of them and so many crashes.
#include <gtest/gtest.h>

#include <unordered_set>

#include "tests/support/puppet.h"

namespace indoubt {
namespace {

/// A depth-first search; budgets are part of a state.
class Search {
 public:
  /// Visits what can come of `world`; stops at the first disagreement.
  void visit(const Puppet& world, int timeouts, int crashes) {
    if (split_ || !seen_.insert(fingerprint(world, timeouts, crashes)).second) return;
    if (disagree(world)) {
      split_ = true;
      return;
    }
    for (std::size_t i = 0; i < world.flying(); ++i) {
      Puppet next = world;
      next.deliver_number(i);
      visit(next, timeouts, crashes);
    }
    for (int p = 0; p < world.processes(); ++p) {
      if (timeouts > 0) expire(world, p, timeouts - 1, crashes);
      if (crashes > 0 && world.outcome(p) == Outcome::none) {
        Puppet next = world;
        next.recover(p);
        visit(next, timeouts, crashes - 1);
      }
    }
  }
  bool split() const { return split_; }
  std::size_t states() const { return seen_.size(); }

 private:
  void expire(const Puppet& world, int p, int timeouts, int crashes) {
    for (const std::string_view timer : world.machine().timers) {
      Puppet next = world;
      if (next.timeout(p, timer).find("is not armed") != std::string::npos) continue;
      visit(next, timeouts, crashes);
    }
  }
  static bool disagree(const Puppet& world) {
    bool commit = false, abort = false;
    for (int p = 0; p < world.processes(); ++p) {
      commit = commit || world.outcome(p) == Outcome::commit;
      abort = abort || world.outcome(p) == Outcome::abort;
    }
    return commit && abort;
  }
  static std::uint64_t fingerprint(const Puppet& world, int timeouts, int crashes) {
    std::uint64_t hash = 0xcbf29ce484222325u + static_cast<std::uint64_t>(timeouts * 16 + crashes);
    for (const char c : world.key()) {
      hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
      hash ^= hash >> 29;
    }
    return hash;
  }

  std::unordered_set<std::uint64_t> seen_;
  bool split_ = false;
};

Puppet pre_committing(std::string_view protocol, int participants,
                      const std::vector<NamedOption>& options = {}) {
  Puppet w(protocol, participants, options);
  w.start();
  for (int p = 1; p <= participants; ++p) w.deliver("PREPARE", 0, p);
  for (int p = 1; p <= participants; ++p) w.prepared(p, true);
  for (int p = 1; p <= participants; ++p) w.deliver("YES", p, 0);
  return w;
}

TEST(EveryOrder, KeepsTheQuorumProtocolsInAgreement) {
  struct Bounds {
    int timeouts, crashes;
  };
  for (const char* protocol : {"3pc-quorum", "e3pc"}) {
    for (const Bounds bounds : {Bounds{2, 0}, Bounds{1, 1}, Bounds{0, 2}}) {
      Search search;
      search.visit(pre_committing(protocol, 2), bounds.timeouts, bounds.crashes);
      EXPECT_FALSE(search.split()) << protocol << " " << bounds.timeouts << " " << bounds.crashes;
      EXPECT_GT(search.states(), 1'000u);
    }
  }
}

TEST(EveryOrder, OfTwoTimeoutsSplitsPlainThreePhaseCommitAndQuorumsThatAreTooSmall) {
  Search plain, small;
  plain.visit(pre_committing("3pc", 2), 2, 0);
  EXPECT_TRUE(plain.split());
  small.visit(
      pre_committing("3pc-quorum", 2,
                     {{"commit_quorum", "2"}, {"abort_quorum", "1"}, {"mistake", "small_quorums"}}),
      2, 0);
  EXPECT_TRUE(small.split());
}

}  // namespace
}  // namespace indoubt
