#include <gtest/gtest.h>

#include "sim/measures/measure.h"
#include "tests/models/make_scenario.h"

namespace indoubt {
namespace {

TEST(ModelCatalogue, FindsEveryRowAndPredictsMeasuresThatExist) {
  EXPECT_EQ(model_catalogue().size(), 9u);
  for (const Model* model : model_catalogue()) {
    EXPECT_EQ(find_model(model->name), model);
    EXPECT_NE(find_measure(model->measure), nullptr) << model->name;
    EXPECT_FALSE(model->formula.empty() || model->source.empty()) << model->name;
    EXPECT_EQ(model->doc.back(), '.') << model->name;
  }
  EXPECT_EQ(find_model("p^n"), nullptr);
}

TEST(ModelCatalogue, AllButTheTimesAndTheViolationPredictCommit) {
  for (const Model* model : model_catalogue()) {
    const bool time = model->name == "vote-collection-time" || model->name == "serial-votes";
    const bool violation = model->name == "majority-without-unanimity";
    EXPECT_EQ(model->measure, time ? "decision_time" : violation ? "violation.validity" : "commit");
  }
}

TEST(Models, PredictEvenWhereTheyDoNotApplySoThatTheyMayBeShownWrong) {
  Scenario scenario = lossy_scenario();
  for (const Model* model : model_catalogue()) {
    EXPECT_TRUE(model->predict({scenario, kAll})) << model->name;
  }
  EXPECT_NEAR(prediction("at-least-one", scenario_of({0.99, 0.98, 0.97}), kAll), 0.999994, 1e-12);
}

}  // namespace
}  // namespace indoubt
