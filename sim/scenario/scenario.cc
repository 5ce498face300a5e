#include "sim/scenario/scenario.h"

#include <algorithm>

#include "sim/process/assert.h"

namespace indoubt {

Group Scenario::group() const {
  Group group{participants(), {}};
  group.readers = std::any_of(services.begin(), services.end(),
                              [](const Service& s) { return s.read_only != 0; });
  const bool weighted =
      coordinator_weight != 1 ||
      std::any_of(services.begin(), services.end(), [](const Service& s) { return s.weight != 1; });
  if (!weighted) return group;
  group.weights.push_back(static_cast<std::uint16_t>(coordinator_weight));
  for (const Service& s : services) {
    group.weights.insert(group.weights.end(), static_cast<std::size_t>(s.count),
                         static_cast<std::uint16_t>(s.weight));
  }
  return group;
}

int Scenario::participants() const {
  int n = 0;
  for (const Service& s : services) n += s.count;
  return n;
}

const Service& Scenario::service_of(int p) const {
  INDOUBT_ASSERT(p >= 1);
  for (const Service& s : services) {
    if (p <= s.count) return s;
    p -= s.count;
  }
  INDOUBT_ASSERT(false && "no such participant");
  return services.back();
}

std::string Scenario::process_name(int p, std::string_view auxiliary) const {
  if (p == 0) return std::string(kCoordinatorName);
  for (const Service& s : services) {
    if (p <= s.count) return s.count == 1 ? s.name : s.name + "." + std::to_string(p);
    p -= s.count;
  }
  return std::string(auxiliary) + "." + std::to_string(p);
}

std::optional<Latency> Scenario::timeout(std::string_view timer) const {
  for (const TimeoutLength& t : timeouts)
    if (t.timer == timer) return t.length;
  return std::nullopt;
}

std::vector<double> Scenario::vote_probabilities() const {
  std::vector<double> p;
  for (const Service& s : services)
    p.insert(p.end(), static_cast<std::size_t>(s.count), s.vote_yes);
  return p;
}

}  // namespace indoubt
