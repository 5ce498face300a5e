#pragma once
// The simulator's face: one protocol, one scenario, many transactions.
#include <cstdint>
#include <functional>
#include <stdexcept>

#include "sim/engine/observer.h"
#include "sim/measures/totals.h"
#include "sim/process/machine.h"
#include "sim/scenario/scenario.h"

namespace indoubt {

/// More events are pending than the event list can number; the message says what to change.
class CapacityExceeded : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

enum class EventList : std::uint8_t { standard, heap, ladder };

struct SimulationOptions {
  std::uint64_t seed = 1;
  std::uint64_t replication = 0;
  std::uint64_t first = 1;  ///< number of the first transaction, >= 1
  std::uint64_t count = 1;  ///< how many
  /// `standard`: transactions that share nothing are run one after another, each from its own time
  /// 0, in a heap. `heap`, `ladder`: transactions on shared sites overlap as they arrive. The
  /// choice changes the speed and the number of arrival events, and nothing else.
  EventList event_list = EventList::standard;
  Observer* observer = nullptr;  ///< not owned
  /// Called about every 65,536 events with the results so far; false ends the run early: no
  /// further transaction begins, and those in flight come to their end.
  std::function<bool(const Totals&)> progress;
};

/// Runs `machine` (made for the scenario's number of processes) over transactions
/// first .. first + count - 1. A pure function of its arguments: same results on every machine. The
/// results of transaction k do not depend on which others are run when the sites are fresh.
/// Memory: O(transactions in flight), independent of `count`. Throws CapacityExceeded.
Totals simulate(const Scenario& scenario, const Machine& machine, const SimulationOptions& options);

}  // namespace indoubt
