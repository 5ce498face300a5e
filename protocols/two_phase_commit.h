#pragma once
#include "protocols/catalogue.h"

namespace indoubt {

/// Centralised two-phase commit, presumed nothing: `2pc`.
ProtocolEntry two_phase_commit();

}  // namespace indoubt
