#pragma once
// What single fields cannot see: keys that do not go together.
#include "scenarios/reader.h"

namespace indoubt {

/// Notes about what is allowed but hardly meant. Requires a file read without errors.
void check_together(Reader& reader);

}  // namespace indoubt
