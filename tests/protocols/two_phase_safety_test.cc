// Goal: under every presumption no order of messages, losses, repetitions, time-outs and crashes,
// between any two effects of a handler, makes two processes decide differently; and each known
// mistake is found out by the same walks.
#include <gtest/gtest.h>

#include "tests/support/effort.h"
#include "tests/support/fault_walk.h"
#include "tests/support/machines.h"

namespace indoubt {
namespace {

constexpr std::string_view kFamily[] = {"2pc", "2pc-pra", "2pc-prc", "2pc-nprc"};

std::string text_of(const std::vector<NamedOption>& options) {
  std::string text;
  for (const NamedOption& o : options)
    text += std::string(o.first) + ": " + std::string(o.second) + " ";
  return text;
}

/// A walk with these options; participants and readers depend on the seed.
FaultWalk walk(std::string_view protocol, const std::vector<NamedOption>& options,
               std::uint64_t seed, int most_participants = 3) {
  FaultLimits limits;
  limits.crashes = static_cast<int>(seed % 5);
  limits.readers = seed % 3 == 0;
  const int participants = 1 + static_cast<int>(seed / 5) % most_participants;
  FaultWalk walk(machine_with(protocol, participants, options), seed, limits);
  walk.run(80);
  return walk;
}

const std::vector<std::vector<NamedOption>> kSafe = {
    {},
    {{"termination", "cooperative"}},
    {{"one_phase", "yes"}},
    {{"one_phase", "yes"}, {"prepare_resends", "2"}, {"termination", "cooperative"}},
    {{"recover_undecided", "silent"}},
    {{"recover_undecided", "abort"}},
    {{"recover_undecided", "abort"}, {"start_record", "none"}},
    {{"recover_undecided", "abort"}, {"start_record", "free"}},
    {{"start_record", "unforced"}, {"termination", "cooperative"}},
    {{"start_record", "forced"}},
    {{"telling", "one-by-one"}},
    {{"telling", "one-by-one"}, {"start_record", "none"}, {"decision_to", "all"}},
    {{"uncertain", "ask-in-rounds"}, {"termination", "cooperative"}},
    {{"recover_decided", "silent"}, {"termination", "cooperative"}},
    {{"decision_to", "all"}, {"abort_record", "forced"}, {"at_no", "wait"}},
    {{"abort_record", "none"}, {"no_voter_record", "none"}},
    {{"abort_record", "unforced"}, {"no_voter_record", "forced"}},
    {{"acks", "no"}},
    {{"asking", "one-by-one"}, {"prepare_resends", "1"}, {"termination", "cooperative"}},
    {{"mistake", "no_ack_wait"}},
};

TEST(TwoPhaseSafety, NobodyDecidesOtherwiseWhateverFails) {
  for (const std::string_view protocol : kFamily) {
    for (std::vector<NamedOption> options : kSafe) {
      options.push_back({"unasked", "abort"});
      for (std::uint64_t seed = 1; seed <= random_runs(3'000); ++seed) {
        FaultWalk w = walk(protocol, known_options(protocol, options), seed);
        w.settle();
        ASSERT_EQ(w.violation(), "") << protocol << " " << text_of(options) << seed << "\n"
                                     << w.story();
      }
    }
  }
}

// AC5: "once failures stop and are repaired everybody decides". A coordinator under presumed commit
// that crashed before its list was durable has asked nobody and knows nothing.
TEST(TwoPhaseSafety, EveryParticipantDecidesOnceTheFaultsAreOver) {
  for (const std::string_view protocol : kFamily) {
    for (const auto* termination : {"ask-coordinator", "cooperative"}) {
      for (const auto* one_phase : {"no", "yes"}) {
        const std::vector<NamedOption> options = {
            {"unasked", "abort"}, {"termination", termination}, {"one_phase", one_phase}};
        for (std::uint64_t seed = 1; seed <= random_runs(3'000); ++seed) {
          FaultWalk w = walk(protocol, options, seed);
          w.settle();
          for (int p = 1; p < w.processes(); ++p) {
            if (w.reader(p)) continue;
            ASSERT_NE(w.decided(p), Outcome::none)
                << p << " " << protocol << " " << text_of(options) << seed << "\n"
                << w.story();
          }
        }
      }
    }
  }
}

/// The first seed whose walk ends in a violation; 0 if there is none.
std::uint64_t refuted(std::string_view protocol, const std::vector<NamedOption>& options) {
  for (std::uint64_t seed = 1; seed <= 30'000; ++seed) {
    FaultWalk w = walk(protocol, options, seed);
    w.settle();
    if (!w.violation().empty()) return seed;
  }
  return 0;
}

TEST(TwoPhaseSafety, EveryUnsafeMistakeIsFoundOut) {
  const std::vector<std::string_view> everywhere = {
      "vote_not_forced",       "decision_before_force",       "abort_when_uncertain",
      "commit_without_record", "duplicate_vote_counts_twice", "decide_on_majority"};
  const std::pair<std::string_view, std::string_view> some[] = {
      {"2pc-pra", "forget_before_acks"},  {"2pc-pra", "unknown_means_commit"},
      {"2pc-prc", "forget_before_acks"},  {"2pc-nprc", "forget_before_acks"},
      {"2pc-prc", "list_not_forced"},     {"2pc-prc", "unknown_means_abort"},
      {"2pc-nprc", "unknown_means_abort"}};
  for (const std::string_view protocol : kFamily) {
    for (const std::string_view mistake : everywhere) {
      EXPECT_NE(refuted(protocol, {{"mistake", mistake}}), 0u) << protocol << " " << mistake;
    }
  }
  for (const auto& [protocol, mistake] : some) {
    EXPECT_NE(refuted(protocol, {{"mistake", mistake}}), 0u) << protocol << " " << mistake;
  }
}

TEST(TwoPhaseSafety, DecidingAloneWhenUncertainIsFoundOut) {
  for (const std::string_view protocol : kFamily) {
    for (const auto* alone : {"abort", "commit"}) {
      EXPECT_NE(refuted(protocol, {{"uncertain", alone}}), 0u) << protocol << " " << alone;
    }
  }
}

}  // namespace
}  // namespace indoubt
