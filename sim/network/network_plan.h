#pragma once
// The scenario's network, resolved for the processes of one transaction.
#include <cstdint>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "sim/latency/latency.h"
#include "sim/process/process_set.h"
#include "sim/scenario/scenario.h"

namespace indoubt {

/// What a message meets on one link.
struct LinkClass {
  Latency latency;
  double loss = 0, duplication = 0;
  bool counted = true;  ///< false inside a site: such messages cost nothing
  bool plain = true;    ///< nothing but a delay: no loss, no duplication, no order to keep
  bool operator==(const LinkClass&) const = default;
};

/// Class of each ordered pair of processes; links that are alike share one. A lookup is one load.
class NetworkPlan {
 public:
  /// Auxiliaries follow the participants, each at the site of its host as a Machine lists them. One
  /// with a site of its own matches rules for every site and those that name `auxiliary_name`.
  explicit NetworkPlan(const Scenario& scenario, std::span<const ProcessId> auxiliary_hosts = {},
                       std::string_view auxiliary_name = {});

  const LinkClass& link(ProcessId from, ProcessId to) const {
    return uniform_ ? classes_.front() : classes_[of_pair_[from * processes_ + to]];
  }
  /// The process that process p's site is called after: p itself, unless it is hosted.
  ProcessId site_of(ProcessId p) const { return sites_[p]; }
  /// (from, to) of the links that lose every message, in increasing order.
  const std::vector<std::pair<ProcessId, ProcessId>>& dead_links() const { return dead_links_; }
  bool fifo() const { return fifo_; }
  std::int64_t send_gap_ns() const { return send_gap_ns_; }

 private:
  struct Site {
    int process;            ///< that the site is of; the coordinator's is 0
    std::string_view name;  ///< as link rules call it
  };
  LinkClass resolve(const Scenario& scenario, const Site& from, const Site& to) const;
  std::size_t processes_;
  bool fifo_, uniform_;
  std::int64_t send_gap_ns_;
  std::vector<LinkClass> classes_;
  std::vector<ProcessId> sites_;
  std::vector<std::uint16_t> of_pair_;
  std::vector<std::pair<ProcessId, ProcessId>> dead_links_;
};

}  // namespace indoubt
