// Goal: merging is exact and does not depend on its order.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "sim/measures/measure.h"
#include "sim/random/draws.h"

namespace indoubt {
namespace {

/// Totals with numbers of its own in every field; `salt` tells several apart.
Totals filled(std::uint64_t salt) {
  std::uint64_t next = 1000 * salt;
  Totals t;
  for (std::uint64_t* field : {&t.transactions,  &t.events,         &t.fingerprint,
                               &t.commits,       &t.aborts,         &t.blocked,
                               &t.unfinished,    &t.some_committed, &t.some_aborted,
                               &t.all_committed, &t.none_committed, &t.abandoned,
                               &t.crashed,       &t.ever_blocked,   &t.blocked_at_end,
                               &t.all_aborted,   &t.mixed,          &t.all_learnt,
                               &t.stranded,      &t.lost,           &t.coordinator_decided,
                               &t.duplicated,    &t.timeouts})
    *field = ++next;
  for (std::uint64_t* field : {&t.locked_at_end, &t.blocked_to_end, &t.down_in_doubt_at_end})
    *field = ++next;
  for (std::uint64_t& n : t.aborts_by_cause) n = ++next;
  for (std::uint64_t& n : t.violations) n = ++next;
  for (Moments* m : {&t.messages, &t.forced_writes, &t.unforced_writes, &t.amortised_writes,
                     &t.asked, &t.yes_votes, &t.decision_time, &t.completion_time, &t.in_doubt_time,
                     &t.blocked_time, &t.blocked_sum_time, &t.blocked_participants})
    m->add(++next);
  for (Moments* m :
       {&t.lock_time, &t.time_per_transaction, &t.attempts, &t.wait_time, &t.in_doubt_any_time,
        &t.in_doubt_sum_time, &t.in_doubt_down_time, &t.inquiry_rounds})
    m->add(++next);
  for (RoleCounts& role : t.by_role)
    for (Moments* m : {&role.messages, &role.forced_writes, &role.unforced_writes}) m->add(++next);
  t.decision_times.add(++next);
  t.completion_times.add(++next);
  t.predicates = {++next, ++next};
  t.commits_by = {++next};
  t.aborts_by = {++next};
  t.sent[0].assign(salt + 1, ++next);
  t.sent[1].assign(4 - salt, ++next);
  for (std::uint64_t i = 0; i < 3; ++i) {
    for (const Property p : {Property::agreement, Property::validity}) {
      t.keep_finding({p, 1 + (7 * i + 5 * salt) % 11, 0, "explained " + std::to_string(salt)});
    }
  }
  return t;
}

void expect_equal(const Totals& a, const Totals& b) {
  for (const Measure& m : measure_catalogue()) {
    if (m.hits) {
      EXPECT_EQ(m.hits(a), m.hits(b)) << m.name;
    } else {
      EXPECT_EQ(m.moments(a), m.moments(b)) << m.name;
    }
    if (m.cut_off) {
      EXPECT_EQ(m.cut_off(a), m.cut_off(b)) << m.name;
    }
  }
  EXPECT_EQ(a.transactions, b.transactions);
  EXPECT_EQ(a.events, b.events);
  EXPECT_EQ(a.fingerprint, b.fingerprint);
  EXPECT_EQ(a.findings, b.findings);
  EXPECT_EQ(a.decision_times, b.decision_times);
  EXPECT_EQ(a.completion_times, b.completion_times);
  EXPECT_EQ(a.lost, b.lost);
  EXPECT_EQ(a.duplicated, b.duplicated);
  EXPECT_EQ(a.timeouts, b.timeouts);
  EXPECT_EQ(a.sent, b.sent);
  EXPECT_EQ(a.predicates, b.predicates);
  EXPECT_EQ(a.commits_by, b.commits_by);
  EXPECT_EQ(a.aborts_by, b.aborts_by);
}

Totals merged(std::initializer_list<std::uint64_t> order) {
  Totals all;
  for (const std::uint64_t salt : order) all.merge(filled(salt));
  return all;
}

TEST(Totals, MergingDoesNotDependOnTheOrder) {
  const Totals in_order = merged({0, 1, 2, 3});
  expect_equal(in_order, merged({3, 2, 1, 0}));
  expect_equal(in_order, merged({2, 0, 3, 1}));
  Totals left = merged({0, 1});
  left.merge(merged({2, 3}));
  expect_equal(in_order, left);
}

TEST(Totals, MergingIntoNothingChangesNothing) { expect_equal(merged({2}), filled(2)); }

TEST(Totals, MergingAddsEveryField) {
  const Totals a = filled(1), b = filled(2), sum = merged({1, 2});
  for (const Measure& m : measure_catalogue()) {
    if (m.hits) {
      EXPECT_EQ(m.hits(sum), m.hits(a) + m.hits(b)) << m.name;
    } else {
      EXPECT_EQ(m.moments(sum).count, 2u) << m.name;
    }
  }
  EXPECT_EQ(sum.transactions, a.transactions + b.transactions);
  EXPECT_EQ(sum.events, a.events + b.events);
  EXPECT_EQ(sum.fingerprint, a.fingerprint + b.fingerprint);
  EXPECT_EQ(sum.lost, a.lost + b.lost);
  EXPECT_EQ(sum.duplicated, a.duplicated + b.duplicated);
  EXPECT_EQ(sum.timeouts, a.timeouts + b.timeouts);
  EXPECT_EQ(sum.predicates[1], a.predicates[1] + b.predicates[1]);
  EXPECT_EQ(sum.commits_by[0], a.commits_by[0] + b.commits_by[0]);
  EXPECT_EQ(sum.aborts_by[0], a.aborts_by[0] + b.aborts_by[0]);
  EXPECT_EQ(sum.sent[0].size(), 3u);
  EXPECT_EQ(sum.sent[0][0], a.sent[0][0] + b.sent[0][0]);
  EXPECT_EQ(sum.sent[0][2], b.sent[0][2]);
  EXPECT_EQ(sum.sent[1][2], a.sent[1][2]);
}

TEST(Findings, TheFirstOfEachPropertyAreKeptByTransactionNumber) {
  Totals t;
  for (const std::uint64_t transaction : {9u, 4u, 7u, 1u, 8u, 2u}) {
    t.keep_finding({Property::validity, transaction, 0, ""});
    t.keep_finding({Property::agreement, 100 + transaction, 0, ""});
  }
  ASSERT_EQ(t.findings.size(), 2 * kFindingsKept);
  const std::uint64_t kept[] = {101, 102, 104, 1, 2, 4};
  for (std::size_t i = 0; i < t.findings.size(); ++i) {
    EXPECT_EQ(t.findings[i].transaction, kept[i]);
    EXPECT_EQ(t.findings[i].property, i < 3 ? Property::agreement : Property::validity);
  }
}

TEST(Findings, KeptOnesDoNotDependOnTheOrderOfDiscovery) {
  const Draws draws(8, 0);
  std::vector<Finding> all;
  for (std::uint64_t n = 0; n < 40; ++n) {
    const std::uint64_t word = draws.word({0, Purpose::link, 0, n});
    all.push_back({static_cast<Property>(word % kProperties), word >> 8 & 15,
                   static_cast<std::int64_t>(word >> 16 & 3), std::to_string(word >> 20 & 7)});
  }
  Totals first;
  for (const Finding& f : all) first.keep_finding(f);
  for (std::size_t turn = 0; turn < all.size(); ++turn) {
    std::rotate(all.begin(), all.begin() + 1, all.end());
    if (turn % 2 == 1) std::reverse(all.begin(), all.end());
    Totals again;
    for (const Finding& f : all) again.keep_finding(f);
    ASSERT_EQ(first.findings, again.findings);
  }
}

}  // namespace
}  // namespace indoubt
