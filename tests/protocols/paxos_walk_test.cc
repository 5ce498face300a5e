// Goal: Paxos Commit keeps AC1-AC3 whatever is lost, late, repeated or crashed and however many
// leaders there are; the same runs find every mistake that it is known for.
#include <gtest/gtest.h>

#include "sim/random/draws.h"
#include "tests/support/puppet.h"

namespace indoubt {
namespace {

using Options = std::vector<NamedOption>;

/// A short run of chance, and what it has broken.
class Walk {
 public:
  Walk(std::string_view protocol, std::uint64_t seed, const Options& options)
      : draws_(seed, 0),
        w_(protocol, 1 + static_cast<int>(seed % 4), options),
        yes_(static_cast<std::size_t>(w_.processes())),
        decided_(static_cast<std::size_t>(w_.processes()), Outcome::none) {
    w_.start();
  }

  /// What AC1-AC3 say of the run; empty if they hold.
  std::string run(int steps) {
    for (int k = 0; k < steps && broken_.empty(); ++k) {
      step();
      judge();
    }
    return broken_;
  }
  /// Nothing is lost any more and one process after another waits too long.
  std::string settle_down() {
    for (int round = 0; round < 4 * w_.processes() && broken_.empty(); ++round) {
      deliver_all();
      const int p = round % w_.processes();
      for (const std::string_view timer : w_.machine().timers) w_.timeout(p, timer);
      judge();
    }
    return broken_;
  }
  /// Takes down for good the coordinator and the first F acceptors.
  void take_down(int acceptors) {
    w_.crash(0, draw(256));
    for (int a = 0; a < acceptors; ++a) w_.crash(participants() + 1 + a, draw(256));
  }
  const Puppet& world() const { return w_; }
  int participants() const { return w_.machine().group.participants; }

 private:
  std::uint64_t draw(std::uint64_t below) {
    return draws_.word({1, Purpose::link, 0, drawn_++}) % below;
  }
  void vote(int p, bool yes) {
    w_.prepared(p, yes);
    if (yes && w_.state(p) == "prepared") yes_[static_cast<std::size_t>(p)] = true;
  }
  void deliver_all() {
    bool worked = true;
    while (worked || !w_.quiet()) {
      worked = false;
      while (!w_.quiet()) w_.deliver_number(0);
      for (int p = 1; p <= participants(); ++p) {
        if (!w_.works(p)) continue;
        vote(p, true);
        worked = true;
      }
    }
  }
  void step() {
    const int p = static_cast<int>(draw(static_cast<std::uint64_t>(w_.processes())));
    switch (draw(10)) {
      case 0:
      case 1:
        if (w_.works(p)) vote(p, draw(8) != 0);
        return;
      case 2: {
        const std::size_t timers = w_.machine().timers.size();
        w_.timeout(p, w_.machine().timers[draw(timers)]);
        return;
      }
      case 3:
        if (draw(3) == 0) w_.recover(p);
        return;
      default:
        if (w_.quiet()) return;
        const std::size_t i = draw(w_.flying());
        const std::uint64_t fate = draw(10);
        w_.deliver_number(i, fate == 0 ? 0 : fate == 1 ? 2 : 1);
    }
  }
  void judge() {
    for (int p = 0; p <= participants(); ++p) {
      const Outcome now = w_.outcome(p);
      Outcome& before = decided_[static_cast<std::size_t>(p)];
      if (now == Outcome::none) continue;  // also after a crash that lost the decision
      if (before != Outcome::none && before != now) broken_ = "AC2 at " + std::to_string(p);
      before = now;
      if (now == Outcome::commit) {
        for (int q = 1; q <= participants(); ++q) {
          if (!yes_[static_cast<std::size_t>(q)]) broken_ = "AC3 at " + std::to_string(p);
        }
      }
      for (const Outcome other : decided_) {
        if (other != Outcome::none && other != now) broken_ = "AC1 at " + std::to_string(p);
      }
    }
  }

