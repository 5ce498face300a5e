#include "analysis/models/conditions.h"
#include "analysis/models/poisson_binomial.h"
#include "analysis/models/rows.h"
#include "sim/latency/text.h"

namespace indoubt {
namespace {

/// The one fault: each acceptor is down from the beginning with a probability of its own.
const Fault* acceptors_down(const ModelInput& in) {
  if (in.scenario.faults.size() != 1) return nullptr;
  const Fault& fault = in.scenario.faults[0];
  const Trigger& when = fault.when;
  const bool simple = fault.kind == Fault::Kind::crash && !fault.lasts &&
                      when.kind == Trigger::Kind::at_time && when.time == Duration{0} &&
                      when.probability == 1 && when.transactions.empty() &&
                      when.from == Duration{0} && !when.until && !when.before_first_inquiry;
  return simple && fault.sites == std::vector<Who>{"acceptor"} ? &fault : nullptr;
}

Reason has_acceptors(const ModelInput& in) {
  if (in.traits.acceptor_faults >= 0) return std::nullopt;
  return "this protocol, or its options, have no acceptors at sites of their own and a coordinator "
         "that leads; use paxos-commit with `placement: none`";
}

Reason acceptors_fail(const ModelInput& in) {
  if (acceptors_down(in) != nullptr) return std::nullopt;
  return "the formula needs acceptors, and nobody else, that are down from the beginning; give "
         "`crash: {site: acceptor, time: 0s, each: 1%}` as the only fault";
}

/// With an acceptor of the first F + 1 down, the coordinator must notice and lead a ballot.
Reason leader_goes_on(const ModelInput& in) {
  for (const std::string_view timer : {kVotesTimer, std::string_view("decision")}) {
    if (in.scenario.timeout(timer)) continue;
    return "the time-out `" + std::string(timer) +
           "` never fires, so nobody turns to the other acceptors; give it a length";
  }
  const double noticed = in.traits.prepare_tries * in.scenario.timeout(kVotesTimer)->range().high;
  const double ballots = 2 * in.scenario.timeout("decision")->range().high;
  const auto horizon = static_cast<double>(in.scenario.transactions.horizon.count());
  if (2 * noticed + ballots <= horizon) return std::nullopt;
  return "the horizon (" + duration_text(in.scenario.transactions.horizon) +
         ") can end a transaction before the other acceptors have answered; make it longer";
}

Reason inapplicable(const ModelInput& in) {
  return first_broken_with_faults(in, {&has_acceptors, &acceptors_fail, &own_sites, &leader_goes_on,
                                       &votes_decide_but_for_faults});
}

std::optional<double> predict(const ModelInput& in) {
  const Fault* fault = acceptors_down(in);
  if (fault == nullptr || in.traits.acceptor_faults < 0) return std::nullopt;
  const int f = in.traits.acceptor_faults;
  const std::vector<double> up(static_cast<std::size_t>(2 * f + 1), 1 - fault->each);
  double commit = successes_at_least(up, f + 1);
  for (const double p : in.scenario.vote_probabilities()) commit *= p;
  return commit;
}

}  // namespace

constinit const Model kAcceptorMajority = {
    .name = "acceptor-majority",
    .formula = "p^n sum over i > F of C(2F + 1, i) A^i (1 - A)^(2F + 1 - i)",
    .doc =
        "All n participants vote YES and more than F of the 2 F + 1 acceptors, each up with "
        "probability A, are up: what Paxos Commit needs to commit.",
    .source = "Gray & Lamport (2006), section 4: F + 1 of 2 F + 1 acceptors suffice",
    .measure = "commit",
    .inapplicable = &inapplicable,
    .predict = &predict};

}  // namespace indoubt
