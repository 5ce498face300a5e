#pragma once
// What a run measured: whole numbers only, so that sums do not depend on the order of events,
// threads or shards, and merging two runs is exact.
#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "sim/process/outcome.h"
#include "sim/process/process_set.h"
#include "sim/process/role.h"

namespace indoubt {

__extension__ typedef unsigned __int128 Wide;

/// Count, sum and sum of squares of a whole-number quantity (nanoseconds or a count). Exact for any
/// values below 2^63 and fewer than 2^64 of them: the squares then sum to less than 2^190.
struct Moments {
  std::uint64_t count = 0;
  std::uint64_t squares_high = 0;  ///< the sum of squares is squares_high * 2^128 + squares
  Wide sum = 0;
  Wide squares = 0;
  /// Requires x < 2^63.
  void add(std::uint64_t x) {
    ++count;
    sum += x;
    add_squares(0, static_cast<Wide>(x) * x);
  }
  void merge(const Moments& o) {
    count += o.count;
    sum += o.sum;
    add_squares(o.squares_high, o.squares);
  }
  double mean() const;      ///< 0 for an empty one
  double variance() const;  ///< of one observation, n - 1 in the denominator; 0 below two
  bool operator==(const Moments&) const = default;

 private:
  void add_squares(std::uint64_t high, Wide low) {
    squares += low;
    squares_high += high + (squares < low);
  }
};

/// Histogram of durations with 16 bins to each doubling, and the least and the most observed.
struct DurationHistogram {
  static constexpr int kSub = 4;  ///< bits below the leading one that choose the bin
  static constexpr std::size_t kBins = (64 - kSub) << kSub;
  std::vector<std::uint64_t> bins = std::vector<std::uint64_t>(kBins, 0);
  /// Requires ns < 2^63.
  static std::size_t bin_of(std::uint64_t ns) {
    if (ns < (1u << kSub)) return ns;
    const int top = 63 - __builtin_clzll(ns);
    return (static_cast<std::size_t>(top - kSub + 1) << kSub) |
           ((ns >> (top - kSub)) & ((1u << kSub) - 1));
  }
  /// Least duration in `bin`; 2^63 for kBins, the end of the last one.
  static std::uint64_t lower_edge(std::size_t bin);
  /// Requires ns < 2^63.
  void add(std::uint64_t ns) {
    ++bins[bin_of(ns)];
    least_ = std::min(least_, ns);
    most_ = std::max(most_, ns);
  }
  void merge(const DurationHistogram& o);
  /// The least and the most observed, exactly. Meaningless for an empty histogram.
  std::uint64_t least() const { return least_; }
  std::uint64_t most() const { return most_; }
  /// The q-quantile in nanoseconds: within 6.25 % of the least observation that at least the share
  /// q of them do not exceed, exact below 32 ns, and never outside [least(), most()]. Interpolated
  /// within the bin that holds this observation. 0 for an empty histogram.
  double quantile(double q) const;
  bool operator==(const DurationHistogram&) const = default;

 private:
  std::uint64_t least_ = ~std::uint64_t{0}, most_ = 0;
};

/// The properties of atomic commitment that a run judges (Bernstein, Hadzilacos & Goodman 1987,
/// ch. 7.2).
enum class Property : std::uint8_t {
  agreement,      ///< AC1: no two processes decide differently; a NO voter has aborted
  stability,      ///< AC2: no process reverses its decision
  validity,       ///< AC3: commit is decided only if every participant voted YES
  nontriviality,  ///< AC4: all YES and no failure gives commit
  termination     ///< AC5: once failures are repaired, every process decides
};
inline constexpr std::size_t kProperties = 5;
/// AC1 to AC4: a violation that nobody expects fails a run.
inline constexpr std::size_t kSafetyProperties = 4;

/// One violation, with everything needed to see it again.
struct Finding {
  Property property{};
  std::uint64_t transaction = 0;  ///< its number in the run, from 1
  std::int64_t at_ns = 0;         ///< virtual time since the transaction began
  std::string explanation;        ///< a sentence with the processes by name
  bool operator==(const Finding&) const = default;
};

/// Most findings kept with an explanation, per property; all are counted.
inline constexpr std::size_t kFindingsKept = 3;

/// What one role sent and wrote, per transaction.
struct RoleCounts {
  Moments messages, forced_writes, unforced_writes;
  bool operator==(const RoleCounts&) const = default;
};

/// Results of one protocol in one run.
struct Totals {
  std::uint64_t transactions = 0;  ///< that ended, one way or another
  std::uint64_t events = 0;        ///< executed
  std::uint64_t fingerprint = 0;   ///< sum modulo 2^64 of the transactions' fingerprints

