// Letting a process go first where nothing can interfere changes no verdict and no shortest way.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "analysis/explore/explorer.h"
#include "protocols/catalogue.h"
#include "scenarios/verdicts.h"
#include "tests/support/trace_text.h"

namespace indoubt {
namespace {

ExploreReport explored(const ProtocolEntry& protocol, Exploration budget, bool partial_order,
                       int participants = 2) {
  budget.partial_order = partial_order;
  ExplorerOptions options;
  options.bounds.states = 50'000;
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
  const ProtocolEntry& protocol = *find_protocol("2pc");
  const Exploration e{
      .free_votes = true, .losses = Exploration::kAny, .timeouts = 1, .symmetry = false};
  const ExploreReport plain = explored(protocol, e, false, 3),
                      ordered = explored(protocol, e, true, 3);
  EXPECT_TRUE(ordered.partial_order);
  EXPECT_LT(ordered.search.states * 10, plain.search.states * 9);
  EXPECT_LT(ordered.search.transitions * 10, plain.search.transitions * 7);
}

TEST(OrderedWorlds, KeepWhatOwnPredicatesSeeInPassing) {
  const ProtocolEntry& protocol = *find_protocol("2pc");
  const Exploration e{.free_votes = true,
                      .timeouts = 1,
                      .properties = {{PropertyForm::report, "mixed"},
                                     {PropertyForm::report, "none_committed"},
                                     {PropertyForm::eventually, "all_learnt"}}};
  expect_same(explored(protocol, e, false), explored(protocol, e, true));
}

std::vector<const ProtocolEntry*> all_protocols() {
  std::vector<const ProtocolEntry*> all;
  for (const ProtocolEntry& entry : protocol_catalogue()) all.push_back(&entry);
  return all;
}
INSTANTIATE_TEST_SUITE_P(Protocols, Ordered, ::testing::ValuesIn(all_protocols()),
                         [](const auto& p) {
                           std::string name(p.param->name);
                           std::replace(name.begin(), name.end(), '-', '_');
                           return name;
                         });

}  // namespace
}  // namespace indoubt
