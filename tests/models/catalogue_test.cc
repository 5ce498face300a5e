#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "sim/measures/measure.h"
#include "tests/models/make_scenario.h"

namespace indoubt {
namespace {

TEST(ModelCatalogue, FindsEveryRowAndPredictsMeasuresThatExist) {
  EXPECT_EQ(model_catalogue().size(), 19u);
  for (const Model* model : model_catalogue()) {
    EXPECT_EQ(find_model(model->name), model);
    EXPECT_NE(find_measure(model->measure), nullptr) << model->name;
    EXPECT_FALSE(model->formula.empty() || model->source.empty()) << model->name;
    EXPECT_EQ(model->doc.back(), '.') << model->name;
  }
  EXPECT_EQ(find_model("p^n"), nullptr);
}

TEST(ModelCatalogue, PredictsCommitUnlessTheRowIsAboutSomethingElse) {
  const std::map<std::string_view, std::string_view> others = {
      {"majority-without-unanimity", "violation.validity"},
      {"vote-collection-time", "decision_time"},
      {"serial-votes", "decision_time"},
      {"coordinator-exposure", "ever_blocked"},
      {"uncertain-time", "in_doubt_time"},
      {"caught-by-crash", "ever_blocked"},
      {"blocked-time", "blocked_time"},
      {"doubt-with-crashes", "in_doubt_time"},
      {"lost-decisions", "blocked_at_end"},
      {"lock-hold", "lock_time"},
      {"retries", "payment.made"}};
  for (const Model* model : model_catalogue()) {
    const auto other = others.find(model->name);
    EXPECT_EQ(model->measure, other == others.end() ? "commit" : other->second) << model->name;
  }
}

/// Formulas of something, a fault or a client, that has to be in the scenario or the protocol to be
/// evaluated at all.
constexpr std::string_view kOfMore[] = {
    "coordinator-exposure", "caught-by-crash",   "blocked-time", "doubt-with-crashes",
    "lost-decisions",       "acceptor-majority", "retries"};
constexpr std::string_view kOfKnownPaths[] = {"uncertain-time", "lock-hold"};

template <std::size_t kSize>
bool is_among(std::string_view name, const std::string_view (&names)[kSize]) {
  return std::find(std::begin(names), std::end(names), name) != std::end(names);
}

TEST(Models, PredictEvenWhereTheyDoNotApplySoThatTheyMayBeShownWrong) {
  ProtocolTraits known = kAll;
  known.commit.known = true;
  Scenario scenario = lossy_scenario();
  for (const Model* model : model_catalogue()) {
    const bool of_paths = is_among(model->name, kOfKnownPaths);
    EXPECT_EQ(model->predict({scenario, kAll}).has_value(),
              !of_paths && !is_among(model->name, kOfMore))
        << model->name;
    EXPECT_EQ(model->predict({scenario, known}).has_value(), !is_among(model->name, kOfMore))
        << model->name;
  }
  EXPECT_NEAR(prediction("at-least-one", scenario_of({0.99, 0.98, 0.97}), kAll), 0.999994, 1e-12);
}

}  // namespace
}  // namespace indoubt
