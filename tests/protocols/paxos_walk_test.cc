// Goal: Paxos Commit keeps AC1-AC3 whatever is lost, late, repeated or crashed and however many
// leaders there are; the same runs find every mistake that it is known for.
#include <gtest/gtest.h>

#include "tests/support/effort.h"
#include "tests/support/walk.h"

namespace indoubt {
namespace {

using Options = std::vector<NamedOption>;

/// The options of run `seed`: every combination comes up.
Options options_of(std::uint64_t seed, std::string_view mistake = "none") {
  const std::uint64_t k = seed / 4;  // seed % 4 chooses the number of participants
  constexpr std::string_view kFaults[] = {"1", "0", "2"};
  constexpr std::string_view kUncertain[] = {"lead", "lead", "ask"};
  constexpr std::string_view kRecords[] = {"unforced", "forced", "none"};
  return {{"faults", kFaults[k % 3]},
          {"first_participant_starts", k / 3 % 4 == 0 ? "yes" : "no"},
          {"spontaneous_votes", k / 19 % 4 == 0 ? "yes" : "no"},
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
  std::uint64_t commits = 0, aborts = 0;
  for (std::uint64_t seed = 1; seed <= random_runs(24'000); ++seed) {
    Walk walk(GetParam(), 1 + static_cast<int>(seed % 4), seed, options_of(seed));
    ASSERT_EQ(walk.run(60 + static_cast<int>(seed % 3) * 70), "") << "seed " << seed;
    ASSERT_EQ(walk.settle_down(), "") << "seed " << seed;
    const Outcome outcome = walk.world().outcome(1);
    commits += outcome == Outcome::commit;
    aborts += outcome == Outcome::abort;
  }
  EXPECT_GT(commits, random_runs(2'000)) << "the runs are about something";
  EXPECT_GT(aborts, random_runs(2'000));
}

TEST_P(PaxosWalk, FindsEveryMistake) {
  for (const std::string_view mistake : {"ballot_ignored", "one_acceptor_is_enough"}) {
    std::uint64_t seed = 1;
    for (; seed <= 24'000; ++seed) {
      Walk walk(GetParam(), 1 + static_cast<int>(seed % 4), seed, options_of(seed, mistake));
      if (!walk.run(200).empty() || !walk.settle_down().empty()) break;
    }
    EXPECT_LE(seed, 24'000u) << mistake;
  }
}

// G&L (2006), section 4: "makes progress if at least F+1 of them are working properly".
TEST_P(PaxosWalk, BlocksNobodyWhileFPlus1AcceptorsAreUp) {
  for (std::uint64_t seed = 1; seed <= random_runs(4'000); ++seed) {
    const int faults = static_cast<int>(seed / 4 % 3);
    Walk walk(GetParam(), 1 + static_cast<int>(seed % 4), seed,
              {{"faults", faults == 0   ? "0"
                          : faults == 1 ? "1"
                                        : "2"},
               {"unasked", "abort"}});
    ASSERT_EQ(walk.run(50), "") << "seed " << seed;
    walk.take_down(0);
    for (int a = 1; a <= faults; ++a) walk.take_down(walk.participants() + a);
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
