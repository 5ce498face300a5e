#pragma once
// What a run reads off its scenario and its protocol once, before the first transaction.
#include <cstdint>
#include <vector>

#include "sim/process/machine.h"
#include "sim/scenario/scenario.h"

namespace indoubt {

/// Some timer of the protocol has a random length.
bool has_random_timeouts(const Scenario& scenario, const Machine& machine);

/// Bit k: timer k has a length, so that it fires.
std::uint32_t timers_that_fire(const Scenario& scenario, const Machine& machine);

/// By process: the votes of probability above 0, one bit for each LocalVote.
std::vector<std::uint8_t> possible_votes(const Scenario& scenario, const Machine& machine);

/// Bit k: messages of type k are inquiries.
std::uint32_t inquiries_of(const Machine& machine);

/// Something waits for a processor, a disk, a record, a link's order or a client.
bool has_queues(const Scenario& scenario);

}  // namespace indoubt
