// Goal: the catalogue of points is what the protocol does, no more and no less.
#include "sim/closure/points.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/machines.h"

namespace indoubt {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::Each;
using testing::Field;
using testing::Not;

auto point(const std::string& role, const std::string& handler, Point::What what,
           const std::string& name) {
  return AllOf(Field(&ProtocolPoint::role, role), Field(&ProtocolPoint::handler, handler),
               Field(&ProtocolPoint::what, what), Field(&ProtocolPoint::name, name));
}

TEST(Points, OfTwoPhaseCommitAreItsHandlersEffects) {
  bool complete = false;
  const auto points = points_of(machine_with("2pc", 3), complete);
  EXPECT_TRUE(complete);
  EXPECT_THAT(points, Contains(point("coordinator", "YES", Point::What::force, "committed")));
  EXPECT_THAT(points, Contains(point("coordinator", "YES", Point::What::send, "COMMIT")));
  EXPECT_THAT(points, Contains(point("coordinator", "votes", Point::What::send, "ABORT")));
  EXPECT_THAT(points, Contains(point("participant", "prepared", Point::What::force, "prepared")));
  EXPECT_THAT(points, Contains(point("participant", "recovery", Point::What::send, "INQUIRY")));
  EXPECT_THAT(points, Not(Contains(Field(&ProtocolPoint::name, "PRE-COMMIT"))));
  EXPECT_THAT(points, Not(Contains(point("participant", "YES", Point::What::send, "COMMIT"))));
}

TEST(Points, EachStandsOnceAndTellsItsBroadcast) {
  bool complete = false;
  const auto points = points_of(machine_with("3pc", 3), complete);
  for (std::size_t i = 0; i < points.size(); ++i)
    for (std::size_t k = 0; k < i; ++k) {
      ProtocolPoint same = points[i];
      same.sends = points[k].sends;
      EXPECT_FALSE(points[k] == same) << i << " " << k;
    }
  EXPECT_THAT(points, Contains(AllOf(point("coordinator", "start", Point::What::send, "PREPARE"),
                                     Field(&ProtocolPoint::sends, 3))));
}

TEST(Points, StandRoleByRoleTheCoordinatorFirst) {
  bool complete = false;
  const auto points = points_of(machine_with("2pc", 2), complete);
  bool participants = false;
  for (const ProtocolPoint& p : points) {
    if (p.role == "participant") participants = true;
    EXPECT_EQ(p.role == "coordinator", !participants);
  }
}

}  // namespace
}  // namespace indoubt
