// Goal: every known mistake is in the catalogue, fits to a scenario that runs it beside the correct
// protocol, and is caught there within 10,000 transactions, which the correct protocol survives.
#include "scenarios/mistakes.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "scenarios/mistake_trials.h"

namespace indoubt {
namespace {

TEST(Mistakes, EveryOneOfEveryProtocolHasARow) {
  const std::vector<KnownBad> all = known_bad_variants();
  EXPECT_GE(all.size(), 20u);
  for (const KnownBad& v : all) {
    ASSERT_NE(v.mistake, nullptr) << v.protocol->name << " " << v.name
                                  << " is not in the catalogue";
    for (const std::string_view text :
         {v.mistake->wrong, v.mistake->tempting, v.mistake->source, v.mistake->scenario}) {
      EXPECT_FALSE(text.empty()) << v.name;
    }
  }
}

TEST(Mistakes, EveryRowIsAboutProtocolsThatOfferIt) {
  const std::vector<KnownBad> all = known_bad_variants();
  for (const auto rows : {two_phase_mistakes(), three_phase_mistakes(), other_mistakes()}) {
    for (const Mistake& row : rows) {
      for (const std::string_view protocol : row.protocols) {
        const auto its = std::count_if(all.begin(), all.end(), [&](const KnownBad& v) {
          return v.mistake == &row && v.protocol->name == protocol;
        });
        EXPECT_EQ(its, 1) << protocol << " " << row.name << ": unknown, or in two rows";
      }
    }
  }
}

/// Whether two uses differ in the mistake only, and in the quorums that it allows.
void differ_in_the_mistake_only(const Trial& t) {
  for (std::size_t i = 0; i < t.wrong->options.size(); ++i) {
    const std::string_view name = t.variant->protocol->options[i].name;
    if (name == "mistake" || name == "commit_quorum" || name == "abort_quorum") continue;
    EXPECT_EQ(t.wrong->options[i], t.correct->options[i]) << t.wrong->label << " " << name;
  }
}

TEST(Mistakes, EveryOneIsCaughtAndTheCorrectProtocolsSurvive) {
  const std::vector<KnownBad> all = known_bad_variants();
  Trials trials(INDOUBT_SOURCE_DIR "/scenarios/library/mistakes");
  for (const KnownBad& v : all) {
    ASSERT_NE(v.mistake, nullptr);
    const Trial t = trials.run(v);
    SCOPED_TRACE(std::string(v.protocol->name) + " " + std::string(v.name));
    differ_in_the_mistake_only(t);
    ASSERT_TRUE(t.shown);
    EXPECT_LE(t.shown->transaction, kMostTransactionsToDetect);
    EXPECT_FALSE(t.flaw) << t.correct->label << ": " << t.flaw->explanation << " in transaction "
                         << t.flaw->transaction;
    EXPECT_EQ(t.transactions, kMostTransactionsToDetect) << "so that both are tried as hard";
  }
}

TEST(Mistakes, AScenarioThatDoesNotRunTheMistakeIsTold) {
  KnownBad wrong = known_bad_variants().front();
  Mistake elsewhere = *wrong.mistake;
  elsewhere.scenario = "hasty_leaders";
  wrong.mistake = &elsewhere;
  Trials trials(INDOUBT_SOURCE_DIR "/scenarios/library/mistakes");
  EXPECT_THROW(trials.run(wrong), TrialError);
  elsewhere.scenario = "no_such_file";
  EXPECT_THROW(trials.run(wrong), TrialError);
}

}  // namespace
}  // namespace indoubt
