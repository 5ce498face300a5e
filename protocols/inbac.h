#pragma once
#include "protocols/catalogue.h"

namespace indoubt {

/// Indulgent non-blocking atomic commit: `inbac`.
ProtocolEntry inbac();

}  // namespace indoubt
