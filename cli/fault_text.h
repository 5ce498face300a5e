#pragma once
#include <string>

#include "sim/scenario/faults.h"

namespace indoubt {

/// What goes wrong, in one line: "coordinator crashes at 24ms, for good".
std::string fault_text(const Fault& fault);

}  // namespace indoubt
