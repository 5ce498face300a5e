#include "analysis/models/exponential_paths.h"

namespace indoubt {
namespace {

double mean_above_minimum(const Latency& latency) {
  return latency.mean() - static_cast<double>(latency.minimum.count());
}

bool is_exponential(const Latency& latency) { return latency.shape == Latency::Shape::exponential; }

}  // namespace

Reason exponential_links(const ModelInput& in) {
  for (const VotePath& path : vote_paths(in)) {
    const Latency &there = path.request.latency, &back = path.reply.latency;
    for (const Latency* latency : {&there, &back}) {
      if (is_exponential(*latency)) continue;
      return "messages between " + std::string(kCoordinatorName) + " and " + path.participant +
             " take " + latency->text() + ", and the formula has exponential times";
    }
    if (there.parameter[0] == back.parameter[0]) continue;
    return "messages to " + path.participant + " take " + there.text() + ", those back " +
           back.text() + ", and the formula has one mean";
  }
  return std::nullopt;
}

double delay_mean(const VotePath& path) {
  return (mean_above_minimum(path.request.latency) + mean_above_minimum(path.reply.latency)) / 2;
}

}  // namespace indoubt
