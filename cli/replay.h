#pragma once
#include <cstdint>
#include <string>

#include "scenarios/loader.h"

namespace indoubt {

/// The command that traces a transaction of a run again, from its first one on. `label` is the
/// protocol's in the scenario. Can be pasted into a shell.
std::string replay_command(const ScenarioFile& file, const std::string& label,
                           std::uint64_t transaction);

}  // namespace indoubt
