#pragma once
#include "protocols/catalogue.h"

namespace indoubt {

/// Two-phase commit with votes that nobody asks for: `2pc-unsolicited`.
ProtocolEntry unsolicited_vote();

}  // namespace indoubt
