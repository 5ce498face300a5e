#pragma once
#include "protocols/catalogue.h"

namespace indoubt {

/// Skeen's three-phase commit: `3pc`.
ProtocolEntry three_phase_commit();
/// The same with a coordinator that commits on a majority of YES votes: `3pc-majority`. Not safe.
ProtocolEntry majority_three_phase_commit();

}  // namespace indoubt
