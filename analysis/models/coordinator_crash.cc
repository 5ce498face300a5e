#include "analysis/models/coordinator_crash.h"

#include <boost/math/special_functions/expm1.hpp>
#include <cmath>

#include "analysis/models/exponential_paths.h"

namespace indoubt {
namespace {

constexpr std::string_view kAdvice =
    "; leave only `crash: {site: coordinator, ...}` under `faults`";

std::string called(const Fault& fault) {
  return fault.name.empty() ? "a fault" : "`" + fault.name + "`";
}

bool is_conditional(const Fault& fault) {
  const Trigger& when = fault.when;
  return when.probability < 1 || fault.each < 1 || !when.transactions.empty() ||
         when.from != Duration{0} || when.before_first_inquiry;
}

double nanoseconds(Duration d) { return static_cast<double>(d.count()); }

double expm1(double x) { return boost::math::expm1(x, ModelPolicy()); }

}  // namespace

const Fault* coordinator_crash(const ModelInput& in) {
  const auto& faults = in.scenario.faults;
  if (faults.size() != 1 || faults[0].kind != Fault::Kind::crash) return nullptr;
  const bool alone = faults[0].sites.size() == 1 && faults[0].sites[0] == kCoordinatorName;
  return alone ? &faults[0] : nullptr;
}

Reason only_the_coordinator_crashes(const ModelInput& in) {
  if (in.scenario.faults.empty()) {
    return "nothing fails, and the formula is about crashes of the coordinator; give one under "
           "`faults`, like `crash: {site: coordinator, mttf: exponential 60s, restart: 1s}`";
  }
  const Fault* crash = coordinator_crash(in);
  if (crash == nullptr) {
    return "the faults are not just crashes of the coordinator" + std::string(kAdvice);
  }
  for (const Service& service : in.scenario.services) {
    if (!service.at_coordinator) continue;
    return service.name + " crashes with the coordinator; give it a site of its own";
  }
  if (is_conditional(*crash)) {
    return called(*crash) + " does not strike every transaction alike; take away its conditions";
  }
  if (!crash->log_lost && !crash->messages_held) return std::nullopt;
  return called(*crash) + " does more than lose what is volatile; leave out `log` and `messages`";
}

Reason coordinator_is_needed(const ModelInput& in) {
  if (!in.traits.coordinator_loss.blocks) {
    return "under this protocol or its options participants in doubt do not simply wait for their "
           "coordinator; use 2pc, and leave `uncertain` and `unasked` as they are";
  }
  const auto timeout = in.scenario.timeout("decision");
  const auto times = commit_times(in);
  if (!timeout || in.traits.asks != Asks::everybody || !times) return std::nullopt;
  const double stretch = times->last_in_doubt() - times->first_in_doubt();
  if (in.traits.asks_in_rounds) {
    return "a participant in doubt may ask another that has not voted, which then aborts, since "
           "rounds do not wait for it to be in doubt; use `uncertain: ask`";
  }
  if (timeout->range().low > stretch) return std::nullopt;
  return "a participant in doubt may ask another that has not voted, which then aborts; make the "
         "time-out `decision` (" +
         timeout->text() + ") longer";
}

Reason crashes_at_exponential_times(const ModelInput& in) {
  const Fault* crash = coordinator_crash(in);
  const auto times = commit_times(in);
  if (crash == nullptr || !times) return "no crash of the coordinator is known";
  const std::optional<Latency>& gap = crash->when.gap;
  const bool exponential = crash->when.kind == Trigger::Kind::random && gap &&
                           gap->shape == Latency::Shape::exponential && gap->minimum == Duration{0};
  if (!exponential) {
    return called(*crash) +
           " does not come after an exponential time; give it one, like `mttf: exponential 60s`";
  }
  if (!crash->when.until || nanoseconds(*crash->when.until) >= times->decision_sent) {
    return std::nullopt;
  }
  return "the window of " + called(*crash) + " ends before the decision is sent, after " +
         time_text(times->decision_sent) + "; let it end later";
}

Reason crashes_within_the_stretch(const ModelInput& in) {
  const Fault* crash = coordinator_crash(in);
  const auto times = commit_times(in);
  if (crash == nullptr || !times) return "no crash of the coordinator is known";
  if (crash->when.kind != Trigger::Kind::at_time) return crashes_at_exponential_times(in);
  const double at = nanoseconds(crash->when.time);
  const bool before = times->prepare_sent > 0 && at <= times->prepare_sent;
  const bool missed = crash->when.until && crash->when.time >= *crash->when.until;
  if (!before && !missed && at < times->decision_sent) return std::nullopt;
  return called(*crash) +
         " does not come between PREPARE and the decision; let it come after more than " +
         time_text(times->prepare_sent) + " and before " + time_text(times->decision_sent);
}

Reason stays_down_long_enough(const ModelInput& in) {
  const Fault* crash = coordinator_crash(in);
  const auto times = commit_times(in);
  if (crash == nullptr || !times || !crash->lasts) return std::nullopt;
  const double needed = times->last_in_doubt() - times->prepare_sent;
  if (crash->lasts->range().low >= needed) return std::nullopt;
  return "the coordinator can be back before everybody is in doubt, and has then blocked nobody; "
         "let it stay down for at least " +
         time_text(needed);
}

Reason window_for_the_first_crash(const ModelInput& in) {
  const Fault* crash = coordinator_crash(in);
  if (crash == nullptr || !crash->when.until || crashes_once(in)) return std::nullopt;
  return "the window of " + called(*crash) +
         " leaves time for some further crashes and not for others; let it end no later than the "
         "first restart, or leave it out";
}

Reason comes_back(const ModelInput& in) {
  const Fault* crash = coordinator_crash(in);
  if (crash == nullptr || crash->lasts) return std::nullopt;
  return called(*crash) +
         " is for ever, and the formula waits for the coordinator; give a `restart`";
}

Reason back_before_horizon(const ModelInput& in) {
  const Fault* crash = coordinator_crash(in);
  if (crash == nullptr || !crash->lasts) return std::nullopt;
  const double horizon = nanoseconds(in.scenario.transactions.horizon);
  const LatencyRange range = crash->lasts->range();
  const double most = std::isinf(range.high) ? 30 * crash->lasts->mean() : range.high;
  const auto times = commit_times(in);
  if (times && 2 * most + 3 * times->completed() <= horizon) return std::nullopt;
  return "the horizon (" + duration_text(in.scenario.transactions.horizon) +
         ") can end a transaction while the coordinator is down; make it longer";
}

bool crashes_once(const ModelInput& in) {
  const Fault* crash = coordinator_crash(in);
  if (crash == nullptr || !crash->lasts) return true;
  if (crash->when.kind == Trigger::Kind::at_time) return true;
  const auto times = commit_times(in);
  return crash->when.until && times &&
         nanoseconds(*crash->when.until) <= times->prepare_sent + crash->lasts->range().low;
}

double abort_takes(const ModelInput& in) {
  return in.traits.coordinator_loss.abort_forced ? in.scenario.disk.force.mean() : 0;
}

double mean_crash_instant(double mttf, double w) { return mttf - w / expm1(w / mttf); }

// The integral of (a - c) e^(-c/m) / m over c < a, over 1 - e^(-w/m).
double mean_rest_until(double a, double mttf, double w) {
  return (a + mttf * expm1(-a / mttf)) / -expm1(-w / mttf);
}

}  // namespace indoubt
