#include "sim/engine/tally.h"

#include <algorithm>
#include <utility>

namespace indoubt {
namespace {

std::uint64_t mix(std::uint64_t z) {
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

Conclusion conclusion_of(const Standing& s, Ending ending) {
  switch (outcome_of(s)) {
    case Outcome::commit: return Conclusion::commit;
    case Outcome::abort: return Conclusion::abort;
    case Outcome::none: break;
  }
  if (ending == Ending::horizon) return Conclusion::unfinished;
  return some_in_doubt(s) ? Conclusion::blocked : Conclusion::abandoned;
}

/// The coordinator's cause, unless it was told the decision; then that of who decided first. Where
/// nobody but NO voters decided, their votes are the cause.
AbortCause cause_of(const Transaction& t) {
  if (t.coordinator == Outcome::abort && t.cause != AbortCause::other) return t.cause;
  if (t.first == Outcome::none) return AbortCause::no_vote;
  return t.first == Outcome::abort ? t.first_cause : AbortCause::other;
}

}  // namespace

Tally::Tally(const Scenario& scenario, int shared_record_every)
    : scenario_(scenario),
      participants_(static_cast<std::uint32_t>(scenario.participants())),
      shared_record_every_(static_cast<std::uint64_t>(shared_record_every)) {
  totals.predicates.resize(scenario.predicates.size());
  totals.commits_by.resize(scenario.decided_by.size());
  totals.aborts_by.resize(scenario.decided_by.size());
}

/// AC2, unless all have voted READ: there is no outcome to preserve then (violates_stability).
void Tally::reverses(Transaction& t, ProcessId p, Outcome o, std::int64_t after) {
  if (t.yes == participants_ && !t.some_wrote) return;
  violate(t, Property::stability, p, o, after);
}

void Tally::violate(Transaction& t, Property property, ProcessId p, Outcome o, std::int64_t after) {
  if (has_violated(t, property)) return;
  t.violated |= bit(property);
  ++totals.violations[static_cast<std::size_t>(property)];
  if (!is_kept(t, property)) return;
  std::string text = scenario_.process_name(p) + " decided " + std::string(name(o));
  switch (property) {
    case Property::agreement:
      text += o == Outcome::commit ? ", but another process has aborted"
                                   : ", but another process has committed";
      if (t.no != 0) text += " (" + std::to_string(t.no) + " voted NO)";
      break;
    case Property::stability: text += " after it had decided otherwise"; break;
    case Property::validity:
      text += " with " + std::to_string(t.yes) + " YES and " + std::to_string(t.no) + " NO of " +
              std::to_string(participants_) + " votes";
      break;
    case Property::nontriviality:
    case Property::termination: break;
  }
  totals.keep_finding({property, t.number, after, std::move(text)});
}

/// Asked before the explanation is written, so that a violation in every transaction allocates
/// nothing.
bool Tally::is_kept(const Transaction& t, Property property) const {
  const auto& all = totals.findings;
  const auto earlier = std::count_if(all.begin(), all.end(), [&](const Finding& f) {
    return f.property == property && f.transaction < t.number;
  });
  return static_cast<std::size_t>(earlier) < kFindingsKept;
}

Outcome Tally::last_outcome() const {
  return conclusion_ == Conclusion::commit  ? Outcome::commit
         : conclusion_ == Conclusion::abort ? Outcome::abort
                                            : Outcome::none;
}

void Tally::count_outcome(const Transaction& t, const Standing& s, std::int64_t settled_at) {
  switch (conclusion_) {
    case Conclusion::commit: ++totals.commits; break;
    case Conclusion::abort:
      ++totals.aborts;
      ++totals.aborts_by_cause[static_cast<std::size_t>(cause_of(t))];
      break;
    case Conclusion::blocked: ++totals.blocked; break;
    case Conclusion::abandoned: ++totals.abandoned; break;
    case Conclusion::unfinished: ++totals.unfinished; break;
  }
  for (std::size_t i = 0; i < scenario_.decided_by.size(); ++i) {
    if (settled_at > scenario_.decided_by[i].count()) continue;
    totals.commits_by[i] += committed(s);
    totals.aborts_by[i] += aborted(s);
  }
}

void Tally::count_predicates(const Standing& s) {
  totals.coordinator_decided += coordinator_decided(s);
  totals.some_committed += some_committed(s);
  totals.some_aborted += some_aborted(s);
  totals.all_committed += all_committed(s);
  totals.none_committed += none_committed(s);
  totals.all_aborted += all_aborted(s);
  totals.mixed += mixed(s);
  totals.all_learnt += all_learnt(s);
  totals.stranded += some_in_doubt(s);
  totals.blocked_at_end += some_blocked(s);
}

void Tally::count_own_predicates(const Facts& facts) {
  for (std::size_t i = 0; i < scenario_.predicates.size(); ++i)
    totals.predicates[i] += scenario_.predicates[i].predicate.holds(facts);
}

void Tally::never_decides(const Transaction& t, ProcessId p, std::int64_t after) {
  ++totals.violations[static_cast<std::size_t>(Property::termination)];
  if (!is_kept(t, Property::termination)) return;
  totals.keep_finding(
      {Property::termination, t.number, after,
       scenario_.process_name(p) + " never decides, although nothing stays down or cut"});
}

void Tally::troubled(const Trouble& trouble) {
  totals.crashed += trouble.crashed;
  totals.ever_blocked += trouble.was_blocked;
  smooth_ = !trouble.crashed;
  if (!trouble.was_blocked) return;
  totals.blocked_to_end += trouble.blocked != 0;
  totals.blocked_time.add(trouble.blocked_ns);
  totals.blocked_sum_time.add(trouble.blocked_sum_ns);
  totals.blocked_participants.add(trouble.most_blocked);
}

/// The participants' counts are what the other roles leave of the whole.
void Tally::count_roles(const Transaction& t, const DrawnAhead::Sums& sums,
                        const OtherRoles& others) {
  const auto add = [&](Role role, std::uint64_t messages, std::uint64_t forced,
                       std::uint64_t logged) {
    RoleCounts& counts = totals.by_role[index_of(role)];
    counts.messages.add(messages);
    counts.forced_writes.add(forced);
    counts.unforced_writes.add(logged);
  };
  RoleSums rest{t.messages - sums.messages, t.forced - sums.forced, t.logged - sums.logged};
  add(Role::coordinator, sums.messages, sums.forced, sums.logged);
  const auto take = [&](Role role, const RoleSums* of) {
    if (of == nullptr) return;
    add(role, of->messages, of->forced, of->logged);
    rest -= *of;
  };
  take(Role::acceptor, others.acceptors);
  take(Role::backup, others.backups);
  add(Role::participant, rest.messages, rest.forced, rest.logged);
}

void Tally::finished(const Transaction& t, const Standing& s, Ending ending,
                     std::int64_t settled_at, const DrawnAhead::Sums& sums,
                     const OtherRoles& others) {
  ++totals.transactions;
  totals.fingerprint += mix(t.fingerprint ^ mix(t.number));
  totals.messages.add(t.messages);
  totals.forced_writes.add(t.forced);
  totals.unforced_writes.add(t.logged);
  count_roles(t, sums, others);
  if (shared_record_every_ != 0) [[unlikely]]
    totals.amortised_writes.add((t.number - 1) % shared_record_every_ == 0);
  totals.locked_at_end += sums.locked != 0;
  totals.asked.add(t.asked);
  totals.yes_votes.add(t.yes);
  conclusion_ = conclusion_of(s, ending);
  count_outcome(t, s, settled_at);
  count_predicates(s);
  // AC4 asks for no failure: a lost message or a time-out that fired is one.
  const bool smooth =
      std::exchange(smooth_, true) && !t.lost_message && !t.timer_fired && ending == Ending::over;
  if (smooth && violates_nontriviality(s)) judge_nontriviality(t, s, settled_at);
}

void Tally::judge_nontriviality(const Transaction& t, const Standing& s, std::int64_t settled_at) {
  ++totals.violations[static_cast<std::size_t>(Property::nontriviality)];
  if (!is_kept(t, Property::nontriviality)) return;
  const std::string what = no_decision(s)                    ? "nobody decided"
                           : t.coordinator == Outcome::abort ? "coordinator aborted"
                                                             : "participants aborted";
  totals.keep_finding({Property::nontriviality, t.number, settled_at,
                       what + " although all voted YES and nothing failed"});
}

}  // namespace indoubt
