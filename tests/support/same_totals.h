#pragma once
#include <gtest/gtest.h>

#include "sim/measures/totals.h"

namespace indoubt {

/// Everything but the number of events: overlapping runs have an arrival event for each
/// transaction.
inline void expect_same_results(const Totals& a, const Totals& b) {
  EXPECT_EQ(a.fingerprint, b.fingerprint);
  EXPECT_EQ(a.transactions, b.transactions);
  EXPECT_EQ(a.commits, b.commits);
  EXPECT_EQ(a.aborts, b.aborts);
  EXPECT_EQ(a.aborts_by_cause, b.aborts_by_cause);
  EXPECT_EQ(a.blocked, b.blocked);
  EXPECT_EQ(a.abandoned, b.abandoned);
  EXPECT_EQ(a.unfinished, b.unfinished);
  EXPECT_EQ(a.some_committed, b.some_committed);
  EXPECT_EQ(a.some_aborted, b.some_aborted);
  EXPECT_EQ(a.all_committed, b.all_committed);
  EXPECT_EQ(a.none_committed, b.none_committed);
  EXPECT_EQ(a.all_aborted, b.all_aborted);
  EXPECT_EQ(a.mixed, b.mixed);
  EXPECT_EQ(a.all_learnt, b.all_learnt);
  EXPECT_EQ(a.stranded, b.stranded);
  EXPECT_EQ(a.locked_at_end, b.locked_at_end);
  EXPECT_EQ(a.waiting_at_end, b.waiting_at_end);
  EXPECT_EQ(a.blocked_to_end, b.blocked_to_end);
  EXPECT_EQ(a.down_in_doubt_at_end, b.down_in_doubt_at_end);
  EXPECT_EQ(a.violations, b.violations);
  EXPECT_EQ(a.findings, b.findings);
  EXPECT_EQ(a.messages, b.messages);
  EXPECT_EQ(a.forced_writes, b.forced_writes);
  EXPECT_EQ(a.unforced_writes, b.unforced_writes);
  EXPECT_EQ(a.asked, b.asked);
  EXPECT_EQ(a.yes_votes, b.yes_votes);
  EXPECT_EQ(a.decision_time, b.decision_time);
  EXPECT_EQ(a.completion_time, b.completion_time);
  EXPECT_EQ(a.in_doubt_time, b.in_doubt_time);
  EXPECT_EQ(a.decision_times, b.decision_times);
  EXPECT_EQ(a.completion_times, b.completion_times);
  EXPECT_EQ(a.lost, b.lost);
  EXPECT_EQ(a.duplicated, b.duplicated);
  EXPECT_EQ(a.timeouts, b.timeouts);
  EXPECT_EQ(a.sent, b.sent);
}

}  // namespace indoubt
