#include <algorithm>
#include <cmath>

#include "analysis/models/conditions.h"
#include "analysis/models/fault_sites.h"
#include "analysis/models/rows.h"

namespace indoubt {
namespace {

bool is_conditional(const Fault& fault) {
  const Trigger& when = fault.when;
  return !when.transactions.empty() || when.from != Duration{0} || when.until ||
         when.before_first_inquiry;
}

/// A site that is down from the beginning of its transaction, for good.
bool is_down_from_the_start(const Fault& fault) {
  const Trigger& when = fault.when;
  return fault.kind == Fault::Kind::crash && when.kind == Trigger::Kind::at_time &&
         when.time == Duration{0} && !fault.lasts && !is_conditional(fault);
}

/// A site that fails and is repaired again and again.
bool fails_again_and_again(const Fault& fault) {
  return fault.kind == Fault::Kind::crash && fault.when.kind == Trigger::Kind::random &&
         fault.when.gap && fault.lasts && fault.sites.size() == 1 && fault.when.probability == 1 &&
         fault.each == 1 && !is_conditional(fault);
}

Reason sites_fail(const ModelInput& in) {
  const bool fresh = in.scenario.transactions.sites == Sites::fresh;
  if (in.scenario.faults.empty()) {
    return "no site fails, and the formula is about sites that are up or down; give a crash under "
           "`faults`, like `crash: {site: coordinator, time: 0s, probability: 0.1%}`";
  }
  for (const Fault& fault : in.scenario.faults) {
    if (fresh && !is_down_from_the_start(fault)) {
      return "on fresh sites the formula needs sites that are down from the beginning and stay so; "
             "give each fault as `crash: {site: ..., time: 0s, probability: ...}` alone";
    }
    if (!fresh && !(fails_again_and_again(fault) && sites_named(in.scenario, fault) <= 1)) {
      return "on shared sites the formula needs sites that fail and are repaired, each by itself; "
             "give each fault as `crash: {site: ..., mttf: ..., restart: ...}` of one site";
    }
  }
  return std::nullopt;
}

/// On shared sites the outages are seen as often as in the long run, and a transaction is over
/// before they change.
Reason long_run(const ModelInput& in) {
  const Transactions& run = in.scenario.transactions;
  if (run.sites == Sites::fresh) return std::nullopt;
  double slowest = 0;
  for (const VotePath& path : vote_paths(in)) {
    slowest = std::max(slowest, path.sent_ns + path.range().high);
  }
  const double lasts = run.arrivals.mean_gap_ns * static_cast<double>(run.count);
  const double exposed = slowest * (in.scenario.participants() + 1);
  for (const Fault& fault : in.scenario.faults) {
    const double up = fault.when.gap->mean(), down = fault.lasts->mean();
    if (lasts < 1000 * (up + down)) {
      return "the run is too short to see the share of time that a site is up; let it last 1000 "
             "times as long as one failure and repair";
    }
    if (exposed > 1e-4 * up) {
      return "sites fail while a transaction collects its votes, and the formula has them up or "
             "down throughout; make `mttf` longer";
    }
  }
  return std::nullopt;
}

/// A coordinator that waits for all votes, and participants that do not commit without it.
Reason nobody_commits_alone(const ModelInput& in) {
  if (in.traits.commit.known) return std::nullopt;
  return "this protocol, or its options, may commit without the coordinator or a participant; use "
         "2pc, one of its presumptions or 3pc";
}

Reason all_are_needed(const ModelInput& in) { return needs_votes(in, in.scenario.participants()); }

Reason inapplicable(const ModelInput& in) {
  return first_broken_with_faults(in, {&sites_fail, &nobody_commits_alone, &all_are_needed,
                                       &votes_decide_but_for_faults, &long_run});
}

/// Probability that a fault leaves all sites of the transaction up when it begins.
double spares_all(const Scenario& scenario, const Fault& fault) {
  const int sites = sites_named(scenario, fault);
  if (sites == 0) return 1;
  if (fault.when.kind != Trigger::Kind::random) {
    return 1 - fault.when.probability * (1 - std::pow(1 - fault.each, sites));
  }
  const double up = fault.when.gap->mean(), down = fault.lasts ? fault.lasts->mean() : 0;
  return up / (up + down);
}

std::optional<double> predict(const ModelInput& in) {
  double commit = 1;
  for (const Fault& fault : in.scenario.faults) {
    if (fault.kind != Fault::Kind::crash) return std::nullopt;
    commit *= spares_all(in.scenario, fault);
  }
  for (const double p : in.scenario.vote_probabilities()) commit *= p;
  if (!std::isfinite(commit)) return std::nullopt;
  return commit;
}

}  // namespace

constinit const Model kAllSitesUp = {
    .name = "all-sites-up",
    .formula = "A^(n + 1) p^n, A = MTTF / (MTTF + MTTR)",
    .doc =
        "Commit needs the coordinator and all n participants up and n YES votes: A is the "
        "availability of one site, failing and repaired by itself. On fresh sites, where a "
        "transaction finds a site down from its beginning (`time: 0s`) with probability 1 - A, "
        "that "
        "probability stands in the scenario.",
    .source = "Renewal theory: the share of time up is MTTF / (MTTF + MTTR) for any distributions",
    .measure = "commit",
    .inapplicable = &inapplicable,
    .predict = &predict};

}  // namespace indoubt
