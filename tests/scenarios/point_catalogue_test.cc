// Goal: a fault at a point that cannot be is refused, one at a point that can be never is.
#include "scenarios/point_catalogue.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <tuple>

#include "protocols/known_points.h"
#include "scenarios/concat.h"
#include "scenarios/loader.h"
#include "sim/closure/point_table.h"

namespace indoubt {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

std::string texts(const std::vector<Diagnostic>& list) {
  std::string out;
  for (const Diagnostic& d : list) out += text(d);
  return out;
}

LoadResult load(const std::string& protocols, const std::string& fault,
                const std::string& more = "") {
  return load_scenario_text(concat({"indoubt: 1\nprotocols: [", protocols,
                                    "]\nservices: {payment: {}, transfer: {}, settlement: {}}\n",
                                    more, "faults: [{crash: {", fault, "}}]\n"}),
                            "s.yaml");
}

std::string errors(const std::string& protocols, const std::string& fault,
                   const std::string& more = "") {
  return texts(load(protocols, fault, more).errors);
}

TEST(PointChecks, RefuseWhatTheRoleNeverDoes) {
  EXPECT_THAT(errors("2pc", "site: payment, at: before send COMMIT"),
              AllOf(HasSubstr("s.yaml:4:"), HasSubstr("faults[1].crash.at"),
                    HasSubstr("the participant never comes to `before send COMMIT` under 2pc"),
                    HasSubstr("did you mean"), HasSubstr("(coordinator)")));
  EXPECT_THAT(errors("2pc", "site: coordinator, at: before force prepared"),
              HasSubstr("the coordinator never comes to `before force prepared`"));
  EXPECT_THAT(errors("2pc", "site: coordinator, at: on delivery of PREPARE"),
              HasSubstr("never comes to `on delivery of PREPARE`"));
}

TEST(PointChecks, RefuseWhatTheHandlerNeverDoes) {
  EXPECT_THAT(errors("2pc", "site: coordinator, at: before force committed on NO"),
              AllOf(HasSubstr("`before force committed on NO` under 2pc"),
                    HasSubstr("did you mean `before force committed on YES` (coordinator)")));
}

TEST(PointChecks, NameFiveSimilarPointsAtMost) {
  const std::string found = errors("3pc", "site: coordinator, at: before send COMMIT on NO");
  const std::string marks = "` (";
  std::size_t n = 0;
  for (std::size_t at = found.find(marks); at != found.npos; at = found.find(marks, at + 1)) ++n;
  EXPECT_EQ(n, 5u) << found;
}

TEST(PointChecks, NoteWhatSomeProtocolsLack) {
  const LoadResult result = load("2pc, 3pc", "site: payment, at: before send COMMIT");
  EXPECT_THAT(texts(result.errors), IsEmpty()) << "a back-up of 3PC sends it";
  EXPECT_THAT(texts(result.notes), AllOf(HasSubstr("under 2pc"), Not(HasSubstr("3pc")),
                                         HasSubstr("the fault never strikes there")));
}

TEST(PointChecks, TakeWhatIsPossible) {
  for (const std::string fault :
       {"site: coordinator, at: before force committed", "site: any, at: after send COMMIT",
        "site: payment, at: before force prepared on prepared",
        "site: leader, at: after send decision", "site: participant, at: on delivery of PREPARE",
        "site: coordinator, at: between the 1st and 2nd send of PREPARE",
        "site: coordinator, at: per step, probability: 1%",
        "site: coordinator, at: random cut of COMMIT", "site: backup, at: before send INQUIRY"}) {
    const LoadResult result = load("2pc", fault);
    EXPECT_THAT(texts(result.errors), IsEmpty()) << fault;
    EXPECT_THAT(texts(result.notes), Not(HasSubstr("never comes"))) << fault;
  }
}

TEST(PointChecks, JudgeZonesByTheirMembers) {
  const std::string zone = "zones: {east: [payment, transfer]}\n";
  EXPECT_THAT(errors("2pc", "zone: east, at: before send COMMIT", zone), HasSubstr("never comes"));
  const std::string wide = "zones: {east: [payment, coordinator]}\n";
  EXPECT_THAT(errors("2pc", "zone: east, at: before send COMMIT", wide), IsEmpty());
}

// A failure detector adds steps that no catalogue has seen.
TEST(PointChecks, RefuseNothingWhereCrashesAreReported) {
  const std::string fault = "site: coordinator, at: before send STATE-REQ on YES";
  EXPECT_THAT(errors("3pc", fault), HasSubstr("never comes"));
  EXPECT_THAT(errors("3pc", fault, "detection: {delay: 1ms}\n"), IsEmpty());
}

TEST(PointChecks, RefuseNothingWhereTheCatalogueIsNotComplete) {
  const std::string fault = "site: coordinator, at: before send STATE-REQ on YES";
  const ProtocolEntry& protocol = *find_protocol("e3pc");
  std::vector<int> options = standard_options(protocol);
  options.back() = 1 - options.back();
  ASSERT_FALSE(point_catalogue(protocol, options, {3, {}}).complete);
  EXPECT_THAT(errors("{e3pc: {recover_decided: silent}}", fault), Not(HasSubstr("never comes")));
}

TEST(PointCatalogue, IsCompleteForEveryProtocolWithItsStandardOptions) {
  for (const ProtocolEntry& protocol : protocol_catalogue()) {
    const PointCatalogue catalogue = point_catalogue(protocol, standard_options(protocol), {3, {}});
    EXPECT_TRUE(catalogue.complete) << protocol.name;
    EXPECT_FALSE(catalogue.points.empty()) << protocol.name;
    EXPECT_FALSE(catalogue.argument.empty()) << protocol.name;
  }
}

/// The points with the size of broadcasts left out.
std::string comparable(std::vector<ProtocolPoint> points) {
  for (ProtocolPoint& p : points) p.sends = 1;
  std::sort(points.begin(), points.end(), [](const auto& a, const auto& b) {
    return std::tie(a.role, a.handler, a.what, a.name) <
           std::tie(b.role, b.handler, b.what, b.name);
  });
  return point_table(points);
}

// What large groups are judged by: three participants show all that four and five can do.
TEST(PointCatalogue, OfThreeParticipantsIsThatOfMore) {
  for (const ProtocolEntry& protocol : protocol_catalogue()) {
    if (!known_points(protocol.name).empty()) continue;
    const std::vector<int> options = standard_options(protocol);
    bool complete = false;
    const auto three = points_of(protocol.make({3, {}}, options), complete);
    EXPECT_TRUE(complete) << protocol.name;
    for (const int n : {4, 5}) {
      const auto more = points_of(protocol.make({n, {}}, options), complete);
      EXPECT_TRUE(complete) << protocol.name;
      EXPECT_EQ(comparable(three), comparable(more)) << protocol.name << " " << n;
    }
  }
}

TEST(PointCatalogue, DoesNotDependOnHowOftenPrepareIsSentAgain) {
  const ProtocolEntry& protocol = *find_protocol("2pc");
  std::vector<int> options = standard_options(protocol);
  for (std::size_t i = 0; i < options.size(); ++i)
    if (protocol.options[i].name == "prepare_resends") options[i] = 5;
  bool complete = false;
  const auto five = points_of(protocol.make({3, {}}, options), complete);
  ASSERT_TRUE(complete);
  EXPECT_EQ(comparable(five), comparable(point_catalogue(protocol, options, {3, {}}).points));
}

TEST(PointCatalogue, OfALargeGroupIsFoundInASmallOne) {
  const ProtocolEntry& protocol = *find_protocol("2pc");
  const PointCatalogue catalogue = point_catalogue(protocol, standard_options(protocol), {256, {}});
  EXPECT_TRUE(catalogue.complete);
  EXPECT_THAT(catalogue.argument, HasSubstr("3 participants"));
}

}  // namespace
}  // namespace indoubt
