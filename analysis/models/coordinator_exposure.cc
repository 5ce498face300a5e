#include <cmath>

#include "analysis/models/coordinator_crash.h"
#include "analysis/models/rows.h"

namespace indoubt {
namespace {

Reason inapplicable(const ModelInput& in) {
  return first_broken_with_faults(
      in, {&only_the_coordinator_crashes, &commits_in_constant_time, &coordinator_is_needed,
           &crashes_at_exponential_times, &stays_down_long_enough, &within_horizon});
}

/// A crash before PREPARE, while the start record is written, strands nobody.
std::optional<double> predict(const ModelInput& in) {
  const Fault* crash = coordinator_crash(in);
  const auto times = commit_times(in);
  if (crash == nullptr || !crash->when.gap || !times) return std::nullopt;
  const double mttf = crash->when.gap->mean(), w = times->decision_sent - times->prepare_sent;
  if (!(mttf > 0) || std::isinf(mttf)) return std::nullopt;
  return std::exp(-times->prepare_sent / mttf) * -std::expm1(-w / mttf);
}

}  // namespace

constinit const Model kCoordinatorExposure = {
    .name = "coordinator-exposure",
    .formula = "1 - e^(-w / MTTF), w = 2d + fp + fc",
    .doc =
        "The coordinator crashes between the sending of PREPARE and that of COMMIT, and leaves "
        "everybody in doubt until it is back. Crashes come after an exponential time of mean MTTF; "
        "w is two delays and two forced writes, more with local work, and the slowest "
        "participant's where they differ. A start record that is forced comes before w and strands "
        "nobody: times e^(-f / MTTF).",
    .source =
        "Derived from the protocol; Bernstein, Hadzilacos & Goodman (1987), ch. 7.4: the "
        "period of uncertainty",
    .measure = "ever_blocked",
    .inapplicable = &inapplicable,
    .predict = &predict};

}  // namespace indoubt
