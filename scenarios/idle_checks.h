#pragma once
// Faults and options that can never act.
#include "scenarios/reader.h"

namespace indoubt {

/// Notes about faults that never strike and options that have no effect, as far as one can tell
/// without a protocol's points (those: point_checks.h). Requires a file read without errors.
void check_idle(Reader& reader);

}  // namespace indoubt
