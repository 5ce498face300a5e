#pragma once
#include "protocols/catalogue.h"

namespace indoubt {

/// Centralised two-phase commit, presumed nothing: `2pc`.
ProtocolEntry two_phase_commit();
/// Presumed abort: `2pc-pra`.
ProtocolEntry presumed_abort();
/// Presumed commit: `2pc-prc`.
ProtocolEntry presumed_commit();
/// New presumed commit: `2pc-nprc`.
ProtocolEntry new_presumed_commit();

}  // namespace indoubt
