#pragma once
// Judges and counts: the oracles AC1-AC5 and the sums that measures are made of.
#include "sim/engine/observer.h"
#include "sim/engine/records.h"
#include "sim/engine/site_state.h"
#include "sim/measures/totals.h"
#include "sim/scenario/scenario.h"

namespace indoubt {

/// How a transaction came to its end.
enum class Ending : std::uint8_t {
  over,     ///< nothing more can happen to it
  retired,  ///< something goes on, but decides nothing any more
  horizon   ///< its time was up
};

class Tally {
 public:
  explicit Tally(const Scenario& scenario)
      : scenario_(scenario), participants_(static_cast<std::uint32_t>(scenario.participants())) {}

  /// Process p decides `o` at `after` ns since the start; checks AC1-AC3 at once. `settled_at`
  /// takes the instant of the first decision that is not a NO voter's own.
  void decided(Transaction& t, ProcessSlot& slot, ProcessId p, Outcome o, std::int64_t after,
               std::uint64_t& settled_at) {
    const Outcome before = slot.decided;
    if (before == o) return;
    if (before != Outcome::none) [[unlikely]]
      violate(t, Property::stability, p, o, after);
    slot.decided = o;
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
      settled_at = static_cast<std::uint64_t>(after);
    }
    const bool someone_committed = t.committed != 0 || t.coordinator == Outcome::commit;
    const bool someone_aborted = t.aborted != 0 || t.coordinator == Outcome::abort;
    if (someone_committed && someone_aborted) [[unlikely]] {
      violate(t, Property::agreement, p, o, after);
    }
    if (commit && t.yes != participants_) [[unlikely]] {
      violate(t, Property::validity, p, o, after);
    }
  }

  /// Participants of a finished transaction were in doubt, so long on average. Those of one
  /// transaction wait for the same decision: only whole transactions are independent.
  void was_in_doubt(const DrawnAhead::Sums& sums) {
    if (sums.were_in_doubt != 0) totals.in_doubt_time.add(sums.in_doubt_ns / sums.were_in_doubt);
    if (sums.were_locked != 0) totals.lock_time.add(sums.locked_ns / sums.were_locked);
  }
  /// The same for exclusive records that it waited for.
  void has_waited(const Trouble& trouble) {
    if (trouble.waits == 0) return;
    ++totals.waited;
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

  /// What faults did to the transaction that is counted next.
  void troubled(const Trouble& trouble);

  /// The transaction is over: nothing more can happen to it, or its horizon has come. `settled_at`:
  /// when it was decided, or now.
  void finished(const Transaction& t, Ending ending, std::int64_t settled_at,
                const DrawnAhead::Sums& sums);

  /// The transaction's decision: the coordinator's, or without one the first that was taken.
  Outcome outcome_of(const Transaction& t) const;
  /// What a transaction that ends so has come to. Asked before those in doubt leave it.
  Conclusion conclusion_of(const Transaction& t, Ending ending) const;

  Totals totals;

 private:
  void violate(Transaction& t, Property property, ProcessId p, Outcome o, std::int64_t after);
  bool is_kept(const Transaction& t, Property property) const;
  void count_outcome(const Transaction& t, Ending ending);
  void count_predicates(const Transaction& t);
  const Scenario& scenario_;
  std::uint32_t participants_;
  bool smooth_ = true;  ///< no crash in the transaction that is counted next
};

}  // namespace indoubt
