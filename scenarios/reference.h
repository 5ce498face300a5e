#pragma once
#include <string>

namespace indoubt {

/// The reference of the scenario format as Markdown: every key, protocol, option, timer, latency,
/// measure and model, from the tables that the loader reads.
std::string scenario_reference();

}  // namespace indoubt
