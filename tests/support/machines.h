#pragma once
// Protocols of the catalogue with options by name, for tests.
#include <string_view>
#include <utility>
#include <vector>

#include "sim/process/machine.h"

namespace indoubt {

/// An option and its choice or number, as a scenario writes them: {"at_no", "wait"}.
using NamedOption = std::pair<std::string_view, std::string_view>;

/// The catalogue's protocol for a coordinator and so many participants; options not named keep
/// their standard. An unknown protocol, option or choice is a mistake of the test and aborts it.
Machine machine_with(std::string_view protocol, int participants,
                     const std::vector<NamedOption>& options = {});
/// The same with weights, the coordinator's first; empty: 1 each.
Machine machine_with(std::string_view protocol, const Group& group,
                     const std::vector<NamedOption>& options = {});

/// Whether the catalogue's protocol has an option of this name.
bool has_option(std::string_view protocol, std::string_view option);
/// Those of `options` that the protocol has.
std::vector<NamedOption> known_options(std::string_view protocol,
                                       const std::vector<NamedOption>& options);

}  // namespace indoubt
