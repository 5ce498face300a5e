// Goal: the published counts and delays of INBAC. Each test quotes what it checks.
//
// G&W: Guerraoui & Wang, How Fast can a Distributed Transaction Commit?, PODS 2017 [R].
#include <gtest/gtest.h>

#include "tests/papers/flow.h"

namespace indoubt {
namespace {

struct Size {
  int n, f;
};
const Size kSizes[] = {{2, 1}, {3, 1}, {3, 2}, {5, 1}, {5, 2}, {8, 3}, {16, 5}, {16, 15}};

/// n participants that vote YES, one delay 10 ms, forced writes at once.
Flow inbac(const Size& size, std::vector<NamedOption> options) {
  const std::string faults = std::to_string(size.f);
  options.push_back({"faults", faults});
  return Flow(world(size.n, Latency::constant(10ms)), "inbac", options);
}

// G&W [R]: "INBAC decides after 2 message delays and sends 2fn messages in every nice execution";
// the n processes vote spontaneously. Round 1: n f votes. Round 2: f (n - 1) reports of the backups
// and f of the process after them [D].
TEST(InbacCounts, MessagesAndDelaysOfANiceExecution) {
  for (const Size& size : kSizes) {
    const Flow flow = inbac(size, {{"spontaneous_votes", "yes"}, {"coordinator_learns", "no"}});
    EXPECT_EQ(flow.messages(), static_cast<unsigned>(2 * size.f * size.n))
        << size.n << " " << size.f;
    for (int p = 1; p <= size.n; ++p) EXPECT_EQ(flow.ms(p, "decide commit"), 20) << p;
  }
}

// Asked by the coordinator: n messages and a delay more; told by participant 1: one of each [D].
TEST(InbacCounts, WithACoordinatorThatAsksAndIsTold) {
  for (const Size& size : kSizes) {
    const Flow flow = inbac(size, {});
    EXPECT_EQ(flow.messages(), static_cast<unsigned>(2 * size.f * size.n + size.n + 1));
    EXPECT_EQ(flow.ms(size.n, "decide commit"), 30);
    EXPECT_EQ(flow.ms(0, "decide commit"), 40);
  }
}

TEST(InbacCounts, WritesAreThoseOfATwoPhaseParticipant) {
  for (const Size& size : kSizes) {
    const Flow flow = inbac(size, {});
    for (const int p : {1, size.n}) {
      EXPECT_EQ(flow.records(p), "force prepared, force committed") << p;
    }
    EXPECT_EQ(flow.records(0), "force committed");
  }
}

}  // namespace
}  // namespace indoubt
