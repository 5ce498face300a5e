#include "sim/engine/tally.h"

#include <algorithm>
#include <utility>

namespace indoubt {
namespace {

constexpr std::uint8_t bit(Property p) {
  return static_cast<std::uint8_t>(1u << static_cast<unsigned>(p));
}

std::uint64_t mix(std::uint64_t z) {
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

}  // namespace

void Tally::violate(Transaction& t, Property property, ProcessId p, Outcome o, std::int64_t after) {
  if ((t.violated & bit(property)) != 0) return;
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

Outcome Tally::outcome_of(const Transaction& t) const {
  if (t.coordinator != Outcome::none) return t.coordinator;
  if (t.first != Outcome::none) return t.first;
  return t.aborted == participants_ ? Outcome::abort : Outcome::none;
}

Conclusion Tally::conclusion_of(const Transaction& t, Ending ending) const {
  switch (outcome_of(t)) {
    case Outcome::commit: return Conclusion::commit;
    case Outcome::abort: return Conclusion::abort;
    case Outcome::none: break;
  }
  if (ending == Ending::horizon) return Conclusion::unfinished;
  return t.in_doubt != 0 ? Conclusion::blocked : Conclusion::abandoned;
}

void Tally::count_outcome(const Transaction& t, Ending ending) {
  switch (conclusion_of(t, ending)) {
    case Conclusion::commit: ++totals.commits; break;
    case Conclusion::abort: {
      ++totals.aborts;
      const AbortCause cause = t.coordinator == Outcome::abort ? t.cause : AbortCause::other;
      ++totals.aborts_by_cause[static_cast<std::size_t>(cause)];
      break;
    }
    case Conclusion::blocked: ++totals.blocked; break;
    case Conclusion::abandoned: ++totals.abandoned; break;
    case Conclusion::unfinished: ++totals.unfinished; break;
  }
}

void Tally::count_predicates(const Transaction& t) {
  totals.some_committed += t.committed != 0 || t.coordinator == Outcome::commit;
  totals.some_aborted += t.aborted != 0 || t.coordinator == Outcome::abort;
  totals.all_committed += t.committed == participants_;
  totals.none_committed += t.committed == 0;
  totals.all_aborted += t.aborted == participants_;
  totals.mixed += t.committed != 0 && t.aborted != 0;
  totals.stranded += t.in_doubt != 0;
  totals.all_learnt += t.committed + t.aborted == static_cast<int>(participants_);
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
  totals.blocked_at_end += trouble.blocked != 0;
  smooth_ = !trouble.crashed;
  if (!trouble.was_blocked) return;
  totals.blocked_to_end += trouble.blocked != 0;
  totals.blocked_time.add(trouble.blocked_ns);
  totals.blocked_sum_time.add(trouble.blocked_sum_ns);
  totals.blocked_participants.add(trouble.most_blocked);
}

void Tally::finished(const Transaction& t, Ending ending, std::int64_t settled_at,
                     const DrawnAhead::Sums& sums) {
  ++totals.transactions;
  totals.fingerprint += mix(t.fingerprint ^ mix(t.number));
  totals.messages.add(t.messages);
  totals.forced_writes.add(t.forced);
  totals.unforced_writes.add(t.logged);
  totals.coordinator_messages.add(sums.messages);
  totals.coordinator_forced_writes.add(sums.forced);
  totals.coordinator_unforced_writes.add(sums.logged);
  totals.participant_messages.add(t.messages - sums.messages);
  totals.participant_forced_writes.add(t.forced - sums.forced);
  totals.participant_unforced_writes.add(t.logged - sums.logged);
  totals.locked_at_end += sums.locked != 0;
  totals.asked.add(t.asked);
  totals.yes_votes.add(t.yes);
  count_outcome(t, ending);
  count_predicates(t);
  if (t.trouble == 0 && t.in_doubt != 0 && ending != Ending::horizon) {  // a message was lost
    ++totals.ever_blocked;
    ++totals.blocked_at_end;
  }
  // AC4 asks for no failure: a lost message or a time-out that fired is one.
  const bool smooth =
      std::exchange(smooth_, true) && !t.lost_message && !t.timer_fired && ending == Ending::over;
  if (!smooth || t.yes != participants_ || outcome_of(t) == Outcome::commit) return;
  ++totals.violations[static_cast<std::size_t>(Property::nontriviality)];
  if (!is_kept(t, Property::nontriviality)) return;
  const std::string what = outcome_of(t) == Outcome::none    ? "nobody decided"
                           : t.coordinator == Outcome::abort ? "coordinator aborted"
                                                             : "participants aborted";
  totals.keep_finding({Property::nontriviality, t.number, settled_at,
                       what + " although all voted YES and nothing failed"});
}

}  // namespace indoubt
