#pragma once
// What single fields cannot see: keys that do not go together.
#include "scenarios/reader.h"

namespace indoubt {

/// Errors about a client that asks for what cannot be. Requires a sound client and transactions.
void check_client(Reader& reader);

/// Errors about protocols whose options do not go together or with the scenario's group. Requires
/// sound protocols and services.
void check_protocols(Reader& reader);

/// Errors about timers that keep rounds and have no constant length. Requires as check_protocols,
/// and sound time-outs.
void check_rounds(Reader& reader);

/// Errors about a budget beside the scenario's own faults. Requires a sound exploration.
void check_exploration(Reader& reader);

/// Notes about what is allowed but hardly meant. Requires a file read without errors.
void check_together(Reader& reader);

}  // namespace indoubt
