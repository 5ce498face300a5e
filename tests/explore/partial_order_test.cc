// Letting a process go first where nothing can interfere changes no verdict and no shortest way.
#include <gtest/gtest.h>

#include <string>

#include "analysis/explore/explorer.h"
#include "protocols/catalogue.h"
#include "scenarios/verdicts.h"
#include "tests/support/catalogues.h"
#include "tests/support/effort.h"
#include "tests/support/machines.h"
#include "tests/support/scripted.h"
#include "tests/support/trace_text.h"
#include "tests/support/world.h"

namespace indoubt {
namespace {

constexpr std::uint64_t kMostWorlds = kSanitized ? 3'000 : 50'000;

ExploreReport explored(const ProtocolEntry& protocol, Exploration budget, bool partial_order,
                       int participants = 2) {
  budget.partial_order = partial_order;
  ExplorerOptions options;
  options.bounds.states = kMostWorlds;
  return explored_under(protocol, standard_options(protocol), participants, budget, options);
}

void expect_same(const ExploreReport& plain, const ExploreReport& ordered) {
  ASSERT_EQ(plain.answers.size(), ordered.answers.size());
  EXPECT_LE(ordered.search.states, plain.search.states);
  for (std::size_t i = 0; i < plain.answers.size(); ++i) {
    const Answer &a = plain.answers[i], &b = ordered.answers[i];
    SCOPED_TRACE(a.name);
    EXPECT_EQ(a.status(), b.status());
    EXPECT_EQ(a.met, b.met);
    EXPECT_EQ(a.blocked, b.blocked);
    EXPECT_EQ(a.depth, b.depth);
    ASSERT_EQ(a.trace.has_value(), b.trace.has_value()) << b.note;
    if (a.trace) {
      EXPECT_EQ(testing::trace_text(*a.trace), testing::trace_text(*b.trace));
    }
  }
}

void compare(const ProtocolEntry& protocol, const Exploration& budget) {
  const ExploreReport plain = explored(protocol, budget, false);
  if (!incomplete(plain.search.stop)) expect_same(plain, explored(protocol, budget, true));
}

class Ordered : public ::testing::TestWithParam<const ProtocolEntry*> {};

TEST_P(Ordered, GivesTheSameVerdictsUnderEveryKindOfTrouble) {
  for (const VerdictSetting& setting : verdict_settings())
    for (const bool symmetry : {true, false}) {
      SCOPED_TRACE(setting.name);
      SCOPED_TRACE(symmetry);
      Exploration budget = setting.budget;
      budget.symmetry = symmetry;
      compare(*GetParam(), budget);
    }
}

TEST_P(Ordered, GivesTheSameVerdictsWhereEachProcessHasOneTimeOut) {
  for (int k = 0; k < 7; ++k) {
    SCOPED_TRACE(k);
    Exploration e{.free_votes = true, .timeouts = 1};
    e.crashes = k == 1 || k == 2;
    e.recoveries = k != 2;
    e.losses = k == 3 ? 1 : k == 4 ? Exploration::kAny : 0;
    e.duplications = k == 5;
    e.partitions = k == 6;
    e.heals = false;
    compare(*GetParam(), e);
  }
}

TEST(OrderedWorlds, AreFewer) {
  Scenario scenario = world(3, Latency::constant(1ms));
  for (const char* timer : {"votes", "decision"})
    set_timeout(scenario, timer, Latency::constant(10ms));
  Exploration e{.free_votes = true, .losses = Exploration::kAny, .timeouts = 1, .symmetry = false};
  const ExploreReport plain = explore(scenario, e, machine_with("2pc", 3), {}, {});
  e.partial_order = true;
  const ExploreReport ordered = explore(scenario, e, machine_with("2pc", 3), {}, {});
  EXPECT_LT(ordered.search.states * 10, plain.search.states * 8);
  EXPECT_LT(ordered.search.transitions * 10, plain.search.transitions * 6);
  expect_same(plain, ordered);
}

/// Process 1 says one thing and another for ever, to nobody who cares; process 2 decides when it is
/// tired of waiting.
struct Spinning : Script {
  static void start(auto& env, auto& self) {
    if (env.self() != kCoordinator) self.arm(0, env);
  }
  static void timeout(int, auto& env, auto& self) {
    self.seen = self.seen == 0 ? 1 : 0;
    if (env.self() == 1) {
      self.note(self.seen, kCoordinator, env);
      return self.arm(0, env);
    }
    self.decide(Outcome::commit, env);
  }
};

TEST(OrderedWorlds, DoNotPutOthersOffForEver) {
  Exploration e{.partial_order = true, .properties = {{PropertyForm::sometimes, "commit"}}};
  Scenario scenario = world(2, Latency::constant(1ms));
  set_timeout(scenario, "first", Latency::constant(1ms));
  const ExploreReport report = explore(scenario, e, scripted<Spinning>(2), {}, {});
  EXPECT_TRUE(report.partial_order);
  EXPECT_TRUE(report.answers.at(0).met);
}

/// Both participants decide when they are tired of waiting.
struct Deciding : Script {
  static void start(auto& env, auto& self) {
    if (env.self() != kCoordinator) self.arm(0, env);
  }
  static void timeout(int, auto& env, auto& self) { self.decide(Outcome::commit, env); }
};

TEST(OrderedWorlds, KeepWhatPredicatesSeeInPassing) {
  Exploration e{.symmetry = false, .partial_order = true};
  Scenario scenario = world(2, Latency::constant(1ms));
  set_timeout(scenario, "first", Latency::constant(1ms));
  std::vector<NamedPredicate> own;
  for (const ProcessId first : {ProcessId{1}, ProcessId{2}}) {
    const auto second = static_cast<ProcessId>(3 - first);
    NamedPredicate& p = own.emplace_back(NamedPredicate{first == 1 ? "one" : "two", {}, {}});
    using What = Claim::What;
    p.predicate.add_all({first, first}, {What::decided, Outcome::commit, {}, 0});
    p.predicate.add_all({second, second}, {What::decided, Outcome::none, {}, 0});
    p.predicate.add_both();
    e.properties.push_back({PropertyForm::report, p.name});
  }
  const ExploreReport report = explore(scenario, e, scripted<Deciding>(2), own, {});
  EXPECT_TRUE(report.partial_order);
  for (const Answer& a : report.answers) EXPECT_TRUE(a.met) << a.name;
}

INSTANTIATE_TEST_SUITE_P(Protocols, Ordered, ::testing::ValuesIn(some_of(every_protocol())),
                         [](const auto& p) { return test_name_of(*p.param); });

}  // namespace
}  // namespace indoubt
