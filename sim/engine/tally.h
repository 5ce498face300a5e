#pragma once
// Judges and counts: the oracles AC1-AC5 and the sums that measures are made of.
#include "sim/engine/observer.h"
#include "sim/engine/records.h"
#include "sim/engine/site_state.h"
#include "sim/measures/totals.h"
#include "sim/predicates/built_in.h"
#include "sim/scenario/scenario.h"

namespace indoubt {

/// How a transaction came to its end.
enum class Ending : std::uint8_t {
  over,     ///< nothing more can happen to it
  retired,  ///< something goes on, but decides nothing any more
  horizon   ///< its time was up
};

constexpr std::uint8_t bit(Property p) {
  return static_cast<std::uint8_t>(1u << static_cast<unsigned>(p));
}
inline bool has_violated(const Transaction& t, Property p) { return (t.violated & bit(p)) != 0; }

class Tally {
 public:
  /// `shared_record_every`: as in ProtocolTraits.
  Tally(const Scenario& scenario, int shared_record_every);

  /// Process p decides `o` at `after` ns since the start; checks AC1-AC3 at once. `settled_at`
  /// takes the instant of the first decision that is not a NO voter's own. What one decides that
  /// has voted READ (back from a crash, it may not know that it had) counts for nothing.
  void decided(Transaction& t, ProcessSlot& slot, ProcessId p, Outcome o, AbortCause cause,
               std::int64_t after, std::uint64_t& settled_at) {
    const Outcome before = slot.decided;
    if (before == o || slot.reader) return;
    if (before != Outcome::none) [[unlikely]]
      reverses(t, p, o, after);
    slot.decided = o;
    slot.reversed = before != Outcome::none;
    const bool commit = o == Outcome::commit;
    if (p == kCoordinator) {
      t.coordinator = o;
      if (before == Outcome::none) {
        totals.decision_time.add(static_cast<std::uint64_t>(after));
        totals.decision_times.add(static_cast<std::uint64_t>(after));
      }
    } else {
      if (before != Outcome::none) --(commit ? t.aborted : t.committed);
      ++(commit ? t.committed : t.aborted);
      if (before == Outcome::none && t.committed + t.aborted == static_cast<int>(participants_)) {
        totals.completion_time.add(static_cast<std::uint64_t>(after));
        totals.completion_times.add(static_cast<std::uint64_t>(after));
      }
    }
    if (t.first == Outcome::none && (commit || !slot.voted_no)) {
      t.first = o;
      t.first_cause = cause;
      settled_at = static_cast<std::uint64_t>(after);
    }
    if (disagree(t.committed, t.aborted, t.coordinator)) [[unlikely]]
      violate(t, Property::agreement, p, o, after);
    if (commit && t.yes != participants_) [[unlikely]]
      violate(t, Property::validity, p, o, after);
  }

  /// Participants of a finished transaction were in doubt, so long on average. Those of one
  /// transaction wait for the same decision: only whole transactions are independent.
  void was_in_doubt(const DrawnAhead::Sums& sums, std::uint64_t any_in_doubt_ns) {
    if (sums.were_in_doubt != 0) {
      totals.in_doubt_time.add(sums.in_doubt_ns / sums.were_in_doubt);
      totals.in_doubt_sum_time.add(sums.in_doubt_ns);
      totals.in_doubt_any_time.add(any_in_doubt_ns);
    }
    if (sums.were_locked != 0) totals.lock_time.add(sums.locked_ns / sums.were_locked);
  }
  /// The same for exclusive records that it waited for, and for doubt while a site was down.
  void has_waited(const Trouble& trouble) {
    if (trouble.was_down_in_doubt) totals.in_doubt_down_time.add(trouble.down_in_doubt_ns);
    totals.down_in_doubt_at_end += trouble.ends_down_in_doubt;
    if (trouble.waits == 0) return;
    ++totals.waited;
    totals.waiting_at_end += trouble.ends_waiting;
    totals.wait_time.add(trouble.waited_ns / trouble.waits);
  }

  /// A client's payment is over: so many of its attempts committed.
  void paid(std::uint64_t committed, bool confirmed, std::uint64_t attempts) {
    ++totals.payments;
    totals.payments_confirmed += confirmed;
    totals.payments_made += committed != 0;
    totals.payments_doubled += committed > 1;
    totals.attempts.add(attempts);
  }

  /// AC5: process p is the first that cannot decide any more, with everything repaired.
  void never_decides(const Transaction& t, ProcessId p, std::int64_t after);

  /// A transaction ends with blocked participants, by lost messages alone: so long there was at
  /// least one, so long over all of them, so many there are.
  void was_blocked(std::uint64_t any_ns, std::uint64_t sum_ns, std::uint32_t participants) {
    ++totals.ever_blocked;
    ++totals.blocked_to_end;
    totals.blocked_time.add(any_ns);
    totals.blocked_sum_time.add(sum_ns);
    totals.blocked_participants.add(participants);
  }

  /// What faults did to the transaction that is counted next.
  void troubled(const Trouble& trouble);

  /// The transaction is over: nothing more can happen to it, or its horizon has come. `settled_at`:
  /// when it was decided, or now. `s`: before those in doubt leave it.
  void finished(const Transaction& t, const Standing& s, Ending ending, std::int64_t settled_at,
                const DrawnAhead::Sums& sums, const OtherRoles& others);
  /// The scenario's predicates, of the same transaction.
  void count_own_predicates(const Facts& facts);

  /// What the transaction that finished last has come to.
  Outcome last_outcome() const;
  Conclusion last_conclusion() const { return conclusion_; }

  Totals totals;

 private:
  void reverses(Transaction& t, ProcessId p, Outcome o, std::int64_t after);
  void violate(Transaction& t, Property property, ProcessId p, Outcome o, std::int64_t after);
  bool is_kept(const Transaction& t, Property property) const;
  void count_roles(const Transaction& t, const DrawnAhead::Sums& sums, const OtherRoles& others);
  void count_outcome(const Transaction& t, const Standing& s, std::int64_t settled_at);
  void count_predicates(const Standing& s);
  void judge_nontriviality(const Transaction& t, const Standing& s, std::int64_t settled_at);
  const Scenario& scenario_;
  std::uint32_t participants_;
  std::uint64_t shared_record_every_;
  Conclusion conclusion_ = Conclusion::unfinished;
  bool smooth_ = true;  ///< no crash in the transaction that is counted next
};

}  // namespace indoubt
