#pragma once
#include "protocols/catalogue.h"

namespace indoubt {

/// Two-phase commit in which everybody votes to everybody: `2pc-decentralised`.
ProtocolEntry decentralised_two_phase_commit();

}  // namespace indoubt
