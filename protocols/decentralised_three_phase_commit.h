#pragma once
#include "protocols/catalogue.h"

namespace indoubt {

/// Three-phase commit without a leader: `3pc-decentralised`.
ProtocolEntry decentralised_three_phase_commit();

}  // namespace indoubt
