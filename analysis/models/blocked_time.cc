#include <algorithm>
#include <cmath>

#include "analysis/models/coordinator_crash.h"
#include "analysis/models/rows.h"

namespace indoubt {
namespace {

/// Once the coordinator is up again, its answer is a matter of time.
Reason restart_unblocks(const ModelInput& in) {
  if (in.traits.coordinator_loss.tells_abort) {
    return std::nullopt;
  }
  const bool asks = in.traits.asks != Asks::nobody && in.scenario.timeout("decision");
  if (!asks) {
    return "the coordinator is silent after its restart and nobody asks it; set the time-out "
           "`decision`, or `recover_undecided: abort` with `start_record: free`";
  }
  if (crashes_once(in)) return std::nullopt;
  return "the coordinator can crash again before it is asked; give the crash a `window` that ends "
         "no later than its first restart, or set `recover_undecided: abort` with `start_record: "
         "free`";
}

Reason inapplicable(const ModelInput& in) {
  return first_broken_with_faults(
      in, {&only_the_coordinator_crashes, &commits_in_constant_time, &coordinator_is_needed,
           &crashes_within_the_stretch, &comes_back, &window_for_the_first_crash,
           &stays_down_long_enough, &restart_unblocks, &back_before_horizon, &within_horizon});
}

/// The crash comes c after PREPARE, the first participant is in doubt a after it.
std::optional<double> predict(const ModelInput& in) {
  const Fault* crash = coordinator_crash(in);
  const auto times = commit_times(in);
  if (crash == nullptr || !times || !crash->lasts) return std::nullopt;
  const double a = times->first_in_doubt() - times->prepare_sent;
  const double w = times->decision_sent - times->prepare_sent, down = crash->lasts->mean();
  if (crash->when.kind == Trigger::Kind::at_time) {
    const double c = static_cast<double>(crash->when.time.count()) - times->prepare_sent;
    return down - std::max(a - c, 0.0);
  }
  if (!crash->when.gap) return std::nullopt;
  const double mttf = crash->when.gap->mean();
  if (!(mttf > 0 && w > 0) || std::isinf(mttf) || std::isinf(down)) return std::nullopt;
  const double again = crashes_once(in) ? 0 : std::expm1(abort_takes(in) / mttf);
  return down * (1 + again) - mean_rest_until(a, mttf, w);
}

}  // namespace

// Derivation. A participant is blocked while it is up and in doubt and the coordinator is down: the
// restart ends it, since from then on an answer comes. The crash instant c, from PREPARE on, has
// the exponential density cut off at w. A crash at c < a, before anybody is in doubt, blocks from a
// on only, so that an outage of length R blocks for R - (a - c)+. While the restarted coordinator
// forces its abort it can crash again, with probability 1 - e^(-f / MTTF) each time: on average
// e^(f / MTTF) - 1 further outages.
constinit const Model kBlockedTime = {
    .name = "blocked-time",
    .formula = "R - E[(a - c)+ | c < w], c exponential with mean MTTF",
    .doc =
        "How long participants are blocked if the coordinator crashes between PREPARE and COMMIT: "
        "for its outage (mean R), less what passes from a crash at c until the first participant "
        "is "
        "in doubt, at a = d + fp after PREPARE. It ends at the restart, and not with the answer "
        "that comes then: from there on that is a matter of time, as `in_doubt_time` tells. A "
        "crash at a given time has that c. Forcing the abort after the restart, it may crash "
        "again: e^(f / MTTF) outages in all.",
    .source =
        "Derived from the protocol and the definition of blocked: up, in doubt, and nothing "
        "brings a decision until a site restarts",
    .measure = "blocked_time",
    .inapplicable = &inapplicable,
    .predict = &predict};

}  // namespace indoubt
