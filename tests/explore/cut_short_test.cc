// A search that a bound ends still tells the shortest way to what it has met.
#include <gtest/gtest.h>

#include <string_view>

#include "analysis/explore/explorer.h"
#include "tests/support/trace_text.h"
#include "tests/support/world.h"

namespace indoubt {
namespace {

ExploreReport explored(const Exploration& budget, const Bounds& bounds,
                       std::string_view protocol = "3pc") {
  const Machine machine = machine_with(protocol, 2);
  Scenario scenario = world(2, Latency::constant(1ms));
  for (const std::string_view timer : machine.timers)
    set_timeout(scenario, timer, Latency::constant(6ms));
  ExplorerOptions options;
  options.bounds = bounds;
  return explore(scenario, budget, machine, {}, options);
}

Exploration one_loss(bool reduction) {
  Exploration e{.free_votes = true, .losses = 1, .reduction = reduction};
  e.properties = {{PropertyForm::never, "violation.agreement"},
                  {PropertyForm::never, "violation.termination"},  // keeps the levels
                  {PropertyForm::report, "commit"}};
  return e;
}

TEST(CutShort, ShowsTheSameShortestTracesAsASearchWithoutBounds) {
  for (const bool reduction : {true, false}) {
    const ExploreReport whole = explored(one_loss(reduction), {});
    ASSERT_EQ(whole.search.stop, Stop::complete);
    int shown = 0;
    for (std::uint64_t states = 500; states < whole.search.states; states += states / 2) {
      const ExploreReport part = explored(one_loss(reduction), {.states = states});
      ASSERT_EQ(part.search.stop, Stop::states);
      for (const std::size_t i : {0u, 2u}) {
        if (!part.answers[i].met) continue;
        ASSERT_TRUE(part.answers[i].trace && whole.answers[i].trace) << states;
        EXPECT_EQ(testing::trace_text(*part.answers[i].trace),
                  testing::trace_text(*whole.answers[i].trace))
            << states;
        ++shown;
      }
    }
    EXPECT_GT(shown, 6);
  }
}

/// What was met has a trace that is as long as it is deep; the number of such answers. Only of
/// searches that ended since no room was left for worlds, or for the tables of local behaviour.
int shown_within(std::string_view protocol, const Exploration& budget, std::uint64_t kib,
                 bool tables) {
  int shown = 0;
  const ExploreReport part = explored(budget, {.memory_bytes = kib << 10}, protocol);
  if (!incomplete(part.search.stop) || part.search.reason.empty() == tables) return 0;
  for (const Answer& a : part.answers) {
    if (!a.met) continue;
    const std::size_t steps = a.trace ? a.trace->steps.size() : 0;
    EXPECT_EQ(steps, static_cast<std::size_t>(a.depth)) << kib << ' ' << a.note;
    ++shown;
  }
  return shown;
}

TEST(CutShort, ShowsAShortestTraceWhereMemoryEndsTheSearch) {
  int shown = 0;
  for (const bool reduction : {true, false})
    for (std::uint64_t kib = 150; kib < 4'000; kib += kib / 5)
      shown += shown_within("3pc", one_loss(reduction), kib, false);
  EXPECT_GT(shown, 10);
}

TEST(CutShort, ShowsAShortestTraceWhereTheTablesOfLocalBehaviourEndTheSearch) {
  Exploration crash_and_loss = one_loss(false);
  crash_and_loss.crashes = 1;
  crash_and_loss.properties = {{PropertyForm::report, "commit"}};
  int shown = 0;
  for (std::uint64_t kib = 1'000; kib < 3'000; kib += 250)
    shown += shown_within("inbac", crash_and_loss, kib, true);
  EXPECT_GT(shown, 0);
}

}  // namespace
}  // namespace indoubt
