#pragma once
#include "protocols/catalogue.h"

namespace indoubt {

/// Skeen's quorum-based three-phase commit: `3pc-quorum`.
ProtocolEntry quorum_three_phase_commit();
/// Keidar and Dolev's enhanced three-phase commit: `e3pc`.
ProtocolEntry enhanced_three_phase_commit();

}  // namespace indoubt
