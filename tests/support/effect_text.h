#pragma once
#include <span>
#include <string>

#include "sim/process/effect.h"
#include "sim/process/machine.h"

namespace indoubt {

/// An effect as tests write it: "send PREPARE to 1 2 3", "force prepared", "set votes",
/// "decide commit". `members` are the destinations of a set.
std::string effect_text(const Machine& machine, const Effect& effect,
                        std::span<const ProcessId> members);

}  // namespace indoubt
