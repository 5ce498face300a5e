#include "sim/measures/totals.h"

#include <algorithm>
#include <tuple>

namespace indoubt {
namespace {

bool comes_before(const Finding& a, const Finding& b) {
  return std::tie(a.property, a.transaction, a.at_ns, a.explanation) <
         std::tie(b.property, b.transaction, b.at_ns, b.explanation);
}

template <std::size_t N>
void add(std::array<std::uint64_t, N>& to, const std::array<std::uint64_t, N>& from) {
  for (std::size_t i = 0; i < N; ++i) to[i] += from[i];
}

void add(std::vector<std::uint64_t>& to, const std::vector<std::uint64_t>& from) {
  to.resize(std::max(to.size(), from.size()));
  for (std::size_t i = 0; i < from.size(); ++i) to[i] += from[i];
}

void merge_predicates(Totals& to, const Totals& from) {
  to.coordinator_decided += from.coordinator_decided;
  to.some_committed += from.some_committed;
  to.some_aborted += from.some_aborted;
  to.all_committed += from.all_committed;
  to.none_committed += from.none_committed;
  to.all_aborted += from.all_aborted;
  to.mixed += from.mixed;
  to.all_learnt += from.all_learnt;
  to.stranded += from.stranded;
  add(to.predicates, from.predicates);
  add(to.commits_by, from.commits_by);
  add(to.aborts_by, from.aborts_by);
}

void merge_payments(Totals& to, const Totals& from) {
  to.payments += from.payments;
  to.payments_confirmed += from.payments_confirmed;
  to.payments_made += from.payments_made;
  to.payments_doubled += from.payments_doubled;
  to.attempts.merge(from.attempts);
}

void merge_moments(Totals& to, const Totals& from) {
  to.messages.merge(from.messages);
  to.forced_writes.merge(from.forced_writes);
  to.unforced_writes.merge(from.unforced_writes);
  for (std::size_t role = 0; role < kRoles; ++role) {
    to.by_role[role].messages.merge(from.by_role[role].messages);
    to.by_role[role].forced_writes.merge(from.by_role[role].forced_writes);
    to.by_role[role].unforced_writes.merge(from.by_role[role].unforced_writes);
  }
  to.lock_time.merge(from.lock_time);
  to.waited += from.waited;
  to.waiting_at_end += from.waiting_at_end;
  to.wait_time.merge(from.wait_time);
  to.time_per_transaction.merge(from.time_per_transaction);
  to.amortised_writes.merge(from.amortised_writes);
  to.asked.merge(from.asked);
  to.yes_votes.merge(from.yes_votes);
  to.decision_time.merge(from.decision_time);
  to.completion_time.merge(from.completion_time);
  to.in_doubt_time.merge(from.in_doubt_time);
  to.in_doubt_any_time.merge(from.in_doubt_any_time);
  to.in_doubt_sum_time.merge(from.in_doubt_sum_time);
  to.in_doubt_down_time.merge(from.in_doubt_down_time);
  to.inquiry_rounds.merge(from.inquiry_rounds);
  to.blocked_time.merge(from.blocked_time);
  to.blocked_sum_time.merge(from.blocked_sum_time);
  to.blocked_participants.merge(from.blocked_participants);
  to.decision_times.merge(from.decision_times);
  to.completion_times.merge(from.completion_times);
}

}  // namespace

void Totals::keep_finding(const Finding& f) {
  const auto at = std::upper_bound(findings.begin(), findings.end(), f, &comes_before);
  const auto same = [&](const Finding& kept) { return kept.property == f.property; };
  const auto before = std::count_if(findings.begin(), at, same);
  if (before >= static_cast<std::ptrdiff_t>(kFindingsKept)) return;
  const auto inserted = findings.insert(at, f);
  auto after = inserted + 1;  // drop what is now one too many of this property: the last of them
  std::ptrdiff_t kept = before + 1;
  while (after != findings.end() && same(*after)) {
    if (++kept > static_cast<std::ptrdiff_t>(kFindingsKept)) {
      findings.erase(after);
      return;
    }
    ++after;
  }
}

void Totals::merge(const Totals& o) {
  transactions += o.transactions;
  events += o.events;
  fingerprint += o.fingerprint;
  commits += o.commits;
  aborts += o.aborts;
  add(aborts_by_cause, o.aborts_by_cause);
  blocked += o.blocked;
  abandoned += o.abandoned;
  unfinished += o.unfinished;
  crashed += o.crashed;
  ever_blocked += o.ever_blocked;
  blocked_at_end += o.blocked_at_end;
  blocked_to_end += o.blocked_to_end;
  locked_at_end += o.locked_at_end;
  down_in_doubt_at_end += o.down_in_doubt_at_end;
  merge_predicates(*this, o);
  merge_payments(*this, o);
  add(violations, o.violations);
  for (const Finding& f : o.findings) keep_finding(f);
  merge_moments(*this, o);
  lost += o.lost;
  duplicated += o.duplicated;
  timeouts += o.timeouts;
  for (std::size_t role = 0; role < sent.size(); ++role) add(sent[role], o.sent[role]);
}

}  // namespace indoubt
