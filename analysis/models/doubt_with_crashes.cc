#include <cmath>

#include "analysis/models/coordinator_crash.h"
#include "analysis/models/rows.h"

namespace indoubt {
namespace {

Reason abort_is_told(const ModelInput& in) {
  if (in.traits.coordinator_loss.tells_abort) return std::nullopt;
  return "the coordinator is silent after its restart, and the formula has it abort and tell "
         "everybody; set `recover_undecided: abort` with `start_record: free`";
}

Reason inapplicable(const ModelInput& in) {
  return first_broken_with_faults(
      in, {&only_the_coordinator_crashes, &commits_in_constant_time, &coordinator_is_needed,
           &crashes_within_the_stretch, &comes_back, &window_for_the_first_crash,
           &stays_down_long_enough, &abort_is_told, &back_before_horizon, &within_horizon});
}

/// From the first crash to the abort's sending: the outage, the forced write and, with crashes of
/// mean distance `mttf`, further outages during it.
double until_told(double down, double force, double mttf, bool once) {
  return once ? down + force : down + std::expm1(force / mttf) * (mttf + down);
}

std::optional<double> predict(const ModelInput& in) {
  const Fault* crash = coordinator_crash(in);
  const auto times = commit_times(in);
  if (crash == nullptr || !times || !crash->lasts) return std::nullopt;
  const double to_learn = times->mean_learnt() - times->decision_sent;  // the delay of ABORT
  const double down = crash->lasts->mean(), force = abort_takes(in);
  if (crash->when.kind == Trigger::Kind::at_time) {
    return static_cast<double>(crash->when.time.count()) + down + force + to_learn -
           times->mean_in_doubt();
  }
  if (!crash->when.gap) return std::nullopt;
  const double mttf = crash->when.gap->mean(), w = times->decision_sent - times->prepare_sent;
  if (!(mttf > 0 && w > 0) || std::isinf(mttf) || std::isinf(down)) return std::nullopt;
  const double caught = times->prepare_sent + mean_crash_instant(mttf, w) +
                        until_told(down, force, mttf, crashes_once(in)) + to_learn -
                        times->mean_in_doubt();
  const double spared = times->mean_learnt() - times->mean_in_doubt();
  const double share = -std::expm1(-w / mttf);
  return share * caught + (1 - share) * spared;
}

}  // namespace

// Derivation. A forced write of length f that a crash interrupts begins again after the outage;
// with crashes at exponential distances of mean m it takes (e^(f/m) - 1)(m + R) on average. The
// share and the mean of c are those of an exponential time that is cut off at w.
constinit const Model kDoubtWithCrashes = {
    .name = "doubt-with-crashes",
    .formula = "P (E[c | c < w] + R + f + d - a) + (1 - P)(2d + fc), P = 1 - e^(-w / MTTF)",
    .doc =
        "How long a participant is in doubt when the coordinator may crash: if it does between "
        "PREPARE and COMMIT, at c after PREPARE, ABORT comes after its outage R, a forced write "
        "and one delay, and the participant was in doubt from a = d + fp on; E[c | c < w] = "
        "MTTF - w / (e^(w / MTTF) - 1). A crash at a given time catches every transaction.",
    .source = "Derived from the protocol; the mean of an exponential time below a bound",
    .measure = "in_doubt_time",
    .inapplicable = &inapplicable,
    .predict = &predict};

}  // namespace indoubt
