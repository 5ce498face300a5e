#include "analysis/models/commit_times.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace indoubt {
namespace {

double mean_of(const std::vector<double>& times) {
  return std::accumulate(times.begin(), times.end(), 0.0) / static_cast<double>(times.size());
}

Reason commit_path_known(const ModelInput& in) {
  if (in.traits.commit.known) return std::nullopt;
  return "commits of this protocol, or under these options, do not consist of rounds between the "
         "coordinator and all participants; use 2pc, one of its presumptions or 3pc";
}

Reason constant_times(const ModelInput& in) {
  const auto random = [](const std::string& what, const Latency& latency) -> Reason {
    if (latency.is_constant()) return std::nullopt;
    return what + " takes " + latency.text() + ", and the formula has constant times; make it one";
  };
  for (const VotePath& path : vote_paths(in)) {
    const std::string& p = path.participant;
    if (Reason why = random("a message to " + p, path.request.latency)) return why;
    if (Reason why = random("a message from " + p, path.reply.latency)) return why;
    if (Reason why = random("the local work of " + p, path.prepare)) return why;
  }
  return random("a forced write", in.scenario.disk.force);
}

Reason nothing_queues(const ModelInput& in) {
  if (in.scenario.network.send_gap != Duration{0}) {
    return "a broadcast does not leave at one instant, as in the formula; set `send_gap: 0s`";
  }
  if (Reason work = begins_with_prepare(in)) return work;
  if (in.scenario.client) {
    return "a client tries again what it hears nothing of, and the formula is about each "
           "transaction alike; leave out `client`";
  }
  if (in.scenario.cpu.is_zero()) return std::nullopt;
  return "a processor takes " + in.scenario.cpu.text() +
         " for each message, and the formula knows none; leave out `cpu`";
}

}  // namespace

double CommitTimes::first_in_doubt() const {
  return *std::min_element(in_doubt.begin(), in_doubt.end());
}
double CommitTimes::last_in_doubt() const {
  return *std::max_element(in_doubt.begin(), in_doubt.end());
}
double CommitTimes::mean_in_doubt() const { return mean_of(in_doubt); }
double CommitTimes::mean_learnt() const { return mean_of(learnt); }
double CommitTimes::mean_asked() const { return mean_of(asked); }
double CommitTimes::mean_freed() const { return mean_learnt() + commit_record; }
double CommitTimes::completed() const {
  return *std::max_element(learnt.begin(), learnt.end()) + commit_record;
}

std::optional<CommitTimes> commit_times(const ModelInput& in) {
  const CommitPath& way = in.traits.commit;
  if (!way.known) return std::nullopt;
  const double force = in.scenario.disk.force.mean();
  const std::vector<VotePath> paths = vote_paths(in);
  CommitTimes times;
  times.prepare_sent = way.start_forced ? force : 0;
  double now = 0;  // the last vote is in
  for (const VotePath& path : paths) {
    times.asked.push_back(times.prepare_sent + path.sent_ns + path.request.latency.mean());
    times.in_doubt.push_back(times.asked.back() + path.prepare.mean() + path.force.mean());
    now = std::max(now, times.in_doubt.back() + path.reply.latency.mean());
  }
  if (way.pre_commit) {
    if (way.leader_forces_pre_commit) now += force;
    double round = 0;
    for (const VotePath& path : paths) {
      round = std::max(round, path.request.latency.mean() + path.reply.latency.mean());
    }
    now += round + (way.participants_force_pre_commit ? force : 0);
  }
  times.decision_sent = now + (way.decision_forced ? force : 0);
  for (const VotePath& path : paths) {
    times.learnt.push_back(times.decision_sent + path.request.latency.mean());
  }
  if (way.commit_forced) times.commit_record = force;
  if (!std::isfinite(times.completed())) return std::nullopt;
  return times;
}

Reason all_vote_yes(const ModelInput& in) {
  for (const Service& service : in.scenario.services) {
    if (service.vote_yes == 1) continue;
    return service.name +
           " may vote NO, and the formula is about a commit that all vote for; set `vote_yes: 1`";
  }
  if (Reason reader = no_readers(in)) return reader;
  return needs_votes(in, in.scenario.participants());
}

Reason commits_in_constant_time(const ModelInput& in) {
  return first_broken_with_faults(in, {&own_sites, &commits_in_constant_time_anywhere});
}

Reason commits_in_constant_time_anywhere(const ModelInput& in) {
  return first_broken_with_faults(
      in, {&commit_path_known, &asked_in_parallel, &plain_votes, &all_vote_yes, &no_loss,
           &no_duplication, &constant_times, &nothing_queues, &votes_in_time});
}

}  // namespace indoubt
