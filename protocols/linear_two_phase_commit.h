#pragma once
#include "protocols/catalogue.h"

namespace indoubt {

/// Two-phase commit along a chain of participants: `2pc-linear`.
ProtocolEntry linear_two_phase_commit();

}  // namespace indoubt
