#include <algorithm>

#include "analysis/models/commit_times.h"
#include "analysis/models/fault_sites.h"
#include "analysis/models/rows.h"

namespace indoubt {
namespace {

constexpr std::string_view kCommit = "COMMIT";

bool loses_commits(const Fault& fault) {
  return fault.kind == Fault::Kind::message && fault.action == Fault::Action::lose &&
         fault.type == kCommit;
}

/// The coordinator dies for ever as soon as the last COMMIT has left.
bool is_crash_after_commits(const ModelInput& in, const Fault& fault) {
  const Point& point = fault.when.point;
  const int n = in.scenario.participants();
  const bool last =
      point.sends == n || (point.sends == 0 && (n == 1 || point.to == in.scenario.process_name(n)));
  return fault.kind == Fault::Kind::crash && !fault.lasts && fault.each == 1 &&
         fault.sites == std::vector<Who>{Who(kCoordinatorName)} &&
         fault.when.kind == Trigger::Kind::at_point && fault.when.probability == 1 &&
         point.where == Point::Where::after && point.what == Point::What::send &&
         (point.name == kCommit || point.name == "decision") && last;
}

bool is_conditional(const Fault& fault) {
  const Trigger& when = fault.when;
  return !when.transactions.empty() || when.from != Duration{0} || when.until ||
         when.before_first_inquiry || when.occurrence > 1 || fault.nth != 0;
}

/// Exactly one crash after the sending, and losses of COMMIT on its way from the coordinator.
Reason commits_lost_then_crash(const ModelInput& in) {
  const std::string last = in.scenario.process_name(in.scenario.participants());
  int crashes = 0, losses = 0;
  for (const Fault& fault : in.scenario.faults) {
    const bool crash = is_crash_after_commits(in, fault);
    const bool loss = loses_commits(fault) && names_process(in.scenario, fault.from, kCoordinator);
    crashes += crash;
    losses += loss;
    if ((crash || loss) && !is_conditional(fault)) continue;
    return "the faults are not just a crash of the coordinator after its last COMMIT and lost "
           "COMMITs; leave only those two, without conditions of their own";
  }
  if (crashes == 1 && losses > 0) return std::nullopt;
  if (losses == 0) {
    return "no COMMIT is lost; give `message: {lose: COMMIT, from: coordinator, probability: 5%}`";
  }
  return "the coordinator does not die right after its last COMMIT; give `crash: {site: "
         "coordinator, at: after send COMMIT to " +
         last + ", restart: never}`";
}

Reason sites_apart(const ModelInput& in) {
  for (const Service& service : in.scenario.services) {
    if (!service.at_coordinator) continue;
    return service.name + " crashes with the coordinator; give it a site of its own";
  }
  return std::nullopt;
}

Reason nobody_decides_alone(const ModelInput& in) {
  if (in.traits.coordinator_loss.blocks) return std::nullopt;
  return "under this protocol or its options participants in doubt do not simply wait for their "
         "coordinator; use 2pc, and leave `uncertain` and `unasked` as they are";
}

Reason inapplicable(const ModelInput& in) {
  return first_broken_with_faults(
      in, {&commits_lost_then_crash, &sites_apart, &own_sites, &nobody_decides_alone,
           &asked_in_parallel, &all_vote_yes, &no_loss, &no_duplication, &votes_in_time,
           &no_other_timeout, &within_horizon});
}

/// Probability that COMMIT does not reach participant p.
double lost_on_the_way(const ModelInput& in, int p) {
  double arrives = 1;
  for (const Fault& fault : in.scenario.faults) {
    if (loses_commits(fault) && names_process(in.scenario, fault.to, p)) {
      arrives *= 1 - fault.when.probability;
    }
  }
  return 1 - arrives;
}

std::optional<double> predict(const ModelInput& in) {
  const auto& faults = in.scenario.faults;
  if (std::none_of(faults.begin(), faults.end(), loses_commits)) return std::nullopt;
  double all_arrive = 1, none_arrives = 1;
  for (int p = 1; p <= in.scenario.participants(); ++p) {
    const double lost = lost_on_the_way(in, p);
    all_arrive *= 1 - lost;
    none_arrives *= lost;
  }
  const bool ask_each_other = in.traits.asks == Asks::everybody && in.scenario.timeout("decision");
  return ask_each_other ? none_arrives : 1 - all_arrive;
}

}  // namespace

constinit const Model kLostDecisions = {
    .name = "lost-decisions",
    .formula = "1 - (1 - q)^n; q^n with cooperative termination",
    .doc =
        "The coordinator sends COMMIT, of which each is lost with probability q, and dies. A "
        "participant that asks nobody else is blocked if its own COMMIT is lost: 1 - (1 - q)^n "
        "that any is. Participants that ask each other are blocked only if all are lost: q^n.",
    .source =
        "Derived from the protocol; Bernstein, Hadzilacos & Goodman (1987), ch. 7.4: "
        "cooperative termination",
    .measure = "blocked_at_end",
    .inapplicable = &inapplicable,
    .predict = &predict};

}  // namespace indoubt
