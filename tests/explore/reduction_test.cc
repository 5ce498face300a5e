// The reduction changes neither verdicts nor shortest depths nor traces, whatever the protocol.
#include <gtest/gtest.h>

#include <chrono>
#include <limits>
#include <string>

#include "analysis/explore/explorer.h"
#include "analysis/explore/reduction.h"
#include "protocols/catalogue.h"
#include "scenarios/verdicts.h"
#include "tests/support/catalogues.h"
#include "tests/support/effort.h"
#include "tests/support/trace_text.h"
#include "tests/support/world.h"

namespace indoubt {
namespace {

ExploreReport explored(const ProtocolEntry& protocol, Exploration budget, bool reduction,
                       int participants = 2, std::uint64_t states = 150'000) {
  budget.reduction = reduction;
  ExplorerOptions options;
  options.bounds.states = states;
  return explored_under(protocol, standard_options(protocol), participants, budget, options);
}

bool folds(const ProtocolEntry& protocol, int participants) {
  return protocol.make({participants, {}}, standard_options(protocol)).exchange != nullptr;
}

/// `plain` may be incomplete: what it has met, the other has met after as many moves.
void expect_same(const ExploreReport& plain, const ExploreReport& reduced, bool folded = false) {
  ASSERT_EQ(plain.answers.size(), reduced.answers.size());
  for (std::size_t i = 0; i < plain.answers.size(); ++i) {
    const Answer &a = plain.answers[i], &b = reduced.answers[i];
    SCOPED_TRACE(a.name);
    if (!incomplete(plain.search.stop)) {
      EXPECT_EQ(a.status(), b.status());
      EXPECT_EQ(a.met, b.met);
      EXPECT_EQ(a.blocked, b.blocked);
    }
    if (!a.met) continue;
    EXPECT_EQ(a.depth, b.depth);
    ASSERT_EQ(a.trace.has_value(), b.trace.has_value()) << b.note;
    if (!a.trace) continue;
    EXPECT_EQ(static_cast<int>(b.trace->steps.size()), b.depth);
    // Of participants that are folded a trace may name one or the other.
    if (!folded) {
      EXPECT_EQ(testing::trace_text(*a.trace), testing::trace_text(*b.trace));
    }
  }
}

class Reduced : public ::testing::TestWithParam<const ProtocolEntry*> {};

TEST_P(Reduced, GivesTheSameVerdictsAndTracesUnderEveryKindOfTrouble) {
  for (const VerdictSetting& setting : verdict_settings()) {
    SCOPED_TRACE(setting.name);
    const ExploreReport plain = explored(*GetParam(), setting.budget, false);
    const ExploreReport reduced = explored(*GetParam(), setting.budget, true);
    if (!incomplete(plain.search.stop)) {
      EXPECT_LE(reduced.search.states, plain.search.states);
      EXPECT_EQ(reduced.rounds_cut, plain.rounds_cut);
    }
    expect_same(plain, reduced);
  }
}

TEST_P(Reduced, GivesTheSameVerdictsWhereEachProcessHasOneTimeOut) {
  for (int k = 0; k < 5; ++k) {
    SCOPED_TRACE(k);
    Exploration e{.free_votes = true, .timeouts = 1};
    e.crashes = k == 1 || k == 2;
    e.recoveries = k != 2;
    e.losses = k == 3;
    e.duplications = k == 4;
    expect_same(explored(*GetParam(), e, false), explored(*GetParam(), e, true));
  }
}

// A crash forgets the ballot that its process led. If steps that a crash cuts were followed beyond
// the limit, each crash would leave a higher ballot in the log, without end.
TEST(Closure, IsFiniteWhereLeadersCrash) {
  const ProtocolEntry& protocol = *find_protocol("paxos-commit");
  const Machine machine = protocol.make({2, {}}, standard_options(protocol));
  std::vector<std::string> problems;
  const Exploration crash_recovery = verdict_settings()[1].budget;
  ASSERT_EQ(crash_recovery.crashes, 1);
  const ExploreSetup setup =
      explore_setup(verdict_scenario(2, machine), crash_recovery, machine, problems);
  SearchClock no_end(std::numeric_limits<double>::infinity(), {});
  EXPECT_TRUE(reduction_of(machine, setup, std::uint64_t{64} << 20, no_end).has_value());
}

/// Participants of Paxos Commit that crash and come back: a closure that takes its time.
ExploreSetup large_setup(const Machine& machine) {
  std::vector<std::string> problems;
  return explore_setup(verdict_scenario(machine.group.participants, machine),
                       verdict_settings()[1].budget, machine, problems);
}

TEST(Closure, EndsWhenItsTimeIsOver) {
  const ProtocolEntry& protocol = *find_protocol("paxos-commit");
  const Machine machine = protocol.make({kSanitized ? 2 : 3, {}}, standard_options(protocol));
  const ExploreSetup setup = large_setup(machine);
  const auto begun = std::chrono::steady_clock::now();
  const auto seconds = [&] {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
  };
  SearchClock no_end(std::numeric_limits<double>::infinity(), {});
  reduction_of(machine, setup, std::uint64_t{256} << 20, no_end);
  const double whole = seconds();
  for (const double part : {0.0, 0.1, 0.3}) {
    const double before = seconds();
    SearchClock clock(part * whole, {});
    EXPECT_FALSE(reduction_of(machine, setup, std::uint64_t{256} << 20, clock).has_value());
    EXPECT_LT(seconds() - before, 0.8 * whole) << part << " of " << whole;
  }
}

TEST(Closure, LeavesTheSearchHalfOfTheTime) {
  ExplorerOptions options;
  options.bounds.seconds = 0.4;
  const ProtocolEntry& protocol = *find_protocol("paxos-commit");
  const ExploreReport r = explored_under(protocol, standard_options(protocol), 4,
                                         verdict_settings()[1].budget, options);
  EXPECT_EQ(r.search.stop, Stop::time);
  EXPECT_GT(r.search.states, 1'000u);
  EXPECT_LT(r.seconds, 4.0);
}

TEST(FewerRounds, AreFollowedWhereMoreAreTooMany) {
  const ProtocolEntry& protocol = *find_protocol("3pc-quorum");
  const Exploration crash_recovery = verdict_settings()[1].budget;
  ExplorerOptions few;
  few.bounds.states = 20'000;
  const auto explored = [&](const auto& how) {
    return how(protocol, standard_options(protocol), 2, crash_recovery, few);
  };
  const ExploreReport wide = explored(explored_under);
  ASSERT_EQ(wide.search.stop, Stop::states);
  const ExploreReport narrow = explored(explored_with_fewer_rounds);
  EXPECT_EQ(narrow.search.stop, Stop::complete);
  EXPECT_EQ(narrow.setup.rounds, 1u);
  for (std::size_t i = 0; i < wide.answers.size(); ++i) {
    const Answer &w = wide.answers[i], &n = narrow.answers[i];
    SCOPED_TRACE(w.name);
    if (w.met) {
      EXPECT_TRUE(n.met);
      EXPECT_EQ(n.depth, w.depth);
    }
    EXPECT_EQ(n.holds_within_rounds, n.name == "violation.agreement" ||
                                         n.name == "violation.stability" ||
                                         n.name == "violation.validity");
  }
}

TEST(ReducedAndFolded, GivesTheSameVerdictsWhereParticipantsAreFolded) {
  int tried = 0;
  for (const ProtocolEntry& protocol : protocol_catalogue()) {
    if (!folds(protocol, 2)) continue;
    ++tried;
    SCOPED_TRACE(protocol.name);
    for (const VerdictSetting& setting : verdict_settings()) {
      SCOPED_TRACE(setting.name);
      Exploration safety = setting.budget;
      for (const AskedProperty& p : standard_properties())
        if (p.name.find("blocked") == std::string::npos) safety.properties.push_back(p);
      const ExploreReport plain = explored(protocol, safety, false);
      const ExploreReport reduced = explored(protocol, safety, true);
      EXPECT_LT(reduced.search.states, plain.search.states);
      expect_same(plain, reduced, true);
    }
  }
  EXPECT_GE(tried, 8);
}

TEST(ReducedAndFolded, GivesTheSameVerdictsWithThreeParticipants) {
  for (const std::string_view name : {"2pc-pra", "coordinator-log", "2pc-unsolicited"})
    for (const VerdictSetting& setting : verdict_settings()) {
      SCOPED_TRACE(std::string(name) + " " + std::string(setting.name));
      const ProtocolEntry& protocol = *find_protocol(name);
      expect_same(explored(protocol, setting.budget, false, 3),
                  explored(protocol, setting.budget, true, 3), true);
    }
}

INSTANTIATE_TEST_SUITE_P(Protocols, Reduced, ::testing::ValuesIn(some_of(every_protocol())),
                         [](const auto& p) { return test_name_of(*p.param); });

}  // namespace
}  // namespace indoubt
