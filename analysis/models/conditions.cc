#include "analysis/models/conditions.h"

#include <algorithm>
#include <cmath>

#include "sim/latency/text.h"

namespace indoubt {
namespace {

/// "messages", if they meet the same probability on all links, or those from one end to the other.
std::string messages_of(const ModelInput& in, double LinkClass::*probability, const LinkClass& link,
                        const std::string& from, const std::string& to) {
  const std::vector<VotePath> paths = vote_paths(in);
  const bool everywhere =
      paths.size() > 1 && std::all_of(paths.begin(), paths.end(), [&](const VotePath& path) {
        return path.request.*probability == link.*probability &&
               path.reply.*probability == link.*probability;
      });
  return everywhere ? "messages" : "messages from " + from + " to " + to;
}

/// The first link between the coordinator and a participant with a positive `probability`.
Reason first_link(const ModelInput& in, double LinkClass::*probability, std::string_view happens) {
  for (const VotePath& path : vote_paths(in)) {
    const bool request = path.request.*probability > 0;
    if (!request && !(path.reply.*probability > 0)) continue;
    const std::string from = request ? std::string(kCoordinatorName) : path.participant;
    const std::string to = request ? path.participant : std::string(kCoordinatorName);
    const LinkClass& link = request ? path.request : path.reply;
    return messages_of(in, probability, link, from, to) + " " + std::string(happens) +
           " with probability " + number_text(link.*probability);
  }
  return std::nullopt;
}

bool loses_everywhere(const NetworkPlan& plan, int processes, double probability) {
  for (int from = 0; from < processes; ++from)
    for (int to = 0; to < processes; ++to)
      if (from != to &&
          plan.link(static_cast<ProcessId>(from), static_cast<ProcessId>(to)).loss != probability)
        return false;
  return true;
}

/// The first way for a message to be lost between any two processes.
Reason any_loss(const ModelInput& in) {
  const NetworkPlan plan(in.scenario);
  const int processes = in.scenario.participants() + 1;
  for (int from = 0; from < processes; ++from) {
    for (int to = 0; to < processes; ++to) {
      const LinkClass& link = plan.link(static_cast<ProcessId>(from), static_cast<ProcessId>(to));
      if (from == to || !(link.loss > 0)) continue;
      const std::string which = loses_everywhere(plan, processes, link.loss)
                                    ? "messages"
                                    : "messages from " + in.scenario.process_name(from) + " to " +
                                          in.scenario.process_name(to);
      return which + " are lost with probability " + number_text(link.loss);
    }
  }
  return std::nullopt;
}

std::string up_to(double nanoseconds) {
  return std::isinf(nanoseconds) ? "has no upper bound" : "takes up to " + time_text(nanoseconds);
}

std::string named(const TimeoutLength& timeout) {
  return "the time-out `" + timeout.timer + "` (" + timeout.length->text() + ")";
}

/// Upper bound and mean of a time.
struct Span {
  double most = 0, mean = 0;
};

/// Of the votes, when they do not travel as a request and its reply: not more than passing through
/// all processes twice, one after another, over the slowest link.
Span indirect_votes(const ModelInput& in) {
  const NetworkPlan plan(in.scenario);
  const int n = in.scenario.participants();
  const double gap = static_cast<double>(in.scenario.network.send_gap.count());
  Span hop, votes;
  for (int from = 0; from <= n; ++from) {
    for (int to = 0; to <= n; ++to) {
      if (from == to) continue;
      const Latency& latency =
          plan.link(static_cast<ProcessId>(from), static_cast<ProcessId>(to)).latency;
      hop.most = std::max(hop.most, latency.range().high + gap * n);
      hop.mean = std::max(hop.mean, latency.mean() + gap * n);
    }
  }
  const Latency& force = in.scenario.disk.force;
  for (int p = 1; p <= n; ++p) {
    const Latency& prepare = in.scenario.service_of(p).prepare;
    votes.most += 2 * hop.most + prepare.range().high + 2 * force.range().high;
    votes.mean += 2 * hop.mean + prepare.mean() + 2 * force.mean();
  }
  return votes;
}

/// Of the votes, asked for directly.
Span direct_votes(const ModelInput& in) {
  Span votes;
  for (const VotePath& path : vote_paths(in)) {
    const double most = path.sent_ns + path.range().high, mean = path.sent_ns + path.mean();
    votes.most = in.traits.one_by_one ? votes.most + most : std::max(votes.most, most);
    votes.mean += mean;  // not less than the mean of the slowest
  }
  return votes;
}

/// From the start until everybody has decided, as far as no vote is lost. After the votes at most
/// two more rounds follow, each no longer than collecting the votes, with one more forced write at
/// each end.
Span span_of(const ModelInput& in) {
  const Span votes = in.traits.asked_directly ? direct_votes(in) : indirect_votes(in);
  const Latency& force = in.scenario.disk.force;
  Span all{3 * votes.most + 6 * force.range().high, 3 * votes.mean + 6 * force.mean()};
  const auto timeout = in.scenario.timeout(kVotesTimer);
  if (timeout && in.traits.votes_direct) {
    all.most += in.traits.prepare_tries * timeout->range().high;
    all.mean += in.traits.prepare_tries * timeout->mean();
  }
  return all;
}

/// Someone may vote NO and the others still suffice for commit.
bool commit_despite_no(const ModelInput& in) {
  const int n = in.scenario.participants();
  if (in.traits.needed(n) >= n) return false;
  const std::vector<double> p = in.scenario.vote_probabilities();
  return std::any_of(p.begin(), p.end(), [](double yes) { return yes < 1; });
}

Reason stalled() {
  return "the coordinator may have enough YES votes and still wait without end for a NO voter to "
         "answer";
}

}  // namespace

Reason first_broken(const ModelInput& in, std::initializer_list<Condition> conditions) {
  if (!in.scenario.faults.empty()) return "faults strike, and the formula is about runs without";
  return first_broken_with_faults(in, conditions);
}

Reason first_broken_with_faults(const ModelInput& in, std::initializer_list<Condition> conditions) {
  for (const Condition condition : conditions)
    if (Reason reason = condition(in)) return reason;
  return std::nullopt;
}

Reason no_readers(const ModelInput& in) {
  for (const Service& service : in.scenario.services) {
    if (service.read_only == 0) continue;
    return service.name +
           " may vote READ, and the formula knows YES and NO only; set `read_only: "
           "0`";
  }
  return std::nullopt;
}

Reason begins_with_prepare(const ModelInput& in) {
  if (!in.scenario.execution) return std::nullopt;
  return "the participants work before the commit begins, and the formula begins with PREPARE; set "
         "`execution: no`";
}

Reason own_sites(const ModelInput& in) {
  if (in.scenario.transactions.sites == Sites::fresh) return std::nullopt;
  return "transactions share their sites, and the formula describes one transaction alone";
}

Reason no_loss(const ModelInput& in) {
  return in.traits.asked_directly ? first_link(in, &LinkClass::loss, "are lost") : any_loss(in);
}

Reason no_duplication(const ModelInput& in) {
  return first_link(in, &LinkClass::duplication, "are duplicated");
}

Reason asked_in_parallel(const ModelInput& in) {
  if (!in.traits.one_by_one) return std::nullopt;
  return "participants are asked one after another, and the formula has all asked at once";
}

Reason asked_directly(const ModelInput& in) {
  if (in.traits.asked_directly) return std::nullopt;
  return "votes of this protocol are no forced answers to a request of the coordinator, and the "
         "formula is about requests and replies";
}

Reason votes_sent_straight(const ModelInput& in) {
  if (in.traits.votes_direct) return std::nullopt;
  return "votes pass through other processes, and the formula has them sent to the coordinator";
}

Reason waits_for_all_votes(const ModelInput& in) {
  if (in.traits.needed(in.scenario.participants()) == 1) return std::nullopt;
  for (const Service& service : in.scenario.services) {
    if (service.vote_yes == 1) continue;
    return service.name + " may vote NO, which can settle the outcome before the last vote is in";
  }
  return std::nullopt;
}

Reason decides_on_votes(const ModelInput& in) {
  if (in.traits.votes_alone_decide) return std::nullopt;
  return "the coordinator does not decide as soon as the votes are in";
}

Reason plain_votes(const ModelInput& in) {
  if (in.traits.plain_votes) return std::nullopt;
  return "participants do not force a vote and send it, or silence is not taken for a NO";
}

Reason free_writes(const ModelInput& in) {
  const Latency& force = in.scenario.disk.force;
  if (force.is_zero()) return std::nullopt;
  return "a forced write takes " + force.text() + ", and the formula knows none";
}

Reason votes_in_time(const ModelInput& in) {
  const auto timeout = in.scenario.timeout(kVotesTimer);
  if (!timeout || !in.traits.votes_direct) return std::nullopt;
  if (!in.traits.asked_directly) {
    const double most = indirect_votes(in).most;
    if (most <= timeout->range().low) return std::nullopt;
    return named({std::string(kVotesTimer), timeout}) +
           " can fire before the last vote has arrived, which " + up_to(most);
  }
  // Asked one by one, each question starts the timer again; all tries together are shared.
  const int tries = in.traits.one_by_one ? 1 : in.traits.prepare_tries;
  for (const VotePath& path : vote_paths(in)) {
    const double most = path.sent_ns + path.range().high;
    if (most <= tries * timeout->range().low) continue;
    return named({std::string(kVotesTimer), timeout}) + " can fire before the vote of " +
           path.participant + " arrives, which " + up_to(most);
  }
  return std::nullopt;
}

Reason no_other_timeout(const ModelInput& in) {
  if (in.traits.votes_alone_decide) return std::nullopt;
  const double most = span_of(in).most;
  for (const TimeoutLength& timeout : in.scenario.timeouts) {
    if ((timeout.timer == kVotesTimer && in.traits.votes_direct) || !timeout.length) continue;
    if (timeout.length->range().low >= most) continue;
    return named(timeout) + " can fire, and may then change the decision that the votes imply";
  }
  return std::nullopt;
}

Reason no_stall(const ModelInput& in) {
  if (in.traits.stalled_by_no != StalledByNo::always || !commit_despite_no(in)) return std::nullopt;
  return stalled();
}

Reason no_stall_by_late_votes(const ModelInput& in) {
  if (in.traits.stalled_by_no == StalledByNo::never || !commit_despite_no(in)) return std::nullopt;
  return stalled();
}

// An unbounded delay beyond 30 times the mean is as rare as e^-30 if it is exponential.
Reason within_horizon(const ModelInput& in) {
  const double horizon = static_cast<double>(in.scenario.transactions.horizon.count());
  const Span span = span_of(in);
  if (span.most <= horizon || (std::isinf(span.most) && 30 * span.mean <= horizon)) {
    return std::nullopt;
  }
  return "the horizon (" + duration_text(in.scenario.transactions.horizon) +
         ") can end a transaction before it is decided";
}

/// What is known of the links to the coordinator is known of those that the votes take.
Reason links_known(const ModelInput& in) {
  if (in.traits.votes_direct || in.scenario.network.links.empty()) return std::nullopt;
  return "votes pass through other processes, and not all links are alike";
}

Reason votes_decide_but_for_faults(const ModelInput& in) {
  return first_broken_with_faults(in, {&no_readers, &links_known, &no_loss, &votes_in_time,
                                       &no_stall, &no_other_timeout, &within_horizon});
}

Reason votes_decide(const ModelInput& in) {
  return first_broken(in, {&own_sites, &votes_decide_but_for_faults});
}

Reason needs_votes(const ModelInput& in, int needed) {
  const int n = in.scenario.participants(), actual = in.traits.needed(n);
  if (actual == needed) return std::nullopt;
  return "commit needs " + std::to_string(actual) + " of " + std::to_string(n) +
         " YES votes, and the formula's rule needs " + std::to_string(needed);
}

LatencyRange VotePath::range() const {
  LatencyRange sum;
  for (const Latency* part : {&request.latency, &prepare, &force, &reply.latency}) {
    const LatencyRange range = part->range();
    sum.low += range.low;
    sum.high += range.high;
  }
  return sum;
}

double VotePath::mean() const {
  return request.latency.mean() + prepare.mean() + force.mean() + reply.latency.mean();
}

std::vector<VotePath> vote_paths(const ModelInput& in) {
  const Scenario& scenario = in.scenario;
  const NetworkPlan plan(scenario);
  // Votes that pass through other processes leave the coordinator's site, wherever they come from.
  const LinkClass far{scenario.network.latency, scenario.network.loss,
                      scenario.network.duplication};
  const double gap = static_cast<double>(scenario.network.send_gap.count());
  std::vector<VotePath> paths;
  for (int p = 1; p <= scenario.participants(); ++p) {
    const auto id = static_cast<ProcessId>(p);
    const bool direct = in.traits.votes_direct;
    paths.push_back({scenario.process_name(p), direct ? plan.link(kCoordinator, id) : far,
                     direct ? plan.link(id, kCoordinator) : far, scenario.service_of(p).prepare,
                     scenario.disk.force, in.traits.one_by_one ? 0 : gap * (p - 1)});
  }
  return paths;
}

}  // namespace indoubt
