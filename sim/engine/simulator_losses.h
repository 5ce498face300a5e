#pragma once
// Who is blocked by lost messages alone. Where nothing restarts and no cut heals, blocked is for
// good: who ends in doubt has been blocked from some instant on, and nobody else ever was. So only
// transactions that end so are asked since when, and they are run once more to tell.
#include "sim/engine/simulator.h"
#include "sim/process/assert.h"

namespace indoubt {

/// At the horizon of a transaction that no fault concerns. `late`: the event that came, or null.
template <class Events>
void Simulator<Events>::note_blocked(Transaction& t, const Happening* late) {
  const std::vector<bool>& can = prospects(t, late);
  for (ProcessId p = 1; p < processes_; ++p) {
    ProcessSlot& slot = records_.slot(t, p);
    slot.blocked = slot.in_doubt_since != ProcessSlot::kNotInDoubt && t.lost_message && !can[p];
  }
}

/// Of a transaction that ends with somebody in doubt. If it has lost no message nothing failed, and
/// it is blocked only now that it is over.
template <class Events>
void Simulator<Events>::count_blockage(Transaction& t, Ending ending) {
  std::uint32_t blocked = t.in_doubt;
  if (ending == Ending::horizon) {
    blocked = 0;
    for (ProcessId p = 1; p < processes_; ++p) blocked += records_.slot(t, p).blocked;
  }
  if (blocked == 0) return;
  const std::int64_t end = now_ - t.started;
  const Blockage before =
      t.lost_message ? retracer().retrace(t.number, blocked) : Blockage{0, 0, end};
  const auto rest = static_cast<std::uint64_t>(end - before.until_ns);
  tally_.was_blocked(before.any_ns + rest, before.sum_ns + rest * blocked, blocked);
}

template <class Events>
Simulator<HeapEvents>& Simulator<Events>::retracer() {
  if (retracer_ == nullptr) {
    SimulationOptions quiet = options_;
    quiet.observer = nullptr;
    quiet.progress = nullptr;
    retracer_ = std::make_unique<Simulator<HeapEvents>>(scenario_, machine_, quiet, true);
  }
  return *retracer_;
}

template <class Events>
Blockage Simulator<Events>::retrace(std::uint64_t number, std::uint32_t blocked) {
  INDOUBT_ASSERT(retraces_);
  awaited_ = blocked;
  run_alone(number);
  return blockage_;
}

template <class Events>
void Simulator<Events>::end_retrace(Transaction& t) {
  Trouble& own = trouble(t);
  account_blocked(own, own.blocked);
  blockage_ = {own.blocked_ns, own.blocked_sum_ns, now_ - t.started};
}

}  // namespace indoubt
