// Goal: INBAC keeps AC1-AC3 whatever is lost, late, repeated or crashed; the same runs find its
// known mistake; and with at most f crashes of a minority nobody blocks.
#include <gtest/gtest.h>

#include "tests/support/effort.h"
#include "tests/support/walk.h"

namespace indoubt {
namespace {

std::vector<NamedOption> options_of(std::uint64_t seed, std::string_view mistake = "none") {
  const std::uint64_t k = seed / 5;  // seed % 5 chooses the number of participants
  constexpr std::string_view kFaults[] = {"1", "2", "1", "3"};
  constexpr std::string_view kRecords[] = {"forced", "unforced", "none"};
  return {{"faults", kFaults[k % 4]},
          {"spontaneous_votes", k / 4 % 3 == 0 ? "yes" : "no"},
          {"coordinator_learns", k / 12 % 4 == 0 ? "no" : "yes"},
          {"decision_record", kRecords[k / 5 % 3]},
          {"unasked", k / 7 % 2 == 0 ? "off" : "abort"},
          {"mistake", mistake}};
}

TEST(InbacWalk, KeepsAc1ToAc3) {
  std::uint64_t commits = 0, aborts = 0;
  for (std::uint64_t seed = 1; seed <= random_runs(40'000); ++seed) {
    Walk walk("inbac", 1 + static_cast<int>(seed % 5), seed, options_of(seed));
    ASSERT_EQ(walk.run(60 + static_cast<int>(seed % 3) * 70), "") << "seed " << seed;
    ASSERT_EQ(walk.settle_down(), "") << "seed " << seed;
    const Outcome outcome = walk.world().outcome(1);
    commits += outcome == Outcome::commit;
    aborts += outcome == Outcome::abort;
  }
  EXPECT_GT(commits, random_runs(2'000)) << "the runs are about something";
  EXPECT_GT(aborts, random_runs(2'000));
}

// Backup 1 has all votes and backup 2 not: who hears 1 first proposes commit, who hears 2 abort.
TEST(InbacWalk, AgreesWhenTheProposalsDiffer) {
  std::uint64_t commits = 0, aborts = 0;
  for (std::uint64_t seed = 1; seed <= random_runs(40'000); ++seed) {
    Walk walk("inbac", 3 + static_cast<int>(seed % 3), seed, {{"faults", "2"}});
    walk.all_prepare();
    for (int p = 2; p <= walk.participants(); ++p) walk.world().deliver("YES", p, 1);
    walk.world().timeout(2, "votes");
    ASSERT_EQ(walk.run(40 + static_cast<int>(seed / 3 % 3) * 80), "") << "seed " << seed;
    ASSERT_EQ(walk.settle_down(), "") << "seed " << seed;
    const Outcome outcome = walk.world().outcome(1);
    commits += outcome == Outcome::commit;
    aborts += outcome == Outcome::abort;
  }
  EXPECT_GT(commits, random_runs(2'000));
  EXPECT_GT(aborts, random_runs(2'000));
}

TEST(InbacWalk, FindsItsMistake) {
  std::uint64_t seed = 1;
  for (; seed <= 40'000; ++seed) {
    Walk walk("inbac", 1 + static_cast<int>(seed % 5), seed, options_of(seed, "no_help"));
    if (!walk.run(200).empty() || !walk.settle_down().empty()) break;
  }
  EXPECT_LE(seed, 40'000u);
}

TEST(InbacWalk, BlocksNobodyWhenOneOfThreeToFiveHasCrashed) {
  for (std::uint64_t seed = 1; seed <= random_runs(8'000); ++seed) {
    Walk walk("inbac", 1 + static_cast<int>(seed % 5), seed, {});
    if (walk.participants() < 3) continue;
    const int down = 1 + static_cast<int>(seed / 5 % static_cast<unsigned>(walk.participants()));
    walk.take_down(down);
    ASSERT_EQ(walk.settle_down(), "") << "seed " << seed;
    for (int p = 0; p <= walk.participants(); ++p) {
      if (p == down) continue;
      ASSERT_NE(walk.world().outcome(p), Outcome::none)
          << "seed " << seed << " process " << p << " " << walk.world().state(p);
    }
  }
}

}  // namespace
}  // namespace indoubt
