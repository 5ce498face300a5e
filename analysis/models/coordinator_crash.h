#pragma once
// What the models of a coordinator that crashes share: the crash itself, and the stretch of a
// commit in which it leaves everybody in doubt.
//
// That stretch begins when PREPARE leaves and ends when COMMIT does. What has left survives its
// sender, so a coordinator that crashes right after PREPARE strands participants that are not in
// doubt yet; one that crashes right after COMMIT strands nobody.
#include "analysis/models/commit_times.h"

namespace indoubt {

/// The scenario's one fault, if it is a crash of the coordinator; else null.
const Fault* coordinator_crash(const ModelInput& in);

/// Nothing goes wrong but crashes of the coordinator alone, each of which simply loses what is
/// volatile.
Reason only_the_coordinator_crashes(const ModelInput& in);
/// While it is down, a participant in doubt stays so, whomever it asks.
Reason coordinator_is_needed(const ModelInput& in);
/// The crash comes after an exponential time, or (the next) at a given one within the stretch; not
/// only for a part of it.
Reason crashes_at_exponential_times(const ModelInput& in);
Reason crashes_within_the_stretch(const ModelInput& in);
/// No restart before every participant is in doubt.
Reason stays_down_long_enough(const ModelInput& in);
/// A window, if there is one, rules out every crash but the first.
Reason window_for_the_first_crash(const ModelInput& in);
/// The coordinator comes back.
Reason comes_back(const ModelInput& in);
/// It comes back before the horizon.
Reason back_before_horizon(const ModelInput& in);

/// For formulas of what follows a crash: the coordinator cannot crash a second time before the
/// first one is over, because the fault strikes once.
bool crashes_once(const ModelInput& in);
/// How long the recovered coordinator takes to tell its abort, ns.
double abort_takes(const ModelInput& in);

/// Mean of an exponential time of mean `mttf` given that it is below w > 0.
double mean_crash_instant(double mttf, double w);
/// Mean of (a - c)+ for the same c, 0 <= a <= w.
double mean_rest_until(double a, double mttf, double w);

}  // namespace indoubt
