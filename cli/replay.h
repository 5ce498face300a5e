#pragma once
#include <cstdint>
#include <string>

#include "scenarios/loader.h"

namespace indoubt {

/// A word for the shell, between quotation marks if it needs them.
std::string shell_word(const std::string& word);

/// The command that traces a transaction of a run again, from its first one on. `label` is the
/// protocol's in the scenario. Can be pasted into a shell.
std::string replay_command(const ScenarioFile& file, const std::string& label,
                           std::uint64_t transaction);
/// The same of a scenario that is called otherwise.
std::string replay_command(const std::string& scenario, const ScenarioFile& file,
                           const std::string& label, std::uint64_t transaction);

}  // namespace indoubt
