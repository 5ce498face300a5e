#include "scenarios/expectation.h"

#include <gtest/gtest.h>

#include <array>

namespace indoubt {
namespace {

using Kind = Expectation::Kind;
constexpr std::array<std::string_view, 3> kLabels = {"2pc", "3pc", "2pc-serial"};

Expectation read(std::string_view text) {
  auto parsed = parse_expectation(text, kLabels);
  EXPECT_TRUE(parsed) << text << ": " << parsed.error.message;
  return parsed ? *std::move(parsed.value) : Expectation{};
}

TEST(Expectation, OfAgreementNamesMeasureModelMarginAndLabels) {
  const Expectation e = read("commit agrees with unanimous within 0.2% under 2pc, 2pc-serial");
  EXPECT_EQ(e.kind, Kind::agrees);
  EXPECT_EQ(e.measure, find_measure("commit"));
  EXPECT_EQ(e.model, find_model("unanimous"));
  EXPECT_EQ(e.margin, 0.002);
  EXPECT_EQ(e.labels, (std::vector<std::string>{"2pc", "2pc-serial"}));
  EXPECT_TRUE(e.is_about("2pc"));
  EXPECT_FALSE(e.is_about("3pc"));
}

TEST(Expectation, WithoutMarginAndLabelsLeavesThemOpen) {
  const Expectation e = read("measured commit disagrees with at-least-one");
  EXPECT_EQ(e.kind, Kind::disagrees);
  EXPECT_EQ(e.margin, std::nullopt);
  EXPECT_TRUE(e.labels.empty());
  EXPECT_TRUE(e.is_about("3pc"));
  EXPECT_EQ(e.text, "measured commit disagrees with at-least-one");
}

TEST(Expectation, OfAValueReadsItInTheUnitOfTheMeasure) {
  EXPECT_EQ(read("commit is 94.1% within 0.2%").value, 0.941);
  EXPECT_EQ(read("commit is 94.1%").kind, Kind::equals);
  const Expectation time = read("decision_time is 3s within 0s under 2pc");
  EXPECT_EQ(time.value, 3e9);
  EXPECT_EQ(time.margin, 0.0);
  const Expectation count = read("messages is 12.5 within 0.1");
  EXPECT_EQ(count.value, 12.5);
  EXPECT_EQ(count.margin, 0.1);
}

TEST(Expectation, OfABoundHasNoMargin) {
  EXPECT_EQ(read("commit is at least 90%").kind, Kind::at_least);
  EXPECT_EQ(read("decision_time is at most 20ms under 3pc").kind, Kind::at_most);
  EXPECT_FALSE(parse_expectation("commit is at least 90% within 1%", kLabels));
}

TEST(Expectation, OfNoViolationMayNameAProperty) {
  EXPECT_EQ(read("no violation").kind, Kind::no_violation);
  EXPECT_EQ(read("no violation").property, std::nullopt);
  EXPECT_EQ(read("no violation of agreement under 2pc").property, Property::agreement);
  EXPECT_EQ(read("no violation of AC4").property, Property::nontriviality);
}

TEST(Expectation, OfAViolationIsAboutItsMeasure) {
  const Expectation some = read("violation of validity under 3pc");
  EXPECT_EQ(some.kind, Kind::violation);
  EXPECT_EQ(some.property, Property::validity);
  EXPECT_EQ(some.measure, find_measure("violation.validity"));
  const Expectation rate =
      read("violation of AC3 agrees with majority-without-unanimity within 1%");
  EXPECT_EQ(rate.kind, Kind::agrees);
  EXPECT_EQ(rate.property, Property::validity);
  EXPECT_EQ(rate.margin, 0.01);
}

TEST(Expectation, CanNameEveryMeasureAndEveryModel) {
  for (const std::string_view m : MeasureSet().names())
    EXPECT_EQ(
        read(std::string(m) + " is 0" + (find_measure(m)->kind == Measure::Kind::time ? "s" : ""))
            .measure,
        find_measure(m));
  for (const Model* m : model_catalogue())
    EXPECT_EQ(read(std::string(m->measure) + " agrees with " + std::string(m->name)).model, m);
}

TEST(Expectation, PointsAtTheWordThatIsWrong) {
  const auto error = [](std::string_view text) {
    const auto parsed = parse_expectation(text, kLabels);
    return parsed ? "" : std::string(text.substr(parsed.error.offset, parsed.error.length));
  };
  EXPECT_EQ(error("comit agrees with unanimous"), "comit");
  EXPECT_EQ(error("commit agrees with unanimos"), "unanimos");
  EXPECT_EQ(error("commit agrees with serial-votes"), "serial-votes");
  EXPECT_EQ(error("commit is 2"), "2");
  EXPECT_EQ(error("commit is 50% under 4pc"), "4pc");
  EXPECT_EQ(error("commit is 50% under 2pc 3pc"), "3pc");
  EXPECT_EQ(error("commit is 50% under 2pc,, 3pc"), ",");
  EXPECT_EQ(error("no violation of atomicity"), "atomicity");
  EXPECT_EQ(error("decision_time is 5"), "5");
}

TEST(Expectation, AcceptsAnyLabelWhereTheLabelsAreNotKnown) {
  EXPECT_TRUE(parse_expectation("no violation under anything", {}));
}

TEST(Expectation, IsRefusedAtEveryWordWhereItIsCutShort) {
  for (const char* part :
       {"", "measured", "commit", "commit agrees", "commit agrees with", "commit is",
        "commit is at", "commit is at least", "commit is 1 within", "commit is 1 under",
        "commit is 1 under 2pc,", "no", "no violation of", "violation", "violation of",
        "violation of AC3 agrees", "violation of AC3 agrees with"})
    EXPECT_FALSE(parse_expectation(part, kLabels)) << part;
}

}  // namespace
}  // namespace indoubt
