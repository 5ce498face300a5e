#include <algorithm>
#include <cmath>

#include "analysis/models/coordinator_crash.h"
#include "analysis/models/rows.h"

namespace indoubt {
namespace {

bool is_uniform_from_zero(const Latency& latency) {
  return latency.kind == find_latency("uniform") && latency.parameter[0] == 0 &&
         latency.minimum == Duration{0};
}

/// Each transaction on sites of its own meets the crash at an instant that is uniform over a time
/// T: the same as transactions that begin at random, on average `count` of them in T.
Reason uniform_instant(const ModelInput& in, const Fault& crash, const CommitTimes& times) {
  const auto& gap = crash.when.gap;
  if (crash.when.kind != Trigger::Kind::random || !gap || !is_uniform_from_zero(*gap)) {
    return "on fresh sites the formula needs a crash that is equally likely at any time; give it "
           "`mttf: uniform 0s T`, which stands for transactions that begin at random within T";
  }
  const bool again = crash.lasts && !crashes_once(in);
  const bool cut =
      crash.when.until && static_cast<double>(crash.when.until->count()) < times.decision_sent;
  if (again || cut) {
    return "the formula has one crash, equally likely at any time of the commit; give the crash "
           "`restart: never`, or a `window` from the decision to the first restart";
  }
  if (gap->parameter[1] >= times.decision_sent) return std::nullopt;
  return "the crash comes within " + time_text(gap->parameter[1]) +
         ", which is shorter than the commit; make `mttf` longer";
}

/// One crash in the middle of a stream of transactions.
Reason in_a_stream(const ModelInput& in, const Fault& crash, const CommitTimes& times) {
  const Transactions& stream = in.scenario.transactions;
  if (stream.arrivals.kind != Arrivals::Kind::poisson) {
    return "transactions do not arrive at random, as in the formula; give `arrivals: poisson RATE`";
  }
  if (crash.when.kind != Trigger::Kind::at_time) {
    return "the formula has one crash; give it a `time`";
  }
  const double at = static_cast<double>(crash.when.time.count());
  const double due = at / stream.arrivals.mean_gap_ns;  // arrivals by then, and 6 standard errors
  const bool during = due + 6 * std::sqrt(due) <= static_cast<double>(stream.count);
  if (at >= times.decision_sent && during) return std::nullopt;
  return "the crash does not come in the middle of the run; let it come after " +
         time_text(times.decision_sent) + " and before the last transactions begin";
}

Reason one_crash_at_random(const ModelInput& in) {
  const Fault* crash = coordinator_crash(in);
  const auto times = commit_times(in);
  if (crash == nullptr || !times) return "no crash of the coordinator is known";
  return in.scenario.transactions.sites == Sites::fresh ? uniform_instant(in, *crash, *times)
                                                        : in_a_stream(in, *crash, *times);
}

Reason inapplicable(const ModelInput& in) {
  return first_broken_with_faults(
      in, {&only_the_coordinator_crashes, &commits_in_constant_time_anywhere,
           &coordinator_is_needed, &one_crash_at_random, &stays_down_long_enough, &within_horizon});
}

std::optional<double> predict(const ModelInput& in) {
  const Fault* crash = coordinator_crash(in);
  const auto times = commit_times(in);
  if (crash == nullptr || !times) return std::nullopt;
  const double w = times->decision_sent - times->prepare_sent;
  const Transactions& stream = in.scenario.transactions;
  const double count = static_cast<double>(stream.count);
  if (stream.sites == Sites::shared) {
    if (stream.arrivals.mean_gap_ns <= 0) return std::nullopt;
    return std::min(1.0, w / stream.arrivals.mean_gap_ns / count);
  }
  if (!crash->when.gap || !is_uniform_from_zero(*crash->when.gap)) return std::nullopt;
  return std::min(1.0, w / crash->when.gap->parameter[1]);
}

}  // namespace

constinit const Model kCaughtByCrash = {
    .name = "caught-by-crash",
    .formula = "rate x w / transactions, w = 2d + fp + fc",
    .doc =
        "Share of the transactions that one crash of the coordinator leaves in doubt: those under "
        "way between PREPARE and COMMIT, on average their rate times w. On fresh sites, with "
        "`mttf: uniform 0s T`, each transaction meets the crash at a random instant, as if all "
        "began at random within T: w / T.",
    .source = "Little (1961), for the stretch from PREPARE to COMMIT",
    .measure = "ever_blocked",
    .inapplicable = &inapplicable,
    .predict = &predict};

}  // namespace indoubt