  Draws draws_;
  Puppet w_;
  std::vector<bool> yes_;
  std::vector<Outcome> decided_;  ///< by any incarnation
  std::string broken_;
  std::uint64_t drawn_ = 0;
};

/// The options of run `seed`: every combination comes up.
Options options_of(std::uint64_t seed, std::string_view mistake = "none") {
  const std::uint64_t k = seed / 4;  // the walk takes the number of participants from seed % 4
  constexpr std::string_view kFaults[] = {"1", "0", "2"};
  constexpr std::string_view kUncertain[] = {"lead", "lead", "ask"};
  constexpr std::string_view kRecords[] = {"unforced", "forced", "none"};
  return {{"faults", kFaults[k % 3]},
          {"first_participant_starts", k / 3 % 4 == 0 ? "yes" : "no"},
          {"placement", k / 3 % 8 < 2 ? "leader-on-acceptor" : "none"},
          {"at_no", k / 24 % 2 == 0 ? "decide" : "wait"},
          {"uncertain", kUncertain[k / 48 % 3]},
          {"decision_record", kRecords[k / 144 % 3]},
          {"decision_to", k / 5 % 2 == 0 ? "all" : "all-but-no-voters"},
          {"acks", k / 7 % 2 == 0 ? "no" : "yes"},
          {"prepare_resends", k / 11 % 2 == 0 ? "0" : "2"},
          {"unasked", k / 13 % 2 == 0 ? "off" : "abort"},
          {"recover_undecided", k / 17 % 2 == 0 ? "lead" : "silent"},
          {"mistake", mistake}};
}

class PaxosWalk : public testing::TestWithParam<std::string_view> {};

TEST_P(PaxosWalk, KeepsAc1ToAc3) {
  int commits = 0, aborts = 0;
  for (std::uint64_t seed = 1; seed <= 24'000; ++seed) {
    Walk walk(GetParam(), seed, options_of(seed));
    ASSERT_EQ(walk.run(60 + static_cast<int>(seed % 3) * 70), "") << "seed " << seed;
    ASSERT_EQ(walk.settle_down(), "") << "seed " << seed;
    const Outcome outcome = walk.world().outcome(1);
    commits += outcome == Outcome::commit;
    aborts += outcome == Outcome::abort;
  }
  EXPECT_GT(commits, 2'000) << "the runs are about something";
  EXPECT_GT(aborts, 2'000);
}

TEST_P(PaxosWalk, FindsEveryMistake) {
  for (const std::string_view mistake : {"ballot_ignored", "one_acceptor_is_enough"}) {
    std::uint64_t seed = 1;
    for (; seed <= 24'000; ++seed) {
      Walk walk(GetParam(), seed, options_of(seed, mistake));
      if (!walk.run(200).empty() || !walk.settle_down().empty()) break;
    }
    EXPECT_LE(seed, 24'000u) << mistake;
  }
}

// G&L (2006), section 4: "makes progress if at least F+1 of them are working properly".
TEST_P(PaxosWalk, BlocksNobodyWhileFPlus1AcceptorsAreUp) {
  for (std::uint64_t seed = 1; seed <= 4'000; ++seed) {
    const int faults = static_cast<int>(seed / 4 % 3);
    Walk walk(GetParam(), seed,
              {{"faults", faults == 0   ? "0"
                          : faults == 1 ? "1"
                                        : "2"},
               {"unasked", "abort"}});
    ASSERT_EQ(walk.run(50), "") << "seed " << seed;
    walk.take_down(faults);
    ASSERT_EQ(walk.settle_down(), "") << "seed " << seed;
    for (int p = 1; p <= walk.participants(); ++p) {
      ASSERT_NE(walk.world().outcome(p), Outcome::none)
          << "seed " << seed << " process " << p << " " << walk.world().state(p);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Protocols, PaxosWalk, testing::Values("paxos-commit", "paxos-commit-fast"),
                         [](const auto& row) {
                           return row.param == "paxos-commit" ? std::string("PaxosCommit")
                                                              : std::string("Faster");
                         });

}  // namespace
}  // namespace indoubt