  // Outcomes: commits + aborts + blocked + abandoned + unfinished == transactions.
  std::uint64_t commits = 0;  ///< the transaction's decision is commit
  std::uint64_t aborts = 0;
  std::array<std::uint64_t, kAbortCauses> aborts_by_cause{};
  std::uint64_t blocked = 0;     ///< no decision, somebody in doubt, and nothing that can still
                                 ///< happen brings one
  std::uint64_t abandoned = 0;   ///< no decision to come, and nobody in doubt
  std::uint64_t unfinished = 0;  ///< no decision by the horizon

  // Predicates over the end of each transaction: sim/predicates.
  std::uint64_t coordinator_decided = 0;                ///< and has forced a record of it
  std::uint64_t some_committed = 0, some_aborted = 0;   ///< some process decided so
  std::uint64_t all_committed = 0, none_committed = 0;  ///< of the participants
  std::uint64_t all_aborted = 0;
  std::uint64_t mixed = 0;                ///< of those that are up one committed, another aborted
  std::uint64_t all_learnt = 0;           ///< every participant knows the decision
  std::uint64_t stranded = 0;             ///< some participant in doubt at the end
  std::vector<std::uint64_t> predicates;  ///< the scenario's own, in its order
  std::vector<std::uint64_t> commits_by, aborts_by;  ///< decided so by each of its instants

  // Payments of a client, each of one or more transactions.
  std::uint64_t payments = 0;
  std::uint64_t payments_confirmed = 0;  ///< the client has learnt of a commit
  std::uint64_t payments_made = 0;       ///< some attempt committed
  std::uint64_t payments_doubled = 0;    ///< more than one did
  Moments attempts;                      ///< of a payment

  // What faults did. Blocked: up, in doubt, and nothing that can still happen brings a decision
  // unless a site restarts or a cut heals.
  std::uint64_t crashed = 0;         ///< a site of it crashed while it was under way
  std::uint64_t ever_blocked = 0;    ///< some participant was blocked at some moment
  std::uint64_t blocked_at_end = 0;  ///< some participant was blocked at its end
  Moments blocked_time;              ///< with at least one blocked participant; if there was one
  Moments blocked_sum_time;          ///< summed over blocked participants; if there was one
  Moments blocked_participants;      ///< most at one moment; if there was one

  std::array<std::uint64_t, kProperties> violations{};  ///< transactions that violate it
  std::vector<Finding> findings;  ///< the first of each property, by transaction number

  Moments messages, forced_writes, unforced_writes;  ///< per transaction
  /// The same by Role; nothing observed where the protocol has no such role.
  std::array<RoleCounts, kRoles> by_role;
  Moments amortised_writes;  ///< forced for several transactions, counted with the first of them
  Moments asked, yes_votes;  ///< participants that began local work; that voted YES
  Moments decision_time;     ///< start to the coordinator's decision; decided ones only
  Moments completion_time;   ///< start to the last participant's decision; if all decided
  Moments in_doubt_time;  ///< average of a transaction's participants in doubt; if there were any
  Moments in_doubt_any_time;   ///< with at least one of them in doubt; if there were any
  Moments in_doubt_sum_time;   ///< summed over them; if there were any
  Moments in_doubt_down_time;  ///< of that sum, with their own site down; if there was such a time
  std::uint64_t down_in_doubt_at_end = 0;  ///< some participant in doubt, its site down, at the end
  Moments inquiry_rounds;  ///< most inquiries that one participant sent; per transaction
  Moments lock_time;       ///< average of a transaction's participants that held their data
  std::uint64_t locked_at_end = 0;   ///< some participant held its data to the transaction's end
  std::uint64_t blocked_to_end = 0;  ///< those of blocked_time whose end was the transaction's
  std::uint64_t waited = 0;          ///< some participant waited for an exclusive record
  std::uint64_t waiting_at_end = 0;  ///< some participant did so when the transaction was over
  Moments wait_time;                 ///< average of a transaction's participants that did
  Moments
      time_per_transaction;  ///< between ends, virtual time; where sites are shared and attended
  DurationHistogram decision_times, completion_times;
  std::uint64_t lost = 0, duplicated = 0, timeouts = 0;
  /// Messages sent, by Role and variant_of(message): a type's contents tell YES from NO and COMMIT
  /// from ABORT.
  std::array<std::vector<std::uint64_t>, kRoles> sent;

  /// Keeps an explanation if it is among the first kFindingsKept of its property by transaction
  /// number, whatever the order of the calls. Does not count the violation.
  void keep_finding(const Finding& f);
  /// Adds another run's results; the order of merging does not matter.
  void merge(const Totals& o);
};

}  // namespace indoubt
