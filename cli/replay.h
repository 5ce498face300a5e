#pragma once
#include <cstdint>
#include <string>

#include "scenarios/loader.h"

namespace indoubt {

/// The command that shows a transaction of a run again: a trace of it, or the whole run where
/// transactions meet on shared sites. `label` is the protocol's in the scenario. Can be pasted into
/// a shell.
std::string replay_command(const ScenarioFile& file, const std::string& label,
                           std::uint64_t transaction);

}  // namespace indoubt
