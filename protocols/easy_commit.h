#pragma once
#include "protocols/catalogue.h"

namespace indoubt {

/// Two-phase commit that transmits first and commits then: `easy-commit`.
ProtocolEntry easy_commit();
/// Two-phase commit over a reliable broadcast of the decision: `2pc-broadcast`.
ProtocolEntry broadcast_two_phase_commit();

}  // namespace indoubt
