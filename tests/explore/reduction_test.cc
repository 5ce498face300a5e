// The reduction changes neither verdicts nor shortest depths nor traces, whatever the protocol.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "analysis/explore/explorer.h"
#include "analysis/explore/reduction.h"
#include "protocols/catalogue.h"
#include "scenarios/verdicts.h"
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

std::vector<const ProtocolEntry*> all_protocols() {
  std::vector<const ProtocolEntry*> all;
  for (const ProtocolEntry& entry : protocol_catalogue()) all.push_back(&entry);
  return all;
}

INSTANTIATE_TEST_SUITE_P(Protocols, Reduced, ::testing::ValuesIn(all_protocols()), [](const auto& p) {
  std::string name(p.param->name);
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
});

}  // namespace
}  // namespace indoubt
