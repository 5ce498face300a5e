#pragma once
#include <string>

#include "sim/scenario/faults.h"

namespace indoubt {

/// What goes wrong, in one line: "coordinator down from 24ms on, for good".
std::string fault_text(const Fault& fault);

/// What happens when a fault of the network, of a site's speed or of a clock begins or ends:
/// "NETWORK PARTS: a, b | c". Empty for other kinds, which a trace shows by what they do.
std::string fault_event(const Fault& fault, bool begins);

}  // namespace indoubt
