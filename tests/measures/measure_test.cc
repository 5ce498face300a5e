// Goal: every name of the catalogue reads the quantity that it says.
#include "sim/measures/measure.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace indoubt {
namespace {

std::uint64_t hits(const Totals& t, std::string_view name) { return find_measure(name)->hits(t); }
const Moments& moments(const Totals& t, std::string_view name) {
  return find_measure(name)->moments(t);
}

TEST(MeasureCatalogue, HasTheseNamesInThisOrder) {
  std::string names;
  for (const Measure& m : measure_catalogue()) names += std::string(m.name) + " ";
  EXPECT_EQ(
      names,
      "commit abort abort.no_vote abort.vote_timeout abort.ack_timeout abort.unasked "
      "abort.recovery abort.termination abort.heuristic abort.other no_decision blocked abandoned "
      "unfinished coordinator_decided some_committed some_aborted all_committed none_committed "
      "all_aborted mixed "
      "all_learnt stranded crashed ever_blocked blocked_at_end waited payment.confirmed "
      "payment.made payment.doubled violation.agreement "
      "violation.stability violation.validity violation.nontriviality "
      "violation.termination decision_time "
      "completion_time in_doubt_time in_doubt_any_time in_doubt_sum_time in_doubt_down_time "
      "lock_time wait_time time_per_transaction blocked_time "
      "blocked_sum_time "
      "blocked_participants messages forced_writes unforced_writes messages.coordinator "
      "messages.participants messages.acceptors messages.backups "
      "forced_writes.coordinator forced_writes.participants "
      "forced_writes.acceptors forced_writes.backups "
      "unforced_writes.coordinator unforced_writes.participants "
      "unforced_writes.acceptors unforced_writes.backups amortised_writes inquiry_rounds "
      "payment.attempts "
      "asked yes_votes ");
}

TEST(MeasureCatalogue, EveryRowIsFoundAndHasWhatItsKindNeeds) {
  for (const Measure& m : measure_catalogue()) {
    EXPECT_EQ(find_measure(m.name), &m);
    EXPECT_EQ(static_cast<bool>(m.hits), m.kind == Measure::Kind::proportion) << m.name;
    EXPECT_EQ(m.moments != nullptr, m.kind != Measure::Kind::proportion) << m.name;
    EXPECT_EQ(m.doc.back(), '.') << m.name;
  }
  EXPECT_EQ(find_measure("commits"), nullptr);
}

TEST(MeasureCatalogue, ProportionsReadTheirCounters) {
  Totals t;
  t.commits = 1;
  t.aborts = 2;
  t.aborts_by_cause = {3, 4, 5, 20, 21, 22, 23, 24};
  t.coordinator_decided = 25;
  t.blocked = 6;
  t.unfinished = 70;
  t.some_committed = 8;
  t.some_aborted = 9;
  t.all_committed = 10;
  t.none_committed = 11;
  t.all_aborted = 12;
  t.mixed = 13;
  t.all_learnt = 14;
  t.stranded = 15;
  t.violations = {16, 17, 18, 19};
  const std::pair<std::string_view, std::uint64_t> expected[] = {{"commit", 1},
                                                                 {"abort", 2},
                                                                 {"abort.no_vote", 3},
                                                                 {"abort.vote_timeout", 4},
                                                                 {"abort.other", 5},
                                                                 {"abort.ack_timeout", 20},
                                                                 {"abort.unasked", 21},
                                                                 {"abort.recovery", 22},
                                                                 {"abort.termination", 23},
                                                                 {"abort.heuristic", 24},
                                                                 {"coordinator_decided", 25},
                                                                 {"no_decision", 76},
                                                                 {"blocked", 6},
                                                                 {"unfinished", 70},
                                                                 {"some_committed", 8},
                                                                 {"some_aborted", 9},
                                                                 {"all_committed", 10},
                                                                 {"none_committed", 11},
                                                                 {"all_aborted", 12},
                                                                 {"mixed", 13},
                                                                 {"all_learnt", 14},
                                                                 {"stranded", 15},
                                                                 {"violation.agreement", 16},
                                                                 {"violation.stability", 17},
                                                                 {"violation.validity", 18},
                                                                 {"violation.nontriviality", 19}};
  for (const auto& [name, count] : expected) EXPECT_EQ(hits(t, name), count) << name;
}

TEST(MeasureCatalogue, MeansReadTheirMoments) {
  Totals t;
  t.decision_time.add(1);
  t.completion_time.add(2);
  t.in_doubt_time.add(3);
  t.messages.add(4);
  t.forced_writes.add(5);
  t.unforced_writes.add(6);
  t.asked.add(7);
  t.yes_votes.add(8);
  t.in_doubt_any_time.add(9);
  t.in_doubt_sum_time.add(10);
  t.in_doubt_down_time.add(11);
  t.inquiry_rounds.add(12);
  double expected = 0;
  for (const std::string_view name :
       {"decision_time", "completion_time", "in_doubt_time", "messages", "forced_writes",
        "unforced_writes", "asked", "yes_votes", "in_doubt_any_time", "in_doubt_sum_time",
        "in_doubt_down_time", "inquiry_rounds"}) {
    EXPECT_EQ(moments(t, name).mean(), ++expected) << name;
  }
}

TEST(PropertyNames, AreThoseOfTheTextbook) {
  EXPECT_EQ(name(Property::agreement), "agreement");
  EXPECT_EQ(textbook_number(Property::agreement), "AC1");
  EXPECT_EQ(name(Property::stability), "stability");
  EXPECT_EQ(textbook_number(Property::stability), "AC2");
  EXPECT_EQ(name(Property::validity), "validity");
  EXPECT_EQ(textbook_number(Property::validity), "AC3");
  EXPECT_EQ(name(Property::nontriviality), "nontriviality");
  EXPECT_EQ(textbook_number(Property::nontriviality), "AC4");
}

TEST(PropertyNames, EachHasAMeasure) {
  for (std::size_t p = 0; p < kProperties; ++p) {
    const std::string measure = "violation." + std::string(name(static_cast<Property>(p)));
    EXPECT_NE(find_measure(measure), nullptr) << measure;
  }
}

TEST(AbortCauseNames, EachHasAMeasure) {
  for (std::size_t c = 0; c < kAbortCauses; ++c) {
    const std::string measure = "abort." + std::string(name(static_cast<AbortCause>(c)));
    EXPECT_NE(find_measure(measure), nullptr) << measure;
  }
}

}  // namespace
}  // namespace indoubt
