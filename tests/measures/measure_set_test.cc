// Goal: what a scenario asks for is a measure like any other, and reads its own counter.
#include "sim/measures/measure_set.h"

#include <gtest/gtest.h>

namespace indoubt {
namespace {

MeasureSet two_of_each() {
  MeasureSet set;
  set.add_instant("40ms");
  set.add_predicate("split", "any participant committed");
  set.add_instant("1.5s");
  set.add_predicate("lonely", "coordinator down");
  return set;
}

TEST(MeasureSet, HasTheCatalogueAndItsOwnBehindIt) {
  const MeasureSet set = two_of_each();
  const auto names = set.names();
  ASSERT_EQ(names.size(), measure_catalogue().size() + 6);
  EXPECT_EQ(names.front(), "commit");
  const std::vector<std::string_view> own(names.end() - 6, names.end());
  EXPECT_EQ(own, (std::vector<std::string_view>{"commit_by(40ms)", "abort_by(40ms)",
                                                "predicate.split", "commit_by(1.5s)",
                                                "abort_by(1.5s)", "predicate.lonely"}));
  EXPECT_EQ(set.own().size(), 6u);
  EXPECT_EQ(set.find("commit"), find_measure("commit"));
  EXPECT_EQ(set.find("split"), nullptr);
}

TEST(MeasureSet, EachReadsItsOwnCounter) {
  const MeasureSet set = two_of_each();
  Totals t;
  t.commits_by = {1, 2};
  t.aborts_by = {3, 4};
  t.predicates = {5, 6};
  std::vector<std::uint64_t> hits;
  for (const Measure* m : set.own()) hits.push_back(m->hits(t));
  EXPECT_EQ(hits, (std::vector<std::uint64_t>{1, 3, 5, 2, 4, 6}));
  EXPECT_EQ(set.find("predicate.lonely")->hits(Totals{}), 0u) << "a run that has not begun";
}

TEST(MeasureSet, PointersOutliveTheSetThatMadeThem) {
  const Measure* measure = nullptr;
  MeasureSet copy;
  {
    const MeasureSet set = two_of_each();
    measure = set.find("predicate.split");
    copy = set;
  }
  EXPECT_EQ(copy.find("predicate.split"), measure);
  EXPECT_EQ(measure->doc, "Transactions at whose end this holds: any participant committed.");
}

}  // namespace
}  // namespace indoubt
